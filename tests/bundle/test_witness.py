"""§17 A witness's statement is read back as it was written, and its signature is good for that statement alone."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle import signatures
from shuangsuiji.bundle.witness import (
    ReceiptStatement,
    SignedStatement,
    WitnessStatement,
    parse_statement,
    parse_testimony,
    sign_statement,
)
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.errors import InputRefused

PRIVATE = bytes(range(32))
STATEMENT = WitnessStatement(
    authority="文成县市场监督管理局",
    digest="ab" * 32,
    draw=3,
    mode="real",
    name="文成县公证处",
    of="notice",
    time="2026-11-20T02:00:00Z",
)
SIGNED = sign_statement(STATEMENT, PRIVATE)
STAMPED = ReceiptStatement(STATEMENT, "文档号〔2026〕17，县公证处存档")


def value(of: Any) -> Any:
    return parse_json(canonical_json(of.object()))


def test_what_is_written_is_read_back() -> None:
    assert parse_statement(value(STATEMENT)) == STATEMENT
    assert parse_testimony(value(SIGNED)) == SIGNED
    assert parse_testimony(value(STAMPED)) == STAMPED


@pytest.mark.parametrize(
    "change",
    [
        {"draw": 0},
        {"draw": "3"},
        {"mode": "演练"},
        {"of": "seed"},
        {"name": ""},
        {"authority": ""},
        {"digest": "AB" * 32},
        {"digest": "ab" * 31},
        {"time": "2026-11-20 02:00:00"},
        {"time": "2026-02-30T02:00:00Z"},
        {"more": "x"},
        {"name": ["x"]},
    ],
)
def test_another_form_is_refused(change: dict[str, Any]) -> None:
    for read, whole in ((parse_statement, STATEMENT), (parse_testimony, SIGNED), (parse_testimony, STAMPED)):
        with pytest.raises(InputRefused) as caught:
            read(value(whole) | change)
        assert caught.value.code == "bundle.witness"


@pytest.mark.parametrize("name", sorted(value(SIGNED)))
def test_a_member_missing_is_refused(name: str) -> None:
    without = value(SIGNED)
    del without[name]
    with pytest.raises(InputRefused):
        parse_testimony(without)


def test_a_statement_is_either_signed_or_stamped() -> None:
    for other in ({"receipt": "x"}, {"key": SIGNED.key.hex()}):
        with pytest.raises(InputRefused):
            parse_testimony((value(SIGNED) if "receipt" in other else value(STAMPED)) | other)
    with pytest.raises(InputRefused):
        parse_testimony(value(STATEMENT) | {"receipt": ""})


@pytest.mark.parametrize("whole", [[], "x", 3])
def test_what_is_no_object_is_refused(whole: Any) -> None:
    for read in (parse_statement, parse_testimony):
        with pytest.raises(InputRefused):
            read(whole)


@pytest.mark.parametrize(
    "change", [{"draw": 4}, {"mode": "rehearsal"}, {"digest": "ac" * 32}, {"of": "closing"}, {"name": "某"}]
)
def test_a_signature_is_good_for_its_statement_alone(change: dict[str, Any]) -> None:
    assert SIGNED.holds
    assert not SignedStatement(replace(STATEMENT, **change), SIGNED.key, SIGNED.signature).holds


def test_rfc_8032_first_vector() -> None:
    private = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert signatures.public_key(private) == key
    signature = signatures.sign(private, b"")
    assert signature.hex().startswith("e5564300c360ac729086e2cc806e828a")
    assert signatures.verify(key, signature, b"")
    assert not signatures.verify(key, signature, b"x")


EIGHTH: Final = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc"
SMALL_ORDER: Final = (
    "01" + "00" * 31,
    "01" + "00" * 30 + "80",
    "00" * 32,
    "00" * 31 + "80",
    "ec" + "ff" * 30 + "7f",
    EIGHTH + "05",
    EIGHTH + "85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ee" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "ff",
)


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_key_of_small_order_or_in_another_encoding_is_none(key: str) -> None:
    """With S = 0 and R = A or the neutral point, every eighth message or all of them would pass for signed."""
    for first in ("01" + "00" * 31, key):
        signature = bytes.fromhex(first) + bytes(32)
        assert not any(signatures.verify(bytes.fromhex(key), signature, bytes([n])) for n in range(16))


@given(st.binary(max_size=40), st.binary(max_size=70))
def test_bytes_that_are_no_key_or_no_signature_hold_nothing(key: bytes, signature: bytes) -> None:
    assert not signatures.verify(key, signature, b"message")
