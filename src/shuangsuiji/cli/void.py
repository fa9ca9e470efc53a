"""`shuangsuiji void`."""

from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.void import VoidResult


def show(result: "VoidResult", page: Page) -> None:
    """The draw that is void, why, by whose approval; it still has to be published."""
    say_draw(page, "cli.void.done", result)
    page.gap()
    page.say("cli.void.reason", reason=result.reason, approver=result.approver)
    say_next(page, "publish")


@command("void", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@click.option("--reason", required=True, metavar="TEXT")
@click.option("--approver", required=True, metavar="NAME")
@operator_option
def void(session: Session, plan: str | None, reason: str, approver: str) -> "VoidResult":
    """`void` (作废)."""
    from shuangsuiji.quarter import void as verb

    store = open_store(session)
    return verb.void(
        store,
        reason=reason,
        approver=approver,
        plan_id=plan,
        operator=acting(session, store),
        now=session.now,
    )
