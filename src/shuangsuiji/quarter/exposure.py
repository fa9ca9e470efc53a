"""What the list of a plan would give away of the risk classes (推断风险): measured, refused, or warned of."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.disclose import tasks_confidential
from shuangsuiji.core.plan import Plan, parse_rate
from shuangsuiji.core.records import Entity
from shuangsuiji.core.seed import REAL
from shuangsuiji.core.strata import Division, divide
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.followup.figures import percent
from shuangsuiji.plan import PlanFile
from shuangsuiji.quarter.dossier import PLAN
from shuangsuiji.quarter.merges import Merge, passing_merge
from shuangsuiji.quarter.posterior import EarlierList, Finding, World, observe, worst
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow

_MENDS: Final = {
    (False, False): "nothing",
    (True, False): "undivided",
    (False, True): "joined",
    (True, True): "both",
}
"""The refusal's code by what a merge does: tiers undivided, tiers joined."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A finding for people: `percent` and `percent_before` are `share` and `before`, rounded to two places."""

    task: str
    tier: str
    group: str
    lists: tuple[str, ...]
    share: Fraction
    before: Fraction
    percent: str
    percent_before: str
    exceeds: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """How far the list would give classes away: the limit as written, all findings, how many exceed the limit.

    `worst` has those that exceed the limit first, then by share; each is a group with a confidential tier.
    `earlier` are the plans of the year's earlier lists that were taken into account.
    """

    limit: str
    worst: tuple[Exposed, ...]
    exceeding: int
    earlier: tuple[str, ...]
    refusal: InputRefused | None


def expose(
    file: PlanFile, divisions: Sequence[Division], entities: Sequence[Entity], earlier: Sequence[EarlierList]
) -> Exposure:
    """Measure the plan of a file. Where it exceeds its limit, `refusal` says where and which merge would pass."""
    plan, named = file.plan, file.texts.confidential
    limit = parse_rate(file.texts.max_posterior)
    by_task = not tasks_confidential(plan, named, divisions, entities)
    world = observe(plan, named, by_task, divisions, entities, earlier)
    found = worst(world)
    exceeding = [one for one in found if one.exceeds(limit)]
    # Those that exceed the limit first: a larger share may be one that was known before.
    ordered = exceeding + [one for one in found if not one.exceeds(limit)]
    return Exposure(
        limit=file.texts.max_posterior,
        worst=tuple(_exposed(plan, one, limit) for one in ordered),
        exceeding=len(exceeding),
        earlier=world.earlier,
        refusal=_refusal(file, world, exceeding, limit) if exceeding else None,
    )


def earlier_lists(reader: Reader, plan: Plan) -> Iterator[EarlierList]:
    """The lists of the year's other real batches, from their draws' files; one still under embargo too: it will out."""
    for draw in reader.draws():
        if draw.mode == REAL and draw.plan_id != plan.id and "targets.jsonl" in draw.files:
            other = members.read_plan(reader.file(draw, PLAN))
            if other.window_from[:4] == plan.window_from[:4]:
                yield _earlier(reader, draw, other)


def _earlier(reader: Reader, draw: DrawRow, plan: Plan) -> EarlierList:
    entities = members.read_entities(reader.file(draw, "entities.jsonl"), plan)
    strata = map(json.loads, reader.file(draw, "strata.jsonl").splitlines())
    # The quotas of cells are known by now, and public: they are taken as they were drawn.
    rates = {(one["task"], one["tier"], one["cell"]): Fraction(one["quota"], one["size"]) for one in strata}
    chances: dict[str, Fraction] = {}
    for division in divide(plan, entities):
        for base in division.bases:
            for cell, positions in base.cells.items():
                rate = rates[division.task.id, base.tier.id, cell]
                for position in positions:
                    identifier = entities[position].id
                    chances[identifier] = max(rate, chances.get(identifier, rate))
    targets = map(json.loads, reader.file(draw, "targets.jsonl").splitlines())
    return EarlierList(draw.plan_id, frozenset(one["id"] for one in targets), chances)


def _exposed(plan: Plan, one: Finding, limit: Fraction) -> Exposed:
    task = next(task.name for task in plan.tasks if task.id == one.task)
    return Exposed(
        task=task,
        tier=one.tier,
        group=one.group,
        lists=one.lists,
        share=one.share,
        before=one.before,
        percent=percent(one.share),
        percent_before=percent(one.before),
        exceeds=one.exceeds(limit),
    )


def _refusal(file: PlanFile, world: World, exceeding: Sequence[Finding], limit: Fraction) -> InputRefused:
    """The refusal of the worst finding that this list alone brings; if there is none, of one by several lists."""
    alone = [one for one in exceeding if not one.lists]
    finding = alone[0] if alone else exceeding[0]
    number = next(n for n, task in enumerate(file.plan.tasks) if task.id == finding.task)
    params: dict[str, str | int] = {
        "group": finding.group,
        "tier": finding.tier,
        "share": percent(finding.share),
        "before": percent(finding.before),
        "limit": file.texts.max_posterior,
        "count": len(exceeding),
    }
    code = "again"
    if alone:
        merge = passing_merge(_alone(world), limit) or Merge((), ())
        params |= {"undivided": Listing(merge.undivided), "joined": Listing(merge.joined)}
        code = _MENDS[bool(merge.undivided), bool(merge.joined)]
    else:
        params["lists"] = Listing(finding.lists)
    return file.places.refuse(f"plan.posterior.{code}", ("task", number), **params)


def _alone(world: World) -> World:
    """The batch without the year's earlier lists."""
    profiles = {replace(one, listed=(), chances=()): 0 for one in world.profiles}
    for one, count in world.profiles.items():
        profiles[replace(one, listed=(), chances=())] += count
    return replace(world, profiles=profiles, earlier=())
