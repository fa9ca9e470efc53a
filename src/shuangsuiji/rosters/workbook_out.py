"""Writing workbooks whose bytes depend on their contents only."""

import datetime as dt
import io
import zipfile
from copy import copy
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

_STAMP: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
TEXT_FORMAT: Final = "@"


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
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    if like is None:
        cell.number_format = TEXT_FORMAT
    else:
        # openpyxl's own way to copy a style
        cell._style = copy(like._style)  # type: ignore[attr-defined]  # noqa: SLF001
    return cell
