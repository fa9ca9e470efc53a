"""`shuangsuiji changes`, `shuangsuiji freeze`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.pools import show_pools
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.shortage_words import show_sufficiency
from shuangsuiji.cli.words import counts, say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.freeze import FreezeResult
    from shuangsuiji.quarter.late import InspectorsResult, TargetsResult
    from shuangsuiji.quarter.reasons import ChangesResult


def show(result: "FreezeResult | TargetsResult | InspectorsResult", page: Page) -> None:
    """What was sealed: both stages, or one of them."""
    from shuangsuiji.quarter.late import InspectorsResult, TargetsResult

    match result:
        case TargetsResult():
            show_targets(result, page)
        case InspectorsResult():
            show_inspectors(result, page)
        case _:
            show_both(result, page)
    say_next(page, "publish")


def show_targets(result: "TargetsResult", page: Page) -> None:
    """Targets sealed alone: the inspectors follow later."""
    say_draw(page, "cli.freeze.targets_only", result)
    if result.predecessor is not None:
        page.say("cli.freeze.predecessor", number=result.predecessor)
    page.gap()
    page.say("cli.freeze.entities", count=result.entities)
    _show_changes(result, page)
    for warned in result.warnings:
        page.say("cli.plan.look", what=page.text(warned.code, **warned.params))
    page.gap()
    page.say("cli.freeze.targets", digest=result.commitment)
    _show_values(result, page)
    page.say("cli.freeze.deadline", deadline=result.deadline)
    page.say("cli.freeze.people_later")


def show_inspectors(result: "InspectorsResult", page: Page) -> None:
    """Inspectors sealed late, under values of their own."""
    say_draw(page, "cli.freeze.late", result)
    page.gap()
    left_out = counts(page, "publish.left_out.", result.left_out)
    page.say("cli.freeze.inspectors", count=result.inspectors, eligible=result.eligible, left_out=left_out)
    page.say("cli.freeze.recusals", count=result.recusals)
    _show_changes(result, page)
    page.gap()
    show_pools(result.pools, page)
    show_sufficiency(result.sufficiency, page, alone=False)
    for warned in result.warnings:
        page.say("cli.plan.look", what=page.text(warned.code, **warned.params))
    page.gap()
    page.say("cli.freeze.people", digest=result.commitment)
    _show_values(result, page)


def _show_values(result: "TargetsResult | InspectorsResult", page: Page) -> None:
    page.gap()
    page.say("cli.freeze.values", values=page.text("where.join").join(result.values))
    if result.contributors:
        page.say("cli.freeze.contributors", contributors=page.text("where.join").join(result.contributors))


def show_both(result: "FreezeResult", page: Page) -> None:
    """Sizes, what changed and why, who cannot be drawn, pools, the commitments and the values to come."""
    say_draw(page, "cli.freeze.done", result)
    if result.predecessor is not None:
        page.say("cli.freeze.predecessor", number=result.predecessor)
    page.gap()
    page.say("cli.freeze.entities", count=result.entities)
    left_out = counts(page, "publish.left_out.", result.left_out)
    page.say("cli.freeze.inspectors", count=result.inspectors, eligible=result.eligible, left_out=left_out)
    page.say("cli.freeze.recusals", count=result.recusals)
    if result.rotation:
        page.say("cli.freeze.rotation", count=result.rotation)
    if result.declarers:
        named = {name or page.text("cli.plan.no_value"): count for name, count in result.declarers.items()}
        page.say("cli.freeze.declarers", declarers=counts(page, "cli.freeze.declarer.", named))
    _show_changes(result, page)
    page.gap()
    show_pools(result.pools, page)
    show_sufficiency(result.sufficiency, page, alone=False)
    for warned in result.warnings:
        page.say("cli.plan.look", what=page.text(warned.code, **warned.params))
    page.gap()
    page.say("cli.freeze.targets", digest=result.targets_commitment)
    page.say("cli.freeze.people", digest=result.inspectors_commitment)
    page.gap()
    page.say("cli.freeze.values", values=page.text("where.join").join(result.values))
    if result.contributors:
        page.say("cli.freeze.contributors", contributors=page.text("where.join").join(result.contributors))
    if result.deadline:
        page.say("cli.freeze.deadline", deadline=result.deadline)


def _show_changes(result: "FreezeResult | TargetsResult | InspectorsResult", page: Page) -> None:
    """What changed since the preceding freeze; what nobody gave a reason for is said, never passed over."""
    if result.changes:
        page.say("cli.freeze.changes", changes=_kinds(result.changes, page))
    if result.unexplained:
        page.say("cli.freeze.unexplained", changes=_kinds(result.unexplained, page))
    if result.reasons_unused:
        page.say("cli.freeze.reasons_unused", count=result.reasons_unused)


def _kinds(tally: Mapping[str, int], page: Page) -> str:
    return counts(page, "rosters.change.", tally)


def show_changes(result: "ChangesResult", page: Page) -> None:
    """What a freeze now would write down as changed, and where the table to fill in is."""
    say_draw(page, "cli.changes.done", result)
    page.gap()
    page.say("cli.freeze.changes", changes=_kinds(result.changes, page))
    page.say("cli.changes.path", path=str(result.path))
    say_next(page, f"freeze --reasons {result.path}")


@command("changes", exits=(0, 2, 3, 4, 6), render=show_changes)
@plan_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", required=True
)
def changes(session: Session, plan: str | None, output: Path) -> "ChangesResult":
    """`changes` (名册变动)."""
    from shuangsuiji.quarter import reasons as verb

    return verb.changes(open_store(session), output, plan_id=plan, config=session.config, lang=session.lang)


@command("freeze", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE")
@click.option("--contributor", "contributors", multiple=True, metavar="NAME")
@click.option("--reasons", "reasons", multiple=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--successor-of", "successor_of", type=click.IntRange(min=1), metavar="NUMBER")
@click.option("--targets-only", "targets_only", is_flag=True)
@click.option("--inspectors", is_flag=True)
@operator_option
def freeze(
    session: Session,
    plan: str | None,
    values: tuple[str, ...],
    contributors: tuple[str, ...],
    reasons: tuple[Path, ...],
    successor_of: int | None,
    targets_only: bool,
    inspectors: bool,
) -> "FreezeResult | TargetsResult | InspectorsResult":
    """`freeze` (冻结)."""
    from shuangsuiji.quarter import freeze as verb
    from shuangsuiji.quarter import late

    if inspectors and (targets_only or successor_of or not values):
        raise click.UsageError(text("cli.freeze.one_of"))
    store = open_store(session)
    operator = acting(session, store)
    if inspectors:
        return late.inspectors(
            store,
            plan_id=plan,
            values=values,
            contributors=contributors,
            reasons=reasons,
            operator=operator,
            now=session.now,
            config=session.config,
        )
    freeze = late.targets_only if targets_only else verb.freeze
    return freeze(
        store,
        plan_id=plan,
        values=values,
        contributors=contributors,
        reasons=reasons,
        successor_of=successor_of,
        operator=operator,
        now=session.now,
        config=session.config,
    )
