// §11, §17: Ed25519 signatures (RFC 8032), with integers of unlimited size. A few milliseconds each; not every browser
// has them built in, and a verifier that cannot check a signature would have to say so.

const P = 2n ** 255n - 19n,
  ORDER = 2n ** 252n + 27742317777372353535851937790883648493n,
  WORD64 = 2n ** 64n - 1n;
const modulo = (a, m = P) => ((a % m) + m) % m;

function power(base, exponent) {
  let result = 1n;
  for (base = modulo(base); exponent > 0n; exponent >>= 1n, base = (base * base) % P) {
    if (exponent & 1n) result = (result * base) % P;
  }
  return result;
}
const inverse = (a) => power(a, P - 2n);
const D = modulo(-121665n * inverse(121666n)),
  ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);

const littleEndian = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

/** SHA-512's constants: the first 64 bits of the fractions of square or cube roots of primes (FIPS 180-4, section 4.2.3). */
function fractionOfRoot(prime, degree) {
  const value = BigInt(prime) << (64n * degree);
  let low = 0n,
    high = 1n << 80n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle;
  }
  return low & WORD64;
}
const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const START512 = PRIMES.slice(0, 8).map((prime) => fractionOfRoot(prime, 2n));
const K512 = PRIMES.map((prime) => fractionOfRoot(prime, 3n));

function sha512(message) {
  const length = Math.ceil((message.length + 17) / 128) * 128;
  const view = new DataView(new ArrayBuffer(length));
  new Uint8Array(view.buffer).set(message);
  view.setUint8(message.length, 0x80);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n);
  const turn = (x, by) => ((x >> by) | (x << (64n - by))) & WORD64;
  let state = START512;
  for (let block = 0; block < length; block += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(block + 8 * i));
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15],
        y = w[i - 2];
      const small = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n),
        great = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
      w.push((w[i - 16] + small + w[i - 7] + great) & WORD64);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const choice = (e & f) ^ (~e & WORD64 & g),
        majority = (a & b) ^ (a & c) ^ (b & c);
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + choice + K512[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + majority;
      [a, b, c, d, e, f, g, h] = [(one + two) & WORD64, a, b, c, (d + one) & WORD64, e, f, g];
    }
    state = [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) & WORD64);
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(8 * i, word));
  return new Uint8Array(out.buffer);
}

// A point is [X, Y, Z, T] with x = X/Z, y = Y/Z, x y = T/Z (RFC 8032, section 5.1.4).
const NEUTRAL = [0n, 1n, 1n, 0n];

function sum(p, q) {
  const a = ((p[1] - p[0]) * (q[1] - q[0])) % P,
    b = ((p[1] + p[0]) * (q[1] + q[0])) % P;
  const c = (((2n * p[3] * q[3]) % P) * D) % P,
    d = (2n * p[2] * q[2]) % P;
  const e = b - a,
    f = d - c,
    g = d + c,
    h = b + a;
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}
const negative = ([x, y, z, t]) => [-x, y, z, -t];

/** RFC 8032, section 5.1.3: the point of 32 bytes, or undefined. */
function point(bytes) {
  const number = littleEndian(bytes),
    y = number & (2n ** 255n - 1n),
    odd = number >> 255n;
  if (y >= P) return undefined;
  const u = y * y - 1n,
    v = D * y * y + 1n;
  let x = power(u * inverse(v), (P + 3n) / 8n);
  if (modulo(v * x * x - u) !== 0n) x = (x * ROOT_OF_MINUS_1) % P;
  if (modulo(v * x * x - u) !== 0n || (x === 0n && odd === 1n)) return undefined;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, modulo(x * y)];
}
const BASE = point(Uint8Array.from({ length: 32 }, (_, i) => (i ? 0x66 : 0x58)));

function encodePoint([x, y, z]) {
  const by = inverse(z),
    number = modulo(y * by) | ((modulo(x * by) & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
}

/** a P + b Q. */
function combination(a, p, b, q) {
  const both = sum(p, q);
  let result = NEUTRAL;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = sum(result, result);
    const first = (a >> bit) & 1n,
      second = (b >> bit) & 1n;
    if (first | second) result = sum(result, first & second ? both : first ? p : q);
  }
  return result;
}

/** §11: whether the signature is the key's of the message: S < L, the key no point of small order, [S]B - [k]A encoded = R. */
function signed(key, message, signature) {
  const a = point(key),
    s = littleEndian(signature.subarray(32));
  if (a === undefined || s >= ORDER) return false;
  let eightfold = a;
  for (let i = 0; i < 3; i++) eightfold = sum(eightfold, eightfold);
  if (modulo(eightfold[0]) === 0n && modulo(eightfold[1] - eightfold[2]) === 0n) return false;
  const k = littleEndian(sha512(Uint8Array.from([...signature.subarray(0, 32), ...key, ...message]))) % ORDER;
  const r = encodePoint(combination(s, BASE, k, negative(a)));
  return r.every((byte, i) => byte === signature[i]);
}
