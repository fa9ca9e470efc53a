// §18, §20, §21: the kinds of files and the steps of each, in their order. The worker and the page both have this file.

const OPENING = ["archive", "manifest", "signature", "encoding"];
const STEPS = {
  auditor: [
    ...OPENING,
    ...["plan", "registry", "strata", "pool", "commitment", "notice", "log", "seed", "witness"],
    ...["targets", "blocks", "assignment", "result", "records"],
  ],
  public: [...OPENING, "registry", "strata", "commitment", "notice", "seed", "witness", "targets"],
  receipt: ["encoding", "signature", "registry", "strata", "commitment", "notice", "seed", "witness", "targets"],
};
const stepsOf = (kind, beside) => (beside ? [...STEPS[kind], "public"] : STEPS[kind]);

/** §18: what a file is, by its first bytes. */
function kindOf(bytes) {
  if (bytes[0] === 0x7b) return "receipt";
  return startsWith(bytes, 30, "commitment.json") ? "public" : "auditor";
}

function startsWith(bytes, from, text) {
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false;
  return true;
}
