"""归一: one spelling for what is the same; each function is idempotent.

Codes: NFKC, upper case, without white space, zero-width and control characters. Other text: NFC (NFKC would
alter registered names), without zero-width and control characters, trimmed; line breaks and tabs become spaces.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_BREAKS: Final = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_UNSEEN: Final = frozenset({"Cc", "Cf"})  # control and format (zero-width) characters
_DAY: Final = r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))"
_TIME: Final = r"(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DATE: Final = re.compile(_DAY + _TIME, re.ASCII)
_WITHIN: Final = re.compile(r"(?<!\d)" + _DAY + _TIME + r"(?!\d)", re.ASCII)
_YEARS: Final = range(1900, 2200)


def clean_text(text: str) -> str:
    """NFC without zero-width and control characters, trimmed."""
    if not text.isprintable():
        text = "".join(_visible(char) for char in text)
    return unicodedata.normalize("NFC", text).strip()


def clean_code(text: str) -> str:
    """NFKC, upper case, without white space, zero-width and control characters."""
    if text.isascii() and text.isalnum():
        return text.upper()
    # Upper case can undo NFKC and NFKC can bring spaces: repeat until nothing changes.
    while (again := _code_once(text)) != text:
        text = again
    return text


def clean_texts(cells: Iterable[str]) -> list[str]:
    """`clean_text` of each cell; most cells are clean and pass by two quick checks."""
    normal = unicodedata.is_normalized
    return [
        cell if cell.isprintable() and normal("NFC", cell) and cell.strip() == cell else clean_text(cell)
        for cell in cells
    ]


def clean_codes(cells: Iterable[str]) -> list[str]:
    """`clean_code` of each cell."""
    return [clean_code(cell) for cell in cells]


def squeeze(text: str) -> str:
    """What decides whether two headings or words are the same: NFKC, case folded, letters and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def iso_date(text: str) -> str | None:
    """The date as ISO 8601; None if it is none.

    Understood: 2026-01-02, 2026/1/2, 2026.1.2, 2026年1月2日, 20260102, each also with a time of day, which is
    left out. Years 1900 to 2199.
    """
    found = _DATE.fullmatch(text.strip())
    return None if found is None else _iso(found)


def iso_dates(cells: Sequence[str]) -> list[str | None]:
    """`iso_date` of each cell, each distinct text read once."""
    known = {text: iso_date(text) for text in set(cells)}
    return [known[text] for text in cells]


def period(text: str, open_ended: frozenset[str]) -> tuple[str, str] | None:
    """有效期: (from, to) as ISO dates, empty where open; None if the text cannot be read.

    One date is the end ("有效期至"); `open_ended` are the squeezed words for no end (长期).
    """
    dates = [_iso(found) for found in _WITHIN.finditer(text)]
    rest = squeeze(_WITHIN.sub("", text)).strip("自从起至到止")
    if None in dates or (rest and rest not in open_ended) or len(dates) + bool(rest) > 2:
        return None
    days = [day for day in dates if day is not None]
    if rest:
        return (days[0] if days else "", "")
    if not days:
        return None
    return (days[0], days[1]) if len(days) == 2 else ("", days[0])


def _visible(char: str) -> str:
    if char in _BREAKS:
        return " "
    return "" if unicodedata.category(char) in _UNSEEN else char


def _code_once(text: str) -> str:
    shown = "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)
    return "".join(unicodedata.normalize("NFKC", shown).upper().split())


def _iso(found: re.Match[str]) -> str | None:
    year, month, day = (int(part) for part in found.groups() if part is not None)
    if year not in _YEARS:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
