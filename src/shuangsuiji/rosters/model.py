"""Values that the roster reader hands on: tables as text, checked rosters, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from shuangsuiji.errors import RefusedRow

Kind = Literal[
    "entities",
    "risk",
    "inspectors",
    "review",
    "conflicts",
    "visits",
    "list",
    "reasons",
    "results",
    "abnormal",
]
ROSTERS: Final[tuple[Kind, ...]] = ("entities", "risk", "inspectors", "review", "conflicts", "visits")
"""What an authority keeps from batch to batch."""
LATER: Final[tuple[Kind, ...]] = ("results", "abnormal")
"""What a `headings.toml` of an older version has no table for: results (检查结果), steps (经营异常名录)."""
KINDS: Final[tuple[Kind, ...]] = (*ROSTERS, "list", "reasons", *LATER)
"""All that can be read: besides, the list of a task (派发名单) and the reasons of changes (变动理由)."""

# 结构列: the columns of each frame that have an ASCII name; all others keep their canonical Chinese heading.
STRUCTURE: Final[Mapping[Kind, tuple[str, ...]]] = {
    "entities": ("id", "previous_code", "name", "status"),
    "risk": ("id",),
    "inspectors": (
        "id",
        "name",
        "unit",
        "department",
        "district",
        "undrawable",
        "qualifications",
        "certificates",
        "expert",
        "most",
        "leave",
    ),
    "review": ("certificate", "inspector", "decision", "reason"),
    "conflicts": ("inspector", "entity", "column", "value", "colleague"),
    "visits": ("id", "date"),
    "list": ("id",),
    "reasons": ("kind", "id", "reason", "approver"),
    "results": ("id",),
    "abnormal": ("id", "day", "reason", "reference"),
}

Status = Literal["in_business", "revoked", "deregistered", "withdrawn", "moved_out"]
STATUSES: Final[tuple[Status, ...]] = ("in_business", "revoked", "deregistered", "withdrawn", "moved_out")

# What a cell of a workbook can be that its text does not show; the value is the code of the refusal.
Fault = Literal[
    "rosters.error_cell", "rosters.formula_without_value", "rosters.long_number", "rosters.fraction"
]


@dataclass(frozen=True, slots=True)
class Note:
    """说明: something coped with, which the import's report tells; rendered by `messages.text`."""

    code: str
    params: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one text file, with every cell as text.

    `rows[i]` is row i + 1 of the file, `faults` is keyed by (index of row, index of column). `uneven` says that
    rows keep the length they had in the file (text), so that a wrong number of fields can be seen. `filled` are
    cells that took the value of the cell above them because both are merged.
    """

    file: str
    sheet: str
    rows: Sequence[Sequence[str]]
    faults: Mapping[tuple[int, int], Fault]
    filled: frozenset[tuple[int, int]] = frozenset()
    uneven: bool = False


@dataclass(frozen=True, slots=True)
class RawTable:
    """原表: the rows below a recognised heading row, as text, without titles, empty rows, totals.

    `headings[c]` is written above column c; `columns[c]` is its canonical heading, empty for a column that is
    left out. `numbers[i]` is the 1-based row number of `rows[i]` in the file; `faults` is keyed by (index into
    `rows`, index of column). `width` is how many fields a row of a text file must have, None for workbooks.
    """

    file: str
    sheet: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: Sequence[int]
    rows: Sequence[Sequence[str]]
    faults: Mapping[tuple[int, int], Fault]
    width: int | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """原行: a refused row as its sender wrote it, for the workbook that goes back."""

    file: str
    sheet: str
    row: int
    headings: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedRoster:
    """核过的名册: the accepted rows as a frame, the refused ones with reason, and what was noted.

    `frame`: pandas `str` columns ("" = missing), structural columns first (`STRUCTURE`), the others by code
    point, rows in the order of their key's UTF-8 bytes. `digest`: `frames.digest` of it. Each of the
    `rows_read` is a row of the frame, was merged into one (`merged`: further certificates of a person, exact
    repetitions), or stands in `refused` (at least once) and in `originals` (once).
    """

    kind: Kind
    frame: pd.DataFrame
    refused: tuple[RefusedRow, ...]
    notes: tuple[Note, ...]
    digest: str
    rows_read: int
    merged: int
    originals: tuple[Original, ...]
