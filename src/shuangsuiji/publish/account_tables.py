"""年度总账 as CSV: every figure under its key, and, for the authority itself, every record behind each key."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from shuangsuiji.bundle.disclose_account import PublicAccount, PublicProgress
from shuangsuiji.followup.results import Entry, Standing
from shuangsuiji.followup.statistics import Account, Year
from shuangsuiji.followup.work import Visited
from shuangsuiji.publish.account import yuan
from shuangsuiji.publish.cells import code_cell, word_cell
from shuangsuiji.publish.table import MARK
from shuangsuiji.publish.words import BEIJING, zh

_ENTRY: Final = (
    "entry", "batch", "target", "drawn", "task", "item", "day", "result", "method", "disposal", "present", "state",
    "operator", "entered", "source", "row", "corrects", "reason", "reviewer", "reviewed", "told",
)  # fmt: skip

_STEP: Final = (
    "step", "batch", "target", "drawn", "reached", "done", "ground", "cause", "document", "operator", "entered",
)  # fmt: skip


def figures_table(whole: Account) -> bytes:
    """指标表: the key of every figure of the internal account, its 户, 户次, calls and 条, the sum of its fines."""
    head = [zh(f"account.table.{name}") for name in ("key", "entities", "visits", "calls", "lines", "amount")]
    rows = (
        (word_cell(one.key), one.entities, one.visits, one.calls, one.lines, _yuan(one.amount))
        for one in whole.figures()
    )
    return _csv(head, rows)


def records_table(whole: Account) -> bytes:
    """记录表: what each figure counts, a line for each key and record; with `figures_table`, all there is to add up."""
    head = [
        zh(f"account.table.{name}")
        for name in ("key", "batch", "target", "task", "entry", "step", "other", "amount")
    ]
    rows = (
        (
            word_cell(figure.key),
            code_cell(one.batch),
            code_cell(one.target),
            word_cell(one.task),
            one.entry or "",
            one.step or "",
            word_cell(one.other),
            _yuan(one.amount),
        )
        for figure in whole.figures()
        for one in figure.records
    )
    return _csv(head, rows)


def entries_table(year: Year, names: Mapping[str, str]) -> bytes:
    """结果表: every result that stands, under the number by which records name it, with where it came from.

    `names` are the words of results by code, of methods and follow-ups behind `method.` and `disposal.`.
    """
    head = [zh(f"account.table.{name}") for name in _ENTRY]
    rows = (
        _entry(one, at, at.entry, year, names)
        for one in year.visited
        for at in one.standings
        if at.entry is not None
    )
    return _csv(head, rows)


def _entry(
    visited: Visited, at: Standing, entry: Entry, year: Year, names: Mapping[str, str]
) -> Sequence[str | int]:
    persons = (year.persons.get(one) for one in entry.persons)
    reviewed = (at.review.operator, _time(at.review.time)) if at.review else ("", "")
    return (
        entry.id,
        code_cell(visited.batch),
        code_cell(visited.target),
        code_cell(entry.target),
        word_cell(at.task),
        word_cell(entry.item),
        entry.day.isoformat(),
        word_cell(names.get(entry.category, entry.category)),
        word_cell(names.get(f"method.{entry.method}", entry.method)),
        word_cell(names.get(f"disposal.{entry.disposal}", entry.disposal)),
        word_cell(zh("notices.enumerate").join(f"{one.name}({one.id})" for one in persons if one)),
        zh(f"result.state.{at.state}"),
        word_cell(entry.operator),
        _time(entry.time),
        word_cell(entry.source),
        entry.row or "",
        entry.corrects or "",
        word_cell(entry.reason),
        word_cell(reviewed[0]),
        reviewed[1],
        "" if at.told is None else _time(at.told),
    )


def steps_table(year: Year, names: Mapping[str, str]) -> bytes:
    """步骤表: every step of a proposal for the abnormal-operations list, under the number by which records name it.

    `names` are the words of grounds, behind `ground.`.
    """
    head = [zh(f"account.table.{name}") for name in _STEP]
    rows = (
        (
            done.number,
            code_cell(one.batch),
            code_cell(one.target),
            code_cell(done.target),
            zh(f"abnormal.step.{done.step}"),
            done.day.isoformat(),
            word_cell(names.get(f"ground.{done.ground}", done.ground)),
            word_cell(done.reason),
            word_cell(done.reference),
            word_cell(done.operator),
            _time(done.time),
        )
        for one in year.visited
        for done in one.steps
    )
    return _csv(head, rows)


def public_table(view: PublicAccount) -> bytes:
    """指标表, public: the numbers of the published account under their keys."""
    return _csv([zh("account.table.key"), zh("account.table.name"), zh("account.table.value")], _public(view))


def _public(view: PublicAccount) -> Iterable[Sequence[str | int]]:
    for one in (view.whole, *view.batches, *view.tasks, *view.districts):
        yield from _progress(one)
    for key, task, tier, drawn in view.drawn:
        yield [word_cell(key), word_cell(f"{task} {tier}"), drawn]
    for name, kinds in (("category", view.categories), ("enforcement", view.enforcement)):
        for kind in kinds:
            yield [f"{name}.{kind.code}.entities", zh("account.table.entities"), kind.entities]
            yield [f"{name}.{kind.code}.lines", zh("account.table.lines"), kind.lines]
    yield ["results", zh("account.table.lines"), view.results]
    for step, count in view.steps.items():
        yield [f"abnormal.{step}", zh("account.table.entities"), count]
    yield ["review.reviewed", zh("account.table.persons"), view.reviewed]
    yield ["review.cancelled", zh("account.table.persons"), view.cancelled]


def _progress(one: PublicProgress) -> Iterable[Sequence[str | int]]:
    name = word_cell(zh("notices.enumerate").join(part or zh("account.unmarked") for part in one.names))
    for field in ("entities", "calls", "due", "checked", "entered", "published", "problem", "lost", "listed"):
        said = f"{name} {zh(f'account.progress.{field}')}".strip()
        yield [word_cell(f"{one.key}.{field}"), said, getattr(one, field)]


def _yuan(fen: int) -> str:
    return yuan(fen) if fen else ""


def _time(value: datetime) -> str:
    return value.astimezone(BEIJING).isoformat(timespec="seconds")


def _csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    out = io.StringIO()
    made = csv.writer(out, lineterminator="\r\n")
    made.writerow(head)
    made.writerows(rows)
    return (MARK + out.getvalue()).encode()
