"""What a plan would draw from the rosters as they stand: bases, quotas, probabilities, pools; nothing is sealed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shuangsuiji.bundle.pools import drawable_districts, label
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.eligibility import eligible, left_out, slot_pool
from shuangsuiji.core.plan import Plan, Slot, Task
from shuangsuiji.core.records import Entity
from shuangsuiji.core.strata import Base, Division
from shuangsuiji.followup.figures import percent
from shuangsuiji.quarter.spans import spans
from shuangsuiji.quarter.stranded import Alike, fewest_persons


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a tier: its value of the second key (empty: 未注明, or not divided), its base (户).

    Its quota is drawn with the targets (systematic rounding): `least` or `most`, which differ by one at most. `percent`
    is the probability of each of its entities, the tier's unless the tier has bounds.
    """

    value: str
    base: int
    least: int
    most: int
    percent: str


@dataclass(frozen=True, slots=True)
class TierPreview:
    """A tier: base (抽查基数) and quota (抽取数量) in 户, the probability of each of its entities.

    `probability` is exact, None without entities and where bounds make that of cells differ; `percent` is the same for
    people, rounded to two places, or the span of the cells'. `key` is the heading of the second key, empty if the tier
    is not divided; `waves` is the number of its waves (批), None if it has none.
    """

    id: str
    name: str
    key: str
    base: int
    quota: int
    probability: Fraction | None
    percent: str
    waves: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TaskPreview:
    """A task: entities in its pool (户), those excluded by reason, those in no tier (未入层), its tiers.

    `source` is where the list of a listed task comes from, None if its targets are drawn here; all of the list are its
    base and its quota.
    """

    id: str
    name: str
    source: str | None
    pool: int
    excluded: Mapping[str, int]
    in_no_tier: int
    base: int
    quota: int
    tiers: tuple[TierPreview, ...]


@dataclass(frozen=True, slots=True)
class PoolPreview:
    """The pool of a kind of place (席位): persons who can be drawn for it.

    `district` is the blocks' district where the slot is bound to it (`rule` home or away), None where it is not.
    `least` are those whom recusals leave to the target that has the fewest; of fixed teams it is the `size`.
    """

    slot: str
    name: str
    rule: str
    district: str | None
    size: int
    least: int


@dataclass(frozen=True, slots=True)
class PeoplePreview:
    """Inspectors: all, eligible, left out by the reason of specification §13; recusals; pools."""

    inspectors: int
    eligible: int
    left_out: Mapping[str, int]
    recusals: int
    pools: tuple[PoolPreview, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """What an officer should look at before adopting: a code of the catalogue and its parameters."""

    code: str
    params: Mapping[str, str | int]


def preview_tasks(
    plan: Plan, divisions: tuple[Division, ...], entities: Sequence[Entity]
) -> tuple[TaskPreview, ...]:
    """The tasks' previews, in the plan's order."""
    listed = Counter(task for entity in entities for task in entity.lists)
    return tuple(
        _task(plan, one) if one.task.source is None else _listed(one.task, listed[one.task.id])
        for one in divisions
    )


def preview_people(
    plan: Plan,
    names: Mapping[str, str],
    lists: Lists,
    divisions: Sequence[Division],
    targets: Sequence[Alike],
) -> PeoplePreview:
    """The inspectors' preview; `names` are the slots' names, `targets` all that can be drawn."""
    candidates = eligible(plan, lists.inspectors)
    able = [one for one in candidates if one.most != 0]
    fewest = fewest_persons(plan, lists, targets) if lists.recusals else {}
    districts = drawable_districts(plan, lists.entities, divisions)
    pools = tuple(
        _pool(names[slot.id], slot, place, len(slot_pool(slot, place or "", able)), fewest)
        for slot in plan.slots
        for place in ([None] if slot.district == "any" else districts)
    )
    return PeoplePreview(
        inspectors=len(lists.inspectors),
        eligible=len(candidates),
        left_out=left_out(plan, lists.inspectors),
        recusals=len(lists.recusals),
        pools=pools,
    )


def _pool(
    name: str, slot: Slot, district: str | None, size: int, fewest: Mapping[tuple[str, str], int]
) -> PoolPreview:
    left = [few for (own, place), few in fewest.items() if own == slot.id and district in (None, place)]
    return PoolPreview(slot.id, name, slot.district, district, size, min(left, default=size))


def warnings(tasks: tuple[TaskPreview, ...], people: PeoplePreview | None) -> Iterator[Warned]:
    """What is lawful, but perhaps not meant; without `people` of the targets alone."""
    for task in tasks:
        if task.source is not None and not task.base:
            yield Warned("plan.warning.no_list", {"task": task.name, "id": task.id})
        if task.in_no_tier:
            yield Warned("plan.warning.in_no_tier", {"task": task.name, "count": task.in_no_tier})
        for tier in task.tiers:
            if not tier.base:
                yield Warned("plan.warning.empty_tier", {"task": task.name, "tier": tier.name})
    for pool in () if people is None else people.pools:
        if label(pool.size):
            yield _scarce(pool)
        elif label(pool.least):
            yield Warned(
                f"plan.warning.recused.{label(pool.least)}", {"slot": pool.name, "count": pool.least}
            )


def _scarce(pool: PoolPreview) -> Warned:
    kind = label(pool.size)
    params: dict[str, str | int] = {"slot": pool.name, "count": pool.size}
    if pool.district is None:
        return Warned(f"plan.warning.{kind}.anywhere", params)
    if not pool.district:
        return Warned(f"plan.warning.{kind}.unplaced", params)
    return Warned(f"plan.warning.{kind}.district", params | {"district": pool.district})


def _task(plan: Plan, division: Division) -> TaskPreview:
    tiers = tuple(_tier(plan, base) for base in division.bases)
    base = sum(tier.base for tier in tiers)
    return TaskPreview(
        id=division.task.id,
        name=division.task.name,
        source=None,
        pool=base + sum(division.excluded.values()) + division.in_no_tier,
        excluded=division.excluded,
        in_no_tier=division.in_no_tier,
        base=base,
        quota=sum(tier.quota for tier in tiers),
        tiers=tiers,
    )


def _listed(task: Task, count: int) -> TaskPreview:
    return TaskPreview(task.id, task.name, task.source, count, {}, 0, count, count, ())


def _tier(plan: Plan, base: Base) -> TierPreview:
    cells = spans(base)
    chances = sorted({span.probability for span in cells.values()})
    return TierPreview(
        id=base.tier.id,
        name=base.tier.name,
        key="" if base.tier.key is None else plan.columns[base.tier.key],
        base=base.size,
        quota=base.quota,
        probability=chances[0] if len(chances) == 1 else None,
        percent="–".join(percent(chance) for chance in (chances[:1] + chances[-1:])[: len(chances)]),
        waves=base.tier.waves,
        cells=tuple(
            Cell(value, span.size, span.least, span.most, percent(span.probability))
            for value, span in cells.items()
        ),
    )
