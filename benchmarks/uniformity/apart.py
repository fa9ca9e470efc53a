"""Two who may not work together: how often the second draw (§15) is short although a lawful assignment exists.

Balance is that without incompatible pairs, and repair goes from there: it proves nothing. CP-SAT does, on random
instances that are small enough, from a township as it is to more pairs than any office has.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from random import Random
from typing import Final

from ortools.sat.python import cp_model

from shuangsuiji.core.matching import assign
from shuangsuiji.core.matching.problem import Problem, Short, Slot
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.solvers.flows import least_sum_of_squares

Maker = Callable[[Random], Problem]


def township(choose: Random) -> Problem:
    """One or two leads, three to five members, 4 to 12 blocks, room enough; a lead and a member apart."""
    leads, members, blocks = choose.randint(1, 2), choose.randint(3, 5), choose.randint(4, 12)
    pair = (choose.randrange(leads), leads + choose.randrange(members))
    return _problem([[range(leads), range(leads, leads + members)]] * blocks, {}, 20, {pair})


def district(choose: Random) -> Problem:
    """Two or three leads, four to eight members, two specialists for some blocks; caps bind, recusals, 2 to 5 pairs."""
    leads, members, blocks = choose.randint(2, 3), choose.randint(4, 8), choose.randint(6, 16)
    people = leads + members
    special = sorted(choose.sample(range(leads, people), 2))
    teams = [
        [range(leads), range(leads, people), *([special] if choose.random() < 0.3 else [])]
        for _ in range(blocks)
    ]
    return _problem(
        teams,
        _recused(choose, people, blocks),
        max(3, -(-blocks // leads) + choose.randint(0, 2)),
        _pairs(choose, people, choose.randint(2, 5)),
    )


def county(choose: Random) -> Problem:
    """Six leads and thirty members for 150 blocks, a tenth recused from each, ten pairs."""
    teams = [[range(6), range(6, 36)]] * 150
    return _problem(teams, _recused(choose, 36, 150), 40, _pairs(choose, 36, 10))


def tight(choose: Random) -> Problem:
    """Four to six persons, two to four teams of two, every place with a pool of its own, up to four pairs."""
    people, blocks = choose.randint(4, 6), choose.randint(2, 4)
    teams = [
        [sorted(choose.sample(range(people), choose.randint(2, people))) for _ in range(2)]
        for _ in range(blocks)
    ]
    recused = {block: choose.sample(range(people), choose.randint(0, 1)) for block in range(blocks)}
    return _problem(teams, recused, choose.randint(2, 4), _pairs(choose, people, choose.randint(1, 4)))


def feud(choose: Random) -> Problem:
    """Teams of three of eight to twelve persons, of whose pairs 30 to 70 per cent are apart; caps bind."""
    people, blocks = choose.randint(8, 12), choose.randint(6, 12)
    pairs = _pairs(choose, people, int(people * (people - 1) / 2 * choose.uniform(0.3, 0.7)))
    cap = -(-3 * blocks // people) + choose.randint(0, 2)
    return _problem([[range(people)] * 3] * blocks, _recused(choose, people, blocks), cap, pairs)


FAMILIES: Final[dict[str, tuple[str, Maker, int]]] = {
    "township": ("乡镇：组长1至2人、组员3至5人，一名组长与一名组员不得同组", township, 2000),
    "district": ("片区：组长2至3人、组员4至8人、专业席位2人可任，上限紧、一成回避，2至5对", district, 1000),
    "county": ("一县：组长6人、组员30人、150组、一成回避，10对", county, 40),
    "tight": ("刁难：4至6人、2至4组，每个席位各有人选，1至4对", tight, 4000),
    "feud": ("极端：8至12人一个库、3人一组、上限紧，所有两人组合中有三成到七成不得同组", feud, 400),
}


def measure(maker: Maker, count: int) -> dict[str, int]:
    """Of so many instances: how many have a lawful assignment, and of these, how many draws are short all the same, how
    many less even than without pairs, and how many of those less even than they must be.
    """
    found = dict.fromkeys(("exist", "missed", "less_even", "more_than_due"), 0)
    for number in range(count):
        problem = maker(Random(number))
        drawn = assign(problem, partial(_key, number))
        least = None if isinstance(drawn, Short) else least_sum_of_squares(widened(problem))
        squares = 0 if isinstance(drawn, Short) else sum(load**2 for load in Counter(drawn).values())
        if squares == least:
            found["exist"] += 1
            continue
        apart = least_apart(problem)
        if apart is not None:
            found["exist"] += 1
            found["missed"] += squares == 0
            found["less_even"] += squares > 0
            found["more_than_due"] += squares > apart
    return {"instances": count} | found


def least_apart(problem: Problem) -> int | None:
    """The least sum of squares over all lawful assignments, incompatible inspectors apart, None if there is none."""
    model = cp_model.CpModel()
    slots = [slot.block for slot in problem.slots]
    takes = {
        (number, one): model.new_bool_var("")
        for number, slot in enumerate(problem.slots)
        for one in slot.pool
        if one not in problem.recused[slot.block]
    }
    cost = []
    for number in range(len(slots)):
        model.add(sum(taken for (at, _), taken in takes.items() if at == number) == 1)
    for one, cap in enumerate(problem.caps):
        own = [taken for (_, other), taken in takes.items() if other == one]
        levels = [model.new_bool_var("") for _ in range(min(cap, len(own)))]
        model.add(sum(own) == sum(levels))
        cost += [(2 * level + 1) * used for level, used in enumerate(levels)]
    alone = [(one, one) for one in range(len(problem.caps))]
    for block in range(len(problem.recused)):
        team = [(one, taken) for (at, one), taken in takes.items() if slots[at] == block]
        for pair in (*alone, *problem.incompatible):
            model.add(sum(taken for one, taken in team if one in pair) <= 1)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None


def _key(number: int, first: int) -> bytes:
    return number.to_bytes(16, "big") + first.to_bytes(16, "big")


def _problem(
    teams: Sequence[Sequence[Sequence[int]]],
    recused: Mapping[int, Collection[int]],
    cap: int,
    pairs: Collection[tuple[int, int]],
) -> Problem:
    people = 1 + max(one for team in teams for pool in team for one in pool)
    return Problem(
        slots=tuple(Slot(block, tuple(pool)) for block, team in enumerate(teams) for pool in team),
        recused=tuple(frozenset(recused.get(block, ())) for block in range(len(teams))),
        caps=(cap,) * people,
        incompatible=frozenset(pairs),
    )


def _recused(choose: Random, people: int, blocks: int) -> dict[int, list[int]]:
    return {block: [one for one in range(people) if choose.random() < 0.1] for block in range(blocks)}


def _pairs(choose: Random, people: int, count: int) -> set[tuple[int, int]]:
    pairs = [(one, other) for other in range(people) for one in range(other)]
    return set(choose.sample(pairs, count))
