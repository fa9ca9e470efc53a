"""Cells of the public CSV that stay what they are when a spreadsheet program opens the file.

A *code* ends in one tab: without it Excel reads 15 and more digits as a number and loses the last ones, and `1-2`
as a date; a tab is neither seen nor taken for part of a number. A cell that a program could run as a formula begins
with one apostrophe. Both can be undone, whatever the text was (docs/public-csv.md).
"""

import unicodedata
from typing import Final

TAB: Final = "\t"
APOSTROPHE: Final = "'"

_FORMULA: Final = frozenset("=+-−@\t\r\n")


def code_cell(text: str) -> str:
    """A cell for an identifier."""
    return word_cell(text) + TAB if text else ""


def code_text(cell: str) -> str:
    """The identifier that `code_cell` made a cell from."""
    return word_text(cell.removesuffix(TAB))


def word_cell(text: str) -> str:
    """A cell for any other text."""
    return APOSTROPHE + text if _begins_a_formula(text.lstrip(APOSTROPHE)) else text


def word_text(cell: str) -> str:
    """The text that `word_cell` made a cell from."""
    bare = cell.lstrip(APOSTROPHE)
    return cell[1:] if bare != cell and _begins_a_formula(bare) else cell


def _begins_a_formula(text: str) -> bool:
    # Programs skip blanks and invisible characters before the sign, and some take its full-width form (＝) for it.
    # Character by character, so that a combining mark behind the sign does not hide it.
    for character in text:
        if unicodedata.normalize("NFKC", character)[:1] in _FORMULA:
            return True
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return False
    return False
