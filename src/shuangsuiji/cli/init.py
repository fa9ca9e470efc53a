"""`shuangsuiji init`."""

from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_next

if TYPE_CHECKING:
    from shuangsuiji.quarter.init import InitResult


def show(result: "InitResult", page: Page) -> None:
    """Where the workspace is, whose, and who may act in it."""
    page.say("cli.init.done", path=str(result.path.resolve()))
    page.say("cli.init.authority", authority=result.authority, region=result.region)
    page.say("cli.init.operators", operators=page.text("where.join").join(result.operators))
    say_next(page, "import entities")


@command("init", exits=(0, 2, 3, 6), render=show)
@click.option("--authority", required=True, metavar="NAME")
@click.option("--region", required=True, metavar="CODE")
@click.option("--operator", "operators", required=True, multiple=True, metavar="NAME")
def init(session: Session, authority: str, region: str, operators: tuple[str, ...]) -> "InitResult":
    """`init` (新建工作目录)."""
    from shuangsuiji.quarter import init as verb

    return verb.init(session.workspace, authority, region, operators, session.now)
