"""§3, §4 Tagged hashes and the tree."""

from hashlib import sha256
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.hashing import draw_hash, salt, tagged_hash
from shuangsuiji.core.merkle import root

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
