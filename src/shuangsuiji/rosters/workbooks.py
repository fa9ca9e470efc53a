"""Workbooks (xlsx, xlsm, xls) through python-calamine, every cell as text.

What calamine 0.9 does, found by trying it: numbers come as floats, cells formatted as dates as dates; error
cells and formulas that were never computed come as empty text, so `ooxml` and `biff` look for those; of a
merged area only the first cell has the value; a password is reported as an unknown format. Numbers are written
as a spreadsheet shows them: whole ones as digits, others with 15 significant digits, which is all that Excel
keeps.
"""

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import python_calamine as calamine

from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.rosters import biff, ooxml
from shuangsuiji.rosters.model import Fault, Grid

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXACT_BELOW: Final = 10**15  # larger whole numbers have lost digits in a spreadsheet

_BROKEN: Final = (
    calamine.CalamineError,
    ET.ParseError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    StopIteration,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

Value = str | float | bool | dt.date | dt.time | dt.timedelta


def read(data: bytes, file: str) -> list[tuple[Grid, bool]]:
    """Each worksheet and whether it is visible, in the workbook's order.

    Raises InputRefused `rosters.workbook_password`, `rosters.workbook_damaged`.
    """
    try:
        return _read(data, file)
    except _BROKEN as error:
        raise InputRefused("rosters.workbook_damaged", Where(file=file), reason=str(error)) from error
    except BaseException as error:
        # A panic of the Rust library: pyo3 derives its class from BaseException and exports no name for it.
        if type(error).__name__ != "PanicException":
            raise
        raise InputRefused("rosters.workbook_damaged", Where(file=file), reason=str(error)) from None


def _read(data: bytes, file: str) -> list[tuple[Grid, bool]]:
    old = data.startswith(OLE)
    if old and biff.is_protected(data):
        raise InputRefused("rosters.workbook_password", Where(file=file))
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        faults = biff.faults(data) if old else ooxml.faults(data)
        return [
            (
                _grid(book.get_sheet_by_name(sheet.name), file, faults[sheet.name]),
                sheet.visible == calamine.SheetVisibleEnum.Visible,
            )
            for sheet in book.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]


def _grid(sheet: calamine.CalamineSheet, file: str, hidden: Mapping[tuple[int, int], Fault]) -> Grid:
    faults = dict(hidden)
    rows: list[list[str]] = []
    for r, values in enumerate(sheet.to_python(skip_empty_area=False)):
        row = []
        for c, value in enumerate(values):
            if type(value) is str:
                row.append(value)
                continue
            text, fault = cell_text(value)
            row.append(text)
            if fault:
                faults[r, c] = fault
        rows.append(row)
    filled = _fill_merged(rows, faults, sheet.merged_cell_ranges or ())
    return Grid(file=file, sheet=sheet.name, rows=rows, faults=faults, filled=filled)


def cell_text(value: Value) -> tuple[str, Fault | None]:
    """A cell's value as text, and what its text does not show."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time.min
        return (value.date().isoformat() if midnight else value.isoformat(sep=" ")), None
    return (str(value) if isinstance(value, dt.timedelta) else value.isoformat()), None


def _number_text(value: float) -> tuple[str, Fault | None]:
    if value != int(value):
        return format(value, ".15g"), "rosters.fraction"
    return str(int(value)), (None if abs(value) < EXACT_BELOW else "rosters.long_number")


def _fill_merged(
    rows: Sequence[list[str]],
    faults: dict[tuple[int, int], Fault],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
) -> frozenset[tuple[int, int]]:
    """Writes the value of each merged area down its first column; the cells that took one.

    Offices merge the unit's name over all its officers: what is shown beside a row is meant for it.
    """
    filled = set()
    for (top, left), (bottom, _) in merged:
        for r in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[r]) and rows[top][left] and not rows[r][left]:
                rows[r][left] = rows[top][left]
                filled.add((r, left))
                if (top, left) in faults:
                    faults[r, left] = faults[top, left]
    return frozenset(filled)
