"""From paths to tables: what a file is decides its content, not its name."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shuangsuiji.errors import InputRefused, Listing, Where
from shuangsuiji.rosters import ooxml, textfiles, workbooks
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.rosters.model import Grid, Kind, RawTable
from shuangsuiji.rosters.tables import Head, find_head, has_data, is_empty, refusal, table
from shuangsuiji.rosters.words import Words

# Signatures of what offices send by mistake, and what it is called.
_OTHER: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"{\\rtf": "RTF",
    b"<": "HTML / XML",
}


def read_tables(kind: Kind, paths: Sequence[Path], mapping: HeadingMap, words: Words) -> list[RawTable]:
    """The table of each file, in the order of `paths`, which are distinct.

    Raises InputRefused with the file, what was seen in it and how to mend it; `rosters.settings_older` where the
    headings are of a version that did not know the kind.
    """
    if kind not in mapping.kinds:
        raise InputRefused("rosters.settings_older", kind=kind)
    twice = [path for path in paths if paths.count(path) > 1]
    if twice:
        raise InputRefused("rosters.file_twice", Where(file=str(twice[0])))
    names = display_names(paths)
    return [
        _table(kind, read_bytes(path, name), name, mapping, words)
        for path, name in zip(paths, names, strict=True)
    ]


def display_names(paths: Sequence[Path]) -> list[str]:
    """What the files are called in messages: their names, or their paths where names are not distinct."""
    short = [path.name or str(path) for path in paths]  # the folder one stands in has no name of its own
    return [name if short.count(name) == 1 else str(path) for name, path in zip(short, paths, strict=True)]


def read_bytes(path: Path, name: str) -> bytes:
    """The file's bytes. Raises InputRefused `rosters.not_found`, `.is_directory`, `.unreadable`, `.empty`."""
    where = Where(file=name)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputRefused("rosters.not_found", where, path=str(path)) from error
    except IsADirectoryError as error:
        raise InputRefused("rosters.is_directory", where) from error
    except OSError as error:
        raise InputRefused("rosters.unreadable", where, reason=error.strerror or str(error)) from error
    if not data.strip():
        raise InputRefused("rosters.empty", where)
    return data


def _table(kind: Kind, data: bytes, name: str, mapping: HeadingMap, words: Words) -> RawTable:
    if data.startswith((workbooks.ZIP, workbooks.OLE)):
        _refuse_other_archive(data, name)
        grids = workbooks.read(data, name)
        grid, head = _choose_sheet(kind, grids, name, mapping)
    else:
        _refuse_other_file(data, name)
        grid, head = _choose_delimiter(kind, textfiles.decode(data, name), name, mapping)
    return table(grid, head, kind, mapping, words)


def _refuse_other_file(data: bytes, name: str) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, what in _OTHER.items():
        if text.startswith(signature):
            raise InputRefused("rosters.other_format", Where(file=name), what=what)


def _refuse_other_archive(data: bytes, name: str) -> None:
    """A zip that is no workbook (docx, ods, a plain archive); broken ones are left to the reader."""
    if data.startswith(workbooks.ZIP) and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if ooxml.WORKBOOK not in archive.namelist():
                raise InputRefused("rosters.other_format", Where(file=name), what="ZIP (docx, ods, wps …)")


def _choose_delimiter(kind: Kind, text: str, name: str, mapping: HeadingMap) -> tuple[Grid, Head]:
    """Comma if it gives the headings, else tab or semicolon; the refusal speaks of the one that came closest."""
    if "\0" in text:
        raise InputRefused("rosters.other_format", Where(file=name), what="NUL")
    tried: list[tuple[Grid, Head | None]] = []
    failed: InputRefused | None = None
    for delimiter in textfiles.DELIMITERS:
        try:
            grid = textfiles.parse(text, delimiter, name)
        except InputRefused as error:
            failed = failed or error
            continue
        head = find_head(grid, kind, mapping)
        if head is not None and not head.missing:
            return grid, head
        tried.append((grid, head))
    if failed is not None:
        raise failed
    raise refusal(*max(tried, key=_closeness), kind, mapping)


def _choose_sheet(
    kind: Kind, grids: Sequence[tuple[Grid, bool]], name: str, mapping: HeadingMap
) -> tuple[Grid, Head]:
    """The sheet named in the configuration, else the only visible one with the headings and rows below them."""
    wanted = mapping.kinds[kind].sheet
    if wanted:
        chosen = [grid for grid, _ in grids if grid.sheet == wanted]
        if not chosen:
            names = Listing(grid.sheet for grid, _ in grids)
            raise InputRefused("rosters.sheet_missing", Where(file=name), sheet=wanted, sheets=names)
    else:
        chosen = [grid for grid, visible in grids if visible]
    tried = [(grid, find_head(grid, kind, mapping)) for grid in chosen]
    if all(is_empty(row) for grid in chosen for row in grid.rows):
        raise InputRefused("rosters.empty", Where(file=name))
    fitting = [(grid, head) for grid, head in tried if head is not None and not head.missing]
    filled = [(grid, head) for grid, head in fitting if has_data(grid, head)]
    if len(filled) > 1:
        sheets = Listing(grid.sheet for grid, _ in filled)
        raise InputRefused("rosters.several_sheets", Where(file=name), sheets=sheets, kind=kind)
    if filled or fitting:
        return (filled or fitting)[0]
    raise refusal(*max(tried, key=_closeness), kind, mapping)


def _closeness(tried: tuple[Grid, Head | None]) -> int:
    head = tried[1]
    return 0 if head is None else len(head.known)
