"""待核行: the rows of all tables under their canonical headings, and what is refused of them.

The one mutable thing of the reader: checks go over it in turn, each refuses cells, nothing is taken back.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Final

from shuangsuiji.errors import Listing, RefusedRow, first_of
from shuangsuiji.rosters import frames
from shuangsuiji.rosters.headings import Column, HeadingMap, Role
from shuangsuiji.rosters.model import CheckedRoster, Kind, Note, Original, RawTable
from shuangsuiji.rosters.normal import clean_code, clean_codes, clean_text, clean_texts, iso_dates
from shuangsuiji.rosters.words import JOIN, Words

# Excel's own errors, as they stand in text files exported from it. `N/A` without # is a real value.
EXCEL_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+\d+", re.ASCII)
_NUMBERS: Final = frozenset({"rosters.long_number", "rosters.fraction"})
_CODES: Final = frozenset({"code", "codes"})
_SPLIT: Final = frozenset({"codes", "list", "period"})
_SHOWN_PLACES: Final = 5


class Draft:
    """The rows of several tables as columns of equal length.

    `columns[heading][i]` is the normalised cell of row i (0-based over all tables); several values in one cell
    are joined by 、.
    """

    def __init__(self, kind: Kind, tables: Sequence[RawTable], mapping: HeadingMap, words: Words) -> None:
        self.kind: Final = kind
        self.mapping: Final = mapping
        self.words: Final = words
        self.tables: Final = tables
        self.size: Final = sum(len(table.rows) for table in tables)
        self.origins: Final = [(table, place) for table in tables for place in range(len(table.rows))]
        self.notes: Final = [note for table in tables for note in table.notes]
        self.bad: Final[set[int]] = set()
        self._refused: Final[list[RefusedRow]] = []
        self._known: Final[Mapping[str, Column]] = {
            column.heading: column for column in mapping.of_kind(kind)
        }
        self._private: Final = mapping.private(kind)
        self.columns: Final = {name: self._gather(name) for name in self._names()}
        self._roles: Final[Mapping[Role, str]] = {
            column.role: column.heading for column in self._known.values() if column.heading in self.columns
        }
        self._blank: Final = [""] * self.size
        for name in self.columns:
            self._check_cells(name)
        self._check_faults()
        self._check_lengths()
        for name, cells in self.columns.items():
            self.columns[name] = self._normalised(name, cells)

    def heading(self, role: Role) -> str:
        """The canonical heading with this role, empty if no file has such a column."""
        return self._roles.get(role, "")

    def cells(self, role: Role) -> list[str]:
        """The cells of the column with this role; blanks if no file has it."""
        return self.columns.get(self.heading(role), self._blank)

    def has(self, row: int, heading: str) -> bool:
        """Whether the file of a row has a column of this canonical heading."""
        return _column(self.origins[row][0], heading) is not None

    def files_without(self, heading: str) -> str:
        """The files that have no column of this canonical heading, empty if all have it."""
        return Listing(table.file for table in self.tables if _column(table, heading) is None)

    def refuse(self, row: int, heading: str, code: str, /, **params: str | int) -> None:
        """Refuses a row for the cell under `heading`; private cells are masked in the report's list."""
        table, place = self.origins[row]
        column, cells = _column(table, heading), table.rows[place]
        value = "" if column is None or column >= len(cells) else clean_text(cells[column])
        self.bad.add(row)
        self._refused.append(
            RefusedRow(
                file=table.file,
                sheet=table.sheet,
                row=table.numbers[place],
                column=heading if column is None else table.headings[column],
                value=mask(value) if heading in self._private else value,
                code=code,
                params=params,
            )
        )

    def note(self, code: str, /, **params: str | int) -> None:
        """Notes something that concerns no single file."""
        self.notes.append(Note(code, params))

    def good(self) -> list[int]:
        """The rows not refused so far."""
        return [row for row in range(self.size) if row not in self.bad]

    def places(self, rows: Iterable[int]) -> str:
        """The rows as `file:row` or `file[sheet]:row`, for texts in any language."""
        found = list(rows)
        shown = [self._place(row) for row in found[: _SHOWN_PLACES + 1]]
        return first_of(shown, _SHOWN_PLACES)

    def refuse_duplicates(
        self, keys: Sequence[str], heading: str, columns: Mapping[str, Sequence[str]]
    ) -> int:
        """Rows with one key: exact repetitions of a row are merged, any other are all refused.

        `columns` are those that must agree. Returns how many rows were merged, and takes them off `good` by
        adding them to `bad`. Rows refused before do not take part, except that a good row with the key of a
        refused one stands.
        """
        by_key: dict[str, list[int]] = {}
        for row in self.good():
            by_key.setdefault(keys[row], []).append(row)
        merged: list[int] = []
        for rows in by_key.values():
            if len(rows) == 1:
                continue
            if len({tuple(cells[row] for cells in columns.values()) for row in rows}) == 1:
                merged += rows[1:]
                continue
            for row in rows:
                others = self.places(other for other in rows if other != row)
                self.refuse(row, heading, "rosters.duplicate", others=others)
        if merged:
            self.note("rosters.note.identical_rows", count=len(merged), places=self.places(sorted(merged)))
        self.bad.update(merged)
        return len(merged)

    def finish(self, columns: Mapping[str, Sequence[str]], merged: int) -> CheckedRoster:
        """The checked roster out of the columns of the accepted rows, already compressed."""
        frame = frames.make(self.kind, columns)
        refused = tuple(sorted(self._refused, key=self._order))
        wanted = {(row.file, row.sheet, row.row) for row in refused}
        return CheckedRoster(
            kind=self.kind,
            frame=frame,
            refused=refused,
            notes=tuple(self.notes),
            digest=frames.digest(self.kind, frame),
            rows_read=self.size,
            merged=merged,
            originals=tuple(_originals(self.tables, wanted)),
        )

    def accepted(self, columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The columns with the rows that were not refused."""
        flags = [row not in self.bad for row in range(self.size)]
        return {name: list(compress(cells, flags)) for name, cells in columns.items()}

    def _names(self) -> list[str]:
        return list(dict.fromkeys(name for table in self.tables for name in table.columns if name))

    def _gather(self, name: str) -> list[str]:
        found: list[str] = []
        for table in self.tables:
            column = _column(table, name)
            if column is None:
                found += [""] * len(table.rows)
            else:
                found += [row[column] if column < len(row) else "" for row in table.rows]
        return found

    def _content(self, name: str) -> str:
        known = self._known.get(name)
        return "text" if known is None else known.content

    def _check_cells(self, name: str) -> None:
        """Excel's errors as text, and codes in scientific notation."""
        cells = self.columns[name]
        if not EXCEL_ERRORS.isdisjoint(cells):
            for row, cell in enumerate(cells):
                if cell in EXCEL_ERRORS:
                    self.refuse(row, name, "rosters.error_cell")
        if self._content(name) in _CODES:
            for row, cell in enumerate(cells):
                if "+" in cell and any(map(_SCIENTIFIC.fullmatch, clean_codes(self.words.split(cell)))):
                    self.refuse(row, name, "rosters.scientific")

    def _check_faults(self) -> None:
        """What a workbook's cells hide; numbers that are no whole digits matter in code columns only."""
        start = 0
        for table in self.tables:
            long: Counter[str] = Counter()
            for (place, column), fault in sorted(table.faults.items()):
                name = table.columns[column] if column < len(table.columns) else ""
                if name and (fault not in _NUMBERS or self._content(name) in _CODES):
                    self.refuse(start + place, name, fault)
                elif name and fault == "rosters.long_number":
                    long[name] += 1
            for name, count in long.items():
                self.note("rosters.note.long_numbers", file=table.file, column=name, count=count)
            start += len(table.rows)

    def _check_lengths(self) -> None:
        """A text row with more or fewer fields than headings has a stray delimiter or line break in it."""
        for row, (table, place) in enumerate(self.origins):
            cells = table.rows[place]
            if table.width is not None and (len(cells) < table.width or any(cells[table.width :])):
                self.refuse(row, "", "rosters.field_count", got=len(cells), expected=table.width)

    def _normalised(self, name: str, cells: list[str]) -> list[str]:
        content = self._content(name)
        if content == "code":
            return clean_codes(cells)
        if content in _SPLIT:
            clean = clean_code if content == "codes" else clean_text
            return [JOIN.join(clean(part) for part in self.words.split(cell)) for cell in cells]
        texts = clean_texts(cells)
        return self._dates(name, texts) if content == "date" else texts

    def _dates(self, name: str, texts: list[str]) -> list[str]:
        """ISO dates; what is no date is kept as it is and noted, for no firm leaves the draw by a date of no use."""
        dates = iso_dates(texts)
        wrong = [row for row, text in enumerate(texts) if text and dates[row] is None]
        if wrong and not self._known[name].role:
            places = self.places(wrong)
            self.note("rosters.note.unreadable_dates", column=name, count=len(wrong), places=places)
        return [text if date is None else date for text, date in zip(texts, dates, strict=True)]

    def _place(self, row: int) -> str:
        table, place = self.origins[row]
        sheet = f"[{table.sheet}]" if table.sheet else ""
        return f"{table.file}{sheet}:{table.numbers[place]}"

    def _order(self, row: RefusedRow) -> tuple[int, int]:
        files = [(table.file, table.sheet) for table in self.tables]
        return files.index((row.file, row.sheet)), row.row


def mask(value: str) -> str:
    """A private value as the list of refused rows shows it: its last two characters."""
    return "*" * max(len(value) - 2, 0) + value[-2:] if len(value) > 2 else "*" * len(value)


def _column(table: RawTable, heading: str) -> int | None:
    """Where a table has a column of this canonical heading; columns left out have an empty one."""
    return table.columns.index(heading) if heading and heading in table.columns else None


def _originals(tables: Sequence[RawTable], wanted: set[tuple[str, str, int]]) -> Iterable[Original]:
    for table in tables:
        for number, cells in zip(table.numbers, table.rows, strict=True):
            if (table.file, table.sheet, number) in wanted:
                yield Original(table.file, table.sheet, number, table.headings, tuple(cells))
