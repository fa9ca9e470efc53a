"""`shuangsuiji freeze`."""

from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import counts, say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.freeze import FreezeResult


def show(result: "FreezeResult", page: Page) -> None:
    """Sizes, who cannot be drawn, the commitments and the values to come."""
    say_draw(page, "cli.freeze.done", result)
    page.gap()
    page.say("cli.freeze.entities", count=result.entities)
    left_out = counts(page, "publish.left_out.", result.left_out)
    page.say("cli.freeze.inspectors", count=result.inspectors, eligible=result.eligible, left_out=left_out)
    page.say("cli.freeze.recusals", count=result.recusals)
    page.gap()
    page.say("cli.freeze.targets", digest=result.targets_commitment)
    page.say("cli.freeze.people", digest=result.inspectors_commitment)
    page.gap()
    page.say("cli.freeze.values", values=page.text("where.join").join(result.values))
    if result.contributors:
        page.say("cli.freeze.contributors", contributors=page.text("where.join").join(result.contributors))
    if result.deadline:
        page.say("cli.freeze.deadline", deadline=result.deadline)
    say_next(page, "publish")


@command("freeze", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE")
@click.option("--contributor", "contributors", multiple=True, metavar="NAME")
@operator_option
def freeze(
    session: Session, plan: str | None, values: tuple[str, ...], contributors: tuple[str, ...]
) -> "FreezeResult":
    """`freeze` (冻结)."""
    from shuangsuiji.quarter import freeze as verb

    store = open_store(session)
    operator = acting(session, store)
    return verb.freeze(
        store,
        plan_id=plan,
        values=values,
        contributors=contributors,
        operator=operator,
        now=session.now,
        config=session.config,
    )
