// §18, §20, §21: which steps each kind of file has, in their order.

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
