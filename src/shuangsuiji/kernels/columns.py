"""Leaves as columns of words: what a loop over many hashes can read without gathering.

A leaf is eight 32-bit words. Leaves lie in blocks of `LANES`, each block as eight columns (uint32, 8 x LANES): so a
block is one contiguous piece of a file, and stays in the processor's cache with the hashes that are made of it. The
last block is filled up with zeros.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint32]

LANES: Final = 2048
"""Leaves of a block: 64 KiB, and as much again for the hashes. 1,024 and 4,096 are as fast, 256 is not."""
WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Columns:
    """`count` leaves; `blocks` has the shape (blocks, 8, LANES)."""

    blocks: Words
    count: int

    def take(self, numbers: NDArray[np.intp]) -> Words:
        """The leaves of these numbers as 8 columns."""
        block, lane = np.divmod(numbers, LANES)
        return np.ascontiguousarray(self.blocks[block, :, lane].T)


@dataclass(frozen=True, slots=True, eq=False)
class Span(Sequence[bytes]):
    """`size` leaves of columns, from number `begin` on, as the readable core sees them."""

    columns: Columns
    begin: int
    size: int

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        numbers = range(self.begin, self.begin + self.size)[place]
        if isinstance(numbers, int):
            block, lane = divmod(numbers, LANES)
            return to_bytes(self.columns.blocks[block, :, lane])
        joined = to_bytes(self.columns.take(np.array(numbers, np.intp)))
        return [joined[at : at + 4 * WORDS] for at in range(0, len(joined), 4 * WORDS)]

    def __iter__(self) -> Iterator[bytes]:
        for first in range(0, self.size, LANES):
            yield from self[first : first + LANES]


def from_leaves(leaves: Sequence[bytes]) -> Columns:
    """The columns of leaves of 32 bytes."""
    return from_bytes(b"".join(leaves))


def from_bytes(leaves: bytes) -> Columns:
    """The columns of leaves that follow one another; transposed block by block, within the cache."""
    rows = np.frombuffer(leaves, ">u4").reshape(-1, WORDS)
    blocks = np.zeros((-(-len(rows) // LANES), WORDS, LANES), np.uint32)
    for number, block in enumerate(blocks):
        some = rows[number * LANES : (number + 1) * LANES]
        block[:, : len(some)] = some.T
    return Columns(blocks, len(rows))


def to_bytes(words: Words) -> bytes:
    """Eight columns as hashes that follow one another."""
    return words.T.astype(">u4").tobytes()


def to_file(columns: Columns) -> bytes:
    """What a file (.npy) for `mapped` holds."""
    stream = BytesIO()
    np.save(stream, columns.blocks, allow_pickle=False)
    return stream.getvalue()


def mapped(path: Path, count: int) -> Columns:
    """The `count` leaves of a file, read when they are needed; ValueError if it holds another number of blocks."""
    blocks = np.load(path, mmap_mode="r", allow_pickle=False)
    if blocks.dtype != np.uint32 or blocks.shape != (-(-count // LANES), WORDS, LANES):
        raise ValueError(f"{path.name}: {blocks.dtype} {blocks.shape} for {count} leaves")
    return Columns(blocks.view(np.ndarray), count)
