"""§10 The targets statement as a public bundle or a receipt has it: read without the plan that it follows from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from shuangsuiji.bundle import members, signatures
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.hashing import SPEC, SUITE
from shuangsuiji.core.plan import SOURCES, Bounds
from shuangsuiji.core.seed import REAL, REHEARSAL, check_announced
from shuangsuiji.errors import InputRefused, Where

FILE: Final = "commitment.json"

_MEMBERS: Final = frozenset(
    {"authority", "draw", "mode", "plan", "registry", "spec", "stage", "suite", "tasks", "values"}
)
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_MOST_TASKS: Final = 1000
_DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Part:
    """A list of leaves: their root (32 bytes) and number."""

    root: bytes
    size: int

    def object(self) -> dict[str, Json]:
        """§10 As JSON."""
        return {"root": self.root.hex(), "size": self.size}


@dataclass(frozen=True, slots=True)
class StatedTier:
    """A tier as the statement has it."""

    whole: Part
    quota: int
    bounds: Bounds | None
    strata: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class StatedTask:
    """A task as the statement has it; `listed` only where its targets were drawn elsewhere."""

    id: str
    tiers: tuple[StatedTier, ...]
    listed: Part | None


def read_mode(statement: Mapping[str, Json]) -> tuple[str, int]:
    """§10 Mode and number of the draw, which all hashes need; InputRefused `bundle.form`."""
    mode, number = statement.get("mode"), statement.get("draw")
    if not isinstance(mode, str) or mode not in (REAL, REHEARSAL):
        raise refused("targets.mode")
    if not isinstance(number, int) or number < 1:
        raise refused("targets.draw")
    return mode, number


def read_registry(statement: Mapping[str, Json]) -> Part:
    """§10 Root and size of the registry; InputRefused `bundle.form`."""
    return _part(statement.get("registry"), "targets.registry", least=0)


def read_tasks(statement: Mapping[str, Json]) -> tuple[StatedTask, ...]:
    """§10 The tasks: form, numbering (§9), quotas within sizes and bounds. InputRefused `bundle.form`."""
    raw = statement.get("tasks")
    if not isinstance(raw, list) or not 1 <= len(raw) <= _MOST_TASKS:
        raise refused("targets.tasks")
    tasks = tuple(_task(one, f"targets.tasks[{number}]") for number, one in enumerate(raw))
    if len({task.id for task in tasks}) != len(tasks):
        raise refused("targets.tasks")
    return tasks


def check_statement(statement: Mapping[str, Json]) -> None:
    """§10 Refuse (InputRefused, `bundle.form`, `core.seed_*`) what the other readers here do not look at."""
    raw: Any = statement
    if not statement.keys() - {"predecessor"} == _MEMBERS:
        raise refused("targets")
    if not isinstance(raw["authority"], str) or not raw["authority"]:
        raise refused("targets.authority")
    if not is_hex(raw["plan"]):
        raise refused("targets.plan")
    if (raw["spec"], raw["stage"], raw["suite"]) != (SPEC, "targets", SUITE):
        raise refused("targets")
    if "predecessor" in statement:
        _check_predecessor(raw["predecessor"], raw["draw"])
    check_announced(members.read_announced(statement))


def is_hex(value: object) -> bool:
    """§1 Whether a value is a digest in hex."""
    return isinstance(value, str) and signatures.is_hex(value, _DIGEST_BYTES)


def is_number(value: object) -> bool:
    """§7 Whether a value has the form of a plan's number, and of ids of tasks and tiers."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def refused(key: str) -> InputRefused:
    """What is wrong at a key of the statement."""
    return InputRefused("bundle.form", Where(file=FILE, key=key))


def _check_predecessor(value: Json, draw: int) -> None:
    match value:
        case {"commitment": commitment, "draw": int() as number, **rest}:
            if not rest and is_hex(commitment) and 1 <= number < draw:
                return
    raise refused("targets.predecessor")


def _task(value: Json, key: str) -> StatedTask:
    match value:
        case {"id": str() as own, "listed": listed, "source": str() as source, **rest}:
            if not rest and is_number(own) and source in SOURCES:
                return StatedTask(own, (), _part(listed, f"{key}.listed", least=0))
        case {"id": str() as own, "tiers": list() as tiers, **rest}:
            if not rest and is_number(own):
                parsed = tuple(_tier(one, f"{key}.tiers[{number}]") for number, one in enumerate(tiers))
                _check_ascending([tier.whole for tier in parsed], f"{key}.tiers")
                return StatedTask(own, parsed, None)
    raise refused(key)


def _tier(value: Any, key: str) -> StatedTier:
    match value:
        case {"quota": int() as quota, "root": root, "size": size, "strata": list() as strata, **rest}:
            if rest.keys() <= {"bounds"}:
                whole = _part({"root": root, "size": size}, key)
                parts = tuple(_part(one, f"{key}.strata[{number}]") for number, one in enumerate(strata))
                _check_ascending(parts, f"{key}.strata")
                bounds = _bounds(rest["bounds"], f"{key}.bounds") if rest else None
                if sum(part.size for part in parts) != whole.size:
                    raise refused(f"{key}.strata")
                _check_quota(quota, [part.size for part in parts], bounds, f"{key}.quota")
                return StatedTier(whole, quota, bounds, parts)
    raise refused(key)


def _bounds(value: Any, key: str) -> Bounds:
    match value:
        case {"least": int() as least, "most": int() as most, **rest}:
            if not rest and 0 <= least <= most and most >= 1:
                return Bounds(least, most)
    raise refused(key)


def _check_quota(quota: int, sizes: Sequence[int], bounds: Bounds | None, key: str) -> None:
    ends = [bounds.of(size) if bounds else (0, size) for size in sizes]
    if not sum(least for least, _ in ends) <= quota <= sum(most for _, most in ends):
        raise refused(key)


def _check_ascending(parts: Sequence[Part], key: str) -> None:
    if any(a.root >= b.root for a, b in pairwise(parts)):
        raise refused(key)


def _part(value: Json | None, key: str, least: int = 1) -> Part:
    match value:
        case {"root": str() as root, "size": int() as size, **rest}:
            if not rest and is_hex(root) and size >= least:
                return Part(bytes.fromhex(root), size)
    raise refused(key)
