"""§4 The Merkle tree of RFC 6962, section 2.1, with SHA-256, and paths of single leaves to its root.

Level by level instead of by RFC 6962's recursion: pairs from the left, an odd last node carried up. The two agree
because the recursion splits at the largest power of two.
"""

import hashlib
from collections.abc import Iterator, Sequence


def root(leaves: Sequence[bytes]) -> bytes:
    """§4 The 32-byte root over byte strings in the order given; of none, the hash of the empty string."""
    top = [hashlib.sha256(b"").digest()]
    for level in _levels(leaves):
        top = level
    return top[0]


class Tree:
    """The tree with all its levels kept: for paths of many leaves of one list."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = list(_levels(leaves))

    @property
    def root(self) -> bytes:
        """§4 As `root` of the leaves."""
        return self._levels[-1][0] if self._levels else root(())

    def path(self, index: int) -> tuple[bytes, ...]:
        """§4 The path of the leaf at `index`, the hash next to it first; IndexError where there is none."""
        if not self._levels or not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        found: list[bytes] = []
        for level in self._levels:
            beside = index ^ 1
            if beside < len(level):  # else it is the odd last node, or the root
                found.append(level[beside])
            index //= 2
        return tuple(found)


def path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """§4 The path of one leaf; for several of one list take a `Tree`."""
    return Tree(leaves).path(index)


def lead(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """§4 The root that a path leads to; ValueError for an index outside, or a path of another length."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    if size == 1:
        if hashes:
            raise ValueError("a path too long")
        return _leaf(leaf)
    if not hashes:
        raise ValueError("a path too short")
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return _node(lead(leaf, index, half, hashes[:-1]), hashes[-1])
    return _node(hashes[-1], lead(leaf, index - half, size - half, hashes[:-1]))


def _levels(leaves: Sequence[bytes]) -> Iterator[list[bytes]]:
    """From the leaves' hashes up to the root; of no leaves, nothing."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if level:
        yield level
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(level) & ~1 :]
        yield level


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
