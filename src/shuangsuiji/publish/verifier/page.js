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
  const characters = Array.from(String(text).slice(0, 2000)),
    short = characters.slice(0, 200).join("");
  const safe = short.replace(
    /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`,
  );
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
const groups = (text) =>
  element("code", { class: "groups" }, ...text.match(/.{4}/g).map((four) => element("span", { text: four })));

const drawingName = ({ source, issue }) =>
  source === "dice" || source === "explicit" ? nameOf(source) : say("drawing", { source: nameOf(source), issue });

// --------------------------------------------------------------------------------------------- at work
function choose(file) {
  stop();
  state = {
    phase: "running",
    facts: {},
    name: file.name,
    size: file.size,
    started: performance.now(),
    typed: {},
    trust: "",
    accepted: false,
  };
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
  const number = STEP_NAMES.indexOf(step),
    before = STEP_NAMES.slice(0, number).reduce((sum, name) => sum + (WEIGHTS[name] ?? 1), 0);
  $("progress").value = 1000 * ((before + (of ? done / of : 0) * (WEIGHTS[step] ?? 1)) / WEIGHT);
  $("doing").textContent = say("doing", {
    number: number + 1,
    of: STEP_NAMES.length,
    step: STEP_TEXTS[step][language][0],
  });
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
$("file").addEventListener("keydown", (event) => {
  // not every browser opens the chooser on Enter by itself
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
