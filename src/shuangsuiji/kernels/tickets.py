"""§12 Tickets of many leaves, and the smallest of them: twin of `core.selection.smallest`.

The compiled loops are imported when they are needed, since that takes a moment.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shuangsuiji.core import selection
from shuangsuiji.core.tickets import TAG
from shuangsuiji.kernels.columns import LANES, Columns, Span, Words, from_leaves, to_bytes
from shuangsuiji.kernels.sha256 import INITIAL, ROUND

WORTH: Final = 1_000_000
"""From so many leaves on the loop is worth its loading.

A process needs about 0.4 s to load numba and the cached code (5 s, once per machine, to compile it), in which the
readable twin makes a million tickets.
"""
_MASK: Final = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Smallest:
    """The leaves drawn, by number, in ascending order of their tickets; the largest of these tickets, the cut."""

    numbers: NDArray[np.intp]
    cut: bytes | None


def selector(leaves: int, threads: int = 1) -> selection.Smallest:
    """§12 What finds the smallest tickets of so many leaves, of all strata together, in the least time."""
    return partial(compiled_smallest, threads=threads) if leaves >= WORTH else selection.smallest


def compiled_smallest(
    key: bytes, leaves: Sequence[bytes], quota: int, *, threads: int = 1
) -> tuple[list[int], bytes | None]:
    """§12 What `core.selection.smallest` gives, by the loop; leaves that lie in columns are read where they are."""
    span = leaves if isinstance(leaves, Span) else Span(from_leaves(leaves), 0, len(leaves))
    found = smallest(key, span.columns, quota, begin=span.begin, size=span.size, threads=threads)
    return (found.numbers - span.begin).tolist(), found.cut


def first_words(key: bytes, columns: Columns, threads: int = 1) -> Words:
    """§12 The first word of the ticket of each leaf; it does not depend on the number of threads."""
    from shuangsuiji.kernels import ticket_loop

    middle, found = _middle(key), np.empty(columns.count, np.uint32)
    bounds = [len(columns.blocks) * part // threads for part in range(threads + 1)]

    def fill(begin: int, end: int) -> None:
        ticket_loop.first_words(middle, columns.blocks[begin:end], found[begin * LANES : end * LANES])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, bounds, bounds[1:]))
    return found


def smallest(
    key: bytes, columns: Columns, quota: int, *, begin: int = 0, size: int | None = None, threads: int = 1
) -> Smallest:
    """§12 The `quota` smallest tickets of `size` leaves from `begin` on, without a size of all that follow.

    Nothing is sorted but what may be drawn: the leaves whose ticket's first word is not above the `quota`-th smallest
    first word.
    """
    end = columns.count if size is None else begin + size
    first = begin // LANES
    around = Columns(columns.blocks[first : -(-end // LANES)], end - first * LANES)
    firsts = first_words(key, around, threads)[begin - first * LANES :]
    numbers = begin + candidates(firsts, quota)
    leaves = columns.take(numbers)
    made = _made(key, leaves)
    order = ranked(made, leaves)[:quota]
    cut = to_bytes(made[:, order[-1:]]) if quota else None
    return Smallest(numbers[order], cut)


def candidates(firsts: Words, quota: int) -> NDArray[np.intp]:
    """Where the first words are that are not above the `quota`-th smallest of them."""
    if quota == 0:
        return np.empty(0, np.intp)
    if quota == len(firsts):
        return np.arange(quota)
    return np.flatnonzero(firsts <= np.partition(firsts, quota - 1)[quota - 1])


def ranked(made: Words, leaves: Words) -> NDArray[np.intp]:
    """§12 The order of tickets (8 columns), by bytes; of equal tickets the one of the smaller leaf comes first."""
    leading = made[0].astype(np.uint64) << np.uint64(32) | made[1]
    order = np.argsort(leading, kind="stable")
    ascending = leading[order]
    if (ascending[1:] == ascending[:-1]).any():
        return np.lexsort([*leaves[::-1], *made[::-1]])
    return order


def _made(key: bytes, leaves: Words) -> Words:
    """The tickets of leaves, both in columns."""
    from shuangsuiji.kernels.hashes import tickets

    made = np.empty_like(leaves)
    tickets(_middle(key), leaves, made)
    return made


def _middle(key: bytes) -> Words:
    return np.array(state_after(TAG + key), np.uint32)


def state_after(block: bytes) -> list[int]:
    """The state of SHA-256 (FIPS 180-4) after one block of 64 bytes, which hashlib does not show."""
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for number in range(16, 64):
        old, recent = words[number - 15], words[number - 2]
        small = _turned(old, 7) ^ _turned(old, 18) ^ old >> 3
        great = _turned(recent, 17) ^ _turned(recent, 19) ^ recent >> 10
        words.append(words[number - 16] + small + words[number - 7] + great & _MASK)
    a, b, c, d, e, f, g, h = INITIAL
    for constant, word in zip(ROUND, words, strict=True):
        first = h + (_turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)) + (g ^ e & (f ^ g)) + constant + word
        second = (_turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)) + (a & b | c & (a | b))
        a, b, c, d, e, f, g, h = first + second & _MASK, a, b, c, d + first & _MASK, e, f, g
    return [before + after & _MASK for before, after in zip(INITIAL, (a, b, c, d, e, f, g, h), strict=True)]


def _turned(word: int, bits: int) -> int:
    return (word >> bits | word << 32 - bits) & _MASK
