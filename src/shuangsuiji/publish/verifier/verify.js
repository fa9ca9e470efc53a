// §18: all steps up to the first that fails.

const KINDS = {
  auditor: (bytes, progress) => new Auditor(bytes, "auditor", progress),
  public: (bytes, progress) => new PublicBundle(bytes, "public", progress),
  receipt: (bytes, progress, beside) => new Receipt(bytes, progress, beside),
};

/** The steps of a file of one kind; `each` hears of each step as it begins, and of what it found. */
async function verifySteps(bytes, kind, progress, beside, each = () => {}) {
  const facts = {},
    verification = KINDS[kind](bytes, progress, beside);
  for (const step of stepsOf(kind, beside)) {
    each(step);
    try {
      facts[step] = await verification[step]();
    } catch (fault) {
      if (fault instanceof Fault) return { facts, failure: { step, code: fault.code, place: fault.place } };
      throw fault;
    }
    each(step, facts[step]);
  }
  return { facts, verification };
}

/** A file, and the public bundle beside a receipt. `tell` hears of each step as it begins and ends, and of progress within. */
async function verify(bytes, tell = () => {}, beside = undefined) {
  const kind = kindOf(bytes);
  let now;
  tell({ kind: "is", what: kind });
  const { facts, failure } = await verifySteps(
    bytes,
    kind,
    (done, of) => tell({ kind: "progress", step: now, done, of }),
    beside,
    (step, found) => {
      now = step;
      tell(found ? { kind: "end", step, facts: found } : { kind: "begin", step });
    },
  );
  return { kind, beside: beside !== undefined, facts, ...(failure && { failure }) };
}
