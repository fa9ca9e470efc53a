"""`shuangsuiji audit prove`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.prove import ProveResult

_KEY = click.Path(path_type=Path, dir_okay=False)


def show(result: "ProveResult", page: Page) -> None:
    """How many receipts lie where, and that each is for its business alone."""
    say_draw(page, "cli.prove.done", result)
    page.gap()
    page.say("cli.prove.written", count=result.count, path=str(result.path))
    if result.sheets:
        page.say("cli.prove.sheets")
    if result.ticket:
        page.say("cli.prove.ticket", ticket=result.ticket)
    page.say("cli.prove.confidential")
    if result.ticket:
        say_next(page, f"audit verify {result.path}{' --rehearsal' if result.mode == 'rehearsal' else ''}")


@command("audit prove", exits=(0, 2, 3, 4, 6), render=show)
@click.option("--entity", metavar="CODE")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--all", "folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--everyone", is_flag=True)
@click.option("--no-sheets", is_flag=True)
@click.option("--pdf", is_flag=True)
@click.option("--sign", type=_KEY, metavar="KEYFILE")
@plan_option
@operator_option
def prove(
    session: Session,
    entity: str | None,
    output: Path | None,
    folder: Path | None,
    everyone: bool,
    no_sheets: bool,
    pdf: bool,
    sign: Path | None,
    plan: str | None,
) -> "ProveResult":
    """`audit prove` (出具回执)."""
    from shuangsuiji.quarter import prove as verb

    if (entity is None) == (folder is None):
        raise click.UsageError(text("cli.prove.one_or_all"))
    if ((everyone or no_sheets) and folder is None) or (output is not None and entity is None):
        raise click.UsageError(text("cli.prove.options"))
    store = open_store(session)
    operator = acting(session, store)
    if entity is not None:
        return verb.one(
            store, entity, output, plan_id=plan, pdf=pdf, sign=sign, operator=operator, now=session.now
        )
    return verb.several(
        store,
        folder or Path(),
        plan_id=plan,
        everyone=everyone,
        sheets=not no_sheets,
        pdf=pdf,
        sign=sign,
        operator=operator,
        now=session.now,
        tell=progress.done,
    )
