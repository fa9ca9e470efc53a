"""经营异常名录: the steps of the proposal to put a target on the list of abnormal operations, and their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.store.rows import AbnormalRow

PROPOSED: Final = "proposed"
LETTER_1: Final = "letter_1"
LETTER_2: Final = "letter_2"
VERIFIED: Final = "verified"
DECIDED: Final = "decided"
REMOVED: Final = "removed"
DROPPED: Final = "dropped"
STEPS: Final = (PROPOSED, LETTER_1, LETTER_2, VERIFIED, DECIDED, REMOVED, DROPPED)
"""提出列入, 第一次、第二次专用信函, 查实, 作出列入决定, 移出, 终止."""


@dataclass(frozen=True, slots=True)
class AbnormalStep:
    """One step (`STEPS`) about one target: its day, its reason, the number of its document or letter."""

    target: str
    step: str
    day: date
    reason: str
    reference: str
    operator: str
    time: datetime


def content(reason: str, reference: str) -> dict[str, Json]:
    """What the store keeps of a step besides its own columns."""
    return {"reason": reason, "reference": reference}


def parse_step(row: AbnormalRow) -> AbnormalStep:
    """The step of a row that the store kept."""
    value: Mapping[str, Any] = row.content
    return AbnormalStep(
        row.target,
        row.step,
        date.fromisoformat(row.day),
        value["reason"],
        value["reference"],
        row.operator,
        row.time,
    )
