"""What typing in public values waits for: the hour of each drawing, and a reason where a fallback gave the value.

A value that is typed before its drawing is one that somebody chose. A fallback counts only if what it takes the place
of was not held; the calendar says that it was, so whoever types says why not, for the log and the notice of the result.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from shuangsuiji.core.seed import REAL, Announced, Drawing, PublicValue, not_held
from shuangsuiji.errors import InputRefused, Listing, Where, WrongState
from shuangsuiji.publish.words import BEIJING, civil_day
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.store import instants
from shuangsuiji.store.transaction import Transaction


def check_drawn(
    transaction: Transaction,
    mode: str,
    announced: Sequence[Announced],
    values: Sequence[PublicValue],
    *,
    hours: Mapping[str, str],
    reason: str,
    override: Path | None,
) -> str:
    """Why the drawings whose place a fallback took were not held, "" if there are none; it goes into the log.

    `values` are of the announced drawings, `hours` those of the notice. Refused in a real draw: before the hour of a
    drawing, or of one whose place a fallback took (WrongState, `quarter.not_drawn_yet`): that of the notice, without
    one the earliest by the issue's number; a fallback without a `reason` (InputRefused, `quarter.not_held`).
    """
    skipped = not_held(announced, values)
    if mode != REAL:
        return ""
    lotteries = Lotteries.load(workspace=transaction.layout.root, override=override)
    for drawing in (*skipped, *(one.drawing for one in values)):
        hour = _hour(drawing, hours, transaction.now, lotteries)
        if hour is not None and transaction.now < hour:
            at = f"{hour.astimezone(BEIJING):%Y-%m-%d %H:%M}"
            raise WrongState("quarter.not_drawn_yet", Where(), drawing=str(drawing), hour=at)
    if not skipped:
        return ""
    if not reason.strip():
        raise InputRefused("quarter.not_held", drawings=Listing(map(str, skipped)))
    transaction.details(not_held={str(one): reason.strip() for one in skipped})
    return reason.strip()


def _hour(drawing: Drawing, hours: Mapping[str, str], now: datetime, lotteries: Lotteries) -> datetime | None:
    """Before when a drawing cannot have been held; None for what is thrown in the room."""
    if told := hours.get(str(drawing)):
        return instants.from_text(told)
    due = lotteries.due(drawing, civil_day(now))
    return None if due is None else due.earliest
