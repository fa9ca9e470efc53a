"""§17 The operation log of a bundle: an unbroken chain with freeze, closing, seed and draws in their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.bundle.notice import Notice, is_time
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.errors import InputRefused, Where

GENESIS: Final = "0" * 64
"""The predecessor of the first entry."""

_MEMBERS: Final = frozenset({"details", "operator", "prev", "seq", "time", "verb"})
_SEEDED: Final = frozenset({"seed", "draw", "match"})


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


def find_places(entries: Sequence[Mapping[str, Json]], notice: Notice) -> Places:
    """§17 Where freeze and closing of the notice's draw stand in a chain already checked.

    Refuses (InputRefused): `audit.log_freezes` unless there is exactly one freeze; `audit.log_notice` if it differs
    from the notice; `audit.log_early` if a closing, seed or draw of this draw stands before it; with contributors also
    `audit.log_closes` unless there is exactly one closing, `audit.log_unclosed` if a seed or draw stands before that.
    """
    own = [entry for entry in entries if _draw(entry) == (notice.mode, notice.draw)]
    freezes = [entry for entry in own if entry["verb"] == "freeze"]
    if len(freezes) != 1:
        raise InputRefused("audit.log_freezes", Where(file="log.jsonl"), found=len(freezes))
    freeze = _number(freezes[0])
    commitments = {"inspectors": notice.inspectors, "targets": notice.targets}
    said = (freezes[0]["prev"], freezes[0]["time"], _details(freezes[0]).get("commitments"))
    if said != (notice.head, notice.time, commitments):
        raise InputRefused("audit.log_notice", _line(freeze))
    _refuse_before(freeze, own, _SEEDED | {"close"}, "audit.log_early")
    if not notice.contributors:
        return Places(freeze, None, "")
    closes = [entry for entry in own if entry["verb"] == "close"]
    if len(closes) != 1:
        raise InputRefused("audit.log_closes", Where(file="log.jsonl"), found=len(closes))
    close = _number(closes[0])
    _refuse_before(close, own, _SEEDED, "audit.log_unclosed")
    return Places(freeze, close, _details(closes[0]).get("closing", ""))


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
    details = _details(entry)
    return details.get("mode"), details.get("draw")


def _details(entry: Mapping[str, Json]) -> Mapping[str, Json]:
    details = entry["details"]
    return details if isinstance(details, Mapping) else {}


def _number(entry: Mapping[str, Json]) -> int:
    number = entry["seq"]
    return number if isinstance(number, int) else 0


def _line(number: int) -> Where:
    return Where(file="log.jsonl", line=number)
