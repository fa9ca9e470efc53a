"""Which cells to merge (并层、并单元) so that a plan keeps the classes of those it draws to itself."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from shuangsuiji.core.strata import NO_CELL, Base
from shuangsuiji.quarter.posterior import Finding, Profile, TierKey, World, worst


@dataclass(frozen=True, slots=True)
class Merge:
    """What to merge, by the tiers' names: those no longer divided by a second key, those made one tier."""

    undivided: tuple[str, ...]
    joined: tuple[str, ...]


NO_MERGE: Final = Merge((), ())
"""What is said where no merge passes."""


@dataclass(frozen=True, slots=True)
class Merges:
    """The first merge, least first, after which no finding exceeds the limit; and of each finding by itself."""

    whole: Merge
    single: Mapping[Finding, Merge]


def passing_merges(world: World, limit: Fraction) -> Merges:
    """The merges that pass, for all findings above the limit together and for each; NO_MERGE where there is none.

    Second keys go first: they cost no rate. Then neighbouring tiers, of which one is confidential, are joined under
    the sum of their quotas. Tiers that share no group with a confidential one stay as they are as long as may be.
    """
    left = [one for one in worst(world) if one.exceeds(limit)]
    single = dict.fromkeys(left, NO_MERGE)
    whole = NO_MERGE
    for merge, after, joined in _candidates(world) if left else ():
        still = [one for one in worst(after) if one.exceeds(limit)]
        cured = [one for one in left if not any(_same(one, other, joined) for other in still)]
        single |= dict.fromkeys(cured, merge)
        left = [one for one in left if single[one] is NO_MERGE]
        if not still:
            whole = merge
            break
    return Merges(whole, single)


def _candidates(world: World) -> Iterator[tuple[Merge, World, Collection[TierKey]]]:
    """Merges, least first, the batch after each, and which tiers are then one under the first of their keys."""
    mixed = _mixed(world)
    for divided in dict.fromkeys((_divided(world, mixed), _divided(world, world.tiers))):
        if divided:
            yield Merge(_names(world, divided), ()), undivide(world, divided), ()
    divided = _divided(world, mixed)
    plain = undivide(world, divided)
    for joined in _neighbours(plain, mixed):
        yield Merge(_names(world, divided), _names(world, joined)), join(plain, joined), joined


def _same(one: Finding, other: Finding, joined: Collection[TierKey]) -> bool:
    """Whether a finding after a merge is about somebody of the group and the tier of one before it."""
    same = one.key == other.key or (one.key in joined and other.key in joined)
    return same and not one.traits.isdisjoint(other.traits)


def undivide(world: World, tiers: Collection[TierKey]) -> World:
    """The batch with tiers that have no second key (`key = ""`)."""
    changed = {key: _whole(base) if key in tiers else base for key, base in world.tiers.items()}
    return _with_places(
        replace(world, tiers=changed), lambda key, cell: (key, NO_CELL if key in tiers else cell)
    )


def join(world: World, tiers: Sequence[TierKey]) -> World:
    """The batch with undivided tiers of one task made one."""
    first, others = tiers[0], frozenset(tiers[1:])
    bases = [world.tiers[key] for key in tiers]
    name = "、".join(base.tier.name for base in bases)
    whole = Base(
        replace(bases[0].tier, name=name),
        {NO_CELL: tuple(member for base in bases for member in base.cells[NO_CELL])},
        sum(base.size for base in bases),
        sum(base.quota for base in bases),
    )
    changed = {key: whole if key == first else base for key, base in world.tiers.items() if key not in others}
    secret = world.secret - others | ({first} if world.secret & {first, *others} else set())
    return _with_places(
        replace(world, tiers=changed, secret=secret),
        lambda key, cell: (first if key in others else key, cell),
    )


def _mixed(world: World) -> frozenset[TierKey]:
    """The tiers that have entities in a group with others of a confidential tier; these themselves."""
    groups: dict[tuple[str, ...], set[TierKey]] = {}
    for profile in world.profiles:
        groups.setdefault(profile.traits, set()).update(key for key, _ in profile.places)
    return frozenset(key for group in groups.values() if group & world.secret for key in group)


def _divided(world: World, among: Collection[TierKey]) -> tuple[TierKey, ...]:
    return tuple(key for key, base in world.tiers.items() if key in among and base.tier.key is not None)


def _neighbours(world: World, mixed: frozenset[TierKey]) -> Iterator[tuple[TierKey, ...]]:
    """Runs of mixed, undivided tiers of one task with a confidential one among them, the shorter first."""
    runs: list[tuple[TierKey, ...]] = []
    for task in dict.fromkeys(task for task, _ in world.tiers):
        tiers = [key for key, base in world.tiers.items() if key[0] == task and key in mixed]
        runs += [
            tuple(tiers[begin:end]) for begin in range(len(tiers)) for end in range(begin + 2, len(tiers) + 1)
        ]
    return (run for run in sorted(runs, key=len) if not world.secret.isdisjoint(run))


def _names(world: World, tiers: Sequence[TierKey]) -> tuple[str, ...]:
    return tuple(world.tiers[key].tier.name for key in tiers)


def _whole(base: Base) -> Base:
    members = tuple(member for cell in base.cells.values() for member in cell)
    return replace(base, tier=replace(base.tier, key=None, bounds=None), cells={NO_CELL: members})


def _with_places(world: World, moved: Callable[[TierKey, str], tuple[TierKey, str]]) -> World:
    profiles: Counter[Profile] = Counter()
    for profile, count in world.profiles.items():
        profiles[replace(profile, places=tuple(moved(key, cell) for key, cell in profile.places))] += count
    return replace(world, profiles=profiles)
