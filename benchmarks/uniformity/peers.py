"""What others do in the place of a draw, on the same families; each is given its rules of law, which many lack.

Descriptions of the first three are in the field's public code; they are written anew here from what it does.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from ortools.graph.python import min_cost_flow

from benchmarks.uniformity.families import Family, Own, Teams
from benchmarks.uniformity.sampling import Draw

LARGEST_COST: Final = 10**6
BALANCE: Final = 10**8
"""A step of load costs more than any sum of random costs of a family."""

Peer = Callable[[Family, random.Random], Own | None]


def round_robin(family: Family, chance: random.Random) -> Own | None:
    """随机起点、依次轮派: one random place in the list of inspectors, from there on in turn."""
    return _in_turn(family, _rotated(range(family.inspectors), chance.randrange(family.inspectors)))


def five_swaps(family: Family, chance: random.Random) -> Own | None:
    """五次随机交换: the list of inspectors with two of them exchanged five times, then in turn."""
    people = list(range(family.inspectors))
    for _ in range(5):
        a, b = chance.randrange(len(people)), chance.randrange(len(people))
        people[a], people[b] = people[b], people[a]
    return _in_turn(family, people)


def greedy(family: Family, chance: random.Random) -> Own | None:
    """逐个随机指派: slots in random order, each to a random one of its least loaded lawful inspectors."""
    own = [-1] * len(family.pools)
    for slot in chance.sample(range(len(own)), len(own)):
        loads = Counter(one for one in own if one >= 0)
        able = [
            one
            for one in family.pools[slot]
            if loads[one] < family.cap(one) and not family.barred(one, slot, tuple(own))
        ]
        if not able:
            return None
        least = min(loads[one] for one in able)
        own[slot] = chance.choice([one for one in able if loads[one] == least])
    return tuple(own)


def random_costs(family: Family, chance: random.Random) -> Own | None:
    """求解器加随机费用: min-cost flow (OR-Tools) with a random cost on every pair and a convex cost of load."""
    flow = min_cost_flow.SimpleMinCostFlow()
    slots, blocks = len(family.pools), 1 + max(family.blocks)
    sink = slots + (blocks + 1) * family.inspectors
    arcs = {}
    for slot, (block, pool) in enumerate(zip(family.blocks, family.pools, strict=True)):
        flow.set_node_supply(slot, 1)
        for one in pool:
            if one not in family.recused.get(block, ()):
                beside = slots + block * family.inspectors + one
                arc = flow.add_arc_with_capacity_and_unit_cost(
                    slot, beside, 1, chance.randrange(LARGEST_COST)
                )
                arcs[arc] = (slot, one)
    for one in range(family.inspectors):
        person = slots + blocks * family.inspectors + one
        for block in range(blocks):
            flow.add_arc_with_capacity_and_unit_cost(slots + block * family.inspectors + one, person, 1, 0)
        for load in range(family.cap(one)):
            flow.add_arc_with_capacity_and_unit_cost(person, sink, 1, (2 * load + 1) * BALANCE)
    flow.set_node_supply(sink, -slots)
    if flow.solve() != flow.OPTIMAL:
        return None
    own = [-1] * slots
    for arc, (slot, one) in arcs.items():
        if flow.flow(arc):
            own[slot] = one
    return tuple(own)


PEERS: Final[dict[str, tuple[str, Peer]]] = {
    "round robin": ("随机起点、依次轮派", round_robin),
    "five swaps": ("五次随机交换", five_swaps),
    "greedy": ("逐个随机指派", greedy),
    "random costs": ("求解器加随机费用", random_costs),
}


def draws_of(peer: Peer, family: Family | Teams) -> Draw:
    """The peer's draws, each from a seed of its own."""
    if isinstance(family, Teams):
        return lambda number: family.drawn(lambda one: draws_of(peer, one)(number))
    return lambda number: peer(family, random.Random(f"{family.name}/{number}"))


def _rotated(people: range, start: int) -> list[int]:
    return [*people[start:], *people[:start]]


def _in_turn(family: Family, people: list[int]) -> Own | None:
    own = [-1] * len(family.pools)
    turn = _forever(people)
    for slot, pool in enumerate(family.pools):
        for one in (next(turn) for _ in range(len(people))):
            loads = own.count(one)
            if one in pool and loads < family.cap(one) and not family.barred(one, slot, tuple(own)):
                own[slot] = one
                break
        else:
            return None
    return tuple(own)


def _forever(people: list[int]) -> Iterator[int]:
    while True:
        yield from people
