"""Draws of a family by the engine itself, and how far their frequencies are from equal."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final

import numpy as np

from benchmarks.uniformity.families import Family, Own
from shuangsuiji.core.matching import Run, assign
from shuangsuiji.core.matching.problem import Problem, Slot

NOISE_RUNS: Final = 400
Draw = Callable[[int], Own | None]
"""The assignment that the n-th draw comes to, None if it comes to none."""


def problem(family: Family) -> Problem:
    """The family as the engine's matching problem."""
    blocks = 1 + max(family.blocks)
    return Problem(
        tuple(Slot(block, pool) for block, pool in zip(family.blocks, family.pools, strict=True)),
        tuple(family.recused.get(block, frozenset()) for block in range(blocks)),
        tuple(map(family.cap, range(family.inspectors))),
        family.incompatible,
    )


def engine(family: Family, run: Run) -> Draw:
    """The engine's own draws, each from a seed of its own."""
    whole = problem(family)

    def draw(number: int) -> Own | None:
        def key(slot: int) -> bytes:
            return sha256(f"uniformity/{family.name}/{number}/{slot}".encode()).digest()

        owners = assign(whole, key, lambda parts, keys: map(run, parts, keys))
        return owners if isinstance(owners, tuple) else None

    return draw


def frequencies(draw: Draw, states: Sequence[Own], draws: int) -> tuple[list[int], int]:
    """How often each state came out of so many draws, and how often something else (unlawful, unbalanced, nothing)."""
    found = Counter(draw(number) for number in range(draws))
    counts = [found.pop(own, 0) for own in states]
    return counts, sum(found.values())


def empirical_distance(counts: Sequence[int], other: int) -> float:
    """Total variation distance of what was drawn to the uniform distribution on the states."""
    draws = sum(counts) + other
    return sum(max(1 / len(counts) - count / draws, 0) for count in counts)


def noise(states: int, draws: int) -> float:
    """The distance that so many draws of a perfect sampler show on average, by simulation."""
    chance = np.random.default_rng(1)
    samples = chance.multinomial(draws, [1 / states] * states, size=NOISE_RUNS)
    return float(np.abs(samples / draws - 1 / states).sum(axis=1).mean() / 2)


def marginals(counts: Sequence[int], states: Sequence[Own]) -> Iterator[tuple[int, int, float]]:
    """Slot, inspector, and the deviation of their frequency from the uniform distribution's."""
    draws = sum(counts)
    for slot in range(len(states[0])):
        for inspector in sorted({own[slot] for own in states}):
            has = [own[slot] == inspector for own in states]
            share = sum(count for count, one in zip(counts, has, strict=True) if one) / draws
            yield slot, inspector, share - sum(has) / len(states)
