// §19: the records after the seed: a draw declared void, persons and targets replaced.

const base = {
  approver: form(isName),
  kind: form(isText),
  operator: form(isName),
  prev: form(isDigest),
  reason: form(isName),
  seq: form(isCount(1)),
  time: form(isTime),
};
const placesForm = array(object({ block: form(isCount(1)), slot: form(isText), targets: array(form(isName), 1) }), 1);
const becauseForm = form(isOneOf("unable", "recusal"));
const valuesForm = form(Array.isArray),
  idsForm = (least) => array(form(isText), least);
const recordForms = {
  void: object(base),
  request: either(
    ["target", object({ ...base, values: valuesForm, target: form(isName) })],
    ["places", object({ ...base, values: valuesForm, places: placesForm, because: becauseForm })],
  ),
  outcome: either(
    ["target", object({ ...base, values: valuesForm, request: form(isCount(1)), target: form(isText) })],
    ["inspectors", object({ ...base, values: valuesForm, request: form(isCount(1)), inspectors: idsForm(0) })],
  ),
  urgent: object({ ...base, places: placesForm, inspectors: idsForm(1) }),
};

const NOBODY = -1;

/** A slot of one target, and all of them in places. */
const nameOfPlace = (slot, id) => canonical([slot, id]);
const namesOf = (places) => places.flatMap(({ slot, targets }) => targets.map((id) => nameOfPlace(slot, id)));

/** §19: the targets and their teams as they stand after some records. `draw` is what a Draw's steps have found. */
class Standing {
  constructor(draw) {
    Object.assign(this, draw); // plan (with the relaxations applied), blocks, inspectors, recusals, pools, targets, ...
    this.number = new Map(this.inspectors.map(({ id }, j) => [id, j]));
    this.slots = new Map(this.plan.slots.map((slot) => [slot.id, slot]));
    this.teams = this.blocks.map(
      ({ team = [] }) => new Map(team.map(({ inspector, slot }) => [slot, this.number.get(inspector)])),
    );
    this.lists = this.blocks.map(({ targets }) => [...targets]);
    this.loads = new Map();
    for (const team of this.teams) for (const j of team.values()) this.loads.set(j, (this.loads.get(j) ?? 0) + 1);
    this.caps = capsOf(this.plan, this.inspectors);
    this.found = new Map(this.targets.map(({ id, rank, tasks }) => [id, { rank, tasks }])); // those that are targets now
    this.lists.forEach((ids, b) => ids.forEach((id) => (this.found.get(id).block = b)));
    this.ever = new Set(this.targets.map(({ rank }) => rank));
    this.own = new Map(); // by target: where it has another team than its block
    this.gone = new Set();
    this.refused = new Map(); // by target: {slot, old} of the requests because of a recusal
  }

  /** The inspector of a target in a slot. */
  holder(id, slot) {
    return (this.own.get(id) ?? this.teams[this.found.get(id).block]).get(slot);
  }

  give(id, slot, j) {
    if (!this.own.has(id)) this.own.set(id, new Map(this.teams[this.found.get(id).block]));
    this.own.get(id).set(slot, j);
  }

  /** The places as they stand, each with its old inspector; refuses places of another form. */
  places(places) {
    const twice = new Set();
    return places.map(({ block, slot, targets }, i) =>
      at({ path: `.places[${i}]` }, () => {
        const list = this.lists[block - 1];
        need(list && this.teams[block - 1].has(slot), "place_unknown");
        const order = targets.map((id) => list.indexOf(id));
        need(
          order.every((number, t) => number >= 0 && (t === 0 || order[t - 1] < number)),
          "place_targets",
        );
        const old = this.holder(targets[0], slot);
        need(
          targets.every((id) => this.holder(id, slot) === old),
          "place_several",
        );
        for (const id of targets) {
          const name = nameOfPlace(slot, id);
          need(!twice.has(name), "twice");
          twice.add(name);
        }
        return { block, slot, targets, old };
      }),
    );
  }

  candidates({ block, slot, targets, old }) {
    const pool = this.pools.of(this.slots.get(slot), this.blocks[block - 1].district);
    const against = new Set(),
      mates = new Set();
    for (const id of targets) {
      for (const j of this.recusals.of(id, this.recordAt(this.found.get(id).rank).columns)) against.add(j);
      for (const { old: j } of this.refused.get(id) ?? []) against.add(j);
      for (const other of this.teams[block - 1].keys()) if (other !== slot) mates.add(this.holder(id, other));
    }
    const fits = (j) =>
      j !== old &&
      !this.gone.has(j) &&
      (this.loads.get(j) ?? 0) < this.caps[j] &&
      !against.has(j) &&
      !mates.has(j) &&
      [...mates].every((mate) => !this.recusals.areApart(j, mate));
    return Array.from(pool).filter(fits);
  }

  /** Replace the persons of places; `choose` picks one of the candidates. The ids of those who take over, or "". */
  replace(places, because, choose) {
    const standing = this.places(places);
    if (because !== "recusal") for (const { old } of standing) if (old !== NOBODY) this.gone.add(old);
    return standing.map((place) => {
      const candidates = this.candidates(place),
        j = candidates.length ? choose(candidates, place) : NOBODY;
      for (const id of place.targets) this.give(id, place.slot, j);
      if (j !== NOBODY) this.loads.set(j, (this.loads.get(j) ?? 0) + 1);
      return j === NOBODY ? "" : this.inspectors[j].id;
    });
  }

  leastLoaded(candidates, stream) {
    const load = (j) => this.loads.get(j) ?? 0,
      least = candidates.reduce((low, j) => Math.min(low, load(j)), Infinity);
    const ties = candidates.filter((j) => load(j) === least);
    return ties[stream.below(ties.length)];
  }

  substitute(candidates, { block, slot }) {
    const key = (j) => hex(this.keys("substitute", u64(block), utf8(slot), utf8(this.inspectors[j].id)));
    return candidates.map((j) => [key(j), j]).sort(([a], [b]) => (a < b ? -1 : 1))[0][1];
  }

  isReplaceable(id) {
    const listed = new Set(this.tasks.filter((task) => task.listed).map((task) => task.id));
    return this.found.has(id) && this.found.get(id).tasks.every((task) => !listed.has(task));
  }

  /** The ranks of those that may take the place of a target. */
  others(id) {
    const { rank, tasks, block } = this.found.get(id);
    const strata = tasks.map((task) =>
      this.tasks
        .find((one) => one.id === task)
        .tiers.flatMap((tier) => tier.strata)
        .find(({ ranks }) => has(ranks, rank)),
    );
    const [first, ...rest] = strata.sort((a, b) => a.ranks.length - b.ranks.length);
    const team = new Set([...this.teams[block].keys()].map((slot) => this.holder(id, slot)));
    return Array.from(first.ranks).filter((other) => {
      if (this.ever.has(other) || !rest.every(({ ranks }) => has(ranks, other))) return false;
      const record = this.recordAt(other);
      if (districtOf(this.plan, record) !== this.blocks[block].district) return false;
      return !this.recusals.of(record.id, record.columns).some((j) => team.has(j));
    });
  }

  /** Replace a target; its id or "" if there is none. */
  replaceTarget(id, stream) {
    const ranks = this.others(id);
    if (ranks.length === 0) return "";
    const rank = ranks[stream.below(ranks.length)],
      { id: next } = this.recordAt(rank),
      was = this.found.get(id);
    this.lists[was.block][this.lists[was.block].indexOf(id)] = next;
    this.found.delete(id);
    this.found.set(next, { ...was, rank });
    this.ever.add(rank);
    if (this.own.has(id)) this.own.set(next, this.own.get(id));
    this.own.delete(id);
    return next;
  }
}

/** §14: the district of an entity. */
const districtOf = (plan, { columns }) => (plan.district && dig(columns, plan.district)) ?? "";

/** §19: the chain of the records, their places in the log, and what follows from each of them. */
class Records {
  constructor(draw) {
    Object.assign(this, { draw, mode: draw.mode, head: draw.result, time: "", open: new Map() });
    this.announced = [...draw.announced];
    this.kinds = new Map();
  }

  /** What is not needed for a draw without records, or only declared void, is made when it is needed. */
  get standing() {
    return (this.standing_ ??= new Standing(this.draw));
  }

  take(record, number, entry) {
    const { kind } = record ?? {};
    need(isText(kind) && Object.hasOwn(recordForms, kind), "form", { path: ".kind" });
    recordForms[kind](record);
    need(!this.void, "record_after_void");
    need(record.seq === number && record.prev === this.head && record.time >= this.time, "record_chain");
    this.head = hex(tagged(`${this.mode}/record`, cj(record)));
    this.time = record.time;
    need(entry !== undefined, "record_log");
    const told = { operator: entry.operator, time: entry.time, record: dig(entry.details, "record") };
    const { operator, time } = record;
    need(difference({ operator, time, record: this.head }, told) === undefined, "record_log", { entry: entry.seq });
    need(kind === "void" || this.draw.blocks.every(({ team }) => team), "record_void_only");
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this[`take_${kind}`](record);
  }

  take_void(record) {
    this.void = record;
  }

  take_request(record) {
    const { places, because, values, target, seq } = record;
    checkAnnounced(values, ".values");
    checkFresh(values, this.announced, ".values");
    const explicit = values.flatMap(drawingsOf).some(({ source }) => source === "explicit");
    need(this.mode === "rehearsal" || !explicit, "value_explicit", { path: ".values" });
    this.announced.push(...values);
    let olds;
    if (target !== undefined) need(this.standing.isReplaceable(target), "record_target", { path: ".target" });
    else {
      const standing = this.standing.places(places);
      if (because === "recusal") this.refuse(standing);
      olds = standing.map(({ old }) => old);
    }
    this.open.set(seq, { ...record, digest: this.head, olds });
  }

  /** An enterprise asks that somebody does not come. */
  refuse(standing) {
    const [{ slot, targets, old }] = standing,
      [id] = targets,
      before = this.standing.refused.get(id) ?? [];
    need(standing.length === 1 && targets.length === 1, "place_recusal", { path: ".places" });
    need(!before.some((one) => one.slot === slot), "record_recusal_again", { path: ".places" });
    this.standing.refused.set(id, [...before, { slot, old }]);
  }

  take_outcome({ request: number, values, inspectors, target }) {
    const [[earliest, request] = []] = this.open;
    need(request && number === earliest, "record_request", { path: ".request" });
    this.open.delete(number);
    checkValues(this.mode, request.values, values);
    const stream = new Stream(tagged(`${this.mode}/key/records`, unhex(request.digest), cj(values)));
    if (this.hasLapsed(request)) {
      same(request.target === undefined ? [] : "", inspectors ?? target, {}, inspectors ? ".inspectors" : ".target");
      return;
    }
    if (request.target !== undefined) {
      same(this.standing.replaceTarget(request.target, stream), target, {}, ".target");
      return;
    }
    const choose = (candidates) => this.standing.leastLoaded(candidates, stream);
    same(this.standing.replace(request.places, request.because, choose), inspectors, {}, ".inspectors");
  }

  /** Whether records since have left a request without its target, its places, or the persons in them. */
  hasLapsed({ target, places, olds }) {
    if (target !== undefined) return !this.standing.found.has(target);
    try {
      return this.standing.places(places).some(({ old }, i) => old !== olds[i]);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return true;
    }
  }

  /** The slots and targets for whose persons fresh values are asked. */
  waiting() {
    const open = [...this.open.values()].filter((request) => request.places && !this.hasLapsed(request));
    return new Set(open.flatMap(({ places }) => namesOf(places)));
  }

  take_urgent({ places, inspectors }) {
    need(this.draw.plan.substitutes, "record_urgent");
    const waiting = this.waiting();
    need(!namesOf(places).some((name) => waiting.has(name)), "record_waiting", { path: ".places" });
    const choose = (candidates, place) => this.standing.substitute(candidates, place);
    same(this.standing.replace(places, "unable", choose), inspectors, {}, ".inspectors");
  }
}

/** §19: all records, with the entries of the log that belong to them. */
function checkRecords(lines, entries, draw) {
  const records = new Records(draw);
  lines.forEach((record, i) => at({ line: i + 1 }, () => records.take(record, i + 1, entries[i])));
  need(entries.length === lines.length, "record_log", { entry: entries[lines.length]?.seq });
  return records;
}
