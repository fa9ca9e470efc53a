"""办理时限: what is overdue of a draw, by the plan's deadlines on the statutory calendar."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shuangsuiji.followup.results import Standing
from shuangsuiji.plan.deadlines import Deadlines

Kind = Literal["match", "check", "publish", "abnormal"]
KINDS: Final[tuple[Kind, ...]] = ("match", "check", "publish", "abnormal")
"""匹配检查人员, 检查并录入, 公示结果, 作出列入决定."""

AddWorkingDays = Callable[[date, int], date]
"""`Workdays.add_working_days`: the n-th working day after a day; it refuses a year that it does not know."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a draw stands, as far as deadlines ask.

    `drawn` is the day on which its targets were drawn, None if they are not, or their inspectors are; `ends` the last
    day of the plan's window; `verified` are targets verified and not decided upon, with the day.
    """

    deadlines: Deadlines
    drawn: date | None = None
    ends: date | None = None
    standings: tuple[Standing, ...] = ()
    verified: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """逾期: so many (户; for `match` the draw itself) should have been done by `due`, the earliest such day."""

    kind: Kind
    count: int
    due: date
    targets: tuple[str, ...] = ()


def overdue(case: Situation, today: date, add: AddWorkingDays) -> tuple[Overdue, ...]:
    """What should have been done before today, in the order of `KINDS`. Raises as `add`.

    A published result that is under correction is not overdue; nor is anything on its very last day.
    """
    late = _Late(today, add)
    days = case.deadlines
    if case.drawn is not None:
        late.see("match", "", case.drawn, days.match)
    for one in case.standings:
        if one.entry is None:
            if case.ends is not None:
                late.see("check", one.target, case.ends, 0)
        elif one.state != "published" and one.public is None:
            late.see("publish", one.target, one.entry.day, days.publish)
    for target, day in case.verified:
        late.see("abnormal", target, day, days.abnormal)
    return late.all()


class _Late:
    """Gathers what is late; asks the calendar only where the day may have passed, and once for each day."""

    def __init__(self, today: date, add: AddWorkingDays) -> None:
        self.today, self.add = today, add
        self.known: dict[tuple[date, int], date] = {}
        self.found: dict[Kind, dict[str, date]] = {}

    def see(self, kind: Kind, target: str, begins: date, days: int) -> None:
        """Something that is to be done within so many working days after `begins`."""
        if begins + timedelta(days=days) >= self.today:
            return
        due = self.known.get((begins, days))
        if due is None:
            due = self.add(begins, days) if days else begins
            self.known[begins, days] = due
        if due < self.today:
            targets = self.found.setdefault(kind, {})
            targets[target] = min(due, targets.get(target, due))

    def all(self) -> tuple[Overdue, ...]:
        """What is late, by kind."""
        return tuple(_overdue(kind, self.found[kind]) for kind in KINDS if kind in self.found)


def _overdue(kind: Kind, targets: Mapping[str, date]) -> Overdue:
    names: Iterable[str] = sorted(one for one in targets if one)
    return Overdue(kind, len(targets), min(targets.values()), tuple(names))
