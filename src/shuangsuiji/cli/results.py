"""`shuangsuiji results import|enter|list|review`: what inspections found, entered by one and reviewed by another."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Group, command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.refused import say_refused
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import civil, counts, say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store
from shuangsuiji.errors import first_of

if TYPE_CHECKING:
    from shuangsuiji.followup.results import Standing
    from shuangsuiji.quarter.result_entry import EntryResult
    from shuangsuiji.quarter.results import ListResult
    from shuangsuiji.quarter.review import ReviewResult
    from shuangsuiji.rosters.headings import Role

SHOWN: Final = 20
"""How many results stand on the terminal; JSON has all."""
_NAMED: Final = 5
"""How many entries returned for one reason are named."""
_STATES: Final = ("missing", "pending", "returned", "approved", "published")


def show_entered(result: "EntryResult", page: Page) -> None:
    """Rows read, entries made by category, the first refused rows and the reports; what comes next."""
    say_draw(page, "cli.results.entered", result)
    page.gap()
    if result.files:
        page.say("cli.results.files", files=page.text("where.join").join(result.files))
        page.say(
            "cli.results.rows",
            read=result.rows_read,
            refused=result.refused_rows,
            merged=result.merged,
            unchanged=result.unchanged,
        )
    if result.entries:
        page.say("cli.results.made", batch=result.batch, entries=result.entries, targets=result.targets)
        page.say("cli.results.categories", counts=counts(page, "result.category.", result.categories))
    else:
        page.say("cli.results.nothing_new")
    if result.corrections:
        page.say("cli.results.corrections", count=result.corrections)
    for note in result.notes:
        page.say(note.code, **note.params)
    say_refused(page, result.refused, result.reports)
    if not result.entries:
        say_next(page, f"results list --plan {result.plan}")
        return
    page.say("cli.results.another")
    say_next(page, f"results review --batch {result.batch} --approve --plan {result.plan} --operator …")


def show_list(result: "ListResult", page: Page) -> None:
    """How many results stand where, by category, and those that were chosen."""
    say_draw(page, "cli.results.listed", result)
    page.gap()
    page.say("cli.results.targets", targets=result.targets, unchecked=result.unchecked)
    page.say("cli.results.states", counts=counts(page, "result.state.", result.states))
    page.say("cli.results.categories", counts=counts(page, "result.category.", result.categories))
    page.gap()
    shown = result.chosen[:SHOWN]
    if shown:
        columns = ("id", "target", "task", "item", "result", "day", "state", "operator")
        rows = [_row(one, result, page) for one in shown]
        page.table([f"cli.results.column.{name}" for name in columns], rows)
    if len(result.chosen) > len(shown):
        page.say("cli.results.more", count=len(result.chosen) - len(shown))
    for (operator, time, reason), ids in _returned(shown).items():
        page.say(
            "cli.results.returned", ids=first_of(ids, _NAMED), operator=operator, time=time, reason=reason
        )


def _returned(shown: Sequence["Standing"]) -> dict[tuple[str, str, str], list[str]]:
    """The numbers of the entries that were returned, by who did it when for what reason."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in shown:
        if one.state == "returned" and one.entry is not None and one.review is not None:
            about = (one.review.operator, civil(one.review.time), one.review.reason)
            found.setdefault(about, []).append(str(one.entry.id))
    return found


def _row(one: "Standing", result: "ListResult", page: Page) -> tuple[str, ...]:
    state = page.text(f"result.state.{one.state}")
    name = result.names.get(one.target) or one.target
    task = result.tasks[one.task]
    if one.entry is None:
        return "", name, task, one.item, page.text("cli.results.unchecked"), "", state, ""
    entry = one.entry
    word = result.words.get(entry.category, entry.category)
    return str(entry.id), name, task, one.item, word, entry.day.isoformat(), state, entry.operator


def show_review(result: "ReviewResult", page: Page) -> None:
    """How many were approved or returned, and where all stand now."""
    say_draw(page, "cli.results.reviewed", result)
    page.gap()
    code = "cli.results.approved" if result.approved else "cli.results.sent_back"
    page.say(code, count=result.count, targets=result.targets, reason=result.reason)
    if result.own:
        page.say("cli.results.own", count=result.own)
    page.say("cli.results.states", counts=counts(page, "result.state.", result.states))
    say_next(page, "status")


@command("results import", exits=(0, 2, 3, 4, 6), render=show_entered)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@plan_option
@click.option("--reason", metavar="TEXT", default="")
@click.option("--as-drawn", is_flag=True)
@click.option("--strict", is_flag=True)
@operator_option
def import_results(
    session: Session, files: tuple[Path, ...], plan: str | None, reason: str, as_drawn: bool, strict: bool
) -> "EntryResult":
    """`results import` (导入检查结果)."""
    from shuangsuiji.quarter import result_entry as verb

    store = open_store(session)
    return verb.import_results(
        store,
        files,
        plan_id=plan,
        reason=reason,
        as_drawn=as_drawn,
        strict=strict,
        operator=acting(session, store),
        now=session.now,
        config=session.config,
        lang=session.lang,
    )


@command("results enter", exits=(0, 2, 3, 4, 6), render=show_entered)
@click.argument("target")
@plan_option
@click.option("--task", metavar="TASK", default="")
@click.option("--item", metavar="ITEM", default="")
@click.option("--result", required=True, metavar="RESULT")
@click.option("--date", required=True, metavar="DATE")
@click.option("--person", "persons", multiple=True, metavar="PERSON")
@click.option("--as-drawn", is_flag=True)
@click.option("--method", metavar="METHOD", default="")
@click.option("--disposal", metavar="DISPOSAL", default="")
@click.option("--evidence", metavar="NUMBER", default="")
@click.option("--scan", metavar="NUMBER", default="")
@click.option("--education", nargs=2, metavar="DATE NUMBER", default=("", ""))
@click.option("--warning", nargs=2, metavar="DATE NUMBER", default=("", ""))
@click.option("--fine", nargs=3, metavar="DATE NUMBER YUAN", default=("", "", ""))
@click.option("--note", metavar="TEXT", default="")
@click.option("--reason", metavar="TEXT", default="")
@operator_option
def enter(
    session: Session,
    target: str,
    plan: str | None,
    task: str,
    item: str,
    result: str,
    date: str,
    persons: tuple[str, ...],
    as_drawn: bool,
    method: str,
    disposal: str,
    evidence: str,
    scan: str,
    education: tuple[str, str],
    warning: tuple[str, str],
    fine: tuple[str, str, str],
    note: str,
    reason: str,
) -> "EntryResult":
    """`results enter` (录入一户的检查结果)."""
    from shuangsuiji.quarter import result_entry as verb

    store = open_store(session)
    cells: dict[Role, str] = {
        "task_name": task,
        "item": item,
        "result": result,
        "checked_on": date,
        "persons": "\n".join(persons),
        "method": method,
        "disposal": disposal,
        "evidence": evidence,
        "scan": scan,
        "education_day": education[0],
        "education_reference": education[1],
        "warning_day": warning[0],
        "warning_reference": warning[1],
        "fine_day": fine[0],
        "fine_reference": fine[1],
        "fine_amount": fine[2],
        "remark": note,
        "correction": reason,
    }
    return verb.enter_result(
        store,
        target,
        cells,
        plan_id=plan,
        as_drawn=as_drawn,
        operator=acting(session, store),
        now=session.now,
        config=session.config,
    )


@command("results list", exits=(0, 2, 3, 4, 6), render=show_list)
@plan_option
@click.option("--state", type=click.Choice(_STATES))
@click.option("--result", metavar="RESULT", default="")
@click.option("--task", metavar="TASK", default="")
@click.option("--target", metavar="CODE", default="")
@click.option("--batch", type=click.IntRange(min=1), metavar="NUMBER")
def list_results(
    session: Session,
    plan: str | None,
    state: str | None,
    result: str,
    task: str,
    target: str,
    batch: int | None,
) -> "ListResult":
    """`results list` (检查结果一览)."""
    from shuangsuiji.quarter import results as verb

    chosen = verb.Filter(state or "", result, task, target, batch or 0)
    return verb.list_results(open_store(session), chosen, plan_id=plan, config=session.config)


@command("results review", exits=(0, 2, 3, 4, 6), render=show_review)
@click.argument("entries", nargs=-1, type=click.IntRange(min=1), metavar="[ENTRY...]")
@plan_option
@click.option("--batch", "batches", multiple=True, type=click.IntRange(min=1), metavar="NUMBER")
@click.option("--all", "everything", is_flag=True)
@click.option("--approve", is_flag=True)
@click.option("--return", "send_back", is_flag=True)
@click.option("--reason", metavar="TEXT", default="")
@operator_option
def review(
    session: Session,
    entries: tuple[int, ...],
    plan: str | None,
    batches: tuple[int, ...],
    everything: bool,
    approve: bool,
    send_back: bool,
    reason: str,
) -> "ReviewResult":
    """`results review` (审核检查结果)."""
    from shuangsuiji.quarter import review as verb

    if approve == send_back:
        raise click.UsageError(text("cli.results.approve_or_return"))
    if bool(entries or batches) == everything:
        raise click.UsageError(text("cli.results.which"))
    store = open_store(session)
    return verb.review(
        store,
        verb.Selection(entries, batches, everything),
        approved=approve,
        reason=reason,
        plan_id=plan,
        operator=acting(session, store),
        now=session.now,
    )


_ATTRIBUTES: Final = {
    "import": "import_results",
    "enter": "enter",
    "list": "list_results",
    "review": "review",
}
GROUP: Final = Group("results", (0, 2), {name: f"{__name__}:{made}" for name, made in _ATTRIBUTES.items()})
