// §8: the records of the registry, one after the other. A registry is long, so a plain record (of its form, without escapes)
// is recognised by its bytes. Whatever is the least unlike that is left to `readable`, which reads and judges any record and
// alone refuses one; `plain` never finds what it would not.

const [BEFORE_COLUMNS, BEFORE_ID, BEFORE_LISTS, BEFORE_NAME, BEFORE_STATUS, BEFORE_VISITS, CLOSE] = [
  ...['{"columns":', ',"id":"', ',"lists":', ',"name":"', '","status":"', ',"visits":', "}"],
].map(utf8);
const PLAIN_STATUSES = STATUSES.map((status) => [status, utf8(`${status}"`)]);
const PARTS_KEPT = 4096; // columns, lists, visits that were seen last, by their bytes: most records have those of another one

/** A plain record, as far as anybody asks for it; its text is read when asked for. */
class PlainEntity {
  constructor(bytes) {
    Object.assign(this, { bytes, idFrom: 0, idTo: 0, nameFrom: 0, nameTo: 0 });
    Object.assign(this, { columns: undefined, lists: undefined, status: "", visits: undefined });
  }

  get id() {
    return decoder.decode(this.bytes.subarray(this.idFrom, this.idTo));
  }

  get name() {
    return decoder.decode(this.bytes.subarray(this.nameFrom, this.nameTo));
  }
}

/** The records of lines that have been scanned; `id` tells where the bytes of the last one's id stand. */
class Entities {
  constructor(lines, aliases, listed, quick = true) {
    const { bytes, starts } = lines;
    Object.assign(this, { lines, bytes, starts, quick, number: 0 });
    this.check = entityForm(aliases, listed);
    this.columns = [0x7b, 0x7d, aliasesForm(aliases)];
    this.lists = [0x5b, 0x5d, listsForm(listed)];
    this.visits = [0x5b, 0x5d, visitsForm];
    this.entity = new PlainEntity(bytes);
    this.id = { bytes, from: 0, to: 0 };
    this.before = { bytes, from: 0, to: 0 }; // no id is empty, so every id comes after this one
    this.kept = Array.from({ length: PARTS_KEPT }, () => ({ from: 0, to: 0, value: undefined }));
  }

  /** The next record, of its form, whose id comes after the one before. */
  next() {
    const last = this.before;
    this.before = this.id;
    this.id = last;
    const line = this.number++,
      quick = this.quick && this.plain(this.starts[line], this.starts[line + 1] - 1);
    return quick ? this.entity : this.readable(line);
  }

  readable(line) {
    const record = this.lines.value(line),
      { bytes, from, to } = this.before;
    checkRecord(this.check, record, line + 1, from < to ? decoder.decode(bytes.subarray(from, to)) : undefined);
    const id = (this.id.bytes = utf8(record.id));
    this.id.from = 0;
    this.id.to = id.length;
    return record;
  }

  /** Whether the record is plain, of its form and after the one before. */
  plain(from, to) {
    const { entity, id, bytes } = this;
    let at = this.part(this.after(BEFORE_COLUMNS, from), this.columns);
    entity.columns = this.value;
    id.bytes = bytes;
    id.from = entity.idFrom = at = this.after(BEFORE_ID, at);
    id.to = entity.idTo = at = this.endOfText(at);
    if (id.from >= id.to) return false; // none was found, or an empty one
    at = this.optional(BEFORE_LISTS, at + 1, this.lists);
    entity.lists = this.value;
    entity.nameFrom = at = this.after(BEFORE_NAME, at);
    entity.nameTo = at = this.endOfText(at);
    at = this.after(BEFORE_STATUS, at);
    const status = PLAIN_STATUSES.find(([, text]) => this.after(text, at) > 0);
    if (status === undefined) return false;
    entity.status = status[0];
    at = this.optional(BEFORE_VISITS, this.after(status[1], at), this.visits);
    entity.visits = this.value;
    return this.after(CLOSE, at) === to && comparePlaces(this.before, id) < 0;
  }

  // From here on -1 stands for a place that was not found, also where one is asked to go on from it.

  /** Where this text ends, if it stands here. */
  after(text, at) {
    if (at < 0) return -1;
    const { bytes } = this,
      { length } = text;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== text[i]) return -1;
    return at + length;
  }

  /** Where the string ends that goes on here, if it is without escapes. */
  endOfText(at) {
    if (at < 0) return -1;
    const { bytes } = this;
    for (; ; at++) {
      const byte = bytes[at];
      if (byte === 0x22) return at;
      if (byte === 0x5c) return -1;
    }
  }

  /** Where a part ends that this text stands before, if it does: here, if there is none, and `value` is undefined. */
  optional(before, at, kind) {
    const from = this.after(before, at);
    this.value = undefined;
    return from < 0 ? at : this.part(from, kind);
  }

  /** Where the object or array that begins here ends, if it has no escapes, none of its kind within, and is of this form. */
  part(from, [open, close, form]) {
    const { bytes } = this;
    if (from < 0 || bytes[from] !== open) return -1;
    let to = from + 1,
      mixed = open;
    for (let within = false, byte = open; within || byte !== close; to++) {
      byte = bytes[to];
      mixed = Math.imul(mixed ^ byte, 0x01000193);
      if (byte === 0x22) within = !within;
      else if (byte === 0x5c || (byte === open && !within)) return -1;
    }
    const kept = this.kept[(mixed ^ (mixed >>> 15)) & (PARTS_KEPT - 1)];
    if (!sameBytes(bytes, from, to, kept)) {
      const value = read(bytes, from, to);
      if (!fits(form, value)) return -1;
      Object.assign(kept, { from, to, value });
    }
    this.value = kept.value;
    return to;
  }
}

function sameBytes(bytes, from, to, other) {
  if (to - from !== other.to - other.from) return false;
  for (let a = from, b = other.from; a < to; a++, b++) if (bytes[a] !== bytes[b]) return false;
  return true;
}

/** §1: the order of two texts by their bytes. */
function comparePlaces(a, b) {
  const { bytes: x, from: i, to } = a,
    { bytes: y, from: j } = b,
    end = Math.min(to - i, b.to - j);
  for (let k = 0; k < end; k++) if (x[i + k] !== y[j + k]) return x[i + k] - y[j + k];
  return to - i - (b.to - j);
}
