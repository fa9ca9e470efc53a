"""How many working days a plan gives the steps after the draw (办理时限): outside commitment and draw."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.plan.source import Places

_MOST: Final = 250
"""The largest number of working days: about a year."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """办理时限, in working days (工作日): where the plan says nothing, what local rules mostly say.

    `match`: from the draw of the targets to that of their inspectors; `publish`: from the end of a check to the
    publication of its result; `abnormal`: from the verification to the decision on the abnormal-operations list.
    """

    match: int = 2
    publish: int = 20
    abnormal: int = 10

    def object(self) -> dict[str, Json]:
        """Its part of `texts.json`."""
        return {"abnormal": self.abnormal, "match": self.match, "publish": self.publish}


USUAL: Final = Deadlines()
"""What holds where the plan says nothing."""


def read_deadlines(content: Mapping[str, Any], places: Places) -> Deadlines:
    """The table `[deadlines]` of a plan file. InputRefused `plan.deadline_days` with line and key."""
    table = content.get("deadlines", {})
    for key, value in table.items():
        if not isinstance(value, int) or not 1 <= value <= _MOST:
            raise places.refuse("plan.deadline_days", ("deadlines", key), written=str(value), most=_MOST)
    return Deadlines(**{one.name: table[one.name] for one in fields(Deadlines) if one.name in table})
