"""Files as offices send them, and the shipped rules to read them with."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import openpyxl
import xlwt
from openpyxl.cell.cell import Cell
from stdnum.cn import uscc

from shuangsuiji import messages
from shuangsuiji.errors import InputRefused
from shuangsuiji.rosters import CheckedRoster, Kind, Rules, read
from shuangsuiji.rosters.report import mend, notes, reason
from shuangsuiji.rosters.workbook_out import to_bytes

Row = Sequence[str]
RULES: Final = Rules.load()


def credit_code(number: int, head: str = "91410100") -> str:
    """A right social credit code, another for each number below 31 ** 9."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "".join(alphabet[number // 31**place % 31] for place in reversed(range(9)))
    return head + body + str(uscc.calc_check_digit(head + body))


def csv_bytes(rows: Sequence[Row], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Sequence[Row], sheet: str = "名册") -> bytes:
    """All cells as text."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if text:
                cell = page.cell(number, place)
                assert isinstance(cell, Cell)
                cell.value, cell.data_type = text, "s"
    return to_bytes(book)


def xls_bytes(rows: Sequence[Sequence[str | float | dt.date]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("名册")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write(number, place, value, day)
            elif value != "":
                page.write(number, place, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WRITERS: Final[Mapping[str, Callable[[Sequence[Row]], bytes]]] = {
    "utf8.csv": csv_bytes,
    "bom.csv": lambda rows: csv_bytes(rows, "utf-8-sig"),
    "gb18030.csv": lambda rows: csv_bytes(rows, "gb18030"),
    "tab.txt": lambda rows: csv_bytes(rows, delimiter="\t"),
    "semicolon.csv": lambda rows: csv_bytes(rows, delimiter=";"),
    "book.xlsx": xlsx_bytes,
    "old.xls": xls_bytes,
}


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def read_rows(kind: Kind, folder: Path, rows: Sequence[Row], name: str = "book.xlsx") -> CheckedRoster:
    """The roster out of rows written as the format that `name` says."""
    return read(kind, [put(folder, name, WRITERS[name](rows))], RULES)


def codes_of(roster: CheckedRoster) -> list[str]:
    return [row.code for row in roster.refused]


def noted(roster: CheckedRoster) -> set[str]:
    return {note.code for note in roster.notes}


def cells(roster: CheckedRoster, column: str) -> list[str]:
    found: list[str] = roster.frame[column].tolist()
    return found


def assert_speaks(roster: CheckedRoster) -> None:
    """Every refusal and note has its text, and every refusal its mend, in both languages."""
    for lang in messages.LANGUAGES:
        assert all(reason(row, lang) and mend(row, lang) for row in roster.refused)
        assert all(notes(roster, lang))


def assert_accounted(roster: CheckedRoster) -> None:
    """Every row read is in the frame, merged into it, or listed as refused with what its sender wrote."""
    refused = {(row.file, row.sheet, row.row) for row in roster.refused}
    assert roster.rows_read == len(roster.frame) + roster.merged + len(refused)
    assert [(one.file, one.sheet, one.row) for one in roster.originals] == sorted(
        refused, key=lambda place: (roster_order(roster, place[0]), place[2])
    )
    assert_speaks(roster)


def roster_order(roster: CheckedRoster, file: str) -> int:
    return list(dict.fromkeys(one.file for one in roster.originals)).index(file)


def words_of(error: InputRefused) -> str:
    """What the user reads; both languages must have it."""
    assert messages.render(error, "en")
    return messages.render(error, "zh")
