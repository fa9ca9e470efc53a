"""How even repeated draws should come out, exactly: the mean and variance of a chi-square over those drawn.

Frequencies of one draw are not independent: a tier draws exactly its quota, a team's loads balance. So no table of
chi-square holds, and none is needed. The sum of squared counts of S draws is S x quota plus twice the overlaps of
the S(S-1)/2 pairs of draws. Every entity has the chance n/N, so the expected overlap with a given draw is the same
for all draws: pairs are uncorrelated, and the variance of the sum is the number of pairs times that of one overlap.
Nothing here decides anything; floats are figures to look at.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Final

import numpy as np

from shuangsuiji.core.allocation import systematic_rounding

_SMALLEST_TAIL: Final = 1e-15
# From this variance on a binomial law and the normal one look alike.
_MANY: Final = 100.0


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


def score(law: Mapping[int, float], value: int) -> float:
    """A value as a normal deviate: the z that lies as far out in a normal law as the value does in its own.

    Half of the value's own probability counts as below it, so that the score of a symmetric law's middle is 0. A plain
    z would call a person suspicious who once in six draws was spared what hardly anyone ever is.
    """
    below = sum(chance for one, chance in law.items() if one < value) + law.get(value, 0.0) / 2
    above = sum(chance for one, chance in law.items() if one > value) + law.get(value, 0.0) / 2
    tail = max(min(below, above), _SMALLEST_TAIL)
    return NormalDist().inv_cdf(min(tail, 0.5)) * (1.0 if below < above else -1.0) + 0.0


def cell_z(drawn: int, quota: int, size: int, total: int, draws: int) -> float:
    """How far off its share a cell's places in all draws are, as a score: 0 where the share is whole.

    Each draw gives it the share's whole part, and one more with the probability of the rest.
    """
    whole, part = divmod(quota * size, total)
    if not part:
        return 0.0
    chance, more = part / total, drawn - draws * whole
    spread = draws * chance * (1 - chance)
    if spread > _MANY:
        return (more - draws * chance) / math.sqrt(spread)
    return score({n: binomial(draws, chance, n) for n in range(draws + 1)}, more)


def binomial(draws: int, chance: float, times: int) -> float:
    """The probability that what happens with a chance happens so many times."""
    if not 0 <= times <= draws or chance in (0.0, 1.0):
        return float(times == draws * chance)
    ways = math.lgamma(draws + 1) - math.lgamma(times + 1) - math.lgamma(draws - times + 1)
    return math.exp(ways + times * math.log(chance) + (draws - times) * math.log1p(-chance))


def load_law(loads: Sequence[Sequence[int]]) -> dict[int, float]:
    """The law of one person's blocks in all draws: in each, the load of any of those alike, equally likely."""
    law = {0: 1.0}
    for row in loads:
        step: dict[int, float] = {}
        for load, persons in Counter(row).items():
            for sum_, chance in law.items():
                step[sum_ + load] = step.get(sum_ + load, 0.0) + chance * persons / len(row)
        law = step
    return law


def load_evenness(loads: Sequence[Sequence[int]]) -> tuple[Evenness, tuple[float, ...]]:
    """How evenly persons were loaded who are alike in all that the draw looks at; and the score of each.

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
    law = load_law(loads)
    scores = {blocks: score(law, blocks) for blocks in law}
    return found, tuple(scores[sum(column)] for column in zip(*loads, strict=True))


@dataclass(frozen=True, slots=True)
class Band:
    """What a person's mean load of one draw is held against: `low` to `high` is where 95 draws of 100 put it.

    `exact`: by symmetry his likes carry as much, given the loads of each draw. Else `expected` is itself the mean of
    the matchings, `low` to `high` its confidence interval, and `z` how far their two halves lie apart.
    """

    expected: float
    low: float
    high: float
    z: float
    exact: bool


def like_bands(loads: Sequence[Sequence[int]]) -> tuple[Band, ...]:
    """Of persons who are alike, as `load_evenness` takes them; `z` is the score of each."""
    table = np.array(loads, dtype=float)
    mean, error = float(table.mean()), math.sqrt(float(table.var(axis=1).sum())) / len(table)
    _, scores = load_evenness(loads)
    return tuple(Band(mean, *_around(mean, error), z, exact=True) for z in scores)


def lone_band(loads: Sequence[int]) -> Band:
    """Of a person who is like nobody: from his loads in independent matchings alone."""
    own = np.array(loads, dtype=float)
    mean, first, second = float(own.mean()), own[::2], own[1::2]
    spread = float(own.std(ddof=1)) if len(own) > 1 else 0.0
    apart = spread * math.sqrt(1 / len(first) + 1 / len(second)) if spread else 0.0
    z = float(first.mean() - second.mean()) / apart if apart else 0.0
    return Band(mean, *_around(mean, spread / math.sqrt(len(own))), z, exact=False)


def _around(mean: float, error: float) -> tuple[float, float]:
    reach = NormalDist().inv_cdf(0.975) * error
    return max(mean - reach, 0.0), mean + reach
