// §15.1 to §15.5: the assignment of one component, replayed.

const NONE = -1,
  ROOT = -2,
  HELD = -3,
  UNSEEN = -4; // own: nobody; via: a root, reached through its holder, not reached

/** Whether somebody with so many more may hand on a slot, if balance is to be kept. */
const EVEN = (more) => more === 1;

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

/** §15.6: why a component has no assignment: its slots and inspectors. */
class Short {
  constructor(why, slots = [], inspectors = []) {
    Object.assign(this, { why, slots, inspectors });
  }
}

/**
 * §15.1: one component. `pools` are the distinct pools, poolOf[s] the number of slot s's, recused[s] a set, caps[j] and
 * apart[j] the cap of an inspector and those incompatible with him (a set, or nothing).
 */
class Component {
  constructor({ key, pools, poolOf, blocks, recused, caps, apart }) {
    Object.assign(this, { pools, poolOf, recused, caps, apart, stream: new Stream(key) });
    this.peaceful = !apart.some((set) => set?.size);
    this.slots = poolOf.length;
    this.inspectors = caps.length;
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

  hasRoom(j) {
    return this.held[j].length < this.caps[j];
  }

  /** How many owners of mates of s are incompatible with j. */
  clashes(j, s) {
    const enemies = this.apart[j];
    if (!enemies) return 0;
    let count = 0;
    for (const z of this.mates[s]) if (enemies.has(this.own[z])) count++;
    return count;
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
      if (this.load(j) <= goal && this.hasRoom(j)) return j;
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
        if (load > least || !this.hasRoom(j) || this.recused[s].has(j) || this.ownsMate(j, s)) continue;
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
      if (j === NONE) throw new Short("search", this.marked(this.via, UNSEEN), this.marked(this.seen, 0));
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

  /** The places of these marks that are not `none`. */
  marked(marks, none) {
    return [...marks.keys()].filter((place) => marks[place] !== none);
  }

  /** Rounds until no slot has a clash, if need be at the cost of balance, which is then regained as far as it goes. */
  repair(progress) {
    if (this.peaceful || this.rounds(EVEN, progress).size === 0) return;
    const clashing = [...this.rounds(() => true, progress)].sort((a, b) => a - b);
    if (clashing.length) throw new Short("clash", clashing, [...new Set(clashing.map((s) => this.own[s]))]);
    this.rounds((more) => more > 0, progress, false);
  }

  /** At most 64 (T + I) rounds, unless told otherwise while there are clashes only; the slots with a clash. */
  rounds(mayHandOn, progress, endEarly = true) {
    const clashing = new Set();
    const look = (s) => (this.clashes(this.own[s], s) > 0 ? clashing.add(s) : clashing.delete(s));
    for (let s = 0; s < this.slots; s++) look(s);
    for (let times = 64 * (this.slots + this.inspectors); times > 0 && !(endEarly && clashing.size === 0); times--) {
      for (const s of [...this.exchange(mayHandOn), ...this.rotate(8)]) [s, ...this.mates[s]].forEach(look);
      if (times % 1024 === 0) progress();
    }
    return clashing;
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

  /** The slots that change hands. */
  rotate(c) {
    const { own, held, stream } = this,
      i = stream.below(this.inspectors);
    if (held[i].length === 0) return [];
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
      const m = load === d && load < this.caps[j] ? load + 1 : load;
      if (m === 0) continue;
      const r = stream.below(m),
        y = r < load ? held[j][r] : NONE;
      if (this.recused[s].has(j) || this.ownsMate(j, s, y) || this.clashes(j, s) > 0) continue;
      if (y === NONE) {
        this.give(s, j);
        return [...trail.map(([x]) => x), s];
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
    return [];
  }

  // ----------------------------------------------------------------------------------------------- §15.5
  /** The slots that change hands; `mayHandOn` tells whether someone with so many more may hand on a slot. */
  exchange(mayHandOn) {
    const { own, held, stream } = this,
      i = stream.below(this.inspectors);
    if (held[i].length === 0) return [];
    const c = stream.below(held[i].length),
      s = held[i][c],
      pool = this.pool(s);
    const j = pool[stream.below(pool.length)],
      coin = stream.below(2);
    if (j === i || this.recused[s].has(j)) return [];
    if (coin === 0) {
      if (!mayHandOn(this.load(i) - this.load(j)) || !this.hasRoom(j) || this.ownsMate(j, s)) return [];
      if (this.clashes(j, s) > this.clashes(i, s)) return [];
      this.drop(s);
      this.give(s, j);
      return [s];
    }
    if (held[j].length === 0) return [];
    const e = stream.below(held[j].length),
      y = held[j][e];
    if (!has(this.pool(y), i) || this.recused[y].has(i) || this.ownsMate(j, s, y) || this.ownsMate(i, y, s)) return [];
    const before = this.clashes(i, s) + this.clashes(j, y);
    if (this.clashes(j, s) + this.clashes(i, y) > before) return [];
    own[s] = j;
    own[y] = i;
    held[i][c] = y;
    held[j][e] = s;
    return [s, y];
  }

  run(progress = () => {}) {
    this.start();
    this.balance();
    this.repair(progress);
    this.rotations(progress);
    for (let times = 16 * this.slots; times > 0; times--) {
      this.exchange(EVEN);
      if (times % 1024 === 0) progress();
    }
    return this.own;
  }
}
