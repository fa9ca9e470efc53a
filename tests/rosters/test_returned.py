"""What goes back to the sender, and the templates: deterministic, readable by Excel and by ourselves."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter

from shuangsuiji import messages
from shuangsuiji.errors import InputRefused
from shuangsuiji.messages import Lang
from shuangsuiji.rosters import KINDS, Kind, read
from shuangsuiji.rosters.report import FAULTY, refused_csv, returned_workbook
from shuangsuiji.rosters.templates import template
from tests.rosters.offices import RULES, cells, credit_code, noted, put, read_rows

HEAD = ["统一社会信用代码", "企业名称", "登记状态"]
WRONG = [
    ["9.14101E+17", "甲店", "存续"],
    [credit_code(2), "=cmd|'/c calc'!A1", "休眠"],
    [credit_code(3), "丙店", "存续"],
]


def test_the_list_of_refused_rows_opens_in_excel(tmp_path: Path) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, *WRONG, ["-1", "丁", "存续"]])
    data = refused_csv(roster.refused, "zh")
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert table[0] == ["文件", "工作表", "原行号", "列", "内容", "退回原因", "处理办法"]
    assert [row[:5] for row in table[1:]] == [
        ["book.xlsx", "名册", "2", "统一社会信用代码", "9.14101E+17"],
        ["book.xlsx", "名册", "3", "登记状态", "休眠"],
        ["book.xlsx", "名册", "5", "统一社会信用代码", "'-1"],
    ]
    assert all(row[5] and row[6] for row in table)


def test_the_workbook_that_goes_back_colours_the_faulty_cells(tmp_path: Path) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, *WRONG])
    page = openpyxl.load_workbook(io.BytesIO(returned_workbook(roster, "zh"))).worksheets[0]
    rows = [[str(cell.value or "") for cell in row] for row in page.iter_rows()]
    assert rows[1] == [*HEAD, "原行号", "退回原因", "处理办法"]
    assert [row[:4] for row in rows[2:]] == [[*WRONG[0], "2"], [*WRONG[1], "3"]]
    assert all(row[4] and row[5] for row in rows[2:])
    coloured = [
        cell.coordinate
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == FAULTY.fgColor.rgb
    ]
    assert coloured == ["A3", "C4"]
    assert all(cell.data_type in {"s", "n"} for row in page.iter_rows() for cell in row)


def test_mended_it_is_read_together_with_the_file_that_it_came_from(tmp_path: Path) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, *WRONG])
    book = openpyxl.load_workbook(io.BytesIO(returned_workbook(roster, "zh")))
    page = book.worksheets[0]
    for place, text in (("A3", credit_code(1)), ("C4", "注销")):
        cell = page[place]
        assert isinstance(cell, Cell)
        cell.value = text
    book.save(tmp_path / "returned.xlsx")
    both = read("entities", [tmp_path / "book.xlsx", tmp_path / "returned.xlsx"], RULES)
    assert cells(both, "id") == [credit_code(number) for number in (1, 2, 3)]
    assert {row.file for row in both.refused} == {"book.xlsx"}
    assert list(both.frame.columns) == ["id", "previous_code", "name", "status"]


def test_a_row_refused_as_a_whole_has_its_number_coloured(tmp_path: Path) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, [credit_code(1), "甲店"]], "utf8.csv")
    page = openpyxl.load_workbook(io.BytesIO(returned_workbook(roster, "zh"))).worksheets[0]
    assert page["D3"].fill.fgColor.rgb == FAULTY.fgColor.rgb


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_bytes_depend_on_the_contents_only(tmp_path: Path, lang: Lang) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, *WRONG])
    first, second = (
        [returned_workbook(roster, lang), template("entities", RULES.headings, lang)] for _ in range(2)
    )
    assert first == second
    for data in first:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_template_is_accepted(tmp_path: Path, kind: Kind) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(kind, RULES.headings, "zh")))
    page = book.worksheets[0]
    columns = {column.heading: column for column in RULES.headings.of_kind(kind)}
    headings = [str(cell.value) for cell in page[1]]
    for place, heading in enumerate(headings, start=1):
        assert page.column_dimensions[get_column_letter(place)].number_format == "@"
        if heading in columns and columns[heading].example:
            page.cell(2, place).value = columns[heading].example
    book.save(tmp_path / "filled.xlsx")
    roster = read(kind, [tmp_path / "filled.xlsx"], RULES)
    assert not roster.refused
    assert not noted(roster)
    assert len(roster.frame) == 1
    needed = {*RULES.headings.kinds[kind].required, RULES.headings.key(kind)[0]}
    assert needed <= set(headings)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_template_says_that_it_is_empty(tmp_path: Path, kind: Kind) -> None:
    with pytest.raises(InputRefused) as caught:
        read(kind, [put(tmp_path, "a.xlsx", template(kind, RULES.headings, "zh"))], RULES)
    assert caught.value.code == "rosters.no_rows"


def test_no_refusals_make_a_workbook_that_says_so(tmp_path: Path) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, WRONG[2]])
    page = openpyxl.load_workbook(io.BytesIO(returned_workbook(roster, "zh"))).worksheets[0]
    assert page["A1"].value == "没有退回的行。"
