// §8, §9, §10: leaves, strata, commitments.

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
  constructor(words, progress) {
    this.lines = ascending(words);
    this.ranks = new Uint32Array(this.lines.length);
    this.words = new Int32Array(words.length);
    this.lines.forEach((line, rank) => {
      this.ranks[line] = rank;
      for (let k = 0; k < 8; k++) this.words[8 * rank + k] = words[8 * line + k];
    });
    this.hashes = leafHashes(this.words, progress); // each is asked for three times: registry, tier, stratum
  }

  root(ranks, progress) {
    return rootOf(this.hashes, ranks, progress);
  }
}

/** §4: the root over all leaf hashes, or over some, whose ranks are ascending. */
function rootOf(hashes, ranks, progress = () => {}) {
  const tree = new Tree(),
    count = ranks ? ranks.length : hashes.length / 8;
  for (let i = 0; i < count; i++) {
    tree.node(hashes, 8 * (ranks ? ranks[i] : i));
    if (i % 16384 === 0) progress(i);
  }
  return tree.root();
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
    this.tasks = plan.tasks.map(({ id, pool, source, tiers = [] }) => ({
      id,
      pool: compile(pool, entityField),
      tiers: tiers.map((tier) => ({ ...tier, where: compile(tier.where, entityField), cells: new Map() })),
      outside: new Map(),
      untiered: 0,
      ...(source && { source, lines: [] }),
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
      if (task.source) {
        if (record.lists?.includes(task.id)) task.lines.push(line);
        continue;
      }
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

/** The entities of these lines, as ranks among the leaves, with their root. */
function makePart(lines, sealed, progress) {
  const ranks = Uint32Array.from(lines, (line) => sealed.ranks[line]).sort(),
    root = sealed.root(ranks, progress);
  return { ranks, root, hex: hex(root) };
}

/** §9: the tasks with their non-empty tiers and their strata, numbered by roots, or with those listed. */
function stratify(sorter, sealed, progress = () => {}) {
  return sorter.tasks.map(({ id, tiers, outside, untiered, source, lines }) => {
    const made = tiers.map((tier) => makeTier(tier, sealed, progress));
    return {
      id,
      tiers: made.filter(({ size }) => size).sort(byRoot),
      outside,
      untiered,
      ...(source && { source, listed: makePart(lines, sealed, progress) }),
    };
  });
}

function makeTier({ id, quota, bounds, waves, cells }, sealed, progress) {
  const strata = [...cells].map(([cell, lines]) => ({ cell, ...makePart(lines, sealed, progress) })).sort(byRoot);
  const sizes = strata.map(({ ranks }) => ranks.length),
    size = sumOf(sizes),
    n = quotaOf(quota, size);
  at({ id }, () => checkQuota(n, sizes, bounds));
  const root = strata.length === 1 ? strata[0].root : sealed.root(together(strata), progress);
  return { id, quota: n, size, root, hex: hex(root), strata, ...(bounds && { bounds }), ...(waves && { waves }) };
}

/** The ranks of several parts, ascending. */
function together(parts) {
  const all = new Uint32Array(sumOf(parts.map(({ ranks }) => ranks.length)));
  parts.reduce((start, { ranks }) => (all.set(ranks, start), start + ranks.length), 0);
  return all.sort();
}

/** §9: a quota within its tier, and within the bounds of the strata. */
function checkQuota(quota, sizes, bounds) {
  need(quota <= sumOf(sizes), "quota");
  if (!bounds) return;
  const within = (most) => sumOf(sizes.map((size) => Math.min(most, size)));
  need(within(bounds.least) <= quota && quota <= within(bounds.most), "bounds");
}

const partStatement = ({ hex: root, ranks }) => ({ root, size: ranks.length });

const tasksStatement = (tasks) =>
  tasks.map(({ id, source, listed, tiers }) =>
    source
      ? { id, listed: partStatement(listed), source }
      : {
          id,
          tiers: tiers.map(({ quota, bounds, size, hex: root, strata }) => ({
            ...(bounds && { bounds }),
            quota,
            root,
            size,
            strata: strata.map(partStatement),
          })),
        },
  );

/** §8: of the list's bytes. */
const recusalsDigest = (draw, lines) =>
  hex(tagged(`${draw.mode}/recusals`, new Sealer(draw, "recusals").salt(), lines));

const commitmentTo = (said) => hex(tagged(`${said.mode}/commitment/${said.stage}`, cj(said)));

/** §10: both statements, and the commitments to them. `plan` is the plan's digest, `late` the values of a late seal. */
function statementsOf({ authority }, plan, { mode, number }, { values, late, predecessor }, parts) {
  const { registry, tasks, pool, recusals } = parts;
  const common = { authority, draw: number, mode, plan, spec: "v1", suite: "sha256", values };
  const targets = { ...common, ...(predecessor && { predecessor }), stage: "targets", registry, tasks };
  const commitment = commitmentTo(targets);
  const inspectors = { ...common, stage: "inspectors", pool, recusals, targets: commitment, values: late ?? values };
  return {
    statements: { inspectors, targets },
    commitments: { inspectors: commitmentTo(inspectors), targets: commitment },
  };
}

/** §10: which draw a successor takes the place of. */
function checkPredecessor(predecessor, draw, path) {
  if (predecessor === undefined) return;
  object({ commitment: form(isDigest), draw: form(isCount(1)) })(predecessor, path);
  need(predecessor.draw < draw, "predecessor", { path });
}
