"""The calendar of visits as tables (检查安排表): all of it as CSV and XLSX, a workbook for each unit. Internal.

No column knows a tier or a risk grade: the tables go to many units.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shuangsuiji.publish.cells import code_cell, word_cell
from shuangsuiji.publish.table import MARK
from shuangsuiji.publish.words import zh
from shuangsuiji.rosters.workbook_out import A3, A4, font, height, new_book, on_paper, put_text, to_bytes

COLUMNS: Final = (
    "day", "weekday", "target", "name", "address", "district", "block", "task_ids", "tasks", "items",
    "person_ids", "persons", "units", "appointed",
)  # fmt: skip
"""The columns of the table, by the ends of their headings' codes (`schedule.column.*`)."""
CODES: Final = frozenset({"target", "task_ids", "person_ids"})

_SHOWN: Final = ("day", "weekday", "district", "target", "name", "address", "block", "tasks", "persons")
_WIDTHS: Final = {
    "day": 12, "weekday": 7, "district": 12, "target": 21, "name": 24, "address": 18, "block": 8, "tasks": 18,
    "persons": 32, "appointed": 7,
}  # fmt: skip
_HIDDEN: Final = frozenset({"task_ids", "items", "person_ids", "units"})
"""Folded away in a workbook, and on paper, where tasks and names say it; a click unfolds them."""
_OTHERS: Final = 20
_HEAD: Final = PatternFill("solid", fgColor="E7EEF5")
_OUT: Final = PatternFill("solid", fgColor="D9E8D6")
_LINE: Final = Side(style="thin", color="9AA0A6")
_TOP: Final = 4
"""The row of the headings: above it stand title, a line about the calendar, and a warning."""


@dataclass(frozen=True, slots=True)
class Member:
    """检查人员 of a visit."""

    id: str
    name: str
    unit: str
    place: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A task of a visit, with its items and the method that the plan names."""

    id: str
    name: str
    items: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit with all names."""

    day: date
    target: str
    name: str
    address: str
    district: str
    block: int
    duties: tuple[Duty, ...]
    team: tuple[Member, ...]
    appointed: bool

    def cells(self) -> dict[str, str]:
        """Its cells by column."""
        join = zh("publish.join").join
        return {
            "day": self.day.isoformat(),
            "weekday": zh(f"cli.weekday.{self.day.weekday()}"),
            "target": self.target,
            "name": self.name,
            "address": self.address,
            "district": self.district,
            "block": str(self.block),
            "task_ids": join(one.id for one in self.duties),
            "tasks": join(one.name for one in self.duties),
            "items": join(item for one in self.duties for item in one.items),
            "person_ids": join(one.id for one in self.team),
            "persons": join(f"{one.name}（{one.unit}）" for one in self.team),
            "units": join(dict.fromkeys(one.unit for one in self.team)),
            "appointed": zh("schedule.appointed") if self.appointed else "",
        }


def headings() -> tuple[str, ...]:
    """The headings of the table, in order."""
    return tuple(zh(f"schedule.column.{name}") for name in COLUMNS)


def visits_csv(rows: Sequence[VisitRow]) -> bytes:
    """All visits as CSV: UTF-8 with a byte order mark, CRLF; codes and formulas as in the public table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings())
    for row in rows:
        cells = row.cells()
        writer.writerow(
            code_cell(cells[name]) if name in CODES else word_cell(cells[name]) for name in COLUMNS
        )
    return (MARK + out.getvalue()).encode()


def visits_xlsx(title: str, about: str, rows: Sequence[VisitRow]) -> bytes:
    """All visits as a workbook of one sheet."""
    book = new_book()
    _list(book.create_sheet(), title, about, rows, COLUMNS)
    return to_bytes(book)


def unit_xlsx(title: str, about: str, unit: str, rows: Sequence[VisitRow], days: Sequence[date]) -> bytes:
    """A unit's workbook: the visits of its people, and who is out on which day."""
    book = new_book()
    own = [row for row in rows if any(one.unit == unit for one in row.team)]
    _list(book.create_sheet(), title, about, own, _SHOWN)
    _grid(book.create_sheet(), title, about, unit, own, days)
    return to_bytes(book)


def _list(sheet: Worksheet, title: str, about: str, rows: Sequence[VisitRow], columns: Sequence[str]) -> None:
    sheet.title = zh("schedule.sheet.visits")
    _head(sheet, title, about, [zh(f"schedule.column.{name}") for name in columns])
    like: Cell | None = None
    for number, row in enumerate(rows, start=_TOP + 1):
        cells = row.cells()
        for column, name in enumerate(columns, start=1):
            cell = put_text(sheet, number, column, cells[name], like)
            if like is None:
                cell.alignment = Alignment(vertical="center", wrap_text=True)
                cell.border = Border(bottom=_LINE)
                like = cell
        high = (height(cells[name], _WIDTHS[name]) for name in columns if name in _WIDTHS)
        sheet.row_dimensions[number].height = max(high)
    for column, name in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = _WIDTHS.get(name, _OTHERS)
        if name in _HIDDEN:
            dimension.outlineLevel, dimension.hidden = 1, True
    width = sum(_WIDTHS[name] for name in columns if name in _WIDTHS)
    on_paper(sheet, width, heading=_TOP, paper=A3 if columns == COLUMNS else A4)
    sheet.freeze_panes = f"A{_TOP + 1}"


def _grid(
    sheet: Worksheet, title: str, about: str, unit: str, rows: Sequence[VisitRow], days: Sequence[date]
) -> None:
    """A line for each person, a column for each day: how many visits."""
    sheet.title = zh("schedule.sheet.people")
    loads = Counter((one.name, one.id, row.day) for row in rows for one in row.team if one.unit == unit)
    people = sorted({(name, identifier) for name, identifier, _ in loads})
    used = sorted({*days, *(row.day for row in rows)})
    fixed = [zh("schedule.column.persons"), zh("schedule.column.sum")]
    _head(sheet, title, about, [*fixed, *(f"{day.month}/{day.day}" for day in used)])
    for number, (name, identifier) in enumerate(people, start=_TOP + 1):
        counts = [loads[name, identifier, day] for day in used]
        put_text(sheet, number, 1, name).border = Border(bottom=_LINE)
        for column, count in enumerate((sum(counts), *counts), start=len(fixed)):
            cell = sheet.cell(number, column, count or None)
            cell.border = Border(bottom=_LINE)
            cell.alignment = Alignment(horizontal="center")
            if count and column > len(fixed):
                cell.fill = _OUT
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 6
    for column in range(len(fixed) + 1, len(fixed) + len(used) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 5.5
    on_paper(sheet, 20 + 5.5 * len(used), heading=_TOP)
    sheet.freeze_panes = f"C{_TOP + 1}"


def _head(sheet: Worksheet, title: str, about: str, names: Sequence[str]) -> None:
    for row, text in enumerate((title, about, zh("schedule.confidential")), start=1):
        cell = put_text(sheet, row, 1, text)
        cell.font = font(
            bold=row == 1, size=14 if row == 1 else 10, color="FFB3261E" if row == _TOP - 1 else None
        )
    for column, name in enumerate(names, start=1):
        cell = put_text(sheet, _TOP, column, name)
        cell.font = font(bold=True)
        cell.fill = _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(bottom=_LINE, top=_LINE)


def units(rows: Sequence[VisitRow]) -> Iterator[str]:
    """The units whose people visit, in order."""
    yield from sorted({one.unit for row in rows for one in row.team})
