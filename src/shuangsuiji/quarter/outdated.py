"""Calendars that do not hold any more (检查安排已过时): people were replaced, or went on leave, after it was made."""

from dataclasses import dataclass
from datetime import date

from shuangsuiji.core.decisions import PersonsOutcome, TargetOutcome, Urgent
from shuangsuiji.quarter.chronicle import read_records, record_count
from shuangsuiji.quarter.leaves import read_away
from shuangsuiji.quarter.results import read_entries
from shuangsuiji.quarter.schedule import read_schedule
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow


@dataclass(frozen=True, slots=True)
class Outdated:
    """A draw's calendar that is to be made again: whether somebody was `replaced` since, visits planned `on_leave`."""

    plan: str
    mode: str
    draw: int
    replaced: bool
    on_leave: int


def read_outdated(reader: Reader, draw: DrawRow, today: date) -> Outdated | None:
    """What no longer holds of the latest calendar's visits to come; None without a calendar, or if all of it holds."""
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
    if not (replaced or on_leave):
        return None
    return Outdated(draw.plan_id, draw.mode, draw.number, replaced, on_leave)
