"""A document as a workbook: its text on the first sheet, each annex on one of its own; the same bytes every time.

Every text is written as text, so that nothing is taken for a formula, a date or a number that loses its last digits.
Counts are numbers.
"""

from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from shuangsuiji.publish.content import (
    Annex,
    Block,
    Cell,
    Chart,
    Choices,
    Column,
    Commands,
    Document,
    Facts,
    Fingerprints,
    Lines,
    Paragraph,
    Signatures,
    Span,
    Steps,
    Table,
    plain,
)
from shuangsuiji.publish.words import day, fingerprint, zh
from shuangsuiji.rosters.workbook_out import put_text, to_bytes

_WIDTH: Final = 92
"""Of a sheet in characters of Latin letters, which is the width of A4."""
_LINE: Final = 15.0
"""Points of a line."""
_RED: Final = "FFB1121B"
_TINT: Final = PatternFill("solid", fgColor="FFF5F4F1")
_THIN: Final = Side(style="thin", color="FFC9C9CD")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MONO: Final = "Consolas"


def workbook(document: Document) -> bytes:
    """The document as xlsx."""
    book = Workbook()
    book.remove(book.worksheets[0])
    body = _Body.begin(book.create_sheet(zh("notices.xlsx.body")), document)
    body.head(document)
    for block in document.opening:
        body.block(block)
    for number, section in enumerate(document.sections):
        mark = "" if document.sheet else zh("notices.numerals")[number] + zh("notices.enumerate")
        body.gap()
        body.line(mark + section.title, Font(bold=True, size=12))
        for block in section.blocks:
            body.block(block)
    for block in document.ending:
        body.block(block)
    for number, annex in enumerate(document.annexes, start=1):
        name = zh("notices.annex") + (str(number) if len(document.annexes) > 1 else "")
        body.line(f"{name}{zh('notices.colon')}{annex.title}")
        _annex(book.create_sheet(name), document, annex)
    body.tail(document)
    book.properties.title = "".join(document.title)
    return to_bytes(book)


@dataclass(slots=True)
class _Body:
    """The first sheet while it is written: `row` is the next one, `columns` how many it is laid out in."""

    sheet: Worksheet
    columns: int
    row: int = 1

    @classmethod
    def begin(cls, sheet: Worksheet, document: Document) -> "_Body":
        blocks = [*document.opening, *document.ending]
        blocks += [block for section in document.sections for block in section.blocks]
        most = max([2, *(len(block.columns) for block in blocks if isinstance(block, Table))])
        for number in range(1, most + 1):
            width = _WIDTH * 0.34 if number == 1 else _WIDTH * 0.66 / (most - 1)
            sheet.column_dimensions[get_column_letter(number)].width = width
        _printed(sheet)
        return cls(sheet, most)

    def head(self, document: Document) -> None:
        """Mode, authority, title and marks."""
        centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if document.rehearsal:
            banner = zh("notices.mode_word") + zh("notices.colon") + zh("notices.mode_notice")
            self.line(banner, Font(bold=True, color="FFFFFFFF"), centred, PatternFill("solid", fgColor=_RED))
        self.line(document.authority, Font(bold=True, size=16, color=_RED), centred, height=30)
        mode = zh("notices.mode") if document.rehearsal else ""
        for number, title in enumerate(document.title, start=1):
            last = number == len(document.title)
            self.line(title + (mode if last else ""), Font(bold=True, size=15), centred, height=26)
        self.line("　".join(document.marks), Font(color="FF55565A"), centred)
        self.gap()

    def tail(self, document: Document) -> None:
        """The verifier's address and the closing lines."""
        if document.verifier:
            self.gap()
            self.line(zh("notices.xlsx.verifier", address=document.verifier))
        self.gap()
        right = Alignment(horizontal="right")
        self.line(document.issuer, alignment=right)
        self.line(day(document.issued), alignment=right)

    def gap(self) -> None:
        """An empty row."""
        self.row += 1

    def line(
        self,
        text: str,
        font: Font | None = None,
        alignment: Alignment | None = None,
        fill: PatternFill | None = None,
        height: float = 0,
    ) -> None:
        """A text across the sheet, its row as high as it needs."""
        self.put(text, 1, self.columns, font, alignment, fill)
        self.sheet.row_dimensions[self.row].height = height or _height(text, _WIDTH)
        self.row += 1

    def put(
        self,
        value: str | int,
        first: int,
        last: int,
        font: Font | None = None,
        alignment: Alignment | None = None,
        fill: PatternFill | None = None,
        *,
        boxed: bool = False,
    ) -> None:
        """A value in the present row, from one column to another."""
        wrapped = alignment or Alignment(wrap_text=True, vertical="top")
        for column in range(first, last + 1):
            cell = put_text(self.sheet, self.row, column, str(value) if column == first else "")
            if column == first and isinstance(value, int):
                cell.value, cell.number_format = value, "0"
            cell.alignment = wrapped
            if font:
                cell.font = font
            if fill:
                cell.fill = fill
            if boxed:
                cell.border = _BOX
        if last > first:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=last)

    def block(self, block: Block) -> None:
        """Any part of the document."""
        match block:
            case Facts():
                self.facts(block)
            case Table():
                self.table(block)
            case Choices() | Lines() | Signatures():
                self.by_hand(block)
            case Chart():
                return  # its numbers stand in a table
            case _:
                self.texts(block)

    def texts(self, block: Paragraph | Steps | Fingerprints | Commands) -> None:
        """What is said in lines."""
        match block:
            case Paragraph(text):
                self.line(plain(text), _paragraph_font(block))
            case Steps(items):
                for number, one in enumerate(items, start=1):
                    self.line(f"{number}. {plain(one)}")
            case Fingerprints(pairs):
                for label, digest in pairs:
                    self.fact(label, " ".join(fingerprint(digest)), Font(name=_MONO, bold=True))
            case Commands(lines):
                for command in lines:
                    self.line(command, Font(name=_MONO))

    def by_hand(self, block: Choices | Lines | Signatures) -> None:
        """Places to write."""
        labels = block.labels if isinstance(block, Signatures) else (block.label,)
        for label in labels:
            self.fact(label, zh("notices.join").join(block.options) if isinstance(block, Choices) else "")

    def facts(self, block: Facts) -> None:
        """Labels with values."""
        self.caption(block.caption)
        for row in block.rows:
            coded = any(span.style in ("code", "digest") for value in row.values for span in value)
            text = "\n".join(plain(value) for value in row.values)
            self.fact(row.label, text, Font(name=_MONO) if coded else None)

    def fact(self, label: str, text: str, font: Font | None = None) -> None:
        """A label and its value."""
        self.put(label, 1, 1, fill=_TINT, boxed=True)
        self.put(text, 2, self.columns, font, boxed=True)
        self.sheet.row_dimensions[self.row].height = _height(text, _WIDTH * 0.66)
        self.row += 1

    def table(self, block: Table) -> None:
        """A table in the first columns; its last one takes what is left."""
        self.caption(block.caption)
        self.cells(tuple(column.name for column in block.columns), block.columns, Font(bold=True), _TINT)
        for cells in block.rows:
            self.cells(cells, block.columns)
        if block.total:
            self.cells(block.total, block.columns, Font(bold=True), _TINT)

    def cells(
        self,
        cells: tuple[Cell, ...],
        columns: tuple[Column, ...],
        font: Font | None = None,
        fill: PatternFill | None = None,
    ) -> None:
        """A row of a table."""
        widths = []
        for number, (value, column) in enumerate(zip(cells, columns, strict=True), start=1):
            last = self.columns if number == len(columns) else number
            shown = _shown(value, column)
            side = Alignment(
                wrap_text=True, vertical="top", horizontal="right" if column.kind == "number" else "left"
            )
            self.put(shown, number, last, font or _cell_font(value, column), side, fill, boxed=True)
            share = 0.34 if number == 1 else 0.66 / (self.columns - 1) * (last - number + 1)
            widths.append((str(shown), _WIDTH * share))
        self.sheet.row_dimensions[self.row].height = max(_height(text, width) for text, width in widths)
        self.row += 1

    def caption(self, text: str) -> None:
        """What a table is about."""
        if text:
            self.gap()
            self.line(text, Font(bold=True))


def _annex(sheet: Worksheet, document: Document, annex: Annex) -> None:
    """An annex: title, notes, then its table with a heading that stays."""
    mode = zh("notices.mode") if document.rehearsal else ""
    put_text(sheet, 1, 1, annex.title + mode).font = Font(bold=True, size=14)
    row = 2
    for block in annex.blocks:
        if isinstance(block, Paragraph):
            put_text(sheet, row, 1, plain(block.text))
            row += 1
        elif isinstance(block, Table):
            row = _listed(sheet, row, block)
    _printed(sheet)


def _listed(sheet: Worksheet, row: int, block: Table) -> int:
    for number, column in enumerate(block.columns, start=1):
        cell = put_text(sheet, row, number, column.name)
        cell.font, cell.fill, cell.border = Font(bold=True), _TINT, _BOX
        sheet.column_dimensions[get_column_letter(number)].width = _column_width(column)
    styled: dict[tuple[int, bool], SheetCell] = {}
    for own, cells in enumerate(block.rows, start=row + 1):
        for number, (value, column) in enumerate(zip(cells, block.columns, strict=True), start=1):
            shown = _shown(value, column)
            kind = (number, isinstance(shown, int))
            cell = put_text(sheet, own, number, str(shown), styled.get(kind))
            if isinstance(shown, int):
                cell.value = shown
            if kind not in styled:
                cell.number_format = "0" if isinstance(shown, int) else cell.number_format
                cell.border = _BOX
                cell.alignment = Alignment(vertical="top", wrap_text=column.kind in ("word", "lines"))
                styled[kind] = cell
    last = row + len(block.rows)
    sheet.freeze_panes = f"A{row + 1}"
    sheet.auto_filter.ref = f"A{row}:{get_column_letter(len(block.columns))}{last}"
    sheet.print_title_rows = f"{row}:{row}"
    return last + 1


def _printed(sheet: Worksheet) -> None:
    """On A4, as wide as the page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "— &P / &N —"


def _shown(value: Cell, column: Column) -> str | int:
    if isinstance(value, tuple):
        return "\n".join(value) if column.kind == "lines" else zh("notices.enumerate").join(value)
    return value.text if isinstance(value, Span) else value


def _cell_font(value: Cell, column: Column) -> Font | None:
    coded = isinstance(value, Span) and value.style in ("code", "digest")
    return Font(name=_MONO) if coded or column.kind in ("code", "codes") else None


def _paragraph_font(block: Paragraph) -> Font | None:
    if block.kind == "warning":
        return Font(bold=True, color=_RED)
    return Font(color="FF55565A") if block.kind == "note" else None


def _column_width(column: Column) -> float:
    return {"number": 8, "code": 24, "codes": 24, "lines": 36}.get(column.kind, 42)


def _height(text: str, width: float) -> float:
    """Of a row in points: Chinese characters are two letters wide, and some room is left at the end of lines."""
    lines = sum(
        1 + int(sum(1 + (ord(one) > 0x2E7F) for one in line) * 1.08 // width) for line in text.split("\n")
    )
    return max(1, lines) * _LINE + 2
