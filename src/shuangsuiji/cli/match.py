"""`shuangsuiji match`."""

from typing import TYPE_CHECKING

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.match import MatchResult


def show(result: "MatchResult", page: Page) -> None:
    """How many teams of how many persons, how even the loads are, the digest of the result."""
    say_draw(page, "cli.match.done", result)
    page.gap()
    page.say("cli.match.total", blocks=result.blocks, places=result.places, inspectors=result.inspectors)
    page.table(["cli.match.load", "cli.match.persons"], list(result.loads.items()))
    page.gap()
    page.say("cli.match.result", digest=result.result)
    say_next(page, "publish")


@command("match", exits=(0, 2, 3, 4, 5, 6), render=show)
@plan_option
@operator_option
def match(session: Session, plan: str | None) -> "MatchResult":
    """`match` (抽取检查人员)."""
    from shuangsuiji.quarter import match as verb

    store = open_store(session)
    return verb.match(store, plan_id=plan, operator=acting(session, store), now=session.now)
