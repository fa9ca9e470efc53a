"""Matching problems (§15): strategies, families small enough to enumerate, and the rules read aloud."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st

from shuangsuiji.core.matching.problem import Problem, Slot

Assignment = tuple[int, ...]


def problem(
    pools: Sequence[Sequence[int]],
    blocks: Sequence[Sequence[int]],
    recused: Mapping[int, Sequence[int]] | None = None,
    cap: int | Sequence[int] = 99,
    incompatible: Collection[tuple[int, int]] = (),
) -> Problem:
    """Blocks as lists of the numbers of their slots' pools; recused persons by block; one cap for all, or one each."""
    slots = [Slot(number, tuple(pools[pool])) for number, block in enumerate(blocks) for pool in block]
    sets = [frozenset((recused or {}).get(number, ())) for number in range(len(blocks))]
    people = 1 + max((one for pool in pools for one in pool), default=-1)
    caps = [cap] * people if isinstance(cap, int) else cap
    return Problem(tuple(slots), tuple(sets), tuple(caps), frozenset(incompatible))


def keys(number: int) -> Callable[[int], bytes]:
    """A key for each component, different ones for each number."""
    return lambda first: number.to_bytes(16, "big") + first.to_bytes(16, "big")


@st.composite
def problems(
    draw: st.DrawFn,
    people: int = 10,
    blocks: int = 12,
    slots: int = 3,
    spare: tuple[int, int] = (0, 4),
    pairs: int = 0,
) -> Problem:
    """Problems up to a size, with pools of everybody, of some and of few, and recusals.

    The caps are `spare` above the mean load, one may be smaller: with little to spare, most have no lawful assignment.
    """
    size = draw(st.integers(2, people))
    persons = st.integers(0, size - 1)
    some, few = st.sets(persons, min_size=-(-size // 2)), st.sets(persons, min_size=1, max_size=3)
    pools = [list(range(size)), sorted(draw(some)), sorted(draw(few))]
    kinds = st.lists(st.sampled_from([0, 0, 1, 2]), min_size=1, max_size=min(slots, size))
    teams = draw(st.lists(kinds, min_size=blocks // 2, max_size=blocks))
    recused = {number: sorted(draw(st.sets(persons, max_size=size // 3))) for number in range(len(teams))}
    mean = -(-sum(map(len, teams)) // size)
    caps = [max(1, mean + draw(st.integers(*spare)))] * size
    caps[draw(persons)] = draw(st.integers(0, caps[0]))
    couples = st.tuples(persons, persons).filter(lambda pair: pair[0] < pair[1])
    return problem(pools, teams, recused, caps, draw(st.sets(couples, max_size=pairs)))


def lawful(given: Problem, owners: Sequence[int]) -> bool:
    """§15 From the pool, not recused, nobody twice in a block, no incompatible pair in one, nobody above his cap."""
    taken = [(slot.block, one) for slot, one in zip(given.slots, owners, strict=True)]
    return (
        all(one in slot.pool for slot, one in zip(given.slots, owners, strict=True))
        and all(one not in given.recused[block] for block, one in taken)
        and len(set(taken)) == len(taken)
        and all(load <= given.caps[one] for one, load in Counter(owners).items())
        and not any(
            {(block, a), (block, b)} <= set(taken) for block, _ in taken for a, b in given.incompatible
        )
    )


def squares(owners: Sequence[int]) -> int:
    """§15 The sum of squares of the loads."""
    return sum(load**2 for load in Counter(owners).values())


def all_lawful(given: Problem) -> Iterator[Assignment]:
    """Every lawful assignment, by trying all that the pools allow."""

    def extend(owners: Assignment) -> Iterator[Assignment]:
        if len(owners) == len(given.slots):
            yield owners
            return
        for one in given.slots[len(owners)].pool:
            longer = (*owners, one)
            rest = replace(given, slots=given.slots[: len(longer)])
            if lawful(rest, longer):
                yield from extend(longer)

    return extend(())


def all_balanced(given: Problem) -> frozenset[Assignment]:
    """The lawful assignments with the least sum of squares: what the second draw chooses among."""
    found = list(all_lawful(given))
    least = min(map(squares, found), default=0)
    return frozenset(one for one in found if squares(one) == least)


THREE: Final = [0, 1, 2]
DERANGEMENT: Final = problem([THREE], [[0], [0], [0]], {0: [0], 1: [1], 2: [2]}, cap=1)
"""Three persons, each recused from the block of the own village: two assignments, and no exchange leads across."""
RECUSALS: Final = problem([[0, 1, 2, 3]], [[0]] * 4, {0: [0], 1: [0, 1], 3: [3]}, cap=1)
"""Four places for four persons, some recused."""
LEADS: Final = problem([[0, 1], [0, 1, 2, 3]], [[0, 1]] * 3, {0: [0], 2: [3]})
"""Three teams of a lead, of whom there are two, and a member."""
TIGHT: Final = problem([[0, 1, 2, 3], [2, 3]], [[0, 0], [0, 1], [1]], {0: [2]}, cap=2)
"""Caps that bind."""
APART: Final = problem([[0, 1, 2, 3]], [[0, 0]] * 2, incompatible=[(0, 1)], cap=1)
"""Two teams of two of four persons, two of whom may not be in one team."""
FAMILIES: Final = {
    "derangement": DERANGEMENT,
    "recusals": RECUSALS,
    "leads": LEADS,
    "tight": TIGHT,
    "apart": APART,
}
