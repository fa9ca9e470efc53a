// §16, §20: the archive of an auditor's or a public bundle, byte for byte.

const MAX_FILE_BYTES = 2 ** 31 - 2 ** 16;
/** The members by kind, in their order; "?" marks those that may be absent. */
const MEMBERS = {
  auditor: [
    ...["blocks.jsonl", "changes.jsonl", "commitment.json", "entities.jsonl", "inspectors.jsonl", "late.json?"],
    ...["log.jsonl", "manifest.json", "notice.json", "plan.json", "records.jsonl", "recusals.jsonl", "salt.json"],
    ...["seed.json", "shortages.jsonl", "signature.json?", "strata.jsonl", "targets.jsonl", "witness.jsonl"],
  ],
  public: [
    ...["commitment.json", "leaves.jsonl", "manifest.json", "names.jsonl", "notice.json", "seed.json"],
    ...["signature.json?", "strata.jsonl", "witness.jsonl"],
  ],
};

const DATE = 0x0021; // 1980-01-01

/** CRC-32 (ISO 3309) by 16 tables of 256, one behind the other: 16 bytes at a time, four in a word. */
const CRC = new Int32Array(16 * 256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  CRC[byte] = value;
}
for (let i = 256; i < CRC.length; i++) CRC[i] = CRC[CRC[i - 256] & 255] ^ (CRC[i - 256] >>> 8);

/** A word whose first byte stands before that many others of the 16. */
const crcOf = (word, before) =>
  CRC[256 * before + (word & 255)] ^
  CRC[256 * (before - 1) + ((word >>> 8) & 255)] ^
  CRC[256 * (before - 2) + ((word >>> 16) & 255)] ^
  CRC[256 * (before - 3) + (word >>> 24)];

function crc32(bytes, from, to) {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let crc = -1,
    at = from;
  for (; at + 16 <= to; at += 16) {
    crc =
      crcOf(crc ^ words.getInt32(at, true), 15) ^
      crcOf(words.getInt32(at + 4, true), 11) ^
      crcOf(words.getInt32(at + 8, true), 7) ^
      crcOf(words.getInt32(at + 12, true), 3);
  }
  for (; at < to; at++) crc = CRC[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Fields of 2 or 4 bytes, least significant byte first, then the name. */
function record(fields, name = "") {
  const bytes = fields.flatMap(([size, value]) =>
    Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256),
  );
  return Uint8Array.from([...bytes, ...utf8(name)]);
}
const two = (...values) => values.map((value) => [2, value]);
const four = (...values) => values.map((value) => [4, value]);

const localHeader = (name, crc, size) =>
  record([...four(0x04034b50), ...two(20, 0, 0, 0, DATE), ...four(crc, size, size), ...two(name.length, 0)], name);
const centralEntry = (name, { crc, from, to, offset }) =>
  record(
    [
      ...four(0x02014b50),
      ...two(0x0314, 20, 0, 0, 0, DATE),
      ...four(crc, to - from, to - from),
      ...two(name.length, 0, 0, 0, 0),
      ...four(0x81a40000, offset),
    ],
    name,
  );
const endRecord = (count, size, offset) =>
  record([...four(0x06054b50), ...two(0, 0, count, count), ...four(size, offset), ...two(0)]);

function expectBytes(bytes, offset, expected, place) {
  const wrong = expected.findIndex((byte, i) => bytes[offset + i] !== byte);
  need(wrong < 0, "archive", { ...place, byte: offset + wrong });
}

/** §16: the members, as places in the archive; every byte that is not content is compared with what §16 says it is. */
function readArchive(bytes, kind, progress) {
  const members = new Map();
  let offset = 0;
  for (const named of MEMBERS[kind]) {
    const name = named.replace("?", "");
    if (named !== name && !startsWith(bytes, offset + 30, name)) continue;
    const from = offset + 30 + name.length;
    need(from <= bytes.length, "archive_short", { file: name, byte: bytes.length });
    const size =
      bytes[offset + 18] + bytes[offset + 19] * 256 + bytes[offset + 20] * 65536 + bytes[offset + 21] * 16777216;
    const to = Math.min(from + size, bytes.length),
      crc = crc32(bytes, from, to);
    expectBytes(bytes, offset, localHeader(name, crc, to - from), { file: name });
    members.set(name, { crc, from, to, offset });
    progress((offset = to));
  }
  const start = offset;
  for (const [name, member] of members) {
    const entry = centralEntry(name, member);
    expectBytes(bytes, offset, entry, { file: name });
    offset += entry.length;
  }
  const end = endRecord(members.size, offset - start, start);
  expectBytes(bytes, offset, end);
  need(bytes.length === offset + end.length, "archive_long", { byte: offset + end.length });
  return members;
}

/** §16: of each member that the manifest names, its digest and size. */
async function digestMembers(bytes, members, progress) {
  const files = {};
  for (const [name, { from, to }] of members) {
    if (name === "manifest.json" || name === "signature.json") continue;
    const digest = await longDigest(bytes.subarray(from, to), (done) => progress(from + done));
    files[name] = { sha256: hex(digest), size: to - from };
    progress(to);
  }
  return files;
}
