// §17: the log, the commit notice, the witnesses' statements.

const entryForm = object({
  details: form(isObject),
  operator: form(isText),
  prev: form(isDigest),
  seq: form(isCount(1)),
  time: form(isTime),
  verb: form(isText),
});

/** §17: the chain, and the places of the freeze and of the closing; `contributors` decide whether there is a closing. */
function checkLog(entries, notice) {
  let head = "0".repeat(64);
  need(Array.isArray(entries), "form");
  entries.forEach((entry, i) =>
    at({ line: i + 1 }, () => {
      entryForm(entry);
      need(entry.seq === i + 1 && entry.prev === head, "log_broken");
      head = hex(tagged("log", cj(entry)));
    }),
  );
  return { head, ...checkPlaces(entries, notice) };
}

/** §17: the freeze agrees with the notice; closing, seed, draw and match come after it, the last three after the closing. */
function checkPlaces(entries, { draw, mode, head, time, commitments, contributors }) {
  const own = entries.filter(({ details }) => dig(details, "draw") === draw && dig(details, "mode") === mode);
  const one = (verb) => {
    const found = own.filter((entry) => entry.verb === verb);
    need(found.length === 1, `log_${verb}`, found.length > 1 ? { line: found[1].seq } : {});
    return found[0];
  };
  const notBefore = (entry, ...verbs) => {
    const early = own.find(({ verb, seq }) => verbs.includes(verb) && seq < entry.seq);
    need(!early, "log_early", { line: early?.seq });
  };
  const freeze = one("freeze");
  const told = { prev: freeze.prev, time: freeze.time, commitments: dig(freeze.details, "commitments") };
  need(difference({ prev: head, time, commitments }, told) === undefined, "log_notice", { line: freeze.seq });
  notBefore(freeze, "close", "seed", "draw", "match");
  const close = contributors.length > 0 ? one("close") : undefined;
  if (close) notBefore(close, "seed", "draw", "match");
  return { freeze, close };
}

/** §17: the commit notice. What nothing determines is taken from `stamp`, its form checked. */
function makeNotice(stamp, { plan, mode, draw, committed, values, sizes }) {
  const given = (name, test) => {
    form(test)(dig(stamp, name), `.${name}`);
    return stamp[name];
  };
  return {
    authority: plan.authority,
    commitments: committed,
    draw,
    mode,
    plan: plan.id,
    sizes,
    spec: "v1",
    values,
    contributors: given("contributors", (names) => Array.isArray(names) && names.every(isName) && areDistinct(names)),
    deadline: given("deadline", isDate),
    head: given("head", isDigest),
    time: given("time", isTime),
  };
}

const statementMembers = {
  authority: form(isText),
  digest: form(isDigest),
  draw: form(isCount(1)),
  mode: form(isText),
  name: form(isName),
  of: form(isOneOf("notice", "closing")),
  time: form(isTime),
};
const statementForm = either(
  ["receipt", object({ ...statementMembers, receipt: form(isName) })],
  ["key", object({ ...statementMembers, key: form(isDigest), signature: form(isSignature) })],
);
const fingerprint = (key) => hex(tagged("key", unhex(key)));

/** §17: the statements about a notice and a closing (by their digests): who, of what, when, and with which key or receipt. */
function checkWitness(lines, notice, digests, progress = () => {}) {
  let before;
  need(Array.isArray(lines), "form");
  return lines.map((line, i) =>
    at({ line: i + 1 }, () => {
      statementForm(line);
      const text = canonical(line);
      need(before === undefined || compareText(before, text) < 0, "order");
      before = text;
      progress(i + 1, lines.length);
      return checkStatement(line, notice, digests);
    }),
  );
}

function checkStatement({ key, signature, receipt, ...statement }, notice, digests) {
  const { authority, draw, mode } = notice,
    { name, of, time } = statement;
  same({ authority, digest: digests[of], draw, mode, name, of, time }, statement);
  need(time >= notice.time, "witness_time", { path: ".time" });
  if (key === undefined) return { name, of, time, receipt };
  need(signed(unhex(key), tagged("witness", cj(statement)), unhex(signature)), "signature", { path: ".signature" });
  return { name, of, time, fingerprint: fingerprint(key) };
}
