// What an auditor brings from outside: published commitments, the lottery's numbers, fingerprints of witnesses.

/** Numbers as a lottery publishes them, in any order and spacing, in the form of the specification. */
function normalValue(source, text) {
  const groupsOf = { kl8: [20], ssq: [6, 1], dlt: [5, 2] }[source];
  const ascii = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).toLowerCase();
  if (!groupsOf) return ascii.replace(/[^0-9a-f]/g, "");
  const parts = ascii.match(/[0-9]+/g) ?? [],
    numbers = parts.length > 1 ? parts.map((part) => part.padStart(2, "0")) : ((parts[0] ?? "").match(/.{1,2}/g) ?? []);
  if (numbers.length !== groupsOf.reduce((a, b) => a + b)) return numbers.join("");
  let at = 0;
  return groupsOf.flatMap((size) => numbers.slice(at, (at += size)).sort()).join("");
}

/** A field for a value from outside; its comparison with `found` changes the verdict. */
function field({ id, label, found, normal, origin, picture }) {
  const input = element("input", {
    type: "text",
    id,
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-state`,
  });
  const said = element("p", { id: `${id}-state`, class: "state", role: "status" });
  const compare = () => {
    const typed = normal(input.value);
    return typed === ""
      ? "empty"
      : typed === found
        ? "good"
        : typed.length < found.length && found.startsWith(typed)
          ? "short"
          : "bad";
  };
  const show = () => {
    const result = compare(),
      typed = normal(input.value);
    said.className = `state ${result}`;
    said.textContent =
      result === "empty" ? "" : say(`match_${result}`, { found: shown(found), count: found.length - typed.length });
  };
  input.addEventListener("input", () => {
    show();
    renderVerdict();
    renderTrusted();
  });
  const name = element("label", { for: id }),
    own = element("span", { class: "note" });
  const relabel = () => {
    name.textContent = label();
    own.textContent = say(origin);
    input.placeholder = say("type_here");
  };
  return {
    parts: [element("div", { class: "field" }, name, own, picture, input, said)],
    show: () => (relabel(), show()),
    compare,
  };
}

/** A value as its lottery publishes it: numbers of two digits apart. */
function valuePicture({ source, value }) {
  if (source === "explicit") return groups(value);
  return element("code", {
    class: "value",
    text: ["kl8", "ssq", "dlt"].includes(source) ? value.match(/../g).join(" ") : value,
  });
}

/** After a file has held: the fields to compare it with. */
function prepareOutside() {
  const { facts } = state;
  state.checks = [];
  if (!holds()) return;
  const plain = (text) => text.replace(/\s/g, "").toLowerCase();
  const stages = ["targets", "inspectors"].filter((stage) => facts.commitment[stage]);
  const commitments = stages.map((stage) =>
    field({
      id: `published-${stage}`,
      label: () => say(`published_${stage}`),
      found: facts.commitment[stage],
      normal: plain,
      origin: "own_computed",
      picture: groups(facts.commitment[stage]),
    }),
  );
  const all = [
    ...facts.seed.values.map((value) => [value, () => drawingName(value)]),
    ...(facts.seed.late?.values ?? []).map((value) => [
      value,
      () => say("late_value", { drawing: drawingName(value) }),
    ]),
  ];
  const values = all.map(([value, name], i) =>
    field({
      id: `value-${i}`,
      label: name,
      found: value.value,
      normal: (text) => normalValue(value.source, text),
      origin: "own_recorded",
      picture: valuePicture(value),
    }),
  );
  $("commitments").replaceChildren(...commitments.flatMap(({ parts }) => parts));
  $("values").replaceChildren(...values.flatMap(({ parts }) => parts));
  state.values = values;
  state.checks = [...commitments, ...values];
}

function renderOutside() {
  const { facts } = state;
  $("outside").hidden = !holds();
  if (!holds()) return;
  $("rehearsal").hidden = facts.registry.mode !== "rehearsal";
  for (const check of state.checks) check.show();
  const { statements } = facts.witness;
  $("statements").replaceChildren(
    ...(statements.length
      ? statements.slice(0, 100).map(statementCard)
      : [element("p", { text: say("witness_none") })]),
  );
  renderTrust();
  renderSigner();
}

/** Who signed the file, and whether that is one who is trusted. */
function renderSigner() {
  const { fingerprint } = state.facts.signature,
    odd = fingerprints(state.signer).find((text) => !isFingerprint(text)),
    now = signerNow();
  $("signer-box").hidden = fingerprint === undefined;
  if (fingerprint === undefined) return;
  const card = element("div", {}, say("signer_key"));
  $("signer-found").replaceChildren(element("div", { class: "statement" }, card, groups(fingerprint)));
  $("signer-state").className = `state ${now === "trusted" ? "good" : odd ? "bad" : ""}`;
  $("signer-state").textContent =
    state.signer.trim() === "" ? "" : odd ? say("trust_form", { text: shown(odd) }) : say(`signer_${now}`);
}

const isFingerprint = (text) => /^[0-9a-f]{64}$/.test(text);

function statementCard({ name, of, time, late, after, hour, fingerprint, receipt }) {
  const card = element(
    "div",
    { class: "statement" },
    element("strong", { text: shown(name) }),
    ` ${beijing(time)} ${say(`witness_${of}`)}`,
  );
  if (fingerprint) card.append(element("div", { text: say("witness_key") }), digest(fingerprint));
  else card.append(element("div", { text: say("witness_receipt", { receipt: shown(receipt) }) }));
  if (late) {
    const why = hour
      ? say("witness_hour", { time: beijing(hour) })
      : after
        ? say("witness_after", { time: beijing(after) })
        : say("witness_unplaced");
    card.append(element("div", { class: "note", text: why }));
  }
  return card;
}

function renderTrust() {
  const prints = trusted(),
    odd = prints.find((text) => !isFingerprint(text));
  const known = state.facts.witness.statements
    .filter(({ fingerprint }) => prints.includes(fingerprint))
    .map(({ name }) => shown(name));
  $("trust-state").className = `state ${known.length && !odd ? "good" : odd ? "bad" : ""}`;
  $("trust-state").textContent =
    prints.length === 0
      ? ""
      : odd
        ? say("trust_form", { text: shown(odd) })
        : known.length
          ? say("trust_found", { names: list([...new Set(known)]) })
          : say("trust_none");
}

/** What a file of this kind leaves on trust, whatever its verdict. */
function trustedOf(kind, facts) {
  const { plan, notice, records } = facts,
    sources = (plan?.tasks ?? facts.targets?.tasks ?? []).some?.(({ source }) => source);
  const texts = {
    auditor: ["trusted_lists"],
    public: ["trusted_names", "trusted_lists", "trusted_plan", "trusted_inspectors", "trusted_untold", "trusted_later"],
    receipt: [
      ...(state.beside ? [] : ["trusted_cuts"]),
      "trusted_reasons",
      "trusted_plan",
      "trusted_inspectors",
      "trusted_later",
    ],
  }[kind];
  if (sources) texts.push("trusted_sources");
  if (notice?.changes) texts.push("trusted_changes");
  if (records?.kinds.some(([name]) => name === "request")) texts.push("trusted_requests");
  if (facts.commitment?.predecessor) texts.push("trusted_successor");
  return texts.map((name) => say(name));
}

/** When each value must have been drawn: at its hour; after the closing, or the freeze, or, without a log, the notice. */
function mustFollow({ log, notice, seed }) {
  const told = (value, time, hour) =>
    say(hour ? "trusted_hour" : "trusted_follows", {
      ...{ drawing: drawingName(value), time: beijing(time) },
      ...(hour && { hour: beijing(hour) }),
    });
  const after = (values, time, hours) =>
    values
      .filter(({ source }) => source !== "explicit")
      .map((value) => told(value, time, hours[`${value.source}:${value.issue}`]));
  return [
    ...after(seed.values, log?.fixed ?? notice.time, notice.hours),
    ...after(seed.late?.values ?? [], log?.fixedLate, notice.lateHours),
  ];
}

function renderTrusted() {
  const done = holds(),
    { facts } = state;
  $("trusted").hidden = !state.kind;
  if (!state.kind) return;
  const texts = trustedOf(state.kind, facts);
  const typed = done && state.values.length > 0 && state.values.every(({ compare }) => compare() === "good");
  const order = done ? orderNow() : "unproven",
    after = order === "witnessed" && { time: witnessedTime() };
  texts.push(typed ? say("trusted_values_typed") : after ? say("trusted_values_after", after) : say("trusted_values"));
  if (done) texts.push(...mustFollow(facts));
  const passed = done ? [...facts.seed.passed, ...(facts.seed.late?.passed ?? [])] : [];
  texts.push(...passed.map((drawing) => say("trusted_passed", { drawing: drawingName(drawing) })));
  texts.push(say(order === "unproven" ? "trusted_order" : `trusted_order_${order}`));
  $("trusted-list").replaceChildren(
    ...texts.map((text) =>
      element("li", {}, element("span", { class: "badge on-trust", text: say("on_trust") }), element("span", { text })),
    ),
  );
}
