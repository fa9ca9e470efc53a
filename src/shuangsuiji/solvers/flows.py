"""The second draw (§15) as a network flow: whether there is a lawful assignment, and how even one can be.

It shares no step with the core's replay. A unit of flow is a slot filled: it passes the pair of its block and an
inspector, which takes one unit (nobody twice in a block), and then the inspector, whose units cost 1, 3, 5, ... up to
the cap, so that a load of l costs l squared. The least cost of a flow that fills every slot is the least sum of
squares of the loads. Unit costs that rise stand for a convex cost: Ahuja, Magnanti and Orlin, Network Flows (1993),
chapter 14. That this is the most even load by other measures too: Harvey, Ladner, Lovasz and Tamir, Semi-matchings
for bipartite graphs and load balancing, Journal of Algorithms 59 (2006).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from shuangsuiji.core.matching.problem import Problem

Integers = NDArray[np.int64]


def least_sum_of_squares(problem: Problem) -> int | None:
    """The least sum of squares of loads over all lawful assignments (§15), or None if there is none."""
    if not problem.slots:
        return 0
    network = _network(problem)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        network.tails.astype(np.int32), network.heads.astype(np.int32), network.capacities, network.costs
    )
    flow.set_nodes_supplies(np.arange(len(network.supplies), dtype=np.int32), network.supplies)
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow was not solved: {status}")
    return int(flow.optimal_cost())


@dataclass(frozen=True, slots=True)
class _Network:
    """Arcs (one entry each in the first four arrays) and the supply of each node."""

    tails: Integers
    heads: Integers
    capacities: Integers
    costs: Integers
    supplies: Integers


def _network(problem: Problem) -> _Network:
    """The network over kinds of slots, pairs of block and class, and classes of inspectors.

    Slots of one block and pool are alike, and so are inspectors of one cap who may take the same slots: each such group
    is one node. Nothing is lost: a class's units, dealt out to its members in turn, block by block, come to different
    members within a block and to loads that differ by one at most, which is what the rising costs pay for.
    """
    demand, blocks, allowed = _kinds(problem)
    _, alike = np.unique(allowed, axis=1, return_inverse=True)
    caps = np.minimum(np.array(problem.caps[: allowed.shape[1]], np.int64), len(problem.slots))
    _, first, sizes = np.unique(
        alike.ravel() * (len(problem.slots) + 1) + caps, return_index=True, return_counts=True
    )
    kinds, classes = allowed[:, first].nonzero()
    pairs, pair_of = np.unique(blocks[kinds] * len(sizes) + classes, return_inverse=True)
    pair_classes = pairs % len(sizes)
    first_pair = len(demand)
    first_class = first_pair + len(pairs)
    sink = first_class + len(sizes)
    # Nobody has more slots than the blocks that he can work in.
    most = np.minimum(caps[first], np.bincount(pair_classes, minlength=len(sizes)))
    paid = np.repeat(np.arange(len(sizes)), most)
    levels = np.arange(len(paid)) - np.repeat(np.cumsum(most) - most, most)
    return _Network(
        tails=np.concatenate([kinds, first_pair + np.arange(len(pairs)), first_class + paid]),
        heads=np.concatenate([first_pair + pair_of, first_class + pair_classes, np.full(len(paid), sink)]),
        capacities=np.concatenate(
            [np.minimum(demand[kinds], sizes[classes]), sizes[pair_classes], sizes[paid]]
        ),
        costs=np.concatenate([np.zeros(len(kinds) + len(pairs), np.int64), 2 * levels + 1]),
        supplies=np.concatenate([demand, np.zeros(sink - first_pair, np.int64), [-demand.sum()]]),
    )


def _kinds(problem: Problem) -> tuple[Integers, Integers, NDArray[np.bool_]]:
    """Of each kind of slot (block and pool): how many slots, the block, and who may take them (kinds x inspectors)."""
    counts: dict[tuple[int, tuple[int, ...]], int] = {}
    for slot in problem.slots:
        counts[slot.block, slot.pool] = counts.get((slot.block, slot.pool), 0) + 1
    people = 1 + max((slot.pool[-1] for slot in problem.slots if slot.pool), default=0)
    allowed = np.zeros((len(counts), people), np.bool_)
    for row, (block, pool) in zip(allowed, counts, strict=True):
        row[list(pool)] = True
        row[[one for one in problem.recused[block] if one < people]] = False
    blocks = np.fromiter((block for block, _ in counts), np.int64, len(counts))
    return np.fromiter(counts.values(), np.int64, len(counts)), blocks, allowed
