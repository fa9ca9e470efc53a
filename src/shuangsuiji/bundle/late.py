"""§16 `late.json`: changes, notice and seed of inspectors that were sealed late (人员补封)."""

from dataclasses import dataclass
from typing import Final

from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.encoding import Json, json_lines, parse_lines
from shuangsuiji.core.seed import LateSeed
from shuangsuiji.errors import InputRefused, Where

LATE: Final = "late.json"


@dataclass(frozen=True, slots=True)
class LateMember:
    """§16 What `late.json` holds, not believed yet: the changes as JSON Lines, notice and seed."""

    changes: bytes
    notice: Json
    seed: Json


def late_object(changes: bytes, notice: Notice, seed: LateSeed) -> dict[str, Json]:
    """§16 The object of `late.json`; `changes` are JSON Lines."""
    values: Json = [one.object() for one in seed.values]
    return {
        "changes": list(parse_lines(changes)),
        "notice": notice.object(),
        "seed": {"closing": seed.closing.object(), "values": values},
    }


def split_late(value: Json) -> LateMember:
    """§16 Its members; InputRefused (`bundle.form`) if it has others."""
    match value:
        case {"changes": list() as changes, "notice": notice, "seed": seed, **rest} if not rest:
            return LateMember(json_lines(changes), notice, seed)
    raise InputRefused("bundle.form", Where(file=LATE))
