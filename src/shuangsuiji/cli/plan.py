"""`shuangsuiji plan check|relax|show|adopt|drop`."""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import Group, command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.pools import show_pools, show_teams
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.shortage_words import show_sufficiency
from shuangsuiji.cli.words import counts, say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store, store_if_any
from shuangsuiji.errors import Shortage

if TYPE_CHECKING:
    from shuangsuiji.quarter.drop import DropResult
    from shuangsuiji.quarter.exposure import Exposure
    from shuangsuiji.quarter.plan import AdoptResult, PlanPreview, PlanShown
    from shuangsuiji.quarter.preview import Cell, PeoplePreview, TaskPreview, TierPreview
    from shuangsuiji.quarter.relax import RelaxResult

_SALT_LENGTH: Final = 32
_SHOWN: Final = 5
"""How many findings of what a list gives away are shown, if not more exceed the limit; JSON has all."""
_TIERS: Final = ("cli.draw.tier", "cli.draw.base", "cli.draw.quota", "cli.plan.probability")

_file = click.argument("file", type=click.Path(path_type=Path))


def show_preview(result: "PlanPreview", page: Page) -> None:
    """Per task, tier and cell: base, quota, probability; who is excluded; pools; what to look at."""
    page.say("cli.plan.title", plan=result.plan, version=result.version, title=result.title)
    for task in result.tasks:
        _show_task(task, result.reasons, page)
    if result.people is not None:
        _show_people(result.people, page)
        show_teams(result.teams, result.slots, page)
        if result.sufficiency is not None and result.sufficiency.fixed:
            page.gap()
            page.say("cli.plan.lawful.fixed")
    if result.exposure is not None:
        _show_exposure(result.exposure, page)
    if result.sufficiency is not None:
        show_sufficiency(result.sufficiency, page)
    page.gap()
    for warned in result.warnings:
        page.say("cli.plan.look", what=page.text(warned.code, **warned.params))
    page.say("cli.plan.unchanged")


def _show_task(task: "TaskPreview", reasons: Mapping[str, str], page: Page) -> None:
    page.gap()
    if task.source is not None:
        source = page.text(f"publish.source.{task.source}")
        page.say("cli.plan.listed", name=task.name, source=source, count=task.base)
        return
    page.say("cli.plan.task", name=task.name, pool=task.pool, base=task.base, quota=task.quota)
    excluded = counts(page, "publish.reason.", task.excluded, reasons)
    page.say("cli.plan.excluded", excluded=excluded, in_no_tier=task.in_no_tier)
    page.table(_TIERS, [row for tier in task.tiers for row in _tier_rows(tier, page)])


def _tier_rows(tier: "TierPreview", page: Page) -> Iterator[tuple[str, int, str, str]]:
    """A tier, and below it its cells; the quota of a cell is drawn with the targets, so it is a span."""
    quota = f"{tier.quota:,}"
    if tier.waves is not None:
        quota = page.text("cli.plan.waves", all=quota, waves=tier.waves)
    yield tier.name, tier.base, quota, tier.percent
    if tier.key:
        for cell in tier.cells:
            name = cell.value or page.text("cli.plan.no_value")
            yield f"  {name}", cell.base, _span(cell), cell.percent


def _span(cell: "Cell") -> str:
    return f"{cell.least:,}" if cell.least == cell.most else f"{cell.least:,}–{cell.most:,}"


def _show_people(people: "PeoplePreview", page: Page) -> None:
    page.gap()
    left_out = counts(page, "publish.left_out.", people.left_out)
    page.say("cli.freeze.inspectors", count=people.inspectors, eligible=people.eligible, left_out=left_out)
    page.say("cli.freeze.recusals", count=people.recusals)
    show_pools(people.pools, page)


def _show_exposure(exposure: "Exposure", page: Page) -> None:
    """The groups in which a confidential tier could be guessed best; nothing where there is no such tier."""
    if not exposure.worst:
        return
    page.gap()
    page.say("cli.plan.exposure", limit=exposure.limit)
    if exposure.earlier:
        page.say("cli.plan.earlier", plans=page.text("where.join").join(exposure.earlier))
    rows = [
        (" + ".join((one.group, *one.lists)), one.tier, one.percent_before, one.percent)
        for one in exposure.worst[: max(_SHOWN, exposure.exceeding)]
    ]
    page.table(["cli.plan.group", "cli.draw.tier", "cli.plan.before", "cli.plan.share"], rows)
    if more := len(exposure.worst) - len(rows):
        page.say("cli.plan.exposure_more", count=more)


def show_plan(result: "PlanShown", page: Page) -> None:
    """A plan in words: whom it lets inspect what; places and who may take them; tasks; what gives way; its digest."""
    from shuangsuiji.cli.plan_words import show_relaxations, show_rules, show_shown_task
    from shuangsuiji.core.plan_format import parse_plan
    from shuangsuiji.plan.wording import inspector_condition

    plan, texts = parse_plan(result.plan), result.texts
    page.say("cli.plan.title", plan=plan.id, version=plan.version, title=texts.title)
    page.say("cli.plan.window", authority=plan.authority, begins=plan.window_from, ends=plan.window_to)
    page.say("cli.plan.blocks", targets=plan.max_targets, blocks=plan.max_per_inspector)
    show_rules(plan, texts, page)
    places = [
        (
            texts.slots[slot.id] + (page.text("cli.plan.extra") if slot.extra else ""),
            page.text(f"cli.plan.rule.{slot.district}", district=""),
            inspector_condition(slot.pool.source, page.lang),
        )
        for slot in plan.slots
    ]
    page.table(["cli.plan.slot", "cli.plan.district", "cli.plan.condition"], places)
    show_relaxations(plan, texts, page)
    for task in plan.tasks:
        show_shown_task(plan, task, texts, page)
    page.gap()
    page.say("cli.plan.digest", digest=result.digest)


def show_adopted(result: "AdoptResult", page: Page) -> None:
    """Which draw the plan is for now."""
    say_draw(page, "cli.plan.adopted", result)
    page.say("cli.plan.title", plan=result.plan, version=result.version, title=result.title)
    if result.replaced:
        page.say("cli.plan.replaced", version=result.replaced)
    for warned in result.warnings:
        page.say("cli.plan.look", what=page.text(warned.code, **warned.params))
    page.say("cli.plan.digest", digest=result.digest)
    say_next(page, "freeze")


@command("plan check", exits=(0, 2, 3, 6), render=show_preview)
@_file
@click.option("--rehearsal", is_flag=True)
@click.option("--simulate", type=click.IntRange(1, 100_000), metavar="N")
def check(session: Session, file: Path, rehearsal: bool, simulate: int | None) -> "PlanPreview":
    """`plan check` (预览)."""
    from shuangsuiji.quarter import plan as verb

    simulated = None if simulate is None else verb.Simulation(simulate, progress.done)
    return verb.check(
        store_if_any(session), file, rehearsal=rehearsal, config=session.config, simulation=simulated
    )


@command("plan show", exits=(0, 2, 3, 6), render=show_plan)
@_file
def show(session: Session, file: Path) -> "PlanShown":
    """`plan show` (读出计划)."""
    from shuangsuiji.quarter import plan as verb

    return verb.show(file)


def show_relaxed(result: "RelaxResult", page: Page) -> None:
    """What the worst draw lacks, and the proposals as lines that can be pasted into the plan."""
    page.say("cli.plan.title", plan=result.plan, version=result.version, title=result.title)
    show_sufficiency(result.sufficiency, page)
    page.gap()
    if result.sufficiency.relaxations is None and not result.proposals:
        page.say("cli.plan.relax.none")
    for number, one in enumerate(result.proposals, start=1):
        words = page.text("where.join").join(one.words[page.lang])
        page.say("cli.plan.relax.proposal", number=number, cost=one.cost, words=words)
        page.lines += one.lines.splitlines()
        page.gap()
    if result.proposals:
        page.say("cli.plan.relax.paste")


@command(
    "plan relax",
    exits=(0, 2, 3, 4, 5, 6),
    render=show_relaxed,
    exit_code=lambda result: 0 if result.helped else Shortage.exit_code,
)
@_file
def relax(session: Session, file: Path) -> "RelaxResult":
    """`plan relax` (放宽建议)."""
    from shuangsuiji.quarter import relax as verb

    return verb.relax(open_store(session), file, config=session.config)


@command("plan adopt", exits=(0, 2, 3, 4, 6), render=show_adopted)
@_file
@click.option("--rehearsal", is_flag=True)
@click.option("--reason", default="", metavar="TEXT")
@operator_option
def adopt(session: Session, file: Path, rehearsal: bool, reason: str) -> "AdoptResult":
    """`plan adopt` (采用计划)."""
    from shuangsuiji.quarter import plan as verb

    store = open_store(session)
    return verb.adopt(
        store,
        file,
        rehearsal=rehearsal,
        reason=reason,
        config=session.config,
        salt_key=secrets.token_bytes(_SALT_LENGTH),
        operator=acting(session, store),
        now=session.now,
    )


def show_dropped(result: "DropResult", page: Page) -> None:
    """Which draw will never be frozen, and why."""
    say_draw(page, "cli.drop.done", result)
    page.gap()
    page.say("cli.drop.reason", reason=result.reason)
    if result.public:
        page.say("cli.drop.public")
        say_next(page, "publish")


@command("plan drop", exits=(0, 2, 3, 4, 6), render=show_dropped)
@plan_option
@click.option("--reason", required=True, metavar="TEXT")
@operator_option
def drop(session: Session, plan: str | None, reason: str) -> "DropResult":
    """`plan drop` (弃用计划)."""
    from shuangsuiji.quarter import drop as verb

    store = open_store(session)
    return verb.drop(store, reason=reason, plan_id=plan, operator=acting(session, store), now=session.now)


GROUP: Final = Group(
    "plan", (0, 2), {name: f"{__name__}:{name}" for name in ("check", "relax", "show", "adopt", "drop")}
)
