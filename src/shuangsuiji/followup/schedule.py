"""The calendar of visits (检查安排): who visits whom on which working day, as it is stored and read again.

A calendar is kept as it was made: another version of the solver may find another one just as good, so that nobody
recomputes it, and no verifier asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuangsuiji.core.encoding import Json


@dataclass(frozen=True, slots=True)
class Visit:
    """检查安排: one target's visit. `team` are (slot id, inspector id) as they stand after all records.

    A slot that only an expert would fill, and nobody does, is left out. `appointed` is 预约: the day was agreed upon,
    and is kept.
    """

    target: str
    block: int
    district: str
    tasks: tuple[str, ...]
    team: tuple[tuple[str, str], ...]
    day: date
    appointed: bool = False

    @property
    def persons(self) -> tuple[str, ...]:
        """The ids of the team's members, in the order of their slots."""
        return tuple(person for _, person in self.team)


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a calendar is (安排指标).

    `cost` is what the solver made small: `trips` (出行段: days on end that an inspector spends in one district) and
    further districts on one day, and `excess`, the visits above `level` on a day. No calendar of the same visits and
    limits, and with the same days standing, costs less than `bound`: every inspector comes to each of his districts at
    least once. Where the whole problem was solved at once, the bound is the solver's own. `kept` are the visits whose
    day an earlier calendar gave; `least` and `most` are those of a day; `solver` is its name and version.
    """

    cost: int
    bound: int
    trips: int
    excess: int
    level: int
    least: int
    most: int
    kept: int
    solver: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """One calendar: number 1, 2, ... of its draw, the latest stands; made for these days, at most so many a day.

    `days` are the working days that it could choose from, ascending; appointed visits, and those of an earlier
    calendar, may lie on others. `visits` ascend by day, block and target. `max_per_day` are visits of one inspector.
    `added` and `skipped` are days that officers added to the plan's, or gave up; `reason` is why it was made, which
    only a calendar made again has to say; it was made after so many `records` of the draw.
    """

    number: int
    days: tuple[date, ...]
    max_per_day: int
    visits: tuple[Visit, ...]
    figures: Figures
    added: tuple[date, ...] = ()
    skipped: tuple[date, ...] = ()
    reason: str = ""
    records: int = 0

    def object(self) -> dict[str, Json]:
        """Its file's JSON; `parse_schedule(schedule.object()) == schedule`."""
        figures = {name: getattr(self.figures, name) for name in Figures.__slots__}
        return {
            "added": [day.isoformat() for day in self.added],
            "days": [day.isoformat() for day in self.days],
            "figures": figures,
            "max_per_day": self.max_per_day,
            "number": self.number,
            "reason": self.reason,
            "records": self.records,
            "skipped": [day.isoformat() for day in self.skipped],
            "visits": [_visit_object(visit) for visit in self.visits],
        }


def parse_schedule(value: Any) -> Schedule:
    """The calendar of an object that `Schedule.object` made. Raises KeyError, TypeError or ValueError for any other."""
    return Schedule(
        number=value["number"],
        days=tuple(map(date.fromisoformat, value["days"])),
        max_per_day=value["max_per_day"],
        visits=tuple(map(_parse_visit, value["visits"])),
        figures=Figures(**value["figures"]),
        # A calendar that an earlier version of this program made has none of these.
        added=tuple(map(date.fromisoformat, value.get("added", ()))),
        skipped=tuple(map(date.fromisoformat, value.get("skipped", ()))),
        reason=value.get("reason", ""),
        records=value.get("records", 0),
    )


def moves(before: Schedule | None, after: Schedule) -> int:
    """How many visits have another day than the calendar before gave them."""
    days = {} if before is None else {visit.target: visit.day for visit in before.visits}
    return sum(days.get(visit.target, visit.day) != visit.day for visit in after.visits)


def _visit_object(visit: Visit) -> dict[str, Json]:
    value: dict[str, Json] = {
        "block": visit.block,
        "day": visit.day.isoformat(),
        "district": visit.district,
        "target": visit.target,
        "tasks": list(visit.tasks),
        "team": [{"inspector": person, "slot": slot} for slot, person in visit.team],
    }
    return value | {"appointed": 1} if visit.appointed else value


def _parse_visit(value: Mapping[str, Any]) -> Visit:
    return Visit(
        target=value["target"],
        block=value["block"],
        district=value["district"],
        tasks=tuple(value["tasks"]),
        team=tuple((one["slot"], one["inspector"]) for one in value["team"]),
        day=date.fromisoformat(value["day"]),
        appointed=value.get("appointed", 0) == 1,
    )
