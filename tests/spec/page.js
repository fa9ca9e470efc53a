// The browser verifier's functions, section by section, as the test vectors ask for them (§19): one entry for each file.
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

/** A verification of the inputs of a draw, as far as the lists are sealed and the strata made. */
function prepared(inputs) {
  const one = new Verification(new Uint8Array(), () => {});
  one.plan_ = inputs.plan;
  one.aliases = Object.keys(inputs.plan.columns);
  one.draw = drawOf(inputs);
  one.mode = inputs.mode;
  one.number = inputs.draw;
  one.sealed = new Sealed(one.sealEntities(linesOf(inputs.entities)));
  one.tasks = refusing("strata", () => stratify(one.sorter, one.sealed));
  return one;
}

function firstLines(one, inputs, seed) {
  const { strata, drawn } = firstDraw(one.tasks, one.sealed, keysOf(inputs.mode, "targets", seed), () => {});
  return { strata, targets: drawn.map(([line, tasks]) => ({ id: inputs.entities[line].id, tasks })) };
}

function blocksAndSlots(inputs, targets, keys) {
  const columns = new Map(inputs.entities.map((record) => [record.id, record.columns]));
  const full = targets.map((target) => ({ ...target, columns: columns.get(target.id) }));
  const blocks = makeBlocks(inputs.plan, full, new Sealer(drawOf(inputs), "entity"), keys);
  const recused = recusalSets(blocks, inputs.inspectors, inputs.recusals, (id) => columns.get(id));
  return { blocks, slots: makeSlots(inputs.plan, blocks, inputs.inspectors, recused) };
}

/** The two statements and commitments, of these inputs. */
function committed(inputs) {
  const one = prepared(inputs),
    root = (sealed) => hex(sealed.root());
  const sealer = new Sealer(one.draw, "inspector"),
    people = linesOf(inputs.inspectors);
  const words = new Int32Array(8 * people.length);
  inputs.inspectors.forEach(({ id }, i) =>
    sealer.leaf(id, people.bytes, people.starts[i], people.starts[i + 1] - 1, words, 8 * i),
  );
  const plan = hex(tagged("plan", cj(inputs.plan)));
  return statementsOf(one.plan_, plan, one.draw, inputs.announced, {
    registry: { root: root(one.sealed), size: inputs.entities.length },
    tasks: tasksStatement(one.tasks),
    pool: { root: root(new Sealed(words)), size: inputs.inspectors.length },
    recusals: { digest: recusalsDigest(one.draw, jsonLines(inputs.recusals)), size: inputs.recusals.length },
  });
}

const answers = {
  encode: ({ value }) => hex(cj(value)),
  decode: ({ data }) => refusing("invalid", () => decode(unhex(data))),
  decode_lines: ({ data }) =>
    refusing("invalid", () => ((bytes) => new Lines(bytes, 0, bytes.length).all())(unhex(data))),
  tagged: ({ mode, name, fields }) => hex(tagged(mode ? `${mode}/${name}` : name, ...fields.map(unhex))),
  root: ({ data }) => {
    const tree = new Tree();
    for (const one of data.map(unhex)) {
      if (one.length === 32) tree.leaf(wordsOf(one), 0);
      else tree.node(wordsOf(sha256(new Uint8Array(1), one)));
    }
    return hex(tree.root());
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
  entities: ({ columns, records }) =>
    refusing("registry", () => {
      const one = new Verification(new Uint8Array(), () => {}),
        check = entityForm(columns);
      records.forEach((record, i) => one.checkRecord(check, record, i + 1, records[i - 1]?.id));
      return records.length;
    }),
  inspectors: ({ records }) =>
    refusing("pool", () => {
      const one = new Verification(new Uint8Array(), () => {});
      records.forEach((record, i) => one.checkRecord(inspectorForm, record, i + 1, records[i - 1]?.id));
      return records.length;
    }),
  recusals: ({ columns, records }) =>
    refusing("pool", () => {
      const one = new Verification(new Uint8Array(), () => {});
      one.aliases = columns;
      return one.readRecusals(linesOf(records)).length;
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
    prepared(inputs).tasks.map(({ id, tiers, outside, untiered }) => ({
      id,
      untiered,
      excluded: entriesOf(outside),
      tiers: tiers.map(({ id: tier, quota, hex: root, size, strata }) => ({
        id: tier,
        quota,
        root,
        size,
        strata: strata.map((one) => ({ cell: one.cell, root: one.hex, size: one.ranks.length })),
      })),
    })),
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
  seeds: ({ mode, commitments, contributions, values }) => {
    const seeds = makeSeeds(mode, commitments, { commitment: commitments.targets, contributions }, values);
    return { targets: hex(seeds.targets), inspectors: hex(seeds.inspectors) };
  },
  key: ({ mode, stage, seed, name, fields }) => hex(keysOf(mode, stage, unhex(seed))(name, ...fields.map(unhex))),
  tickets: ({ key, leaves }) => {
    const words = new Int32Array(8 * leaves.length);
    leaves.forEach((leaf, i) => words.set(wordsOf(unhex(leaf)), 8 * i));
    const tickets = makeTickets(unhex(key), words);
    return leaves.map((_, i) => hex(bytesOf(tickets, 8 * i)));
  },
  rounding: ({ quota, sizes, offset }) => systematic(quota, sizes, offset),
  first_draw: ({ inputs, seed }) => firstLines(prepared(inputs), inputs, unhex(seed)),
  left_out: ({ window, inspector }) => leftOut(inspector, window),
  blocks: ({ inputs, targets, seed }) => {
    const { blocks, slots } = blocksAndSlots(inputs, targets, keysOf(inputs.mode, "inspectors", unhex(seed)));
    const ids = (numbers) => [...numbers].sort((a, b) => a - b).map((number) => inputs.inspectors[number].id);
    return {
      blocks,
      slots: slots.map(({ block, id, pool, recused }) => ({ block, slot: id, pool: ids(pool), recused: ids(recused) })),
    };
  },
  component: ({ key, pools, blocks, recused, cap }) => {
    const names = pools.map(canonical),
      distinct = [...new Set(names)],
      sets = blocks.map((block) => new Set(recused[block] ?? []));
    const component = new Component(
      unhex(key),
      distinct.map((name) => Int32Array.from(JSON.parse(name))),
      names.map((name) => distinct.indexOf(name)),
      blocks,
      sets,
      cap,
    );
    try {
      return { own: [...component.run()] };
    } catch {
      const found = (marks, fits) => [...marks.keys()].filter((number) => fits(marks[number]));
      return { slots: found(component.via, (via) => via !== UNSEEN), inspectors: found(component.seen, Boolean) };
    }
  },
  whole_draw: ({ inputs }) => {
    const one = prepared(inputs),
      { commitments } = committed(inputs),
      { mode } = inputs;
    const closing = { commitment: commitments.targets, contributions: inputs.contributions };
    const seeds = makeSeeds(mode, commitments, closing, inputs.values),
      keys = keysOf(mode, "inspectors", seeds.inspectors);
    const { strata, targets } = firstLines(one, inputs, seeds.targets);
    const { blocks: bare, slots } = blocksAndSlots(inputs, targets, keys);
    const team = refusing("assignment", () =>
      assign(slots, inputs.inspectors.length, inputs.plan.blocks.max_per_inspector, keys, () => {}),
    );
    const blocks = teamLines(bare, slots, team, inputs.inspectors);
    return {
      strata,
      targets,
      blocks,
      result: hex(tagged(`${mode}/result`, ...[strata, targets, blocks].map(jsonLines))),
    };
  },
  notice: ({ inputs, deadline, head, time }) =>
    makeNotice(
      { contributors: inputs.contributors, deadline, head, time },
      {
        plan: inputs.plan,
        mode: inputs.mode,
        draw: inputs.draw,
        committed: committed(inputs).commitments,
        values: inputs.announced,
        sizes: {
          inspectors: inputs.inspectors.length,
          recusals: inputs.recusals.length,
          registry: inputs.entities.length,
        },
      },
    ),
  log: ({ notice, log }) => refusing("log", () => checkLog(log, notice)).head,
  witness: ({ notice, closing, statements, trust }) => {
    const digests = { notice: hex(tagged("notice", cj(notice))), closing };
    const found = refusing("witness", () => checkWitness(statements, notice, digests));
    return exitCode(
      {
        facts: { registry: { mode: "real" }, witness: { statements: found, contributors: notice.contributors.length } },
      },
      false,
      trust,
    );
  },
  bundle: ({ data, rehearsal, trust }) => {
    const report = verify(unhex(data));
    if (report.failure) refusing(report.failure.step, () => need(false, report.failure.code));
    return exitCode(report, rehearsal, trust);
  },
};

/** One question, {"method", "given"}, and its answer, {"out"} or {"fails"}, both as JSON text. */
onmessage = ({ data }) => {
  const { method, given } = JSON.parse(data);
  let said;
  try {
    said = { out: answers[method](given) };
  } catch (error) {
    said = error.failure ? { fails: error.failure } : { error: `${error.stack}` };
  }
  postMessage(JSON.stringify(said));
};
