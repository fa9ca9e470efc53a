"""Whether a notice is published before the drawings that it announces (开奖以前)."""

from datetime import datetime

from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.public import PublicTiming
from shuangsuiji.core.seed import REAL
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.store.rows import DrawRow


def timing_of(
    draw: DrawRow, notice: Notice, lotteries: Lotteries, published: datetime, closed: datetime | None = None
) -> PublicTiming | None:
    """How a real draw's notice, published and its contributions closed then, lies to its drawings.

    None of a rehearsal, whose values may be made up.
    """
    if draw.mode != REAL:
        return None
    held = lotteries.held_already(notice.values, published)
    before = lotteries.held_already(notice.values, closed) if closed else ()
    perhaps = (one for one in lotteries.of(notice.values, published) if one.perhaps_held(published))
    return PublicTiming(
        published=published,
        held=tuple(one.drawing for one in held),
        perhaps=tuple(one.drawing for one in perhaps),
        before_closing=tuple(one.drawing for one in before),
    )
