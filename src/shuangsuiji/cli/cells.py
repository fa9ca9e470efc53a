"""Text measured in terminal cells: a Chinese character is two columns wide.

Widths follow Unicode Standard Annex #11: wide and fullwidth count two; ambiguous ones, such as “”, count one, as
terminals outside legacy encodings draw them. Nothing here decides bytes.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_GAP: Final = "  "

# A unit is not broken: a word or one wide character, with what must stand before and behind it.
_WIDE: Final = r"[\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFF60\U00020000-\U0003FFFF]"
_OPENING: Final = "[" + re.escape("（《「『“‘([{") + "]"
_CLOSING: Final = "[" + re.escape("，。；：、！？）》」』”’…,.;:!?)]}") + "]"
_UNIT: Final = re.compile(
    rf"{_OPENING}*(?:(?!{_CLOSING}){_WIDE}|(?:(?!{_OPENING}|{_WIDE})\S)*){_CLOSING}*\s*"
)

# Numbers as they stand in tables: 1,200 and 3–4 and 5.00% and <0.01%; an empty cell does not speak against it.
_NUMBER: Final = re.compile(r"[<0-9,.–%]*")


def width(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    return sum(map(_cells, text))


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` cells, broken at spaces and between wide characters.

    No line begins with closing punctuation. A word longer than a line stays whole, so that paths and digests can be
    copied.
    """
    lines = [""]
    for unit in filter(None, _UNIT.findall(text)):
        if lines[-1] and width(lines[-1] + unit.rstrip()) > columns:
            lines.append("")
        lines[-1] += unit
    return [line.rstrip() for line in lines]


def table(headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> list[str]:
    """Aligned lines: headings, a rule, the rows.

    Columns of numbers stand to the right; integers get their thousands marked.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(headings)
    cells = [_column(heading, values) for heading, values in zip(headings, columns, strict=True)]
    return [_GAP.join(line).rstrip() for line in zip(*cells, strict=True)]


def _column(heading: str, values: Sequence[str | int]) -> list[str]:
    texts = [heading, *(f"{value:,}" if isinstance(value, int) else value for value in values)]
    widest = max(map(width, texts))
    numeric = all(map(_NUMBER.fullmatch, texts[1:]))
    fill = [" " * (widest - width(text)) for text in texts]
    padded = [space + text if numeric else text + space for space, text in zip(fill, texts, strict=True)]
    return [padded[0], "─" * widest, *padded[1:]]


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
