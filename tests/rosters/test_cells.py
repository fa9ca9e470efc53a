"""design, "Cells": what a cell of a workbook becomes, and which cells are refused rather than guessed."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from shuangsuiji.rosters import CheckedRoster, Kind, biff, read
from shuangsuiji.rosters.workbook_out import to_bytes
from shuangsuiji.rosters.workbooks import cell_text
from tests.rosters.offices import (
    RULES,
    assert_accounted,
    cells,
    codes_of,
    credit_code,
    csv_bytes,
    noted,
    put,
    xls_bytes,
)

HEAD = ["统一社会信用代码", "企业名称", "登记状态", "成立日期", "注册资本"]


def sheet_of(*rows: Sequence[str | float | dt.date | None]) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(list(row))
    return book, page


def set_type(page: Worksheet, place: str, kind: str) -> None:
    cell = page[place]
    assert isinstance(cell, Cell)
    cell.data_type = kind


def read_one(folder: Path, data: bytes, kind: Kind = "entities", name: str = "a.xlsx") -> CheckedRoster:
    roster = read(kind, [put(folder, name, data)], RULES)
    assert_accounted(roster)
    return roster


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("N/A", "N/A"),
        (True, "TRUE"),
        (0.0, "0"),
        (-0.0, "0"),
        (914101.0, "914101"),
        (999_999_999_999_999.0, "999999999999999"),
        (0.1 + 0.2, "0.3"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.datetime.fromisoformat("2026-01-02"), "2026-01-02"),
        (dt.datetime.fromisoformat("2026-01-02 03:04:05"), "2026-01-02 03:04:05"),
        (dt.time(8, 30), "08:30:00"),
    ],
)
def test_values_read_as_a_spreadsheet_shows_them(value: str | float | dt.date | dt.time, text: str) -> None:
    assert cell_text(value)[0] == text


def test_numbers_below_ten_to_the_fifteen_are_digits_and_larger_ones_are_refused(tmp_path: Path) -> None:
    book, _ = sheet_of(
        list(HEAD),
        [410100000000011, "甲", "存续", None, 1.5],
        [914101000000000033, "乙", "存续", None, 3],
        [41010000000001.5, "丙", "存续", None, 3],
        [4101, "丁", "存续", None, 3],
        [credit_code(1), "戊", "存续", dt.date(2019, 4, 18), 10**16],
    )
    roster = read_one(tmp_path, to_bytes(book))
    assert cells(roster, "id") == ["410100000000011", credit_code(1)]
    assert cells(roster, "注册资本") == ["1.5", "10000000000000000"]
    assert cells(roster, "成立日期") == ["", "2019-04-18"]
    assert codes_of(roster) == ["rosters.long_number", "rosters.fraction", "rosters.code_length"]
    assert "rosters.note.long_numbers" in noted(roster)


def test_scientific_notation_is_refused_wherever_a_code_stands(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["9.14101E+17", "甲", "存续", "", ""],
        [credit_code(1), "乙9.1E+17号店", "存续", "", "1E+05"],
    ]
    roster = read_one(tmp_path, csv_bytes(rows), name="a.csv")
    assert codes_of(roster) == ["rosters.scientific"]
    assert cells(roster, "name") == ["乙9.1E+17号店"]


def test_error_cells_and_formulas_without_value_are_refused_not_read_as_empty(tmp_path: Path) -> None:
    book, page = sheet_of(list(HEAD), *[[credit_code(n), f"店{n}", "存续", None, None] for n in range(5)])
    page["C2"] = "#N/A"
    set_type(page, "C2", "e")
    page["E3"] = "=1+1"
    page["B4"] = "N/A"
    page["E5"] = "#REF!"  # as text, the way a CSV export has it
    set_type(page, "E5", "s")
    roster = read_one(tmp_path, to_bytes(book))
    assert [(row.row, row.column, row.code) for row in roster.refused] == [
        (2, "登记状态", "rosters.error_cell"),
        (3, "注册资本", "rosters.formula_without_value"),
        (5, "注册资本", "rosters.error_cell"),
    ]
    assert "N/A" in cells(roster, "name")


def test_a_computed_formula_counts_even_if_it_gives_empty_text(tmp_path: Path) -> None:
    book, _ = sheet_of(
        list(HEAD), [credit_code(1), "甲", "存续", None, "FORMULA"], [credit_code(2), "乙", "存续", None, 1]
    )
    data = to_bytes(book)
    inline = b'<c r="E2" t="inlineStr"><is><t>FORMULA</t></is></c>'
    for written, expected in (
        (b'<c r="E2" t="str"><f>IF(1,"","")</f><v></v></c>', ""),
        (b'<c r="E2"><f>1+1</f><v>2</v></c>', "2"),
    ):
        roster = read_one(tmp_path, replaced(data, inline, written))
        assert not roster.refused
        assert cells(roster, "注册资本") == [expected, "1"]


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with a piece of its first sheet's XML exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        found = 0
        for name in source.namelist():
            content = source.read(name)
            found += content.count(old) if name.endswith("sheet1.xml") else 0
            target.writestr(name, content.replace(old, new) if name.endswith("sheet1.xml") else content)
    assert found == 1
    return out.getvalue()


def test_vertically_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    book, page = sheet_of(
        ["某局检查人员名册", None, None],
        ["单位", "姓名", "执法证编号"],
        ["甲局", "张三", "A1"],
        [None, "李四", "A2"],
        [None, "王五", "A3"],
        ["乙局", "赵六", "A4"],
    )
    page.merge_cells("A1:C1")
    page.merge_cells("A3:A5")
    roster = read_one(tmp_path, to_bytes(book), "inspectors")
    assert cells(roster, "unit") == ["甲局", "甲局", "甲局", "乙局"]
    assert {"rosters.note.merged_cells", "rosters.note.title_rows"} <= noted(roster)


def test_xls_has_the_same_rules(tmp_path: Path) -> None:
    rows: list[list[str | float | dt.date]] = [
        [*HEAD],
        [410100000000011, "甲", "存续", dt.date(2019, 4, 18), 1.5],
        [914101000000000033, "乙", "存续", "", ""],
    ]
    roster = read_one(tmp_path, xls_bytes(rows), name="a.xls")
    assert [cells(roster, name) for name in ("id", "成立日期", "注册资本")] == [
        ["410100000000011"],
        ["2019-04-18"],
        ["1.5"],
    ]
    assert codes_of(roster) == ["rosters.long_number"]


def test_error_cells_of_an_xls_are_found_in_its_records(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("说明")
    page = book.add_sheet("名册")
    for place, heading in enumerate(HEAD):
        page.write(0, place, heading)
    for number, status in ((1, "存续"), (2, ""), (3, "存续")):
        page.write(number, 0, credit_code(number))
        page.write(number, 1, f"店{number}")
        if status:
            page.write(number, 2, status)
    page.row(2).set_cell_error(2, 42)  # #N/A
    page.row(3).set_cell_boolean(4, True)  # the same kind of record
    roster = read_one(tmp_path, xls_saved(book), name="a.xls")
    assert [(row.row, row.column, row.code) for row in roster.refused] == [
        (3, "登记状态", "rosters.error_cell")
    ]
    assert cells(roster, "注册资本") == ["", "TRUE"]


def test_a_formula_of_an_xls_that_ended_in_an_error_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名册")
    for place, (heading, value) in enumerate(zip(HEAD, [credit_code(1), "甲", "存续", ""], strict=False)):
        page.write(0, place, heading)
        page.write(1, place, value)
    page.write(0, 4, "注册资本")
    page.write(1, 4, xlwt.Formula("1/0"))
    data = xls_saved(book)
    # xlwt leaves the result as a blank string; Excel would have written an error there ([MS-XLS] FormulaValue).
    blank, error = b"\x03\0\0\0\0\0\xff\xff", b"\x02\0\x07\0\0\0\xff\xff"
    assert data.count(blank) == 1
    roster = read_one(tmp_path, data.replace(blank, error), name="a.xls")
    assert [(row.row, row.column, row.code) for row in roster.refused] == [
        (2, "注册资本", "rosters.error_cell")
    ]


def test_a_large_xls_has_a_longer_table_of_sectors() -> None:
    """Over 7 MB the sectors of the allocation table no longer fit the header ([MS-CFB] DIFAT)."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名册")
    for place, heading in enumerate(HEAD):
        page.write(0, place, heading)
    for number in range(1, 251):
        page.write(number, 0, credit_code(number))
        page.write(number, 1, f"{number}".rjust(30_000, "x"))
    page.row(250).set_cell_error(2, 42)
    data = xls_saved(book)
    assert len(data) > 7_200_000
    assert biff.faults(data) == {"名册": {(250, 2): "rosters.error_cell"}}


def test_a_rounded_code_in_a_merged_area_is_rounded_in_all_its_rows(tmp_path: Path) -> None:
    book, page = sheet_of(
        ["单位", "姓名", "人员编号"], ["甲局", "张三", 914101000000000033], ["甲局", "李四", None]
    )
    page.merge_cells("C2:C3")
    roster = read_one(tmp_path, to_bytes(book), "inspectors")
    assert codes_of(roster) == ["rosters.long_number"] * 2


def xls_saved(book: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
