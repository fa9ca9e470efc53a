// §18: the steps of an auditor's bundle from the seed on: both draws, the result, the records after it.

class Auditor extends Lists {
  seed() {
    const { mode, committed, notices } = this,
      file = "seed.json";
    const found = this.json[file],
      { contributors } = notices.notice;
    const facts = at({ file }, () =>
      readSeed(found, { mode, commitment: committed.targets, contributors, announced: this.announced }),
    );
    this.digests.closing = facts.closing;
    this.sameClosing(this.closings.notice, facts.closing);
    this.seeds = {
      targets: makeSeed(mode, "targets", committed.targets, found),
      inspectors: makeSeed(mode, "inspectors", committed.inspectors, found),
    };
    const late = notices.late && this.lateSeed(this.json["late.json"].seed);
    const seeds = { targets: hex(this.seeds.targets), inspectors: hex(this.seeds.inspectors) };
    return { ...facts, ...(late && { late }), seeds };
  }

  /** §11: what the inspectors' own notice was followed by. */
  lateSeed(found) {
    const { mode, committed, notices } = this,
      { contributors } = notices.late;
    const facts = at({ file: "late.json" }, () =>
      readSeed(found, { mode, commitment: committed.inspectors, contributors, announced: this.announcedLate }),
    );
    this.digests["late-closing"] = facts.closing;
    this.sameClosing(this.closings.late, facts.closing);
    this.seeds.inspectors = makeSeed(mode, "inspectors", committed.inspectors, found);
    return facts;
  }

  sameClosing(entry, closing) {
    need(!entry || entry.details.closing === closing, "log_closing", { file: "log.jsonl", line: entry?.seq });
  }

  witness() {
    const { notices, digests } = this,
      lines = this.json["witness.jsonl"].all(),
      drawn = { notice: this.json["seed.json"].values, late: this.json["late.json"]?.seed.values },
      seeded = firstTimes(this.entries, notices.notice);
    const statements = at({ file: "witness.jsonl" }, () =>
      checkWitness(lines, { notices, digests, drawn, seeded }, this.progress),
    );
    return { statements, needed: kindsNeeded(notices) };
  }

  targets() {
    const keys = keysOf(this.mode, "targets", this.seeds.targets),
      { words, lines } = this.sealed,
      tell = (done) => this.progress(done, words.length);
    const { strata, drawn } = firstDraw(this.tasks, makeTickets(keys("tickets"), words, tell), keys, tell);
    this.drawn = this.drawnTargets(drawn, lines);
    this.sameLines(strata, "strata.jsonl");
    this.sameLines(
      this.drawn.map(({ id, tasks, wave }) => ({ id, tasks, ...(wave && { wave }) })),
      "targets.jsonl",
    );
    const waves = this.drawn.reduce((most, { wave }) => Math.max(most, wave), 0);
    return {
      strata: strata.length,
      targets: this.drawn.length,
      visits: sumOf(this.drawn.map((one) => one.tasks.length)),
      waves,
    };
  }

  /** The targets ascending by id: that is, by their lines. Of their columns, those by which somebody is recused. */
  drawnTargets(drawn, lines) {
    const entities = this.json["entities.jsonl"],
      aliases = [...new Set(this.recusals.flatMap(({ column }) => column ?? []))];
    const ranks = Uint32Array.from(lines.keys()).filter((rank) => drawn.list[rank] > 0);
    return [...ranks]
      .sort((a, b) => lines[a] - lines[b])
      .map((rank) => {
        const record = entities.value(lines[rank]),
          of = aliases.filter((alias) => Object.hasOwn(record.columns, alias));
        const columns = Object.fromEntries(of.map((alias) => [alias, record.columns[alias]]));
        const district = districtOf(this.plan_, record);
        return { id: record.id, rank, district, columns, tasks: drawn.tasks(rank), wave: drawn.waves[rank] };
      });
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
    const columns = new Map(this.drawn.map((record) => [record.id, record.columns])),
      tell = () => this.progress(0, 0),
      recusals = (this.pairs = new Recusals(this.inspectors, this.recusals));
    const made = secondDraw(
      this.plan_,
      this.blocks_,
      this.inspectors,
      recusals,
      (id) => columns.get(id),
      this.keys,
      tell,
    );
    this.sameLines(made.shortages, "shortages.jsonl");
    const lawful = made.team ? at({ file: "blocks.jsonl" }, () => checkLawful(made, this.inspectors, recusals)) : {};
    this.teamed = teamLines(this.blocks_, made, this.inspectors);
    this.sameLines(this.teamed, "blocks.jsonl");
    this.relaxed = made.plan;
    const failed = made.team === undefined;
    return { slots: made.slots?.length ?? 0, ...lawful, shortages: made.shortages, applied: made.applied, failed };
  }

  result() {
    const parts = ["strata.jsonl", "targets.jsonl", "blocks.jsonl"].map((name) => this.content(name));
    const digest = hex(tagged(`${this.mode}/result`, new Sealer(this.draw, "result").salt(), ...parts));
    same(digest, this.result_, { file: "manifest.json" }, ".result");
    return { digest };
  }

  records() {
    const draws = entriesOfDraw(this.entries, this.notices.notice),
      own = draws.filter(({ verb }) => verb === "record"),
      matched = draws.filter(({ verb }) => verb === "match").at(-1)?.seq ?? 0,
      entities = this.json["entities.jsonl"];
    need(own.length === 0 || own[0].seq > matched, "record_early", { file: "log.jsonl", line: own[0]?.seq });
    const lines = this.json["records.jsonl"].all();
    const { kinds, void: ended } = at({ file: "records.jsonl" }, () =>
      checkRecords(lines, own, {
        mode: this.mode,
        result: this.result_,
        plan: this.relaxed,
        blocks: this.teamed,
        inspectors: this.inspectors,
        recusals: this.pairs,
        pools: new Pools(this.inspectors, this.plan_.window),
        targets: this.drawn,
        tasks: this.tasks,
        keys: this.keys,
        announced: [...this.announced, ...(this.announcedLate ?? [])],
        recordAt: (rank) => entities.value(this.sealed.lines[rank]),
      }),
    );
    return { records: lines.length, kinds: plain(kinds), first: lines.slice(0, 40), ...(ended && { void: ended }) };
  }
}
