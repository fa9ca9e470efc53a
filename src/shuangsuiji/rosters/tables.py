"""From a sheet to a table: which row has the headings, which rows below are data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.errors import InputRefused, Listing, Where, first_of
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.rosters.model import STRUCTURE, Fault, Grid, Kind, Note, RawTable
from shuangsuiji.rosters.normal import clean_text, squeeze
from shuangsuiji.rosters.words import Words

SEARCHED_ROWS: Final = 30  # a heading row further down is not looked for
_COUNTED: Final = "0123456789人户家名条个共数"  # what may follow the word in a total row
_SHOWN: Final = 12  # headings or row numbers named in a message


@dataclass(frozen=True, slots=True)
class Head:
    """A candidate heading row: its index, the canonical headings that it has, those it lacks."""

    row: int
    known: frozenset[str]
    missing: tuple[tuple[str, ...], ...]


def find_head(grid: Grid, kind: Kind, mapping: HeadingMap) -> Head | None:
    """The row that knows most headings, the first of equals; None if no row knows any.

    `missing` names, for each column that must be there and is not, the headings of which one would do.
    """
    best: Head | None = None
    wanted = [mapping.key(kind), *((heading,) for heading in mapping.kinds[kind].required)]
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        columns = (mapping.column(kind, cell) for cell in row if cell)
        known = frozenset(column.heading for column in columns if column is not None)
        if len(known) > (0 if best is None else len(best.known)):
            missing = tuple(choice for choice in wanted if known.isdisjoint(choice))
            best = Head(index, known, missing)
    return best


def is_empty(row: Sequence[str]) -> bool:
    """Whether no cell of the row shows anything."""
    return not any(cell and not cell.isspace() for cell in row)


def has_data(grid: Grid, head: Head) -> bool:
    """Whether anything stands below the heading row."""
    return not all(is_empty(row) for row in grid.rows[head.row + 1 :])


def refusal(grid: Grid, head: Head | None, kind: Kind, mapping: HeadingMap) -> InputRefused:
    """Why a sheet is no roster of this kind: what was seen, what is missing, what is nearest to it."""
    where = Where(file=grid.file, sheet=grid.sheet)
    if head is None:
        seen = next((row for row in grid.rows if not is_empty(row)), ())
        wanted = [mapping.key(kind)[0], *mapping.kinds[kind].required]
        return InputRefused("rosters.no_heading", where, seen=_shown(seen), wanted=Listing(wanted))
    seen = grid.rows[head.row]
    place = Where(file=grid.file, sheet=grid.sheet, row=head.row + 1)
    missing = Listing(choice[0] for choice in head.missing)
    unknown = [cell for cell in seen if mapping.column(kind, cell) is None]
    pairs = [(mapping.nearest(kind, choice[0], unknown), choice[0]) for choice in head.missing]
    near = "；".join(f"{written} → {wanted}" for written, wanted in pairs if written)
    if near:
        return InputRefused("rosters.heading_near", place, missing=missing, seen=_shown(seen), near=near)
    return InputRefused("rosters.heading_missing", place, missing=missing, seen=_shown(seen))


def table(grid: Grid, head: Head, kind: Kind, mapping: HeadingMap, words: Words) -> RawTable:
    """The table below `head`. Raises InputRefused `rosters.heading_twice`, `rosters.no_rows`."""
    headings = _headings(grid, head)
    columns = _columns(grid, head, headings, kind, mapping)
    kept, notes = _data_rows(grid, head, words)
    if not kept:
        where = Where(file=grid.file, sheet=grid.sheet, row=head.row + 1)
        raise InputRefused("rosters.no_rows", where)
    index = {row: place for place, row in enumerate(kept)}
    filled = sum(row in index for row, _ in grid.filled)
    if filled:
        notes.append(_note("rosters.note.merged_cells", grid, count=filled))
    faults: dict[tuple[int, int], Fault] = {
        (index[row], column): fault for (row, column), fault in grid.faults.items() if row in index
    }
    return RawTable(
        file=grid.file,
        sheet=grid.sheet,
        headings=headings,
        columns=columns,
        numbers=[row + 1 for row in kept],
        rows=[grid.rows[row] for row in kept],
        faults=faults,
        width=len(grid.rows[head.row]) if grid.uneven else None,
        notes=tuple(notes),
    )


def _headings(grid: Grid, head: Head) -> tuple[str, ...]:
    """The headings as written; a column without heading that has cells is called 未命名列 with its number."""
    below = grid.rows[head.row + 1 :]
    written = []
    for place, cell in enumerate(grid.rows[head.row]):
        heading = clean_text(cell)
        if not heading and any(place < len(row) and row[place] for row in below):
            heading = f"未命名列{place + 1}"
        written.append(heading)
    return tuple(written)


def _columns(
    grid: Grid, head: Head, headings: tuple[str, ...], kind: Kind, mapping: HeadingMap
) -> tuple[str, ...]:
    """The canonical heading of each column, empty for one left out.

    If two headings mean one column, the one spelt canonically is it, the other keeps its own name; two variants
    of a column that the program works with are refused, of any other both keep their names.
    """
    ignored = mapping.kinds[kind].ignored
    meant: dict[str, list[int]] = {}
    for place, written in enumerate(headings):
        known = mapping.column(kind, written)
        if known is not None:
            meant.setdefault(known.heading, []).append(place)
    names: dict[int, str] = {}
    for heading, places in meant.items():
        exact = [place for place in places if headings[place] == heading]
        if len(places) == 1 or len(exact) == 1:
            names[(exact or places)[0]] = heading
        elif _works_with(kind, heading, mapping):
            where = Where(file=grid.file, sheet=grid.sheet, row=head.row + 1)
            twice = Listing(headings[place] for place in places)
            raise InputRefused("rosters.heading_twice", where, heading=heading, headings=twice)
    taken = {*names.values(), *STRUCTURE[kind]}
    for place, written in enumerate(headings):
        if written and place not in names and squeeze(written) not in ignored:
            names[place] = _free_name(written, taken)
            taken.add(names[place])
    return tuple(names.get(place, "") for place in range(len(headings)))


def _works_with(kind: Kind, heading: str, mapping: HeadingMap) -> bool:
    column = mapping.column(kind, heading)
    return heading in mapping.key(kind) or (column is not None and bool(column.role))


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}({number})"
    return free


def _data_rows(grid: Grid, head: Head, words: Words) -> tuple[list[int], list[Note]]:
    """Indices of the rows that are data, and notes on the others."""
    titles = [row for row in range(head.row) if not is_empty(grid.rows[row])]
    written = _stripped(grid.rows[head.row])
    kept, empty, repeated = [], [], []
    for row in range(head.row + 1, len(grid.rows)):
        cells = grid.rows[row]
        if is_empty(cells):
            empty.append(row)
        elif cells[0] == grid.rows[head.row][0] and _stripped(cells) == written:
            repeated.append(row)
        else:
            kept.append(row)
    totals: list[int] = []
    while kept and _is_total(grid.rows[kept[-1]], words):
        totals.append(kept.pop())
    inner = [row for row in empty if kept and row < kept[-1]]
    found = {
        "rosters.note.title_rows": titles,
        "rosters.note.empty_rows": inner,
        "rosters.note.repeated_headings": repeated,
        "rosters.note.total_rows": sorted(totals),
    }
    return kept, [_note(code, grid, rows=_numbers(rows)) for code, rows in found.items() if rows]


def _is_total(row: Sequence[str], words: Words) -> bool:
    """合计: the first cell that shows anything is a word for a total, perhaps with a number ("合计：38人")."""
    first = next((squeeze(cell) for cell in row if squeeze(cell)), "")
    return first.rstrip(_COUNTED) in words.totals


def _stripped(row: Sequence[str]) -> list[str]:
    cells = [clean_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _note(code: str, grid: Grid, **params: str | int) -> Note:
    return Note(code, {"file": f"{grid.file} {grid.sheet}".rstrip()} | params)


def _numbers(rows: Sequence[int]) -> str:
    return first_of([str(row + 1) for row in rows[: _SHOWN + 1]], _SHOWN)


def _shown(row: Sequence[str]) -> str:
    cells = [clean_text(cell) for cell in row]
    names = [cell for cell in cells if cell]
    return first_of(names, _SHOWN)
