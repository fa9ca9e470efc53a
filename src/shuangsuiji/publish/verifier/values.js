// §11: public values, contributions, seeds.

const choose = (n, k) => (k === 0n ? 1n : (choose(n - 1n, k - 1n) * n) / k);

/** Source: form of a value, the ascending numbers of two digits in it (how many, up to which), outcomes (of a value). */
const SOURCES = new Map(
  Object.entries({
    kl8: [/^[0-9]{40}$/, [[20, 80]], () => choose(80n, 20n)],
    fc3d: [/^[0-9]{3}$/, [], () => 1000n],
    pl5: [/^[0-9]{5}$/, [], () => 100000n],
    qxc: [/^[0-9]{6}(0[0-9]|1[0-4])$/, [], () => 15000000n],
    ssq: [
      /^[0-9]{14}$/,
      [
        [6, 33],
        [1, 16],
      ],
      () => choose(33n, 6n) * 16n,
    ],
    dlt: [
      /^[0-9]{14}$/,
      [
        [5, 35],
        [2, 12],
      ],
      () => choose(35n, 5n) * choose(12n, 2n),
    ],
    dice: [/^[0-9]{20}$/, [], () => 10n ** 20n],
    explicit: [/^[0-9a-f]{64}$/, [], () => 1n],
  }),
);

/** §11: the number of equally likely outcomes of a valid value, or undefined. */
function outcomes(source, value) {
  const [pattern, groups, count] = SOURCES.get(source);
  if (!pattern.test(value)) return undefined;
  let at = 0;
  for (const [length, highest] of groups) {
    const numbers = Array.from({ length }, (_, i) => +value.substr(at + 2 * i, 2));
    if (numbers.some((n, i) => n < 1 || n > highest || (i > 0 && n <= numbers[i - 1]))) return undefined;
    at += 2 * length;
  }
  return count(value);
}

const drawingMembers = { issue: form(matching(/^[0-9]{1,12}$/)), source: form((value) => SOURCES.has(value)) };
const announcedForm = array(object({ ...drawingMembers, "fallback?": array(object(drawingMembers), 1) }), 1);
const drawingsOf = ({ issue, source, fallback = [] }) => [{ issue, source }, ...fallback];

/** §11: thrown or set anew each time. */
const isMade = ({ source }) => source === "dice" || source === "explicit";

/** §11: one of the drawings stands there twice, or a source has issues of different numbers of digits. */
function doClash(drawings) {
  const lengths = new Map(drawings.map(({ issue, source }) => [source, issue.length]));
  const areAlike = drawings.every(({ issue, source }) => issue.length === lengths.get(source));
  return !areAlike || !areDistinct(drawings.map(canonical));
}

/** §11: the form of announced values; no two drawings clash, fallbacks included; nothing takes the place of one made anew. */
function checkAnnounced(announced, path = ".targets.values") {
  announcedForm(announced, path);
  const drawings = announced.flatMap(drawingsOf);
  const single = drawings.every((drawing) => drawing.issue === "1" || !isMade(drawing));
  need(single && !doClash(drawings), "announced", { path });
  const replaced = announced.flatMap((one) => drawingsOf(one).slice(0, -1));
  need(!replaced.some(isMade), "announced_made", { path });
}

/** §10, §19: none of the drawings announced here clashes with one that has been announced before. */
function checkFresh(announced, before, path) {
  const drawn = [...before, ...announced].flatMap(drawingsOf).filter((drawing) => !isMade(drawing));
  need(!doClash(drawn), "announced_before", { path });
}

/** §11: the values as announced, valid and enough. The product of outcomes, and the drawings that must not have taken place. */
function checkValues(mode, announced, values) {
  array(object({ issue: form(isText), source: form(isText), value: form(isText) }), 1)(values, ".values");
  need(values.length === announced.length, "values_count", { path: ".values" });
  let product = 1n;
  const passed = values.flatMap(({ issue, source, value }, i) => {
    const drawings = drawingsOf(announced[i]),
      path = `.values[${i}]`;
    const number = drawings.findIndex((one) => one.issue === issue && one.source === source);
    need(number >= 0, "value_not_announced", { path });
    const count = outcomes(source, value);
    need(count !== undefined, "value_form", { path });
    product *= count;
    return drawings.slice(0, number);
  });
  if (mode === "real") {
    const explicit = announced.flatMap(drawingsOf).some(({ source }) => source === "explicit");
    need(!explicit, "value_explicit", { path: ".values" });
    need(product >= 1n << 60n, "entropy", { path: ".values" });
  }
  return { product, passed };
}

const contributionForm = either(
  ["absent", object({ absent: form((value) => value === 1), person: form(isName) })],
  ["slip", object({ person: form(isName), slip: form((value) => isName(value) && [...value].length <= 200) })],
  ["key", object({ key: form(isDigest), person: form(isName), signature: form(isSignature), value: form(isDigest) })],
);

/** §11: the closing statement that belongs to a commitment; its signatures are checked. */
function checkClosing(mode, commitment, contributors, closing) {
  object({ commitment: form((value) => value === commitment), contributions: array(contributionForm) })(
    closing,
    ".closing",
  );
  const people = closing.contributions.map((one) => one.person);
  same(contributors, people, {}, ".closing.contributions");
  closing.contributions.forEach(({ key, signature, value }, i) => {
    if (key === undefined) return;
    const message = tagged(`${mode}/contribution`, unhex(commitment), unhex(value));
    need(signed(unhex(key), message, unhex(signature)), "signature", { path: `.closing.contributions[${i}]` });
  });
}

/** §11: what `seed.json`, or the seed of `late.json`, comes to: facts for the page, and the seed of each stage asked for. */
function readSeed(found, { mode, commitment, contributors, announced }) {
  object({ closing: form(isObject), values: form(Array.isArray) })(found);
  checkClosing(mode, commitment, contributors, found.closing);
  const { product, passed } = checkValues(mode, announced, found.values);
  const contributions = found.closing.contributions.map(({ person, key, slip }) => ({
    person,
    ...(key && { fingerprint: fingerprint(key) }),
    ...(slip && { slip }),
  }));
  const bits = Math.floor(Math.log2(Number(product)) * 100) / 100;
  return { values: found.values, bits, passed, contributions, closing: hex(closingDigest(mode, found.closing)) };
}

const closingDigest = (mode, closing) => tagged(`${mode}/closing`, cj(closing));

/** §11: the seed of a stage. */
const makeSeed = (mode, stage, commitment, { closing, values }) =>
  tagged(`${mode}/seed/${stage}`, unhex(commitment), closingDigest(mode, closing), cj(values));

/** §11: the keys that are made from a stage's seed. */
const keysOf =
  (mode, stage, seed) =>
  (name, ...fields) =>
    tagged(`${mode}/key/${stage}/${name}`, seed, ...fields);
