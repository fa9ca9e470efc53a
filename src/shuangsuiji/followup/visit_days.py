"""The days on which visits may take place (检查日): working days of the window that the plan's rules allow."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date

from shuangsuiji.followup.workdays import Workdays
from shuangsuiji.plan.visits import VisitRules


def visit_days(
    rules: VisitRules, window: tuple[date, date], workdays: Workdays, more: Collection[date] = ()
) -> tuple[date, ...]:
    """The visit days of a window (both ends included), ascending; `more` come in addition.

    None but working days. Raises InputRefused `schedule.year_unknown`.
    """
    return tuple(
        day
        for day in workdays.between(*window)
        if day in more or rules.allows(day, monthrange(day.year, day.month)[1])
    )
