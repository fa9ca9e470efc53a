"""§17 The operation log of a bundle: an unbroken chain with freeze, closing, seed and draws in their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.bundle.notice import Notice, is_time
from shuangsuiji.core.decisions import Record
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.errors import InputRefused, Where

GENESIS: Final = "0" * 64
"""The predecessor of the first entry."""

_MEMBERS: Final = frozenset({"details", "operator", "prev", "seq", "time", "verb"})


def check_chain(entries: Sequence[Json]) -> None:
    """§17 Refuse (InputRefused, `audit.log_form`, `audit.log_broken`, by line) a log that is no unbroken chain."""
    head = GENESIS
    for line, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not _is_entry(entry):
            raise InputRefused("audit.log_form", _line(line))
        if (entry["prev"], entry["seq"]) != (head, line):
            raise InputRefused("audit.log_broken", _line(line))
        head = tagged_hash("log", canonical_json(entry)).hex()


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers of the entries that froze and closed a draw; `closing` is what the latter says of the closing digest.

    `close` is None and `closing` "" where the notice has no contributors.
    """

    freeze: int
    close: int | None
    closing: Json


@dataclass(frozen=True, slots=True)
class _Verbs:
    """The verbs of a notice's freeze and closing, of what follows the closing, and of the seed alone."""

    freeze: str
    close: str
    seeded: frozenset[str]


_OWN: Final = _Verbs("freeze", "close", frozenset({"seed", "draw", "match"}))
_LATE: Final = _Verbs("late-freeze", "late-close", frozenset({"late-seed", "match"}))


def find_places(entries: Sequence[Mapping[str, Json]], notice: Notice) -> Places:
    """§17 Where freeze and closing of the notice's draw stand in a chain already checked.

    Refuses (InputRefused): `audit.log_freezes` unless there is exactly one freeze; `audit.log_notice` if it differs
    from the notice; `audit.log_early` if a closing, seed or draw of this draw stands before it; with contributors also
    `audit.log_closes` unless there is exactly one closing, `audit.log_unclosed` if a seed or draw stands before that.
    Of a late notice the same, with its own verbs.
    """
    verbs = _LATE if notice.covers == "inspectors" else _OWN
    own = entries_of(entries, notice)
    freezes = [entry for entry in own if entry["verb"] == verbs.freeze]
    if len(freezes) != 1:
        raise InputRefused("audit.log_freezes", Where(file="log.jsonl"), found=len(freezes))
    freeze = _number(freezes[0])
    wanted: Mapping[str, Json] = {"commitments": notice.commitments, "changes": notice.changes}
    said = {name: entry_details(freezes[0]).get(name) for name in wanted}
    if (freezes[0]["prev"], freezes[0]["time"], said) != (notice.head, notice.time, wanted):
        raise InputRefused("audit.log_notice", _line(freeze))
    _refuse_before(freeze, own, verbs.seeded | {verbs.close}, "audit.log_early")
    if not notice.contributors:
        return Places(freeze, None, "")
    closes = [entry for entry in own if entry["verb"] == verbs.close]
    if len(closes) != 1:
        raise InputRefused("audit.log_closes", Where(file="log.jsonl"), found=len(closes))
    close = _number(closes[0])
    _refuse_before(close, own, verbs.seeded, "audit.log_unclosed")
    return Places(freeze, close, entry_details(closes[0]).get("closing", ""))


def first_typed(entries: Sequence[Mapping[str, Json]], notice: Notice) -> Mapping[str, str]:
    """§18 When the first entry of the notice's draw with each verb was made, in the order of the log."""
    return {str(entry["verb"]): str(entry["time"]) for entry in reversed(entries_of(entries, notice))}


def check_late(own: Places, late: Places) -> None:
    """§17 Refuse (InputRefused, `audit.log_early`) a late freeze that stands before the freeze."""
    if late.freeze < own.freeze:
        raise InputRefused("audit.log_early", _line(late.freeze))


def check_recorded(entries: Sequence[Mapping[str, Json]], notice: Notice, records: Sequence[Record]) -> None:
    """§19 Refuse (InputRefused) a log whose entries of records are not those of these records, or in another place.

    `audit.log_records`; `audit.log_record_early` for a record before a match.
    """
    draws = entries_of(entries, notice)
    own = [entry for entry in draws if entry["verb"] == "record"]
    matched = max((_number(entry) for entry in draws if entry["verb"] == "match"), default=0)
    if own and _number(own[0]) < matched:
        raise InputRefused("audit.log_record_early", _line(_number(own[0])))
    for entry, record in zip(own, records, strict=False):
        digest = entry_details(entry).get("record")
        said = (entry["operator"], entry["time"], digest)
        if said != (record.operator, record.time, record.digest(notice.mode).hex()):
            raise InputRefused(
                "audit.log_records", _line(_number(entry)), found=len(own), records=len(records)
            )
    if len(own) != len(records):
        raise InputRefused("audit.log_records", Where(file="log.jsonl"), found=len(own), records=len(records))


def entries_of(entries: Sequence[Mapping[str, Json]], notice: Notice) -> list[Mapping[str, Json]]:
    """§17 The entries of the notice's draw."""
    return [entry for entry in entries if _draw(entry) == (notice.mode, notice.draw)]


def entry_details(entry: Mapping[str, Json]) -> Mapping[str, Json]:
    """§17 The details of an entry."""
    details = entry["details"]
    return details if isinstance(details, Mapping) else {}


def _refuse_before(
    number: int, entries: Sequence[Mapping[str, Json]], verbs: frozenset[str], code: str
) -> None:
    for entry in entries:
        if entry["verb"] in verbs and _number(entry) < number:
            raise InputRefused(code, _line(_number(entry)))


def _is_entry(entry: Mapping[str, Json]) -> bool:
    return (
        entry.keys() == _MEMBERS
        and isinstance(entry["details"], dict)
        and isinstance(entry["operator"], str)
        and isinstance(entry["verb"], str)
        and isinstance(entry["time"], str)
        and is_time(entry["time"])
    )


def _draw(entry: Mapping[str, Json]) -> tuple[Json | None, Json | None]:
    details = entry_details(entry)
    return details.get("mode"), details.get("draw")


def _number(entry: Mapping[str, Json]) -> int:
    number = entry["seq"]
    return number if isinstance(number, int) else 0


def _line(number: int) -> Where:
    return Where(file="log.jsonl", line=number)
