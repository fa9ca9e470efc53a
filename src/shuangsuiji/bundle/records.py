"""§19 `records.jsonl` read, line by line; whether a record may stand where it stands is the core's to say."""

from collections.abc import Mapping
from typing import Any, Final

from shuangsuiji.bundle.members import read_lines
from shuangsuiji.bundle.notice import is_time, lenient_announced
from shuangsuiji.core.decisions import (
    RECUSAL,
    UNABLE,
    Decision,
    PersonsOutcome,
    PersonsRequest,
    Place,
    Record,
    TargetOutcome,
    TargetRequest,
    Urgent,
    Void,
)
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import Announced, PublicValue
from shuangsuiji.errors import InputRefused

RECORDS: Final = "records.jsonl"

_COMMON: Final = ("approver", "kind", "operator", "prev", "reason", "seq", "time")


def read_records(data: bytes) -> tuple[Record, ...]:
    """§19 The records of the member; InputRefused (`bundle.record`) with the line of one that is of another form."""
    return tuple(read_lines(RECORDS, data, parse_record))


def parse_record(value: Json) -> Record:
    """§19 The record that an object stands for; InputRefused (`bundle.record`) if it is none."""
    raw: Any = value
    if not isinstance(raw, Mapping) or any(name not in raw for name in _COMMON):
        raise InputRefused("bundle.record")
    own = {name: one for name, one in raw.items() if name not in _COMMON}
    texts = [raw[name] for name in _COMMON if name != "seq"]
    if not all(isinstance(one, str) for one in texts) or not isinstance(raw["seq"], int):
        raise InputRefused("bundle.record")
    if not is_time(raw["time"]):
        raise InputRefused("bundle.record")
    try:
        decision = _decision(raw["kind"], own)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputRefused("bundle.record") from None
    common = {name: raw[name] for name in _COMMON if name != "kind"}
    record = Record(decision, **common)
    # Writing it again catches what the conversions let through: other types, other members.
    if record.object() != value:
        raise InputRefused("bundle.record")
    return record


def _decision(kind: str, own: Mapping[str, Any]) -> Decision:
    match kind:
        case "void":
            return Void()
        case "request" if "target" in own:
            return TargetRequest(_announced(own), str(own["target"]))
        case "request" if own["because"] in (UNABLE, RECUSAL):
            return PersonsRequest(_announced(own), _places(own), own["because"])
        case "outcome" if "target" in own:
            return TargetOutcome(int(own["request"]), _values(own), str(own["target"]))
        case "outcome":
            return PersonsOutcome(int(own["request"]), _values(own), _inspectors(own))
        case "urgent":
            return Urgent(_places(own), _inspectors(own))
    raise ValueError(kind)


def _places(own: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(
        Place(int(one["block"]), str(one["slot"]), tuple(map(str, one["targets"]))) for one in own["places"]
    )


def _announced(own: Mapping[str, Any]) -> tuple[Announced, ...]:
    return tuple(map(lenient_announced, own["values"]))


def _values(own: Mapping[str, Any]) -> tuple[PublicValue, ...]:
    return tuple(
        PublicValue(str(one["source"]), str(one["issue"]), str(one["value"])) for one in own["values"]
    )


def _inspectors(own: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, own["inspectors"]))
