// What the report says: the verdict, and each step with its details.

// --------------------------------------------------------------------------------------------- the verdict
const orderNow = () => orderInTime(state.facts.witness.statements, state.facts.witness.contributors, trusted());
const trusted = () => (state.trust.match(/\S+/g) ?? []).map((text) => text.toLowerCase());

/** By when, as trusted witnesses attest, all that the seed is made of but the public values was fixed. */
function witnessedTime() {
  const { statements, contributors } = state.facts.witness,
    prints = trusted();
  const first = (of) =>
    statements
      .filter((one) => one.of === of && prints.includes(one.fingerprint))
      .map(({ time }) => time)
      .sort()[0];
  return beijing([first("notice"), ...(contributors ? [first("closing")] : [])].sort().at(-1));
}

/** What was typed in, as far as it differs from the bundle. */
const contradicted = () => (state.checks ?? []).some(({ compare }) => compare() === "bad");

/** The verdict: exit code (none where there is no verdict), kind, title, text. */
function verdict() {
  if (state.phase === "beyond") {
    return { kind: "none", title: say("beyond"), text: say(`beyond_${state.reason}`, { what: shown(state.what) }) };
  }
  const code = exitCode(state.report, state.accepted, trusted());
  if (code === 1) {
    const { step, code: fault } = state.report.failure;
    const name = STEP_TEXTS[step][language][0],
      number = STEP_NAMES.indexOf(step) + 1;
    return {
      code,
      kind: "bad",
      title: `${say("verdict_1")}${language ? ": " : "："}${name}`,
      text: say("verdict_1_text", { number, of: STEP_NAMES.length, fault: pick(FAULTS[fault]) }),
    };
  }
  if (contradicted()) return { code: 1, kind: "bad", title: say("verdict_outside"), text: say("verdict_outside_text") };
  const name = code === 0 && state.facts.registry.mode === "rehearsal" ? "rehearsal" : code;
  return {
    code,
    kind: code === 0 ? "good" : "fair",
    title: say(`verdict_${name}`),
    text: say(`verdict_${name}_text`, name === 0 ? sealedBy() : {}),
  };
}

const sealedBy = () => ({
  time: witnessedTime(),
  closing: state.facts.witness.contributors ? say("verdict_closing") : "",
});

/** Where it failed, in words. */
const placeText = (place) =>
  list(
    ["file", "line", "byte", "id", "path"]
      .filter((name) => place[name] !== undefined && place[name] !== "")
      .map((name) => say(`place_${name}`, { [name]: shown(place[name]) })),
  );

function renderVerdict() {
  const over = state.phase === "done" || state.phase === "beyond";
  $("verdict").hidden = !over;
  if (!over) return;
  const { code, kind, title, text } = verdict(),
    { facts, report } = state,
    rows = [];
  $("verdict").dataset.kind = kind;
  $("verdict").dataset.exit = code ?? "";
  $("verdict").dataset.failure = report?.failure?.step ?? "";
  $("verdict-title").textContent = title;
  if ($("announce").textContent !== title) $("announce").textContent = title;
  $("verdict-text").textContent = text;
  const place = report?.failure && placeText(report.failure.place);
  if (place) rows.push([say("place"), place]);
  if (facts.plan) rows.push([say("authority"), shown(facts.plan.authority)]);
  if (facts.registry) rows.push([say("draw"), say(`draw_${facts.registry.mode}`, facts.registry)]);
  if (report && !report.failure) rows.push([say("order"), say(`order_${orderNow()}`)]);
  rows.push([
    say("file"),
    `${shown(state.name)}${language ? ": " : "："}${say("seconds", { bytes: count(state.size), seconds: state.seconds })}`,
  ]);
  if (report?.sha256) rows.push([say("file_digest"), digest(report.sha256)]);
  if (code !== undefined) rows.push([say("code"), String(code)]);
  $("verdict-facts").replaceChildren(...definitions(rows));
}

const definitions = (rows) =>
  rows.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", {}, value)]);

// --------------------------------------------------------------------------------------------- the steps
function renderSteps() {
  const failure = state.report?.failure,
    { facts } = state;
  const items = STEP_NAMES.map((step) => {
    const [name, about] = STEP_TEXTS[step][language],
      mark = element("span"),
      head = element("div", { class: "head" }, element("h3", { text: name }), mark);
    const body = element("div", {}, head, element("p", { class: "about", text: about }));
    let badge = ["waiting", state.phase === "idle" || state.phase === "running" ? "waiting" : "not_reached"],
      now = "waiting";
    if (facts[step]) {
      now = "holds";
      badge = CONSISTENT.includes(step) ? ["consistent", "consistent"] : ["recomputed", "recomputed"];
      body.append(element("p", { class: "found", text: foundText(step, facts[step]) }));
      const rows = factRows(step, facts[step]);
      if (rows.length)
        body.append(
          element(
            "details",
            {},
            element("summary", { text: say("details") }),
            element("dl", { class: "facts" }, ...definitions(rows)),
          ),
        );
    } else if (failure?.step === step) {
      now = "failed";
      badge = ["failed-badge", "failed"];
      const where = placeText(failure.place);
      body.append(element("p", { class: "found", text: pick(FAULTS[failure.code]) }));
      if (where) body.append(element("p", { text: where }));
    } else if (state.step === step) now = "doing";
    mark.className = `badge ${badge[0]}`;
    mark.textContent = say(badge[1]);
    return element("li", { "data-step": step, "data-state": now }, body);
  });
  $("steps").replaceChildren(...items);
}

function foundText(step, facts) {
  const values = {};
  for (const [name, value] of Object.entries(facts)) {
    values[name] = typeof value === "number" ? count(value) : Array.isArray(value) ? count(value.length) : shown(value);
  }
  if (step === "seed") values.bits = facts.bits.toFixed(2);
  if (step === "notice") values.time = beijing(facts.time);
  if (step === "witness") {
    const signed = facts.statements.filter((one) => one.fingerprint).length;
    if (signed === 0) return say(facts.statements.length ? "witness_receipts" : "witness_none", values);
    values.signed = count(signed);
  }
  return fill(pick(FOUND_TEXTS[step]), values);
}

/** The details of a step. */
function factRows(step, facts) {
  const label = (name) => pick(FACT_TEXTS[name]),
    tally = (pairs) => list(pairs.slice(0, 40).map(([code, n]) => `${nameOf(code)} ${count(n)}`)) || "0";
  const lines = (texts) =>
    element(
      "div",
      {},
      ...texts.slice(0, 40).map((text) => element("div", { text })),
      ...(texts.length > 40 ? ["…"] : []),
    );
  const rows = {
    plan: () => [
      ["window", `${facts.window.from} – ${facts.window.to}`],
      ["tasks", lines(facts.tasks.map(({ id, name }) => `${shown(id)} ${shown(name)}`))],
    ],
    registry: () => [["root", digest(facts.root)]],
    strata: () => [
      ["outside", tally(facts.outside)],
      ["untiered", count(facts.untiered)],
    ],
    pool: () => [
      ["root", digest(facts.root)],
      ["digest", digest(facts.digest)],
    ],
    commitment: () => [
      ["targets", groups(facts.targets)],
      ["inspectors", groups(facts.inspectors)],
    ],
    notice: () => [
      ["notice", digest(facts.digest)],
      ...(facts.contributors.length ? [["contributors", list(facts.contributors.slice(0, 40).map(shown))]] : []),
    ],
    log: () => [["head", digest(facts.head)], ...(facts.close ? [["close", String(facts.close)]] : [])],
    seed: () => [
      [
        "values",
        lines(facts.values.map((value) => `${drawingName(value)}${language ? ": " : "："}${shown(value.value)}`)),
      ],
      ...(facts.contributions.length ? [["contributions", lines(facts.contributions.map(contributionText))]] : []),
      ["closing", digest(facts.closing)],
      ["seed_targets", digest(facts.seeds.targets)],
      ["seed_inspectors", digest(facts.seeds.inspectors)],
    ],
    blocks: () => [["left", tally(facts.left)]],
    result: () => [["result", digest(facts.digest)]],
  }[step];
  return rows ? rows().map(([name, value]) => [label(name), value]) : [];
}

function contributionText({ person, slip, fingerprint }) {
  const name = slip !== undefined ? "slip" : fingerprint !== undefined ? "signed" : "absent";
  return fill(pick(FACT_TEXTS[name]), { person: shown(person), slip: shown(slip ?? ""), fingerprint });
}
