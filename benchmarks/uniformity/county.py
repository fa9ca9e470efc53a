"""At county size, where nothing can be enumerated: how much of the start is left, and who carries the extra load."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import combinations
from statistics import mean, stdev
from typing import Final

from benchmarks.uniformity.families import Family, Own
from benchmarks.uniformity.sampling import problem
from shuangsuiji.core.matching import Run
from shuangsuiji.core.matching.mixing import exchange
from shuangsuiji.core.matching.problem import Component, Problem, Slot, components
from shuangsuiji.core.matching.start import start
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.stream import Stream

TARGETS: Final = 2225
INSPECTORS: Final = 982
STEPS: Final = (0, 1, 2, 4, 8, 16, 32)
"""Exchanges for each slot at which the overlap is taken."""
OFTEN_RECUSED: Final = 30
OFTEN, SELDOM = 30, 3
"""Per cent of the targets from which the first 30 persons of a tenth of the county are recused, and the others."""


def county(recused_percent: int) -> Component:
    """A fresh team of two for each of 2,225 targets from one pool of 982, so many per cent of the pairs recused."""
    pool = tuple(range(INSPECTORS))
    slots = tuple(Slot(block, pool) for block in range(TARGETS) for _ in range(2))
    recused = tuple(frozenset(_recused(block, recused_percent)) for block in range(TARGETS))
    (whole,) = components(Problem(slots, recused, (8,) * INSPECTORS))
    return whole


def overlaps(draws: int) -> tuple[dict[int, float], float]:
    """The share of slots whose inspector is still the start's, by exchanges a slot; that of independent draws."""
    component = county(3)
    left: dict[int, list[float]] = {steps: [] for steps in STEPS}
    ends = []
    for number in range(draws):
        stream = Stream(_key("overlap", number))
        state = start(component, stream)
        assert isinstance(state, State)
        before, done = tuple(state.own), 0
        for steps in STEPS:
            for _ in range((steps - done) * len(before)):
                exchange(state, stream)
            done = steps
            left[steps].append(_same(before, tuple(state.own)))
        ends.append(tuple(state.own))
    independent = [_same(a, b) for a, b in combinations(ends, 2)]
    return {steps: sum(found) / draws for steps, found in left.items()}, sum(independent) / len(independent)


def extra_load(run: Run, draws: int) -> tuple[float, list[float]]:
    """Without recusals all are alike: the exact chance to carry the larger load, and each inspector's z-score of it."""
    component = county(0)
    low, extra = divmod(2 * TARGETS, INSPECTORS)
    chance = extra / INSPECTORS
    carried: Counter[int] = Counter()
    for number in range(draws):
        own = run(component, _key("extra", number))
        assert isinstance(own, tuple)
        carried.update(one for one, load in Counter(own).items() if load == low + 1)
    spread = math.sqrt(draws * chance * (1 - chance))
    return chance, [(carried[one] - draws * chance) / spread for one in range(INSPECTORS)]


def tenth() -> Family:
    """A tenth of the county, small enough for a solver: 222 teams of two, 98 persons, 30 of them recused from 30 % of
    the targets, the others from 3 %.
    """
    recused = {
        block: frozenset(
            one
            for one in range(98)
            if _percent(f"tenth/{block}", one) < (OFTEN if one < OFTEN_RECUSED else SELDOM)
        )
        for block in range(222)
    }
    blocks = tuple(number // 2 for number in range(444))
    return Family("tenth of a county", "", 98, blocks, (tuple(range(98)),) * 444, recused)


def extra_of_the_often_recused(draws: Iterable[Own | None]) -> tuple[float, float]:
    """How often one of those recused from 30 % carries the larger load (5, the others 4); twice its standard error."""
    shares = []
    for own in draws:
        assert own is not None
        loads = Counter(own)
        assert set(loads.values()) == {4, 5}
        shares.append(sum(loads[one] == 5 for one in range(OFTEN_RECUSED)) / OFTEN_RECUSED)
    return mean(shares), 2 * stdev(shares) / math.sqrt(len(shares))


def long_run(own: Own, spans: int) -> tuple[float, float]:
    """The same along one chain of exchanges, hundreds of times longer than a draw's, from an assignment not our own.

    Spans of 40 exchanges a slot, each its own mean (so that the error heeds how alike neighbours are); the first is
    left out.
    """
    (component,) = components(problem(tenth()))
    state, stream = State(component), Stream(_key("long run", 0))
    for slot, inspector in enumerate(own):
        state.give(slot, inspector)
    means = []
    for _ in range(spans + 1):
        seen = []
        for _ in range(20):
            for _ in range(2 * len(own)):
                exchange(state, stream)
            seen.append(tuple(state.own))
        means.append(extra_of_the_often_recused(seen)[0])
    return mean(means[1:]), 2 * stdev(means[1:]) / math.sqrt(spans)


def _same(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


def _recused(block: int, percent: int) -> Iterator[int]:
    for one in range(INSPECTORS):
        if _percent(f"recusal/{block}", one) < percent:
            yield one


def _percent(name: str, number: int) -> int:
    return int.from_bytes(_key(name, number)[:4], "big") % 100


def _key(name: str, number: int) -> bytes:
    return sha256(f"uniformity/county/{name}/{number}".encode()).digest()
