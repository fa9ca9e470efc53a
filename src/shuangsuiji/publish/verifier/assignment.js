// §15: the second draw: components, relaxations, fixed teams.

/** §15.1: slots by number, ascending, in components: those whose pools hang together, or have incompatible inspectors. */
function components(slots, count, apart) {
  const parent = Int32Array.from({ length: count }, (_, j) => j),
    pools = new Set(slots.map(({ pool }) => pool)),
    taking = new Uint8Array(count);
  const find = (j) => {
    while (parent[j] !== j) j = parent[j] = parent[parent[j]];
    return j;
  };
  for (const pool of pools) {
    for (const j of pool) {
      taking[j] = 1;
      parent[find(j)] = find(pool[0]);
    }
  }
  for (const [j, others] of apart) {
    for (const other of others) if (taking[j] && taking[other]) parent[find(j)] = find(other);
  }
  const parts = new Map();
  slots.forEach(({ pool }, number) => {
    const part = find(pool[0]);
    if (!parts.has(part)) parts.set(part, []);
    parts.get(part).push(number);
  });
  return [...parts.values()];
}

/** §15.1: the slots with widened recusal sets; `apart` tells who is incompatible with whom. */
function widened(slots, apart) {
  if (apart.size === 0) return slots;
  const teams = new Map(),
    sets = new Map();
  for (const slot of slots) teams.set(slot.block, [...(teams.get(slot.block) ?? []), slot]);
  for (const [block, team] of teams) {
    let recused = team[0].recused;
    for (;;) {
      const able = team.map(({ pool }) => Array.from(pool).filter((j) => !recused.has(j)));
      const out = ([x, foes]) => !recused.has(x) && able.some((who) => who.length && who.every((j) => foes.has(j)));
      const joining = [...apart].filter(out).map(([x]) => x);
      if (joining.length === 0) break;
      recused = new Set([...recused, ...joining]);
    }
    sets.set(block, recused);
  }
  return slots.map((slot) => ({ ...slot, recused: sets.get(slot.block) }));
}

/**
 * §15: the inspector (by number) of each slot; throws a Short where there is none. `caps` are those of all inspectors,
 * `apart` tells who is incompatible with whom, `keyOf` gives the key of a component by its first slot.
 */
function assign(slots, caps, apart, keyOf, progress) {
  const empty = slots.findIndex(({ pool }) => pool.length === 0);
  if (empty >= 0) throw new Short("pool", [empty]);
  const team = new Int32Array(slots.length);
  const wide = widened(slots, apart);
  for (const numbers of components(slots, caps.length, apart)) {
    const { people, ...part } = local(
      numbers.map((number) => wide[number]),
      caps,
      apart,
    );
    const component = new Component({ ...part, key: keyOf(numbers[0]) });
    try {
      component.run(progress).forEach((j, s) => (team[numbers[s]] = people[j]));
    } catch (short) {
      if (!(short instanceof Short)) throw short;
      const named = (list, of) => Array.from(list, (i) => of[i]).sort((a, b) => a - b);
      throw new Short(short.why, named(short.slots, numbers), named(short.inspectors, people));
    }
  }
  return team;
}

/** §15.1: the slots of a component, with its inspectors numbered anew in ascending order. */
function local(part, caps, apart) {
  const distinct = [...new Set(part.map(({ pool }) => pool))],
    people = Int32Array.from(new Set(distinct.flatMap((pool) => [...pool]))).sort();
  const number = new Map(Array.from(people, (person, j) => [person, j])),
    here = (set) => new Set([...set].flatMap((person) => (number.has(person) ? [number.get(person)] : [])));
  const place = new Map(distinct.map((pool, p) => [pool, p])),
    sets = new Map();
  for (const { recused } of part) if (!sets.has(recused)) sets.set(recused, here(recused));
  return {
    people,
    pools: distinct.map((pool) => Array.from(pool, (person) => number.get(person))),
    poolOf: part.map(({ pool }) => place.get(pool)),
    blocks: part.map(({ block }) => block),
    recused: part.map(({ recused }) => sets.get(recused)),
    caps: Array.from(people, (person) => caps[person]),
    apart: Array.from(people, (person) => apart.has(person) && here(apart.get(person))),
  };
}

/** §15.6: the plan with the first so many of its relaxations in force. */
function relaxed(plan, count) {
  const slots = new Map(plan.slots.map((slot) => [slot.id, { ...slot }])),
    most = plan.blocks.max_per_inspector;
  let max_per_inspector = most;
  for (const { cap, slot: id, district, neighbours, pool } of (plan.relaxations ?? []).slice(0, count)) {
    if (cap !== undefined) max_per_inspector = Math.max(most, cap);
    else Object.assign(slots.get(id), district ? { district } : neighbours ? { neighbours } : { pool });
  }
  return { ...plan, slots: [...slots.values()], blocks: { ...plan.blocks, max_per_inspector } };
}

/** §15: how many slots each inspector takes at most. */
const capsOf = (plan, inspectors) =>
  inspectors.map(({ most = Infinity }) => Math.min(most, plan.blocks.max_per_inspector));

/** §15.8: the fixed teams, each a list of inspectors' numbers in the order of the slots. */
function drawTeams(plan, { inspectors, recusals, keys, progress }) {
  const named = slotsNamed(plan)([plan.tasks[0].id]),
    pools = new Pools(inspectors, plan.window),
    nobody = new Set();
  const slots = Array.from({ length: plan.teams }, (_, block) =>
    named.map((slot) => ({ block, pool: pools.of(slot, ""), recused: nobody })),
  ).flat();
  const caps = inspectors.map(({ most }) => (most === 0 ? 0 : 1));
  try {
    const own = assign(slots, caps, recusals.apart, (first) => keys("teams", u64(first)), progress);
    return Array.from({ length: plan.teams }, (_, t) => own.subarray(t * named.length, (t + 1) * named.length));
  } catch (short) {
    throw short instanceof Short ? new Short("teams", short.slots, short.inspectors) : short;
  }
}

/** §15.8: the inspectors of all slots, each block having drawn a team. */
function drawBlocksOfTeams(plan, slots, given) {
  const { inspectors, recused, keys, progress } = given,
    teams = drawTeams(plan, given),
    caps = capsOf(plan, inspectors);
  const all = Int32Array.from(teams.keys()),
    capOf = (team) => team.reduce((least, person) => Math.min(least, caps[person]), Infinity);
  const alike = new Map(); // recusal sets of teams, by those of inspectors
  const against = (set) => {
    if (!alike.has(set)) alike.set(set, new Set(all.filter((t) => teams[t].some((person) => set.has(person)))));
    return alike.get(set);
  };
  const blocks = recused.map((set, block) => ({ block, pool: all, recused: against(set) }));
  try {
    const keyOf = (first) => keys("component", u64(first));
    const own = assign(blocks, teams.map(capOf), new Map(), keyOf, progress);
    return Int32Array.from([...own].flatMap((team) => [...teams[team]]));
  } catch (short) {
    if (!(short instanceof Short)) throw short;
    const members = short.inspectors.flatMap((team) => [...teams[team]]).sort((a, b) => a - b);
    throw new Short(short.why, short.slots, members);
  }
}

/**
 * §15: the second draw. What it gives: the lines of shortages.jsonl, how many relaxations were applied, the plan with
 * these in force, and, unless every attempt failed, all slots and the inspector of each.
 */
function secondDraw(plan, blocks, inspectors, recusals, columnsOf, keys, progress) {
  const recused = recusalSets(blocks, recusals, columnsOf),
    shortages = [],
    attempts = plan.relaxations?.length ?? 0;
  const given = { inspectors, recusals, recused, keys, progress };
  for (let applied = 0; applied <= attempts; applied++) {
    const now = relaxed(plan, applied);
    try {
      const slots = makeSlots(now, blocks, inspectors, recused);
      const team = plan.teams
        ? drawBlocksOfTeams(now, slots, given)
        : assign(slots, capsOf(now, inspectors), recusals.apart, (first) => keys("component", u64(first)), progress);
      return { shortages, applied, plan: now, slots, team };
    } catch (short) {
      if (!(short instanceof Short)) throw short;
      const ids = short.inspectors.map((person) => inspectors[person].id);
      shortages.push({ inspectors: ids, relaxations: applied, slots: short.slots, why: short.why });
    }
  }
  return { shortages, applied: attempts, plan: relaxed(plan, attempts) };
}

/** §15.7: the lines of blocks.jsonl. */
function teamLines(blocks, { slots, team }, inspectors) {
  if (!team) return blocks;
  const teams = blocks.map((block) => ({ ...block, team: [] }));
  slots.forEach(({ block, id }, s) => teams[block - 1].team.push({ inspector: inspectors[team[s]].id, slot: id }));
  return teams;
}

/**
 * §15: everyone from the pool, nobody recused, nobody twice in a block, with one incompatible, or above his cap.
 * How many people there are, and the greatest load.
 */
function checkLawful({ slots, team, plan }, inspectors, recusals) {
  const loads = new Map(),
    blocks = new Map(),
    caps = capsOf(plan, inspectors);
  slots.forEach(({ block, pool, recused }, s) => {
    const person = team[s],
      others = blocks.get(block) ?? [];
    const alone = others.every((other) => other !== person && !recusals.areApart(person, other));
    need(has(pool, person) && !recused.has(person) && alone, "unlawful", { line: block });
    blocks.set(block, [...others, person]);
    loads.set(person, (loads.get(person) ?? 0) + 1);
  });
  for (const [person, load] of loads) need(load <= caps[person], "unlawful", { id: inspectors[person].id });
  return { people: loads.size, most: [...loads.values()].reduce((a, b) => Math.max(a, b), 0) };
}
