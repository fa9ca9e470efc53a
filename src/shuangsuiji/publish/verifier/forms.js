// §1, §6: the forms of values and predicates. A form is called with a value and its path and throws a Fault where the
// value is not of it.

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
const isReason = (value) =>
  isAlias(value) && !["not_in_business", "not_in_pool", "in_no_tier", "not_listed"].includes(value);
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

const sumOf = (values) => values.reduce((total, value) => total + value, 0);

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
