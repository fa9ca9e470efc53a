"""§15.1 Widened recusal sets: who can be in no lawful team of a block because of whom he may not work with."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from shuangsuiji.core.matching.problem import Pool, Problem


def widened(problem: Problem) -> Problem:
    """§15.1 The problem with whoever is incompatible with all who are able to take some slot out of its block.

    What is lawful stays the same; what a search finds short then is so for incompatible inspectors, too.
    """
    rivals: dict[int, set[int]] = {}
    for one, other in problem.incompatible:
        rivals.setdefault(one, set()).add(other)
        rivals.setdefault(other, set()).add(one)
    if not rivals:
        return problem
    pools: dict[int, list[Pool]] = {}
    for slot in problem.slots:
        pools.setdefault(slot.block, []).append(slot.pool)
    recused = list(problem.recused)
    for block, team in pools.items():
        recused[block] = _widened(recused[block], team, rivals)
    return replace(problem, recused=tuple(recused))


def _widened(
    recused: frozenset[int], team: Sequence[Pool], rivals: Mapping[int, AbstractSet[int]]
) -> frozenset[int]:
    most = max(map(len, rivals.values()))
    while True:
        joining = set[int]()
        for pool in team:
            if len(pool) - len(recused) <= most:  # else somebody able is left whom nobody in question minds
                joining |= _against_all(set(pool) - recused, rivals)
        if joining <= recused:
            return recused
        recused |= joining


def _against_all(able: Collection[int], rivals: Mapping[int, AbstractSet[int]]) -> AbstractSet[int]:
    """Who is incompatible with each of them; nobody, if there are none."""
    sets = [rivals.get(one, frozenset()) for one in able]
    return frozenset.intersection(*map(frozenset, sets)) if sets else frozenset()
