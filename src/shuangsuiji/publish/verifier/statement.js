// §10, §20, §21: the targets statement, as far as it can be seen without the lists.

const partForm = object({ root: form(isDigest), size: form(isCount(1)) });
const tierForm = object({
  "bounds?": boundsForm,
  quota: form(isCount(0)),
  root: form(isDigest),
  size: form(isCount(1)),
  strata: array(partForm, 1),
});
const tasksForm = array(
  either(
    [
      "source",
      object({
        id: form(isIdentifier),
        listed: object({ root: form(isDigest), size: form(isCount(0)) }),
        source: form(isOneOf("platform", "superior")),
      }),
    ],
    ["tiers", object({ id: form(isIdentifier), tiers: array(tierForm) })],
  ),
  1,
);

/** What all hashes need, and the registry. */
function readHead(said) {
  const mode = dig(said, "mode"),
    draw = dig(said, "draw"),
    registry = dig(said, "registry");
  const known = ["real", "rehearsal"].includes(mode) && isCount(1)(draw);
  need(known, "mode", { path: ".targets" });
  object({ root: form(isDigest), size: form(isCount(0)) })(registry, ".targets.registry");
  return { mode, draw, registry };
}

/** §9, §10: the tasks of a statement: their form, their order, quotas within sizes and bounds. */
function checkTasks(tasks) {
  const path = ".targets.tasks";
  tasksForm(tasks, path);
  need(tasks.length <= 1000, "too_many", { path });
  need(areDistinct(tasks.map(({ id }) => id)), "twice", { path });
  tasks.forEach(({ tiers = [] }, t) => {
    need(isAscending(tiers.map(({ root }) => root)), "order", { path: `${path}[${t}].tiers` });
    tiers.forEach(({ quota, size, bounds, strata }, i) =>
      at({ path: `${path}[${t}].tiers[${i}]` }, () => {
        const sizes = strata.map((stratum) => stratum.size);
        need(isAscending(strata.map(({ root }) => root)), "order");
        need(sumOf(sizes) === size, "sizes");
        checkQuota(quota, sizes, bounds);
      }),
    );
  });
}

/** §10: the whole statement, whose tasks have been checked; its commitment as hex. */
function commitTargets(commitment) {
  object({ targets: form(isObject) })(commitment);
  const said = commitment.targets;
  object({
    authority: form(isName),
    draw: () => {},
    mode: () => {},
    plan: form(isDigest),
    "predecessor?": (value, path) => checkPredecessor(value, said.draw, path),
    registry: () => {},
    spec: form(isOneOf("v1")),
    stage: form(isOneOf("targets")),
    suite: form(isOneOf("sha256")),
    tasks: () => {},
    values: () => {},
  })(said, ".targets");
  checkAnnounced(said.values);
  return commitmentTo(said);
}

/** The steps commitment, notice, seed and witness of what is published: the same in a public bundle and in a receipt. */
class Published {
  /** `parts` has commitment, notice, seed and witness (as values), and the places that faults are told with. */
  constructor({ commitment, notice, seed, witness }, places = {}) {
    Object.assign(this, { found: { commitment, notice, seed, witness }, places });
  }

  within(name, work) {
    return at(this.places[name] ?? {}, work);
  }

  /** Mode, draw and registry of the statement. */
  head() {
    const said = (this.said = dig(this.found.commitment, "targets"));
    return this.within("commitment", () => readHead(said));
  }

  tasks() {
    this.within("commitment", () => checkTasks(dig(this.said, "tasks")));
    return this.said.tasks;
  }

  commitment() {
    this.committed = this.within("commitment", () => commitTargets(this.found.commitment));
    const { authority, plan, predecessor } = this.said;
    return { targets: this.committed, authority, plan, ...(predecessor && { predecessor }) };
  }

  notice() {
    const { notice } = this.found;
    this.within("notice", () => checkPublicNotice(notice, this.said, this.committed));
    this.digest = hex(tagged("notice", cj(notice)));
    const { deadline, time, contributors, hours } = notice;
    return { digest: this.digest, deadline, time, contributors, hours };
  }

  seed() {
    const { seed, notice } = this.found,
      { mode, values } = this.said;
    const facts = this.within("seed", () =>
      readSeed(seed, { mode, commitment: this.committed, contributors: notice.contributors, announced: values }),
    );
    this.closing = facts.closing;
    const made = makeSeed(mode, "targets", this.committed, seed);
    this.keys = keysOf(mode, "targets", made);
    return { ...facts, seeds: { targets: hex(made) } };
  }

  witness(progress) {
    const { witness, notice, seed } = this.found,
      notices = { notice },
      digests = { notice: this.digest, closing: this.closing },
      drawn = { notice: seed.values };
    const statements = this.within("witness", () => checkWitness(witness, { notices, digests, drawn }, progress));
    return { statements, needed: kindsNeeded(notices) };
  }
}
