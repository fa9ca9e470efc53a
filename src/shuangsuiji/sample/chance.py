"""Deterministic choices: the keystream of §5 under a key made from a small seed and labels.

Integers only, so the same seed gives the same bytes on every machine and under every version of every library.
Each table draws from a stream of its own: a change in one leaves the others as they were.
"""

import hashlib
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, TypeVar

from shuangsuiji.core.stream import Stream

T = TypeVar("T")

_THOUSAND: Final = 1000


class Chance:
    """A stream of choices for one purpose of one seed."""

    __slots__ = ("_stream",)

    def __init__(self, seed: int, purpose: str) -> None:
        self._stream = Stream(hashlib.sha256(f"shuangsuiji/sample/{seed}/{purpose}".encode()).digest())

    def below(self, n: int) -> int:
        """An integer of 0 .. n-1."""
        return self._stream.below(n)

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`, each equally likely."""
        return items[self._stream.below(len(items))]

    def often(self, per_thousand: int) -> bool:
        """Yes in so many of a thousand cases."""
        return self._stream.below(_THOUSAND) < per_thousand

    def order(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        shuffled = list(items)
        self._stream.shuffle(shuffled)
        return shuffled


def spread(weighted: Sequence[tuple[T, int]]) -> tuple[T, ...]:
    """Each item as many times as its weight says: `pick` from it is a weighted choice."""
    return tuple(item for item, weight in weighted for _ in range(weight))


def share(total: int, weights: Sequence[int]) -> list[int]:
    """`total` divided in proportion to `weights` (not all 0), as integers that add up to it."""
    whole = sum(weights)
    bounds = [total * run // whole for run in accumulate(weights, initial=0)]
    return [high - low for low, high in pairwise(bounds)]
