"""Leave (休假) as the roster of inspectors has it now: who is away on which days of a window."""

from collections.abc import Mapping, Sequence
from datetime import date

from shuangsuiji.rosters.words import JOIN
from shuangsuiji.store.queries import Reader


def read_away(reader: Reader, days: Sequence[date]) -> Mapping[str, frozenset[date]]:
    """The days on which each inspector is on leave, by id; who never is has none.

    A draw freezes its inspectors without their leave, which goes on changing: the roster imported last counts.
    """
    latest = reader.current_import("inspectors")
    if latest is None:
        return {}
    people = reader.snapshot(latest.digest)
    if "leave" not in people.columns:  # a snapshot of an earlier version
        return {}
    cells = zip(people["id"].tolist(), people["leave"].tolist(), strict=True)
    texts = {day: day.isoformat() for day in days}
    return {
        person: frozenset(day for day, text in texts.items() if covers(cell, text, text))
        for person, cell in cells
        if cell
    }


def covers(leaves: str, first: str, last: str) -> bool:
    """Whether one of a person's leaves ("from/to", each side open if empty) covers all days (ISO) between two."""
    spans = (one.partition("/") for one in leaves.split(JOIN) if one)
    return any(begins <= first and (not ends or last <= ends) for begins, _, ends in spans)
