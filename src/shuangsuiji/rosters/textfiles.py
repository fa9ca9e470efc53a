"""Text tables (CSV): UTF-8 with or without BOM, else GB18030, both strictly; comma, tab or semicolon."""

import codecs
import csv
import io
from typing import Final

from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.rosters.model import Grid

DELIMITERS: Final = (",", "\t", ";")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, file: str) -> str:
    """The text of a file. Raises InputRefused `rosters.utf16`, `rosters.encoding` (with the line)."""
    if data.startswith(_UTF16):
        raise InputRefused("rosters.utf16", Where(file=file))
    bare = data.removeprefix(codecs.BOM_UTF8)
    reached = 0
    for encoding in ("utf-8",) if bare != data else ("utf-8", "gb18030"):
        try:
            return bare.decode(encoding)
        except UnicodeDecodeError as error:
            reached = max(reached, error.start)  # the encoding that it is in gets furthest
    raise InputRefused("rosters.encoding", Where(file=file, line=bare.count(b"\n", 0, reached) + 1))


def parse(text: str, delimiter: str, file: str) -> Grid:
    """The table that `text` is with this delimiter (RFC 4180; quotes strictly).

    Rows are numbered as a spreadsheet shows them: a cell with line breaks is in one row, an empty line is a row.
    Raises InputRefused `rosters.csv_malformed` with the line.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        where = Where(file=file, line=reader.line_num)
        raise InputRefused("rosters.csv_malformed", where, reason=str(error)) from error
    return Grid(file=file, sheet="", rows=rows, faults={}, uneven=True)
