"""`import` (导入名册): files to a checked snapshot in one transaction, with a report on what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd

from shuangsuiji.core.records import IN_BUSINESS
from shuangsuiji.errors import InputRefused, Listing, RefusedRow, WrongState, first_of
from shuangsuiji.messages import Lang
from shuangsuiji.quarter.dossier import draw_in_state, read_plan
from shuangsuiji.quarter.records import list_roster
from shuangsuiji.quarter.refusals import refusal_reports
from shuangsuiji.rosters import (
    Change,
    CheckedRoster,
    Kind,
    Note,
    Rules,
    apply_review,
    compare,
    frames,
    merge_people,
    read,
)
from shuangsuiji.rosters.certificates import load
from shuangsuiji.store import ImportRow, Reader, SourceFile, Store, Transaction
from shuangsuiji.store.files import sha256_of

# What an import is read against, beside the roster that it replaces.
_NEEDS: Final[dict[Kind, tuple[str, ...]]] = {
    "entities": ("entities",),
    "risk": ("risk", "entities"),
    "inspectors": ("inspectors",),
    "review": ("inspectors",),
    "conflicts": ("conflicts", "inspectors", "entities"),
    "visits": ("visits", "entities"),
    "list": ("entities",),
}
_OF_PEOPLE: Final[frozenset[Kind]] = frozenset({"review", "conflicts"})
# Which cells make a row the one of the snapshot before, where it is not the id.
_KEYS: Final[dict[Kind, tuple[str, ...]]] = {
    "conflicts": ("inspector", "entity", "column", "value"),
    "visits": ("id", "date"),
}
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task whose list is imported, of the plan given or of the only open draw."""

    id: str
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """年度审验 in persons (人): holding a valid certificate before, left with none by this review, left with one."""

    before: int
    cancelled: int
    left: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What one import did.

    Rows: of `rows_read`, `refused_rows` were refused (each at least once in `refused`) and `merged` were
    united with another row of the same person or repeated one; the others were accepted. Records: `size` is
    how many the roster has now, `gone` and `new` how many it lost and gained against the snapshot before,
    `renumbered` how many got their 18-digit code. `reports` are the files to send back.
    """

    id: int
    kind: Kind
    files: tuple[str, ...]
    rows_read: int
    refused_rows: int
    merged: int
    refused: tuple[RefusedRow, ...]
    notes: tuple[Note, ...]
    size: int
    gone: int
    new: int
    renumbered: int
    digest: str
    reports: tuple[Path, ...]
    review: ReviewCounts | None


@dataclass(frozen=True, slots=True)
class WithdrawResult:
    """An import withdrawn (撤回), and the one that is current instead (None: the roster is empty again)."""

    id: int
    kind: str
    reason: str
    current: ImportRow | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """The rosters that an import is read against, as they stand, and all reviews so far."""

    rows: dict[str, ImportRow | None]
    frames: dict[str, pd.DataFrame]
    decisions: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The roster after the import, its digest, what changed, and what is to be noted about it."""

    roster: str
    frame: pd.DataFrame
    digest: str
    change: Change
    notes: tuple[Note, ...]
    review: ReviewCounts | None


def import_roster(
    store: Store,
    kind: Kind,
    paths: Sequence[Path],
    *,
    task: ListedTask | None = None,
    strict: bool = False,
    accept_gone: bool = False,
    operator: str,
    now: datetime,
    config: Path | None = None,
    lang: Lang = "zh",
) -> ImportResult:
    """Import one roster from its files: the accepted rows with the report on the others, or nothing.

    An import is a full snapshot of what it covers: of inspectors the units that stand in it, which take the
    place of their former people while the other units keep theirs; of any other roster the whole. A review is
    applied to the inspectors as they stand, and to units that send their roster again later. A list (`kind` "list") is
    that of the `task` of a plan that is adopted and not frozen. `config` is the directory given by `--config`; `lang`
    is the language of the report.

    Raises InputRefused: `rosters.*` for a file that cannot be read, `quarter.strict_refused` and
    `quarter.nothing_accepted` (both with the report written all the same), `quarter.too_many_gone` unless
    `accept_gone`, `quarter.no_listed_task`; WrongState: `quarter.people_first` (a review, conflicts),
    `quarter.roster_missing` (a list, without a registry), `quarter.roster_changed` (by another command meanwhile),
    those of `draw_in_state`; and all of `Store.begin`.
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    with store.read() as reader:
        reader.check_operator(operator)
        roster = kind if task is None else _list_of(reader, task)
        standing = _standing(reader, kind, roster)
    people, entities = standing.frames.get("inspectors"), standing.frames.get("entities")
    checked = read(kind, paths, rules, people=people, entities=entities)
    reports = refusal_reports(store, checked, now, lang)
    _refuse_as_a_whole(store, checked, reports, strict=strict)
    snapshot = _snapshot(checked, standing, rules, roster)
    if snapshot.change.needs_consent and not accept_gone:
        raise _too_many_gone(snapshot.change)
    with store.begin(operator, "import", now) as transaction:
        if _rows(transaction, kind, roster) != standing.rows:
            raise WrongState("quarter.roster_changed")
        if task is not None:
            _list_of(transaction, task)
            transaction.details(list=roster)
        row = _record(transaction, checked, snapshot, paths, reports)
    return _result(store, checked, snapshot, row)


def withdraw(store: Store, import_id: int, reason: str, *, operator: str, now: datetime) -> WithdrawResult:
    """Withdraw an import that no freeze rests on; the roster before it is current again.

    Raises InputRefused `quarter.reason_blank`; WrongState as `Transaction.withdraw_import`.
    """
    if not reason.strip():
        raise InputRefused("quarter.reason_blank")
    with store.begin(operator, "import withdraw", now) as transaction:
        row = transaction.withdraw_import(import_id, reason.strip())
        transaction.details(**{"import": row.id}, kind=row.kind, digest=row.digest, reason=reason.strip())
        return WithdrawResult(row.id, row.kind, reason.strip(), transaction.current_import(row.roster))


def _result(store: Store, checked: CheckedRoster, snapshot: _Snapshot, row: ImportRow) -> ImportResult:
    return ImportResult(
        id=row.id,
        kind=checked.kind,
        files=tuple(file.name for file in row.files),
        rows_read=row.rows_read,
        refused_rows=row.refused,
        merged=checked.merged,
        refused=checked.refused,
        notes=(*checked.notes, *snapshot.notes),
        size=len(snapshot.frame),
        gone=len(snapshot.change.gone),
        new=len(snapshot.change.new),
        renumbered=len(snapshot.change.renumbered),
        digest=snapshot.digest,
        reports=tuple(map(store.layout.report, row.reports)),
        review=snapshot.review,
    )


def _list_of(reader: Reader, task: ListedTask) -> str:
    """The roster that a task's list is kept as, as long as a freeze can still take it up."""
    draw = draw_in_state(reader, task.plan, "adopted", "plan adopt")
    plan = read_plan(reader, draw)
    listed = [one.id for one in plan.tasks if one.source is not None]
    if task.id not in listed:
        known = ", ".join(listed)
        raise InputRefused("quarter.no_listed_task", task=task.id, plan=plan.id, known=known or "-")
    return list_roster(plan.id, task.id)


def _rows(reader: Reader, kind: Kind, roster: str) -> dict[str, ImportRow | None]:
    names = dict.fromkeys((*_NEEDS[kind], *([roster] if kind == "list" else [])))
    return {name: reader.current_import(name) for name in names}


def _standing(reader: Reader, kind: Kind, roster: str) -> _Standing:
    rows = _rows(reader, kind, roster)
    if kind in _OF_PEOPLE and rows["inspectors"] is None:
        raise WrongState("quarter.people_first")
    if kind == "list" and rows["entities"] is None:
        raise WrongState("quarter.roster_missing", roster="entities")
    found = {roster: reader.snapshot(row.digest) for roster, row in rows.items() if row is not None}
    return _Standing(rows, found, _decisions(reader))


def _decisions(reader: Reader) -> pd.DataFrame:
    """The latest decision of all standing reviews on each certificate or person."""
    columns = ["inspector", "certificate", "decision", "reason"]
    reviews = [one for one in reader.imports() if one.kind == "review" and one.withdrawn is None]
    parts = [reader.snapshot(one.source)[columns] for one in reviews]
    joined = pd.concat([pd.DataFrame(columns=columns, dtype="str"), *parts], ignore_index=True)
    return joined.drop_duplicates(columns[:2], keep="last", ignore_index=True)


def _snapshot(checked: CheckedRoster, standing: _Standing, rules: Rules, roster: str) -> _Snapshot:
    """The roster as it will be."""
    kind = checked.kind
    former = standing.frames.get(roster, checked.frame.iloc[:0])
    if kind == "review":
        people = standing.frames["inspectors"]
        frame = apply_review(people, checked.frame)
        before, left = _holders(people), _holders(frame)
        counts = ReviewCounts(before, before - left, left)
        return _Snapshot(
            "inspectors", frame, frames.digest("inspectors", frame), compare(people, frame), (), counts
        )
    if kind == "inspectors":
        merged, change = merge_people(former, checked.frame, rules.headings)
        frame = apply_review(merged, standing.decisions)
        return _Snapshot(kind, frame, frames.digest(kind, frame), change, _reviewed(merged, frame), None)
    change = compare(_keyed(kind, former), _keyed(kind, checked.frame))
    entities = standing.frames.get("entities")
    notes = _strangers(checked.frame, entities) if kind in ("risk", "visits") else ()
    if kind == "list":
        notes = _out_of_business(checked.frame, entities)
    return _Snapshot(roster, checked.frame, checked.digest, change, notes, None)


def _keyed(kind: Kind, frame: pd.DataFrame) -> pd.DataFrame:
    if kind not in _KEYS:
        return frame
    cells = (frame[name] for name in _KEYS[kind])
    return pd.DataFrame(
        {"id": [" ".join(filter(None, row)) for row in zip(*cells, strict=True)]}, dtype="str"
    )


def _holders(people: pd.DataFrame) -> int:
    """How many persons hold a certificate that is not cancelled, expired or not."""
    return sum(any(not one.cancelled for one in load(cell)) for cell in people["certificates"])


def _valid(people: pd.DataFrame) -> int:
    return sum(not one.cancelled for cell in people["certificates"] for one in load(cell))


def _reviewed(merged: pd.DataFrame, frame: pd.DataFrame) -> tuple[Note, ...]:
    """A unit's new roster does not bring back what a review has cancelled, and the operator is told."""
    count = _valid(merged) - _valid(frame)
    return (Note("quarter.note.review_holds", {"count": count}),) if count else ()


def _strangers(frame: pd.DataFrame, entities: pd.DataFrame | None) -> tuple[Note, ...]:
    """Rows about entities that the registry lacks: kept, for they may come with the next one, but told."""
    if entities is None:
        return ()
    unknown = sorted(set(frame["id"]) - set(entities["id"]) - set(entities["previous_code"]))
    if not unknown:
        return ()
    return (Note("quarter.note.unknown_entities", {"count": len(unknown), "examples": _examples(unknown)}),)


def _out_of_business(frame: pd.DataFrame, entities: pd.DataFrame | None) -> tuple[Note, ...]:
    """Entities of a list that the registry has out of business (注销、吊销、迁出): a visit would find nobody."""
    if entities is None:
        return ()
    gone = set(entities.loc[entities["status"] != IN_BUSINESS, "id"]) & set(frame["id"])
    if not gone:
        return ()
    return (Note("quarter.note.listed_gone", {"count": len(gone), "examples": _examples(sorted(gone))}),)


def _examples(values: Sequence[str]) -> str:
    return first_of(values, _SHOWN)


def _refuse_as_a_whole(
    store: Store, checked: CheckedRoster, reports: dict[str, bytes], *, strict: bool
) -> None:
    """Refuse the files, leaving nothing but the report, if one row is too many or none is left."""
    empty = checked.frame.empty
    if not empty and not (strict and checked.refused):
        return
    paths = store.leave_reports(reports)
    code = "quarter.nothing_accepted" if empty else "quarter.strict_refused"
    report = Listing(map(str, paths))
    raise InputRefused(code, count=len(checked.originals), rows=checked.rows_read, report=report)


def _too_many_gone(change: Change) -> InputRefused:
    return InputRefused(
        "quarter.too_many_gone",
        gone=len(change.gone),
        before=change.before,
        examples=_examples(change.gone),
    )


def _record(
    transaction: Transaction,
    checked: CheckedRoster,
    snapshot: _Snapshot,
    paths: Sequence[Path],
    reports: dict[str, bytes],
) -> ImportRow:
    files = [SourceFile(path.name, sha256_of(path)) for path in paths]
    for name, data in reports.items():
        transaction.write_report(name, data)
    transaction.put_snapshot(checked.kind, checked.digest, checked.frame)
    transaction.put_snapshot(snapshot.roster, snapshot.digest, snapshot.frame)
    base = transaction.current_import("inspectors") if snapshot.roster == "inspectors" else None
    refused = len(checked.originals)
    row = transaction.add_import(
        checked.kind,
        roster=snapshot.roster,
        digest=snapshot.digest,
        source=checked.digest,
        files=files,
        rows_read=checked.rows_read,
        accepted=checked.rows_read - refused,
        refused=refused,
        notes=[(note.code, note.params) for note in (*checked.notes, *snapshot.notes)],
        reports=tuple(reports),
        base=None if base is None else base.id,
    )
    change = snapshot.change
    transaction.details(
        **{"import": row.id},
        kind=row.kind,
        files=[{"name": file.name, "sha256": file.sha256} for file in files],
        source=row.source,
        digest=row.digest,
        rows={"read": row.rows_read, "accepted": row.accepted, "refused": row.refused},
        changes={"gone": len(change.gone), "new": len(change.new), "renumbered": len(change.renumbered)},
    )
    return row
