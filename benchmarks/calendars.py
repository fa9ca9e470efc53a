"""The calendar of a county's visits: our solver alone, for nobody else takes such a problem."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from benchmarks.cases import PLACES, Calendar
from benchmarks.jobs import Job
from shuangsuiji.core.stream import Stream
from shuangsuiji.followup import timetable
from shuangsuiji.followup.schedule import Visit
from shuangsuiji.followup.timetable import Due, Problem
from shuangsuiji.solvers import calendars
from shuangsuiji.solvers.calendars import Solved, Unplaced

_FIRST: Final = date(2021, 4, 1)
_LIMIT: Final = 4
_KEY: Final = bytes(32)


def _salted(*texts: str) -> bytes:
    return hmac.digest(_KEY, "\x1f".join(texts).encode(), "sha256")


def _problem(case: Calendar) -> Problem:
    """Districts of unequal size, a member from the district and one from anywhere, some leave."""
    stream = Stream(b"calendar".ljust(32, b"."))
    days = tuple(_FIRST + timedelta(days=number) for number in range(case.days))
    home = [stream.below(case.districts * (case.districts + 1) // 2) for _ in range(case.inspectors)]
    of_district = [_district(one, case.districts) for one in home]
    due: list[Due] = []
    block = 0
    while len(due) < case.targets:
        block += 1
        district = _district(stream.below(case.districts * (case.districts + 1) // 2), case.districts)
        near = [one for one, own in enumerate(of_district) if own == district] or [0]
        first = near[stream.below(len(near))]
        other = (first + 1 + stream.below(case.inspectors - 1)) % case.inspectors
        team = tuple((f"slot{place}", f"{one:05}") for place, one in enumerate((first, other)[:PLACES]))
        for _ in range(min(case.to_a_block, case.targets - len(due))):
            due.append(Due(f"E{len(due):05}", block, f"{district:02}", ("task",), team))
    away = {
        f"{one:05}": frozenset(days[first : first + 5])
        for one in range(0, case.inspectors, 10)
        for first in [stream.below(case.days)]
    }
    return Problem(tuple(due), days, _LIMIT, away, {}, {})


def _district(number: int, districts: int) -> int:
    """The larger districts more often: 0 as often as all that follow it would be in a triangle."""
    district = 0
    while number >= districts - district:
        number -= districts - district
        district += 1
    return district


def _ours(case: Calendar) -> Job[tuple[Solved | Unplaced, Sequence[Visit]]]:
    problem = _problem(case)

    def work() -> tuple[Solved | Unplaced, Sequence[Visit]]:
        groups = problem.groups(_salted)
        given = timetable.rota(problem, groups)
        found = calendars.solve(given, lambda job, day: _salted("job", groups[job][0].target, str(day)))
        made = () if isinstance(found, Unplaced) else timetable.visits(problem, groups, found.starts)
        return found, made

    def note(result: tuple[Solved | Unplaced, Sequence[Visit]]) -> str:
        found, made = result
        if isinstance(found, Unplaced):
            return f"{len(found.jobs)} jobs without a day"
        wrong = list(timetable.faults(problem, made))
        said = f"lawful; cost {found.cost.total:,}, bound {found.bound:,}"
        return "; ".join(wrong) or said

    return Job(work, note)


CALENDARS: Final[Mapping[str, Callable[[Calendar], Job[tuple[Solved | Unplaced, Sequence[Visit]]]]]] = {
    "shuangsuiji": _ours
}
