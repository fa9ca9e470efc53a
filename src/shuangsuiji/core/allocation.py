"""§12 Quotas of strata: systematic rounding, so that every entity of a tier is drawn with probability exactly n/N.

With bounds (上下限) the strata at a bound get it, and the others divide the rest in the same way.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from shuangsuiji.core.plan import Bounds
from shuangsuiji.core.stream import Stream

T = TypeVar("T")


def allocate(quota: int, sizes: Sequence[int], bounds: Bounds | None, stream: Stream) -> list[int]:
    """§12 Each stratum's quota, in order; the stream gives the offset."""
    fixed = [None] * len(sizes) if bounds is None else at_bounds(quota, sizes, bounds)
    rest = [size for size, own in zip(sizes, fixed, strict=True) if own is None]
    if not rest:
        return [own for own in fixed if own is not None]
    divided = quota - sum(own for own in fixed if own is not None)
    shares = systematic_rounding(divided, rest, stream.below(sum(rest)))
    return [next(shares) if own is None else own for own in fixed]


def at_bounds(quota: int, sizes: Sequence[int], bounds: Bounds) -> list[int | None]:
    """§12 The quota of each stratum that a bound decides; None for those that divide the rest by their sizes."""
    limits = [bounds.of(size) for size in sizes]
    share = _share(quota, sizes, limits)
    fixed: list[int | None] = []
    for size, (least, most) in zip(sizes, limits, strict=True):
        if share * size <= least:
            fixed.append(least)
        else:
            fixed.append(most if share * size >= most else None)
    return fixed


def _share(quota: int, sizes: Sequence[int], limits: Sequence[tuple[int, int]]) -> Fraction:
    """§12 The smallest share l >= 0 of which the strata, kept within their limits, take the quota.

    What they take grows with l and bends only where a stratum meets a limit: the quota is met at such a bend or on
    the straight line before it.
    """

    def taken(share: Fraction) -> Fraction:
        above, below = share.numerator, share.denominator
        clamped = (
            min(max(above * size, below * least), below * most)
            for size, (least, most) in zip(sizes, limits, strict=True)
        )
        return Fraction(sum(clamped), below)

    bends = {Fraction(limit, size) for size, pair in zip(sizes, limits, strict=True) for limit in pair}
    ordered = sorted({Fraction(0), *bends})
    at = bisect_left(ordered, Fraction(quota), key=taken)
    if at == 0:
        return ordered[0]
    before, bend = ordered[at - 1], ordered[at]
    low, high = taken(before), taken(bend)
    return before + Fraction((quota - low) * (bend - before), high - low)


def systematic_rounding(quota: int, sizes: Sequence[int], offset: int) -> Iterator[int]:
    """§12 Each stratum's quota, in order.

    `offset` is the random integer u, 0 <= u < N = sum(sizes). The quotas add up to `quota`, each is quota x size / N
    rounded down or up, and over the N offsets each stratum's mean is that share exactly.
    """
    total = sum(sizes)
    run = offset
    for size in sizes:
        whole, part = divmod(quota * size, total)
        yield whole + (run + part >= total)
        run = (run + part) % total


def cut(items: Sequence[T], count: int) -> Iterator[Sequence[T]]:
    """§14 Consecutive parts, the first of them longer by one where they cannot be equal; the last may be empty."""
    size, longer = divmod(len(items), count)
    begin = 0
    for number in range(count):
        end = begin + size + (number < longer)
        yield items[begin:end]
        begin = end
