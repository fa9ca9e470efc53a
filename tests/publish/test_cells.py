"""Cells of the public CSV: nothing is run, nothing is lost."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shuangsuiji.publish.cells import code_cell, code_text, word_cell, word_text

hostile = st.text(alphabet="'=+-@＝－\t\r\n \u3000\u200b1a店")
texts = st.one_of(st.text(), hostile)


def runs(cell: str) -> bool:
    """Whether a spreadsheet program may take the cell for a formula: its first visible character is a sign."""
    visible = [one for one in cell if not one.isspace() and unicodedata.category(one) not in ("Cc", "Cf")]
    return bool(visible) and unicodedata.normalize("NFKC", visible[0])[:1] in set("=+-@")


@given(texts)
@example("'=1")
@example("''=1")
@example("\ufeff＝cmd|' /C calc'!A0")
@example("=\u0338 hides the sign when composed")
def test_a_text_cell_is_never_a_formula_and_reads_back(text: str) -> None:
    cell = word_cell(text)
    assert not runs(cell)
    assert cell[:1] not in ("\t", "\r", "\n")
    assert word_text(cell) == text


@given(texts)
@example("914101050000000003")
@example("1-2")
@example("-7")
@example("ends in a tab\t")
def test_a_code_cell_is_never_a_formula_or_a_number_and_reads_back(text: str) -> None:
    cell = code_cell(text)
    assert not runs(cell)
    assert cell == "" or cell.endswith("\t")
    assert code_text(cell) == text


@pytest.mark.parametrize(
    "name", ["平安超市", "3号店", "A-1 Trading", "O'Neill 商行", "（集团）公司", "5+2小吃"]
)
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert word_cell(name) == name
