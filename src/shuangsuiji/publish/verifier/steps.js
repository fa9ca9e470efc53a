// §18: the steps in their order. Each returns what it found, for the page to tell, or throws a Fault.

const AS_LINES = MEMBERS.filter((name) => name.endsWith(".jsonl"));
const MAX_LISTS = 2 ** 28; // bytes of all members but the registry, that this page has room to read at once
const plain = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
const sumOf = (values) => values.reduce((total, value) => total + value, 0);

class Verification {
  constructor(bytes, progress) {
    this.bytes = bytes;
    this.progress = progress; // progress(done, of)
    this.json = {};
  }

  archive() {
    need(this.bytes.length <= MAX_BUNDLE_BYTES, "archive_large");
    this.members = readArchive(this.bytes, (done) => this.progress(done, this.bytes.length));
    return { members: MEMBERS.length, bytes: this.bytes.length };
  }

  manifest() {
    const { bytes, members } = this,
      { from, to } = members.get("manifest.json");
    at({ file: "manifest.json" }, () => {
      const found = decode(bytes, from, to),
        result = dig(found, "result");
      need(isDigest(result), "form", { path: ".result" });
      same(
        makeManifest(bytes, members, result, (done) => this.progress(done, bytes.length)),
        found,
      );
      this.result = result;
    });
    return { files: MEMBERS.length - 1 };
  }

  encoding() {
    const others = [...this.members].filter(([name]) => name !== "entities.jsonl");
    if (sumOf(others.map(([, { from, to }]) => to - from)) > MAX_LISTS) throw new Beyond();
    for (const [name, { from, to }] of this.members) {
      at({ file: name }, () => {
        const lines = AS_LINES.includes(name);
        this.json[name] = lines
          ? new Lines(this.bytes, from, to, (done) => this.progress(done, this.bytes.length))
          : decode(this.bytes, from, to);
      });
    }
    return { lines: sumOf(AS_LINES.map((name) => this.json[name].length)) };
  }

  plan() {
    const plan = (this.plan_ = this.json["plan.json"]);
    at({ file: "plan.json" }, () => checkPlan(plan));
    const { authority, id, version, window, tasks } = plan;
    return {
      authority,
      id,
      version,
      window,
      tasks: tasks.map(({ id: task, name, tiers }) => ({ id: task, name, tiers: tiers.length })),
    };
  }

  registry() {
    const said = dig(this.json["commitment.json"], "targets"),
      salt = this.json["salt.json"];
    this.mode = dig(said, "mode");
    this.number = dig(said, "draw");
    const known = ["real", "rehearsal"].includes(this.mode) && isCount(1)(this.number);
    need(known, "mode", { file: "commitment.json", path: ".targets" });
    at({ file: "salt.json" }, () => object({ key: form(isDigest) })(salt));
    this.draw = { mode: this.mode, number: this.number, saltKey: unhex(salt.key) };
    this.aliases = Object.keys(this.plan_.columns);
    const words = at({ file: "entities.jsonl" }, () => this.sealEntities(this.json["entities.jsonl"]));
    this.sealed = new Sealed(words);
    const root = hex(
      this.sealed.root(undefined, (done) => this.progress((words.length / 8) * 0.85 + done * 0.15, words.length / 8)),
    );
    this.sameParts("targets", { registry: { root, size: words.length / 8 } });
    return { size: words.length / 8, root, mode: this.mode, draw: this.number };
  }

  sealEntities(lines) {
    const check = entityForm(this.aliases),
      sealer = new Sealer(this.draw, "entity");
    const words = new Int32Array(8 * lines.length);
    this.sorter = new Sorter(this.plan_);
    let number = 0,
      before;
    for (const record of lines) {
      this.checkRecord(check, record, number + 1, before);
      before = record.id;
      sealer.leaf(record.id, lines.bytes, lines.starts[number], lines.starts[number + 1] - 1, words, 8 * number);
      this.sorter.take(record, number++);
      if (number % 2048 === 0) this.progress(number * 0.85, lines.length);
    }
    return words;
  }

  /** A record of its form, whose id comes after the one before. */
  checkRecord(check, record, line, before) {
    const id = dig(record, "id");
    at({ line, ...(isText(id) && { id }) }, () => {
      check(record);
      need(before === undefined || compareText(before, id) < 0, "order");
    });
  }

  /** Compare parts of a statement as soon as they are recomputed; the step `commitment` compares the whole. */
  sameParts(stage, parts) {
    this.parts = { ...this.parts, ...parts };
    for (const [name, part] of Object.entries(parts)) {
      same(part, dig(this.json["commitment.json"], stage, name), { file: "commitment.json" }, `.${stage}.${name}`);
    }
  }

  strata() {
    const tell = (done) => this.progress(done, this.sealed.lines.length);
    this.tasks = at({ file: "plan.json" }, () => stratify(this.sorter, this.sealed, tell));
    this.sameParts("targets", { tasks: tasksStatement(this.tasks) });
    const outside = new Map();
    for (const task of this.tasks)
      for (const [reason, count] of task.outside) outside.set(reason, (outside.get(reason) ?? 0) + count);
    const tiers = this.tasks.flatMap((task) => task.tiers);
    return {
      base: sumOf(tiers.map(({ size }) => size)),
      quota: sumOf(tiers.map(({ quota }) => quota)),
      strata: sumOf(tiers.map(({ strata }) => strata.length)),
      outside: plain(outside),
      untiered: sumOf(this.tasks.map(({ untiered }) => untiered)),
    };
  }

  pool() {
    this.inspectors = at({ file: "inspectors.jsonl" }, () => {
      const people = this.json["inspectors.jsonl"].all();
      people.forEach((person, i) => this.checkRecord(inspectorForm, person, i + 1, people[i - 1]?.id));
      return people;
    });
    this.recusals = at({ file: "recusals.jsonl" }, () => this.readRecusals(this.json["recusals.jsonl"]));
    const lines = this.json["inspectors.jsonl"],
      sealer = new Sealer(this.draw, "inspector");
    const words = new Int32Array(8 * lines.length);
    this.inspectors.forEach(({ id }, i) =>
      sealer.leaf(id, lines.bytes, lines.starts[i], lines.starts[i + 1] - 1, words, 8 * i),
    );
    const root = hex(new Sealed(words).root()),
      digest = recusalsDigest(this.draw, this.content("recusals.jsonl"));
    this.sameParts("inspectors", {
      pool: { root, size: this.inspectors.length },
      recusals: { digest, size: this.recusals.length },
    });
    return { inspectors: this.inspectors.length, recusals: this.recusals.length, root, digest };
  }

  readRecusals(lines) {
    const check = recusalForm(this.aliases),
      recusals = lines.all();
    let before;
    recusals.forEach((recusal, i) =>
      at({ line: i + 1 }, () => {
        check(recusal);
        const text = lines.text(i);
        need(before === undefined || compareText(before, text) < 0, "order");
        before = text;
      }),
    );
    return recusals;
  }

  content(name) {
    const { from, to } = this.members.get(name);
    return this.bytes.subarray(from, to);
  }

  commitment() {
    const announced = (this.announced = dig(this.json["commitment.json"], "targets", "values"));
    at({ file: "commitment.json" }, () => checkAnnounced(announced));
    const plan = hex(tagged("plan", this.content("plan.json")));
    const { statements, commitments } = statementsOf(this.plan_, plan, this.draw, announced, this.parts);
    same(statements, this.json["commitment.json"], { file: "commitment.json" });
    this.committed = commitments;
    return { ...commitments, announced };
  }

  notice() {
    const found = this.json["notice.json"];
    const sizes = {
      inspectors: this.inspectors.length,
      recusals: this.recusals.length,
      registry: this.sealed.lines.length,
    };
    at({ file: "notice.json" }, () =>
      same(
        makeNotice(found, {
          plan: this.plan_,
          mode: this.mode,
          draw: this.number,
          committed: this.committed,
          values: this.announced,
          sizes,
        }),
        found,
      ),
    );
    this.notice_ = found;
    const { deadline, time, contributors } = found;
    this.digests = { notice: hex(tagged("notice", this.content("notice.json"))) };
    return { digest: this.digests.notice, deadline, time, contributors, mode: this.mode, draw: this.number };
  }

  log() {
    const entries = this.json["log.jsonl"].all();
    const { head, freeze, close } = at({ file: "log.jsonl" }, () => checkLog(entries, this.notice_));
    this.close = close;
    return { entries: entries.length, freeze: freeze.seq, ...(close && { close: close.seq }), head };
  }

  seed() {
    const found = this.json["seed.json"],
      { mode, committed, announced } = this;
    const { product, passed } = at({ file: "seed.json" }, () => {
      object({ closing: form(isObject), values: form(Array.isArray) })(found);
      checkClosing(mode, committed.targets, this.notice_.contributors, found.closing);
      return checkValues(mode, announced, found.values);
    });
    this.digests.closing = hex(tagged(`${mode}/closing`, cj(found.closing)));
    if (this.close) {
      const { closing } = this.close.details;
      need(closing === this.digests.closing, "log_closing", { file: "log.jsonl", line: this.close.seq });
    }
    this.seeds = makeSeeds(mode, committed, found.closing, found.values);
    const contributions = found.closing.contributions.map(({ person, key, slip }) => ({
      person,
      ...(key && { fingerprint: fingerprint(key) }),
      ...(slip && { slip }),
    }));
    const bits = Math.floor(Math.log2(Number(product)) * 100) / 100;
    return {
      values: found.values,
      bits,
      passed,
      contributions,
      closing: this.digests.closing,
      seeds: { targets: hex(this.seeds.targets), inspectors: hex(this.seeds.inspectors) },
    };
  }

  witness() {
    const lines = this.json["witness.jsonl"].all();
    const statements = at({ file: "witness.jsonl" }, () =>
      checkWitness(lines, this.notice_, this.digests, this.progress),
    );
    return { statements, contributors: this.notice_.contributors.length };
  }

  targets() {
    const keys = keysOf(this.mode, "targets", this.seeds.targets),
      all = this.sealed.words.length;
    const { strata, drawn } = firstDraw(this.tasks, this.sealed, keys, (done) => this.progress(done, all));
    const lines = this.json["entities.jsonl"];
    this.drawn = drawn.map(([line, tasks]) => ({ ...lines.value(line), tasks }));
    this.sameLines(strata, "strata.jsonl");
    this.sameLines(
      this.drawn.map(({ id, tasks }) => ({ id, tasks })),
      "targets.jsonl",
    );
    return { strata: strata.length, targets: drawn.length, visits: sumOf(strata.map(({ quota }) => quota)) };
  }

  sameLines(recomputed, file, as = (value) => value) {
    const found = this.json[file];
    for (let i = 0; i < Math.min(recomputed.length, found.length); i++) {
      const { id } = recomputed[i];
      same(recomputed[i], as(found.value(i)), { file, line: i + 1, ...(id && { id }) });
    }
    need(recomputed.length === found.length, "lines", { file, line: 1 + Math.min(recomputed.length, found.length) });
  }

  blocks() {
    this.keys = keysOf(this.mode, "inspectors", this.seeds.inspectors);
    this.blocks_ = makeBlocks(this.plan_, this.drawn, new Sealer(this.draw, "entity"), this.keys);
    this.sameLines(this.blocks_, "blocks.jsonl", (value) => {
      if (!isObject(value)) return value;
      const { team, ...rest } = value;
      return rest;
    });
    const left = new Map();
    for (const person of this.inspectors) {
      const reason = leftOut(person, this.plan_.window);
      left.set(reason, (left.get(reason) ?? 0) + 1);
    }
    const eligible = left.get("") ?? 0;
    left.delete("");
    return { blocks: this.blocks_.length, eligible, left: plain(left) };
  }

  assignment() {
    const columns = new Map(this.drawn.map((record) => [record.id, record.columns]));
    const recused = recusalSets(this.blocks_, this.inspectors, this.recusals, (id) => columns.get(id));
    const slots = makeSlots(this.plan_, this.blocks_, this.inspectors, recused),
      cap = this.plan_.blocks.max_per_inspector;
    const { team, lawful } = at({ file: "blocks.jsonl" }, () => {
      const people = assign(slots, this.inspectors.length, cap, this.keys, () => this.progress(0, 0));
      return { team: people, lawful: checkLawful(slots, people, cap) };
    });
    this.sameLines(teamLines(this.blocks_, slots, team, this.inspectors), "blocks.jsonl");
    return { slots: slots.length, ...lawful };
  }

  result_() {
    const parts = ["strata.jsonl", "targets.jsonl", "blocks.jsonl"].map((name) => this.content(name));
    const digest = hex(tagged(`${this.mode}/result`, ...parts));
    same(digest, this.result, { file: "manifest.json" }, ".result");
    return { digest };
  }
}

/** §15.7: the lines of blocks.jsonl. */
function teamLines(blocks, slots, team, inspectors) {
  const teams = blocks.map((block) => ({ ...block, team: [] }));
  slots.forEach(({ block, id }, s) => teams[block - 1].team.push({ inspector: inspectors[team[s]].id, slot: id }));
  return teams;
}

const STEPS = [
  "archive",
  "manifest",
  "encoding",
  "plan",
  "registry",
  "strata",
  "pool",
  "commitment",
  "notice",
  "log",
  "seed",
  "witness",
  "targets",
  "blocks",
  "assignment",
  "result",
];

/** §18: all steps up to the first that fails; `tell` hears of each as it begins and ends, and of progress within. */
function verify(bytes, tell = () => {}) {
  const facts = {};
  let step;
  const verification = new Verification(bytes, (done, of) => tell({ kind: "progress", step, done, of }));
  for (step of STEPS) {
    tell({ kind: "begin", step });
    try {
      facts[step] = step === "result" ? verification.result_() : verification[step]();
    } catch (fault) {
      if (fault instanceof Fault) return { facts, failure: { step, code: fault.code, place: fault.place } };
      throw fault;
    }
    tell({ kind: "end", step, facts: facts[step] });
  }
  return { facts };
}
