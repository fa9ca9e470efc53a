"""What the preview says of a cell is what the draw makes of it, whatever offset comes out."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.allocation import at_bounds, systematic_rounding
from shuangsuiji.core.plan import Bounds, Count, Tier
from shuangsuiji.core.predicates import parse_predicate
from shuangsuiji.core.strata import Base
from shuangsuiji.quarter.spans import spans

SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=5)
BOUNDS = st.none() | st.tuples(st.integers(0, 4), st.integers(1, 8)).map(
    lambda pair: Bounds(pair[0], pair[0] + pair[1])
)


@given(SIZES, BOUNDS, st.data())
def test_a_span_has_the_extremes_and_the_mean_of_all_offsets(
    sizes: list[int], bounds: Bounds | None, data: st.DataObject
) -> None:
    cells = {f"{number:02}": tuple(range(size)) for number, size in enumerate(sizes)}
    tier = Tier("a", "甲", parse_predicate(["and"], frozenset()), "town", Count(0), bounds)
    limits = Base(tier, cells, sum(sizes), 0).limits()
    base = Base(tier, cells, sum(sizes), data.draw(st.integers(*limits)))
    fixed = [None] * len(sizes) if bounds is None else at_bounds(base.quota, sizes, bounds)
    rest = [size for size, own in zip(sizes, fixed, strict=True) if own is None]
    divided = base.quota - sum(own for own in fixed if own is not None)
    drawn = []
    for offset in range(sum(rest) or 1):
        shares = systematic_rounding(divided, rest, offset)
        drawn.append([next(shares) if own is None else own for own in fixed])
    for quotas, span in zip(zip(*drawn, strict=True), spans(base).values(), strict=True):
        assert (span.least, span.most) == (min(quotas), max(quotas))
        assert span.probability == Fraction(sum(quotas), len(quotas) * span.size)
