// §1, §3, §4, §5: SHA-256 and what is made of it. Synchronous, since a million small hashes are asked for.

const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const START = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const W = new Int32Array(64); // the message schedule; whoever calls compress() fills its first 16 words

/** One round of FIPS 180-4, section 6.2.2, over the 16 words that stand in W; `h` is the chaining value. */
function compress(h) {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15],
      y = W[i - 2];
    W[i] =
      (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
      (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)) +
      W[i - 7] +
      W[i - 16];
  }
  let a = h[0],
    b = h[1],
    c = h[2],
    d = h[3],
    e = h[4],
    f = h[5],
    g = h[6],
    k = h[7];
  for (let i = 0; i < 64; i += 4) {
    // four rounds at a time, so that no variable has to be moved about
    k =
      (k +
        (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
        (g ^ (e & (f ^ g))) +
        K[i] +
        W[i]) |
      0;
    d = (d + k) | 0;
    k =
      (k +
        (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
        ((a & b) | (c & (a | b)))) |
      0;
    g =
      (g +
        (((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7))) +
        (f ^ (d & (e ^ f))) +
        K[i + 1] +
        W[i + 1]) |
      0;
    c = (c + g) | 0;
    g =
      (g +
        (((k >>> 2) | (k << 30)) ^ ((k >>> 13) | (k << 19)) ^ ((k >>> 22) | (k << 10))) +
        ((k & a) | (b & (k | a)))) |
      0;
    f =
      (f +
        (((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7))) +
        (e ^ (c & (d ^ e))) +
        K[i + 2] +
        W[i + 2]) |
      0;
    b = (b + f) | 0;
    f =
      (f +
        (((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10))) +
        ((g & k) | (a & (g | k)))) |
      0;
    e =
      (e +
        (((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7))) +
        (d ^ (b & (c ^ d))) +
        K[i + 3] +
        W[i + 3]) |
      0;
    a = (a + e) | 0;
    e =
      (e +
        (((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10))) +
        ((f & g) | (k & (f | g)))) |
      0;
    const x = a,
      y = b,
      z = c,
      w = d; // after four rounds the eight words have changed places by four
    a = e;
    b = f;
    c = g;
    d = k;
    e = x;
    f = y;
    g = z;
    k = w;
  }
  h[0] += a;
  h[1] += b;
  h[2] += c;
  h[3] += d;
  h[4] += e;
  h[5] += f;
  h[6] += g;
  h[7] += k;
}

/** SHA-256 of what is written to it, piece by piece; its state can be copied, so that a common beginning is hashed once. */
class Sha256 {
  constructor() {
    this.h = new Int32Array(START);
    this.block = new Uint8Array(64);
    this.filled = 0; // bytes of the block
    this.length = 0; // bytes in all
  }

  copy(from) {
    this.h.set(from.h);
    this.block.set(from.block);
    this.filled = from.filled;
    this.length = from.length;
    return this;
  }

  take(bytes, at) {
    for (let i = 0; i < 16; i++, at += 4) {
      W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    compress(this.h);
  }

  bytes(data, from = 0, to = data.length) {
    this.length += to - from;
    const block = this.block;
    let filled = this.filled;
    while (from < to) {
      if (filled === 0 && to - from >= 64) {
        this.take(data, from);
        from += 64;
        continue;
      }
      const end = Math.min(to, from + 64 - filled);
      while (from < end) block[filled++] = data[from++];
      if (filled === 64) {
        this.take(block, 0);
        filled = 0;
      }
    }
    this.filled = filled;
    return this;
  }

  /** §1 u64(n), 0 <= n < 2^53. */
  u64(n) {
    const high = Math.floor(n / 4294967296),
      low = n >>> 0;
    for (let i = 0; i < 4; i++) ((LENGTH[i] = high >>> (24 - 8 * i)), (LENGTH[4 + i] = low >>> (24 - 8 * i)));
    return this.bytes(LENGTH);
  }

  /** §1 lp(x). */
  lp(data, from = 0, to = data.length) {
    return this.u64(to - from).bytes(data, from, to);
  }

  /** The digest as eight words, from `at` on; nothing can be written afterwards. */
  words(out, at = 0) {
    const bits = this.length;
    this.block[this.filled++] = 0x80;
    if (this.filled > 56) {
      this.block.fill(0, this.filled);
      this.take(this.block, 0);
      this.filled = 0;
    }
    this.block.fill(0, this.filled);
    const block = this.block,
      high = Math.floor(bits / 536870912),
      low = bits << 3;
    for (let i = 0; i < 4; i++) ((block[56 + i] = high >>> (24 - 8 * i)), (block[60 + i] = low >>> (24 - 8 * i)));
    this.take(block, 0);
    out.set(this.h, at);
    return out;
  }

  digest() {
    return bytesOf(this.words(new Int32Array(8)));
  }
}
const LENGTH = new Uint8Array(8);

const sha256 = (...parts) => parts.reduce((hash, part) => hash.bytes(part), new Sha256()).digest();

/** The 32 bytes of eight words, most significant byte first. */
function bytesOf(words, at = 0) {
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = words[at + (i >> 2)] >>> (24 - 8 * (i & 3));
  return bytes;
}

/** The reverse. */
function wordsOf(bytes) {
  const words = new Int32Array(8);
  for (let i = 0; i < 32; i++) words[i >> 2] |= bytes[i] << (24 - 8 * (i & 3));
  return words;
}

const utf8 = (
  (encoder) => (text) =>
    encoder.encode(text)
)(new TextEncoder());
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (digits) =>
  Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.substr(2 * i, 2), 16));
const u64 = (n) => Uint8Array.from({ length: 8 }, (_, i) => Math.floor(n / 2 ** (56 - 8 * i)) % 256);

/** A hash that has taken the name of §3, T(name, ...); the fields follow by lp(). */
const naming = (name) => new Sha256().lp(utf8(`shuangsuiji/v1/${name}`));

/** §3 T(name, f1, ..., fk); D is this with the mode and a slash before the name. */
const tagged = (name, ...fields) => fields.reduce((hash, field) => hash.lp(field), naming(name)).digest();

/** RFC 2104 under a key of at most 64 bytes: the two hashes that have taken the padded key. */
function hmacKey(key) {
  const padded = (by) => new Sha256().bytes(Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ by));
  return { inner: padded(0x36), outer: padded(0x5c) };
}

/** §4: the leaf hashes H(0x00 || d) of 32-byte leaves d, all as words; `progress(done)` in leaves. */
function leafHashes(leaves, progress = () => {}) {
  const hashes = new Int32Array(leaves.length),
    h = new Int32Array(8);
  for (let at = 0; at < leaves.length; at += 8) {
    let before = 0;
    for (let i = 0; i < 8; i++) {
      const word = leaves[at + i];
      W[i] = (before << 24) | (word >>> 8);
      before = word;
    }
    W[8] = (before << 24) | 0x800000;
    W.fill(0, 9, 15);
    W[15] = 33 * 8;
    h.set(START);
    compress(h);
    for (let i = 0; i < 8; i++) hashes[at + i] = h[i];
    if (at % 131072 === 0) progress(at / 8);
  }
  return hashes;
}

/** §4: the root over nodes that are added from the left; complete subtrees of equal size are joined at once. */
class Tree {
  constructor() {
    this.stack = new Int32Array(8 * 64);
    this.count = 0; // leaves so far: its binary digits are the subtrees on the stack
    this.top = 0; // words on the stack
    this.h = new Int32Array(8);
  }

  /** Add a node, such as a leaf hash, given as words. */
  node(words, at = 0) {
    for (let i = 0; i < 8; i++) this.stack[this.top++] = words[at + i];
    for (let size = ++this.count; size % 2 === 0; size /= 2) this.join();
  }

  /** H(0x01 || left || right) of the last two subtrees. */
  join() {
    const stack = this.stack,
      at = this.top - 16,
      h = this.h;
    let before = 1;
    for (let i = 0; i < 16; i++) {
      const word = stack[at + i];
      W[i] = (before << 24) | (word >>> 8);
      before = word;
    }
    h.set(START);
    compress(h);
    W[0] = (before << 24) | 0x800000;
    W.fill(0, 1, 15);
    W[15] = 65 * 8;
    compress(h);
    stack.set(h, at);
    this.top = at + 8;
  }

  /** The root as bytes; the incomplete right edge is joined from the right. */
  root() {
    if (this.count === 0) return sha256();
    while (this.top > 8) this.join();
    return bytesOf(this.stack);
  }
}

/** §4: the root that the path of a 32-byte leaf d[m] among n leads to; undefined if the path is not as long as it has to be. */
function lead(d, m, n, path) {
  if (m >= n) return undefined;
  const right = []; // from the root down: whether the leaf lies in the right half
  for (let place = m, size = n; size > 1;) {
    let k = 1;
    while (2 * k < size) k *= 2;
    right.push(place >= k);
    [place, size] = place >= k ? [place - k, size - k] : [place, k];
  }
  if (right.length !== path.length) return undefined;
  return path.reduce(
    (node, other) => sha256(Uint8Array.of(1), ...(right.pop() ? [other, node] : [node, other])),
    sha256(Uint8Array.of(0), d),
  );
}

/** §5: words of 64 bits, as a high and a low half, and unbiased integers from them. */
class Stream {
  constructor(key) {
    this.key = wordsOf(key);
    this.h = new Int32Array(8);
    this.blocks = 0;
    this.at = 8;
    this.high = 0;
    this.low = 0;
  }

  next() {
    if (this.at === 8) {
      W.set(this.key);
      W[8] = Math.floor(this.blocks / 4294967296);
      W[9] = this.blocks;
      W[10] = 0x80000000;
      W.fill(0, 11, 15);
      W[15] = 40 * 8;
      this.h.set(START);
      compress(this.h);
      this.blocks++;
      this.at = 0;
    }
    this.high = this.h[this.at] >>> 0;
    this.low = this.h[this.at + 1] >>> 0;
    this.at += 2;
  }

  /** below(n) for 1 <= n < 2^53. Up to 2^26 all products stay below 2^53; above, BigInt. */
  below(n) {
    if (n > 67108864) return Number(this.belowBig(BigInt(n)));
    const by = 4294967296 % n; // 2^32 mod n
    const refused = (by * by) % n; // 2^64 mod n: as many of the greatest words are refused
    do this.next();
    while (this.high === 4294967295 && this.low >= 4294967296 - refused);
    return ((this.high % n) * by + this.low) % n;
  }

  belowBig(n) {
    const limit = ((1n << 64n) / n) * n;
    for (;;) {
      this.next();
      const word = (BigInt(this.high) << 32n) | BigInt(this.low);
      if (word < limit) return word % n;
    }
  }

  shuffle(items) {
    for (let x = items.length - 1; x > 0; x--) {
      const r = this.below(x + 1),
        moved = items[x];
      items[x] = items[r];
      items[r] = moved;
    }
  }
}
