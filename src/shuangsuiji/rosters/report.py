"""退回: what was refused, as a list (CSV) and as a workbook for the sender with the faulty cells coloured."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shuangsuiji import messages
from shuangsuiji.errors import RefusedRow
from shuangsuiji.messages import Lang
from shuangsuiji.rosters.model import CheckedRoster, Original
from shuangsuiji.rosters.workbook_out import font, height, letters, new_book, on_paper, put_text, to_bytes

FAULTY: Final = PatternFill("solid", fgColor="FFFFC7CE")
HEADING: Final = PatternFill("solid", fgColor="FFDDEBF7")
_COLUMNS: Final = ("file", "sheet", "row", "column", "value", "reason", "mend")
WIDTH: Final = 22  # characters: a code fits in
WIDE: Final = 48
_ROW: Final = 8
_HIGHEST: Final = 150.0  # points; a cell may hold a whole business scope
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def reason(row: RefusedRow, lang: Lang) -> str:
    """Why a row was refused."""
    params = _params(row)
    return messages.text(row.code, lang, **(params | messages.words(params, lang)))


def mend(row: RefusedRow, lang: Lang) -> str:
    """How its sender can mend it."""
    return messages.mend(row.code, lang, **_params(row))


def notes(roster: CheckedRoster, lang: Lang) -> list[str]:
    """What was coped with, in words."""
    return [messages.text(note.code, lang, **note.params) for note in roster.notes]


def refused_csv(refused: Sequence[RefusedRow], lang: Lang) -> bytes:
    """The refused rows as CSV (UTF-8 with BOM): file, sheet, row, column, value, reason, mend.

    Cells that a spreadsheet would take for a formula get an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([messages.text(f"rosters.report.{name}", lang) for name in _COLUMNS])
    for row in refused:
        writer.writerow(
            [
                harmless(cell)
                for cell in (
                    row.file,
                    row.sheet,
                    str(row.row),
                    row.column,
                    row.value,
                    reason(row, lang),
                    mend(row, lang),
                )
            ]
        )
    return out.getvalue().encode("utf-8-sig")


def returned_workbook(roster: CheckedRoster, lang: Lang) -> bytes:
    """The refused rows as their senders wrote them, a sheet for each table, with reasons and mends beside them.

    The faulty cells are coloured, or the row number where the row as a whole is at fault. All cells are text, so
    that codes survive, and the added headings are among the `ignored` of `headings.toml`: mended, the workbook can
    be imported together with the file that it came from.
    """
    book = new_book()
    faults: dict[tuple[str, str, int], list[RefusedRow]] = {}
    for row in roster.refused:
        faults.setdefault((row.file, row.sheet, row.row), []).append(row)
    tables: dict[tuple[str, str], list[Original]] = {}
    for original in roster.originals:
        tables.setdefault((original.file, original.sheet), []).append(original)
    for number, originals in enumerate(tables.values(), start=1):
        _write_sheet(book.create_sheet(str(number)), originals, faults, lang)
    if not tables:
        put_text(book.create_sheet("1"), 1, 1, messages.text("rosters.report.nothing", lang))
    return to_bytes(book)


def _write_sheet(
    sheet: Worksheet,
    originals: Sequence[Original],
    faults: Mapping[tuple[str, str, int], Sequence[RefusedRow]],
    lang: Lang,
) -> None:
    first = originals[0]
    title = messages.text("rosters.report.title", lang, file=first.file, sheet=first.sheet)
    put_text(sheet, 1, 1, title).font = font(bold=True)
    added = [messages.text(f"rosters.report.{name}", lang) for name in ("row", "reason", "mend")]
    headings = [*first.headings, *added]
    widths = [*_fitted(originals), _ROW, WIDE, WIDE]
    for column, heading in enumerate(headings, start=1):
        cell = put_text(sheet, 2, column, heading)
        cell.font, cell.fill = font(bold=True), HEADING
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    sheet.row_dimensions[2].height = max(map(height, headings, widths))
    on_paper(sheet, sum(widths), heading=2)
    sheet.freeze_panes = "A3"
    for number, original in enumerate(originals, start=3):
        found = faults[original.file, original.sheet, original.row]
        reasons = "\n".join(dict.fromkeys(reason(row, lang) for row in found))
        mends = "\n".join(dict.fromkeys(mend(row, lang) for row in found))
        width = len(first.headings)
        cells = [
            *original.cells[:width],
            *[""] * (width - len(original.cells)),
            str(original.row),
            reasons,
            mends,
        ]
        for column, text in enumerate(cells, start=1):
            put_text(sheet, number, column, text).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = min(_HIGHEST, max(map(height, cells, widths)))
        for column in _faulty(original, found):
            sheet.cell(number, column).fill = FAULTY


def _fitted(originals: Sequence[Original]) -> Iterator[int]:
    """How wide the columns of a table are: as what stands in them, up to a code's width."""
    for number, heading in enumerate(originals[0].headings):
        texts = (one.cells[number] for one in originals if number < len(one.cells))
        yield min(WIDTH, max(_ROW, *map(letters, (heading, *texts))) + 2)


def _faulty(original: Original, found: Sequence[RefusedRow]) -> Iterator[int]:
    """The 1-based columns to colour; the row number's where no single cell is at fault."""
    for row in found:
        known = row.column in original.headings and bool(row.column)
        yield (original.headings.index(row.column) if known else len(original.headings)) + 1


def _params(row: RefusedRow) -> dict[str, str | int]:
    return {"column": row.column, "value": row.value} | dict(row.params)


def harmless(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell
