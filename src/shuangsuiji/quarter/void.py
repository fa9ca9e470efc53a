"""`void` (作废): a matched draw declared void; it is published all the same, and its plan may be drawn anew."""

from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.core.decisions import Void
from shuangsuiji.quarter.chronicle import VERB, add_record, read_chronicle, recorded_draw
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

    Raises WrongState as `recorded_draw`, InputRefused as `add_record`.
    """
    with store.begin(operator, VERB, now) as transaction:
        draw = recorded_draw(transaction, plan_id)
        chronicle = read_chronicle(transaction, draw)
        after = add_record(transaction, chronicle, Void(), reason=reason, approver=approver)
        transaction.declare_void(after.draw)
    return VoidResult(draw.plan_id, draw.mode, draw.number, reason.strip(), approver.strip())
