"""`shuangsuiji audit fairness`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import command, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.audit.fairness import Fairness, PersonFairness, TierFairness
    from shuangsuiji.quarter.fairness import FairnessResult

SEEDS: Final = 200
"""A county's target draws in well under a minute."""

_TIERS: Final = (
    "cli.draw.tier",
    "cli.draw.base",
    "cli.draw.quota",
    "cli.fairness.exact",
    "cli.fairness.expected",
    "cli.fairness.least",
    "cli.fairness.most",
    "cli.fairness.z",
    "cli.fairness.cell_z",
)
_GROUPS: Final = (
    "cli.fairness.places",
    "cli.fairness.recusals",
    "cli.plan.pool",
    "cli.fairness.mean",
    "cli.fairness.least",
    "cli.fairness.most",
    "cli.fairness.z",
    "cli.fairness.person",
)
_ALONE: Final = ("cli.fairness.who", "cli.fairness.mean", "cli.fairness.band", "cli.fairness.halves")
_SHOWN: Final = 8


def show(result: "FairnessResult", page: Page) -> None:
    """By tier: quotas, how often entities were drawn; by group of like inspectors: their loads; what z means."""
    found = result.fairness
    say_draw(page, "cli.fairness.done", result)
    page.say("cli.fairness.seeds", seeds=found.seeds, matched=found.matched)
    if found.short:
        page.say("cli.fairness.short", short=found.short, matched=found.matched)
    page.gap()
    page.say("cli.fairness.targets")
    page.table(_TIERS, [_tier(tier, found) for tier in found.tiers])
    if found.groups:
        _show_inspectors(found, page)
    page.gap()
    page.say("cli.fairness.meaning")
    if result.picture is not None:
        page.say("cli.fairness.picture", path=str(result.picture))


def _tier(tier: "TierFairness", found: "Fairness") -> tuple[str | int, ...]:
    farthest = max((one.z for one in tier.cells), key=abs) if len(tier.cells) > 1 else None
    return (
        tier.name(found.tasks),
        tier.base,
        tier.quota,
        f"{tier.exact}/{found.seeds}",
        f"{float(tier.probability * found.seeds):.2f}",
        min(tier.times),
        max(tier.times),
        f"{tier.evenness.z:+.2f}",
        "" if farthest is None else f"{farthest:+.2f}",
    )


def _show_inspectors(found: "Fairness", page: Page) -> None:
    page.gap()
    page.say("cli.fairness.inspectors")
    draws = found.matched - found.short
    alike = [group for group in found.groups if len(group.persons) > 1]
    rows: list[tuple[str | int, ...]] = []
    for group in alike[:_SHOWN]:
        blocks = [one.blocks for one in group.persons]
        farthest = max(group.persons, key=lambda one: abs(one.band.z))
        rows.append(
            (
                page.text("where.join").join(group.places),
                group.recusals,
                len(blocks),
                f"{float(group.mean):.2f}",
                f"{min(blocks) / draws:.2f}",
                f"{max(blocks) / draws:.2f}",
                f"{group.evenness.z:+.2f}",
                f"{farthest.name} {farthest.band.z:+.2f}",
            )
        )
    page.table(_GROUPS, rows)
    if len(alike) > _SHOWN:
        page.say("cli.fairness.more", more=len(alike) - _SHOWN)
    alone = [group.persons[0] for group in found.groups if len(group.persons) == 1]
    if alone:
        page.gap()
        page.say("cli.fairness.alone", alone=len(alone), draws=draws)
        page.table(_ALONE, [_alone(one) for one in _farthest(alone)])
        page.gap()
    loads = [
        page.text("cli.count", what=page.text("cli.fairness.load", blocks=load), count=number)
        for load, number in found.loads.items()
    ]
    page.say("cli.fairness.loads", loads=page.text("where.join").join(loads))


def _farthest(alone: "Sequence[PersonFairness]") -> "Sequence[PersonFairness]":
    return sorted(alone, key=lambda one: -abs(one.band.z))[:_SHOWN]


def _alone(one: "PersonFairness") -> tuple[str, ...]:
    reach = f"{one.band.low:.2f} – {one.band.high:.2f}"
    return one.name, f"{float(one.mean):.2f}", reach, f"{one.band.z:+.2f}"


@command("audit fairness", exits=(0, 2, 4, 6), render=show)
@plan_option
@click.option("--seeds", type=click.IntRange(2, 100_000), default=SEEDS, show_default=False, metavar="N")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def fairness(session: Session, plan: str | None, seeds: int, plot: Path | None) -> "FairnessResult":
    """`audit fairness` (公平性模拟)."""
    from shuangsuiji.quarter import fairness as verb

    return verb.fairness(
        open_store(session), plan_id=plan, seeds=seeds, picture=plot, lang=session.lang, tell=progress.done
    )
