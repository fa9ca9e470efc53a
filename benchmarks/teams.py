"""Systems that fill teams. Each gives an inspector for each place (-1: none), which is checked afterwards."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, TypeAlias

import numpy as np

from benchmarks.cases import PLACES, District, Teams
from benchmarks.jobs import Job, OutOfReachError
from shuangsuiji.core.encoding import u64
from shuangsuiji.core.matching import Runs, assign, runs
from shuangsuiji.core.matching.problem import Short, components
from shuangsuiji.kernels import matching
from shuangsuiji.solvers.flows import least_sum_of_squares

Owners: TypeAlias = Sequence[int]
Solver: TypeAlias = Callable[[District, int], Owners]
"""Fills one district; the cap of an inspector."""

MOST_PAIRS: Final = 30_000_000
"""Pairs of block and inspector beyond which a model does not fit into 16 GB."""
MOST_ARCS: Final = 100_000_000
"""The same for a model that lies in arrays of numbers."""


def key_of(first: int) -> bytes:
    """The key of a component's stream."""
    return u64(first) * 4


def _ours(how: Runs) -> Callable[[Teams], Job[Owners]]:
    def job(case: Teams) -> Job[Owners]:
        problem = case.problem
        small = components(Teams(20, 10).problem)
        list(how(small, [bytes(32)]))  # loads the compiled code

        def work() -> Owners:
            drawn = assign(problem, key_of, how)
            if isinstance(drawn, Short):
                raise TypeError(drawn)
            return drawn

        return Job(work, partial(checked, case))

    return job


def _by_district(
    solve: Solver, most_pairs: int = MOST_PAIRS, wrong: str = ""
) -> Callable[[Teams], Job[Owners]]:
    def job(case: Teams) -> Job[Owners]:
        largest = max(len(part.people) * len(part.recused) for part in case.parts)
        if largest > most_pairs:
            raise OutOfReachError(f"{largest:,} pairs of target and inspector in one model: not tried")
        parts, cap = case.parts, case.cap

        def work() -> Owners:
            return [owner for part in parts for owner in solve(part, cap)]

        return Job(work, lambda owners: "; ".join(filter(None, [wrong, checked(case, owners)])))

    return job


def checked(case: Teams, owners: Owners) -> str:
    """What is wrong with an assignment, and how even its loads are."""
    pairs = [tuple(owners[at : at + PLACES]) for at in range(0, len(owners), PLACES)]
    recused = [barred for part in case.parts for barred in part.recused]
    loads = Counter(owner for owner in owners if owner >= 0)
    faults = {
        "places empty": sum(owner < 0 for owner in owners),
        "teams of one person twice": sum(one == other >= 0 for one, other in pairs),
        "recused": sum(one in barred for pair, barred in zip(pairs, recused, strict=True) for one in pair),
        "places without a specialist": sum(
            owner >= 0 and owner not in slot.pool
            for owner, slot in zip(owners, case.problem.slots, strict=True)
        )
        if case.specialists
        else 0,
        "above the cap": sum(load > case.cap for load in loads.values()),
    }
    wrong = [f"{count:,} {what}" for what, count in faults.items() if count]
    uneven = (
        0 if case.specialists else sum(_uneven([loads[one] for one in part.people]) for part in case.parts)
    )
    wrong += [f"loads uneven in {uneven} of {len(case.parts)} districts"] if uneven else []
    if case.specialists and not wrong:
        squares, least = sum(load**2 for load in loads.values()), _least(case)
        wrong += (
            [f"loads uneven: squares sum to {squares:,} instead of {least:,}"] if squares != least else []
        )
    return "; ".join(wrong) or "lawful and balanced"


@cache
def _least(case: Teams) -> int | None:
    return least_sum_of_squares(case.problem)


def _uneven(loads: Sequence[int]) -> bool:
    return max(loads) - min(loads) > 1


def seated(part: District, teams: Sequence[Sequence[int]]) -> Owners:
    """The inspectors of teams without places; a specialist, where one is needed, in the second."""
    return [
        one
        for number, team in enumerate(teams)
        for one in sorted(team, key=lambda one: number in part.special and one in part.specialists)
    ]


def lawful(part: District) -> Any:
    """Who may go where: blocks x inspectors."""
    may = np.ones((len(part.recused), len(part.people)), np.bool_)
    for block, barred in enumerate(part.recused):
        may[block, [one - part.people.start for one in barred]] = False
    return may


def _cp_sat(part: District, cap: int) -> Owners:
    """Any solution in which loads differ by one at most; a variable for a block and an inspector, so half as many.

    With specialists loads cannot be as even as that, and the sum of their squares is to be least.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    may = lawful(part)
    takes = [[model.new_bool_var("") if ok else None for ok in row] for row in may.tolist()]
    for row in takes:
        model.add(sum(one for one in row if one is not None) == PLACES)
    for block in part.special:
        model.add(sum(one for one in takes[block][: len(part.specialists)] if one is not None) >= 1)
    mean, more = divmod(PLACES * len(takes), len(part.people))
    costs = []
    for column in zip(*takes, strict=True):
        load = sum(one for one in column if one is not None)
        if part.special:
            paid = [model.new_bool_var("") for _ in range(cap)]
            model.add(load == sum(paid))
            costs += [number * one for number, one in enumerate(paid)]
        else:
            model.add_linear_constraint(load, mean, mean + (more > 0))
    if costs:
        model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(solver.status_name(status))
    return seated(
        part,
        [
            [part.people[at] for at, one in enumerate(row) if one is not None and solver.boolean_value(one)]
            for row in takes
        ],
    )


def _min_cost_flow(part: District, cap: int) -> Owners:
    """Source, blocks, inspectors, sink; an inspector's n-th place costs n, so that loads are even.

    A block that needs a specialist reaches all others by a node through which only one unit passes.
    """
    from ortools.graph.python import min_cost_flow

    block, one = np.nonzero(lawful(part))
    blocks, people = len(part.recused), len(part.people)
    source, sink = blocks + people, blocks + people + 1
    special = np.isin(block, list(part.special)) & (one >= len(part.specialists))
    needy = np.array(sorted(part.special), np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    if len(needy):
        flow.add_arcs_with_capacity_and_unit_cost(
            needy, sink + 1 + needy, np.ones(len(needy), np.int64), np.zeros(len(needy), np.int64)
        )
    everyone = np.arange(people)
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        np.where(special, sink + 1 + block, block),
        blocks + one,
        np.ones(len(block), np.int64),
        np.zeros(len(block), np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(blocks, source), np.arange(blocks), np.full(blocks, PLACES), np.zeros(blocks, np.int64)
    )
    for place in range(cap):
        flow.add_arcs_with_capacity_and_unit_cost(
            blocks + everyone, np.full(people, sink), np.ones(people, np.int64), np.full(people, place)
        )
    flow.set_node_supply(source, PLACES * blocks)
    flow.set_node_supply(sink, -PLACES * blocks)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("no flow")
    used = flow.flows(pairs) > 0
    taken = np.split(one[used], np.searchsorted(block[used], np.arange(1, blocks)))
    return seated(part, [[part.people[at] for at in team.tolist()] for team in taken])


def _networkx(part: District, cap: int) -> Owners:
    """The same network, by network simplex; parallel arcs need a multigraph."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    blocks = len(part.recused)
    graph.add_node("source", demand=-PLACES * blocks)
    graph.add_node("sink", demand=PLACES * blocks)
    for block in range(blocks):
        graph.add_edge("source", ("block", block), capacity=PLACES, weight=0)
        if block in part.special:
            graph.add_edge(("block", block), ("others", block), capacity=1, weight=0)
        for one in part.people:
            if one not in part.recused[block]:
                others = block in part.special and one not in part.specialists
                graph.add_edge(("others" if others else "block", block), one, capacity=1, weight=0)
    for one in part.people:
        for place in range(cap):
            graph.add_edge(one, "sink", capacity=1, weight=place)
    flow = nx.network_simplex(graph)[1]
    teams = [
        [
            one
            for tail in ("block", "others")
            for one, arcs in flow.get((tail, block), {}).items()
            if isinstance(one, int) and sum(arcs.values()) > 0
        ]
        for block in range(blocks)
    ]
    return seated(part, teams)


def _scipy(part: District, cap: int) -> Owners:
    """Places against copies of inspectors: it cannot say that the two places of a team want two persons.

    With specialists by `linear_sum_assignment`: an inspector's copies lie side by side, the n-th costing n, so that
    loads are even.
    """
    if part.special:
        return _scipy_assignment(part, cap)
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    copies = -(-PLACES * len(part.recused) // len(part.people))
    graph = csr_array(np.repeat(np.tile(lawful(part), (1, copies)), PLACES, axis=0))
    found = maximum_bipartite_matching(graph, perm_type="column")
    return [part.people[at % len(part.people)] if at >= 0 else -1 for at in found.tolist()]


def _scipy_assignment(part: District, cap: int) -> Owners:
    from scipy.optimize import linear_sum_assignment

    may = np.repeat(lawful(part), PLACES, axis=0)
    may[np.array(sorted(part.special)) * PLACES + 1, len(part.specialists) :] = False
    costs = np.where(np.repeat(may, cap, axis=1), np.tile(np.arange(cap), len(part.people)), 10**6)
    _, taken = linear_sum_assignment(costs)
    return [part.people[at // cap] for at in taken.tolist()]


def _greedy(part: District, cap: int, seed: int = 0) -> Owners:
    """Blocks in a random order, each the least loaded lawful persons, ties at random; nothing is ever taken back."""
    chance = np.random.default_rng(seed)
    may, loads = lawful(part), np.zeros(len(part.people))
    owners = np.full((len(part.recused), PLACES), -1)
    for block in chance.permutation(len(owners)).tolist():
        rank = np.where(may[block] & (loads < cap), loads + chance.random(len(loads)), np.inf)
        if block in part.special:
            few = rank[: len(part.specialists)]
            taken = [int(few.argmin())]
            taken += [at for at in np.argpartition(rank, PLACES)[:PLACES].tolist() if at not in taken][:1]
            places = [1, 0]
        else:
            taken, places = np.argpartition(rank, PLACES)[:PLACES].tolist(), [0, 1]
        for at, place in zip(taken, places, strict=True):
            if np.isfinite(rank[at]):
                loads[at] += 1
                owners[block, place] = part.people.start + at
    return [int(one) for one in owners.ravel()]


def _greedy_job(case: Teams) -> Job[Owners]:
    """Says also how often it comes out uneven or with empty places: of twenty tries, in large cases of one."""
    job = _by_district(_greedy, MOST_ARCS)(case)

    def note(owners: Owners) -> str:
        if case.targets > 5_000:
            return f"one try: {job.note(owners)}"
        tries = range(20)
        ends = [[one for part in case.parts for one in _greedy(part, case.cap, seed)] for seed in tries]
        bad = sum(checked(case, end) != "lawful and balanced" for end in ends)
        return f"{bad} of {len(tries)} times not lawful and balanced"

    return Job(job.work, note)


SYSTEMS: Final[Mapping[str, Callable[[Teams], Job[Owners]]]] = {
    "shuangsuiji": _ours(partial(matching.runs, threads=2, worth=0)),
    "shuangsuiji, readable": _ours(runs),
    "cp-sat": _by_district(_cp_sat),
    "min-cost-flow": _by_district(_min_cost_flow, MOST_ARCS),
    "networkx": _by_district(_networkx),
    "scipy": _by_district(_scipy, wrong="knows no teams"),
    "greedy": _greedy_job,
}
