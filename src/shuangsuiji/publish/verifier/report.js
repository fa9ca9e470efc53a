// What the report says: the verdict, and each step with its details.

// --------------------------------------------------------------------------------------------- the verdict
const orderNow = () => orderInTime(state.facts.witness, trusted());
const fingerprints = (text) => (text.match(/\S+/g) ?? []).map((print) => print.toLowerCase());
const trusted = () => fingerprints(state.trust);

/** By when, as trusted witnesses attest, all that the seed is made of but the public values was fixed. */
function witnessedTime() {
  const { statements, needed } = state.facts.witness,
    prints = trusted();
  const first = (of) =>
    statements
      .filter((one) => one.of === of && !one.late && prints.includes(one.fingerprint))
      .map(({ time }) => time)
      .sort()[0];
  return beijing(needed.map(first).sort().at(-1));
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
    const names = stepNames(),
      number = names.indexOf(step) + 1;
    return {
      code,
      kind: "bad",
      title: labelled(say("verdict_1"), ofStep(STEP_TEXTS, step)[0]),
      text: say("verdict_1_text", { number, of: names.length, fault: pick(FAULTS[fault]) }),
      ...(state.kind === "receipt" && { more: say(step === "public" ? "verdict_1_beside" : "verdict_1_receipt") }),
    };
  }
  if (contradicted()) return { code: 1, kind: "bad", title: say("verdict_outside"), text: say("verdict_outside_text") };
  const name = code === 0 && state.facts.registry.mode === "rehearsal" ? "rehearsal" : code;
  const above = remark();
  return {
    code,
    kind: code === 0 && !above ? "good" : "fair",
    title: `${above?.title ?? ""}${say(`verdict_${name}`)}`,
    text: say(`verdict_${name}_text`, name === 0 ? sealedBy() : {}),
    more: above?.text,
  };
}

/** What has to be said before everything else of a draw that holds: that it is void, or has no inspectors. */
function remark() {
  const { records, assignment } = state.facts,
    ended = records?.void;
  if (ended) {
    const told = Object.entries(ended).map(([name, text]) => [name, shown(text)]);
    return {
      title: say("void_title"),
      text: say("void_text", { ...Object.fromEntries(told), time: beijing(ended.time) }),
    };
  }
  return assignment?.failed ? { title: say("short_title"), text: say("short_text") } : undefined;
}

/** Whether whoever signed the file is trusted, unknown, or nobody. */
function signerNow() {
  const { fingerprint } = state.facts.signature;
  return fingerprint === undefined
    ? "unsigned"
    : fingerprints(state.signer).includes(fingerprint)
      ? "trusted"
      : "unknown";
}

const sealedBy = () => ({
  time: witnessedTime(),
  closing: state.facts.witness.needed.includes("closing") ? say("verdict_closing") : "",
});

/** Where it failed, in words. */
const placeText = (place) =>
  list(
    ["file", "line", "byte", "entry", "id", "path", "step"]
      .filter((name) => place[name] !== undefined && place[name] !== "")
      .map((name) => say(`place_${name}`, { [name]: name === "step" ? publicStep(place.step) : shown(place[name]) })),
  );
const publicStep = (step) => pick(STEP_TEXTS[`public.${step}`] ?? STEP_TEXTS[step])[0];

function renderVerdict() {
  const over = state.phase === "done" || state.phase === "beyond";
  $("verdict").hidden = !over;
  if (!over) return;
  const { code, kind, title, text, more } = verdict(),
    { report } = state;
  $("verdict").dataset.kind = kind;
  $("verdict").dataset.exit = code ?? "";
  $("verdict").dataset.failure = report?.failure?.step ?? "";
  $("verdict-title").textContent = title;
  if ($("announce").textContent !== title) $("announce").textContent = title;
  $("verdict-text").textContent = text;
  $("remark").hidden = !more;
  $("remark").textContent = more ?? "";
  const rows = [...whatRows(), ...fileRows()];
  if (code !== undefined) rows.push([say("code"), String(code)]);
  $("verdict-facts").replaceChildren(...definitions(rows));
}

/** What was verified, and what came of it. */
function whatRows() {
  const { facts, report, kind, beside } = state,
    rows = [],
    place = report?.failure && placeText(report.failure.place),
    authority = facts.plan?.authority ?? facts.commitment?.authority,
    predecessor = facts.commitment?.predecessor;
  if (place) rows.push([say("place"), place]);
  if (holds() && kind === "receipt") rows.push([say("outcome"), list(facts.targets.tasks.map(outcomeText))]);
  if (kind) rows.push([say("kind"), say(`kind_${beside ? "both" : kind}`)]);
  if (authority) rows.push([say("authority"), shown(authority)]);
  if (facts.registry) rows.push([say("draw"), say(`draw_${facts.registry.mode}`, facts.registry)]);
  if (predecessor) rows.push([say("successor"), say("successor_of", predecessor)]);
  if (!holds()) return rows;
  if (kind === "public") {
    const { targets } = facts.targets;
    rows.push([say("outcome"), say("drawn_public", { size: count(facts.registry.size), targets: count(targets) })]);
    rows.push([say("unchecked"), say("names_unchecked")]);
  }
  rows.push([say("order"), say(`order_${orderNow()}`)]);
  rows.push([say("signer"), say(`signer_${signerNow()}`)]);
  return rows;
}

function fileRows() {
  const { report, files, kind, seconds } = state;
  const named = [files[kind], ...(state.beside ? [files.public] : [])];
  return named.flatMap((file, i) => [
    [say("file"), labelled(shown(file.name), say("seconds", { bytes: count(file.size), seconds }))],
    ...(report?.digests ? [[say("file_digest"), digest(report.digests[i])]] : []),
  ]);
}

// --------------------------------------------------------------------------------------------- the steps
const CONSISTENT = ["notice", "log"];

function renderSteps() {
  const failure = state.report?.failure,
    { facts } = state;
  $("all-steps").hidden = !state.kind;
  const items = stepNames().map((step) => {
    const [name, about] = ofStep(STEP_TEXTS, step),
      mark = element("span"),
      head = element("div", { class: "head" }, element("h3", { text: name }), mark);
    const body = element("div", {}, head, element("p", { class: "about", text: about }));
    let badge = ["waiting", state.phase === "idle" || state.phase === "running" ? "waiting" : "not_reached"],
      now = "waiting";
    if (facts[step]) {
      now = "holds";
      badge = badgeOf(step, facts[step]);
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

/** How a step that holds was answered; nothing, where there was nothing to answer. */
function badgeOf(step, { fingerprint, statements, records }) {
  const empty = { signature: !fingerprint, witness: statements?.length === 0, records: records === 0 }[step] ?? false;
  if (empty) return ["waiting", "nothing"];
  return CONSISTENT.includes(step) ? ["consistent", "consistent"] : ["recomputed", "recomputed"];
}

function foundText(step, facts) {
  const values = {};
  for (const [name, value] of Object.entries(facts)) {
    values[name] = typeof value === "number" ? count(value) : Array.isArray(value) ? count(value.length) : shown(value);
  }
  if (step === "seed") values.bits = facts.bits.toFixed(2);
  if (step === "notice") values.time = beijing(facts.time);
  if (step === "signature" && !facts.fingerprint) return pick(FOUND_TEXTS.unsigned);
  if (step === "records" && facts.records === 0) return pick(FOUND_TEXTS.no_records);
  if (step === "assignment" && facts.failed) return fill(pick(FOUND_TEXTS.failed), values);
  if (step === "witness") {
    const signed = facts.statements.filter((one) => one.fingerprint).length;
    if (signed === 0) return say(facts.statements.length ? "witness_receipts" : "witness_none", values);
    values.signed = count(signed);
  }
  return fill(ofStep(FOUND_TEXTS, step), values);
}
