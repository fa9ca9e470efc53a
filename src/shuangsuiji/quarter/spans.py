"""How many of a cell can be drawn: what systematic rounding, and bounds if the tier has them, leave open."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from shuangsuiji.core.allocation import at_bounds
from shuangsuiji.core.strata import Base


@dataclass(frozen=True, slots=True)
class Span:
    """A cell's size (户), the least and most of it that can be drawn, the probability of each of its entities."""

    size: int
    least: int
    most: int
    probability: Fraction


def spans(base: Base) -> Mapping[str, Span]:
    """The spans of a tier's cells. A quota that the bounds do not allow must have been refused (`check_quotas`)."""
    sizes = [len(members) for members in base.cells.values()]
    bounds = base.tier.bounds
    fixed = [None] * len(sizes) if bounds is None else at_bounds(base.quota, sizes, bounds)
    rest = sum(size for size, own in zip(sizes, fixed, strict=True) if own is None)
    divided = base.quota - sum(own for own in fixed if own is not None)
    return {
        cell: _divided(divided, size, rest) if own is None else Span(size, own, own, Fraction(own, size))
        for cell, size, own in zip(base.cells, sizes, fixed, strict=True)
    }


def _divided(quota: int, size: int, total: int) -> Span:
    whole, part = divmod(quota * size, total)
    return Span(size, whole, whole + (part > 0), Fraction(quota, total))
