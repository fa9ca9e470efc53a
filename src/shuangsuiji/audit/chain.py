"""§17 The operation log of a bundle: an unbroken chain in which the freeze stands once, before seed and draws."""

from collections.abc import Mapping, Sequence
from typing import Final

from shuangsuiji.bundle.notice import Notice, is_time
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.errors import InputRefused, Where

GENESIS: Final = "0" * 64
"""The predecessor of the first entry."""

_MEMBERS: Final = frozenset({"details", "operator", "prev", "seq", "time", "verb"})
_LATER: Final = frozenset({"seed", "draw", "match"})


def check_chain(entries: Sequence[Json]) -> None:
    """§17 Refuse (InputRefused, `audit.log_form`, `audit.log_broken`, by line) a log that is no unbroken chain."""
    head = GENESIS
    for line, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not _is_entry(entry):
            raise InputRefused("audit.log_form", _line(line))
        if (entry["prev"], entry["seq"]) != (head, line):
            raise InputRefused("audit.log_broken", _line(line))
        head = tagged_hash("log", canonical_json(entry)).hex()


def find_freeze(entries: Sequence[Mapping[str, Json]], notice: Notice) -> int:
    """§17 The number of the one entry that froze the notice's draw, of a chain already checked.

    Refuses (InputRefused): `audit.log_freezes` unless there is exactly one; `audit.log_notice` if it differs from the
    notice; `audit.log_early` if a seed or draw of this draw stands before it.
    """
    own = [entry for entry in entries if _draw(entry) == (notice.mode, notice.draw)]
    freezes = [entry for entry in own if entry["verb"] == "freeze"]
    if len(freezes) != 1:
        raise InputRefused("audit.log_freezes", Where(file="log.jsonl"), found=len(freezes))
    freeze = freezes[0]
    details, number = freeze["details"], freeze["seq"]
    if not isinstance(details, dict) or not isinstance(number, int):
        raise InputRefused("audit.log_form", Where(file="log.jsonl"))
    commitments = {"inspectors": notice.inspectors, "targets": notice.targets}
    if (freeze["prev"], freeze["time"], details.get("commitments")) != (
        notice.head,
        notice.time,
        commitments,
    ):
        raise InputRefused("audit.log_notice", _line(number))
    for entry in own:
        if entry["verb"] in _LATER and isinstance(entry["seq"], int) and entry["seq"] < number:
            raise InputRefused("audit.log_early", _line(entry["seq"]))
    return number


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
    details = entry["details"]
    return (details.get("mode"), details.get("draw")) if isinstance(details, dict) else (None, None)


def _line(number: int) -> Where:
    return Where(file="log.jsonl", line=number)
