// §12: tickets, quotas of strata, the first draw.

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

/** a / b compared with c / d, all of them BigInts, b and d above 0. */
const compareFractions = ([a, b], [c, d]) => (a * d < c * b ? -1 : a * d > c * b ? 1 : 0);

/** §12: of strata with bounds, the least and the most of each and its size, as BigInts. */
const boundsOf = ({ least, most }, sizes) =>
  sizes.map((size) => ({
    size: BigInt(size),
    least: BigInt(Math.min(least, size)),
    most: BigInt(Math.min(most, size)),
  }));

/** §12: the smallest l for which the strata, each l times its size within its bounds, come to the quota: a fraction. */
function level(quota, strata) {
  const bends = strata
    .flatMap(({ size, least, most }) => [
      [least, size],
      [most, size],
    ])
    .sort(compareFractions);
  /** The sum at l, times the denominator of l. */
  const reached = ([over, under]) =>
    strata.reduce((sum, { size, least, most }) => {
      const share = over * size;
      return sum + (share < least * under ? least * under : share > most * under ? most * under : share);
    }, 0n);
  const enough = (l) => reached(l) >= quota * l[1];
  if (enough([0n, 1n])) return [0n, 1n];
  let low = -1, // the last bend where it is not enough; before the first, 0
    high = bends.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(bends[middle])) high = middle;
    else low = middle;
  }
  const from = low < 0 ? [0n, 1n] : bends[low],
    to = bends[high];
  // Between two bends the sum grows by the sizes of the strata that neither bound holds.
  let fixed = 0n,
    slope = 0n;
  for (const { size, least, most } of strata) {
    if (compareFractions([least, size], to) >= 0) fixed += least;
    else if (compareFractions([most, size], from) <= 0) fixed += most;
    else slope += size;
  }
  return [quota - fixed, slope];
}

/** §12: which strata have their quota by a bound: that quota, or -1 for those that divide the rest. */
function bounded(quota, sizes, bounds) {
  const strata = boundsOf(bounds, sizes),
    [over, under] = level(BigInt(quota), strata);
  return strata.map(({ size, least, most }) => {
    const share = over * size;
    return share <= least * under ? Number(least) : share >= most * under ? Number(most) : -1;
  });
}

/** §12: the quotas of a tier's strata; the stream gives the offset, if one is taken. */
function quotasOf({ quota, bounds }, sizes, stream) {
  if (!bounds) return systematic(quota, sizes, stream.below(sumOf(sizes)));
  const fixed = bounded(quota, sizes, bounds),
    free = sizes.filter((_, i) => fixed[i] < 0);
  if (free.length === 0) return fixed;
  const left = quota - sumOf(fixed.filter((each) => each >= 0));
  const rest = systematic(left, free, stream.below(sumOf(free)));
  let next = 0;
  return fixed.map((each) => (each < 0 ? rest[next++] : each));
}

/** §12, §14: where each of so many consecutive parts begins, and where the last ends; the first ones are longer by one. */
function cuts(length, parts) {
  const whole = Math.floor(length / parts),
    longer = length % parts;
  return Array.from({ length: parts + 1 }, (_, part) => part * whole + Math.min(part, longer));
}

/** Which tasks drew a leaf, in the plan's order, and in which wave; equal lists of tasks are one list. */
class Drawn {
  constructor(size) {
    this.lists = [{ tasks: [], next: new Map() }];
    this.list = new Uint32Array(size); // by rank; 0: not drawn
    this.waves = new Uint16Array(size); // 0: none
  }

  add(rank, task, wave = 0) {
    const { tasks, next } = this.lists[this.list[rank]];
    if (!next.has(task)) {
      next.set(task, this.lists.length);
      this.lists.push({ tasks: [...tasks, task], next: new Map() });
    }
    this.list[rank] = next.get(task);
    if (wave && !(this.waves[rank] <= wave && this.waves[rank])) this.waves[rank] = wave;
  }

  tasks(rank) {
    return this.lists[this.list[rank]].tasks;
  }

  count() {
    return this.list.reduce((total, list) => total + (list > 0), 0);
  }
}

/** §12: the lines of strata.jsonl, and what was drawn, by rank. */
function firstDraw(tasks, tickets, keys, progress) {
  const strata = [],
    drawn = new Drawn(tickets.length / 8);
  for (const { id: task, listed, tiers } of tasks) {
    if (listed) for (const rank of listed.ranks) drawn.add(rank, task);
    for (const tier of tiers) {
      const sizes = tier.strata.map(({ ranks }) => ranks.length);
      const quotas = quotasOf(tier, sizes, new Stream(keys("rounding", utf8(task), tier.root)));
      tier.strata.forEach(({ cell, ranks, hex: root }, i) => {
        const line = { cell, quota: quotas[i], root, size: ranks.length, task, tier: tier.id };
        if (quotas[i] > 0) {
          const chosen = ascending(tickets, ranks).subarray(0, quotas[i]);
          line.cut = hex(bytesOf(tickets, 8 * chosen.at(-1)));
          takeAll(drawn, chosen, task, tier.waves);
        }
        strata.push(line);
        progress(0);
      });
    }
  }
  return { strata, drawn };
}

/** Those chosen, by their tickets; in waves, where the tier has waves. */
function takeAll(drawn, chosen, task, waves) {
  const starts = waves ? cuts(chosen.length, waves) : [0, chosen.length];
  for (let part = 0; part + 1 < starts.length; part++) {
    for (const rank of chosen.subarray(starts[part], starts[part + 1])) drawn.add(rank, task, waves ? part + 1 : 0);
  }
}
