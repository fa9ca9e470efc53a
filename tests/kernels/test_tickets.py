"""§12 The compiled loop makes the tickets of the readable one, and draws the same of them."""

from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llvmlite.binding import get_host_cpu_features

from shuangsuiji.core import selection
from shuangsuiji.core.tickets import TAG
from shuangsuiji.core.tickets import tickets as readable
from shuangsuiji.kernels import columns
from shuangsuiji.kernels import tickets as kernel

KEYS = st.binary(min_size=32, max_size=32)
SIZES = st.integers(0, 300) | st.sampled_from(
    [columns.LANES - 1, columns.LANES, columns.LANES + 1, 3 * columns.LANES + 5]
)


def leaves_of(number: int, size: int) -> list[bytes]:
    """So many leaves: like hashes, since that is what leaves are."""
    return [sha256(b"%d/%d" % (number, one)).digest() for one in range(size)]


def drawn(key: bytes, leaves: list[bytes], quota: int) -> tuple[list[int], bytes | None]:
    """§12 The readable selection."""
    numbers, cut = selection.smallest(key, leaves, quota)
    return list(numbers), cut


class TestHashes:
    """Lanes and the processor's own instructions are two ways to the same hashes; a machine uses one of them."""

    @pytest.fixture(scope="class", params=["lines", "sha_unit"])
    @classmethod
    def way(cls, request: pytest.FixtureRequest) -> ModuleType:
        if request.param == "sha_unit" and not get_host_cpu_features().get("sha"):
            pytest.skip("the processor has no instructions for SHA-256")
        return import_module(f"shuangsuiji.kernels.{request.param}")

    @given(KEYS, st.lists(KEYS, min_size=1, max_size=40))
    def test_tickets(self, way: ModuleType, key: bytes, leaves: list[bytes]) -> None:
        words = np.frombuffer(b"".join(leaves), ">u4").reshape(-1, 8).T.astype(np.uint32, order="C")
        out = np.empty_like(words)
        way.tickets(np.array(kernel.state_after(TAG + key), np.uint32), words, out)
        assert columns.to_bytes(out) == b"".join(readable(key, leaves))

    def test_blocks(self, way: ModuleType) -> None:
        called = way.blocks

        @numba.njit  # type: ignore[untyped-decorator]
        def blocks(words: Any, high: Any, low: Any, out: Any) -> None:
            called(words.ctypes, high, low, out.ctypes, out.shape[1])

        for key, first in ((bytes(32), 0), (bytes(range(32)), 2**64 - 2**32), (b"k" * 32, 2**40 + 7)):
            out = np.empty((8, 24), np.uint32)
            high, low = np.uint32(first >> 32), np.uint32(first & 0xFFFF_FFFF)
            blocks(np.frombuffer(key, ">u4").astype(np.uint32), high, low, out)
            hashes = [sha256(key + (first + lane).to_bytes(8, "big")).digest() for lane in range(24)]
            assert columns.to_bytes(out) == b"".join(hashes)


class TestTickets:
    def test_few_are_left_to_the_readable_one(self) -> None:
        assert kernel.selector(kernel.WORTH - 1) is selection.smallest
        assert kernel.selector(kernel.WORTH) is not selection.smallest

    @given(KEYS, st.integers(1, 7), SIZES)
    def test_threads_change_nothing(self, key: bytes, threads: int, size: int) -> None:
        leaves = leaves_of(0, size)
        words = kernel.first_words(key, columns.from_leaves(leaves), threads)
        assert [int(word).to_bytes(4, "big") for word in words] == [one[:4] for one in readable(key, leaves)]


class TestSelection:
    @given(KEYS, SIZES, st.data())
    def test_it_draws_what_sorting_all_draws(self, key: bytes, size: int, data: st.DataObject) -> None:
        leaves = leaves_of(1, size)
        quota = data.draw(st.integers(0, size))
        assert kernel.compiled_smallest(key, leaves, quota) == drawn(key, leaves, quota)

    @given(KEYS, st.integers(0, 2 * columns.LANES + 1), SIZES, st.data())
    def test_a_stratum_is_drawn_by_itself(
        self, key: bytes, before: int, size: int, data: st.DataObject
    ) -> None:
        leaves = leaves_of(2, before + size + 10)
        quota = data.draw(st.integers(0, size))
        span = columns.Span(columns.from_leaves(leaves), before, size)
        found = kernel.compiled_smallest(key, span, quota, threads=2)
        assert found == drawn(key, leaves[before : before + size], quota)

    @given(st.lists(st.integers(0, 3), min_size=1), st.data())
    def test_whoever_may_be_among_the_smallest_is_a_candidate(
        self, words: list[int], data: st.DataObject
    ) -> None:
        quota = data.draw(st.integers(0, len(words)))
        found = kernel.candidates(np.array(words, np.uint32), quota).tolist()
        bound = sorted(words)[quota - 1] if quota else -1
        assert found == [number for number, word in enumerate(words) if word <= bound]

    @given(
        st.lists(
            st.tuples(*2 * [st.lists(st.sampled_from([0, 1, 2**32 - 1]), min_size=8, max_size=8)]), min_size=1
        )
    )
    def test_equal_words_are_told_apart_by_the_next_and_at_last_by_the_leaf(
        self, rows: list[tuple[list[int], list[int]]]
    ) -> None:
        made, leaves = (np.array([row[part] for row in rows], np.uint32).T for part in range(2))
        assert kernel.ranked(made, leaves).tolist() == sorted(range(len(rows)), key=lambda at: rows[at])


class TestColumns:
    @given(SIZES)
    def test_a_mapped_file_holds_the_leaves(
        self, tmp_path_factory: pytest.TempPathFactory, size: int
    ) -> None:
        path = tmp_path_factory.mktemp("columns") / "leaves.npy"
        leaves = leaves_of(3, size)
        path.write_bytes(columns.to_file(columns.from_leaves(leaves)))
        read = columns.mapped(path, size)
        assert columns.to_bytes(read.take(np.arange(size))) == b"".join(leaves)
        quota = size // 3
        assert kernel.smallest(bytes(32), read, quota).numbers.tolist() == drawn(bytes(32), leaves, quota)[0]

    @given(st.integers(0, columns.LANES + 1), st.integers(0, columns.LANES + 1), st.data())
    def test_a_span_is_the_sequence_of_its_leaves(self, begin: int, size: int, data: st.DataObject) -> None:
        leaves = leaves_of(4, begin + size + 1)
        span, own = columns.Span(columns.from_leaves(leaves), begin, size), leaves[begin : begin + size]
        assert (list(span), len(span)) == (own, size)
        part = data.draw(st.slices(size))
        assert span[part] == own[part]
        if size:
            place = data.draw(st.integers(-size, size - 1))
            assert span[place] == own[place]

    def test_another_number_of_leaves_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "leaves.npy"
        path.write_bytes(columns.to_file(columns.from_leaves(leaves_of(0, 10))))
        with pytest.raises(ValueError, match="leaves"):
            columns.mapped(path, columns.LANES + 1)
