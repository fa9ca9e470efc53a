"""`results import|enter` (录入检查结果): rows of files, or one row typed, held against the draw and entered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shuangsuiji.errors import InputRefused, Listing, RefusedRow, Where, WrongState
from shuangsuiji.followup.entering import Checked, check
from shuangsuiji.followup.expected import Case, Expected
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.messages import Lang
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.chronicle import find_target, read_chronicle
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.refusals import refusal_reports
from shuangsuiji.quarter.results import read_entries, results_draw, standing_entries
from shuangsuiji.quarter.visitors import asked_targets, leaving, read_cases
from shuangsuiji.rosters import Note, Rules
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.headings import Role
from shuangsuiji.rosters.results import draft_of, typed_draft
from shuangsuiji.store import DrawRow, EntryRow, NewEntry, Reader, SourceFile, Store, Transaction
from shuangsuiji.store.files import sha256_of

IMPORT: Final = "results import"
ENTER: Final = "results enter"


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What one entering did.

    Rows: of `rows_read`, `refused_rows` were refused, `merged` only repeated another row and `unchanged` what had been
    entered before. `entries` (项) were made, `corrections` of them correct one; `targets` (户) are those they are
    about, `categories` their number by the category's name. `batch` (录入批号) is 0 if nothing new was entered.
    `reports` are the files to send back.
    """

    plan: str
    mode: str
    draw: int
    batch: int
    files: tuple[str, ...]
    rows_read: int
    refused_rows: int
    merged: int
    unchanged: int
    entries: int
    corrections: int
    targets: int
    categories: Mapping[str, int]
    digest: str
    refused: tuple[RefusedRow, ...]
    notes: tuple[Note, ...]
    reports: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """The rows held against a draw, and the end of the log that they were held against."""

    draw: DrawRow
    checked: Checked
    head: str


def import_results(
    store: Store,
    paths: Sequence[Path],
    *,
    plan_id: str | None = None,
    reason: str = "",
    as_drawn: bool = False,
    strict: bool = False,
    operator: str,
    now: datetime,
    config: Path | None = None,
    lang: Lang = "zh",
) -> EntryResult:
    """Enter the results of a draw's targets from files: the accepted rows with the report on the others, or nothing.

    A row that repeats what was entered changes nothing, so that a growing export can be imported again and again; one
    that says otherwise needs a reason: in its own cell, or `reason` for all. `as_drawn`: rows that name no persons have
    those who were assigned. Raises InputRefused: `rosters.*` for a file that cannot be read, `quarter.strict_refused`
    and `quarter.nothing_accepted` (both with the report written all the same); WrongState as `results_draw`,
    `result.changed_meanwhile`; and all of `Store.begin`.
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    draft = draft_of("results", paths, rules)
    held = _hold(store, draft, plan_id, operator, now, config, reason=reason.strip(), as_drawn=as_drawn)
    checked = held.checked
    reports = refusal_reports(store, checked.roster, now, lang)
    nothing = not (checked.entries or checked.unchanged)
    if reports and (strict or nothing):
        code = "quarter.nothing_accepted" if nothing else "quarter.strict_refused"
        written = Listing(map(str, store.leave_reports(reports)))
        count, rows = len(checked.roster.originals), checked.roster.rows_read
        raise InputRefused(code, count=count, rows=rows, report=written)
    files = [SourceFile(path.name, sha256_of(path)) for path in paths]
    made: Sequence[EntryRow] = ()
    if checked.entries:
        with store.begin(operator, IMPORT, now) as transaction:
            made = _record(transaction, held)
            transaction.details(
                files=[{"name": one.name, "sha256": one.sha256} for one in files],
                rows={
                    "read": checked.roster.rows_read,
                    "refused": len(checked.roster.originals),
                    "unchanged": checked.unchanged,
                },
            )
            for name, data in reports.items():
                transaction.write_report(name, data)
    else:
        store.leave_reports(reports)
    return _result(store, held, made, files, reports, config)


def enter_result(
    store: Store,
    target: str,
    cells: Mapping[Role, str],
    *,
    plan_id: str | None = None,
    as_drawn: bool = False,
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> EntryResult:
    """Enter one target's result, as one row of a file would: `cells` are its cells by role, `target` its id or name.

    Raises InputRefused with what is first at fault, as it stands in the report of an import, `quarter.no_such_target`;
    `result.nothing_new` if that is what stands already; WrongState as `import_results`.
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    with store.read() as reader:
        draw = results_draw(reader, plan_id)
        code = find_target(read_chronicle(reader, draw).state, target).id
    draft = typed_draft("results", cells, code, rules)
    held = _hold(store, draft, draw.plan_id, operator, now, config, as_drawn=as_drawn)
    for one in held.checked.roster.refused:
        params = {"column": one.column, "value": one.value} | dict(one.params)
        raise InputRefused(one.code, Where(column=one.column), **params)
    if not held.checked.entries:
        raise InputRefused("result.nothing_new", target=code)
    with store.begin(operator, ENTER, now) as transaction:
        made = _record(transaction, held)
    return _result(store, held, made, (), {}, config)


def read_expected(reader: Reader, draw: DrawRow, now: datetime) -> Expected:
    """What results of a draw are held against. Raises as `read_chronicle`."""
    chronicle = read_chronicle(reader, draw)
    frozen = chronicle.grounds.frozen
    texts = read_texts(reader, draw)
    cases = read_cases(reader, chronicle)
    return Expected(
        plan=frozen.plan,
        methods={name: one.method for name, one in texts.tasks.items()},
        today=civil_day(now),
        cases=cases,
        inspectors={one.id: one for one in frozen.pool.inspectors},
        replaced=chronicle.state.were - cases.keys(),
        requested=frozenset(asked_targets(chronicle.state)),
        leaving=leaving(chronicle.state),
        aliases=dict(_aliases(reader, cases)),
        other_plans=frozenset(one.plan_id for one in reader.plans()) - {draw.plan_id},
        standing=standing_entries(read_entries(reader, draw)),
    )


def _hold(
    store: Store,
    draft: Draft,
    plan_id: str | None,
    operator: str,
    now: datetime,
    config: Path | None,
    *,
    reason: str = "",
    as_drawn: bool = False,
) -> _Held:
    vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
    with store.read() as reader:
        reader.check_operator(operator)
        draw = results_draw(reader, plan_id)
        expected, head = read_expected(reader, draw, now), reader.log_head()
    return _Held(draw, check(draft, expected, vocabulary, reason=reason, as_drawn=as_drawn), head)


def _record(transaction: Transaction, held: _Held) -> Sequence[EntryRow]:
    """Make the entries, unless another command has done something since they were held against the draw."""
    draw, checked = held.draw, held.checked
    if transaction.log_head() != held.head:
        raise WrongState("result.changed_meanwhile")
    ids = set(transaction.add_entries(draw, checked.entries))
    transaction.details(
        draw=draw.number,
        mode=draw.mode,
        plan=draw.plan_id,
        entries=len(checked.entries),
        corrections=checked.corrections,
        digest=checked.digest,
    )
    return [one for one in transaction.entries(draw) if one.id in ids]


def _result(
    store: Store,
    held: _Held,
    made: Sequence[EntryRow],
    files: Sequence[SourceFile],
    reports: Mapping[str, bytes],
    config: Path | None,
) -> EntryResult:
    words = Vocabulary.load(workspace=store.layout.root, override=config).categories
    checked, roster = held.checked, held.checked.roster
    codes = Counter(str(one.content["category"]) for one in checked.entries)
    return EntryResult(
        plan=held.draw.plan_id,
        mode=held.draw.mode,
        draw=held.draw.number,
        batch=made[0].batch if made else 0,
        files=tuple(one.name for one in files),
        rows_read=roster.rows_read,
        refused_rows=len(roster.originals),
        merged=roster.merged,
        unchanged=checked.unchanged,
        entries=len(checked.entries),
        corrections=checked.corrections,
        targets=len(_targets(checked.entries)),
        categories={words[code].name: count for code, count in codes.most_common()},
        digest=checked.digest,
        refused=roster.refused,
        notes=roster.notes,
        reports=tuple(map(store.layout.report, reports)),
    )


def _targets(entries: Sequence[NewEntry]) -> set[str]:
    return {one.target for one in entries}


def _aliases(reader: Reader, cases: Mapping[str, Case]) -> Iterator[tuple[str, str]]:
    """Other codes of present targets by the registry as it is now: an export may have the new code, or the old one."""
    current = reader.current_import("entities")
    if current is None:
        return
    frame = reader.snapshot(current.digest)
    for code, previous in zip(frame["id"].tolist(), frame["previous_code"].tolist(), strict=True):
        if previous and code in cases:
            yield previous, code
        elif previous and previous in cases:
            yield code, previous
