// §21: the steps of a receipt, alone or beside a public bundle.

const pathForm = array(form(isDigest));
const countForm = form(isCount(0));
const anything = () => {};
const receiptForm = object({
  commitment: anything,
  entity: anything,
  kind: form(isOneOf("receipt")),
  notice: anything,
  registry: anything,
  salt: anything,
  seed: anything,
  "signature?": anything,
  spec: form(isOneOf("v1")),
  tasks: anything,
  witness: anything,
});
const standForm = either(
  ["outside", object({ outside: form(isAlias), task: form(isText) })],
  [
    "tier",
    object({
      "cut?": form(isDigest),
      index: countForm,
      path: pathForm,
      stratum: countForm,
      task: form(isText),
      tier: countForm,
    }),
  ],
  ["index", object({ index: countForm, path: pathForm, task: form(isText) })],
);

class Receipt {
  constructor(bytes, progress, beside) {
    Object.assign(this, { bytes, progress, beside });
  }

  encoding() {
    need(this.bytes.length <= MAX_FILE_BYTES, "archive_large");
    this.said = decode(this.bytes);
    receiptForm(this.said);
    return { bytes: this.bytes.length };
  }

  signature() {
    const { signature, ...rest } = this.said;
    return checkSigner(signature, tagged("receipt", cj(rest)));
  }

  registry() {
    const { entity, salt, registry } = this.said;
    this.published = new Published(this.said);
    const { mode, draw, registry: all } = this.published.head();
    entityForm()(entity, ".entity");
    form(isDigest)(salt, ".salt");
    this.leaf = tagged(`${mode}/leaf/entity`, unhex(salt), cj(entity));
    object({ index: countForm, path: pathForm })(registry, ".registry");
    this.leadsTo(registry, all, ".registry");
    const { id, name, status } = entity;
    return { mode, draw, size: all.size, root: all.root, leaf: hex(this.leaf), id, name, status };
  }

  /** Whether the path of the leaf leads to a root over so many. */
  leadsTo({ index, path }, { root, size }, place) {
    const found = lead(this.leaf, index, size, path.map(unhex));
    need(found && hex(found) === root, "path", { path: place });
  }

  strata() {
    const tasks = this.published.tasks(),
      { tasks: stands, entity } = this.said;
    const listed = tasks.filter(({ source }) => source).map(({ id }) => id);
    need(
      (entity.lists ?? []).every((id) => listed.includes(id)),
      "lists",
      { path: ".entity.lists" },
    );
    array(standForm)(stands, ".tasks");
    need(stands.length === tasks.length, "lines", { path: ".tasks" });
    stands.forEach((stand, t) => at({ path: `.tasks[${t}]` }, () => this.checkStand(stand, tasks[t])));
    const within = stands.filter(({ outside }) => outside === undefined).length;
    return { tasks: tasks.length, within };
  }

  checkStand({ task, outside, tier, stratum, ...place }, { id, source, listed, tiers }) {
    same(id, task, {}, ".task");
    if (source) {
      const named = (this.said.entity.lists ?? []).includes(id);
      need(tier === undefined && named === (outside === undefined), "lists");
      need(named || outside === "not_listed", "lists");
      if (named) this.leadsTo(place, listed);
      return;
    }
    need(outside !== "not_listed" && (outside !== undefined || tier !== undefined), "form");
    if (outside !== undefined) return;
    const part = tiers[tier]?.strata[stratum];
    need(part, "place_nowhere");
    this.leadsTo(place, part);
  }

  commitment() {
    return this.published.commitment();
  }

  notice() {
    return this.published.notice();
  }

  seed() {
    return this.published.seed();
  }

  witness() {
    return this.published.witness(this.progress);
  }

  targets() {
    const key = this.published.keys("tickets"),
      ticket = hex(bytesOf(makeTickets(key, wordsOf(this.leaf))));
    const tasks = this.said.tasks.map((stand, t) =>
      at({ path: `.tasks[${t}]` }, () => this.outcome(stand, this.published.said.tasks[t], ticket)),
    );
    this.drawn = tasks.some(({ drawn }) => drawn);
    return { ticket, tasks, drawn: tasks.filter(({ drawn }) => drawn).length };
  }

  /** What became of the entity in a task. */
  outcome({ outside, cut, tier: i, stratum: j }, { id, source, tiers }, ticket) {
    if (outside !== undefined) return { id, outside };
    if (source) return { id, source, drawn: true };
    const tier = tiers[i],
      drawn = cut !== undefined && ticket <= cut;
    need(tier.quota > 0 || cut === undefined, "cut_without");
    need(tier.quota < tier.size || drawn, "cut_all");
    return { id, ...(cut && { cut }), drawn, size: tier.strata[j].size, tier: { size: tier.size, quota: tier.quota } };
  }

  async public() {
    const other = await verifySteps(this.beside, "public", (done, of) => this.progress(done, of));
    if (other.failure) throw new Fault("public_fails", { ...other.failure.place, step: other.failure.step });
    const { found } = this.published,
      bundle = other.verification,
      { found: theirs } = bundle.published;
    for (const name of ["commitment", "notice", "seed"]) same(theirs[name], found[name], {}, `.${name}`);
    const places = bundle.placesOf(hex(this.leaf));
    need(places, "leaf_unknown");
    const own = this.said.tasks.flatMap(({ outside, tier, stratum }, t) =>
      outside === undefined ? [tier === undefined ? [t] : [t, tier, stratum]] : [],
    );
    same(places, own, {}, ".tasks");
    this.said.tasks.forEach(({ cut, tier, stratum }, t) => {
      if (tier !== undefined) same(bundle.lineOf(t, tier, stratum).cut, cut, {}, `.tasks[${t}].cut`);
    });
    const { id } = this.said.entity;
    const named = [...bundle.json["names.jsonl"]].some((one) => one.id === id);
    need(named === this.drawn, "names_receipt", { file: "names.jsonl" });
    return { targets: other.facts.targets.targets, size: other.facts.registry.size, signer: other.facts.signature };
  }
}
