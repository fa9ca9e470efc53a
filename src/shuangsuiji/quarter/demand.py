"""How many blocks and places a draw can come to at most, before any seed: the worst draw of targets (最不利的抽取).

Figures are upper bounds: the most that quotas and systematic rounding leave to each cell, an entity in several tasks
counted in each; exact where a plan has one task.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, combinations
from typing import Final

from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.eligibility import admits, eligible
from shuangsuiji.core.plan import Plan, Slot
from shuangsuiji.core.records import Entity, GroupRecusal, Inspector
from shuangsuiji.core.strata import Division
from shuangsuiji.quarter.spans import spans
from shuangsuiji.solvers.supply import Place, Supply

_MANY: Final = 8
"""Of an entity that may be in more tasks, the sets of tasks are not told one by one."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A supply, the inspectors of each of its classes, the districts from which they are recused."""

    supply: Supply
    classes: tuple[tuple[Inspector, ...], ...]
    recused: tuple[frozenset[str], ...]


@dataclass(slots=True)
class _District:
    """What can be drawn in a district: entities by their tasks, targets at most by task, groups (§14) there can be.

    `more` groups are counted only.
    """

    may: Counter[frozenset[int]] = field(default_factory=Counter)
    targets: Counter[int] = field(default_factory=Counter)
    groups: set[tuple[frozenset[int], int]] = field(default_factory=set)
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Chance:
    """Entities that can be drawn alike: by which tasks, by which they will be, into how many waves they are spread."""

    district: str
    may: frozenset[int] = frozenset()
    must: frozenset[int] = frozenset()
    waves: int = 1

    @cache  # noqa: B019 (few of them; millions of entities share one)
    def also(self, task: int, always: bool, waves: int) -> "_Chance":
        """The same with a task more, which draws them in any case or not."""
        must = self.must | {task} if always else self.must
        return _Chance(self.district, self.may | {task}, must, max(self.waves, waves))


def pooled(plan: Plan, divisions: Sequence[Division], held: Lists, told_apart: Sequence[Slot] = ()) -> Pooled:
    """The supply of a plan, as the relaxations in force have it; incompatible inspectors and most recusals left out.

    Who is recused from a whole district is left out there. Inspectors who may not take the same of the slots in
    `told_apart`, which are not the plan's, are not of one class either.
    """
    districts = _districts(plan, divisions, held.entities)
    used = {slot for task in plan.tasks for slot in task.slots}
    slots = [slot for slot in plan.slots if slot.id in used]
    naming = {
        slot.id: frozenset(at for at, task in enumerate(plan.tasks) if slot.id in task.slots)
        for slot in slots
    }
    everything = frozenset(range(len(plan.tasks)))
    blocks = {name: _blocks(one, everything, plan.max_targets) for name, one in districts.items()}
    places: dict[Place, int] = {}
    for slot in slots:
        for name, one in districts.items():
            if most := _blocks(one, naming[slot.id], plan.max_targets):
                places[slot.id, name] = most
    classes = _classes(plan, [*slots, *told_apart], held)
    able = {place: tuple(_able(plan, place, classes)) for place in places}
    quotas = _quotas(divisions, held.entities)
    totals = {slot: _total(districts, tasks, quotas, plan.max_targets) for slot, tasks in naming.items()}
    return Pooled(
        Supply(
            places=places,
            able=able,
            sizes=[len(members) for _, members in classes],
            caps=[_cap(plan, members[0]) for _, members in classes],
            totals=totals,
            blocks=blocks,
            all_blocks=_total(districts, everything, quotas, plan.max_targets),
            anywhere=frozenset(slot.id for slot in slots if slot.district == "any"),
        ),
        tuple(tuple(members) for _, members in classes),
        tuple(recused for recused, _ in classes),
    )


def _districts(plan: Plan, divisions: Sequence[Division], entities: Sequence[Entity]) -> dict[str, _District]:
    """What can be drawn, by district in order; only where anything can."""
    unknown = cache(_Chance)
    chances: dict[int, _Chance] = {}
    found: dict[str, _District] = {}
    for number, division in enumerate(divisions):
        for members, least, most, waves in _cells(division, entities):
            here: Counter[str] = Counter()
            for at in members if most else ():
                one = chances.get(at) or unknown(_district(plan, entities[at]))
                chances[at] = one.also(number, least == len(members), waves)
                here[one.district] += 1
            for name, count in here.items():
                found.setdefault(name, _District()).targets[number] += min(count, most)
    for one, count in Counter(chances.values()).items():
        own, may, must = found[one.district], one.may, one.must
        own.may[may] += count
        if len(may - must) > _MANY:
            own.more += one.waves << len(may - must)
        else:
            own.groups |= {(tasks, wave) for tasks in _sets(may, must) for wave in range(one.waves)}
    return dict(sorted(found.items()))


def _district(plan: Plan, entity: Entity) -> str:
    return "" if plan.district is None else entity.columns.get(plan.district, "")


def drawable(divisions: Sequence[Division], entities: Sequence[Entity]) -> dict[int, frozenset[int]]:
    """The positions of the entities that can be drawn, or are listed, with the tasks in which they can be."""
    found: dict[int, frozenset[int]] = {}

    @cache  # few sets, which many entities share
    def more(tasks: frozenset[int], number: int) -> frozenset[int]:
        return tasks | {number}

    for number, division in enumerate(divisions):
        for members, _, most, _ in _cells(division, entities):
            for at in members if most else ():
                found[at] = more(found.get(at, frozenset()), number)
    return found


def varies(plan: Plan, divisions: Sequence[Division], entities: Sequence[Entity]) -> bool:
    """Whether chance decides how many targets a district has: a cell of several districts is drawn in part."""
    return any(
        most > 0 and least < len(members) and len({_district(plan, entities[at]) for at in members}) > 1
        for division in divisions
        for members, least, most, _ in _cells(division, entities)
    )


def _cells(division: Division, entities: Sequence[Entity]) -> Iterator[tuple[Collection[int], int, int, int]]:
    """Members of each cell, the least and most of them that can be drawn, into how many waves."""
    if division.task.source is not None:
        members = [at for at, one in enumerate(entities) if division.task.id in one.lists]
        yield members, len(members), len(members), 1
    for base in division.bases:
        for cell, span in spans(base).items() if base.size else ():
            yield base.cells[cell], span.least, span.most, base.tier.waves or 1


def _sets(may: frozenset[int], must: frozenset[int]) -> Iterator[frozenset[int]]:
    """The sets of tasks that can draw an entity, none empty."""
    free = sorted(may - must)
    for more in chain.from_iterable(combinations(free, size) for size in range(len(free) + 1)):
        if must or more:
            yield must | frozenset(more)


def _quotas(divisions: Sequence[Division], entities: Sequence[Entity]) -> list[int]:
    """How many targets each task has."""
    return [
        sum(task in one.lists for one in entities)
        if division.task.source is not None
        else sum(base.quota for base in division.bases)
        for division in divisions
        for task in [division.task.id]
    ]


def _groups(one: _District, tasks: frozenset[int]) -> int:
    return one.more + sum(not tasks.isdisjoint(group) for group, _ in one.groups)


def _entities(one: _District, tasks: frozenset[int]) -> int:
    return sum(count for kind, count in one.may.items() if not tasks.isdisjoint(kind))


def _blocks(one: _District, tasks: frozenset[int], most: int) -> int:
    """The most blocks of a district that one of these tasks can give."""
    targets = min(_entities(one, tasks), sum(one.targets[task] for task in tasks))
    return _parts(targets, _groups(one, tasks), most)


def _total(
    districts: Mapping[str, _District], tasks: frozenset[int], quotas: Sequence[int], most: int
) -> int:
    """The most blocks of all districts together that one of these tasks can give."""
    groups = sum(_groups(one, tasks) for one in districts.values())
    together = sum(_blocks(one, tasks, most) for one in districts.values())
    return min(together, _parts(sum(quotas[task] for task in tasks), groups, most))


def _parts(targets: int, groups: int, most: int) -> int:
    """§14 The most blocks of up to `most` targets that so many targets in so many groups can make."""
    return min(targets, (targets + min(groups, targets) * (most - 1)) // most)


def _classes(plan: Plan, slots: Sequence[Slot], held: Lists) -> list[tuple[frozenset[str], list[Inspector]]]:
    """Inspectors who may take the same places, alike together, with the districts that they are recused from."""
    apart: dict[str, set[str]] = {}
    for one in held.recusals:
        if isinstance(one, GroupRecusal) and one.column == plan.district:
            apart.setdefault(one.inspector, set()).add(one.value)
    alike: dict[object, tuple[frozenset[str], list[Inspector]]] = {}
    for person in eligible(plan, held.inspectors):
        fields = person.fields()
        admitted = tuple(slot.pool.holds(fields) and (slot.extra or not person.expert) for slot in slots)
        if not any(admitted):
            continue
        recused = frozenset(apart.get(person.id, ()))
        key = (admitted, person.district, recused, person.most)
        alike.setdefault(key, (recused, []))[1].append(person)
    return list(alike.values())


def _able(
    plan: Plan, place: Place, classes: Sequence[tuple[frozenset[str], Sequence[Inspector]]]
) -> Iterator[int]:
    slot = next(slot for slot in plan.slots if slot.id == place[0])
    for at, (recused, members) in enumerate(classes):
        if place[1] not in recused and admits(slot, place[1], members[0]):
            yield at


def _cap(plan: Plan, person: Inspector) -> int:
    return plan.max_per_inspector if person.most is None else min(plan.max_per_inspector, person.most)
