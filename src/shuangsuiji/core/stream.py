"""§5 The keystream: from a key to words, unbiased integers and shuffles."""

import hashlib
import struct
from collections.abc import MutableSequence
from typing import TypeVar

from shuangsuiji.core.encoding import u64

_WORDS = 1 << 64
_UNPACK = struct.Struct(">4Q").unpack

T = TypeVar("T")


class Stream:
    """§5 The words of SHA-256(key || counter), used once each and in order.

    The only mutable object of the core: its state is how many words have been taken.
    """

    __slots__ = ("_block", "_key", "_words")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._block = 0
        self._words: list[int] = []

    def word(self) -> int:
        """§5 The next 64-bit word."""
        if not self._words:
            digest = hashlib.sha256(self._key + u64(self._block)).digest()
            self._words = list(reversed(_UNPACK(digest)))
            self._block += 1
        return self._words.pop()

    def below(self, n: int) -> int:
        """§5 An integer of 0 .. n - 1, each equally likely, by rejection; n from 1 to 2^64."""
        limit = _WORDS // n * n
        word = self.word()
        while word >= limit:
            word = self.word()
        return word % n

    def shuffle(self, items: MutableSequence[T]) -> None:
        """§5 Put a list in random order, in place (Fisher and Yates, from the end)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
