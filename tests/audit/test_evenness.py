"""The moments that a simulation is held against are exact: every outcome of small draws, enumerated."""

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.audit.evenness import (
    Band,
    binomial,
    cell_z,
    like_bands,
    load_evenness,
    load_law,
    lone_band,
    overlap_variance,
    quota_law,
    score,
    target_evenness,
)
from shuangsuiji.core.allocation import systematic_rounding

# Tiers as (quota, sizes of cells): undivided, whole and fractional shares, a cell of one, a cell without places.
TIERS: Final = ((1, (3,)), (2, (4,)), (1, (2, 1)), (2, (2, 2)), (2, (1, 3)), (3, (2, 1, 2)), (1, (1, 1, 1)))

tiers: Final = st.lists(st.integers(1, 6), min_size=1, max_size=5).flatmap(
    lambda sizes: st.tuples(st.integers(0, sum(sizes)), st.just(tuple(sizes)))
)


def outcomes(quota: int, sizes: Sequence[int]) -> Iterator[tuple[Fraction, frozenset[int]]]:
    """Every set of entities that a tier can draw (§12), with its probability; once for each offset."""
    starts = [sum(sizes[:cell]) for cell in range(len(sizes))]
    total = sum(sizes)
    for offset in range(total):
        quotas = list(systematic_rounding(quota, sizes, offset))
        ways = math.prod(math.comb(size, own) for size, own in zip(sizes, quotas, strict=True))
        cells = zip(starts, sizes, quotas, strict=True)
        for chosen in product(*(combinations(range(at, at + size), own) for at, size, own in cells)):
            yield Fraction(1, total * ways), frozenset(one for part in chosen for one in part)


@given(tiers)
def test_the_law_of_quotas_counts_every_offset(tier: tuple[int, tuple[int, ...]]) -> None:
    quota, sizes = tier
    counted: Counter[tuple[int, ...]] = Counter()
    for weight, quotas in quota_law(quota, sizes):
        counted[quotas] += weight
    assert counted == Counter(tuple(systematic_rounding(quota, sizes, u)) for u in range(sum(sizes)))


@pytest.mark.parametrize(("quota", "sizes"), TIERS)
def test_two_draws_overlap_by_the_exact_variance(quota: int, sizes: tuple[int, ...]) -> None:
    every = list(outcomes(quota, sizes))
    pairs = [(p * q, len(one & other)) for p, one in every for q, other in every]
    mean = sum(p * n for p, n in pairs)
    assert mean == Fraction(quota**2, sum(sizes))
    variance = sum(p * (n - mean) ** 2 for p, n in pairs)
    assert overlap_variance(quota, sizes) == pytest.approx(float(variance), abs=1e-12)


@pytest.mark.parametrize(("quota", "sizes"), TIERS)
@pytest.mark.parametrize("draws", [2, 3])
def test_the_chi_square_of_targets_has_the_mean_and_deviation_it_says(
    quota: int, sizes: tuple[int, ...], draws: int
) -> None:
    law: dict[frozenset[int], Fraction] = {}
    for chance, drawn in outcomes(quota, sizes):
        law[drawn] = law.get(drawn, Fraction(0)) + chance
    first = second = 0.0
    evenness = None
    for run in product(law.items(), repeat=draws):
        counts = [sum(entity in drawn for drawn, _ in run) for entity in range(sum(sizes))]
        evenness = target_evenness(counts, quota, sizes, draws)
        p = float(math.prod(one for _, one in run))
        first += p * evenness.chi_square
        second += p * evenness.chi_square**2
    assert evenness is not None
    assert first == pytest.approx(evenness.mean)
    assert math.sqrt(max(0.0, second - first**2)) == pytest.approx(evenness.deviation, abs=1e-6)


@given(tiers)
def test_a_cell_is_scored_by_the_law_of_its_places(tier: tuple[int, tuple[int, ...]]) -> None:
    quota, sizes = tier
    total = sum(sizes)
    for cell, size in enumerate(sizes):
        law: dict[int, float] = {}
        for run in product(quota_law(quota, sizes), repeat=3):
            drawn = sum(quotas[cell] for _, quotas in run)
            law[drawn] = law.get(drawn, 0.0) + math.prod(weight for weight, _ in run) / total**3
        for drawn in law:
            varies = quota * size % total != 0
            expected = score(law, drawn) if varies else 0.0
            assert cell_z(drawn, quota, size, total, 3) == pytest.approx(expected, abs=1e-6)


def test_a_score_is_a_normal_deviate() -> None:
    fair = {n: binomial(400, 0.5, n) for n in range(401)}
    assert math.fsum(fair.values()) == pytest.approx(1.0)
    for drawn in (170, 190, 200, 215, 230):
        assert score(fair, drawn) == pytest.approx((drawn - 200) / 10, abs=0.02)
    assert score({0: 0.25, 1: 0.5, 2: 0.25}, 1) == 0
    assert score(fair, 400) == -score(fair, 0) < 9
    # What happens to one in a hundred is not five standard deviations off.
    assert -3 < score({0: 0.01, 1: 0.99}, 0) < -2


@pytest.mark.parametrize("loads", [((0, 1), (1, 1)), ((0, 0, 1), (2, 1, 1)), ((0, 1), (0, 1), (1, 3))])
def test_the_chi_square_of_loads_has_the_mean_and_deviation_it_says(
    loads: tuple[tuple[int, ...], ...],
) -> None:
    runs = list(product(*(list(permutations(row)) for row in loads)))
    found = [load_evenness(run) for run in runs]
    chis = [evenness.chi_square for evenness, _ in found]
    mean = sum(chis) / len(chis)
    deviation = math.sqrt(sum((one - mean) ** 2 for one in chis) / len(chis))
    for evenness, _ in found:
        assert evenness.mean == pytest.approx(mean)
        assert evenness.deviation == pytest.approx(deviation, abs=1e-6)
    sums = [sum(row[0] for row in run) for run in runs]
    assert load_law(loads) == pytest.approx({one: sums.count(one) / len(sums) for one in set(sums)})
    for run, (_, zs) in zip(runs, found, strict=True):
        assert zs == tuple(score(load_law(loads), sum(column)) for column in zip(*run, strict=True))


def test_what_cannot_vary_is_nothing_off() -> None:
    assert target_evenness([5, 5], 2, [2], 5).z == 0
    assert load_evenness([[3], [4]])[0].z == 0
    assert load_evenness([[2, 2], [1, 1]]) == (load_evenness([[3], [4]])[0], (0.0, 0.0))


def test_a_skew_is_far_off() -> None:
    # A hundred draws of 10 of 100 in which the second half can never come: each of the first in 20.
    assert target_evenness([20] * 50 + [0] * 50, 10, [100], 100).z > 50
    # The extra block always on the same of four persons.
    evenness, zs = load_evenness([[1, 0, 0, 0]] * 100)
    assert evenness.z > 50
    assert zs[0] > 7


class TestBands:
    """Of a hundred fair persons ninety-five lie within the band, and one who is favoured does not."""

    def test_those_alike(self) -> None:
        chance = random.Random(7)
        fair = [chance.sample([1] * 12 + [2] * 28, 40) for _ in range(200)]
        bands, means = like_bands(fair), [sum(own) / 200 for own in zip(*fair, strict=True)]
        assert all(one.exact for one in bands)
        assert bands[0].expected == pytest.approx(1.7)
        inside = sum(one.low <= mean <= one.high for one, mean in zip(bands, means, strict=True))
        assert 35 <= inside <= 40
        spared = [[1, *row[:at], *row[at + 1 :]] for row in fair for at in [row.index(1)]]
        own = like_bands(spared)[0]
        assert own.expected == pytest.approx(1.7)
        assert own.low > 1
        assert own.z < -4

    def test_one_like_nobody(self) -> None:
        assert lone_band([3] * 10) == Band(3.0, 3.0, 3.0, 0.0, exact=False)
        assert lone_band([2]).expected == 2
        steady = lone_band([1, 1, 2, 2] * 25)
        assert (steady.expected, steady.z) == (1.5, 0.0)
        assert steady.high - steady.low == pytest.approx(2 * 1.96 * 0.5 / 10, rel=0.02)
        assert abs(lone_band([1, 2] * 50).z) > 4, "the halves differ"
