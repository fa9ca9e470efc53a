"""§3, §4 Tagged hashes and the tree."""

from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.hashing import draw_hash, salt, tagged_hash
from shuangsuiji.core.merkle import Tree, lead, path, root

names = st.sampled_from(["plan", "log", "real/plan", "leaf/entity", "leaf/entit"])
fields = st.lists(st.binary(max_size=4), max_size=3)


class TestTaggedHashes:
    """§3 T(name, f1, ..., fk) = H(lp("shuangsuiji/v1/" || name) || lp(f1) || ... || lp(fk))."""

    def test_the_bytes_hashed(self) -> None:
        tag = b"shuangsuiji/v1/plan"
        told = bytes(7) + bytes([len(tag)]) + tag + bytes(7) + b"\x02{}"
        assert tagged_hash("plan", b"{}") == sha256(told).digest()

    @given(names, fields, names, fields)
    def test_other_names_or_fields_have_other_hashes(
        self, name: str, some: list[bytes], other: str, others: list[bytes]
    ) -> None:
        same = (name, some) == (other, others)
        assert (tagged_hash(name, *some) == tagged_hash(other, *others)) == same

    @given(names, fields)
    def test_nothing_made_in_a_rehearsal_can_be_passed_off_as_real(
        self, name: str, some: list[bytes]
    ) -> None:
        assert draw_hash("rehearsal", name, *some) != draw_hash("real", name, *some)
        assert draw_hash("real", name, *some) == tagged_hash(f"real/{name}", *some)


class TestSalts:
    """§8 A salt belongs to one key, mode, draw, kind and id: any other gives another."""

    def test_all_are_distinct(self) -> None:
        made = [
            salt(key, mode, draw, kind, identifier)
            for key in (bytes(32), bytes(31) + b"\x01")
            for mode in ("real", "rehearsal")
            for draw in (1, 2)
            for kind in ("entity", "inspector", "recusals")
            for identifier in ("", "E1", "E11", None)
        ]
        assert all(a != b for a, b in combinations(made, 2))


def recursion(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + recursion(leaves[:k]) + recursion(leaves[k:])).digest()


class TestTree:
    """§4 The root is that of RFC 6962, section 2.1, with SHA-256."""

    def test_every_size_up_to_130_agrees_with_the_recursion(self) -> None:
        leaves = [bytes([number]) for number in range(130)]
        for size in range(len(leaves) + 1):
            assert root(leaves[:size]) == recursion(leaves[:size])

    @given(st.lists(st.binary(max_size=3), max_size=9), st.lists(st.binary(max_size=3), max_size=9))
    def test_other_leaves_have_another_root(self, some: list[bytes], others: list[bytes]) -> None:
        assert (root(some) == root(others)) == (some == others)


def short_path(leaves: list[bytes], index: int) -> list[bytes]:
    """RFC 6962, section 2.1.1, as it stands there."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*short_path(leaves[:k], index), recursion(leaves[k:])]
    return [*short_path(leaves[k:], index - k), recursion(leaves[:k])]


class TestPaths:
    """§4 A path leads from its leaf, at its place, to the root, and to no other root from anything else."""

    def test_every_path_of_every_size_up_to_40_agrees_with_the_recursion_and_leads_to_the_root(self) -> None:
        leaves = [bytes([number]) for number in range(40)]
        for size in range(1, len(leaves) + 1):
            tree = Tree(leaves[:size])
            assert tree.root == root(leaves[:size])
            for index in range(size):
                found = tree.path(index)
                assert list(found) == short_path(leaves[:size], index)
                assert lead(leaves[index], index, size, found) == tree.root

    @given(st.lists(st.binary(max_size=3), min_size=1, max_size=20, unique=True), st.data())
    def test_nothing_else_leads_there(self, leaves: list[bytes], data: st.DataObject) -> None:
        size = len(leaves)
        index = data.draw(st.integers(0, size - 1))
        found = path(leaves, index)
        other = data.draw(st.binary(max_size=3).filter(lambda leaf: leaf != leaves[index]))
        assert lead(other, index, size, found) != root(leaves)
        if found:
            at = data.draw(st.integers(0, len(found) - 1))
            bent = [*found[:at], bytes(32), *found[at + 1 :]]
            assert lead(leaves[index], index, size, bent) != root(leaves)

    @given(st.integers(-2, 70), st.integers(-2, 70), st.integers(0, 8))
    def test_a_path_of_another_length_or_for_no_leaf_is_refused(
        self, index: int, size: int, count: int
    ) -> None:
        hashes = [bytes(32)] * count
        fits = 0 <= index < size and count == len(path([b""] * size, index))
        if fits:
            assert len(lead(b"", index, size, hashes)) == 32
        else:
            with pytest.raises(ValueError, match=r"leaf|path"):
                lead(b"", index, size, hashes)

    def test_there_is_no_path_outside(self) -> None:
        for leaves, index in (((), 0), ((b"a",), 1), ((b"a",), -1)):
            with pytest.raises(IndexError):
                path(leaves, index)
        assert Tree(()).root == root(())
