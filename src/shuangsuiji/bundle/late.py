"""§16 `late.json`: the notice and the seed of inspectors that were sealed late (人员补封)."""

from typing import Final

from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import LateSeed
from shuangsuiji.errors import InputRefused, Where

LATE: Final = "late.json"


def late_object(notice: Notice, seed: LateSeed) -> dict[str, Json]:
    """§16 The object of `late.json`."""
    values: Json = [one.object() for one in seed.values]
    return {"notice": notice.object(), "seed": {"closing": seed.closing.object(), "values": values}}


def split_late(value: Json) -> tuple[Json, Json]:
    """§16 Its notice and its seed, neither believed yet; InputRefused (`bundle.form`) if it has other members."""
    match value:
        case {"notice": notice, "seed": seed, **rest} if not rest:
            return notice, seed
    raise InputRefused("bundle.form", Where(file=LATE))
