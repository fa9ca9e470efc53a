"""§5 Keystream and integers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.stream import Stream
from tests.core.chances import law

WORDS = 2**64
keys = st.binary(min_size=32, max_size=32)
moduli = st.one_of(
    st.integers(1, 100), st.integers(1, WORDS), st.integers(1, 50).map(lambda less: WORDS // 2 + less)
)


def words(key: bytes) -> Iterator[int]:
    """The words of §5, one by one."""
    block = 0
    while True:
        digest = sha256(key + block.to_bytes(8, "big")).digest()
        yield from (int.from_bytes(digest[at : at + 8], "big") for at in (0, 8, 16, 24))
        block += 1


class Given(Stream):
    """A stream of given words."""

    def __init__(self, given_words: Sequence[int]) -> None:
        super().__init__(bytes(32))
        self._words = list(reversed(given_words))


class TestWords:
    """§5 Block i is H(key || u64(i)), read as four 64-bit words, most significant byte first."""

    @given(keys)
    def test_the_words_of_the_blocks_in_order(self, key: bytes) -> None:
        stream = Stream(key)
        assert [stream.word() for _ in range(11)] == list(islice(words(key), 11))


class TestBelow:
    """§5 below(n) takes words until one, w, is smaller than (2^64 // n) n; its value is w mod n."""

    @given(keys, st.lists(moduli, max_size=12))
    def test_it_takes_the_first_words_that_are_small_enough(self, key: bytes, some: list[int]) -> None:
        stream, source = Stream(key), words(key)
        for n in some:
            word = next(word for word in source if word < WORDS // n * n)
            assert stream.below(n) == word % n

    @given(moduli)
    def test_every_value_has_equally_many_words(self, n: int) -> None:
        """The words accepted are 0 .. limit-1, and n divides limit: each residue has limit / n of them."""
        limit = WORDS // n * n
        assert Given([limit - 1]).below(n) == n - 1
        for refused in range(limit, WORDS)[:: max(1, WORDS - 1 - limit)]:
            assert Given([refused, 0]).below(n) == 0

    @pytest.mark.parametrize("n", [2**63 + 1, 2**64 - 1])
    def test_large_moduli_reject_what_would_favour_small_values(self, n: int) -> None:
        assert [Given([word, 7]).below(n) for word in (n - 1, n, WORDS - 1)] == [n - 1, 7, 7]

    def test_below_one_takes_a_word_like_any_other(self) -> None:
        stream = Given([5, 6])
        assert [stream.below(1), stream.below(10)] == [0, 6]


class TestShuffle:
    """§5 For x = length-1 down to 1, let r = below(x + 1) and exchange elements x and r."""

    def test_every_order_is_equally_likely(self) -> None:
        def shuffled(stream: Stream) -> tuple[str, ...]:
            items = list("abcd")
            stream.shuffle(items)
            return tuple(items)

        assert law(shuffled) == dict.fromkeys(permutations("abcd"), Fraction(1, 24))

    @given(keys, st.lists(st.integers(), max_size=20))
    def test_the_exchanges_are_those_of_the_text(self, key: bytes, items: list[int]) -> None:
        expected, stream = list(items), Stream(key)
        for x in reversed(range(1, len(items))):
            r = stream.below(x + 1)
            expected[x], expected[r] = expected[r], expected[x]
        Stream(key).shuffle(items)
        assert items == expected
