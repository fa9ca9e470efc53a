"""A second exact answer to the second draw (§15), by another program and another method than the flow: HiGHS.

One variable for each slot and person, one for each further slot of a person, which costs 1, 3, 5, ...: the linear
program's matrix is that of a flow, so that its best corner is whole.
"""

from random import Random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from shuangsuiji.core.matching.problem import Problem, Slot


def least(problem: Problem) -> int | None:
    """The least sum of squares of loads over all lawful assignments (incompatibility apart), None if there is none."""
    pairs = [
        (number, one)
        for number, slot in enumerate(problem.slots)
        for one in slot.pool
        if one not in problem.recused[slot.block]
    ]
    levels = [(one, level) for one, cap in enumerate(problem.caps) for level in range(min(cap, len(pairs)))]
    if {number for number, _ in pairs} != set(range(len(problem.slots))):
        return None
    costs = [0] * len(pairs) + [2 * level + 1 for _, level in levels]
    once = [(number, column, 1) for column, (number, _) in enumerate(pairs)]
    loads = [(len(problem.slots) + one, column, 1) for column, (_, one) in enumerate(pairs)]
    loads += [(len(problem.slots) + one, len(pairs) + column, -1) for column, (one, _) in enumerate(levels)]
    people = len(problem.caps)
    blocks = [
        (problem.slots[number].block * people + one, column, 1) for column, (number, one) in enumerate(pairs)
    ]
    equal = np.array([1] * len(problem.slots) + [0] * people)
    most = np.ones(len(problem.recused) * people)
    found = linprog(
        costs,
        A_eq=_matrix([*once, *loads], len(equal), len(costs)),
        b_eq=equal,
        A_ub=_matrix(blocks, len(most), len(costs)),
        b_ub=most,
        bounds=(0, 1),
        method="highs-ds",
    )
    return round(found.fun) if found.status == 0 else None


def _matrix(entries: list[tuple[int, int, int]], rows: int, columns: int) -> coo_array:
    row, column, value = (np.array(part) for part in zip(*entries, strict=True))
    return coo_array((value, (row, column)), shape=(rows, columns)).tocsr()


def instance(number: int, people: int, blocks: int, pairs: int = 0) -> Problem:
    """A random problem of typed slots, caps of one's own, recusals, incompatible pairs; many have no answer."""
    choose = Random(number)
    size = choose.randint(2, people)
    everybody = range(size)
    pools = [tuple(everybody), *(_some(choose, size, most) for most in (size, size // 2 + 1, 3))]
    teams = [
        [choose.randrange(len(pools)) for _ in range(choose.randint(1, 3))]
        for _ in range(choose.randint(1, blocks))
    ]
    mean = -(-sum(map(len, teams)) // size)
    caps = [max(0, mean + choose.randint(-1, 2)) for _ in everybody]
    couples = {tuple(sorted(choose.sample(everybody, 2))) for _ in range(choose.randint(0, pairs))}
    return Problem(
        slots=tuple(Slot(block, pools[pool]) for block, kinds in enumerate(teams) for pool in kinds),
        recused=tuple(frozenset(_some(choose, size, size // 3, least=0)) for _ in teams),
        caps=tuple(caps),
        incompatible=frozenset((one, other) for one, other in couples),
    )


def _some(choose: Random, size: int, most: int, least: int = 1) -> tuple[int, ...]:
    return tuple(sorted(choose.sample(range(size), choose.randint(least, max(least, min(most, size))))))
