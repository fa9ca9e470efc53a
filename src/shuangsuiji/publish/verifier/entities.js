// §8: the records of the registry, one after the other. A registry is long, so a record of the plain form (no escapes, no
// visits, not listed) is recognised by its bytes. Whatever is the least unlike that is left to `readable`, which reads and
// judges any record and alone refuses one; `plain` never finds what it would not.

const PLAIN = ['{"columns":', ',"id":"', '","name":"', '","status":"'].map(utf8);
const PLAIN_ENDS = STATUSES.map((status) => [status, utf8(`${status}"}`)]);
const COLUMNS_KEPT = 4096; // the columns that were seen last, by their bytes: most records have those of another one

/** A plain record, as far as anybody asks for it; its text is read when asked for. */
class PlainEntity {
  constructor(bytes) {
    Object.assign(this, { bytes, status: "", columns: undefined, idFrom: 0, idTo: 0, nameFrom: 0, nameTo: 0 });
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
    this.checkColumns = aliasesForm(aliases);
    this.entity = new PlainEntity(bytes);
    this.id = { bytes, from: 0, to: 0 };
    this.before = { bytes, from: 0, to: 0 }; // no id is empty, so every id comes after this one
    this.kept = Array.from({ length: COLUMNS_KEPT }, () => ({ from: 0, to: 0, columns: undefined }));
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
    const { entity, id, bytes } = this,
      [open, beforeId, beforeName, beforeStatus] = PLAIN;
    let at = this.columns(this.after(open, from));
    id.bytes = bytes;
    id.from = entity.idFrom = at = this.after(beforeId, at);
    id.to = entity.idTo = at = this.endOfText(at);
    if (id.from >= id.to) return false; // none was found, or an empty one
    entity.nameFrom = at = this.after(beforeName, at);
    entity.nameTo = at = this.endOfText(at);
    at = this.after(beforeStatus, at);
    const end = PLAIN_ENDS.find(([, text]) => this.after(text, at) === to);
    if (end === undefined) return false;
    entity.status = end[0];
    return comparePlaces(this.before, id) < 0;
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

  /** Where the object that begins here ends, if it has no escapes, no objects within, and is of the form of columns. */
  columns(from) {
    if (from < 0 || this.bytes[from] !== 0x7b) return -1;
    const { bytes } = this;
    let at = from + 1,
      mixed = 0;
    for (let within = false; ; at++) {
      const byte = bytes[at];
      mixed = Math.imul(mixed ^ byte, 0x01000193);
      if (byte === 0x22) within = !within;
      else if (byte === 0x5c || (byte === 0x7b && !within)) return -1;
      else if (byte === 0x7d && !within) break;
    }
    const to = at + 1;
    return this.sameColumns(from, to, this.kept[(mixed ^ (mixed >>> 15)) & (COLUMNS_KEPT - 1)]) ? to : -1;
  }

  /** Take the columns that were kept if they have the same bytes; else read, check and keep these. */
  sameColumns(from, to, kept) {
    const { bytes } = this;
    let same = to - from === kept.to - kept.from;
    for (let i = 0; same && i < to - from; i++) same = bytes[from + i] === bytes[kept.from + i];
    if (!same) {
      const columns = read(bytes, from, to);
      if (!fits(this.checkColumns, columns)) return false;
      Object.assign(kept, { from, to, columns });
    }
    this.entity.columns = kept.columns;
    return true;
  }
}

/** §1: the order of two texts by their bytes. */
function comparePlaces(a, b) {
  const { bytes: x, from: i, to } = a,
    { bytes: y, from: j } = b,
    end = Math.min(to - i, b.to - j);
  for (let k = 0; k < end; k++) if (x[i + k] !== y[j + k]) return x[i + k] - y[j + k];
  return to - i - (b.to - j);
}
