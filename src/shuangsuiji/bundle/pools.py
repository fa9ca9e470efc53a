"""How many inspectors each kind of place (席位) could be filled from, in figures that may be told."""

from collections.abc import Mapping, Sequence
from typing import Final

from shuangsuiji.bundle.public import PublicPool
from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity, Inspector
from shuangsuiji.core.strata import Division

FEW: Final = 5
"""A place for which fewer persons than this can be drawn is labelled 随机性不足, one for a single person 未随机."""


def drawable_districts(plan: Plan, entities: Sequence[Entity], divisions: Sequence[Division]) -> list[str]:
    """The districts in which a task has entities that can be drawn, or that its list names, in order."""
    if plan.district is None:
        return [""]
    members = {
        member
        for division in divisions
        for base in division.bases
        for cell in base.cells.values()
        for member in cell
    }
    listed = {division.task.id for division in divisions if division.task.source is not None}
    drawable = [entities[member] for member in members]
    drawable += [one for one in entities if not listed.isdisjoint(one.lists)]
    return sorted({one.columns.get(plan.district, "") for one in drawable})


def pools(
    plan: Plan,
    names: Mapping[str, str],
    entities: Sequence[Entity],
    divisions: Sequence[Division],
    inspectors: Sequence[Inspector],
) -> tuple[PublicPool, ...]:
    """The smallest and the median pool of each slot over the districts; `names` are the slots' names."""
    candidates = eligible(plan, inspectors)
    districts = drawable_districts(plan, entities, divisions)
    found = []
    for slot in plan.slots:
        places = [""] if slot.district == "any" else districts
        sizes = sorted(len(slot_pool(slot, place, candidates)) for place in places) or [0]
        found.append(PublicPool(names[slot.id], sizes[0], sizes[(len(sizes) - 1) // 2], label(sizes[0])))
    return tuple(found)


def label(size: int) -> str:
    """What is said of a pool: a code of the catalogue's, empty where there are enough."""
    if size >= FEW:
        return ""
    return {0: "nobody", 1: "not_random"}.get(size, "few")
