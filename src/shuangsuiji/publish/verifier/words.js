// Texts and elements. Text from a file only ever becomes text.

const $ = (id) => document.getElementById(id);
let language = 0; // 0 Chinese, 1 English
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

const definitions = (rows) =>
  rows.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", {}, value)]);

/** A name and what follows it. */
const labelled = (name, text) => `${name}${language ? ": " : "："}${text}`;

const stepNames = () => (state.kind ? stepsOf(state.kind, state.beside) : []);
/** The words of a step, in the table of texts: those for this kind of file, if it has its own. */
const ofStep = (table, step) => pick(table[`${state.kind}.${step}`] ?? table[step]);
const holds = () => state.phase === "done" && !state.report.failure;
