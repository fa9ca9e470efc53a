"""§16 What the members of a bundle say, as values of the core: one reading for the engine and for `audit verify`.

Every function takes the bytes of one member. InputRefused: `bundle.not_canonical` where they are not canonical JSON
(§2), with file and line; `bundle.form` where they are, but not of the member's form; the core's own codes for records
and plans.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from shuangsuiji.bundle.witness import Testimony, parse_testimony
from shuangsuiji.core.commitment import Predecessor
from shuangsuiji.core.encoding import Json, NotCanonical, canonical_json, parse_checked, parse_json
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import Entity, Inspector, Recusal, parse_entity, parse_inspector, parse_recusal
from shuangsuiji.core.seed import Announced, Drawing, PublicValue
from shuangsuiji.errors import InputRefused, ShuangsuijiError, Where

SALT_BYTES: Final = 32
"""§8 The length of a salt key."""

T = TypeVar("T")


def read_json(name: str, data: bytes) -> Json:
    """§2 The value of a `.json` member."""
    try:
        return parse_json(data)
    except NotCanonical as why:
        raise InputRefused("bundle.not_canonical", Where(file=name), why=str(why)) from None


def read_lines(name: str, data: bytes, parse: Callable[[Json], T], *, checked: bool = False) -> Iterator[T]:
    """§2 The values of a `.jsonl` member, each read by `parse`, whose refusals get file and line.

    `checked`: all of it was found to be canonical before.
    """
    if data and not data.endswith(b"\n"):
        raise InputRefused("bundle.not_canonical", Where(file=name), why="last_line")
    read = parse_checked if checked else parse_json
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            yield parse(read(line))
        except NotCanonical as why:
            raise InputRefused("bundle.not_canonical", Where(file=name, line=number), why=str(why)) from None
        except ShuangsuijiError as error:
            raise InputRefused(error.code, Where(file=name, line=number), **error.params) from None


def read_plan(data: bytes) -> Plan:
    """§7 `plan.json`."""
    return parse_plan(read_json("plan.json", data))


def read_entities(data: bytes, plan: Plan, *, checked: bool = False) -> tuple[Entity, ...]:
    """§8 `entities.jsonl`; `checked` as for `read_lines`."""
    listed = frozenset(task.id for task in plan.tasks if task.source is not None)

    def parse(value: Json) -> Entity:
        return parse_entity(value, plan.columns, listed)

    return tuple(read_lines("entities.jsonl", data, parse, checked=checked))


def read_inspectors(data: bytes) -> tuple[Inspector, ...]:
    """§8 `inspectors.jsonl`."""
    return tuple(read_lines("inspectors.jsonl", data, parse_inspector))


def read_recusals(data: bytes, plan: Plan) -> tuple[Recusal, ...]:
    """§8 `recusals.jsonl`, strictly ascending (`bundle.form`)."""
    recusals = tuple(read_lines("recusals.jsonl", data, lambda value: parse_recusal(value, plan.columns)))
    encoded = [canonical_json(one.object()) for one in recusals]
    if encoded != sorted(set(encoded)):
        raise _form("recusals.jsonl")
    return recusals


def read_salt(data: bytes) -> bytes:
    """§16 `salt.json`: the salt key."""
    key = _texts("salt.json", read_json("salt.json", data), ("key",))["key"]
    if not is_digest(key):
        raise _form("salt.json")
    return bytes.fromhex(key)


def read_statement(data: bytes, stage: str) -> Mapping[str, Json]:
    """§10 `commitment.json`: the statement of a stage ("targets" or "inspectors"), not yet believed."""
    value = read_json("commitment.json", data)
    statement = value.get(stage) if isinstance(value, dict) else None
    if not isinstance(statement, dict):
        raise _form("commitment.json")
    return statement


def read_announced(statement: Mapping[str, Json]) -> tuple[Announced, ...]:
    """§10 The announced values of a statement."""
    return tuple(map(_announced, _array("commitment.json", statement, "values")))


def read_predecessor(statement: Mapping[str, Json]) -> Predecessor | None:
    """§10 The draw whose place that of a targets statement takes, if it says so."""
    if "predecessor" not in statement:
        return None
    value = statement["predecessor"]
    if not isinstance(value, dict) or value.keys() != {"commitment", "draw"}:
        raise _form("commitment.json")
    commitment, draw = value["commitment"], value["draw"]
    if not isinstance(commitment, str) or not is_digest(commitment) or not isinstance(draw, int):
        raise _form("commitment.json")
    return Predecessor(draw, bytes.fromhex(commitment))


def read_seed(data: bytes) -> tuple[Json, tuple[PublicValue, ...]]:
    """§11 `seed.json`: the closing statement, not yet believed, and the public values."""
    return parse_seed("seed.json", read_json("seed.json", data))


def parse_seed(name: str, value: Json) -> tuple[Json, tuple[PublicValue, ...]]:
    """§11 Closing statement, not yet believed, and public values of a seed that the member `name` has."""
    if not isinstance(value, dict) or value.keys() != {"closing", "values"}:
        raise _form(name)
    values = [_texts(name, one, ("issue", "source", "value")) for one in _array(name, value, "values")]
    return value["closing"], tuple(PublicValue(one["source"], one["issue"], one["value"]) for one in values)


def read_witness(data: bytes) -> tuple[Testimony, ...]:
    """§17 `witness.jsonl`, strictly ascending (`bundle.form`); `bundle.witness` for a line that is no statement."""
    found = tuple(read_lines("witness.jsonl", data, parse_testimony))
    lines = data.splitlines()
    if lines != sorted(set(lines)):
        raise _form("witness.jsonl")
    return found


def _announced(value: Json) -> Announced:
    if not isinstance(value, dict) or "fallback" not in value:
        own = _drawing(value)
        return Announced(own.source, own.issue)
    own = _drawing({key: one for key, one in value.items() if key != "fallback"})
    fallback = tuple(map(_drawing, _array("commitment.json", value, "fallback")))
    if not fallback:
        raise _form("commitment.json")
    return Announced(own.source, own.issue, fallback)


def _drawing(value: Json) -> Drawing:
    return Drawing(**_texts("commitment.json", value, ("issue", "source")))


def _array(name: str, value: Mapping[str, Json], key: str) -> list[Json]:
    found = value.get(key)
    if not isinstance(found, list):
        raise _form(name)
    return found


def _texts(name: str, value: Json, keys: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, dict) or value.keys() != set(keys):
        raise _form(name)
    texts = {key: one for key, one in value.items() if isinstance(one, str)}
    if len(texts) != len(keys):
        raise _form(name)
    return texts


def is_digest(text: str) -> bool:
    """§1 Whether a text is a digest, or a key, in hex: 64 lower-case digits."""
    return len(text) == 2 * SALT_BYTES and not set(text) - set("0123456789abcdef")


def _form(name: str) -> InputRefused:
    return InputRefused("bundle.form", Where(file=name))
