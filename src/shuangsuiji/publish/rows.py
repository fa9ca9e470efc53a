"""A document as a table for programs (CSV): a row for each thing it says; docs/public-csv.md documents the columns."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from shuangsuiji.publish.cells import code_cell, word_cell
from shuangsuiji.publish.content import (
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
    Text,
    plain,
)
from shuangsuiji.publish.words import day, zh

COLUMNS: Final = ("部分", "表", "行", "项目", "内容")
"""Section; caption of the table in it; head of the table's row, or number in a list; label or column; what is said."""

MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"

Row = tuple[str, str, str, str]
"""Caption, head of the row, label, content, as cells."""


def table(document: Document) -> bytes:
    """The document's table: UTF-8 with a byte order mark, CRLF; digests and codes end in a tab (`cells`)."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for section, own in _parts(document):
        for row in own:
            rows.writerow((word_cell(section), *row))
    return (MARK + out.getvalue()).encode()


def cell_text(value: Cell, column: Column) -> str:
    """What a cell of a table says, as one text."""
    if isinstance(value, tuple):
        return zh("notices.enumerate" if column.kind == "codes" else "notices.join").join(value)
    return value.text if isinstance(value, Span) else str(value)


def _parts(document: Document) -> Iterator[tuple[str, list[Row]]]:
    head = [
        ("notices.rows.authority", document.authority),
        ("notices.rows.title", "".join(document.title)),
        *(("notices.rows.mark", mark) for mark in document.marks),
        ("notices.rows.issuer", document.issuer),
        ("notices.rows.date", day(document.issued)),
        ("notices.rows.verifier", document.verifier),
    ]
    if document.rehearsal:
        head.insert(0, ("notices.rows.mode", zh("notices.mode_word") + zh("notices.mode_notice")))
    yield "", [("", "", zh(code), word_cell(value)) for code, value in head if value]
    yield "", [row for block in document.opening for row in _rows(block)]
    for section in document.sections:
        yield section.title, [row for block in section.blocks for row in _rows(block)]
    yield "", [row for block in document.ending for row in _rows(block)]
    for annex in document.annexes:
        yield annex.title, [row for block in annex.blocks for row in _rows(block)]


def _rows(block: Block) -> Iterator[Row]:
    match block:
        case Paragraph(text):
            yield "", "", "", word_cell(plain(text))
        case Steps(items):
            yield from (("", str(number), "", _said(one)) for number, one in enumerate(items, start=1))
        case Facts(rows, caption):
            for row in rows:
                yield from ((word_cell(caption), "", word_cell(row.label), _said(one)) for one in row.values)
        case Table():
            yield from _table(block)
        case Fingerprints(pairs):
            yield from (("", "", word_cell(label), code_cell(digest)) for label, digest in pairs)
        case Commands(lines):
            yield from (("", "", "", word_cell(line)) for line in lines)
        case Chart() | Choices() | Lines() | Signatures():
            return  # a chart's numbers stand in a table; places to write have nothing to say yet


def _table(block: Table) -> Iterator[Row]:
    caption, first = word_cell(block.caption), block.columns[0]
    for cells in (*block.rows, *((block.total,) if block.total else ())):
        head = word_cell(cell_text(cells[0], first))
        for value, column in zip(cells, block.columns, strict=True):
            text = cell_text(value, column)
            yield (
                caption,
                head,
                word_cell(column.name),
                code_cell(text) if _coded(value, column) else word_cell(text),
            )


def _coded(value: Cell, column: Column) -> bool:
    """Whether a spreadsheet program would spoil it; it takes a rate of 1/5 for a day."""
    if isinstance(value, Span):
        return value.style != ""
    return column.kind in ("code", "codes") or (column.kind == "number" and isinstance(value, str))


def _said(text: Text) -> str:
    coded = all(span.style in ("code", "digest") for span in text)
    return code_cell(plain(text)) if coded else word_cell(plain(text))
