// The worker: takes a file, reads it, verifies it, and tells the page.

const READ_AT_ONCE = 2 ** 24;

/** A file's bytes. */
function readFile(file, tell) {
  const bytes = new Uint8Array(file.size),
    reader = new FileReaderSync();
  for (let from = 0; from < file.size; from += READ_AT_ONCE) {
    bytes.set(new Uint8Array(reader.readAsArrayBuffer(file.slice(from, from + READ_AT_ONCE))), from);
    tell({ kind: "progress", step: "reading", done: from, of: file.size });
  }
  return bytes;
}

/** Of a file that is larger than any may be, nothing is read but what tells its kind. */
function tooLarge({ file, beside }) {
  const kind = kindOf(new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(0, 64)))),
    failed = (step) => ({
      kind,
      beside: Boolean(beside),
      facts: {},
      failure: { step, code: "archive_large", place: {} },
    });
  if (file.size > MAX_FILE_BYTES) return failed(STEPS[kind][0]);
  return beside && beside.size > MAX_FILE_BYTES ? failed("public") : undefined;
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

onmessage = async ({ data }) => {
  const tell = teller(postMessage, () => performance.now());
  try {
    let report = tooLarge(data);
    if (!report) {
      const bytes = readFile(data.file, tell);
      const beside = data.beside && readFile(data.beside, tell);
      const digests = Promise.all([bytes, ...(beside ? [beside] : [])].map((one) => longDigest(one)));
      report = await verify(bytes, tell, beside);
      report.digests = (await digests).map(hex);
    }
    tell({ kind: "report", report });
  } catch (error) {
    // Not a fault of the file: no room for it here, or the file cannot be read. Then there is no verdict.
    const reason =
      error instanceof Beyond || error instanceof RangeError
        ? "room"
        : error.name === "NotReadableError"
          ? "unreadable"
          : "error";
    tell({ kind: "beyond", reason, what: String(error) });
  }
};
