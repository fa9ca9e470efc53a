"""§15, §15.1 The matching problem: slots, pools, recusals, caps, incompatible pairs; its connected components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Pool: TypeAlias = tuple[int, ...]
"""Inspectors who may take a slot, as positions in ascending order."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a team: the position of its block and its pool."""

    block: int
    pool: Pool


@dataclass(frozen=True, slots=True)
class Problem:
    """§14 What is to be filled.

    `recused[b]` are the inspectors who may take no slot of block b; `caps[j]` the most slots that inspector j may
    take; `incompatible` the pairs (the smaller first) of whom no block may have both.
    """

    slots: tuple[Slot, ...]
    recused: tuple[frozenset[int], ...]
    caps: tuple[int, ...]
    incompatible: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Component:
    """§15.1 A component with its own numbers: slots 0 .. T-1, inspectors 0 .. I-1.

    `slots[s]` and `inspectors[j]` give the problem's numbers; `pools[k]` are the distinct pools, `pool_of[s]` the
    number of slot s's pool; `recused[s]` belongs to slot s's block; `mates[s]` are the other slots of that block;
    `caps[j]` and `rivals[j]` are the cap of inspector j and who is incompatible with him. A component without any
    incompatible pair has no `rivals` at all.
    """

    slots: tuple[int, ...]
    inspectors: tuple[int, ...]
    pools: tuple[Pool, ...]
    pool_of: tuple[int, ...]
    recused: tuple[frozenset[int], ...]
    mates: tuple[tuple[int, ...], ...]
    caps: tuple[int, ...]
    rivals: tuple[frozenset[int], ...] = ()

    @property
    def first_slot(self) -> int:
        """§15.1 The problem's number of its first slot, which names its stream."""
        return self.slots[0]


@dataclass(frozen=True, slots=True)
class Short:
    """§15.6 A shortage (人员不足) and its certificate.

    `why` is "pool", an empty pool; "search", these slots can be filled only from these inspectors, who have no room;
    "clash", incompatible inspectors were not got apart; "teams", the fixed teams cannot be formed.
    """

    why: str
    slots: tuple[int, ...] = ()
    inspectors: tuple[int, ...] = ()


class _Unions:
    """Disjoint sets of inspectors."""

    def __init__(self) -> None:
        self._leader: dict[int, int] = {}

    def find(self, inspector: int) -> int:
        """The one who stands for an inspector's set."""
        path = []
        while self._leader.setdefault(inspector, inspector) != inspector:
            path.append(inspector)
            inspector = self._leader[inspector]
        for passed in path:
            self._leader[passed] = inspector
        return inspector

    def join(self, one: int, other: int) -> None:
        """Make one set of the sets of two inspectors."""
        self._leader[self.find(one)] = self.find(other)


def components(problem: Problem) -> tuple[Component, ...]:
    """§15.1 The components, in ascending order of their first slots; no pool of the problem is empty."""
    unions = _Unions()
    pools, pool_of = _numbered([slot.pool for slot in problem.slots])
    for pool in pools:
        for inspector in pool[1:]:
            unions.join(inspector, pool[0])
    if problem.incompatible:
        present = set().union(*pools)
        for one, other in problem.incompatible:
            if one in present and other in present:
                unions.join(one, other)
    parts: dict[int, list[int]] = {}
    leaders = [unions.find(pool[0]) for pool in pools]
    for number, pool_number in enumerate(pool_of):
        parts.setdefault(leaders[pool_number], []).append(number)
    return tuple(_component(problem, slots) for slots in parts.values())


def _numbered(pools: Sequence[Pool]) -> tuple[list[Pool], list[int]]:
    """The distinct pools in the order in which they appear, and for each pool given its number among them.

    Most slots share their pool with others, and hashing a tuple of thousands takes long: each object is hashed once.
    """
    objects = {id(pool): pool for pool in pools}
    distinct = {pool: number for number, pool in enumerate(dict.fromkeys(objects.values()))}
    numbers = {identity: distinct[pool] for identity, pool in objects.items()}
    return list(distinct), [numbers[id(pool)] for pool in pools]


def _component(problem: Problem, slots: Sequence[int]) -> Component:
    distinct, pool_of = _numbered([problem.slots[number].pool for number in slots])
    inspectors = tuple(sorted({inspector for pool in distinct for inspector in pool}))
    local = {inspector: number for number, inspector in enumerate(inspectors)}
    of_block: dict[int, list[int]] = {}
    for own, number in enumerate(slots):
        of_block.setdefault(problem.slots[number].block, []).append(own)
    recused: list[frozenset[int]] = [frozenset()] * len(slots)
    mates: list[tuple[int, ...]] = [()] * len(slots)
    as_they_are = len(inspectors) == len(problem.caps)  # which is usual, and saves copying
    for block, team in of_block.items():
        barred = problem.recused[block]
        if not as_they_are:
            barred = frozenset([local[inspector] for inspector in barred if inspector in local])
        for place, own in enumerate(team):
            recused[own] = barred
            mates[own] = (*team[:place], *team[place + 1 :])
    return Component(
        slots=tuple(slots),
        inspectors=inspectors,
        pools=tuple(tuple(local[inspector] for inspector in pool) for pool in distinct),
        pool_of=tuple(pool_of),
        recused=tuple(recused),
        mates=tuple(mates),
        caps=tuple(problem.caps[inspector] for inspector in inspectors),
        rivals=_rivals(problem, local),
    )


def _rivals(problem: Problem, local: Mapping[int, int]) -> tuple[frozenset[int], ...]:
    rivals: list[set[int]] = [set() for _ in local]
    for pair in problem.incompatible:
        if all(inspector in local for inspector in pair):
            one, other = (local[inspector] for inspector in pair)
            rivals[one].add(other)
            rivals[other].add(one)
    return tuple(map(frozenset, rivals)) if any(rivals) else ()
