"""When two names are one person's or one body's (同一个名字): wherever two must differ, spelling must not make the two.

Only the program that acts compares so, and the witness's tool; no verifier does, since tables of characters differ
from one version of Unicode to the next. What is recorded is the name as it was given, byte for byte.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

_UNSEEN: Final = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)
"""Letters and marks that leave nothing on paper: fillers, joiners, variation selectors, the blank of braille."""


def seen(name: str) -> str:
    """The name as far as a reader can tell names apart: NFKC, case folded, no spaces, format or control characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(
        one for one in folded if unicodedata.category(one)[0] not in "CZ" and ord(one) not in _UNSEEN
    )


def same_name(one: str, other: str) -> bool:
    """Whether a reader sees one name in both."""
    return seen(one) == seen(other)


def first_repeated(names: Iterable[str]) -> tuple[str, str] | None:
    """The first name that a reader cannot tell from one before it, behind that one; None if there is none."""
    before: dict[str, str] = {}
    for name in names:
        if seen(name) in before:
            return before[seen(name)], name
        before[seen(name)] = name
    return None
