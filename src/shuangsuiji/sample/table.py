"""名册表: one roster as text, and its file."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shuangsuiji.errors import InputRefused, Where


@dataclass(frozen=True, slots=True)
class Table:
    """A roster file to be: its name, its headings, its rows as wide as they."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, heading: str) -> list[str]:
        """The cells below a heading; ValueError if there is none."""
        place = self.headings.index(heading)
        return [row[place] for row in self.rows]

    def csv(self) -> bytes:
        """UTF-8 with BOM and CRLF (RFC 4180), as spreadsheets in Chinese offices open it."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows([self.headings, *self.rows])
        return text.getvalue().encode("utf-8-sig")


def write(tables: Iterable[Table], folder: Path) -> tuple[Path, ...]:
    """Write the tables into a folder, made if need be: all of them or none; returns their paths.

    Raises InputRefused `sample.exists` before anything is written if one of the files is there already, and
    OSError.
    """
    files = {folder / table.name: table for table in tables}
    for path in files:
        if path.exists():
            raise InputRefused("sample.exists", Where(file=str(path)))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for path, table in files.items():
            path.write_bytes(table.csv())
    except OSError:
        for path in files:
            path.unlink(missing_ok=True)
        raise
    return tuple(files)
