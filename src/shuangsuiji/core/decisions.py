"""§19 Records after the seed (抽取后记录): what is decided once a seed is known, each record chained to the one before.

What a record does to targets and teams is the work of `core.succession`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.seed import Announced, PublicValue

UNABLE: Final = "unable"
"""无法到场: the persons cannot go (调离, 病假)."""
RECUSAL: Final = "recusal"
"""企业申请回避: the enterprise asks for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """席位: a slot of a block, for some of its targets (ids, in the block's order)."""

    block: int
    slot: str
    targets: tuple[str, ...]

    def object(self) -> dict[str, Json]:
        """§19 As JSON."""
        return {"block": self.block, "slot": self.slot, "targets": list(self.targets)}


@dataclass(frozen=True, slots=True)
class Void:
    """作废: the draw is void."""

    kind: ClassVar[str] = "void"

    def object(self) -> dict[str, Json]:
        """§19 Its members beside those of every record: none."""
        return {}


@dataclass(frozen=True, slots=True)
class PersonsRequest:
    """更换人员申请: asks for fresh entropy to replace the persons of `places`; `because` is UNABLE or RECUSAL."""

    kind: ClassVar[str] = "request"

    values: tuple[Announced, ...]
    places: tuple[Place, ...]
    because: str

    def object(self) -> dict[str, Json]:
        """§19 Its members beside those of every record."""
        return {
            "because": self.because,
            "places": [one.object() for one in self.places],
            "values": [one.object() for one in self.values],
        }


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """更换对象申请: asks for fresh entropy to replace a target that proves to be out of business."""

    kind: ClassVar[str] = "request"

    values: tuple[Announced, ...]
    target: str

    def object(self) -> dict[str, Json]:
        """§19 Its members beside those of every record."""
        return {"target": self.target, "values": [one.object() for one in self.values]}


@dataclass(frozen=True, slots=True)
class PersonsOutcome:
    """更换人员结果: what came of request `request`; for each place the new inspector's id, "" where there is none."""

    kind: ClassVar[str] = "outcome"

    request: int
    values: tuple[PublicValue, ...]
    inspectors: tuple[str, ...]

    def object(self) -> dict[str, Json]:
        """§19 Its members beside those of every record."""
        return {
            "inspectors": list(self.inspectors),
            "request": self.request,
            "values": [one.object() for one in self.values],
        }


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """更换对象结果: what came of request `request`: the new target's id, "" if there was no candidate."""

    kind: ClassVar[str] = "outcome"

    request: int
    values: tuple[PublicValue, ...]
    target: str

    def object(self) -> dict[str, Json]:
        """§19 Its members beside those of every record."""
        return {
            "request": self.request,
            "target": self.target,
            "values": [one.object() for one in self.values],
        }


@dataclass(frozen=True, slots=True)
class Urgent:
    """紧急替补: replaces the persons of `places` at once, from the sealed order of substitutes."""

    kind: ClassVar[str] = "urgent"

    places: tuple[Place, ...]
    inspectors: tuple[str, ...]

    def object(self) -> dict[str, Json]:
        """§19 Its members beside those of every record."""
        return {"inspectors": list(self.inspectors), "places": [one.object() for one in self.places]}


Request = PersonsRequest | TargetRequest
Outcome = PersonsOutcome | TargetOutcome
Decision = Void | Request | Outcome | Urgent


@dataclass(frozen=True, slots=True)
class Record:
    """A line of `records.jsonl`: what was decided, why, by whom, when; `prev` is the digest before it (hex)."""

    decision: Decision
    reason: str
    approver: str
    operator: str
    time: str
    seq: int
    prev: str

    def object(self) -> dict[str, Json]:
        """§19 As JSON."""
        return {
            "approver": self.approver,
            "kind": self.decision.kind,
            "operator": self.operator,
            "prev": self.prev,
            "reason": self.reason,
            "seq": self.seq,
            "time": self.time,
            **self.decision.object(),
        }

    def digest(self, mode: str) -> bytes:
        """§19 The digest of the record, 32 bytes."""
        return draw_hash(mode, "record", canonical_json(self.object()))
