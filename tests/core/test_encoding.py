"""§1, §2 Byte strings of fixed meaning."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.encoding import (
    DEEPEST,
    LARGEST,
    LONGEST,
    Json,
    NotCanonical,
    canonical_json,
    is_date,
    json_lines,
    lp,
    parse_json,
    parse_lines,
    u64,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
keys = st.text(st.characters(max_codepoint=127), max_size=4)
values: st.SearchStrategy[Json] = st.recursive(
    st.one_of(texts, st.integers(-LARGEST, LARGEST)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


class TestNotation:
    """§1 u64(n) is n as 8 bytes, most significant first; lp(x) = u64(length of x in bytes) || x."""

    def test_examples(self) -> None:
        assert u64(258) == bytes([0, 0, 0, 0, 0, 0, 1, 2])
        assert lp("双".encode()) == u64(3) + b"\xe5\x8f\x8c"

    @given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
    def test_fields_with_their_lengths_cannot_be_cut_in_two_ways(
        self, some: list[bytes], others: list[bytes]
    ) -> None:
        assert (b"".join(map(lp, some)) == b"".join(map(lp, others))) == (some == others)

    @pytest.mark.parametrize("text", ["2024-02-29", "0001-01-01", "9999-12-31"])
    def test_a_date_is_a_real_day(self, text: str) -> None:
        assert is_date(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2023-02-29",
            "0000-01-01",
            "2024-2-29",
            "20240229",
            "2024-02-29 ",
            "2024-02-29T00",
            "２０２４-02-29",
        ],
    )
    def test_anything_else_is_none(self, text: str) -> None:
        assert not is_date(text)


class TestCanonicalJson:
    """§2 A reader MUST refuse bytes that differ from the re-encoding of what it read."""

    @given(values)
    def test_what_is_written_is_read_back(self, value: Json) -> None:
        assert parse_json(canonical_json(value)) == value

    @given(st.dictionaries(keys, texts))
    def test_the_order_of_members_is_that_of_their_keys(self, value: dict[str, str]) -> None:
        backwards = dict(reversed(value.items()))
        assert canonical_json(backwards) == canonical_json(value)
        assert list(json.loads(canonical_json(value))) == sorted(value)

    @given(values, st.data())
    def test_every_accepted_spelling_is_the_only_one(self, value: Json, data: st.DataObject) -> None:
        spelling = bytearray(canonical_json(value))
        at = data.draw(st.integers(0, len(spelling) - 1))
        spelling[at : at + data.draw(st.integers(0, 1))] = data.draw(st.binary(max_size=2))
        try:
            read = parse_json(bytes(spelling))
        except NotCanonical:
            return
        assert canonical_json(read) == spelling

    def test_every_escape(self) -> None:
        text = "".join(map(chr, range(0x20))) + '"\\/\x7f\u2028\U0001f600é'
        assert canonical_json(text) == (
            rb'"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f'
            rb"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
            rb"\"\\/" + "\x7f\u2028\U0001f600é".encode() + b'"'
        )

    def test_nothing_is_normalised(self) -> None:
        assert canonical_json("\u00e9") != canonical_json("e\u0301")

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"true",
            b"null",
            b"1.0",
            b"1e3",
            b"-0",
            b"01",
            b"+1",
            b"NaN",
            str(LARGEST + 1).encode(),
            b"9" * 5000,
            b" 1",
            b"1\n",
            b"[1, 2]",
            b"[1,]",
            b'{"b":1,"a":2}',
            b'{"a":1,"a":1}',
            '{"名":1}'.encode(),
            rb'"\u0041"',
            rb'"\u001F"',
            rb'"\/"',
            rb'"\ud800"',
            rb'{"a":["\udc00"]}',
            b'"\x01"',
            b'"\xff"',
            b"\xef\xbb\xbf1",
            b"\xfe\xff\x001",
            nested(DEEPEST + 1),
            nested(100_000),
            b'"' + b"a" * LONGEST + b'"',
        ],
        ids=lambda data: data[:20].decode("latin-1"),
    )
    def test_other_bytes_are_refused(self, data: bytes) -> None:
        with pytest.raises(NotCanonical):
            parse_json(data)

    @pytest.mark.parametrize(
        "value", [1.5, True, None, {"名": 1}, {1: 2}, "\ud800", -(2**53), b"", [[], None]]
    )
    def test_other_values_have_no_canonical_json(self, value: Json) -> None:
        with pytest.raises(NotCanonical):
            canonical_json(value)

    def test_the_deepest_nesting(self) -> None:
        assert canonical_json(parse_json(nested(DEEPEST))) == nested(DEEPEST)


class TestJsonLines:
    """§2 Each value's canonical JSON followed by one byte 0x0A; no values, no bytes."""

    @given(st.lists(values, max_size=4))
    def test_what_is_written_is_read_back(self, some: list[Json]) -> None:
        assert list(parse_lines(json_lines(some))) == some

    def test_no_values_are_no_bytes(self) -> None:
        assert json_lines([]) == b""

    @pytest.mark.parametrize("data", [b"\n", b"1\n2", b"1\n\n2\n", b"1\r\n", b"1 \n"])
    def test_other_bytes_are_refused(self, data: bytes) -> None:
        with pytest.raises(NotCanonical):
            list(parse_lines(data))

    def test_the_line_is_named(self) -> None:
        with pytest.raises(NotCanonical, match="line 2"):
            list(parse_lines(b"1\ntrue\n"))
