"""`shuangsuiji explain`."""

from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import command, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.audit.explain import PlaceWhy, Verdict
    from shuangsuiji.quarter.explain import Chance, ExplainResult

_SHOWN: Final = 12


def show(result: "ExplainResult", page: Page) -> None:
    """What became of the pair, each rule with its verdict, who else could have been drawn for each place."""
    from shuangsuiji.plan.wording import inspector_condition

    page.say("cli.explain.internal")
    say_draw(page, "cli.explain.about", result)
    page.say(
        f"cli.explain.outcome.{result.outcome}",
        target=result.target.name or result.target.id,
        inspector=result.inspector.name,
        slot=result.slot,
        block=result.block,
    )
    page.gap()
    for verdict in result.verdicts:
        _say(verdict, page)
    for place in result.places:
        page.gap()
        condition = inspector_condition(place.condition, page.lang)
        _show_place(place, condition, page)
    if result.teams or result.records or result.chance is not None:
        page.gap()
    if result.teams:
        page.say("cli.explain.teams")
    if result.records:
        page.say("cli.explain.records", count=result.records)
    if result.chance is not None:
        _show_chance(result.chance, page)


def _say(verdict: "Verdict", page: Page) -> None:
    mark = page.text("cli.explain.yes" if verdict.holds else "cli.explain.no")
    kind = page.text(f"cli.explain.kind.{verdict.kind}") if verdict.kind else ""
    what = page.text(f"explain.{verdict.code}", **verdict.params)
    page.say("cli.explain.verdict", mark=mark, what=what, kind=kind)


def _show_place(place: "PlaceWhy", condition: str, page: Page) -> None:
    page.say("cli.explain.place", slot=place.name, condition=condition)
    for verdict in place.verdicts:
        _say(verdict, page)
    page.say("cli.explain.able" if place.able else "cli.explain.not_able")
    if place.drawn is not None:
        page.say("cli.explain.drawn", name=place.drawn.name, id=place.drawn.id)
    for why in ("", "balance", "complete"):
        own = [one for one in place.candidates if one.never == why]
        some = [f"{one.name} ({one.id})" for one in own[:_SHOWN]]
        if len(own) > _SHOWN:
            some.append("…")
        names = page.text("where.join").join(some) or page.text("cli.none")
        if own or not why:
            page.say(
                f"cli.explain.never.{why}" if why else "cli.explain.candidates", count=len(own), names=names
            )


def _show_chance(chance: "Chance", page: Page) -> None:
    page.say("cli.explain.chance", draws=chance.draws, target=chance.target, together=chance.together)
    if chance.target:
        low, high = chance.between
        shown = {"percent": chance.together / chance.target, "low": low, "high": high}
        page.say("cli.explain.share", **{name: f"{value:.2%}" for name, value in shown.items()})
    if chance.short:
        page.say("cli.explain.short", short=chance.short)


@command("explain", exits=(0, 2, 3, 4, 6), render=show)
@click.argument("target")
@click.argument("inspector")
@plan_option
@click.option("--draw", type=click.IntRange(min=1), metavar="NUMBER")
@click.option("--simulate", type=click.IntRange(1, 100_000), metavar="N")
def explain(
    session: Session, target: str, inspector: str, plan: str | None, draw: int | None, simulate: int | None
) -> "ExplainResult":
    """`explain` (抽取说明)."""
    from shuangsuiji.quarter import explain as verb
    from shuangsuiji.quarter.plan import Simulation

    simulation = None if simulate is None else Simulation(simulate, progress.done)
    return verb.explain(
        open_store(session), target, inspector, plan_id=plan, number=draw, simulation=simulation
    )
