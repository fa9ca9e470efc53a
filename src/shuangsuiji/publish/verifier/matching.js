// §15: the second draw, replayed.

const NONE = -1,
  ROOT = -2,
  HELD = -3,
  UNSEEN = -4; // own: nobody; via: a root, reached through its holder, not reached

/** Whether a sorted list has a number. */
function has(pool, number) {
  let low = 0,
    high = pool.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (pool[middle] === number) return true;
    if (pool[middle] < number) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** §15.1: one component. `pools` are the distinct pools, poolOf[s] the number of slot s's, recused[s] a set. */
class Component {
  constructor(key, pools, poolOf, blocks, recused, cap) {
    Object.assign(this, { pools, poolOf, recused, cap, stream: new Stream(key) });
    this.slots = poolOf.length;
    this.inspectors = 1 + pools.reduce((most, pool) => Math.max(most, pool.at(-1)), -1);
    const together = new Map();
    blocks.forEach((block, s) => together.set(block, [...(together.get(block) ?? []), s]));
    this.mates = blocks.map((block, s) => together.get(block).filter((z) => z !== s));
    this.own = new Int32Array(this.slots).fill(NONE);
    this.held = Array.from({ length: this.inspectors }, () => []);
  }

  pool(s) {
    return this.pools[this.poolOf[s]];
  }

  load(j) {
    return this.held[j].length;
  }

  give(s, j) {
    this.own[s] = j;
    this.held[j].push(s);
  }

  drop(s) {
    const held = this.held[this.own[s]],
      c = held.indexOf(s),
      last = held.pop();
    if (last !== s) held[c] = last;
    this.own[s] = NONE;
  }

  /** Whether j owns one of the mates of s other than `but`. */
  ownsMate(j, s, but = NONE) {
    for (const z of this.mates[s]) if (z !== but && this.own[z] === j) return true;
    return false;
  }

  // ----------------------------------------------------------------------------------------------- §15.2
  /** A shortest relay that ends with somebody of load <= goal; NONE if there is none: `via` and `seen` tell why. */
  search(roots, goal, pruned) {
    const { own, recused } = this;
    this.via = new Int32Array(this.slots).fill(UNSEEN);
    this.take = new Int32Array(this.inspectors).fill(NONE);
    this.seen = Uint8Array.from(pruned);
    this.queue = [...roots];
    for (const s of roots) {
      this.via[s] = ROOT;
      if (own[s] !== NONE) this.seen[own[s]] = 1;
    }
    const rest = [...this.pools];
    for (let head = 0; head < this.queue.length; head++) {
      const s = this.queue[head];
      for (const z of this.mates[s]) {
        const j = own[z];
        if (j !== NONE && this.via[z] === UNSEEN && has(this.pool(s), j) && !recused[s].has(j) && !pruned[j]) {
          this.via[z] = s;
          this.queue.push(z);
        }
      }
      const found = this.walk(s, rest, goal);
      if (found !== NONE) return found;
    }
    return NONE;
  }

  walk(s, rest, goal) {
    const kept = [],
      { seen, via, queue } = this;
    for (const j of rest[this.poolOf[s]]) {
      if (seen[j]) continue;
      if (j === this.own[s] || this.recused[s].has(j) || this.ownsMate(j, s)) {
        kept.push(j);
        continue;
      }
      seen[j] = 1;
      this.take[j] = s;
      if (this.load(j) <= goal && this.load(j) < this.cap) return j;
      for (const y of this.held[j]) {
        if (via[y] === UNSEEN) {
          via[y] = HELD;
          queue.push(y);
        }
      }
    }
    rest[this.poolOf[s]] = kept;
    return NONE;
  }

  flip(j) {
    for (let s = this.take[j]; ;) {
      const o = this.own[s],
        f = this.via[s];
      if (o !== NONE) this.drop(s);
      this.give(s, j);
      if (f === ROOT) return;
      j = o;
      s = f === HELD ? this.take[j] : f;
    }
  }

  // ----------------------------------------------------------------------------------------------- §15.3
  start() {
    const order = Array.from({ length: this.slots }, (_, s) => s),
      blocked = [];
    this.stream.shuffle(order);
    for (const s of order) {
      let ties = [],
        least = Infinity;
      for (const j of this.pool(s)) {
        const load = this.load(j);
        if (load > least || load >= this.cap || this.recused[s].has(j) || this.ownsMate(j, s)) continue;
        if (load < least) ties = [];
        least = load;
        ties.push(j);
      }
      if (ties.length) this.give(s, ties[this.stream.below(ties.length)]);
      else blocked.push(s);
    }
    const nobody = new Uint8Array(this.inspectors);
    for (const s of blocked) {
      const j = this.search([s], Infinity, nobody);
      need(j !== NONE, "shortage");
      this.flip(j);
    }
  }

  balance() {
    const pruned = new Uint8Array(this.inspectors);
    let level = this.held.reduce((most, { length }) => Math.max(most, length), 0);
    while (level >= 2) {
      const roots = this.held.flatMap((held, i) => (!pruned[i] && held.length === level ? held : []));
      const j = this.search(roots, level - 2, pruned);
      if (j !== NONE) this.flip(j);
      else {
        this.seen.forEach((mark, i) => (pruned[i] |= mark));
        level--;
      }
    }
  }

  // ----------------------------------------------------------------------------------------------- §15.4
  rotations(progress) {
    for (let c = 4; c < 4 * (this.slots + this.inspectors);) {
      c *= 2;
      const times = Math.max(16, Math.ceil(Math.max(4 * this.slots, 4096) / c));
      for (let i = 0; i < times; i++) {
        this.rotate(c);
        progress();
      }
    }
  }

  rotate(c) {
    const { own, held, stream } = this,
      i = stream.below(this.inspectors);
    if (held[i].length === 0) return;
    const r0 = stream.below(held[i].length),
      s0 = held[i][r0];
    this.drop(s0);
    const d = held[i].length,
      trail = [];
    let s = s0;
    for (let tries = 0; tries < c; tries++) {
      const pool = this.pool(s),
        j = pool[stream.below(pool.length)],
        load = held[j].length;
      const m = load === d && load < this.cap ? load + 1 : load;
      if (m === 0) continue;
      const r = stream.below(m),
        y = r < load ? held[j][r] : NONE;
      if (this.recused[s].has(j) || this.ownsMate(j, s, y)) continue;
      if (y === NONE) {
        this.give(s, j);
        return;
      }
      held[j][r] = s;
      own[s] = j;
      own[y] = NONE;
      trail.push([s, j, r]);
      s = y;
    }
    for (let step = trail.length - 1; step >= 0; step--) {
      const [x, j, r] = trail[step];
      own[x] = NONE;
      held[j][r] = s;
      own[s] = j;
      s = x;
    }
    own[s0] = i;
    if (r0 < held[i].length) {
      held[i].push(held[i][r0]);
      held[i][r0] = s0;
    } else held[i].push(s0);
  }

  // ----------------------------------------------------------------------------------------------- §15.5
  exchange() {
    const { own, held, stream } = this,
      i = stream.below(this.inspectors);
    if (held[i].length === 0) return;
    const c = stream.below(held[i].length),
      s = held[i][c],
      pool = this.pool(s);
    const j = pool[stream.below(pool.length)],
      coin = stream.below(2);
    if (j === i || this.recused[s].has(j)) return;
    if (coin === 0) {
      if (this.load(j) === this.load(i) - 1 && this.load(j) < this.cap && !this.ownsMate(j, s)) {
        this.drop(s);
        this.give(s, j);
      }
      return;
    }
    if (held[j].length === 0) return;
    const e = stream.below(held[j].length),
      y = held[j][e];
    if (!has(this.pool(y), i) || this.recused[y].has(i) || this.ownsMate(j, s, y) || this.ownsMate(i, y, s)) return;
    own[s] = j;
    own[y] = i;
    held[i][c] = y;
    held[j][e] = s;
  }

  run(progress = () => {}) {
    this.start();
    this.balance();
    this.rotations(progress);
    for (let times = 16 * this.slots; times > 0; times--) {
      this.exchange();
      if (times % 1024 === 0) progress();
    }
    return this.own;
  }
}

/** §15.1: slots by number, ascending, in components: those whose pools hang together. */
function components(slots, inspectors) {
  const parent = Int32Array.from({ length: inspectors }, (_, j) => j),
    seen = new Set();
  const find = (j) => {
    while (parent[j] !== j) j = parent[j] = parent[parent[j]];
    return j;
  };
  for (const { pool } of slots) {
    if (seen.has(pool)) continue;
    seen.add(pool);
    for (const j of pool) parent[find(j)] = find(pool[0]);
  }
  const parts = new Map();
  slots.forEach(({ pool }, number) => {
    const part = find(pool[0]);
    if (!parts.has(part)) parts.set(part, []);
    parts.get(part).push(number);
  });
  return [...parts.values()];
}

/** §15: the inspector (by number) of each slot. */
function assign(slots, inspectors, cap, keys, progress) {
  need(
    slots.every(({ pool }) => pool.length),
    "shortage",
  );
  const team = new Int32Array(slots.length);
  for (const numbers of components(slots, inspectors)) {
    const part = numbers.map((number) => slots[number]),
      distinct = [...new Set(part.map(({ pool }) => pool))];
    const people = Int32Array.from(new Set(distinct.flatMap((pool) => [...pool]))).sort();
    const local = new Map(Array.from(people, (person, j) => [person, j]));
    const pools = distinct.map((pool) => pool.map((person) => local.get(person)));
    const place = new Map(distinct.map((pool, p) => [pool, p])),
      sets = new Map();
    const recused = part.map(({ recused: set }) => {
      if (!sets.has(set))
        sets.set(set, new Set([...set].flatMap((person) => (local.has(person) ? [local.get(person)] : []))));
      return sets.get(set);
    });
    const key = keys("component", u64(numbers[0]));
    const component = new Component(
      key,
      pools,
      part.map(({ pool }) => place.get(pool)),
      part.map(({ block }) => block),
      recused,
      cap,
    );
    component.run(progress).forEach((j, s) => (team[numbers[s]] = people[j]));
  }
  return team;
}

/**
 * §15: everyone from the pool, nobody recused, nobody twice in a block or above the cap.
 * How many people there are, and the greatest load.
 */
function checkLawful(slots, team, cap) {
  const loads = new Map(),
    placed = new Set();
  slots.forEach(({ block, pool, recused }, s) => {
    const person = team[s],
      name = `${block} ${person}`;
    need(has(pool, person) && !recused.has(person) && !placed.has(name), "unlawful");
    placed.add(name);
    loads.set(person, (loads.get(person) ?? 0) + 1);
  });
  const most = [...loads.values()].reduce((a, b) => Math.max(a, b), 0);
  need(most <= cap, "unlawful");
  return { people: loads.size, most };
}
