"""How random each place was (随机性): lawful persons and teams by kind of slot and district, with their labels."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import reduce
from math import factorial
from typing import Final

from shuangsuiji.bundle.pools import label
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import InspectorDraw
from shuangsuiji.core.matching.problem import Problem
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.teams import Block, make_problem

LARGEST: Final = 5
"""Teams of so many places have at most 52 ways to share persons; those of larger ones are not counted."""


@dataclass(frozen=True, slots=True)
class LawfulPersons:
    """Places of one slot in the blocks of one district ("": 未注明): how many; who may take them, the fewest and most.

    `single` and `few` count the places with one lawful person (未随机), with fewer than five (随机性不足); `label` is
    that of the scarcest: "nobody", "not_random", "few" or "".
    """

    slot: str
    district: str
    places: int
    least: int
    most: int
    single: int
    few: int
    label: str


@dataclass(frozen=True, slots=True)
class LawfulTeams:
    """Blocks of one district and set of slots: how many, and how many teams of distinct persons the scarcest could get.

    Recusals are heeded, caps and incompatible colleagues are not. Of fixed teams: how many of those that have blocks
    could go there, nobody of them recused; the record names no others.
    """

    slots: tuple[str, ...]
    district: str
    blocks: int
    least: int
    label: str


@dataclass(frozen=True, slots=True)
class Randomness:
    """The whole table; `teams` lacks teams of more than five places, unless they are `fixed`."""

    persons: tuple[LawfulPersons, ...]
    teams: tuple[LawfulTeams, ...]
    fixed: bool


def randomness(frozen: Frozen, matching: InspectorDraw) -> Randomness:
    """Lawful persons and teams of a draw's blocks, with the relaxations applied, in order of slot and district."""
    plan = relaxed(frozen.plan, matching.applied)
    blocks = tuple(team.block for team in matching.teams)
    candidates, problem = make_problem(plan, blocks, frozen.pool)
    pools = list(_pools(blocks, widened(problem)))
    fixed = {frozenset(one.id for one in team.inspectors) for team in matching.teams if team.inspectors}
    persons: dict[tuple[str, str], list[int]] = {}
    teams: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for block, own, barred in zip(blocks, pools, problem.recused, strict=True):
        for slot, able in zip(block.slots, own, strict=True):
            persons.setdefault((slot, block.district), []).append(len(able))
        kind = teams.setdefault((block.slots, block.district), [])
        if fixed and plan.teams is not None:
            out = {candidates[one].id for one in barred}
            kind.append(sum(out.isdisjoint(team) for team in fixed))
        elif plan.teams is None and len(own) <= LARGEST:
            kind.append(distinct(own))
    return Randomness(
        tuple(_persons(slot, district, found) for (slot, district), found in sorted(persons.items())),
        tuple(_teams(slots, district, found) for (slots, district), found in sorted(teams.items()) if found),
        fixed=plan.teams is not None,
    )


def _pools(blocks: Sequence[Block], problem: Problem) -> Iterator[list[AbstractSet[int]]]:
    """Of each block the lawful persons of each of its places."""
    places = iter(problem.slots)
    asleep = {one for one, cap in enumerate(problem.caps) if cap == 0}
    known: dict[tuple[int, frozenset[int]], AbstractSet[int]] = {}
    for position, block in enumerate(blocks):
        out = problem.recused[position]
        own: list[AbstractSet[int]] = []
        for _ in block.slots:
            pool = next(places).pool
            key = (id(pool), out)
            if key not in known:
                known[key] = frozenset(pool) - out - asleep
            own.append(known[key])
        yield own


def distinct(pools: Sequence[AbstractSet[int]]) -> int:
    """In how many ways each place gets a person of its pool, nobody two: over all ways to let places share a person.

    Mobius inversion on the partitions of the places: Stanley, Enumerative Combinatorics 1 (2012), 3.10.4.
    """
    total = 0
    for partition in _partitions(list(pools)):
        term = 1
        for part in partition:
            sign = -1 if len(part) % 2 == 0 else 1
            common: AbstractSet[int] = reduce(lambda one, other: one & other, part)
            term *= sign * factorial(len(part) - 1) * len(common)
        total += term
    return total


def _partitions(
    items: Sequence[AbstractSet[int]],
) -> Iterator[list[list[AbstractSet[int]]]]:
    if not items:
        yield []
        return
    for rest in _partitions(items[1:]):
        yield [[items[0]], *rest]
        for at in range(len(rest)):
            yield [*rest[:at], [items[0], *rest[at]], *rest[at + 1 :]]


def _persons(slot: str, district: str, found: Sequence[int]) -> LawfulPersons:
    single = sum(one == 1 for one in found)
    few = sum(bool(label(one)) for one in found) - single
    return LawfulPersons(slot, district, len(found), min(found), max(found), single, few, label(min(found)))


def _teams(slots: tuple[str, ...], district: str, found: Sequence[int]) -> LawfulTeams:
    return LawfulTeams(slots, district, len(found), min(found), label(min(found)))


def totals(table: Randomness) -> Mapping[str, int]:
    """Places in all, those with a single lawful person, those with few."""
    return {
        "places": sum(one.places for one in table.persons),
        "single": sum(one.single for one in table.persons),
        "scarce": sum(one.few for one in table.persons),
    }
