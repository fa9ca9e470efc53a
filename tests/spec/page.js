// The browser verifier's functions, section by section, as the test vectors ask for them (§22): one entry for each file.
// It is run behind the page's own worker code; what each question means is said in docs/spec/v1/scenarios/reference.py.

const entriesOf = (map) => Object.fromEntries(map);
const linesOf = (values) => ((bytes) => new Lines(bytes, 0, bytes.length))(jsonLines(values));
const drawOf = ({ mode, draw, salt_key }) => ({ mode, number: draw, saltKey: unhex(salt_key) });

/** A failure of the section as the class that the vectors expect. */
function refusing(failure, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) error.failure = failure;
    throw error;
  }
}

/** The steps of an auditor's bundle over the inputs of a draw, as far as the lists are sealed and the strata made. */
function prepared(inputs) {
  const steps = new Auditor(new Uint8Array(), "auditor", () => {});
  steps.plan_ = inputs.plan;
  steps.aliases = Object.keys(inputs.plan.columns);
  steps.draw = drawOf(inputs);
  steps.mode = inputs.mode;
  steps.number = inputs.draw;
  steps.inspectors = inputs.inspectors;
  steps.recusals = inputs.recusals;
  steps.json["entities.jsonl"] = linesOf(inputs.entities);
  steps.sealed = new Sealed(steps.sealEntities(steps.json["entities.jsonl"]));
  steps.tasks = refusing("strata", () => stratify(steps.sorter, steps.sealed));
  return steps;
}

function firstLines(steps, inputs, seed) {
  const keys = keysOf(inputs.mode, "targets", seed);
  const { strata, drawn } = firstDraw(steps.tasks, makeTickets(keys("tickets"), steps.sealed.words), keys, () => {});
  steps.drawn = steps.drawnTargets(drawn, steps.sealed.lines);
  return { strata, targets: steps.drawn.map(({ id, tasks, wave }) => ({ id, tasks, ...(wave && { wave }) })) };
}

/** The two statements and commitments, of these inputs. */
function committed(inputs) {
  const steps = prepared(inputs),
    root = (sealed) => hex(sealed.root());
  const sealer = new Sealer(steps.draw, "inspector"),
    people = linesOf(inputs.inspectors);
  const words = new Int32Array(8 * people.length);
  inputs.inspectors.forEach(({ id }, i) =>
    sealer.leaf(id, people.bytes, people.starts[i], people.starts[i + 1] - 1, words, 8 * i),
  );
  const plan = hex(tagged("plan", cj(inputs.plan))),
    given = { values: inputs.announced, predecessor: inputs.predecessor, late: inputs.late?.announced };
  return statementsOf(steps.plan_, plan, steps.draw, given, {
    registry: { root: root(steps.sealed), size: inputs.entities.length },
    tasks: tasksStatement(steps.tasks),
    pool: { root: root(new Sealed(words)), size: inputs.inspectors.length },
    recusals: { digest: recusalsDigest(steps.draw, jsonLines(inputs.recusals)), size: inputs.recusals.length },
  });
}

/** The seeds of both stages; a late seal has contributions and values of its own. */
function seedsOf(mode, commitments, first, late) {
  const seed = (stage, { contributions, values }) =>
    makeSeed(mode, stage, commitments[stage], {
      closing: { commitment: commitments[late && stage === "inspectors" ? stage : "targets"], contributions },
      values,
    });
  return { targets: seed("targets", first), inspectors: seed("inspectors", late ?? first) };
}

/** The whole draw of these inputs: the lines of its results, and what the records after it need. */
function drawn(inputs) {
  const steps = prepared(inputs),
    { commitments } = committed(inputs),
    { mode, plan, inspectors } = inputs;
  const seeds = seedsOf(mode, commitments, inputs, inputs.late),
    keys = keysOf(mode, "inspectors", seeds.inspectors);
  const { strata, targets } = firstLines(steps, inputs, seeds.targets);
  const bare = makeBlocks(plan, steps.drawn, new Sealer(steps.draw, "entity"), keys),
    columns = new Map(steps.drawn.map((target) => [target.id, target.columns])),
    recusals = new Recusals(inspectors, inputs.recusals);
  const made = secondDraw(
    plan,
    bare,
    inspectors,
    recusals,
    (id) => columns.get(id),
    keys,
    () => {},
  );
  if (made.team) refusing("assignment", () => checkLawful(made, inspectors, recusals));
  const blocks = teamLines(bare, made, inspectors);
  const salt = new Sealer(steps.draw, "result").salt();
  const result = hex(tagged(`${mode}/result`, salt, ...[strata, targets, blocks].map(jsonLines)));
  const after = {
    ...{ mode, result, plan: made.plan, blocks, inspectors, recusals, keys, targets: steps.drawn, tasks: steps.tasks },
    pools: new Pools(inspectors, plan.window),
    announced: [...inputs.announced, ...(inputs.late?.announced ?? [])],
    recordAt: (rank) => inputs.entities[steps.sealed.lines[rank]],
  };
  return { lines: { strata, targets, blocks, shortages: made.shortages, result }, after };
}

/** The names of the notices of a draw with these inputs. */
function notices(inputs, stamp, late) {
  const { targets, inspectors } = committed(inputs).commitments,
    registry = inputs.entities.length,
    lists = { inspectors: inputs.inspectors.length, recusals: inputs.recusals.length };
  const given = { plan: inputs.plan, mode: inputs.mode, draw: inputs.draw };
  const make = (stamped, contributors, committed, values, sizes) =>
    makeNotice({ ...stamped, contributors }, { ...given, committed, values, sizes });
  if (!late)
    return {
      notice: make(stamp, inputs.contributors, { targets, inspectors }, inputs.announced, { ...lists, registry }),
    };
  const own = inputs.late;
  return {
    notice: make(stamp, inputs.contributors, { targets }, inputs.announced, { registry }),
    late: make(late, own.contributors, { inspectors }, own.announced, lists),
  };
}

/** What a method that reads lists is asked on. */
const reader = () => new Auditor(new Uint8Array(), "auditor", () => {});

const answers = {
  encode: ({ value }) => hex(cj(value)),
  decode: ({ data }) => refusing("invalid", () => decode(unhex(data))),
  decode_lines: ({ data }) =>
    refusing("invalid", () => ((bytes) => new Lines(bytes, 0, bytes.length).all())(unhex(data))),
  tagged: ({ mode, name, fields }) => hex(tagged(mode ? `${mode}/${name}` : name, ...fields.map(unhex))),
  root: ({ data }) => {
    const tree = new Tree();
    for (const one of data.map(unhex)) {
      if (one.length === 32) tree.node(leafHashes(wordsOf(one)));
      else tree.node(wordsOf(sha256(new Uint8Array(1), one)));
    }
    return hex(tree.root());
  },
  path: ({ data, index }) => {
    const tree = (leaves) => {
      const all = new Tree();
      for (const leaf of leaves) all.node(wordsOf(sha256(new Uint8Array(1), unhex(leaf))));
      return hex(all.root());
    };
    const walk = (leaves, m) => {
      if (leaves.length === 1) return [];
      const k = 2 ** Math.floor(Math.log2(leaves.length - 1)),
        [left, right] = [leaves.slice(0, k), leaves.slice(k)];
      return m < k ? [...walk(left, m), tree(right)] : [...walk(right, m - k), tree(left)];
    };
    return walk(data, index);
  },
  lead: ({ leaf, index, size, path }) => {
    const found = index >= 0 && lead(unhex(leaf), index, size, path.map(unhex));
    refusing("invalid", () => need(found, "path"));
    return hex(found);
  },
  words: ({ key, count }) => {
    const stream = new Stream(unhex(key)),
      word = (half) => half.toString(16).padStart(8, "0");
    return Array.from({ length: count }, () => (stream.next(), word(stream.high) + word(stream.low)));
  },
  below: ({ key, bounds }) => {
    const stream = new Stream(unhex(key));
    return bounds.map((n) => String(+n < 2 ** 53 ? stream.below(+n) : stream.belowBig(BigInt(n))));
  },
  shuffle: ({ key, length }) => {
    const items = Array.from({ length }, (_, i) => i);
    new Stream(unhex(key)).shuffle(items);
    return items;
  },
  predicate: ({ kind, columns, predicate, record }) => {
    const entity = kind === "entity",
      fields = new Set(entity ? [...ENTITY_FIELDS, ...columns] : INSPECTOR_FIELDS);
    refusing("invalid", () => need(isPredicate(fields, predicate), "form"));
    return compile(predicate, entity ? entityField : inspectorField)(record);
  },
  plan: ({ plan }) => {
    refusing("plan", () => checkPlan(plan));
    return hex(tagged("plan", cj(plan)));
  },
  rate: ({ rate, size }) => {
    refusing("invalid", () => need(parseRate(rate), "form"));
    return quotaOf({ rate }, size);
  },
  entities: ({ columns, listed = [], records }) =>
    refusing("registry", () => {
      const check = entityForm(columns, listed);
      records.forEach((record, i) => checkRecord(check, record, i + 1, records[i - 1]?.id));
      return records.length;
    }),
  inspectors: ({ records }) =>
    refusing("pool", () => {
      records.forEach((record, i) => checkRecord(inspectorForm, record, i + 1, records[i - 1]?.id));
      return records.length;
    }),
  recusals: ({ columns, records }) =>
    refusing("pool", () => {
      const steps = reader();
      steps.aliases = columns;
      return steps.readRecusals(linesOf(records)).length;
    }),
  leaves: ({ kind, records, ...draw }) => {
    const sealer = new Sealer(drawOf(draw), kind),
      lines = linesOf(records),
      words = new Int32Array(8 * records.length);
    records.forEach(({ id }, i) =>
      sealer.leaf(id, lines.bytes, lines.starts[i], lines.starts[i + 1] - 1, words, 8 * i),
    );
    const sealed = new Sealed(words);
    return {
      salts: records.map(({ id }) => hex(sealer.salt(id))),
      leaves: records.map((_, i) => hex(bytesOf(sealed.words, 8 * i))),
      root: hex(sealed.root()),
    };
  },
  recusals_digest: ({ recusals, ...draw }) => recusalsDigest(drawOf(draw), jsonLines(recusals)),
  strata: ({ inputs }) =>
    prepared(inputs).tasks.map(({ id, source, listed, tiers, outside, untiered }) =>
      source
        ? { id, listed: partStatement(listed), source }
        : {
            id,
            untiered,
            excluded: entriesOf(outside),
            tiers: tiers.map(({ id: tier, quota, bounds, hex: root, size, strata }) => ({
              ...(bounds && { bounds }),
              id: tier,
              quota,
              root,
              size,
              strata: strata.map((one) => ({ cell: one.cell, ...partStatement(one) })),
            })),
          },
    ),
  commitments: ({ inputs }) => committed(inputs),
  announced: ({ announced }) => {
    refusing("commitment", () => checkAnnounced(announced));
    return announced.length;
  },
  values: ({ mode, announced, values }) => String(refusing("seed", () => checkValues(mode, announced, values)).product),
  signature: ({ key, message, signature }) => signed(unhex(key), unhex(message), unhex(signature)),
  closing: ({ mode, commitment, contributors, closing }) => {
    refusing("seed", () => checkClosing(mode, commitment, contributors, closing));
    return hex(tagged(`${mode}/closing`, cj(closing)));
  },
  seeds: ({ mode, commitments, contributions, values, late }) => {
    const { targets, inspectors } = seedsOf(mode, commitments, { contributions, values }, late ?? undefined);
    return { targets: hex(targets), inspectors: hex(inspectors) };
  },
  key: ({ mode, stage, seed, name, fields }) => hex(keysOf(mode, stage, unhex(seed))(name, ...fields.map(unhex))),
  tickets: ({ key, leaves }) => {
    const words = new Int32Array(8 * leaves.length);
    leaves.forEach((leaf, i) => words.set(wordsOf(unhex(leaf)), 8 * i));
    const tickets = makeTickets(unhex(key), words);
    return leaves.map((_, i) => hex(bytesOf(tickets, 8 * i)));
  },
  rounding: ({ quota, sizes, offset }) => systematic(quota, sizes, offset),
  bounds: ({ quota, sizes, least, most }) => bounded(quota, sizes, { least, most }),
  first_draw: ({ inputs, seed }) => firstLines(prepared(inputs), inputs, unhex(seed)),
  left_out: ({ window, inspector }) => leftOut(inspector, window),
  blocks: ({ inputs, targets, seed }) => {
    const records = new Map(inputs.entities.map((record) => [record.id, record])),
      keys = keysOf(inputs.mode, "inspectors", unhex(seed)),
      recusals = new Recusals(inputs.inspectors, inputs.recusals);
    const full = targets.map((target) => ({
      wave: 0,
      ...target,
      district: districtOf(inputs.plan, records.get(target.id)),
    }));
    const blocks = makeBlocks(inputs.plan, full, new Sealer(drawOf(inputs), "entity"), keys);
    const recused = recusalSets(blocks, recusals, (id) => records.get(id).columns);
    const ids = (numbers) => [...numbers].sort((a, b) => a - b).map((number) => inputs.inspectors[number].id);
    return {
      blocks,
      slots: makeSlots(inputs.plan, blocks, inputs.inspectors, recused).map((slot) => ({
        block: slot.block,
        slot: slot.id,
        pool: ids(slot.pool),
        recused: ids(slot.recused),
      })),
    };
  },
  component: ({ key, pools, blocks, recused, caps, incompatible }) => {
    const lists = new Map(pools.map((pool) => [canonical(pool), Int32Array.from(pool)])),
      foes = (j) => incompatible.filter((pair) => pair.includes(j)).flatMap((pair) => pair.filter((one) => one !== j));
    const slots = pools.map((pool, s) => {
      return { block: blocks[s], pool: lists.get(canonical(pool)), recused: new Set(recused[blocks[s]] ?? []) };
    });
    const apart = new Map(incompatible.flat().map((j) => [j, new Set(foes(j))]));
    try {
      return { own: [...assign(slots, caps, apart, () => unhex(key), () => {})] };
    } catch (short) {
      if (!(short instanceof Short)) throw short;
      const { why, slots, inspectors } = short;
      return { why, slots, inspectors: [...inspectors].sort((a, b) => a - b) };
    }
  },
  whole_draw: ({ inputs }) => drawn(inputs).lines,
  records: ({ inputs, records }) =>
    refusing("records", () => {
      const { after } = drawn(inputs),
        checked = new Records(after);
      records.forEach((record, i) => {
        const { operator, time } = record,
          digest = hex(tagged(`${inputs.mode}/record`, cj(record)));
        checked.take(record, i + 1, { operator, time, details: { record: digest } });
      });
      const { standing } = checked,
        order = after.plan.slots.map(({ id }) => id);
      const team = (id, b) =>
        order
          .filter((slot) => standing.teams[b].has(slot))
          .map((slot) => ({ inspector: after.inspectors[standing.holder(id, slot)]?.id ?? "", slot }));
      const targets = standing.lists.flatMap((ids, b) => ids.map((id) => ({ block: b + 1, id, team: team(id, b) })));
      return { void: checked.void ? 1 : 0, targets };
    }),
  notice: ({ inputs, stamp, late }) => refusing("notice", () => notices(inputs, stamp, late ?? undefined)),
  changes: ({ changes, late, ...draw }) =>
    refusing("notice", () => {
      need(Array.isArray(changes), "form");
      const lines = jsonLines(changes);
      checkChanges(new Lines(lines, 0, lines.length));
      return changesDigest(drawOf(draw), late ? "late-changes" : "changes", lines);
    }),
  log: ({ notice, late, log }) => refusing("log", () => checkLog(log, notice, late ?? undefined).head),
  witness: ({ notice, closing, drawn, late, statements, trust, seeded }) => {
    const notices = { notice, ...(late && { late: late.notice }) },
      digests = { notice: hex(tagged("notice", cj(notice))), closing };
    if (late) {
      digests["late-notice"] = hex(tagged("notice", cj(late.notice)));
      digests["late-closing"] = late.closing;
    }
    const seen = { notices, digests, drawn: { notice: drawn, late: late?.drawn }, seeded: seeded ?? undefined };
    const found = refusing("witness", () => checkWitness(statements, seen));
    const facts = { registry: { mode: "real" }, witness: { statements: found, needed: kindsNeeded(notices) } };
    return exitCode({ facts }, false, trust);
  },
  bundle: async ({ data, rehearsal, trust, public: beside }) => {
    const report = await verify(unhex(data), undefined, beside ? unhex(beside) : undefined);
    if (report.failure) refusing(report.failure.step, () => need(false, report.failure.code));
    return exitCode(report, rehearsal, trust);
  },
};

/** What a registry comes to, read and sealed by the fast paths or by their readable twins; which records were plain. */
function registryBy(quick, { columns, listed, data, ...draw }) {
  const lines = ((bytes) => new Lines(bytes, 0, bytes.length))(unhex(data)),
    { bytes, starts, length } = lines,
    entities = new Entities(lines, columns, listed, quick),
    words = new Int32Array(8 * length),
    sealer = new (quick ? Seals : Sealer)(drawOf(draw), "entity");
  const found = { records: [], leaves: [] },
    recognised = [];
  try {
    for (let i = 0; i < length; i++) {
      const record = entities.next(),
        { id, name, status, lists, visits } = record;
      found.records.push({ id, name, status, lists, visits, columns: { ...record.columns } });
      if (record instanceof PlainEntity) recognised.push(i);
      const place = [bytes, starts[i], starts[i + 1] - 1, words, 8 * i];
      if (quick) sealer.leafOf(entities.id, ...place);
      else sealer.leaf(id, ...place);
      found.leaves.push(hex(bytesOf(words, 8 * i)));
    }
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    found.fault = { code: fault.code, place: fault.place };
  }
  return { found, recognised };
}

/** Questions about this page alone: what its fast paths find, and what their readable twins find. */
Object.assign(answers, {
  registry_twins: (given) => {
    const quick = registryBy(true, given);
    return { quick: quick.found, recognised: quick.recognised, readable: registryBy(false, given).found };
  },
  digest_twins: async ({ size, without }) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => Math.imul(i, 2654435761) >>> 24);
    const { digest } = crypto.subtle;
    if (without) crypto.subtle.digest = () => Promise.reject(new Error("no room"));
    try {
      const found = [await nativeDigest(bytes), await longDigest(bytes), ownDigest(bytes), sha256(bytes)];
      return found.map((one) => (one ? hex(one) : null));
    } finally {
      crypto.subtle.digest = digest;
    }
  },
  checksum: ({ data, from, to }) => crc32(unhex(data), from, to),
});

/** One question, {"method", "given"}, and its answer, {"out"} or {"fails"}, both as JSON text. */
onmessage = async ({ data }) => {
  const { method, given } = JSON.parse(data);
  let said;
  try {
    said = { out: await answers[method](given) };
  } catch (error) {
    said = error.failure ? { fails: error.failure } : { error: `${error.stack}` };
  }
  postMessage(JSON.stringify(said));
};
