"""§9 Who can be drawn, in which tier and cell: exclusions, tiers (层), strata (抽取单元), quotas, numbering; lists."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.core.merkle import root
from shuangsuiji.core.plan import Matching, Plan, Task, Tier
from shuangsuiji.core.records import IN_BUSINESS, Entity
from shuangsuiji.errors import NOWHERE, InputRefused

NOT_IN_BUSINESS: Final = "not_in_business"
"""The reason of exclusion that every plan has: 非存续."""
NO_CELL: Final = ""
"""The cell of entities without the second key (未注明), and the one cell of a tier that has none."""


@dataclass(frozen=True, slots=True)
class Base:
    """A tier's base (抽查基数): the drawable entities by cell, as positions in the registry; the quota."""

    tier: Tier
    cells: Mapping[str, Sequence[int]]
    size: int
    quota: int

    def limits(self) -> tuple[int, int]:
        """§9 The least and the greatest quota that the tier's bounds allow."""
        if self.tier.bounds is None:
            return 0, self.size
        pairs = [self.tier.bounds.of(len(members)) for members in self.cells.values()]
        return sum(least for least, _ in pairs), sum(most for _, most in pairs)


@dataclass(frozen=True, slots=True)
class Division:
    """How a task divides the registry: bases in the plan's order, exclusions by reason, entities in no tier.

    A listed task divides nothing: it has its `Listed` instead.
    """

    task: Task
    bases: tuple[Base, ...]
    excluded: Mapping[str, int]
    in_no_tier: int


@dataclass(frozen=True, slots=True)
class Stratum:
    """A cell that has entities: its leaves, ascending, and their positions in the registry, in the same order."""

    cell: str
    root: bytes
    leaves: Sequence[bytes]
    members: Sequence[int]


@dataclass(frozen=True, slots=True)
class NumberedTier:
    """A tier that has entities, with its strata in ascending order of their roots."""

    tier: Tier
    root: bytes
    size: int
    quota: int
    strata: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The entities of a listed task (名单): their leaves, ascending, and registry positions in the same order."""

    root: bytes
    leaves: Sequence[bytes]
    members: Sequence[int]


def standing(entity: Entity, plan: Plan, fields: Mapping[str, str]) -> str:
    """§9 The reason why an entity is excluded (不列入抽取), or "" if it can be drawn."""
    if entity.status != IN_BUSINESS:
        return NOT_IN_BUSINESS
    for rule in plan.exclusions:
        if isinstance(rule, Matching):
            applies = rule.where.holds(fields)
        else:
            applies = sum(day >= rule.since for day in entity.visits) >= rule.visits
        if applies:
            return rule.reason
    return ""


def divide(plan: Plan, entities: Sequence[Entity]) -> tuple[Division, ...]:
    """§9 Each task's division of the registry, in the plan's order.

    A count above its base is kept as it is; `check_quotas` refuses it.
    """
    views = [entity.fields() for entity in entities]
    reasons = [standing(entity, plan, view) for entity, view in zip(entities, views, strict=True)]
    return tuple(_divide_task(task, views, reasons) for task in plan.tasks)


def check_quotas(divisions: Sequence[Division]) -> None:
    """§9 Refuse a count that its tier cannot fill, or that its bounds do not allow.

    InputRefused `core.quota_above_base`, `core.quota_out_of_bounds`.
    """
    for division in divisions:
        for base in division.bases:
            least, most = base.limits()
            if base.quota > base.size:
                raise _refused("core.quota_above_base", division.task, base, {"size": base.size})
            if not least <= base.quota <= most:
                limits = {"least": least, "most": most}
                raise _refused("core.quota_out_of_bounds", division.task, base, limits)


def listed(task: Task, entities: Sequence[Entity], leaves: Sequence[bytes]) -> Listed | None:
    """§9 The entities that a listed task's list names; None for a task that draws its own."""
    if task.source is None:
        return None
    members = [position for position, entity in enumerate(entities) if task.id in entity.lists]
    members.sort(key=lambda position: leaves[position])
    own = tuple(leaves[position] for position in members)
    return Listed(root(own), own, tuple(members))


def number(division: Division, leaves: Sequence[bytes]) -> tuple[NumberedTier, ...]:
    """§9 A task's non-empty tiers and their strata in ascending order of their roots.

    `leaves` are those of the registry, in the order of its entities.
    """
    tiers = [_number_tier(base, leaves) for base in division.bases if base.size]
    return tuple(sorted(tiers, key=lambda tier: tier.root))


def _refused(code: str, task: Task, base: Base, limits: Mapping[str, int]) -> InputRefused:
    place = {"task": task.id, "tier": base.tier.id, "name": base.tier.name}
    return InputRefused(code, NOWHERE, **place, **limits, quota=base.quota)


def _divide_task(task: Task, views: Sequence[Mapping[str, str]], reasons: Sequence[str]) -> Division:
    if task.source is not None:
        return Division(task, (), {}, 0)
    cells: list[dict[str, list[int]]] = [{} for _ in task.tiers]
    excluded: Counter[str] = Counter()
    in_no_tier = 0
    for position, (view, reason) in enumerate(zip(views, reasons, strict=True)):
        if not task.pool.holds(view):
            continue
        if reason:
            excluded[reason] += 1
            continue
        for tier, found in zip(task.tiers, cells, strict=True):
            if tier.where.holds(view):
                found.setdefault(_cell(tier, view), []).append(position)
                break
        else:
            in_no_tier += 1
    bases = tuple(_base(tier, found) for tier, found in zip(task.tiers, cells, strict=True))
    return Division(task, bases, dict(sorted(excluded.items())), in_no_tier)


def _cell(tier: Tier, view: Mapping[str, str]) -> str:
    return NO_CELL if tier.key is None else view.get(tier.key, NO_CELL)


def _base(tier: Tier, cells: Mapping[str, Sequence[int]]) -> Base:
    size = sum(map(len, cells.values()))
    ordered = {cell: tuple(cells[cell]) for cell in sorted(cells)}
    return Base(tier, ordered, size, tier.quota.of(size))


def _number_tier(base: Base, leaves: Sequence[bytes]) -> NumberedTier:
    strata = [_stratum(cell, members, leaves) for cell, members in base.cells.items()]
    together = sorted(leaf for stratum in strata for leaf in stratum.leaves)
    ordered = tuple(sorted(strata, key=lambda stratum: stratum.root))
    return NumberedTier(base.tier, root(together), base.size, base.quota, ordered)


def _stratum(cell: str, members: Sequence[int], leaves: Sequence[bytes]) -> Stratum:
    ordered = sorted(members, key=lambda position: leaves[position])
    own = tuple(leaves[position] for position in ordered)
    return Stratum(cell, root(own), own, tuple(ordered))
