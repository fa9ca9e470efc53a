"""`shuangsuiji publish`."""

from typing import TYPE_CHECKING

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.publish import PublishResult


def show(result: "PublishResult", page: Page) -> None:
    """The files published, and where they lie."""
    say_draw(page, "cli.publish.done", result)
    page.gap()
    page.table(["cli.file", "cli.size"], [(str(one.path), one.size) for one in result.artefacts])
    for one in result.artefacts:
        if one.path.suffix == ".json":
            page.gap()
            page.say("cli.publish.witness", path=str(one.path))
    if result.complete:
        say_next(page, "export bundle")
    else:
        page.gap()
        page.say("cli.publish.more")


@command("publish", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@operator_option
def publish(session: Session, plan: str | None) -> "PublishResult":
    """`publish` (公示)."""
    from shuangsuiji.quarter import publish as verb

    store = open_store(session)
    return verb.publish(
        store, plan_id=plan, operator=acting(session, store), now=session.now, config=session.config
    )
