// §8: leaves as many as a registry has. What is made is what Sealer makes (strata.js), which is the one to read; here no
// object is made for a leaf, and a message lies in one buffer from its first byte to its padding.

/** What is hashed again and again behind the same beginning: whole blocks of it once, its last part stands in the buffer. */
class Message {
  constructor({ h, length, filled, block }) {
    this.from = new Int32Array(h);
    this.before = length - filled; // bytes that are hashed already
    this.start = this.end = filled;
    this.h = new Int32Array(8);
    this.room(4096);
    this.buffer.set(block.subarray(0, filled));
  }

  room(size) {
    const buffer = new Uint8Array(size);
    if (this.buffer) buffer.set(this.buffer);
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer);
  }

  begin() {
    this.end = this.start;
    return this;
  }

  /** §1 lp(x) of bytes, fewer than 2^28 of them. */
  lp(data, from, to) {
    const size = to - from;
    if (this.end + size + 80 > this.buffer.length) this.room(2 * (this.end + size + 80)); // 8 before them, 72 of padding
    const { buffer, view } = this;
    let at = this.end;
    view.setUint32(at, 0);
    view.setUint32(at + 4, size);
    at += 8;
    while (from < to) buffer[at++] = data[from++];
    this.end = at;
    return this;
  }

  /** §1 lp(x) of eight words. */
  lpWords(words) {
    const { view } = this;
    let at = this.end;
    view.setUint32(at, 0);
    view.setUint32(at + 4, 32);
    at += 8;
    for (let i = 0; i < 8; i++, at += 4) view.setInt32(at, words[i]);
    this.end = at;
    return this;
  }

  /** The digest as eight words, which the next one overwrites. */
  words() {
    const { buffer, view, from, h } = this,
      bits = 8 * (this.before + this.end);
    let end = this.end;
    buffer[end++] = 0x80;
    while (end % 64 !== 56) buffer[end++] = 0;
    view.setUint32(end, 0);
    view.setUint32(end + 4, bits);
    for (let i = 0; i < 8; i++) h[i] = from[i];
    for (let at = 0; at < end;) {
      for (let i = 0; i < 16; i++, at += 4) W[i] = view.getInt32(at);
      compress(h);
    }
    return h;
  }
}

class Seals extends Sealer {
  constructor(draw, kind) {
    super(draw, kind);
    this.message = new Message(this.head);
    this.keyed = new Message(this.inner);
    this.key = this.outer.h;
    this.salted = new Int32Array(8);
  }

  /** salt(kind, id) as words. The outer hash of RFC 2104 has one block behind the key. */
  saltWords({ bytes, from, to }) {
    const inner = this.keyed.begin().lp(bytes, from, to).words(),
      { key, salted } = this;
    for (let i = 0; i < 8; i++) {
      W[i] = inner[i];
      W[8 + i] = 0;
      salted[i] = key[i];
    }
    W[8] = 0x80000000;
    W[15] = 8 * (64 + 32);
    compress(salted);
    return salted;
  }

  /** The leaf of the record that stands in these bytes, as words of `out`; its id by where its bytes stand. */
  leafOf(id, bytes, from, to, out, at) {
    const leaf = this.message.begin().lpWords(this.saltWords(id)).lp(bytes, from, to).words();
    for (let i = 0; i < 8; i++) out[at + i] = leaf[i];
  }
}
