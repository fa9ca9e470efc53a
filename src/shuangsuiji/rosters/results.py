"""检查结果表: rows of the platform's export or of a table filled in by hand, as far as no draw is needed to judge them.

Also those of steps towards the abnormal-operations list (经营异常名录). What a row means for a draw, and whether it is
lawful there, is the question of `followup.entering`.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.entities import entity_codes
from shuangsuiji.rosters.files import read_tables
from shuangsuiji.rosters.headings import Role
from shuangsuiji.rosters.model import CheckedRoster, Kind, RawTable
from shuangsuiji.rosters.normal import iso_date

if TYPE_CHECKING:
    from shuangsuiji.rosters.reading import Rules

_CELLS: Final[tuple[Role, ...]] = (
    "plan_id", "task_id", "task_name", "item", "result", "checked_on", "method", "persons", "disposal", "evidence",
    "scan", "remark", "education_day", "education_reference", "warning_day", "warning_reference", "fine_day",
    "fine_reference", "fine_amount", "correction",
)  # fmt: skip
_DAYS: Final[tuple[Role, ...]] = ("checked_on", "education_day", "warning_day", "fine_day")
_REQUIRED: Final[tuple[Role, ...]] = ("result", "checked_on")
_AMOUNT: Final = re.compile(r"[¥￥]?([0-9]{1,12}(?:\.[0-9]{1,6})?)(万?)元?", re.ASCII)
_FEN: Final = {"": 100, "万": 1_000_000}
_MOST: Final = 10**15


def draft_of(kind: Kind, paths: Sequence[Path], rules: "Rules") -> Draft:
    """The rows of the files, under their canonical headings. Raises InputRefused as `read_tables`."""
    return Draft(kind, read_tables(kind, paths, rules.headings, rules.words), rules.headings, rules.words)


def typed_draft(kind: Kind, cells: Mapping[Role, str], code: str, rules: "Rules") -> Draft:
    """A draft of one row that was typed at the command line; `code` is the entity's."""
    headings = rules.headings
    filled = {headings.key(kind)[0]: code}
    filled |= {headings.with_role(kind, role): cell for role, cell in cells.items() if cell}
    names = tuple(filled)
    row = tuple(filled.values())
    table = RawTable("", "", names, names, [0], [row], {}, None, ())
    return Draft(kind, [table], headings, rules.words)


def result_columns(draft: Draft) -> dict[str, list[str]]:
    """Each row's cells by role, `id` the entity's code, days in ISO 8601, a fine's amount in fen (分).

    Refuses what is missing, what is no day and what is no amount.
    """
    columns = {"id": entity_codes(draft)}
    columns |= {role: list(draft.cells(role)) for role in _CELLS}
    for row in draft.good():
        for role in _REQUIRED:
            if not columns[role][row]:
                heading = draft.heading(role)
                draft.refuse(row, heading, "rosters.cell_missing", wanted=heading)
        for role in _DAYS:
            if columns[role][row] and iso_date(columns[role][row]) is None:
                draft.refuse(row, draft.heading(role), "rosters.date")
        amount = columns["fine_amount"][row]
        if amount and not fen(amount):
            draft.refuse(row, draft.heading("fine_amount"), "rosters.amount")
        columns["fine_amount"][row] = fen(amount)
    return columns


def fen(text: str) -> str:
    """An amount of money in fen (分), "" for what is none: 5000, 5,000.50, 5000元, ￥5000, 0.5万元."""
    found = _AMOUNT.fullmatch("".join(text.split()).replace(",", "").replace("，", ""))
    if found is None:
        return ""
    amount = Decimal(found[1]) * _FEN[found[2]]
    return str(int(amount)) if amount == int(amount) and 0 < amount < _MOST else ""


def check_results(draft: Draft) -> CheckedRoster:
    """检查结果 to frame: `id` and the cells by role, of the rows that no draw is needed to refuse."""
    columns = result_columns(draft)
    return draft.finish(draft.accepted(columns), 0)


def step_columns(draft: Draft) -> dict[str, list[str]]:
    """The steps' cells: `id`, `day` (ISO 8601, may be empty), `reason`, `reference`. Refuses what is no day."""
    columns = {
        "id": entity_codes(draft),
        "day": list(draft.cells("step_day")),
        "reason": list(draft.cells("step_reason")),
        "reference": list(draft.cells("step_reference")),
    }
    for row in draft.good():
        if columns["day"][row] and iso_date(columns["day"][row]) is None:
            draft.refuse(row, draft.heading("step_day"), "rosters.date")
    return columns


def check_steps(draft: Draft) -> CheckedRoster:
    """经营异常名录的步骤 to frame, one row for each entity."""
    columns = step_columns(draft)
    merged = draft.refuse_duplicates(columns["id"], draft.mapping.entity_key[0], columns)
    return draft.finish(draft.accepted(columns), merged)
