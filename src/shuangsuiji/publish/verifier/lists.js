// §18: the steps of an auditor's bundle up to the log: the lists and what was said of them before the draw.

const listedTasks = (plan) => plan.tasks.filter(({ source }) => source).map(({ id }) => id);

class Lists extends Bundle {
  plan() {
    const plan = (this.plan_ = this.json["plan.json"]);
    at({ file: "plan.json" }, () => checkPlan(plan));
    const { authority, id, version, window, tasks } = plan;
    return {
      authority,
      id,
      version,
      window,
      tasks: tasks.map(({ id: task, name, source }) => ({ id: task, name, ...(source && { source }) })),
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
    const size = words.length / 8,
      tell = (share, by) => (done) => this.progress(size * share + done * by, size);
    this.sealed = new Sealed(words, tell(0.8, 0.05));
    const root = hex(this.sealed.root(undefined, tell(0.85, 0.15)));
    this.sameParts("targets", { registry: { root, size } });
    return { size, root, mode: this.mode, draw: this.number };
  }

  sealEntities(lines) {
    const entities = new Entities(lines, this.aliases, listedTasks(this.plan_)),
      seals = new Seals(this.draw, "entity"),
      { bytes, starts, length } = lines;
    const words = new Int32Array(8 * length);
    this.sorter = new Sorter(this.plan_);
    for (let number = 0; number < length; number++) {
      const record = entities.next();
      seals.leafOf(entities.id, bytes, starts[number], starts[number + 1] - 1, words, 8 * number);
      this.sorter.take(record, number);
      if (number % 2048 === 0) this.progress(number * 0.8, length);
    }
    return words;
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
      listed: sumOf(this.tasks.map(({ listed }) => listed?.ranks.length ?? 0)),
      outside: plain(outside),
      untiered: sumOf(this.tasks.map(({ untiered }) => untiered)),
    };
  }

  pool() {
    this.inspectors = at({ file: "inspectors.jsonl" }, () => {
      const people = this.json["inspectors.jsonl"].all();
      people.forEach((person, i) => checkRecord(inspectorForm, person, i + 1, people[i - 1]?.id));
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

  commitment() {
    const found = this.json["commitment.json"],
      isLate = this.members.has("late.json"),
      values = (this.announced = dig(found, "targets", "values")),
      predecessor = dig(found, "targets", "predecessor");
    at({ file: "commitment.json" }, () => {
      checkAnnounced(values);
      checkPredecessor(predecessor, this.number, ".targets.predecessor");
      if (!isLate) return;
      this.announcedLate = dig(found, "inspectors", "values");
      checkAnnounced(this.announcedLate, ".inspectors.values");
      checkFresh(this.announcedLate, values, ".inspectors.values");
    });
    const plan = hex(tagged("plan", this.content("plan.json"))),
      given = { values, predecessor, late: this.announcedLate };
    const { statements, commitments } = statementsOf(this.plan_, plan, this.draw, given, this.parts);
    same(statements, found, { file: "commitment.json" });
    this.committed = commitments;
    return { ...commitments, ...(predecessor && { predecessor }), late: isLate };
  }

  notice() {
    const { inspectors, targets } = this.committed,
      late = this.json["late.json"],
      registry = this.sealed.lines.length,
      lists = { inspectors: this.inspectors.length, recusals: this.recusals.length };
    const told = { plan: this.plan_, mode: this.mode, draw: this.number },
      changes = changesDigest(this.draw, "changes", this.content("changes.jsonl"));
    const check = (found, changes, committed, values, sizes, path) => {
      same(makeNotice(found, { ...told, changes, committed, values, sizes }), found, {}, path);
      return found;
    };
    const kinds = at({ file: "changes.jsonl" }, () => checkChanges(this.json["changes.jsonl"]));
    const notice = at({ file: "notice.json" }, () =>
      late === undefined
        ? check(this.json["notice.json"], changes, this.committed, this.announced, { ...lists, registry })
        : check(this.json["notice.json"], changes, { targets }, this.announced, { registry }),
    );
    this.notices = { notice };
    this.digests = { notice: hex(tagged("notice", this.content("notice.json"))) };
    if (late !== undefined) {
      at({ file: "late.json" }, () => {
        object({ changes: array(form(isObject)), notice: form(isObject), seed: () => {} })(late);
        const lines = jsonLines(late.changes),
          digest = changesDigest(this.draw, "late-changes", lines);
        at({ path: ".changes" }, () => checkChanges(new Lines(lines, 0, lines.length), kinds));
        this.notices.late = check(late.notice, digest, { inspectors }, this.announcedLate, lists, ".notice");
        this.digests["late-notice"] = hex(tagged("notice", cj(late.notice)));
      });
    }
    const { deadline, time, contributors, hours } = notice;
    return {
      ...{ digest: this.digests.notice, deadline, time, contributors, hours },
      ...(late && { late: late.notice.time, lateHours: late.notice.hours }),
      changes: sumOf([...kinds.values()]),
      kinds: plain(kinds),
    };
  }

  log() {
    this.entries = this.json["log.jsonl"].all();
    const { notice, late } = this.notices;
    const found = at({ file: "log.jsonl" }, () => checkLog(this.entries, notice, late));
    this.closings = { notice: found.close, late: found.late?.close };
    return {
      entries: this.entries.length,
      freeze: found.freeze.seq,
      ...(found.close && { close: found.close.seq }),
      ...(found.late && { late: found.late.freeze.seq }),
      head: found.head,
      fixed: (found.close ?? found.freeze).time,
      ...(found.late && { fixedLate: (found.late.close ?? found.late.freeze).time }),
    };
  }
}
