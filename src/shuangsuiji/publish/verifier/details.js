// The details of each step.

const label = (name) => pick(FACT_TEXTS[name]);
const tally = (pairs) => list(pairs.slice(0, 40).map(([code, n]) => `${nameOf(code)} ${count(n)}`)) || "0";
const lines = (texts) =>
  element(
    "div",
    {},
    ...texts.slice(0, 40).map((text) => element("div", { text })),
    ...(texts.length > 40 ? ["…"] : []),
  );
const valueLines = (values) => lines(values.map((value) => labelled(drawingName(value), shown(value.value))));

/** When drawings were announced to be held. */
const hourLines = (hours) =>
  lines(
    Object.entries(hours).map(([name, hour]) => {
      const [source, issue] = name.split(":");
      return labelled(drawingName({ source, issue }), beijing(hour));
    }),
  );

const DETAILS = {
  signature: ({ fingerprint }) => (fingerprint ? [["signer", groups(fingerprint)]] : []),
  plan: (facts) => [
    ["window", `${facts.window.from} – ${facts.window.to}`],
    ["tasks", lines(facts.tasks.map(({ id, name, source }) => `${shown(id)} ${shown(name)}${sourceText(source)}`))],
  ],
  registry: ({ root, leaf }) => [["root", digest(root)], ...(leaf ? [["leaf", digest(leaf)]] : [])],
  strata: ({ outside, untiered }) =>
    outside
      ? [
          ["outside", tally(outside)],
          ["untiered", count(untiered)],
        ]
      : [],
  pool: (facts) => [
    ["root", digest(facts.root)],
    ["digest", digest(facts.digest)],
  ],
  commitment: ({ targets, inspectors, plan, predecessor }) => [
    ["targets", groups(targets)],
    ...(inspectors ? [["inspectors", groups(inspectors)]] : []),
    ...(plan ? [["plan_digest", digest(plan)]] : []),
    ...(predecessor ? [["predecessor", groups(predecessor.commitment)]] : []),
  ],
  notice: (facts) => [
    ["notice", digest(facts.digest)],
    ...(facts.late ? [["late", beijing(facts.late)]] : []),
    ...(facts.contributors.length ? [["contributors", list(facts.contributors.slice(0, 40).map(shown))]] : []),
    ...(Object.keys(facts.hours).length ? [["hours", hourLines(facts.hours)]] : []),
    ...(Object.keys(facts.lateHours ?? {}).length ? [["late_hours", hourLines(facts.lateHours)]] : []),
    ...(facts.kinds?.length ? [["kinds", tally(facts.kinds)]] : []),
  ],
  log: (facts) => [
    ["head", digest(facts.head)],
    ...(facts.close ? [["close", String(facts.close)]] : []),
    ...(facts.late ? [["late", String(facts.late)]] : []),
  ],
  seed: ({ values, contributions, closing, seeds, late }) => [
    ["values", valueLines(values)],
    ...(contributions.length ? [["contributions", lines(contributions.map(contributionText))]] : []),
    ["closing", digest(closing)],
    ...(late ? [["late_values", valueLines(late.values)]] : []),
    ...(late?.contributions.length ? [["late_contributions", lines(late.contributions.map(contributionText))]] : []),
    ["seed_targets", digest(seeds.targets)],
    ...(seeds.inspectors ? [["seed_inspectors", digest(seeds.inspectors)]] : []),
  ],
  targets: ({ ticket, waves }) => [
    ...(ticket ? [["ticket", digest(ticket)]] : []),
    ...(waves ? [["waves", String(waves)]] : []),
  ],
  blocks: ({ left }) => [["left", tally(left)]],
  assignment: ({ shortages, applied, failed }) =>
    shortages.length
      ? [["relaxed", lines([...shortages.map(shortageText), ...(failed ? [] : [fill(label("applied"), { applied })])])]]
      : [],
  result: (facts) => [["result", digest(facts.digest)]],
  manifest: ({ result }) => (state.kind === "public" ? [["result", digest(result)]] : []),
  records: ({ kinds, first }) =>
    kinds.length
      ? [
          ["kinds", tally(kinds)],
          ["first", lines(first.map(recordText))],
        ]
      : [],
};

/** The details of a step. */
const factRows = (step, facts) => (DETAILS[step]?.(facts) ?? []).map(([name, value]) => [label(name), value]);

const sourceText = (source) => (source ? ` (${nameOf(source)})` : "");

/** A record after the seed, and who takes over by it. */
function recordText({ kind, time, reason, approver, inspectors, target }) {
  const ids = kind === "request" ? undefined : (inspectors ?? (target === undefined ? undefined : [target]));
  const came = ids ? fill(label("came"), { ids: list(ids.map((id) => (id ? shown(id) : label("nobody")))) }) : "";
  const told = { time: beijing(time), kind: nameOf(kind), reason: shown(reason), approver: shown(approver) };
  return fill(label("record"), { ...told, came });
}

const shortageText = ({ relaxations, why, slots, inspectors }) =>
  fill(label("shortage"), {
    ...{ relaxations, why: nameOf(why) },
    ...{ slots: count(slots.length), inspectors: count(inspectors.length) },
  });

function contributionText({ person, slip, fingerprint }) {
  const name = slip !== undefined ? "slip" : fingerprint !== undefined ? "signed" : "absent";
  return fill(pick(FACT_TEXTS[name]), { person: shown(person), slip: shown(slip ?? ""), fingerprint });
}
