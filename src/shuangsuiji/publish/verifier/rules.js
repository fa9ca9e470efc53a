// §7, §8, §13: the plan and the records that the lists hold.

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
    ["all", object({ all: isFlag })],
  );
  const rule = either(["where", object({ reason, where })], ["visits", object({ reason, visits: least1, since: day })]);
  const pool = form((value) => isPredicate(inspectorFields, value));
  const slot = object({
    id: form(isAlias),
    pool,
    district: form(isOneOf("any", "home", "away")),
    "extra?": isFlag,
  });
  const waves = form((value) => isCount(2)(value) && value <= 1000);
  const tier = object({ id, name, where, "key?": alias, quota, "bounds?": boundsForm, "waves?": waves });
  const members = { id, name, slots: array(form(isText), 2), items: array(name, 1) };
  const task = either(
    ["source", object({ ...members, pool: form(isEverything), source: form(isOneOf("platform", "superior")) })],
    ["tiers", object({ ...members, pool: where, tiers: array(tier, 1) })],
  );
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
    "teams?": form((value) => isCount(1)(value) && value <= 10000),
    "relaxations?": array(relaxationForm(pool), 1),
    "substitutes?": isFlag,
    tasks: array(task, 1),
  });
}

const isFlag = form((value) => value === 1);
const isEverything = (value) => canonical(value) === '["and"]';

function boundsForm(value, path) {
  object({ least: form(isCount(0)), most: form(isCount(1)) })(value, path);
  need(value.least <= value.most, "bounds_form", { path });
}

/** §15.6: the four forms of a relaxation, told apart by what they change. */
function relaxationForm(pool) {
  const slot = form(isText),
    near = object({ district: slot, from: array(slot, 1) });
  return either(
    ["cap", object({ cap: form(isCount(1)) })],
    ["district", object({ slot, district: form((value) => value === "any") })],
    ["neighbours", object({ slot, neighbours: array(near, 1) })],
    ["pool", object({ slot, pool })],
  );
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
  plan.tasks.forEach((task, i) => at({ path: `.tasks[${i}]` }, () => checkTask(plan, task, known)));
  (plan.relaxations ?? []).forEach((relaxation, i) =>
    at({ path: `.relaxations[${i}]` }, () => checkRelaxation(plan, relaxation)),
  );
  if (plan.teams !== undefined) {
    const named = plan.tasks.map((task) => canonical([...task.slots].sort()));
    need(new Set(named).size === 1, "teams_slots", { path: ".teams" });
    need(
      plan.slots.every(({ district }) => district === "any"),
      "teams_district",
      { path: ".teams" },
    );
  }
}

function checkTask(plan, task, known) {
  need(
    task.slots.every((slot) => known.has(slot)),
    "slot_unknown",
  );
  need(areDistinct(task.slots), "twice");
  const two = plan.slots.filter(({ id, extra }) => task.slots.includes(id) && extra === undefined);
  need(two.length >= 2, "slots_two");
  const tiers = task.tiers ?? [];
  need(areDistinct(tiers.map((tier) => tier.id)), "twice");
  for (const { key, quota, bounds, waves } of tiers) {
    need(bounds === undefined || key !== undefined, "bounds_key");
    need(waves === undefined || (key === undefined && "all" in quota), "waves_form");
  }
}

/** §15.6: the slot is one of the plan's; neighbours are of a slot for those at home, each district named once. */
function checkRelaxation(plan, { slot: id, neighbours }) {
  if (id === undefined) return;
  const slot = plan.slots.find((each) => each.id === id);
  need(slot !== undefined, "slot_unknown");
  if (neighbours === undefined) return;
  need(slot.district === "home", "neighbours_home");
  need(areDistinct(neighbours.map(({ district }) => district)), "twice");
}

// ------------------------------------------------------------------------------------------------- §8 records
const STATUSES = ["in_business", "revoked", "deregistered", "withdrawn", "moved_out"];
const aliasesForm = (aliases) => object(Object.fromEntries(aliases.map((alias) => [`${alias}?`, form(isName)])));

const listsForm = (listed) => {
  const isListed = listed ? (id) => listed.includes(id) : isIdentifier;
  return form((value) => Array.isArray(value) && value.length > 0 && value.every(isListed) && isAscending(value));
};
const visitsForm = form(
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(isDate) &&
    value.every((day, i) => i === 0 || value[i - 1] <= day),
);

/** §8: a record of its form, whose id comes after the one before. */
function checkRecord(check, record, line, before) {
  const id = dig(record, "id");
  at({ line, ...(isText(id) && { id }) }, () => {
    check(record);
    need(before === undefined || compareText(before, id) < 0, "order");
  });
}

/** §8: an entity record over the plan's aliases (any aliases, if none are given) and its listed tasks. */
function entityForm(aliases, listed) {
  const columns = aliases ? aliasesForm(aliases) : columnsForm;
  const members = { id: form(isName), name: form(isText), columns };
  members.status = form(isOneOf(...STATUSES));
  members["visits?"] = visitsForm;
  members["lists?"] = listsForm(listed);
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
  "expert?": isFlag,
  "most?": form(isCount(0)),
});

/** §8: from one entity, from all with a value in a column, or two inspectors from each other. */
function recusalForm(aliases) {
  const name = form(isName);
  const pair = object({ colleague: name, inspector: name });
  return either(
    ["entity", object({ inspector: name, entity: name })],
    [
      "colleague",
      (value, path) => {
        pair(value, path);
        need(compareText(value.colleague, value.inspector) < 0, "order", { path });
      },
    ],
    ["column", object({ inspector: name, column: form((value) => aliases.includes(value)), value: name })],
  );
}

/** §13: the first reason why an inspector is not eligible, or "". */
function leftOut(inspector, window) {
  if ("undrawable" in inspector) return "undrawable";
  if ("expert" in inspector) return "";
  if (inspector.certificates.length === 0) return "no_certificate";
  const valid = inspector.certificates.filter((one) => !("cancelled" in one));
  if (valid.length === 0) return "cancelled";
  const covers = (one) => !(one.from > window.from) && !(one.to < window.to); // absent: no limit
  return valid.some(covers) ? "" : "expired";
}
