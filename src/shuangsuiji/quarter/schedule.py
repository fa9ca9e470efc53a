"""`schedule make|show` (检查安排): dates for the visits of a matched draw."""

from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.followup.schedule import Schedule, parse_schedule
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow

_PREFIX: Final = "schedule-"
"""What the names of a draw's files with its calendars begin with; the number and `.json` follow."""


def schedule_count(draw: DrawRow) -> int:
    """How many calendars a draw has had."""
    return sum(name.startswith(_PREFIX) for name in draw.files)


def read_schedule(reader: Reader, draw: DrawRow, number: int = 0) -> Schedule | None:
    """A draw's calendar of that number, without one the latest; None if there is none yet."""
    wanted = number or schedule_count(draw)
    name = _file_name(wanted)
    return parse_schedule(members.read_json(name, reader.file(draw, name))) if name in draw.files else None


def _file_name(number: int) -> str:
    return f"{_PREFIX}{number}.json"
