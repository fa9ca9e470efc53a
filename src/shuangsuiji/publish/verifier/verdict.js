// §18: what a report comes to. The worker and the page both have this file.

/** The order in time of what holds: witnessed, unknown (signer), receipt or unproven; `needed`: kinds of statements. */
function orderInTime({ statements, needed }, trusted) {
  const counted = statements.filter(({ late }) => !late); // §18: not those made after the values were typed in
  const all = (fits) => needed.every((of) => counted.some((one) => one.of === of && fits(one)));
  if (all((one) => trusted.includes(one.fingerprint))) return "witnessed";
  if (all((one) => one.fingerprint !== undefined)) return "unknown";
  return all(() => true) ? "receipt" : "unproven";
}

/** The exit code of §18. */
function exitCode({ failure, facts }, rehearsal, trusted) {
  if (failure) return 1;
  if (facts.registry.mode === "rehearsal") return rehearsal ? 0 : 11;
  return { witnessed: 0, unproven: 10, receipt: 12, unknown: 13 }[orderInTime(facts.witness, trusted)];
}
