"""§12 Quotas of strata under bounds; §14 consecutive parts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.allocation import allocate, at_bounds, cut
from shuangsuiji.core.plan import Bounds
from shuangsuiji.core.stream import Stream
from tests.core.chances import law

Case = tuple[int, list[int], Bounds]


@st.composite
def bounded(draw: st.DrawFn, sizes: int = 9) -> Case:
    """A quota that the bounds allow, with sizes and bounds."""
    strata = draw(st.lists(st.integers(1, sizes), min_size=1, max_size=6))
    least = draw(st.integers(0, 3))
    bounds = Bounds(least, max(1, least) + draw(st.integers(0, 4)))
    limits = [bounds.of(size) for size in strata]
    return draw(st.integers(sum(a for a, _ in limits), sum(b for _, b in limits))), strata, bounds


class TestBounds:
    """§12 With bounds the strata at a bound get it, the rest divide what is left by the rule, in proportion."""

    @given(bounded(), st.integers(0, 9))
    def test_they_add_up_and_stay_within_the_bounds(self, case: Case, number: int) -> None:
        quota, sizes, bounds = case
        quotas = allocate(quota, sizes, bounds, Stream(number.to_bytes(32, "big")))
        assert sum(quotas) == quota
        for own, size in zip(quotas, sizes, strict=True):
            least, most = bounds.of(size)
            assert least <= own <= most

    @given(bounded(sizes=5))
    def test_those_at_no_bound_are_drawn_with_one_probability(self, case: Case) -> None:
        """Exactly, over all offsets; who is held up by a bound has no smaller one, who is held down no larger one."""
        quota, sizes, bounds = case
        outcomes = law(lambda stream: tuple(allocate(quota, sizes, bounds, stream)))
        free: set[Fraction] = set()
        held: list[tuple[Fraction, bool]] = []
        for at, (own, size) in enumerate(zip(at_bounds(quota, sizes, bounds), sizes, strict=True)):
            share = sum((chance * quotas[at] for quotas, chance in outcomes.items()), Fraction(0)) / size
            if own is None:
                free.add(share)
            else:
                held.append((share, own == bounds.of(size)[0]))
        assert len(free) <= 1
        for common in free:
            assert all(share >= common if up else share <= common for share, up in held)

    @given(bounded())
    def test_bounds_that_do_not_bind_change_nothing(self, case: Case) -> None:
        quota, sizes, _ = case
        key = bytes(32)
        wide = Bounds(0, max(sizes))
        if 0 < quota < sum(sizes):
            assert at_bounds(quota, sizes, wide) == [None] * len(sizes)
        assert allocate(quota, sizes, wide, Stream(key)) == allocate(quota, sizes, None, Stream(key))

    @pytest.mark.parametrize(
        ("quota", "sizes", "bounds", "fixed"),
        [
            (5, [100, 3, 2], Bounds(1, 9), [None, 1, 1]),
            (12, [100, 10, 10], Bounds(1, 10), [10, 1, 1]),
            (12, [100, 10, 10], Bounds(0, 10), [10, None, None]),
            (3, [4, 4, 4], Bounds(1, 2), [1, 1, 1]),
            (6, [4, 4, 4], Bounds(1, 2), [2, 2, 2]),
            (4, [4, 4, 4], Bounds(1, 2), [None, None, None]),
            (0, [4, 4], Bounds(0, 2), [0, 0]),
            (3, [1, 2], Bounds(5, 9), [1, 2]),
        ],
    )
    def test_small_cases(self, quota: int, sizes: list[int], bounds: Bounds, fixed: list[int | None]) -> None:
        assert at_bounds(quota, sizes, bounds) == fixed


class TestParts:
    """§14 Consecutive parts, the first longer by one where they cannot be equal."""

    @given(st.integers(0, 30), st.integers(1, 9))
    def test_they_are_a_partition_in_order(self, size: int, count: int) -> None:
        parts = list(cut(range(size), count))
        assert [one for part in parts for one in part] == list(range(size))
        lengths = [len(part) for part in parts]
        assert len(lengths) == count
        assert lengths == sorted(lengths, reverse=True)
        assert lengths[0] - lengths[-1] <= 1
