"""`shuangsuiji match`."""

from typing import TYPE_CHECKING, Final

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.shortage_words import lacking
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store
from shuangsuiji.errors import Shortage

if TYPE_CHECKING:
    from shuangsuiji.audit.loads import Crowd
    from shuangsuiji.quarter.match import MatchResult

_CROWDS: Final = 12
_KINDS: Final = 3
"""So many lines, of so many kinds of places each, are shown; `--json` has all."""


def show(result: "MatchResult", page: Page) -> None:
    """How many teams of how many persons, how even the loads are; who was short; the digest of the result."""
    say_draw(page, "cli.match.done" if result.succeeded else "cli.match.short", result)
    page.gap()
    if result.succeeded:
        page.say("cli.match.total", blocks=result.blocks, places=result.places, inspectors=result.inspectors)
        page.table(["cli.match.load", "cli.match.persons"], list(result.loads.items()))
        _show_uneven(result, page)
    else:
        page.say("cli.match.none", blocks=result.blocks, places=result.places)
    _show_shortages(result, page)
    page.gap()
    page.say("cli.match.result", digest=result.result)
    say_next(page, "publish" if result.succeeded else "void")


def _show_uneven(result: "MatchResult", page: Page) -> None:
    """Where loads differ by more than one: who carries how much, and which places are theirs alone."""
    if result.fixed and max(result.loads, default=0) - min(result.loads, default=0) > 1:
        page.gap()
        page.say("cli.match.uneven_teams")
    if not result.uneven:
        return
    page.gap()
    apart = any(one.why == "apart" for one in result.uneven)
    page.say("cli.match.uneven_apart" if apart else "cli.match.uneven")
    for one in result.uneven[:_CROWDS]:
        loads = str(one.least) if one.least == one.most else f"{one.least}–{one.most}"
        places = _places(one, result, page)
        page.say(f"cli.match.crowd.{one.why}", persons=one.persons, loads=loads, places=places)
    if len(result.uneven) > _CROWDS:
        page.say("cli.match.more_crowds", count=len(result.uneven) - _CROWDS)


def _places(one: "Crowd", result: "MatchResult", page: Page) -> str:
    kinds = sorted(one.places, key=lambda kind: -kind[2])
    shown = [
        page.text("cli.match.kind", district=district, slot=result.slots[slot], count=count)
        for slot, district, count in kinds[:_KINDS]
    ]
    more = ["…"] if len(kinds) > _KINDS else []
    return page.text("where.join").join([*shown, *more])


def _show_shortages(result: "MatchResult", page: Page) -> None:
    """Which places were short under how many relaxations, and which relaxations were applied at last."""
    if not result.shortages:
        return
    page.gap()
    for one in result.shortages:
        begin = page.text(
            "cli.match.attempt" if one.relaxations else "cli.match.as_planned", count=one.relaxations
        )
        page.say("cli.match.lacking", attempt=begin, lacking=lacking(one, page))
    if result.relaxed:
        page.gap()
        page.say("cli.match.relaxed", count=len(result.relaxed))
        rows = [
            (number, one.words[page.lang], one.name) for number, one in enumerate(result.relaxed, start=1)
        ]
        page.table(["cli.plan.order", "cli.plan.relaxation", "cli.plan.named"], rows)


@command(
    "match",
    exits=(0, 2, 3, 4, 5, 6),
    render=show,
    exit_code=lambda result: 0 if result.succeeded else Shortage.exit_code,
)
@plan_option
@operator_option
def match(session: Session, plan: str | None) -> "MatchResult":
    """`match` (抽取检查人员)."""
    from shuangsuiji.quarter import match as verb

    store = open_store(session)
    return verb.match(
        store, plan_id=plan, operator=acting(session, store), now=session.now, tell=progress.done
    )
