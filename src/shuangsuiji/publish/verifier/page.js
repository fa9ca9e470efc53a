// The page: hands a file to the worker and tells what the worker says. Text from a bundle only ever becomes text.

const $ = (id) => document.getElementById(id);
const STEP_NAMES = Object.keys(STEP_TEXTS);
const CONSISTENT = ["notice", "log"];
// How long the steps take, roughly, for the progress bar.
const WEIGHTS = { archive: 30, manifest: 70, encoding: 40, registry: 600, strata: 180, targets: 50, assignment: 20 };
const WEIGHT = STEP_NAMES.reduce((sum, step) => sum + (WEIGHTS[step] ?? 1), 0);

let language = 0; // 0 Chinese, 1 English
let worker; // while one is at work
let state = { phase: "idle", facts: {} }; // what is shown; phase: idle, running, done or beyond

const pick = (pair) => pair[language];
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const say = (name, values = {}) => fill(pick(TEXTS[name]), values);
const nameOf = (code) => (Object.hasOwn(NAMES, code) ? pick(NAMES[code]) : shown(code));
const count = (n) => n.toLocaleString("en-US");
const list = (parts) => parts.join(language ? ", " : "，");

/** Text from a bundle as a reader may have it: nothing invisible, nothing that turns the line about, not endless. */
function shown(text) {
  const characters = Array.from(String(text).slice(0, 2000)), short = characters.slice(0, 200).join("");
  const safe = short.replace(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`);
  return characters.length > 200 ? `${safe}…` : safe;
}

/** An instant in Beijing time. */
function beijing(instant) {
  const time = new Date(Date.parse(instant) + 8 * 3600000).toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 19)}`;
}

function element(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") made.textContent = value;
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const digest = (text) => element("code", { class: "digest", text });

/** A fingerprint in groups of four, four groups a line, as notices print it; copied, it is in one piece. */
const groups = (text) => element("code", { class: "groups" }, ...text.match(/.{4}/g).map((four) => element("span", { text: four })));

const drawingName = ({ source, issue }) =>
  source === "dice" || source === "explicit" ? nameOf(source) : say("drawing", { source: nameOf(source), issue });

// --------------------------------------------------------------------------------------------- at work
function choose(file) {
  stop();
  state = { phase: "running", facts: {}, name: file.name, size: file.size, started: performance.now(), typed: {}, trust: "", accepted: false };
  $("trust").value = "";
  $("accept").checked = false;
  const program = URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
  worker = new Worker(program);
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    finish({ phase: "beyond", reason: "error", what: event.message ?? "" });
  };
  worker.postMessage({ file });
  URL.revokeObjectURL(program);
  render();
}

function stop() {
  worker?.terminate();
  worker = undefined;
}

function hear(message) {
  if (message.kind === "progress") return showProgress(message);
  if (message.kind === "begin") {
    state.step = message.step;
    renderSteps();
    return showProgress({ step: message.step, done: 0, of: 1 });
  }
  if (message.kind === "end") state.facts[message.step] = message.facts;
  if (message.kind === "report") finish({ phase: "done", report: message.report });
  if (message.kind === "beyond") finish({ phase: "beyond", reason: message.reason, what: message.what });
}

function finish(change) {
  stop();
  state = { ...state, ...change, step: undefined, seconds: ((performance.now() - state.started) / 1000).toFixed(1) };
  if (state.report) state.facts = state.report.facts;
  prepareOutside();
  render();
  $("verdict-title").focus({ preventScroll: true });
  $("verdict").scrollIntoView({ block: "nearest" });
}

function showProgress({ step, done, of }) {
  const number = STEP_NAMES.indexOf(step), before = STEP_NAMES.slice(0, number).reduce((sum, name) => sum + (WEIGHTS[name] ?? 1), 0);
  $("progress").value = 1000 * ((before + (of ? done / of : 0) * (WEIGHTS[step] ?? 1)) / WEIGHT);
  $("doing").textContent = say("doing", { number: number + 1, of: STEP_NAMES.length, step: STEP_TEXTS[step][language][0] });
}

// --------------------------------------------------------------------------------------------- the verdict
const orderNow = () => orderInTime(state.facts.witness.statements, state.facts.witness.contributors, trusted());
const trusted = () => (state.trust.match(/\S+/g) ?? []).map((text) => text.toLowerCase());

/** By when, as trusted witnesses attest, all that the seed is made of but the public values was fixed. */
function witnessedTime() {
  const { statements, contributors } = state.facts.witness, prints = trusted();
  const first = (of) => statements.filter((one) => one.of === of && prints.includes(one.fingerprint)).map(({ time }) => time).sort()[0];
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
    const name = STEP_TEXTS[step][language][0], number = STEP_NAMES.indexOf(step) + 1;
    return { code, kind: "bad", title: `${say("verdict_1")}${language ? ": " : "："}${name}`, text: say("verdict_1_text", { number, of: STEP_NAMES.length, fault: pick(FAULTS[fault]) }) };
  }
  if (contradicted()) return { code: 1, kind: "bad", title: say("verdict_outside"), text: say("verdict_outside_text") };
  const name = code === 0 && state.facts.registry.mode === "rehearsal" ? "rehearsal" : code;
  return { code, kind: code === 0 ? "good" : "fair", title: say(`verdict_${name}`), text: say(`verdict_${name}_text`, name === 0 ? sealedBy() : {}) };
}

const sealedBy = () => ({ time: witnessedTime(), closing: state.facts.witness.contributors ? say("verdict_closing") : "" });

/** Where it failed, in words. */
const placeText = (place) => list(["file", "line", "byte", "id", "path"].filter((name) => place[name] !== undefined && place[name] !== "")
  .map((name) => say(`place_${name}`, { [name]: shown(place[name]) })));

function renderVerdict() {
  const over = state.phase === "done" || state.phase === "beyond";
  $("verdict").hidden = !over;
  if (!over) return;
  const { code, kind, title, text } = verdict(), { facts, report } = state, rows = [];
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
  rows.push([say("file"), `${shown(state.name)}${language ? ": " : "："}${say("seconds", { bytes: count(state.size), seconds: state.seconds })}`]);
  if (report?.sha256) rows.push([say("file_digest"), digest(report.sha256)]);
  if (code !== undefined) rows.push([say("code"), String(code)]);
  $("verdict-facts").replaceChildren(...definitions(rows));
}

const definitions = (rows) => rows.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", {}, value)]);

// --------------------------------------------------------------------------------------------- the steps
function renderSteps() {
  const failure = state.report?.failure, { facts } = state;
  const items = STEP_NAMES.map((step) => {
    const [name, about] = STEP_TEXTS[step][language], mark = element("span"), head = element("div", { class: "head" }, element("h3", { text: name }), mark);
    const body = element("div", {}, head, element("p", { class: "about", text: about }));
    let badge = ["waiting", state.phase === "idle" || state.phase === "running" ? "waiting" : "not_reached"], now = "waiting";
    if (facts[step]) {
      now = "holds";
      badge = CONSISTENT.includes(step) ? ["consistent", "consistent"] : ["recomputed", "recomputed"];
      body.append(element("p", { class: "found", text: foundText(step, facts[step]) }));
      const rows = factRows(step, facts[step]);
      if (rows.length) body.append(element("details", {}, element("summary", { text: say("details") }), element("dl", { class: "facts" }, ...definitions(rows))));
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
  const label = (name) => pick(FACT_TEXTS[name]), tally = (pairs) => list(pairs.slice(0, 40).map(([code, n]) => `${nameOf(code)} ${count(n)}`)) || "0";
  const lines = (texts) => element("div", {}, ...texts.slice(0, 40).map((text) => element("div", { text })), ...(texts.length > 40 ? ["…"] : []));
  const rows = {
    plan: () => [["window", `${facts.window.from} – ${facts.window.to}`], ["tasks", lines(facts.tasks.map(({ id, name }) => `${shown(id)} ${shown(name)}`))]],
    registry: () => [["root", digest(facts.root)]],
    strata: () => [["outside", tally(facts.outside)], ["untiered", count(facts.untiered)]],
    pool: () => [["root", digest(facts.root)], ["digest", digest(facts.digest)]],
    commitment: () => [["targets", groups(facts.targets)], ["inspectors", groups(facts.inspectors)]],
    notice: () => [["notice", digest(facts.digest)], ...(facts.contributors.length ? [["contributors", list(facts.contributors.slice(0, 40).map(shown))]] : [])],
    log: () => [["head", digest(facts.head)], ...(facts.close ? [["close", String(facts.close)]] : [])],
    seed: () => [
      ["values", lines(facts.values.map((value) => `${drawingName(value)}${language ? ": " : "："}${shown(value.value)}`))],
      ...(facts.contributions.length ? [["contributions", lines(facts.contributions.map(contributionText))]] : []),
      ["closing", digest(facts.closing)], ["seed_targets", digest(facts.seeds.targets)], ["seed_inspectors", digest(facts.seeds.inspectors)],
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

// --------------------------------------------------------------------------------------------- from outside
/** Numbers as a lottery publishes them, in any order and spacing, in the form of the specification. */
function normalValue(source, text) {
  const groupsOf = { kl8: [20], ssq: [6, 1], dlt: [5, 2] }[source];
  const ascii = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).toLowerCase();
  if (!groupsOf) return ascii.replace(/[^0-9a-f]/g, "");
  const parts = ascii.match(/[0-9]+/g) ?? [], numbers = parts.length > 1 ? parts.map((part) => part.padStart(2, "0")) : (parts[0] ?? "").match(/.{1,2}/g) ?? [];
  if (numbers.length !== groupsOf.reduce((a, b) => a + b)) return numbers.join("");
  let at = 0;
  return groupsOf.flatMap((size) => numbers.slice(at, (at += size)).sort()).join("");
}

/** A field for a value from outside; its comparison with `found` changes the verdict. */
function field({ id, label, found, normal, origin, picture }) {
  const input = element("input", { type: "text", id, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-state` });
  const said = element("p", { id: `${id}-state`, class: "state", role: "status" });
  const compare = () => {
    const typed = normal(input.value);
    return typed === "" ? "empty" : typed === found ? "good" : typed.length < found.length && found.startsWith(typed) ? "short" : "bad";
  };
  const show = () => {
    const result = compare(), typed = normal(input.value);
    said.className = `state ${result}`;
    said.textContent = result === "empty" ? "" : say(`match_${result}`, { found: shown(found), count: found.length - typed.length });
  };
  input.addEventListener("input", () => {
    show();
    renderVerdict();
    renderTrusted();
  });
  const name = element("label", { for: id }), own = element("span", { class: "note" });
  const relabel = () => {
    name.textContent = label();
    own.textContent = say(origin);
    input.placeholder = say("type_here");
  };
  return { parts: [element("div", { class: "field" }, name, own, picture, input, said)], show: () => (relabel(), show()), compare };
}

/** A value as its lottery publishes it: numbers of two digits apart. */
function valuePicture({ source, value }) {
  if (source === "explicit") return groups(value);
  return element("code", { class: "value", text: ["kl8", "ssq", "dlt"].includes(source) ? value.match(/../g).join(" ") : value });
}

/** After a bundle has held: the fields to compare it with. */
function prepareOutside() {
  const { facts } = state, holds = state.phase === "done" && !state.report.failure;
  state.checks = [];
  if (!holds) return;
  const plain = (text) => text.replace(/\s/g, "").toLowerCase();
  const commitments = ["targets", "inspectors"].map((stage) => field({
    id: `published-${stage}`, label: () => say(`published_${stage}`), found: facts.commitment[stage], normal: plain,
    origin: "own_computed", picture: groups(facts.commitment[stage]),
  }));
  const values = facts.seed.values.map((value, i) => field({
    id: `value-${i}`, label: () => drawingName(value), found: value.value, normal: (text) => normalValue(value.source, text),
    origin: "own_recorded", picture: valuePicture(value),
  }));
  $("commitments").replaceChildren(...commitments.flatMap(({ parts }) => parts));
  $("values").replaceChildren(...values.flatMap(({ parts }) => parts));
  state.values = values;
  state.checks = [...commitments, ...values];
}

function renderOutside() {
  const { facts } = state, holds = state.phase === "done" && !state.report.failure;
  $("outside").hidden = !holds;
  if (!holds) return;
  $("rehearsal").hidden = facts.registry.mode !== "rehearsal";
  for (const check of state.checks) check.show();
  const { statements } = facts.witness;
  $("statements").replaceChildren(...(statements.length ? statements.slice(0, 100).map(statementCard) : [element("p", { text: say("witness_none") })]));
  renderTrust();
}

function statementCard({ name, of, time, fingerprint, receipt }) {
  const card = element("div", { class: "statement" }, element("strong", { text: shown(name) }), ` ${beijing(time)} ${say(`witness_${of}`)}`);
  if (fingerprint) card.append(element("div", { text: say("witness_key") }), digest(fingerprint));
  else card.append(element("div", { text: say("witness_receipt", { receipt: shown(receipt) }) }));
  return card;
}

function renderTrust() {
  const prints = trusted(), odd = prints.find((text) => !/^[0-9a-f]{64}$/.test(text));
  const known = state.facts.witness.statements.filter(({ fingerprint }) => prints.includes(fingerprint)).map(({ name }) => shown(name));
  $("trust-state").className = `state ${known.length && !odd ? "good" : odd ? "bad" : ""}`;
  $("trust-state").textContent = prints.length === 0 ? "" : odd ? say("trust_form", { text: shown(odd) }) : known.length ? say("trust_found", { names: list([...new Set(known)]) }) : say("trust_none");
}

function renderTrusted() {
  const texts = [say("trusted_lists")], done = state.phase === "done" && !state.report.failure, { facts } = state;
  const typed = done && state.values.length > 0 && state.values.every(({ compare }) => compare() === "good");
  const order = done ? orderNow() : "unproven", after = order === "witnessed" && { time: witnessedTime() };
  texts.push(typed ? say("trusted_values_typed") : after ? say("trusted_values_after", after) : say("trusted_values"));
  if (done) texts.push(...facts.seed.passed.map((drawing) => say("trusted_passed", { drawing: drawingName(drawing) })));
  texts.push(say(order === "unproven" ? "trusted_order" : `trusted_order_${order}`));
  $("trusted-list").replaceChildren(...texts.map((text) => element("li", {}, element("span", { class: "badge on-trust", text: say("on_trust") }), element("span", { text }))));
}

// --------------------------------------------------------------------------------------------- all together
function render() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = say("document");
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  $("language").textContent = language ? "中文" : "English";
  $("language").lang = language ? "zh-CN" : "en";
  $("choose").hidden = state.phase === "running";
  $("choose").classList.toggle("small", state.phase !== "idle");
  if (state.phase !== "idle") document.querySelector(".drop-text").textContent = say("drop_again");
  $("running").hidden = state.phase !== "running";
  if (state.phase === "running") document.querySelector(".file-name").textContent = shown(state.name);
  renderVerdict();
  renderSteps();
  renderOutside();
  renderTrusted();
}

$("language").addEventListener("click", () => {
  language = 1 - language;
  render();
});
$("file").addEventListener("change", ({ target }) => {
  if (target.files.length) choose(target.files[0]);
  target.value = "";
});
$("file").addEventListener("keydown", (event) => { // not every browser opens the chooser on Enter by itself
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.target.click();
});
$("stop").addEventListener("click", () => {
  stop();
  state = { phase: "idle", facts: {} };
  render();
  $("file").focus();
});
$("accept").addEventListener("change", ({ target }) => {
  state.accepted = target.checked;
  renderVerdict();
});
$("trust").addEventListener("input", ({ target }) => {
  state.trust = target.value;
  renderTrust();
  renderVerdict();
  renderTrusted();
});
$("print").addEventListener("click", () => print());
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  $("choose").classList.add("over");
});
document.addEventListener("dragleave", () => $("choose").classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  $("choose").classList.remove("over");
  if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]);
});
// On paper everything is open; afterwards it is as it was.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
});
render();
