// The page: hands files to the worker and tells what the worker says.

// How long the steps take, roughly, for the progress bar.
const WEIGHTS = {
  archive: 50,
  manifest: 20,
  encoding: 50,
  registry: 460,
  strata: 210,
  targets: 60,
  assignment: 20,
  public: 900,
};
const weigh = (steps) => steps.reduce((sum, step) => sum + (WEIGHTS[step] ?? 1), 0);

let worker; // while one is at work
let turn = 0; // of choosing files: what an earlier one still waits for is dropped

// --------------------------------------------------------------------------------------------- at work
/** Files by their kinds. A file that cannot be read is left to the worker, which tells so. */
async function sorted(files) {
  const found = {};
  for (const file of files) {
    const head = await file
      .slice(0, 64)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0));
    found[kindOf(new Uint8Array(head))] = file;
  }
  return found;
}

/** What is verified together. What is given at once with a receipt is read as the public bundle beside it. */
function joined(kept, { auditor, ...found }) {
  if (auditor && found.receipt) return { receipt: found.receipt, public: auditor };
  return auditor ? { auditor } : { ...kept, ...found };
}

/** Verify these files. A receipt and a public bundle belong together, also if one of them came before. */
async function choose(chosen) {
  const kept = state.phase === "done" && state.kind !== "auditor" ? state.files : {},
    own = ++turn;
  stop();
  state = {
    phase: "running",
    facts: {},
    files: {},
    started: performance.now(),
    trust: "",
    signer: "",
    accepted: false,
  };
  for (const id of ["trust", "signer"]) $(id).value = "";
  $("accept").checked = false;
  render();
  const found = await sorted([...chosen].slice(0, 2));
  if (own !== turn) return;
  const files = joined(kept, found),
    kind = ["auditor", "receipt", "public"].find((each) => files[each]);
  const beside = kind === "receipt" && files.public !== undefined;
  state = { ...state, files, kind, beside };
  render();
  start({ file: files[kind], ...(beside && { beside: files.public }) });
}

function start(files) {
  const program = URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
  worker = new Worker(program);
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    finish({ phase: "beyond", reason: "error", what: event.message ?? "" });
  };
  worker.postMessage(files);
  URL.revokeObjectURL(program);
}

function stop() {
  worker?.terminate();
  worker = undefined;
}

/** Nothing is shown any more. */
function clear() {
  turn++;
  stop();
  state = { phase: "idle", facts: {} };
  render();
  $("file").focus();
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
  const names = stepNames(),
    number = names.indexOf(step);
  if (number < 0) {
    $("progress").value = 0;
    $("doing").textContent = say("reading");
    return;
  }
  const before = weigh(names.slice(0, number)) + (of ? done / of : 0) * (WEIGHTS[step] ?? 1);
  $("progress").value = (1000 * before) / weigh(names);
  $("doing").textContent = say("doing", { number: number + 1, of: names.length, step: ofStep(STEP_TEXTS, step)[0] });
}

// --------------------------------------------------------------------------------------------- all together
function render() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = say("document");
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const one of document.querySelectorAll("[data-own]")) one.textContent = own(one.dataset.own);
  // Without scripts all of these would be empty.
  for (const one of document.querySelectorAll("#language, main, footer")) one.hidden = false;
  $("language").textContent = language ? "中文" : "English";
  $("language").lang = language ? "zh-CN" : "en";
  $("choose").hidden = state.phase === "running";
  $("choose").classList.toggle("small", state.phase !== "idle");
  if (state.phase !== "idle") document.querySelector(".drop-text").textContent = say("drop_again");
  $("kinds").hidden = state.phase !== "idle";
  $("running").hidden = state.phase !== "running";
  if (state.phase === "running") {
    $("names").textContent = list(Object.values(state.files).map((file) => shown(file.name)));
    if (!state.step) showProgress({});
  }
  renderVerdict();
  renderOwn();
  renderSteps();
  renderOutside();
  renderTrusted();
}

$("language").addEventListener("click", () => {
  language = 1 - language;
  render();
});
$("file").addEventListener("change", ({ target }) => {
  const files = [...target.files];
  target.value = "";
  if (files.length) choose(files);
});
$("file").addEventListener("keydown", (event) => {
  // not every browser opens the chooser on Enter by itself
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.target.click();
});
$("stop").addEventListener("click", clear);
$("clear").addEventListener("click", clear);
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
$("signer").addEventListener("input", ({ target }) => {
  state.signer = target.value;
  renderSigner();
  renderVerdict();
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
  if (event.dataTransfer.files.length) choose([...event.dataTransfer.files]);
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
