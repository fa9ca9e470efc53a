"""Writing workbooks whose bytes depend on their contents only, in a Chinese font and set up for paper."""

import datetime as dt
import io
import re
import zipfile
from copy import copy
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

_STAMP: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
TEXT_FORMAT: Final = "@"
FONT: Final = "宋体"
"""On every Chinese machine; where it is missing the program takes another Chinese one."""
PORTRAIT: Final = 92.0
"""The width of A4 in characters of Latin letters; a wider sheet is printed across (横向), smaller as needed."""
A3: Final = 8
A4: Final = 9
_LINE: Final = 15.0  # points
_ROOM: Final = 1.08
_FULL_WIDTH: Final = 0x2E7F
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold (section 2.2), lone surrogates apart, which no checked text has."""


def new_book() -> Workbook:
    """A workbook without sheets, its cells in a Chinese font."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book._named_styles["Normal"].font = font()  # type: ignore[attr-defined]  # noqa: SLF001 - openpyxl has no other way
    return book


def font(*, size: float = 11, bold: bool = False, color: str | None = None, name: str = FONT) -> Font:
    """A font by its name: one without is set in whatever a program takes for it."""
    return Font(name=name, size=size, bold=bold, color=color)


def on_paper(sheet: Worksheet, width: float, *, heading: int = 0, paper: int = A4) -> None:
    """Set a sheet of a width (in characters) up for paper: one page wide, numbered, `heading` the row repeated on each.

    `paper` is `A4`, or `A3` for what could not be read on it.
    """
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = "landscape" if width > PORTRAIT * 1.1 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.7, bottom=0.8, header=0.3, footer=0.4)
    sheet.print_options.horizontalCentered = True
    if heading:
        sheet.print_title_rows = f"{heading}:{heading}"
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "— &P / &N —"


def letters(text: str) -> int:
    """How many Latin letters a line is wide: Chinese characters are two."""
    return sum(1 + (ord(one) > _FULL_WIDTH) for one in text)


def height(text: str, width: float) -> float:
    """Of a row in points, for a text in a cell of a width: some room is left at the end of lines."""
    if len(text) * 2 * _ROOM < width and "\n" not in text:
        return _LINE + 2
    return sum(1 + int(letters(line) * _ROOM // width) for line in text.split("\n")) * _LINE + 2


def to_bytes(book: Workbook) -> bytes:
    """The xlsx file: fixed properties, fixed dates in the archive, members in the writer's order."""
    book.properties.creator = "shuangsuiji"
    book.properties.created = book.properties.modified = _STAMP
    draft = io.BytesIO()
    with zipfile.ZipFile(draft, "w") as archive:
        ExcelWriter(book, archive).save()
    final = io.BytesIO()
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(final, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return final.getvalue()


def put_text(sheet: Worksheet, row: int, column: int, text: str, like: Cell | None = None) -> Cell:
    """Writes a text that Excel never takes for a formula, a number or a date; row and column count from 1.

    `like` is another such cell of the workbook, whose style the new one has: openpyxl is slow to put one together.
    """
    cell = cast(Cell, sheet.cell(row, column))  # a sheet that is being written has no merged cells
    cell.value = _NO_XML.sub("", text)
    cell.data_type = "s"
    if like is None:
        cell.number_format = TEXT_FORMAT
    else:
        # openpyxl's own way to copy a style
        cell._style = copy(like._style)  # type: ignore[attr-defined]  # noqa: SLF001
    return cell
