"""Draws of a family by the engine itself, and how far their frequencies are from equal."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

import numpy as np

from benchmarks.uniformity.exact import incidence
from benchmarks.uniformity.families import Family, Own, Teams
from shuangsuiji.core.matching import Run, assign
from shuangsuiji.core.matching.problem import Component, Problem, Short, Slot
from shuangsuiji.core.matching.repair import repair
from shuangsuiji.core.matching.start import start
from shuangsuiji.core.stream import Stream

NOISE_RUNS: Final = 1_000
Draw = Callable[[int], Own | None]
"""The assignment that the n-th draw comes to, None if it comes to none."""
Law = Mapping[Own, float]
"""How likely each assignment should be."""


def problem(family: Family) -> Problem:
    """The family as the engine's matching problem."""
    blocks = 1 + max(family.blocks)
    return Problem(
        tuple(Slot(block, pool) for block, pool in zip(family.blocks, family.pools, strict=True)),
        tuple(family.recused.get(block, frozenset()) for block in range(blocks)),
        tuple(map(family.cap, range(family.inspectors))),
        family.incompatible,
    )


def engine(family: Family | Teams, run: Run) -> Draw:
    """The engine's own draws, each from a seed of its own."""
    if isinstance(family, Teams):
        return lambda number: family.drawn(lambda one: engine(one, run)(number))
    whole = problem(family)

    def draw(number: int) -> Own | None:
        def key(slot: int) -> bytes:
            return sha256(f"uniformity/{family.name}/{number}/{slot}".encode()).digest()

        owners = assign(whole, key, lambda parts, keys: map(run, parts, keys))
        return owners if isinstance(owners, tuple) else None

    return draw


def start_only(component: Component, key: bytes) -> tuple[int, ...] | Short:
    """§15.3 Where the engine begins to mix: what start and repair alone would draw."""
    stream = Stream(key)
    state = start(component, stream)
    if isinstance(state, Short):
        return state
    return repair(state, stream) or tuple(state.own)


def frequencies(draw: Draw, states: Iterable[Own], draws: int) -> tuple[list[int], int]:
    """How often each state came out of so many draws, and how often something else (unlawful, unbalanced, nothing)."""
    found = Counter(draw(number) for number in range(draws))
    counts = [found.pop(own, 0) for own in states]
    return counts, sum(found.values())


def uniform(states: Sequence[Own]) -> Law:
    """Every state as likely as every other."""
    return dict.fromkeys(states, 1 / len(states))


def empirical_distance(counts: Sequence[int], other: int, law: Law) -> float:
    """Total variation distance of what was drawn to what it should be."""
    draws = sum(counts) + other
    return sum(max(due - count / draws, 0) for count, due in zip(counts, law.values(), strict=True))


def deviation(counts: Sequence[int], law: Law) -> float:
    """The largest deviation of the frequency with which an inspector has a slot from what it should be."""
    due = np.array(list(law.values()))
    return float(np.abs((np.array(counts) / max(sum(counts), 1) - due) @ incidence(list(law))).max())


def noise(law: Law, draws: int) -> tuple[float, float]:
    """The distance and the deviation that so many draws of a perfect sampler exceed once in twenty times."""
    due = np.array(list(law.values()))
    off = np.random.default_rng(1).multinomial(draws, due, size=NOISE_RUNS) / draws - due
    distances, deviations = np.abs(off).sum(axis=1) / 2, np.abs(off @ incidence(list(law))).max(axis=1)
    return float(np.quantile(distances, 0.95)), float(np.quantile(deviations, 0.95))
