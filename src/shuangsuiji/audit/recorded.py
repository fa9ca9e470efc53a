"""§19 What the records of an auditor's bundle come to, for the report."""

from collections import Counter
from collections.abc import Sequence

from shuangsuiji.audit.report import Recorded
from shuangsuiji.core.decisions import (
    Outcome,
    PersonsOutcome,
    PersonsRequest,
    Record,
    TargetOutcome,
    TargetRequest,
    Urgent,
    Void,
)
from shuangsuiji.core.seed import Drawing, not_held
from shuangsuiji.core.standing import State


def summary(records: Sequence[Record], state: State) -> Recorded:
    """§19 What was recorded: each of the records was carried out before, and led to `state`."""
    void = next((one for one in records if isinstance(one.decision, Void)), None)
    counts = Counter(_kind(one) for one in records)
    skipped = [
        drawing
        for one in records
        if isinstance(one.decision, PersonsOutcome | TargetOutcome)
        for drawing in _not_held(state, one.decision)
    ]
    reason = "" if void is None else void.reason
    return Recorded(void is not None, reason, dict(sorted(counts.items())), state.open, tuple(skipped))


def _kind(record: Record) -> str:
    """ "unable", "recusal" or "target" of a request, else the record's kind."""
    match record.decision:
        case PersonsRequest(because=because):
            return because
        case TargetRequest():
            return "target"
        case Urgent() | Void() | PersonsOutcome() | TargetOutcome():
            return record.decision.kind


def _not_held(state: State, outcome: Outcome) -> tuple[Drawing, ...]:
    asked = state.requests[outcome.request].decision
    if isinstance(asked, PersonsRequest | TargetRequest):
        return not_held(asked.values, outcome.values)
    return ()
