// §2: canonical JSON. One pass over the bytes refuses every other form; then the browser's own reader builds the value.

/** Something is not as the specification says: a code for the texts, and the place (file, line, byte, id, path). */
class Fault extends Error {
  constructor(code, place = {}) {
    super(code);
    this.code = code;
    this.place = place;
  }
}

/** What this page cannot do, whatever the bundle is worth: no verdict. */
class Beyond extends Error {}

const need = (holds, code, place) => {
  if (!holds) throw new Fault(code, place);
};

/** Tell a fault inside `work` where it is. */
function at(place, work) {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof Fault) fault.place = { ...place, ...fault.place };
    throw fault;
  }
}

/** Whether a form (forms.js) finds no fault in a value. */
function fits(form, value) {
  try {
    form(value);
  } catch (fault) {
    if (fault instanceof Fault) return false;
    throw fault;
  }
  return true;
}

const MAX_VALUE_BYTES = 2 ** 26,
  MAX_DEPTH = 64;
const SHORT_ESCAPES = new Set(Array.from('"\\bfnrt', (c) => c.charCodeAt(0)));
const SHORT_CONTROLS = new Set([8, 9, 10, 12, 13]);

/** Refuses bytes that are not one canonical JSON value; builds nothing. */
class Scanner {
  constructor(bytes) {
    this.bytes = bytes;
  }

  scan(from, to) {
    need(to - from <= MAX_VALUE_BYTES, "json_long");
    this.from = this.at = from;
    this.to = to;
    this.value(0);
    if (this.at !== to) this.refuse();
  }

  refuse(code = "json_form") {
    throw new Fault(code, { byte: this.at - this.from });
  }

  peek() {
    return this.at < this.to ? this.bytes[this.at] : -1;
  }

  value(depth) {
    const first = this.peek();
    if (first === 0x22) this.string();
    else if (first === 0x7b) this.object(depth + 1);
    else if (first === 0x5b) this.array(depth + 1);
    else this.integer();
  }

  array(depth) {
    if (depth > MAX_DEPTH) this.refuse("json_deep");
    this.at++;
    if (this.peek() === 0x5d) return void this.at++;
    for (;;) {
      this.value(depth);
      const next = this.peek();
      if (next !== 0x2c && next !== 0x5d) this.refuse();
      this.at++;
      if (next === 0x5d) return;
    }
  }

  object(depth) {
    if (depth > MAX_DEPTH) this.refuse("json_deep");
    this.at++;
    if (this.peek() === 0x7d) return void this.at++;
    let before = -1,
      beforeEnd = -1;
    for (;;) {
      const key = this.at;
      if (this.peek() !== 0x22) this.refuse();
      const plain = this.string(true);
      if (before >= 0 && !this.ascending(before, beforeEnd, key, plain ? this.at : -this.at)) {
        this.at = key;
        this.refuse();
      }
      before = key;
      beforeEnd = plain ? this.at : -this.at;
      if (this.peek() !== 0x3a) this.refuse();
      this.at++;
      this.value(depth);
      const next = this.peek();
      if (next !== 0x2c && next !== 0x7d) this.refuse();
      this.at++;
      if (next === 0x7d) return;
    }
  }

  /** Whether one key (with its quotes) comes before another; a negative end tells that it has escapes. */
  ascending(a, aEnd, b, bEnd) {
    const bytes = this.bytes;
    if (aEnd < 0 || bEnd < 0) {
      const read = (from, to) => JSON.parse(String.fromCharCode(...bytes.subarray(from, Math.abs(to))));
      return read(a, aEnd) < read(b, bEnd);
    }
    for (a++, b++; bytes[a] === bytes[b]; a++, b++) if (bytes[a] === 0x22) return false;
    return bytes[a] === 0x22 || (bytes[b] !== 0x22 && bytes[a] < bytes[b]);
  }

  /** A string; whether it is without escapes. Keys have to be ASCII. */
  string(key = false) {
    const bytes = this.bytes,
      to = this.to;
    let at = this.at + 1,
      plain = true;
    for (;;) {
      const byte = at < to ? bytes[at] : 0;
      if (byte === 0x22) break;
      if (byte >= 0x20 && byte < 0x80 && byte !== 0x5c) {
        at++;
        continue;
      }
      this.at = at;
      if (byte === 0x5c) {
        plain = false;
        at += this.escape(at);
      } else {
        if (byte < 0x20 || key) this.refuse(key && byte >= 0x80 ? "json_key" : "json_form");
        at += this.character(at);
      }
    }
    this.at = at + 1;
    return plain;
  }

  /** The length of the one escape that §2 has for a character. */
  escape(at) {
    const bytes = this.bytes;
    if (at + 1 < this.to && SHORT_ESCAPES.has(bytes[at + 1])) return 2;
    const text = at + 6 <= this.to ? String.fromCharCode(...bytes.subarray(at, at + 6)) : "";
    if (!/^\\u00[01][0-9a-f]$/.test(text) || SHORT_CONTROLS.has(parseInt(text.slice(2), 16))) this.refuse();
    return 6;
  }

  /** The length of a UTF-8 sequence of two to four bytes: no overlong form, no surrogate, nothing above U+10FFFF. */
  character(at) {
    const bytes = this.bytes,
      lead = bytes[at];
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > this.to) this.refuse("json_utf8");
    const second = bytes[at + 1];
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) this.refuse("json_utf8");
    for (let i = 2; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) this.refuse("json_utf8");
    return length;
  }

  integer() {
    const bytes = this.bytes,
      start = this.at;
    let at = start,
      value = 0;
    if (this.peek() === 0x2d) at++;
    const first = at;
    for (; at < this.to && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) {
      value = value * 10 + (bytes[at] - 0x30); // exact up to 2^53
      if (at - first > 16) this.refuse();
    }
    const zero = bytes[first] === 0x30;
    if (at === first || (zero && (at > first + 1 || first > start)) || value > Number.MAX_SAFE_INTEGER) this.refuse();
    this.at = at;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const read = (bytes, from, to) => JSON.parse(decoder.decode(bytes.subarray(from, to)));

/** §2: the value of canonical JSON. */
function decode(bytes, from = 0, to = bytes.length) {
  new Scanner(bytes).scan(from, to);
  return read(bytes, from, to);
}

/** §2: JSON Lines that have been scanned: where each line starts, in bytes; values are read when asked for. */
class Lines {
  constructor(bytes, from, to, progress = () => {}) {
    need(from === to || bytes[to - 1] === 0x0a, "json_newline");
    const scanner = new Scanner(bytes);
    let starts = new Uint32Array(1024),
      count = 0;
    for (let start = from; start < to; count++) {
      if (count + 1 >= starts.length) {
        const longer = new Uint32Array(2 * starts.length);
        longer.set(starts);
        starts = longer;
      }
      starts[count] = start;
      const end = bytes.indexOf(0x0a, start);
      at({ line: count + 1 }, () => scanner.scan(start, end));
      start = end + 1;
      if (count % 8192 === 0) progress(start);
    }
    starts[count] = to;
    Object.assign(this, { bytes, starts, length: count });
  }

  value(number) {
    return read(this.bytes, this.starts[number], this.starts[number + 1] - 1);
  }

  text(number) {
    return decoder.decode(this.bytes.subarray(this.starts[number], this.starts[number + 1] - 1));
  }

  /** Each value with its number; decoded in pieces of about a megabyte, which is several times faster. */
  *[Symbol.iterator]() {
    const { bytes, starts, length } = this;
    for (let first = 0; first < length;) {
      let last = first + 1;
      while (last < length && starts[last + 1] - starts[first] < 1 << 20) last++;
      const piece = decoder.decode(bytes.subarray(starts[first], starts[last] - 1)).split("\n");
      for (const line of piece) yield JSON.parse(line);
      first = last;
    }
  }

  all() {
    return [...this];
  }
}

/** §2 cj(x), as text. The browser writes strings just as §2 does; keys are ASCII. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}
const cj = (value) => utf8(canonical(value));
const jsonLines = (values) => utf8(values.map((value) => `${canonical(value)}\n`).join(""));

/** §1: the order of UTF-8 bytes. That of UTF-16 differs only where surrogates meet U+E000 to U+FFFF. */
function compareText(a, b) {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i),
      y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? byteRank(x) - byteRank(y) : x - y;
  }
  return a.length - b.length;
}
const byteRank = (unit) => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000);

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value under these keys, or undefined; only what the JSON itself has. */
function dig(value, ...keys) {
  for (const key of keys) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** The path to the first difference of two JSON values, or undefined if they are equal. */
function difference(a, b, path = "") {
  if (a === b) return undefined;
  if (isObject(a) && isObject(b)) {
    for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
      if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return `${path}.${key}`;
      const found = difference(a[key], b[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return path;
  for (let i = 0; i < a.length; i++) {
    const found = difference(a[i], b[i], `${path}[${i}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Refuse a found value that is not the recomputed one. */
function same(recomputed, found, place = {}, path = "") {
  const where = difference(recomputed, found, path);
  need(where === undefined, "differs", { ...place, path: where });
}
