// §20: the steps of a public bundle.

const areNumbers = (value) => Array.isArray(value) && [1, 3].includes(value.length) && value.every(isCount(0));
const leafForm = object({
  in: form(
    (value) =>
      Array.isArray(value) && value.every(areNumbers) && value.every(([task], i) => i === 0 || value[i - 1][0] < task),
  ),
  leaf: form(isDigest),
});
const nameForm = object({ id: form(isName), name: form(isText) });
const bareLine = ({ cell, tier, ...line }) => line;

class PublicBundle extends Bundle {
  registry() {
    const files = ["commitment.json", "notice.json", "seed.json", "witness.jsonl"];
    const [commitment, notice, seed, witness] = files.map((name) =>
      isLines(name) ? this.json[name].all() : this.json[name],
    );
    const places = Object.fromEntries(files.map((file) => [file.replace(/\..*/, ""), { file }]));
    this.published = new Published({ commitment, notice, seed, witness }, places);
    const { mode, draw, registry } = this.published.head();
    at({ file: "leaves.jsonl" }, () => this.readLeaves(this.json["leaves.jsonl"]));
    const count = this.words.length / 8;
    const tell = (share, by) => (done) => this.progress(share * count + by * done, count);
    this.hashes = leafHashes(this.words, tell(0.7, 0.1));
    const root = hex(rootOf(this.hashes, undefined, tell(0.8, 0.2)));
    same({ root, size: count }, registry, { file: "commitment.json" }, ".targets.registry");
    return { size: count, root, mode, draw };
  }

  /** The leaves, eight words each, ascending, and by place (such as "0,2,5" or "3") the ranks that lie there. */
  readLeaves(lines) {
    this.words = new Int32Array(8 * lines.length);
    this.parts = new Map();
    let rank = 0,
      before = "";
    for (const record of lines) {
      at({ line: rank + 1 }, () => {
        leafForm(record);
        need(before < record.leaf, "order");
      });
      before = record.leaf;
      for (let k = 0; k < 8; k++) this.words[8 * rank + k] = parseInt(before.substring(8 * k, 8 * k + 8), 16);
      for (const place of record.in) {
        const name = place.join();
        const part = this.parts.get(name);
        if (part) part.push(rank);
        else this.parts.set(name, [rank]);
      }
      rank++;
      if (rank % 4096 === 0) this.progress(0.7 * rank, lines.length);
    }
  }

  strata() {
    const said = this.published.tasks(),
      known = new Set();
    this.tasks = said.map(({ id, listed, tiers = [] }, t) => ({
      id,
      ...(listed && { listed: this.part(listed, known, [t]) }),
      tiers: tiers.map((tier, i) => this.tier(tier, known, t, i)),
    }));
    for (const [name, [rank]] of this.parts)
      need(known.has(name), "place_nowhere", { file: "leaves.jsonl", line: rank + 1 });
    const tiers = this.tasks.flatMap((task) => task.tiers);
    return {
      base: sumOf(said.flatMap((task) => task.tiers ?? []).map(({ size }) => size)),
      quota: sumOf(tiers.map(({ quota }) => quota)),
      strata: sumOf(tiers.map(({ strata }) => strata.length)),
      listed: sumOf(this.tasks.map(({ listed }) => listed?.ranks.length ?? 0)),
    };
  }

  /** The leaves that lie in one place, their root and number being those of the statement. */
  part({ root, size }, known, place) {
    const ranks = Uint32Array.from(this.parts.get(place.join()) ?? []);
    known.add(place.join());
    const made = rootOf(this.hashes, ranks, (done) => this.progress(done, this.words.length / 8));
    const [t, i, j] = place;
    const path = `.targets.tasks[${t}]${i === undefined ? ".listed" : `.tiers[${i}].strata[${j}]`}`;
    same({ root: hex(made), size: ranks.length }, { root, size }, { file: "commitment.json" }, path);
    return { ranks, hex: root };
  }

  tier({ quota, bounds, root: found, strata: said }, known, t, i) {
    const strata = said.map((one, j) => this.part(one, known, [t, i, j]));
    const root = rootOf(this.hashes, together(strata), (done) => this.progress(done, this.words.length / 8));
    same(hex(root), found, { file: "commitment.json" }, `.targets.tasks[${t}].tiers[${i}].root`);
    return { quota, bounds, root, strata };
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
    const { keys } = this.published,
      tell = (done) => this.progress(done, this.words.length);
    const { strata, drawn } = firstDraw(this.tasks, makeTickets(keys("tickets"), this.words, tell), keys, tell);
    this.lines = strata.map(bareLine);
    this.sameLines(this.lines, "strata.jsonl");
    const names = this.json["names.jsonl"],
      targets = drawn.count();
    at({ file: "names.jsonl" }, () => checkNames(names));
    need(names.length === targets, "names", { file: "names.jsonl" });
    const visits =
      sumOf(strata.map(({ quota }) => quota)) + sumOf(this.tasks.map(({ listed }) => listed?.ranks.length ?? 0));
    return { strata: strata.length, targets, visits };
  }

  /** Of a leaf, where it lies; undefined if it is none of these. */
  placesOf(leaf) {
    const words = wordsOf(unhex(leaf));
    let low = 0,
      high = this.words.length / 8 - 1;
    while (low <= high) {
      const middle = (low + high) >> 1,
        order = this.compare(middle, words);
      if (order === 0) return this.json["leaves.jsonl"].value(middle).in;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  compare(rank, words) {
    for (let k = 0; k < 8; k++) {
      const difference = (this.words[8 * rank + k] >>> 0) - (words[k] >>> 0);
      if (difference) return difference;
    }
    return 0;
  }

  /** The line of strata.jsonl of stratum j in tier i of task t. */
  lineOf(t, i, j) {
    const before = this.tasks.slice(0, t).flatMap(({ tiers }) => tiers);
    const strata = [...before, ...this.tasks[t].tiers.slice(0, i)].map((tier) => tier.strata.length);
    return this.lines[sumOf(strata) + j];
  }
}

/** §20: names of the targets, ascending by id. */
function checkNames(lines) {
  let before,
    number = 0;
  for (const line of lines) {
    at({ line: ++number }, () => {
      nameForm(line);
      need(before === undefined || compareText(before, line.id) < 0, "order");
    });
    before = line.id;
  }
}
