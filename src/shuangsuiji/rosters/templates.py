"""模板: an empty Excel workbook for each roster, with a second sheet that explains the columns."""

from typing import Final

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shuangsuiji import messages
from shuangsuiji.messages import Lang
from shuangsuiji.rosters.headings import Column, HeadingMap
from shuangsuiji.rosters.model import Kind
from shuangsuiji.rosters.report import HEADING, WIDE, WIDTH
from shuangsuiji.rosters.workbook_out import (
    TEXT_FORMAT,
    font,
    height,
    letters,
    new_book,
    on_paper,
    put_text,
    to_bytes,
)

_VARIANTS_SHOWN: Final = 4


def template(kind: Kind, mapping: HeadingMap, lang: Lang) -> bytes:
    """The workbook for one kind of roster: headings only, every column formatted as text, then the guide.

    The example stands in the guide, not under the headings: a forgotten example row would be drawn.
    """
    columns = [column for column in mapping.of_kind(kind) if column.template]
    book = new_book()
    _write_roster(book.create_sheet(messages.text(f"rosters.template.sheet.{kind}", lang)), columns)
    guide = book.create_sheet(messages.text("rosters.template.guide", lang))
    _write_guide(guide, kind, columns, mapping, lang)
    return to_bytes(book)


def _write_roster(sheet: Worksheet, columns: list[Column]) -> None:
    total = 0
    for place, column in enumerate(columns, start=1):
        cell = put_text(sheet, 1, place, column.heading)
        cell.font, cell.fill = font(bold=True), HEADING
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = max(letters(column.heading), letters(column.example)) + 4
        total += dimension.width
        # The column's own format is that of cells not yet written, so that Excel keeps the codes typed into them.
        dimension.number_format = TEXT_FORMAT
    on_paper(sheet, total, heading=1)
    sheet.freeze_panes = "A2"


def _write_guide(
    sheet: Worksheet, kind: Kind, columns: list[Column], mapping: HeadingMap, lang: Lang
) -> None:
    put_text(sheet, 1, 1, messages.text("rosters.template.guide_title", lang))
    titles = [
        messages.text(f"rosters.template.{name}", lang) for name in ("column", "hint", "example", "variants")
    ]
    needed = {*mapping.kinds[kind].required, mapping.key(kind)[0]}
    rows = [titles] + [
        [
            ("* " if column.heading in needed else "") + column.heading,
            column.hint,
            column.example,
            "、".join(column.variants[:_VARIANTS_SHOWN]),
        ]
        for column in columns
    ]
    widths = (WIDTH + 4, WIDE, WIDE // 2, WIDE)
    for number, row in enumerate(rows, start=3):
        for place, text in enumerate(row, start=1):
            cell = put_text(sheet, number, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = font(bold=row is titles)
        sheet.row_dimensions[number].height = max(map(height, row, widths))
    on_paper(sheet, sum(widths), heading=3)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
