"""How even repeated draws should come out, exactly: the mean and variance of a chi-square over those drawn.

Frequencies of one draw are not independent: a tier draws exactly its quota, a team's loads balance. So no table of
chi-square holds, and none is needed. The sum of squared counts of S draws is S x quota plus twice the overlaps of
the S(S-1)/2 pairs of draws. Every entity has the chance n/N, so the expected overlap with a given draw is the same
for all draws: pairs are uncorrelated, and the variance of the sum is the number of pairs times that of one overlap.
Nothing here decides anything; floats are figures to look at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from shuangsuiji.core.allocation import systematic_rounding


@dataclass(frozen=True, slots=True)
class Evenness:
    """A chi-square with its exact mean and standard deviation; `z` is how many of these it lies off."""

    chi_square: float
    mean: float
    deviation: float
    z: float


NOTHING_VARIES: Final = Evenness(0.0, 0.0, 0.0, 0.0)
"""Of a tier that is drawn whole, of a single person, of loads that are all equal."""


def _evenness(chi_square: float, mean: float, deviation: float) -> Evenness:
    return Evenness(chi_square, mean, deviation, (chi_square - mean) / deviation if deviation else 0.0)


def quota_law(quota: int, sizes: Sequence[int]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """§12 The quotas that systematic rounding gives, each with the number of the N offsets that give it."""
    total, before = sum(sizes), 0
    steps = {0}
    for size in sizes:
        part = quota * size % total
        steps |= {-before % total, (total - part - before) % total}
        before += part
    ends = [*sorted(steps), total]
    return tuple((end - at, tuple(systematic_rounding(quota, sizes, at))) for at, end in pairwise(ends))


def overlap_variance(quota: int, sizes: Sequence[int]) -> float:
    """The variance of the number of entities that two independent draws of a tier have in common.

    `sizes` are those of its cells. Given the cells' quotas q and q' the overlap of a cell of v is hypergeometric; over
    the quotas their expectation varies as well.
    """
    law = quota_law(quota, sizes)
    weights = np.array([weight for weight, _ in law], dtype=float) / sum(sizes)
    quotas = np.array([given for _, given in law], dtype=float)
    v = np.array(sizes, dtype=float)
    left = weights @ (quotas * (v - quotas))
    within = np.sum(left[v > 1] ** 2 / (v[v > 1] ** 2 * (v[v > 1] - 1)))
    means = weights @ quotas
    products = quotas.T @ (weights[:, None] * quotas)
    between = np.sum((products**2 - np.outer(means, means) ** 2) / np.outer(v, v))
    return float(within + max(between, 0.0))


def target_evenness(counts: Sequence[int], quota: int, sizes: Sequence[int], draws: int) -> Evenness:
    """How evenly the entities of a tier were drawn: `counts` how often each, in `draws` draws of `quota`.

    The chi-square is the sum of (count - expected)^2 over the variance of one count, its mean the number of entities.
    """
    size = len(counts)
    chance = quota / size
    spread = draws * chance * (1 - chance)
    if not spread:
        return NOTHING_VARIES
    squares = sum(count * count for count in counts) - (draws * chance) ** 2 * size
    deviation = math.sqrt(2 * draws * (draws - 1) * overlap_variance(quota, sizes)) / spread
    return _evenness(squares / spread, float(size), deviation)


def cell_z(drawn: int, quota: int, size: int, total: int, draws: int) -> float:
    """How many standard deviations a cell's places in all draws lie off their share: 0 where the share is whole."""
    part = quota * size % total / total
    expected = draws * quota * size / total
    return (drawn - expected) / math.sqrt(draws * part * (1 - part)) if part else 0.0


def load_evenness(loads: Sequence[Sequence[int]]) -> tuple[Evenness, tuple[float, ...]]:
    """How evenly persons were loaded who are alike in all that the draw looks at; and the z of each.

    `loads` has a row for each draw, a column for each person. Alike means that, given the loads of a draw, every way to
    hand them out among these persons is equally likely; so nothing is assumed of the loads themselves.
    """
    table = np.array(loads, dtype=float)
    persons = table.shape[1]
    centred = table - table.mean(axis=1, keepdims=True)
    norms = (centred**2).sum(axis=1)
    sums = centred.sum(axis=0)
    spread = float(norms.sum()) / persons
    if persons < 2 or not spread:
        return NOTHING_VARIES, (0.0,) * persons
    scale = spread * persons / (persons - 1)
    pairs = norms.sum() ** 2 - (norms**2).sum()  # twice the sum over pairs of draws
    deviation = math.sqrt(2 * float(pairs) / (persons - 1)) / scale
    found = _evenness(float((sums**2).sum() / scale), float(persons - 1), deviation)
    return found, tuple(float(one) / math.sqrt(spread) for one in sums)
