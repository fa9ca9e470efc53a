"""`plan drop` (弃用): an adopted plan given up before its freeze; its number stays, and says why."""

from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.bundle import members
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.errors import InputRefused
from shuangsuiji.quarter.dossier import draw_in_state, plan_published
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DROPPED, DrawRow
from shuangsuiji.store.workspace import Store

VERB = "plan drop"


@dataclass(frozen=True, slots=True)
class DropResult:
    """The draw whose plan is given up, and why; `public`: its notice was published, so that this is to be told too."""

    plan: str
    mode: str
    draw: int
    reason: str
    public: bool


def drop(
    store: Store, *, reason: str, plan_id: str | None = None, operator: str, now: datetime
) -> DropResult:
    """Give up the plan of the only open draw (or that of `plan_id`), in one transaction. There is no way back.

    The plan may be adopted again, under the next number. Raises InputRefused `quarter.drop_reason` for an empty reason,
    WrongState as `draw_in_state`: once frozen a draw can only be declared void.
    """
    why = reason.strip()
    if not why:
        raise InputRefused("quarter.drop_reason")
    with store.begin(operator, VERB, now) as transaction:
        draw = draw_in_state(transaction, plan_id, "adopted", "plan adopt")
        transaction.put_files(draw, {DROPPED: canonical_json({"reason": why})})
        transaction.details(
            draw=draw.number, mode=draw.mode, plan=draw.plan_id, version=draw.plan_version, reason=why
        )
    return DropResult(draw.plan_id, draw.mode, draw.number, why, plan_published(draw))


def drop_reason(reader: Reader, draw: DrawRow) -> str:
    """Why the plan of a draw was given up."""
    value = members.read_json(DROPPED, reader.file(draw, DROPPED))
    return str(value["reason"]) if isinstance(value, dict) else ""
