"""`shuangsuiji draw`."""

from typing import TYPE_CHECKING

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import counts, say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.draw import DrawResult


def show(result: "DrawResult", page: Page) -> None:
    """Each tier's base, quota and drawn; who was excluded, by task and reason."""
    say_draw(page, "cli.draw.done", result)
    page.gap()
    headings = ["cli.draw.task", "cli.draw.tier", "cli.draw.base", "cli.draw.quota", "cli.draw.drawn"]
    page.table(
        headings,
        [(result.task_names[one.task], one.name, one.base, one.quota, one.drawn) for one in result.tiers],
    )
    page.gap()
    page.say("cli.draw.total", targets=result.targets, visits=result.visits)
    for task, tally in result.excluded.items():
        excluded = counts(page, "publish.reason.", tally, result.reasons)
        page.say(
            "cli.draw.excluded",
            task=result.task_names[task],
            excluded=excluded,
            in_no_tier=result.in_no_tier[task],
        )
    say_next(page, "match")


@command("draw", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@operator_option
def draw(session: Session, plan: str | None) -> "DrawResult":
    """`draw` (抽取检查对象)."""
    from shuangsuiji.quarter import draw as verb

    store = open_store(session)
    return verb.draw(store, plan_id=plan, operator=acting(session, store), now=session.now)
