// §6 to §11, §17: the forms of everything that the bundle holds. A form is called with a value and its path and throws
// a Fault where the value is not of it.

const form =
  (test) =>
  (value, path = "") =>
    need(test(value), "form", { path });
const isText = (value) => typeof value === "string";
const isName = (value) => isText(value) && value !== "";
const isCount = (least) => (value) => Number.isInteger(value) && value >= least;
const matching = (pattern) => (value) => isText(value) && pattern.test(value);
const isOneOf =
  (...choice) =>
  (value) =>
    choice.includes(value);
const isAlias = matching(/^[a-z][a-z0-9_]{0,31}$/),
  isIdentifier = matching(/^[A-Za-z0-9-]{1,64}$/);
const isDigest = matching(/^[0-9a-f]{64}$/),
  isSignature = matching(/^[0-9a-f]{128}$/);
const isReason = (value) => isAlias(value) && value !== "not_in_business";
const isColumn = (value) => isAlias(value) && !["id", "name", "status"].includes(value);

/** §1: a real day of the Gregorian calendar, 0001-01-01 to 9999-12-31. */
function isDate(value) {
  if (!isText(value) || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value)) return false;
  const year = +value.slice(0, 4),
    month = +value.slice(5, 7),
    day = +value.slice(8);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? 28 + leap : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** §17: a second of a real day, UTC. */
const isTime = (value) =>
  isText(value) &&
  /T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/.test(value) &&
  value.length === 20 &&
  isDate(value.slice(0, 10));

const isAscending = (values, compare = compareText) =>
  values.every((value, i) => i === 0 || compare(values[i - 1], value) < 0);
const areDistinct = (values) => new Set(values).size === values.length;

/** An object with exactly these members; a name that ends in "?" may be absent. */
function object(members) {
  const forms = new Map(Object.entries(members).map(([name, one]) => [name.replace("?", ""), one]));
  const required = Object.keys(members).filter((name) => !name.endsWith("?"));
  return (value, path = "") => {
    need(isObject(value), "form", { path });
    for (const name of required) need(Object.hasOwn(value, name), "member_absent", { path: `${path}.${name}` });
    for (const name of Object.keys(value)) {
      need(forms.has(name), "member_unknown", { path: `${path}.${name}` });
      forms.get(name)(value[name], `${path}.${name}`);
    }
  };
}

/** An array of at least so many elements of a form. */
const array =
  (one, least = 0) =>
  (value, path = "") => {
    need(Array.isArray(value) && value.length >= least, "form", { path });
    value.forEach((part, i) => one(part, `${path}[${i}]`));
  };

/** One of several objects, told apart by a member that only it has; the last one stands for all others. */
const either =
  (...choices) =>
  (value, path = "") =>
    (choices.find(([name]) => dig(value, name) !== undefined) ?? choices.at(-1))[1](value, path);

// ------------------------------------------------------------------------------------------------- §6 predicates
const COMPARISONS = {
  eq: (s) => (v) => v === s,
  in: (choice) =>
    (
      (set) => (v) =>
        set.has(v)
    )(new Set(choice)),
  prefix: (s) => (v) => v.startsWith(s),
  ge: (s) => (v) => compareText(v, s) >= 0,
  le: (s) => (v) => compareText(v, s) <= 0,
};

/** §6: whether a value is a predicate over these fields. */
function isPredicate(fields, value, depth = 1) {
  if (!Array.isArray(value) || depth > 32) return false;
  const [name, ...parts] = value;
  if (name === "and" || name === "or" || name === "not") {
    return (name !== "not" || parts.length === 1) && parts.every((part) => isPredicate(fields, part, depth + 1));
  }
  if (!isText(name) || !Object.hasOwn(COMPARISONS, name) || parts.length !== 2 || !fields.has(parts[0])) return false;
  const choice = name === "in" ? parts[1] : [parts[1]];
  return Array.isArray(choice) && choice.length > 0 && choice.every(isText);
}

/** §6: a valid predicate as a function of a record; `field(name)` gives the function that takes a field's value from it. */
function compile(predicate, field) {
  const [name, ...parts] = predicate;
  if (name === "and" || name === "or") {
    const tests = parts.map((part) => compile(part, field));
    return name === "and"
      ? (record) => tests.every((test) => test(record))
      : (record) => tests.some((test) => test(record));
  }
  if (name === "not") {
    const test = compile(parts[0], field);
    return (record) => !test(record);
  }
  const get = field(parts[0]),
    fits = COMPARISONS[name](parts[1]);
  return (record) => {
    const value = get(record);
    return isText(value) ? fits(value) : Array.isArray(value) && value.some(fits);
  };
}
const ENTITY_FIELDS = ["id", "name", "status"];
const INSPECTOR_FIELDS = ["id", "name", "unit", "department", "district", "qualifications"];
const entityField = (name) =>
  ENTITY_FIELDS.includes(name) ? (record) => record[name] : (record) => dig(record.columns, name);
const inspectorField = (name) => (record) => record[name];

// ------------------------------------------------------------------------------------------------- §7 the plan
/** §7: a rate as a fraction of two integers, or undefined. */
function parseRate(text) {
  if (!isText(text)) return undefined;
  const percent = /^(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,6}))?%$/.exec(text);
  const fraction = /^(0|[1-9][0-9]{0,9})\/([1-9][0-9]{0,9})$/.exec(text);
  let of, by;
  if (percent) {
    const digits = percent[2] ?? "";
    [of, by] = [BigInt(percent[1] + digits), 100n * 10n ** BigInt(digits.length)];
  } else if (fraction && +fraction[2] <= 1e9) [of, by] = [BigInt(fraction[1]), BigInt(fraction[2])];
  return of !== undefined && of <= by ? { of, by } : undefined;
}

/** §9: n of a tier of N entities. */
function quotaOf(quota, size) {
  if ("rate" in quota) {
    const { of, by } = parseRate(quota.rate);
    return Number((BigInt(size) * of + by - 1n) / by);
  }
  return "count" in quota ? quota.count : size;
}

/** §7: the tables, for a plan with these aliases. */
function planForm(aliases) {
  const entityFields = new Set([...ENTITY_FIELDS, ...aliases]),
    inspectorFields = new Set(INSPECTOR_FIELDS);
  const where = form((value) => isPredicate(entityFields, value)),
    alias = form((value) => aliases.includes(value));
  const name = form(isName),
    id = form(isIdentifier),
    least1 = form(isCount(1)),
    day = form(isDate),
    reason = form(isReason);
  const quota = either(
    ["count", object({ count: form(isCount(0)) })],
    ["rate", object({ rate: form((value) => parseRate(value) !== undefined) })],
    ["all", object({ all: form((value) => value === 1) })],
  );
  const rule = either(["where", object({ reason, where })], ["visits", object({ reason, visits: least1, since: day })]);
  const pool = form((value) => isPredicate(inspectorFields, value));
  const slot = object({ id: form(isAlias), pool, district: form(isOneOf("any", "home", "away")) });
  const tier = object({ id, name, where, "key?": alias, quota });
  const task = object({
    id,
    name,
    pool: where,
    slots: array(form(isText), 2),
    items: array(name, 1),
    tiers: array(tier, 1),
  });
  return object({
    authority: name,
    id,
    version: least1,
    columns: columnsForm,
    "district?": alias,
    window: object({ from: day, to: day }),
    exclusions: array(rule),
    slots: array(slot, 1),
    blocks: object({ max_targets: least1, max_per_inspector: least1 }),
    tasks: array(task, 1),
  });
}

function columnsForm(value, path = "") {
  need(isObject(value), "form", { path });
  for (const [alias, heading] of Object.entries(value)) {
    need(isColumn(alias) && isName(heading), "form", { path: `${path}.${alias}` });
  }
}

/** §7: the tables, and what they say of several values together. */
function checkPlan(plan) {
  const columns = dig(plan, "columns");
  planForm(isObject(columns) ? Object.keys(columns) : [])(plan);
  const slots = plan.slots.map((slot) => slot.id),
    known = new Set(slots);
  need(plan.window.from <= plan.window.to, "window", { path: ".window" });
  need(slots.length <= 16, "too_many", { path: ".slots" });
  need(plan.tasks.length <= 1000, "too_many", { path: ".tasks" });
  need(areDistinct(slots), "twice", { path: ".slots" });
  need(areDistinct(plan.tasks.map((task) => task.id)), "twice", { path: ".tasks" });
  plan.tasks.forEach((task, i) => {
    need(
      task.slots.every((slot) => known.has(slot)),
      "slot_unknown",
      { path: `.tasks[${i}].slots` },
    );
    need(areDistinct(task.slots), "twice", { path: `.tasks[${i}].slots` });
    need(areDistinct(task.tiers.map((tier) => tier.id)), "twice", { path: `.tasks[${i}].tiers` });
  });
}

// ------------------------------------------------------------------------------------------------- §8 records
/** §8: an entity record over the plan's aliases. */
function entityForm(aliases) {
  const members = {
    id: form(isName),
    name: form(isText),
    columns: object(Object.fromEntries(aliases.map((alias) => [`${alias}?`, form(isName)]))),
  };
  members.status = form(isOneOf("in_business", "revoked", "deregistered", "withdrawn", "moved_out"));
  members["visits?"] = form(
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every(isDate) &&
      value.every((day, i) => i === 0 || value[i - 1] <= day),
  );
  return object(members);
}

const certificateForm = object({
  number: form(isName),
  "from?": form(isDate),
  "to?": form(isDate),
  "cancelled?": form(isName),
});
const inspectorForm = object({
  id: form(isName),
  name: form(isName),
  unit: form(isText),
  department: form(isText),
  district: form(isText),
  qualifications: form((value) => Array.isArray(value) && value.every(isText) && isAscending(value)),
  certificates: (value, path) => {
    array(certificateForm)(value, path);
    need(isAscending(value.map((one) => one.number)), "order", { path });
  },
  "undrawable?": form(isName),
});

/** §8: from one entity, or from all with a value in a column. */
const recusalForm = (aliases) =>
  either(
    ["entity", object({ inspector: form(isName), entity: form(isName) })],
    [
      "column",
      object({ inspector: form(isName), column: form((value) => aliases.includes(value)), value: form(isName) }),
    ],
  );

/** §13: the first reason why an inspector is not eligible, or "". */
function leftOut(inspector, window) {
  if ("undrawable" in inspector) return "undrawable";
  if (inspector.certificates.length === 0) return "no_certificate";
  const valid = inspector.certificates.filter((one) => !("cancelled" in one));
  if (valid.length === 0) return "cancelled";
  const covers = (one) => !(one.from > window.from) && !(one.to < window.to); // absent: no limit
  return valid.some(covers) ? "" : "expired";
}

// ------------------------------------------------------------------------------------------------- §11 public values
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
    dice: [/^[0-9]{1,100}$/, [], (value) => 10n ** BigInt(value.length)],
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

/** §11: the form of announced values; no drawing stands twice, fallbacks included. */
function checkAnnounced(announced) {
  announcedForm(announced, ".targets.values");
  const drawings = announced.flatMap(drawingsOf);
  const single = drawings.every(({ issue, source }) => issue === "1" || (source !== "dice" && source !== "explicit"));
  need(single && areDistinct(drawings.map(canonical)), "announced", { path: ".targets.values" });
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

/** §11: the closing statement of one draw; its signatures are checked. */
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
