"""§18 After which time each public value must have been drawn, and what the log says of the hours of the drawings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuangsuiji.audit.chain import entries_of, entry_details
from shuangsuiji.bundle.notice import Notice, is_time
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import EXPLICIT, PublicValue


@dataclass(frozen=True, slots=True)
class Follows:
    """A drawing ("source:issue") that must have been held after `time` (UTC): somebody has to look it up.

    `hour` is when it was to be held, and not before, as its notice says; "" if that does not tell.
    """

    drawing: str
    time: str
    hour: str = ""


def follows(values: Sequence[PublicValue], time: str, notice: Notice) -> tuple[Follows, ...]:
    """§18 That each of the notice's values was drawn after `time`; a seed set by hand was not drawn."""
    names = (str(one.drawing) for one in values if one.source != EXPLICIT)
    return tuple(Follows(name, time, notice.hours.get(name, "")) for name in names)


def fixed_at(entries: Sequence[Mapping[str, Json]], notice: Notice) -> str:
    """§18 When all but the public values of a notice's seed was fixed: by its closing, without one by its freeze."""
    return str(_entry(entries, notice, "close" if notice.contributors else "freeze")["time"])


def told(
    entries: Sequence[Mapping[str, Json]], notices: Sequence[Notice], wanted: Sequence[Follows]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """How closing and hours lie to each other, by the log: codes under `audit.answered` with their parameters."""
    for notice in notices:
        if notice.contributors and "drawn_already" in entry_details(_entry(entries, notice, "close")):
            yield "drawn_already", {"time": fixed_at(entries, notice)}
    for one in wanted:
        if one.hour:
            code = "hour.before" if one.time < one.hour else "hour.after"
            yield code, {"drawing": one.drawing, "time": one.time, "hour": one.hour}
            continue
        found = (_due(entries, notice, one.drawing) for notice in notices)
        first, last = next(filter(None, found), ("", ""))
        known = "before" if one.time < first else "after" if one.time >= last else "unclear"
        said = {"drawing": one.drawing, "time": one.time, "first": first, "last": last}
        yield f"due.{known}" if first else "follows", said


def known_from(details: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """From when the list could be computed, and who held lists and salt key then, as a seed's entry of the log says."""
    known, holders, copies = (details.get(name) for name in ("known_from", "holders", "key_copies"))
    if isinstance(known, Mapping):
        for drawing, since in known.items():
            code = "known_at" if is_time(str(since)) else "known_from"
            yield code, {"drawing": drawing, "time" if code == "known_at" else "hours": str(since)}
    if isinstance(holders, list):
        yield "held_by", {"operators": "、".join(map(str, holders))}
    if isinstance(copies, list):
        yield "key_copies", {"places": "、".join(map(str, copies))}


def _due(entries: Sequence[Mapping[str, Json]], notice: Notice, drawing: str) -> tuple[str, str] | None:
    """Earliest and latest instant (UTC) of a drawing without an announced hour, as the freeze's entry says."""
    found = entry_details(_entry(entries, notice, "freeze")).get("due")
    hours = found.get(drawing) if isinstance(found, Mapping) else None
    match hours:
        case [str() as first, str() as last] if is_time(first) and is_time(last):
            return first, last
    return None


def _entry(entries: Sequence[Mapping[str, Json]], notice: Notice, verb: str) -> Mapping[str, Json]:
    """The only one of the draw, in a log that holds, with this verb, or its late twin for a late notice."""
    wanted = f"late-{verb}" if notice.covers == "inspectors" else verb
    return next(entry for entry in entries_of(entries, notice) if entry["verb"] == wanted)
