"""`shuangsuiji schedule make|show|export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import Group, command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.calendar_files import FilesResult
    from shuangsuiji.quarter.schedule import MadeResult
    from shuangsuiji.quarter.schedule_shown import ShownResult


def show_made(result: "MadeResult", page: Page) -> None:
    """The calendar's number, what it holds, how even it is, how far from the bound."""
    say_draw(page, "cli.schedule.made", result)
    page.gap()
    page.say(
        "cli.schedule.total",
        number=result.number,
        visits=result.visits,
        persons=result.persons,
        first=result.first,
        last=result.last,
    )
    page.say(
        "cli.schedule.even",
        days=result.days,
        least=result.least,
        most=result.most,
        limit=result.max_per_day,
    )
    if result.appointed or result.kept:
        page.say("cli.schedule.stood", appointed=result.appointed, kept=result.kept)
    if result.number > 1:
        page.say("cli.schedule.moved", moved=result.moved, before=result.number - 1)
    if result.added or result.skipped:
        days = (page.text("where.join").join(one) for one in (result.added, result.skipped))
        added, skipped = (one or page.text("cli.schedule.no_day") for one in days)
        page.say("cli.schedule.days_changed", added=added, skipped=skipped)
    if result.reason:
        page.say("cli.schedule.reason", reason=result.reason)
    if result.elsewhere:
        page.say("cli.schedule.elsewhere", count=result.elsewhere)
    page.say("cli.schedule.trips", trips=result.trips)
    stood = bool(result.appointed or result.kept or result.elsewhere)
    gap = "cli.schedule.gap_of_the_rest" if stood else "cli.schedule.gap"
    page.say(gap, cost=result.cost, bound=result.bound, solver=result.solver)
    say_next(page, f"schedule export DIR --plan {result.plan} --operator …")


@command("schedule make", exits=(0, 2, 3, 4, 5, 6), render=show_made)
@plan_option
@click.option("--appoint", multiple=True, metavar="CODE=DATE")
@click.option("--add-day", "add_days", multiple=True, metavar="DATE")
@click.option("--skip-day", "skip_days", multiple=True, metavar="DATE")
@click.option("--max-per-day", type=click.IntRange(min=1, max=50), metavar="N")
@click.option("--again", is_flag=True)
@click.option("--reason", metavar="TEXT", default="")
@operator_option
def make(
    session: Session,
    plan: str | None,
    appoint: tuple[str, ...],
    add_days: tuple[str, ...],
    skip_days: tuple[str, ...],
    max_per_day: int | None,
    again: bool,
    reason: str,
) -> "MadeResult":
    """`schedule make` (排检查日期)."""
    from shuangsuiji.quarter import schedule as verb
    from shuangsuiji.quarter.visit_problem import Wishes

    store = open_store(session)
    return verb.make(
        store,
        Wishes(appoint, add_days, skip_days, max_per_day, again, reason),
        plan_id=plan,
        config=session.config,
        operator=acting(session, store),
        now=session.now,
        tell=progress.solving,
    )


def show_shown(result: "ShownResult", page: Page) -> None:
    """The calendar day by day: how many visits and teams, in which districts; or the visits asked for."""
    say_draw(page, "cli.schedule.stands", result)
    page.gap()
    page.say(
        "cli.schedule.total",
        number=result.number,
        visits=result.total,
        persons=result.persons,
        first=result.first,
        last=result.last,
    )
    if result.reason:
        page.say("cli.schedule.reason", reason=result.reason)
    page.gap()
    join = page.text("where.join")
    if result.visits:
        headings = ["cli.schedule.day", "cli.schedule.target", "cli.schedule.district", "cli.schedule.team"]
        rows = [
            (
                f"{one.day} {page.text(f'cli.weekday.{one.weekday}')}",
                one.name,
                one.district,
                join.join(one.team),
            )
            for one in result.visits
        ]
    else:
        headings = [
            "cli.schedule.day",
            "cli.schedule.visits",
            "cli.schedule.persons",
            "cli.schedule.districts",
        ]
        rows = [
            (
                f"{one.day} {page.text(f'cli.weekday.{one.weekday}')}",
                str(one.visits),
                str(one.persons),
                join.join(one.districts),
            )
            for one in result.days
        ]
    page.table(headings, rows)


@command("schedule show", exits=(0, 2, 3, 4, 6), render=show_shown)
@plan_option
@click.option("--number", type=click.IntRange(min=1), metavar="N")
@click.option("--person", metavar="NAME")
@click.option("--day", metavar="DATE")
def show(
    session: Session, plan: str | None, number: int | None, person: str | None, day: str | None
) -> "ShownResult":
    """`schedule show` (查看检查安排)."""
    from shuangsuiji.quarter import schedule_shown as verb

    return verb.show(
        open_store(session), plan_id=plan, number=number or 0, person=person or "", day=day or ""
    )


def show_files(result: "FilesResult", page: Page) -> None:
    """The folder, and how many files of each kind are in it."""
    say_draw(page, "cli.schedule.written", result)
    page.gap()
    rows = [(page.text(f"cli.schedule.kind.{kind}"), count) for kind, count in result.counts.items()]
    page.table(["cli.schedule.files", "cli.schedule.count"], rows)
    page.say("cli.schedule.folder", folder=str(result.folder))
    page.say("cli.schedule.private")
    if result.no_receipts:
        page.say(f"cli.schedule.no_receipts.{result.no_receipts}", date=result.held_until)
    elif "receipts" in result.counts:
        page.say("cli.schedule.receipts")


@command("schedule export", exits=(0, 2, 3, 4, 6), render=show_files)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@plan_option
@click.option("--no-papers", is_flag=True)
@click.option("--no-receipts", is_flag=True)
@operator_option
def export(
    session: Session, folder: Path, plan: str | None, no_papers: bool, no_receipts: bool
) -> "FilesResult":
    """`schedule export` (导出检查安排)."""
    from shuangsuiji.quarter import calendar_files as verb

    store = open_store(session)
    return verb.export(
        store,
        folder,
        papers=not no_papers,
        receipts=not no_receipts,
        plan_id=plan,
        config=session.config,
        operator=acting(session, store),
        now=session.now,
        tell=progress.done,
    )


GROUP: Final = Group("schedule", (0, 2), {name: f"{__name__}:{name}" for name in ("make", "show", "export")})
