"""年度总账 as CSV: every figure under its key, and, for the authority itself, every record behind each key."""

import csv
import io
from collections.abc import Iterable, Sequence

from shuangsuiji.bundle.disclose_account import PublicAccount, PublicProgress
from shuangsuiji.followup.statistics import Account
from shuangsuiji.publish.cells import code_cell, word_cell
from shuangsuiji.publish.table import MARK
from shuangsuiji.publish.words import zh


def figures_table(whole: Account) -> bytes:
    """指标表: the key of every figure of the internal account, and its 户, 户次 and 条."""
    head = [zh(f"account.table.{name}") for name in ("key", "entities", "visits", "lines")]
    rows = ((word_cell(one.key), one.entities, one.visits, one.lines) for one in whole.figures())
    return _csv(head, rows)


def records_table(whole: Account) -> bytes:
    """记录表: what each figure counts, a line for each key and record; with `figures_table`, all there is to add up."""
    head = [zh(f"account.table.{name}") for name in ("key", "batch", "target", "entry", "other")]
    rows = (
        (
            word_cell(figure.key),
            code_cell(one.batch),
            code_cell(one.target),
            one.entry or "",
            word_cell(one.other),
        )
        for figure in whole.figures()
        for one in figure.records
    )
    return _csv(head, rows)


def public_table(view: PublicAccount) -> bytes:
    """指标表, public: the numbers of the published account under their keys."""
    return _csv([zh("account.table.key"), zh("account.table.name"), zh("account.table.value")], _public(view))


def _public(view: PublicAccount) -> Iterable[Sequence[str | int]]:
    yield from _progress("whole", view.whole)
    for name, groups in (("batch", view.batches), ("task", view.tasks), ("district", view.districts)):
        for number, one in enumerate(groups, start=1):
            yield from _progress(f"{name}.{number}", one)
    for number, (task, tier, drawn) in enumerate(view.drawn, start=1):
        yield [f"drawn.{number}", word_cell(f"{task} {tier}"), drawn]
    for name, kinds in (("category", view.categories), ("enforcement", view.enforcement)):
        for kind in kinds:
            yield [f"{name}.{kind.code}.entities", zh("account.table.entities"), kind.entities]
            yield [f"{name}.{kind.code}.lines", zh("account.table.lines"), kind.lines]
    yield ["results", zh("account.table.lines"), view.results]
    for step, count in view.steps.items():
        yield [f"abnormal.{step}", zh("account.table.entities"), count]
    yield ["review.reviewed", zh("account.table.persons"), view.reviewed]
    yield ["review.cancelled", zh("account.table.persons"), view.cancelled]


def _progress(key: str, one: PublicProgress) -> Iterable[Sequence[str | int]]:
    name = word_cell(zh("notices.enumerate").join(part or zh("account.unmarked") for part in one.names))
    for field in ("entities", "due", "checked", "entered", "published", "problem", "lost"):
        said = f"{name} {zh(f'account.progress.{field}')}".strip()
        yield [f"{key}.{field}", said, getattr(one, field)]


def _csv(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    out = io.StringIO()
    made = csv.writer(out, lineterminator="\r\n")
    made.writerow(head)
    made.writerows(rows)
    return (MARK + out.getvalue()).encode()
