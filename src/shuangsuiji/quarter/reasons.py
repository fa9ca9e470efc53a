"""`changes` (名册变动), and the reasons for them that a freeze takes in."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from shuangsuiji import messages
from shuangsuiji.bundle.changes import (
    EXCLUDED,
    GONE,
    INCLUDED,
    INSPECTOR_CHANGED,
    RECUSAL,
    RETURNED,
    STATUS,
    Change,
)
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.plan import Plan
from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.messages import Lang
from shuangsuiji.quarter.changes import Reason, by_line, compare, compare_people, last_staff, preceding
from shuangsuiji.quarter.dossier import awaits_inspectors, draw_in_state, read_plan, read_texts
from shuangsuiji.quarter.records import current_rosters, lists, present_codes
from shuangsuiji.rosters import Rules, read
from shuangsuiji.rosters.model import STATUSES
from shuangsuiji.rosters.reasons import kind_word
from shuangsuiji.rosters.report import HEADING, WIDTH, harmless
from shuangsuiji.rosters.workbook_out import font, height, new_book, on_paper, put_text, to_bytes
from shuangsuiji.store import environment, files
from shuangsuiji.store.workspace import Store

_WORDS: Final = (*STATUSES, "not_in_business")
_HEADINGS: Final = ("变动类型", "变动对象", "名称", "列", "变动前", "变动后", "变动理由", "批准人")
"""Those of `headings.toml` for reasons; what is only shown is among its `ignored`."""


@dataclass(frozen=True, slots=True)
class ChangesResult:
    """The changes that a freeze now would write down, by kind, and the table to fill in."""

    plan: str
    mode: str
    draw: int
    path: Path
    changes: Mapping[str, int]


def read_reasons(paths: Sequence[Path], rules: Rules) -> tuple[Reason, ...]:
    """The reasons in filled-in tables. InputRefused as the first row that is refused, `rosters.*` for a bad file."""
    if not paths:
        return ()
    checked = read("reasons", paths, rules)
    if checked.refused:
        row = checked.refused[0]
        where = Where(file=row.file, sheet=row.sheet, row=row.row, column=row.column)
        raise InputRefused(row.code, where, **({"value": row.value} | dict(row.params)))
    cells = (checked.frame[name].tolist() for name in ("kind", "id", "reason", "approver"))
    return tuple(Reason(*row) for row in zip(*cells, strict=True))


def changes(
    store: Store, path: Path, *, plan_id: str | None = None, config: Path | None = None, lang: Lang = "zh"
) -> ChangesResult:
    """Write the changes since the preceding freeze to `path`, a table in which reasons and approvers can be filled in.

    Where only the targets are sealed yet, those of inspectors and recusals. Changes nothing. InputRefused
    `quarter.changes_suffix` unless `path` ends in .xlsx or .csv; those of `lists`; WrongState as `draw_in_state` and
    `current_rosters`; EnvironmentRefused as `environment`.
    """
    if path.suffix not in (".xlsx", ".csv"):
        raise InputRefused("quarter.changes_suffix", Where(file=str(path)))
    headings = Rules.load(workspace=store.layout.root, override=config).headings
    with store.read() as reader:
        draw = reader.open_draw(plan_id)
        late = awaits_inspectors(draw)
        if not late:
            draw = draw_in_state(reader, plan_id, "adopted", "plan adopt")
        plan = read_plan(reader, draw)
        rosters = current_rosters(reader, plan, read_texts(reader, draw).rotation, mode=draw.mode)
        held = lists(plan, rosters, headings)
        codes = present_codes(rosters.entities)
        if late:
            found = compare_people(last_staff(reader, draw.mode), plan, held, codes)
        else:
            found = compare(preceding(reader, draw.mode, plan, by_line(held.entities)), plan, held, codes)
    rows = list(_rows(found, plan, held, lang))
    with environment(path):
        files.write(path, _csv(rows) if path.suffix == ".csv" else _workbook(rows, lang), files.PRIVATE)
    return ChangesResult(draw.plan_id, draw.mode, draw.number, path, Counter(one.kind for one in found))


def _rows(found: Sequence[Change], plan: Plan, held: Lists, lang: Lang) -> Iterator[tuple[str, ...]]:
    names = {one.id: one.name for one in held.inspectors} | {one.id: one.name for one in held.entities}
    for one in found:
        column = _column_word(one, plan, lang)
        told = (
            kind_word(one.kind, lang),
            one.id,
            names.get(one.id, ""),
            column,
            _value_word(one, one.was, names, lang),
            _value_word(one, one.now, names, lang),
        )
        yield (*told, "", "")


def _value_word(change: Change, value: str | None, names: Mapping[str, str], lang: Lang) -> str:
    """A value as officers read it: a status in words, a recusal as whom it keeps from whom."""
    if value is None:
        return ""
    if value in _WORDS and change.kind in (GONE, RETURNED, STATUS, EXCLUDED, INCLUDED):
        return messages.text(f"rosters.status_word.{value}", lang)
    if change.kind == RECUSAL:
        parts = json.loads(value)
        return " ".join(
            names.get(str(one), str(one)) for key, one in sorted(parts.items()) if key != "inspector"
        )
    return value


def _column_word(change: Change, plan: Plan, lang: Lang) -> str:
    """What changed: the heading of a registry's column, or the name of a field of an inspector's record."""
    if change.column is None:
        return ""
    if change.kind == INSPECTOR_CHANGED:
        return messages.text(f"rosters.field.{change.column}", lang)
    return plan.columns[change.column]


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_HEADINGS, *([harmless(cell) for cell in row] for row in rows)])
    return out.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[tuple[str, ...]], lang: Lang) -> bytes:
    book = new_book()
    sheet = book.create_sheet(messages.text("rosters.template.sheet.reasons", lang))
    for number, row in enumerate((_HEADINGS, *rows), start=1):
        for place, text in enumerate(row, start=1):
            cell = put_text(sheet, number, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font, cell.fill = font(bold=True), HEADING
                sheet.column_dimensions[get_column_letter(place)].width = WIDTH
        sheet.row_dimensions[number].height = max(height(text, WIDTH) for text in row)
    on_paper(sheet, WIDTH * len(_HEADINGS), heading=1)
    sheet.freeze_panes = "A2"
    return to_bytes(book)
