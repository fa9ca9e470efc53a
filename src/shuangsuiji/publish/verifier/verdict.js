// §18: what a report comes to. The worker and the page both have this file.

/** The order in time of a bundle whose steps all hold: witnessed, unknown (signer), receipt or unproven. */
function orderInTime(statements, contributors, trusted) {
  const both = (fits) =>
    ["notice", ...(contributors > 0 ? ["closing"] : [])].every((of) =>
      statements.some((one) => one.of === of && fits(one)),
    );
  if (both((one) => trusted.includes(one.fingerprint))) return "witnessed";
  if (both((one) => one.fingerprint !== undefined)) return "unknown";
  return both(() => true) ? "receipt" : "unproven";
}

/** The exit code of §18. */
function exitCode({ failure, facts }, rehearsal, trusted) {
  if (failure) return 1;
  if (facts.registry.mode === "rehearsal") return rehearsal ? 0 : 11;
  return { witnessed: 0, unproven: 10, receipt: 12, unknown: 13 }[
    orderInTime(facts.witness.statements, facts.witness.contributors, trusted)
  ];
}
