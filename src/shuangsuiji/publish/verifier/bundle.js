// §16, §18: the steps that an auditor's and a public bundle have in common. Each returns what it found, for the page to
// tell, or throws a Fault; what takes long and is done elsewhere is waited for.

const MAX_LISTS = 2 ** 28; // bytes of all members but the one long list, that this page has room to read at once
const plain = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
const isLines = (name) => name.endsWith(".jsonl");

class Bundle {
  constructor(bytes, kind, progress) {
    this.bytes = bytes;
    this.kind = kind;
    this.progress = progress; // progress(done, of)
    this.json = {};
  }

  archive() {
    need(this.bytes.length <= MAX_FILE_BYTES, "archive_large");
    this.members = readArchive(this.bytes, this.kind, (done) => this.progress(done, this.bytes.length));
    return { members: this.members.size, bytes: this.bytes.length };
  }

  async manifest() {
    const { bytes, members } = this,
      { from, to } = members.get("manifest.json");
    const files = await digestMembers(bytes, members, (done) => this.progress(done, bytes.length));
    return at({ file: "manifest.json" }, () => {
      const found = decode(bytes, from, to),
        result = dig(found, "result");
      need(isDigest(result), "form", { path: ".result" });
      same({ files, kind: this.kind, result, spec: "v1" }, found);
      this.result_ = result;
      return { files: Object.keys(files).length, result };
    });
  }

  signature() {
    const member = this.members.get("signature.json");
    return at({ file: "signature.json" }, () =>
      checkSigner(
        member && decode(this.bytes, member.from, member.to),
        tagged("bundle", this.content("manifest.json")),
      ),
    );
  }

  encoding() {
    const long = ["entities.jsonl", "leaves.jsonl"];
    const others = [...this.members].filter(([name]) => !long.includes(name));
    if (sumOf(others.map(([, { from, to }]) => to - from)) > MAX_LISTS) throw new Beyond();
    for (const [name, { from, to }] of this.members) {
      at({ file: name }, () => {
        this.json[name] = isLines(name)
          ? new Lines(this.bytes, from, to, (done) => this.progress(done, this.bytes.length))
          : decode(this.bytes, from, to);
      });
    }
    const lists = Object.keys(this.json).filter(isLines);
    return { lines: sumOf(lists.map((name) => this.json[name].length)) };
  }

  content(name) {
    const { from, to } = this.members.get(name);
    return this.bytes.subarray(from, to);
  }

  sameLines(recomputed, file, as = (value) => value) {
    const found = this.json[file];
    for (let i = 0; i < Math.min(recomputed.length, found.length); i++) {
      const { id } = recomputed[i];
      same(recomputed[i], as(found.value(i)), { file, line: i + 1, ...(id && { id }) });
    }
    need(recomputed.length === found.length, "lines", { file, line: 1 + Math.min(recomputed.length, found.length) });
  }
}
