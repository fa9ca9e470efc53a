"""`void` (作废): a matched draw declared void; it is published all the same, and its plan may be drawn anew."""

from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.core.decisions import Void
from shuangsuiji.errors import WrongState
from shuangsuiji.quarter.approval import check_approvers
from shuangsuiji.quarter.chronicle import VERB, add_record, read_chronicle, recorded_draw
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class VoidResult:
    """The draw that is void, why, by whose approval."""

    plan: str
    mode: str
    draw: int
    reason: str
    approver: str


def void(
    store: Store, *, reason: str, approver: str, plan_id: str | None = None, operator: str, now: datetime
) -> VoidResult:
    """Declare a matched draw void, in one transaction. There is no way back.

    Raises WrongState as `recorded_draw`, with `quarter.void_unfrozen` and `quarter.void_early` before the match, which
    say what to do instead; InputRefused as `add_record` and `check_approvers`.
    """
    with store.begin(operator, VERB, now) as transaction:
        draw = _matched(transaction, plan_id)
        check_approvers(draw.mode, [approver], operator)
        chronicle = read_chronicle(transaction, draw)
        after = add_record(transaction, chronicle, Void(), reason=reason, approver=approver)
        transaction.declare_void(after.draw)
    return VoidResult(draw.plan_id, draw.mode, draw.number, reason.strip(), approver.strip())


def _matched(reader: Reader, plan_id: str | None) -> DrawRow:
    """The draw that can be declared void: what is not frozen is given up instead, what is frozen drawn to its end."""
    try:
        return recorded_draw(reader, plan_id)
    except WrongState as refusal:
        if refusal.code != "quarter.too_early":
            raise
        code = "quarter.void_unfrozen" if refusal.params["state"] == "adopted" else "quarter.void_early"
        raise WrongState(code, plan=refusal.params["plan"], state=refusal.params["state"]) from None
