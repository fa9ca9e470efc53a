"""§15, §15.1 The matching problem: slots, pools, recusals, cap; its connected components."""

from collections.abc import Sequence
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

    `recused[b]` are the inspectors who may take no slot of block b; `cap` the most slots an inspector may take.
    """

    slots: tuple[Slot, ...]
    recused: tuple[frozenset[int], ...]
    cap: int


@dataclass(frozen=True, slots=True)
class Component:
    """§15.1 A component with its own numbers: slots 0 .. T-1, inspectors 0 .. I-1.

    `slots[s]` and `inspectors[j]` give the problem's numbers; `pools[k]` are the distinct pools, `pool_of[s]` the
    number of slot s's pool; `recused[s]` belongs to slot s's block; `mates[s]` are the other slots of that block.
    """

    slots: tuple[int, ...]
    inspectors: tuple[int, ...]
    pools: tuple[Pool, ...]
    pool_of: tuple[int, ...]
    recused: tuple[frozenset[int], ...]
    mates: tuple[tuple[int, ...], ...]
    cap: int

    @property
    def first_slot(self) -> int:
        """§15.1 The problem's number of its first slot, which names its stream."""
        return self.slots[0]


def components(problem: Problem) -> tuple[Component, ...]:
    """§15.1 The components, in ascending order of their first slots; no pool of the problem is empty."""
    leader: dict[int, int] = {}

    def find(inspector: int) -> int:
        path = []
        while leader.setdefault(inspector, inspector) != inspector:
            path.append(inspector)
            inspector = leader[inspector]
        for passed in path:
            leader[passed] = inspector
        return inspector

    for pool in {slot.pool for slot in problem.slots}:
        for inspector in pool[1:]:
            leader[find(inspector)] = find(pool[0])
    parts: dict[int, list[int]] = {}
    for number, slot in enumerate(problem.slots):
        parts.setdefault(find(slot.pool[0]), []).append(number)
    return tuple(_component(problem, slots) for slots in parts.values())


def _component(problem: Problem, slots: Sequence[int]) -> Component:
    distinct = dict.fromkeys(problem.slots[number].pool for number in slots)
    inspectors = tuple(sorted({inspector for pool in distinct for inspector in pool}))
    local = {inspector: number for number, inspector in enumerate(inspectors)}
    numbers = {pool: number for number, pool in enumerate(distinct)}
    of_block: dict[int, list[int]] = {}
    for own, number in enumerate(slots):
        of_block.setdefault(problem.slots[number].block, []).append(own)
    recused = {
        block: frozenset(local[inspector] for inspector in problem.recused[block] if inspector in local)
        for block in of_block
    }
    blocks = [problem.slots[number].block for number in slots]
    return Component(
        slots=tuple(slots),
        inspectors=inspectors,
        pools=tuple(tuple(local[inspector] for inspector in pool) for pool in distinct),
        pool_of=tuple(numbers[problem.slots[number].pool] for number in slots),
        recused=tuple(recused[block] for block in blocks),
        mates=tuple(tuple(z for z in of_block[block] if z != own) for own, block in enumerate(blocks)),
        cap=problem.cap,
    )
