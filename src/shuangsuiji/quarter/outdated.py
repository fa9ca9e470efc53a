"""Calendars that do not hold any more (检查安排已过时).

People were replaced or went on leave after it was made, or another batch's calendar and it give somebody more visits on
a day than either allows.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shuangsuiji.core.decisions import PersonsOutcome, TargetOutcome, Urgent
from shuangsuiji.followup.timetable import least_limits
from shuangsuiji.quarter.chronicle import read_records, record_count
from shuangsuiji.quarter.leaves import read_away
from shuangsuiji.quarter.results import read_entries
from shuangsuiji.quarter.schedule import planned, read_schedule
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow


@dataclass(frozen=True, slots=True)
class Outdated:
    """A draw's calendar that is to be made again: whether somebody was `replaced` since, visits planned `on_leave`.

    `crowded` are visits on days when one of the persons has more of them, in all open batches, than the least limit of
    those that he has visits of that day.
    """

    plan: str
    mode: str
    draw: int
    replaced: bool
    on_leave: int
    crowded: int


def read_crowded(reader: Reader, draws: Iterable[DrawRow], today: date) -> frozenset[tuple[str, date]]:
    """Who has on which day to come more visits, by the calendars of these draws, than one of these allows."""
    ahead = [
        one
        for draw in draws
        if not draw.void
        for one in planned(reader, draw, today + timedelta(days=1), date.max)
    ]
    limits = least_limits(ahead)
    loads = Counter((person, one.visit.day) for one in ahead for person in {*one.visit.persons})
    return frozenset(place for place, count in loads.items() if count > limits[place])


def read_outdated(
    reader: Reader, draw: DrawRow, today: date, crowded: Collection[tuple[str, date]]
) -> Outdated | None:
    """What no longer holds of the latest calendar's visits to come; None without a calendar, or if all of it holds.

    `crowded` as `read_crowded` tells of the draws of its mode.
    """
    schedule = read_schedule(reader, draw)
    if schedule is None or draw.void:
        return None
    visited = {entry.target for entry in read_entries(reader, draw)}
    ahead = [visit for visit in schedule.visits if visit.day > today and visit.target not in visited]
    if not ahead:
        return None
    away = read_away(reader, sorted({visit.day for visit in ahead}))
    on_leave = sum(any(visit.day in away.get(one, ()) for one in visit.persons) for visit in ahead)
    later = () if record_count(draw) <= schedule.records else read_records(reader, draw)[schedule.records :]
    replaced = any(isinstance(one.decision, PersonsOutcome | TargetOutcome | Urgent) for one in later)
    too_many = sum(any((one, visit.day) in crowded for one in visit.persons) for visit in ahead)
    if not (replaced or on_leave or too_many):
        return None
    return Outdated(draw.plan_id, draw.mode, draw.number, replaced, on_leave, too_many)
