"""At county size, where nothing can be enumerated: how much of the start is left, and who carries the extra load."""

import math
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import combinations
from typing import Final

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


def _same(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


def _recused(block: int, percent: int) -> Iterator[int]:
    for one in range(INSPECTORS):
        if int.from_bytes(_key(f"recusal/{block}", one)[:4], "big") % 100 < percent:
            yield one


def _key(name: str, number: int) -> bytes:
    return sha256(f"uniformity/county/{name}/{number}".encode()).digest()
