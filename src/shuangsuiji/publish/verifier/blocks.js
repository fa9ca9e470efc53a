// §14: blocks, their slots, the pools and recusal sets of these.

/** §14: blocks without teams. `targets` are {id, tasks, wave, district}. */
function makeBlocks(plan, targets, sealer, keys) {
  const groups = new Map();
  for (const { id, tasks, wave, district } of targets) {
    const name = canonical([district, tasks, wave]);
    if (!groups.has(name)) groups.set(name, { name, district, tasks, wave, members: [] });
    groups.get(name).members.push({ id, order: hex(keys("block-order", sealer.salt(id))) });
  }
  const blocks = [];
  for (const { district, tasks, wave, members } of [...groups.values()].sort((a, b) => compareText(a.name, b.name))) {
    members.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : compareText(a.id, b.id)));
    const ids = members.map(({ id }) => id),
      starts = cuts(ids.length, Math.ceil(ids.length / plan.blocks.max_targets));
    for (let part = 0; part + 1 < starts.length; part++) {
      const own = ids.slice(starts[part], starts[part + 1]);
      blocks.push({ block: blocks.length + 1, district, targets: own, tasks, ...(wave && { wave }) });
    }
  }
  return blocks;
}

const CAPACITY = 2 ** 27; // entries of all pools, or of all recusal sets, that this page has room for

/** §14: of some tasks, the slots of the plan that they name, in the plan's order. */
function slotsNamed(plan) {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task])),
    known = new Map();
  return (ids) => {
    const name = canonical(ids);
    if (!known.has(name)) {
      const named = new Set(ids.flatMap((id) => tasks.get(id).slots));
      known.set(
        name,
        plan.slots.filter(({ id }) => named.has(id)),
      );
    }
    return known.get(name);
  };
}

/** §14: the slots of all blocks, as {block, id, pool, recused}; pools are lists of inspectors' numbers, equal ones shared. */
function makeSlots(plan, blocks, inspectors, recused) {
  const pools = new Pools(inspectors, plan.window),
    named = slotsNamed(plan);
  return blocks.flatMap(({ block, district, tasks }) =>
    named(tasks).map((slot) => ({
      block,
      id: slot.id,
      pool: pools.of(slot, district),
      recused: recused[block - 1],
    })),
  );
}

/** §14, §15.6: the pools of slots, by the district of their block. */
class Pools {
  constructor(inspectors, window) {
    this.eligible = inspectors.flatMap((person, number) => (leftOut(person, window) ? [] : [{ person, number }]));
    this.districts = new Set(this.eligible.map(({ person }) => person.district));
    this.byKey = new Map();
    this.byContent = new Map();
    this.entries = 0;
  }

  of(slot, district) {
    const also = slot.neighbours?.find((one) => one.district === district)?.from ?? [];
    // Districts where nobody lives are all alike, and "any" does not ask.
    const alike = slot.district === "any" || (!this.districts.has(district) && also.length === 0);
    const key = canonical([slot.id, alike ? "" : `=${district}`]);
    if (!this.byKey.has(key)) this.byKey.set(key, this.make(slot, district, also));
    return this.byKey.get(key);
  }

  make(slot, district, also) {
    const fits = compile(slot.pool, inspectorField);
    const near = {
      any: () => true,
      home: (home) => home === district || also.includes(home),
      away: (home) => home !== district,
    }[slot.district];
    const pool = this.eligible
      .filter(({ person }) => near(person.district) && fits(person) && (slot.extra || !person.expert))
      .map(({ number }) => number);
    if ((this.entries += pool.length) > CAPACITY) throw new Beyond();
    const content = pool.join();
    if (!this.byContent.has(content)) this.byContent.set(content, Int32Array.from(pool));
    return this.byContent.get(content);
  }
}

/** §8: who is recused from whom: numbers of inspectors by entity, or by column and value; and from one another. */
class Recusals {
  constructor(inspectors, recusals) {
    const number = new Map(inspectors.map(({ id }, i) => [id, i]));
    this.against = new Map();
    this.apart = new Map(); // by number: the set of those incompatible
    this.aliases = new Set(recusals.flatMap(({ column }) => (column === undefined ? [] : [column])));
    const add = (map, key, set) => map.set(key, (map.get(key) ?? new Set()).add(set));
    for (const { inspector, entity, column, value, colleague } of recusals) {
      const person = number.get(inspector),
        other = number.get(colleague);
      if (person === undefined) continue;
      if (colleague === undefined)
        add(this.against, canonical(entity === undefined ? [column, value] : [entity]), person);
      else if (other !== undefined) {
        add(this.apart, person, other);
        add(this.apart, other, person);
      }
    }
  }

  /** Those recused from an entity. */
  of(id, columns) {
    const keys = [[id], ...Object.entries(columns).filter(([alias]) => this.aliases.has(alias))];
    return keys.flatMap((key) => [...(this.against.get(canonical(key)) ?? [])]);
  }

  areApart(a, b) {
    return this.apart.get(a)?.has(b) ?? false;
  }
}

/** §14: the recusal set of each block, as numbers of inspectors; `columnsOf` gives a target's columns. */
function recusalSets(blocks, recusals, columnsOf) {
  let entries = 0;
  return blocks.map(({ targets }) => {
    const set = new Set(targets.flatMap((id) => recusals.of(id, columnsOf(id))));
    if ((entries += set.size) > CAPACITY) throw new Beyond();
    return set;
  });
}
