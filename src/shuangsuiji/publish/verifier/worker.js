// The worker: takes a file, reads it, verifies it, and tells the page.

const READ_AT_ONCE = 2 ** 24;

/** The file's bytes; of a file that is larger than any bundle, nothing is read. */
function readFile(file, tell) {
  if (file.size > MAX_BUNDLE_BYTES) return undefined;
  const bytes = new Uint8Array(file.size),
    reader = new FileReaderSync();
  for (let from = 0; from < file.size; from += READ_AT_ONCE) {
    bytes.set(new Uint8Array(reader.readAsArrayBuffer(file.slice(from, from + READ_AT_ONCE))), from);
    tell({ kind: "progress", step: "archive", done: from, of: file.size });
  }
  return bytes;
}

/** Pass on what the page has to hear, but progress at most every 50 ms. */
function teller(post, now) {
  let last = 0;
  return (message) => {
    if (message.kind === "progress") {
      if (now() - last < 50) return;
      last = now();
    }
    post(message);
  };
}

onmessage = ({ data: { file } }) => {
  const tell = teller(postMessage, () => performance.now());
  try {
    tell({ kind: "begin", step: "archive" });
    const bytes = readFile(file, tell);
    const report = bytes
      ? verify(bytes, tell)
      : { facts: {}, failure: { step: "archive", code: "archive_large", place: {} } };
    if (bytes) report.sha256 = fileDigest(bytes);
    tell({ kind: "report", report });
  } catch (error) {
    // Not a fault of the bundle: no room for it here, or the file cannot be read. Then there is no verdict.
    const reason =
      error instanceof Beyond || error instanceof RangeError
        ? "room"
        : error.name === "NotReadableError"
          ? "unreadable"
          : "error";
    tell({ kind: "beyond", reason, what: String(error) });
  }
};

const fileDigest = (bytes) => hex(sha256(bytes));
