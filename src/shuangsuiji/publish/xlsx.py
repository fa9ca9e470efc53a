"""A document as a workbook: its text on the first sheet, each annex on one of its own; the same bytes every time.

Every text is written as text, so that nothing is taken for a formula, a date or a number that loses its last digits.
Counts are numbers.
"""

from dataclasses import dataclass
from typing import Final

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
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
from shuangsuiji.rosters.workbook_out import (
    PORTRAIT,
    font,
    height,
    letters,
    new_book,
    on_paper,
    put_text,
    to_bytes,
)

_LABEL: Final = 28
"""Characters of Latin letters for the labels of facts."""
_NARROW: Final = 8
_WIDE: Final = 42
"""Between these a column is as wide as what stands in it; a longer text is broken."""
_DIGEST: Final = 32
"""Digits of a digest on a line, as in print."""
_RED: Final = "FFB1121B"
_TINT: Final = PatternFill("solid", fgColor="FFF5F4F1")
_THIN: Final = Side(style="thin", color="FFC9C9CD")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_MONO: Final = "Consolas"


def workbook(document: Document) -> bytes:
    """The document as xlsx."""
    book = new_book()
    body = _Body.begin(book.create_sheet(zh("notices.xlsx.body")), document)
    body.head(document)
    for block in document.opening:
        body.block(block)
    for number, section in enumerate(document.sections):
        mark = "" if document.sheet else zh("notices.numerals")[number] + zh("notices.enumerate")
        body.gap()
        body.line(mark + section.title, font(bold=True, size=12))
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
    """The first sheet while it is written: `row` is the next one, `widths` those of its columns."""

    sheet: Worksheet
    widths: list[float]
    row: int = 1

    @classmethod
    def begin(cls, sheet: Worksheet, document: Document) -> "_Body":
        blocks = [*document.opening, *document.ending]
        blocks += [block for section in document.sections for block in section.blocks]
        widths: list[float] = [_LABEL, _NARROW]
        for table in (block for block in blocks if isinstance(block, Table)):
            own = _fitted(table)
            widths += [_NARROW] * (len(own) - len(widths))
            # The last column takes what is left of the sheet, however wide others made it.
            for number, width in enumerate(own[:-1]):
                widths[number] = max(widths[number], width)
        widths[-1] = max(widths[-1], PORTRAIT - sum(widths[:-1]))
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        on_paper(sheet, PORTRAIT)
        return cls(sheet, widths)

    @property
    def columns(self) -> int:
        """How many columns it is laid out in."""
        return len(self.widths)

    def head(self, document: Document) -> None:
        """Mode, authority, title and marks."""
        centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if document.rehearsal:
            banner = zh("notices.mode_word") + zh("notices.colon") + zh("notices.mode_notice")
            self.line(banner, font(bold=True, color="FFFFFFFF"), centred, PatternFill("solid", fgColor=_RED))
        self.line(document.authority, font(bold=True, size=16, color=_RED), centred, high=30)
        mode = zh("notices.mode") if document.rehearsal else ""
        for number, title in enumerate(document.title, start=1):
            last = number == len(document.title)
            self.line(title + (mode if last else ""), font(bold=True, size=15), centred, high=26)
        self.line("　".join(document.marks), font(color="FF55565A"), centred)
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
        style: Font | None = None,
        alignment: Alignment | None = None,
        fill: PatternFill | None = None,
        high: float = 0,
    ) -> None:
        """A text across the sheet, its row as high as it needs."""
        self.put(text, 1, self.columns, style, alignment, fill)
        self.sheet.row_dimensions[self.row].height = max(high, height(text, sum(self.widths)))
        self.row += 1

    def put(
        self,
        value: str | int,
        first: int,
        last: int,
        style: Font | None = None,
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
            if style:
                cell.font = style
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
                    self.fact(label, " ".join(fingerprint(digest)), font(name=_MONO, bold=True))
            case Commands(lines):
                for command in lines:
                    self.line(command, font(name=_MONO))

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
            text = "\n".join("".join(map(_span, value)) for value in row.values)
            self.fact(row.label, text, font(name=_MONO) if coded else None)

    def fact(self, label: str, text: str, style: Font | None = None) -> None:
        """A label and its value."""
        middle = Alignment(wrap_text=True, vertical="center")
        self.put(label, 1, 1, None, middle, _TINT, boxed=True)
        self.put(text, 2, self.columns, style, middle, boxed=True)
        self.sheet.row_dimensions[self.row].height = max(
            height(label, self.widths[0]), height(text, sum(self.widths[1:]))
        )
        self.row += 1

    def table(self, block: Table) -> None:
        """A table in the first columns; its last one takes what is left."""
        self.caption(block.caption)
        self.cells(tuple(column.name for column in block.columns), block.columns, font(bold=True), _TINT)
        for cells in block.rows:
            self.cells(cells, block.columns)
        if block.total:
            self.cells(block.total, block.columns, font(bold=True), _TINT)

    def cells(
        self,
        cells: tuple[Cell, ...],
        columns: tuple[Column, ...],
        style: Font | None = None,
        fill: PatternFill | None = None,
    ) -> None:
        """A row of a table."""
        high = 0.0
        for number, (value, column) in enumerate(zip(cells, columns, strict=True), start=1):
            last = self.columns if number == len(columns) else number
            shown = _shown(value, column)
            self.put(shown, number, last, style or _cell_font(value, column), _side(column), fill, boxed=True)
            high = max(high, height(str(shown), sum(self.widths[number - 1 : last])))
        self.sheet.row_dimensions[self.row].height = high
        self.row += 1

    def caption(self, text: str) -> None:
        """What a table is about."""
        if text:
            self.gap()
            self.line(text, font(bold=True))


def _annex(sheet: Worksheet, document: Document, annex: Annex) -> None:
    """An annex: title, notes, then its table with a heading that stays."""
    mode = zh("notices.mode") if document.rehearsal else ""
    put_text(sheet, 1, 1, annex.title + mode).font = font(bold=True, size=14)
    tables = [block for block in annex.blocks if isinstance(block, Table)]
    columns = max((len(one.columns) for one in tables), default=1)
    width = max((sum(_fitted(one)) for one in tables), default=PORTRAIT)
    on_paper(sheet, width)
    row = 2
    for block in annex.blocks:
        if isinstance(block, Paragraph):
            text = plain(block.text)
            put_text(sheet, row, 1, text).alignment = Alignment(wrap_text=True, vertical="top")
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
            sheet.row_dimensions[row].height = height(text, width)
            row += 1
        elif isinstance(block, Table):
            row = _listed(sheet, row, block)


def _listed(sheet: Worksheet, row: int, block: Table) -> int:
    widths = _fitted(block)
    for number, (column, width) in enumerate(zip(block.columns, widths, strict=True), start=1):
        cell = put_text(sheet, row, number, column.name)
        cell.font, cell.fill, cell.border = font(bold=True), _TINT, _BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    styled: dict[tuple[int, bool], SheetCell] = {}
    for own, cells in enumerate(block.rows, start=row + 1):
        high = 0.0
        for number, (value, column) in enumerate(zip(cells, block.columns, strict=True), start=1):
            shown = _shown(value, column)
            kind = (number, isinstance(shown, int))
            cell = put_text(sheet, own, number, str(shown), styled.get(kind))
            if isinstance(shown, int):
                cell.value = shown
            if kind not in styled:
                cell.number_format = "0" if isinstance(shown, int) else cell.number_format
                cell.border, cell.alignment = _BOX, _side(column)
                styled[kind] = cell
            high = max(high, height(str(shown), widths[number - 1]))
        sheet.row_dimensions[own].height = high
    last = row + len(block.rows)
    sheet.freeze_panes = f"A{row + 1}"
    sheet.auto_filter.ref = f"A{row}:{get_column_letter(len(block.columns))}{last}"
    sheet.print_title_rows = f"{row}:{row}"
    return last + 1


def _side(column: Column) -> Alignment:
    numbers = column.kind == "number"
    return Alignment(
        wrap_text=True, vertical="center", horizontal="right" if numbers else "left", indent=int(numbers)
    )


def _fitted(table: Table) -> list[float]:
    """How wide the columns of a table are, by what stands in them."""
    rows = [tuple(one.name for one in table.columns), *table.rows]
    rows += [table.total] if table.total else []
    found = []
    for number, column in enumerate(table.columns):
        texts = (str(_shown(cells[number], column)) for cells in rows)
        widest = max(letters(line) for text in texts for line in text.split("\n"))
        found.append(min(_WIDE, max(_NARROW, widest * 1.08 + 2)))
    return found


def _span(span: Span) -> str:
    text = span.text
    if span.style != "digest":
        return text
    return "\n".join(text[at : at + _DIGEST] for at in range(0, len(text), _DIGEST))


def _shown(value: Cell, column: Column) -> str | int:
    if isinstance(value, tuple):
        return "\n".join(value) if column.kind == "lines" else zh("notices.enumerate").join(value)
    return value.text if isinstance(value, Span) else value


def _cell_font(value: Cell, column: Column) -> Font | None:
    coded = isinstance(value, Span) and value.style in ("code", "digest")
    return font(name=_MONO) if coded or column.kind in ("code", "codes") else None


def _paragraph_font(block: Paragraph) -> Font | None:
    if block.kind == "warning":
        return font(bold=True, color=_RED)
    return font(color="FF55565A") if block.kind == "note" else None
