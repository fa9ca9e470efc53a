// §16, §20: the archive of an auditor's or a public bundle, byte for byte.

const MAX_FILE_BYTES = 2 ** 31;
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

/** CRC-32 (ISO 3309) by four tables: four bytes at a time. */
const CRC = Array.from({ length: 4 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  CRC[0][byte] = value;
}
for (let byte = 0; byte < 256; byte++) {
  for (let table = 1; table < 4; table++) {
    const before = CRC[table - 1][byte];
    CRC[table][byte] = CRC[0][before & 255] ^ (before >>> 8);
  }
}

function crc32(bytes, from, to) {
  const [t0, t1, t2, t3] = CRC;
  let crc = -1,
    at = from;
  for (; at + 4 <= to; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  }
  for (; at < to; at++) crc = t0[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
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

/** §16: manifest.json, with the result digest as found. */
function makeManifest(bytes, members, kind, result, progress) {
  const files = {};
  for (const [name, { from, to }] of members) {
    if (name === "manifest.json" || name === "signature.json") continue;
    const hash = new Sha256();
    for (let at = from; at < to; at += 1 << 20) {
      hash.bytes(bytes, at, Math.min(to, at + (1 << 20)));
      progress(at);
    }
    files[name] = { sha256: hex(hash.digest()), size: to - from };
  }
  return { files, kind, result, spec: "v1" };
}
