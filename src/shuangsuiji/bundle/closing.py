"""§11 The closing statement (收集截止) read and held against its notice, every signature in it verified."""

from collections.abc import Sequence
from typing import Any, Final

from shuangsuiji.bundle import signatures
from shuangsuiji.core.closing import (
    LONGEST_SLIP,
    Absent,
    Closing,
    Contribution,
    SignedValue,
    Slip,
    contribution_message,
)
from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import InputRefused, Listing

VALUE_BYTES: Final = 32
"""The length of a signed contribution's value."""


def parse_closing(value: Json, mode: str, commitment: bytes, contributors: Sequence[str]) -> Closing:
    """§11 The closing that an object stands for, as a draw with these contributors must have it.

    InputRefused `bundle.closing` for another form or commitment, `bundle.closing_persons` if the persons are not the
    contributors in their order, those of `parse_contribution`.
    """
    raw: Any = value
    if not isinstance(raw, dict) or raw.keys() != {"commitment", "contributions"}:
        raise InputRefused("bundle.closing")
    if raw["commitment"] != commitment.hex() or not isinstance(raw["contributions"], list):
        raise InputRefused("bundle.closing")
    contributions = tuple(parse_contribution(one, mode, commitment) for one in raw["contributions"])
    persons = [one.person for one in contributions]
    if persons != list(contributors):
        raise InputRefused(
            "bundle.closing_persons", given=Listing(persons), contributors=Listing(contributors)
        )
    return Closing(commitment, contributions)


def parse_contribution(value: Json, mode: str, commitment: bytes) -> Contribution:
    """§11 One contribution. InputRefused `bundle.contribution` for another form, `bundle.contribution_signature`."""
    match value:
        case {"absent": 1, "person": str() as person, **rest} if not rest:
            return Absent(person)
        case {"person": str() as person, "slip": str() as slip, **rest} if not rest:
            if 1 <= len(slip) <= LONGEST_SLIP:
                return Slip(person, slip)
        case {
            "key": str() as key,
            "person": str() as person,
            "signature": str() as signature,
            "value": str() as own,
            **rest,
        } if not rest:
            return _signed(person, (key, signature, own), mode, commitment)
    raise InputRefused("bundle.contribution")


def _signed(person: str, texts: tuple[str, str, str], mode: str, commitment: bytes) -> SignedValue:
    sizes = (signatures.KEY_BYTES, signatures.SIGNATURE_BYTES, VALUE_BYTES)
    if not all(map(signatures.is_hex, texts, sizes)):
        raise InputRefused("bundle.contribution")
    key, signature, own = map(bytes.fromhex, texts)
    if not signatures.verify(key, signature, contribution_message(mode, commitment, own)):
        raise InputRefused("bundle.contribution_signature", person=person)
    return SignedValue(person, own, key, signature)
