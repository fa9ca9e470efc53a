// §17: the log, the commit notice, the witnesses' statements.

const entryForm = object({
  details: form(isObject),
  operator: form(isText),
  prev: form(isDigest),
  seq: form(isCount(1)),
  time: form(isTime),
  verb: form(isText),
});

/** §17: the chain, and the places of what a notice, and the late notice, tell of. */
function checkLog(entries, notice, late) {
  let head = "0".repeat(64);
  need(Array.isArray(entries), "form");
  entries.forEach((entry, i) =>
    at({ line: i + 1 }, () => {
      entryForm(entry);
      need(entry.seq === i + 1 && entry.prev === head, "log_broken");
      head = hex(tagged("log", cj(entry)));
    }),
  );
  const own = entriesOfDraw(entries, notice),
    places = checkPlaces(own, notice, "", ["seed", "draw", "match"]);
  if (!late) return { head, ...places };
  const after = checkPlaces(own, late, "late-", ["late-seed", "match"]);
  need(after.freeze.seq > places.freeze.seq, "log_early", { line: after.freeze.seq });
  return { head, ...places, late: after };
}

/** §17: the entries of a draw. */
const entriesOfDraw = (entries, { draw, mode }) =>
  entries.filter(({ details }) => dig(details, "draw") === draw && dig(details, "mode") === mode);

const SOLE = {
  freeze: "log_freeze",
  close: "log_close",
  "late-freeze": "log_late_freeze",
  "late-close": "log_late_close",
};

/** §17: the freeze agrees with its notice; the closing comes after it, what follows the closing after that. */
function checkPlaces(own, { head, time, changes, commitments, contributors }, late, following) {
  const only = (verb) => {
    const found = own.filter((entry) => entry.verb === verb);
    need(found.length === 1, SOLE[verb], found.length > 1 ? { line: found[1].seq } : {});
    return found[0];
  };
  const notBefore = (entry, verbs) => {
    const early = own.find(({ verb, seq }) => verbs.includes(verb) && seq < entry.seq);
    need(!early, "log_early", { line: early?.seq });
  };
  const freeze = only(`${late}freeze`);
  const { prev, details } = freeze,
    told = { prev, time: freeze.time, changes: dig(details, "changes"), commitments: dig(details, "commitments") };
  need(difference({ prev: head, time, changes, commitments }, told) === undefined, "log_notice", { line: freeze.seq });
  notBefore(freeze, [`${late}close`, ...following]);
  const close = contributors.length > 0 ? only(`${late}close`) : undefined;
  if (close) notBefore(close, following);
  return { freeze, close };
}

const changeForm = object({
  approver: form(isText),
  "column?": form(isAlias),
  id: form(isName),
  kind: form(isName),
  "now?": form(isText),
  reason: form(isText),
  "was?": form(isText),
});

/** §16: the changes since the freeze before: of their form, ascending by their bytes. How many of each kind, added to `kinds`. */
function checkChanges(lines, kinds = new Map()) {
  let before,
    number = 0;
  for (const change of lines) {
    at({ line: number + 1 }, () => {
      changeForm(change);
      const text = lines.text(number++);
      need(before === undefined || compareText(before, text) < 0, "order");
      before = text;
      kinds.set(change.kind, (kinds.get(change.kind) ?? 0) + 1);
    });
  }
  return kinds;
}

/** §16: the digest of the JSON Lines of changes; of those of inspectors sealed late as well. */
const changesDigest = (draw, kind, lines) => hex(tagged(`${draw.mode}/changes`, new Sealer(draw, kind).salt(), lines));

/** §17: a commit notice. What nothing determines is taken from `stamp`, its form checked. */
function makeNotice(stamp, { plan, mode, draw, changes, committed, values, sizes }) {
  const given = (name, test) => {
    form(test)(dig(stamp, name), `.${name}`);
    return stamp[name];
  };
  return {
    authority: plan.authority,
    changes: changes ?? given("changes", isDigest),
    commitments: committed,
    draw,
    mode,
    plan: plan.id,
    sizes,
    spec: "v1",
    values,
    contributors: given("contributors", areContributors),
    deadline: given("deadline", isDate),
    head: given("head", isDigest),
    hours: given("hours", areHours(values)),
    time: given("time", isTime),
  };
}
const areContributors = (names) => Array.isArray(names) && names.every(isName) && areDistinct(names);

/** §17: the announced hours of drawings: of those announced, fallbacks included, that are not made anew each time. */
const areHours = (announced) => (hours) => {
  const names = announced
    .flatMap(drawingsOf)
    .filter((drawing) => !isMade(drawing))
    .map(drawingKey);
  return isObject(hours) && Object.entries(hours).every(([name, hour]) => names.includes(name) && isTime(hour));
};
const drawingKey = ({ issue, source }) => `${source}:${issue}`;

/** §18: the first of a notice's hours of the drawings that gave its values; undefined if it has none of them. */
const firstHour = ({ hours }, drawn) => drawn.flatMap((drawing) => hours[drawingKey(drawing)] ?? []).sort()[0];

/** §20: the notice as far as it can be seen without the lists: what it says of the targets is that of the statement. */
function checkPublicNotice(found, { authority, draw, mode, registry, values }, commitment) {
  const { commitments, sizes, plan } = found ?? {},
    late = dig(commitments, "inspectors") === undefined;
  form(isIdentifier)(dig(found, "plan"), ".plan");
  if (!late) {
    form(isDigest)(commitments.inspectors, ".commitments.inspectors");
    for (const name of ["inspectors", "recusals"]) form(isCount(0))(dig(sizes, name), `.sizes.${name}`);
  }
  const { inspectors, recusals } = sizes ?? {};
  const made = makeNotice(found, {
    plan: { authority, id: plan },
    mode,
    draw,
    committed: { targets: commitment, ...(!late && { inspectors: commitments.inspectors }) },
    values,
    sizes: { registry: registry.size, ...(!late && { inspectors, recusals }) },
  });
  same(made, found);
}

const statementMembers = {
  authority: form(isText),
  digest: form(isDigest),
  draw: form(isCount(1)),
  mode: form(isText),
  name: form(isName),
  of: form(isOneOf("notice", "closing", "late-notice", "late-closing")),
  time: form(isTime),
};
const statementForm = either(
  ["receipt", object({ ...statementMembers, receipt: form(isName) })],
  ["key", object({ ...statementMembers, key: form(isDigest), signature: form(isSignature) })],
);
const fingerprint = (key) => hex(tagged("key", unhex(key)));

/**
 * §17: the statements about what is `seen`: notices and closings (by their digests): who, of what, when, and with which
 * key or receipt; `late`, where a statement does not count, being no earlier than the `hour` of a drawing that gave a value
 * (`drawn`, by notice), or later than the first entry of a seed (`after`), as a log tells (`seeded`).
 */
function checkWitness(lines, seen, progress = () => {}) {
  let before;
  need(Array.isArray(lines), "form");
  return lines.map((line, i) =>
    at({ line: i + 1 }, () => {
      statementForm(line);
      const text = canonical(line);
      need(before === undefined || compareText(before, text) < 0, "order");
      before = text;
      progress(i + 1, lines.length);
      return checkStatement(line, seen);
    }),
  );
}

function checkStatement({ key, signature, receipt, ...statement }, { notices, digests, drawn, seeded }) {
  const { authority, draw, mode } = notices.notice,
    { name, of, time } = statement;
  same({ authority, digest: digests[of], draw, mode, name, of, time }, statement);
  const isLate = of.startsWith("late-"),
    own = isLate ? "late" : "notice",
    hour = firstHour(notices[own], drawn[own]),
    after = seeded?.[isLate ? "late-seed" : "seed"],
    missed = hour !== undefined && time >= hour,
    counts = !missed && (!seeded || (after !== undefined && time <= after)),
    told = { name, of, time, ...(!counts && { late: true, ...(missed ? { hour } : { after }) }) };
  need(time >= notices[own].time, "witness_time", { path: ".time" });
  if (key === undefined) return { ...told, receipt };
  need(signed(unhex(key), tagged("witness", cj(statement)), unhex(signature)), "signature", { path: ".signature" });
  return { ...told, fingerprint: fingerprint(key) };
}

/** §18: when the first entry of a draw with each verb was made. */
const firstTimes = (entries, notice) =>
  Object.fromEntries(
    entriesOfDraw(entries, notice)
      .reverse()
      .map(({ verb, time }) => [verb, time]),
  );

/** §18: the kinds of statements that the order in time needs. */
const kindsNeeded = ({ notice, late }) =>
  [
    [notice, "notice", "closing"],
    [late, "late-notice", "late-closing"],
  ].flatMap(([said, one, other]) => (said ? [one, ...(said.contributors.length ? [other] : [])] : []));

const signatureForm = object({ key: form(isDigest), signature: form(isSignature) });

/** §16, §21: who signed: the fingerprint of the key, if there is a signature. */
function checkSigner(found, message) {
  if (found === undefined) return {};
  signatureForm(found);
  need(signed(unhex(found.key), message, unhex(found.signature)), "signature", { path: ".signature" });
  return { fingerprint: fingerprint(found.key) };
}
