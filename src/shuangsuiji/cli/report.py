"""`shuangsuiji report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.report import ReportResult


def show(result: "ReportResult", page: Page) -> None:
    """The year in a few lines, and the files."""
    from shuangsuiji.publish.account import percent

    account, whole = result.account, result.account.whole
    mode = page.text(f"cli.mode.{result.mode}")
    batches = len(result.batches)
    page.say("cli.report.done", year=result.year, mode=mode, batches=batches)
    page.say("cli.report.drawn", entities=whole.entities, due=whole.due, calls=whole.calls)
    rates = [percent(part, whole.due) for part in (whole.checked, whole.entered, whole.published)]
    page.say("cli.report.rates", check=rates[0], entry=rates[1], publication=rates[2])
    page.say("cli.report.found", problem=whole.problem, lost=whole.lost)
    if account.reviewed:
        page.say("cli.report.people", reviewed=account.reviewed, cancelled=account.cancelled)
    if result.undrawn:
        page.say("cli.report.undrawn", plans=page.text("where.join").join(result.undrawn))
    page.gap()
    page.table(["cli.file", "cli.size"], [(str(one.path), one.size) for one in result.files])
    if not result.printed:
        page.say("cli.report.no_font")
    page.gap()
    page.say("cli.report.traced", figures=result.figures, records=result.records)


@command("report", exits=(0, 2, 3, 4, 6), render=show)
@click.option("--year", type=click.IntRange(1, 9999), required=True, metavar="YYYY")
@click.option("--rehearsal", is_flag=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR"
)
def report(session: Session, year: int, rehearsal: bool, output: Path) -> "ReportResult":
    """`report` (年度总账)."""
    from shuangsuiji.quarter import report as verb

    store = open_store(session)
    return verb.report(store, output, year=year, rehearsal=rehearsal, config=session.config, now=session.now)
