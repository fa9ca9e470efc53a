// §8, §9, §12, §14: leaves, strata, the first draw, blocks and their slots.

const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1; // where this machine keeps the lower half

/** Whether item i comes before item j, each being eight words, most significant first. */
function compareWords(words, i, j) {
  for (let k = 0; k < 8; k++) {
    const x = words[8 * i + k],
      y = words[8 * j + k];
    if (x !== y) return (x >>> 0) - (y >>> 0);
  }
  return 0;
}

/** The given items (all if none are given) in ascending order of their eight words; equal ones keep their order. */
function ascending(words, items = Uint32Array.from({ length: words.length / 8 }, (_, i) => i)) {
  const keys = new BigUint64Array(items.length),
    halves = new Uint32Array(keys.buffer);
  for (let i = 0; i < items.length; i++) {
    halves[2 * i + LOW] = i;
    halves[2 * i + 1 - LOW] = words[8 * items[i]];
  }
  keys.sort(); // by the first word, then by position: the rest is for the few that share a first word
  const order = new Uint32Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[halves[2 * i + LOW]];
    let place = i;
    while (
      place > 0 &&
      words[8 * order[place - 1]] === words[8 * item] &&
      compareWords(words, order[place - 1], item) > 0
    ) {
      order[place] = order[--place];
    }
    order[place] = item;
  }
  return order;
}

/** §8: salts and leaves of the records of a kind. What all of them begin with is hashed once. */
class Sealer {
  constructor({ mode, number, saltKey }, kind) {
    const { inner, outer } = hmacKey(saltKey);
    this.inner = inner.lp(utf8(`shuangsuiji/v1/${mode}/salt/${kind}`)).u64(number);
    this.outer = outer;
    this.head = naming(`${mode}/leaf/${kind}`);
    this.hash = new Sha256();
  }

  /** salt(kind, id); that of the recusals has no id. */
  salt(...id) {
    const inner = id.reduce((hash, text) => hash.lp(utf8(text)), this.hash.copy(this.inner)).digest();
    return this.hash.copy(this.outer).bytes(inner).digest();
  }

  /** The leaf of the record that stands in these bytes, as words of `out`. */
  leaf(id, bytes, from, to, out, at) {
    const salt = this.salt(id);
    this.hash.copy(this.head).lp(salt).lp(bytes, from, to).words(out, at);
  }
}

/** §8: leaves in their ascending order; `lines[rank]` is the number of the record, `ranks` the reverse. */
class Sealed {
  constructor(words) {
    this.lines = ascending(words);
    this.ranks = new Uint32Array(this.lines.length);
    this.words = new Int32Array(words.length);
    this.lines.forEach((line, rank) => {
      this.ranks[line] = rank;
      for (let k = 0; k < 8; k++) this.words[8 * rank + k] = words[8 * line + k];
    });
  }

  /** The root over all leaves, or over some, whose ranks are ascending. */
  root(ranks, progress = () => {}) {
    const tree = new Tree(),
      count = ranks ? ranks.length : this.lines.length;
    for (let i = 0; i < count; i++) {
      tree.leaf(this.words, 8 * (ranks ? ranks[i] : i));
      if (i % 16384 === 0) progress(i);
    }
    return tree.root();
  }
}

/** §9: puts entities one by one into the tiers and cells of every task, by their line numbers. */
class Sorter {
  constructor(plan) {
    this.rules = plan.exclusions.map(({ reason, where, visits, since }) => ({
      reason,
      applies: where
        ? compile(where, entityField)
        : (record) => (record.visits ?? []).filter((day) => day >= since).length >= visits,
    }));
    this.tasks = plan.tasks.map(({ id, pool, tiers }) => ({
      id,
      pool: compile(pool, entityField),
      tiers: tiers.map((tier) => ({ ...tier, where: compile(tier.where, entityField), cells: new Map() })),
      outside: new Map(),
      untiered: 0,
    }));
  }

  exclusion(record) {
    if (record.status !== "in_business") return "not_in_business";
    const rule = this.rules.find(({ applies }) => applies(record));
    return rule ? rule.reason : "";
  }

  take(record, line) {
    const reason = this.exclusion(record);
    for (const task of this.tasks) {
      if (!task.pool(record)) continue;
      const tier = reason ? undefined : task.tiers.find(({ where }) => where(record));
      if (reason) task.outside.set(reason, (task.outside.get(reason) ?? 0) + 1);
      else if (!tier) task.untiered++;
      else {
        const cell = (tier.key && dig(record.columns, tier.key)) ?? "";
        const members = tier.cells.get(cell);
        if (members) members.push(line);
        else tier.cells.set(cell, [line]);
      }
    }
  }
}

const byRoot = (a, b) => (a.hex < b.hex ? -1 : a.hex > b.hex ? 1 : 0);

/** §9: the tasks with their non-empty tiers and their strata, numbered by roots. */
function stratify(sorter, sealed, progress = () => {}) {
  return sorter.tasks.map(({ id, tiers, outside, untiered }) => {
    const made = tiers.map((tier) => makeTier(tier, sealed, progress));
    return { id, tiers: made.filter(({ size }) => size).sort(byRoot), outside, untiered };
  });
}

function makeTier({ id, quota, cells }, sealed, progress) {
  const strata = [...cells]
    .map(([cell, lines]) => {
      const ranks = Uint32Array.from(lines, (line) => sealed.ranks[line]).sort();
      const root = sealed.root(ranks, progress);
      return { cell, ranks, root, hex: hex(root) };
    })
    .sort(byRoot);
  const size = strata.reduce((total, { ranks }) => total + ranks.length, 0),
    n = quotaOf(quota, size);
  need(n <= size, "quota", { id });
  const all = new Uint32Array(size);
  strata.reduce((start, { ranks }) => (all.set(ranks, start), start + ranks.length), 0);
  const root = strata.length === 1 ? strata[0].root : sealed.root(all.sort(), progress);
  return { id, quota: n, size, root, hex: hex(root), strata };
}

const tasksStatement = (tasks) =>
  tasks.map(({ id, tiers }) => ({
    id,
    tiers: tiers.map(({ quota, size, hex: root, strata }) => ({
      quota,
      root,
      size,
      strata: strata.map((stratum) => ({ root: stratum.hex, size: stratum.ranks.length })),
    })),
  }));

/** §8: of the list's bytes. */
const recusalsDigest = (draw, lines) =>
  hex(tagged(`${draw.mode}/recusals`, new Sealer(draw, "recusals").salt(), lines));

/** §10: both statements, and the commitments to them; `plan` is the plan's digest. */
function statementsOf({ authority }, plan, { mode, number }, values, { registry, tasks, pool, recusals }) {
  const common = { authority, draw: number, mode, plan, spec: "v1", suite: "sha256", values };
  const commit = (said) => hex(tagged(`${mode}/commitment/${said.stage}`, cj(said)));
  const targets = { ...common, stage: "targets", registry, tasks };
  const inspectors = { ...common, stage: "inspectors", pool, recusals, targets: commit(targets) };
  return {
    statements: { inspectors, targets },
    commitments: { inspectors: commit(inspectors), targets: inspectors.targets },
  };
}

/** §11: the seeds of both stages. */
function makeSeeds(mode, commitments, closing, values) {
  const closed = tagged(`${mode}/closing`, cj(closing));
  const seed = (stage) => tagged(`${mode}/seed/${stage}`, unhex(commitments[stage]), closed, cj(values));
  return { targets: seed("targets"), inspectors: seed("inspectors") };
}

/** §11: the keys that are made from a stage's seed. */
const keysOf =
  (mode, stage, seed) =>
  (name, ...fields) =>
    tagged(`${mode}/key/${stage}/${name}`, seed, ...fields);

/** §12: the tickets of all leaves, eight words each. The first of the two blocks is the same for all. */
function makeTickets(key, words, progress = () => {}) {
  const head = new Sha256().bytes(utf8("shuangsuiji/v1/ticket".padEnd(32, "\0"))).bytes(key).h;
  const tickets = new Int32Array(words.length),
    h = new Int32Array(8);
  for (let at = 0; at < words.length; at += 8) {
    for (let k = 0; k < 8; k++) W[k] = words[at + k];
    W[8] = 0x80000000;
    W.fill(0, 9, 15);
    W[15] = 96 * 8;
    h.set(head);
    compress(h);
    tickets.set(h, at);
    if (at % 131072 === 0) progress(at);
  }
  return tickets;
}

/** §12: the quotas of strata of these sizes. */
function systematic(quota, sizes, offset) {
  const n = BigInt(quota),
    total = sizes.reduce((sum, size) => sum + BigInt(size), 0n);
  let run = BigInt(offset);
  return sizes.map((size) => {
    const share = n * BigInt(size),
      part = share % total;
    const whole = share / total + (run + part >= total ? 1n : 0n);
    run = (run + part) % total;
    return Number(whole);
  });
}

/** §12: the lines of strata.jsonl, and of each drawn entity (by its line, ascending) the tasks that drew it. */
function firstDraw(tasks, sealed, keys, progress) {
  const tickets = makeTickets(keys("tickets"), sealed.words, progress),
    strata = [],
    drawn = new Map();
  for (const { id: task, tiers } of tasks) {
    for (const tier of tiers) {
      const offset = new Stream(keys("rounding", utf8(task), tier.root)).below(tier.size);
      const quotas = systematic(
        tier.quota,
        tier.strata.map(({ ranks }) => ranks.length),
        offset,
      );
      tier.strata.forEach(({ cell, ranks, hex: root }, i) => {
        const line = { cell, quota: quotas[i], root, size: ranks.length, task, tier: tier.id };
        if (quotas[i] > 0) {
          const chosen = ascending(tickets, ranks).subarray(0, quotas[i]);
          line.cut = hex(bytesOf(tickets, 8 * chosen.at(-1)));
          for (const rank of chosen) drawn.set(sealed.lines[rank], [...(drawn.get(sealed.lines[rank]) ?? []), task]);
        }
        strata.push(line);
        progress(0);
      });
    }
  }
  return { strata, drawn: [...drawn].sort(([a], [b]) => a - b) };
}

// ------------------------------------------------------------------------------------------------- §14
/** §14: blocks without teams. `targets` are {id, tasks, columns}. */
function makeBlocks(plan, targets, sealer, keys) {
  const groups = new Map();
  for (const { id, tasks, columns } of targets) {
    const district = (plan.district && dig(columns, plan.district)) ?? "",
      name = canonical([district, tasks]);
    if (!groups.has(name)) groups.set(name, { name, district, tasks, members: [] });
    groups.get(name).members.push({ id, order: hex(keys("block-order", sealer.salt(id))) });
  }
  const blocks = [];
  for (const { district, tasks, members } of [...groups.values()].sort((a, b) => compareText(a.name, b.name))) {
    members.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : compareText(a.id, b.id)));
    const ids = members.map(({ id }) => id),
      parts = Math.ceil(ids.length / plan.blocks.max_targets);
    const whole = Math.floor(ids.length / parts),
      longer = ids.length % parts;
    for (let part = 0, start = 0; part < parts; part++) {
      const end = start + whole + (part < longer ? 1 : 0);
      blocks.push({ block: blocks.length + 1, district, targets: ids.slice(start, end), tasks });
      start = end;
    }
  }
  return blocks;
}

const CAPACITY = 2 ** 27; // entries of all pools, or of all recusal sets, that this page has room for

/** §14: the slots of all blocks, as {block, id, pool, recused}; pools are lists of inspectors' numbers, equal ones shared. */
function makeSlots(plan, blocks, inspectors, recused) {
  const pools = new Pools(inspectors, plan.window),
    tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const used = new Map(); // by the tasks of a block
  return blocks.flatMap((block) => {
    const name = canonical(block.tasks);
    if (!used.has(name)) {
      const ids = new Set(block.tasks.flatMap((id) => tasks.get(id).slots));
      used.set(
        name,
        plan.slots.filter(({ id }) => ids.has(id)),
      );
    }
    return used.get(name).map((slot) => ({
      block: block.block,
      id: slot.id,
      pool: pools.of(slot, block.district),
      recused: recused[block.block - 1],
    }));
  });
}

class Pools {
  constructor(inspectors, window) {
    this.eligible = inspectors.flatMap((person, number) => (leftOut(person, window) ? [] : [{ person, number }]));
    this.districts = new Set(this.eligible.map(({ person }) => person.district));
    this.byKey = new Map();
    this.byContent = new Map();
    this.entries = 0;
  }

  of(slot, district) {
    // Districts where nobody lives are all alike, and "any" does not ask.
    const where = slot.district === "any" || !this.districts.has(district) ? "" : `=${district}`;
    const key = canonical([slot.id, slot.district === "any" ? "" : where]);
    if (!this.byKey.has(key)) {
      const fits = compile(slot.pool, inspectorField);
      const near = { any: () => true, home: (home) => home === district, away: (home) => home !== district }[
        slot.district
      ];
      const pool = this.eligible
        .filter(({ person }) => near(person.district) && fits(person))
        .map(({ number }) => number);
      if ((this.entries += pool.length) > CAPACITY) throw new Beyond();
      const content = pool.join();
      if (!this.byContent.has(content)) this.byContent.set(content, Int32Array.from(pool));
      this.byKey.set(key, this.byContent.get(content));
    }
    return this.byKey.get(key);
  }
}

/** §14: the recusal set of each block, as numbers of inspectors; `columnsOf` gives a target's columns. */
function recusalSets(blocks, inspectors, recusals, columnsOf) {
  const number = new Map(inspectors.map(({ id }, i) => [id, i])),
    against = new Map();
  for (const { inspector, entity, column, value } of recusals) {
    if (!number.has(inspector)) continue;
    const key = canonical(entity === undefined ? [column, value] : [entity]);
    if (!against.has(key)) against.set(key, []);
    against.get(key).push(number.get(inspector));
  }
  let entries = 0;
  return blocks.map(({ targets }) => {
    const set = new Set();
    for (const id of targets) {
      for (const key of [[id], ...Object.entries(columnsOf(id))]) {
        for (const person of against.get(canonical(key)) ?? []) set.add(person);
      }
    }
    if ((entries += set.size) > CAPACITY) throw new Beyond();
    return set;
  });
}
