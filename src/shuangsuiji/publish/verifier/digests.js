// Digests of whole files and members: by the browser's own SHA-256, which is several times faster and works beside this
// thread, where a page may use it; else by ours, which finds the same.

const LEAST_NATIVE = 2 ** 20, // a shorter one is not worth the call
  MOST_NATIVE = 2 ** 29; // the browser's makes a copy, for which there has to be room

/** The digest by our own SHA-256, piece by piece; `progress(done)` in bytes. */
function ownDigest(bytes, progress = () => {}) {
  const hash = new Sha256();
  for (let at = 0; at < bytes.length; at += 1 << 20) {
    hash.bytes(bytes, at, Math.min(bytes.length, at + (1 << 20)));
    progress(at);
  }
  return hash.digest();
}

/** The digest by the browser's, or undefined: not on a page that came by plain http, nor where it has no room. */
async function nativeDigest(bytes) {
  try {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  } catch {
    return undefined;
  }
}

async function longDigest(bytes, progress) {
  const long = bytes.length >= LEAST_NATIVE && bytes.length <= MOST_NATIVE;
  return (long && (await nativeDigest(bytes))) || ownDigest(bytes, progress);
}
