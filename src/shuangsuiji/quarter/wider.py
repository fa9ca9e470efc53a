"""Conditions a little wider than a slot's own (放宽人员条件): what a relaxation of its pool could ask for instead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import INSPECTOR_FIELDS, Slot
from shuangsuiji.core.predicates import Predicate, parse_predicate
from shuangsuiji.core.records import Inspector

FIELDS: Final = ("department", "qualifications", "unit")
"""Of which a condition may come to admit one value more."""
_MANY: Final = 12
"""Of a field with more values in the roster than these, none is proposed: nobody would look through them."""


@dataclass(frozen=True, slots=True)
class Wider:
    """A pool for a slot: with one value more ("also"), or with one of its conditions dropped ("drop")."""

    kind: str
    pool: Predicate

    def of(self, slot: Slot) -> Slot:
        """The slot with this pool."""
        return replace(slot, pool=self.pool)


def wider_pools(slot: Slot, inspectors: Sequence[Inspector]) -> tuple[Wider, ...]:
    """Every pool that is one step wider than the slot's own; none for a slot that asks for nothing."""
    source: Any = slot.pool.source
    parts = list(source[1:]) if source[0] == "and" else [source]
    found: dict[str, list[Json]] = {"also": [], "drop": []}
    values = _values(inspectors)
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        found["also"] += [_all([*before, more, *after]) for more in _with_one_more(part, values)]
        found["drop"].append(_all([*before, *after]))
    return tuple(
        Wider(kind, parse_predicate(one, INSPECTOR_FIELDS)) for kind, some in found.items() for one in some
    )


def _values(inspectors: Sequence[Inspector]) -> Mapping[str, Sequence[str]]:
    found: dict[str, set[str]] = {field: set() for field in FIELDS}
    for one in inspectors:
        found["department"].add(one.department)
        found["unit"].add(one.unit)
        found["qualifications"].update(one.qualifications)
    return {field: sorted(some - {""}) for field, some in found.items() if len(some) <= _MANY}


def _with_one_more(part: Any, values: Mapping[str, Sequence[str]]) -> Iterator[Json]:
    """The same comparison with one value more."""
    if part[0] not in ("eq", "in") or part[1] not in values:
        return
    own = [part[2]] if part[0] == "eq" else list(part[2])
    yield from (["in", part[1], [*own, value]] for value in values[part[1]] if value not in own)


def _all(parts: list[Any]) -> Json:
    return parts[0] if len(parts) == 1 else ["and", *parts]
