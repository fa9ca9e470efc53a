"""Whom no lawful team could visit (组不成检查组的对象): each target that can be drawn by itself, with its recusals.

The worst draw of targets is about numbers of places; this is about one team: exact for a block of one target, a lower
bound for blocks of several, whose recusals add up (§14).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from shuangsuiji.audit.randomness import LARGEST, distinct
from shuangsuiji.bundle.pools import label
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity
from shuangsuiji.core.strata import Division
from shuangsuiji.core.teams import team_slots
from shuangsuiji.quarter.demand import drawable

_STEPS: Final = 20_000
"""Tries at most to keep incompatible inspectors apart in one team; a team not found by then is not said to be none."""

Pools = tuple[frozenset[str], ...]
_Kind = tuple[tuple[str, ...], str]
"""The places of a team, and its district."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """Targets of one district for whom nobody, or too few persons, are left to take these places (ids of slots)."""

    district: str
    slots: tuple[str, ...]
    persons: int
    targets: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class TeamPreview:
    """Teams (检查组) with these places (ids of slots) in a district: how many targets can need one, how many there are.

    `least` are the teams of distinct lawful persons for the target that has the fewest, None of more than five places;
    `label` is that of §4's scarce places: "nobody", "not_random", "few" or "". Caps are not counted.
    """

    slots: tuple[str, ...]
    district: str
    targets: int
    least: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Targets that can be drawn, by their positions in the registry: in the same tasks, of one district, and the same
    inspectors recused from each."""

    tasks: frozenset[int]
    district: str
    recused: frozenset[str]
    targets: tuple[int, ...]


def alike(plan: Plan, divisions: Sequence[Division], held: Lists) -> tuple[Alike, ...]:
    """All that can be drawn, whatever relaxations are in force: one walk over a registry, of which few kinds are left.

    Of fixed teams nothing is told, for which team meets which recusal is drawn.
    """
    if plan.teams is not None:
        return ()
    rules = Rules(plan, held.inspectors, held.recusals)
    found: dict[tuple[frozenset[int], str, frozenset[str]], list[int]] = {}
    for at, tasks in drawable(divisions, held.entities).items():
        entity = held.entities[at]
        found.setdefault((tasks, rules.district(entity), rules.recused(entity)), []).append(at)
    return tuple(Alike(*kind, tuple(targets)) for kind, targets in found.items())


def stranded(plan: Plan, held: Lists, targets: Sequence[Alike]) -> tuple[Stranded, ...]:
    """All such targets, alike together, by district and slots; the relaxations in force are the plan's own rules."""
    rules = Rules(plan, held.inspectors, held.recusals)

    @cache
    def short(kind: _Kind, pools: Pools) -> tuple[tuple[str, ...], int] | None:
        found = _without_team(pools, rules)
        if not found:
            return None
        return tuple(kind[0][at] for at in found), len(frozenset().union(*(pools[at] for at in found)))

    lacking: dict[tuple[str, tuple[str, ...], int], list[int]] = {}
    for own, kind, pools in _teams(plan, held, targets):
        if (lack := short(kind, pools)) is not None:
            lacking.setdefault((kind[1], *lack), []).extend(own.targets)
    return tuple(
        Stranded(*kind, tuple(held.entities[at] for at in sorted(members)))
        for kind, members in sorted(lacking.items())
    )


def preview_teams(plan: Plan, held: Lists, targets: Sequence[Alike]) -> tuple[TeamPreview, ...]:
    """How many teams could lawfully be drawn, by their places and district."""
    ways = cache(distinct)
    sizes: Counter[_Kind] = Counter()
    least: dict[_Kind, int] = {}
    for own, kind, pools in _teams(plan, held, targets):
        sizes[kind] += len(own.targets)
        if len(pools) <= LARGEST:
            least[kind] = min(ways(pools), least.get(kind, ways(pools)))
    return tuple(
        TeamPreview(*kind, size, least.get(kind), label(least[kind]) if kind in least else "")
        for kind, size in sorted(sizes.items())
    )


def fewest_persons(plan: Plan, held: Lists, targets: Sequence[Alike]) -> Mapping[tuple[str, str], int]:
    """By slot and district, how many persons recusals leave to the target that has the fewest."""
    fewest: dict[tuple[str, str], int] = {}
    for _, (slots, district), pools in _teams(plan, held, targets):
        for slot, able in zip(slots, pools, strict=True):
            place = slot, district
            fewest[place] = min(fewest.get(place, len(able)), len(able))
    return fewest


def _teams(plan: Plan, held: Lists, targets: Sequence[Alike]) -> Iterator[tuple[Alike, _Kind, Pools]]:
    """Targets alike, the places of the team of each in its district, who may take each of them."""
    candidates = [one for one in eligible(plan, held.inspectors) if one.most != 0]
    slots = {slot.id: slot for slot in plan.slots}

    @cache
    def pool(slot: str, district: str) -> frozenset[str]:
        return frozenset(candidates[at].id for at in slot_pool(slots[slot], district, candidates))

    @cache
    def names(tasks: frozenset[int]) -> tuple[str, ...]:
        return team_slots(plan, [plan.tasks[task].id for task in sorted(tasks)])

    for own in targets:
        kind = names(own.tasks), own.district
        yield own, kind, tuple(pool(name, own.district) - own.recused for name in kind[0])


def _without_team(pools: Pools, rules: Rules) -> tuple[int, ...]:
    """Places that cannot be filled by distinct persons (a Hall set), or all of them if colleagues stand in the way."""
    holder: dict[str, int] = {}
    for place in range(len(pools)):
        seen: set[str] = set()
        if not _augment(place, pools, holder, seen):
            return tuple(sorted({place, *(holder[one] for one in seen)}))
    steps = iter(range(_STEPS))
    apart = {one: rules.apart(one) for own in pools for one in own}
    if not any(apart.values()) or _together(tuple(sorted(pools, key=len)), (), apart, steps):
        return ()
    return tuple(range(len(pools))) if next(steps, None) is not None else ()


def _augment(place: int, pools: Pools, holder: dict[str, int], seen: set[str]) -> bool:
    for one in pools[place]:
        if one in seen:
            continue
        seen.add(one)
        if one not in holder or _augment(holder[one], pools, holder, seen):
            holder[one] = place
            return True
    return False


def _together(
    pools: Pools, team: tuple[str, ...], apart: Mapping[str, Collection[str]], steps: Iterator[int]
) -> bool:
    """Whether distinct persons of whom none are incompatible can take the places, tried in turn."""
    if not pools:
        return True
    for one in pools[0]:
        if next(steps, None) is None:
            return False
        lawful = one not in team and not any(other in apart[one] for other in team)
        if lawful and _together(pools[1:], (*team, one), apart, steps):
            return True
    return False
