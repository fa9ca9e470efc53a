"""What the list of a plan would give away of the risk classes (推断风险): measured, refused, or warned of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.disclose import tasks_confidential
from shuangsuiji.core.plan import Plan, parse_rate
from shuangsuiji.core.records import Entity
from shuangsuiji.core.seed import REAL
from shuangsuiji.core.strata import Division, divide
from shuangsuiji.errors import Detail, InputRefused, Listing
from shuangsuiji.followup.figures import percent
from shuangsuiji.plan import PlanFile
from shuangsuiji.quarter.dossier import PLAN
from shuangsuiji.quarter.merges import NO_MERGE, Merge, passing_merges
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
_AGAIN: Final = "again"
"""That of what several lists bring together, which no merge mends."""
_VOID: Final = "void"
"""The same where one of them is of a void draw, of which no inspection can be entered."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A finding for people: `percent` and `percent_before` are `share` and `before`, rounded to two places.

    Of one that exceeds the limit, `mend` says how this one would pass: "undivided" (tiers that are no longer divided),
    "joined" (tiers made one), "both" (the first, then the second), "nothing" of these, "again" (not drawing again who
    is on an earlier list), "void" (one of these lists is of a void draw); `undivided` and `joined` are
    the tiers' names. Others have none.
    """

    task: str
    tier: str
    group: str
    lists: tuple[str, ...]
    share: Fraction
    before: Fraction
    percent: str
    percent_before: str
    exceeds: bool
    mend: str = ""
    undivided: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()


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
    single: Mapping[Finding, Merge] = {}
    whole = NO_MERGE
    if any(not one.lists for one in exceeding):
        merges = passing_merges(_alone(world), limit)
        single, whole = merges.single, merges.whole
    void = frozenset(one.plan for one in earlier if one.void)
    shown = tuple(_exposed(plan, one, limit, single.get(one, NO_MERGE), void) for one in ordered)
    return Exposure(
        limit=file.texts.max_posterior,
        worst=shown,
        exceeding=len(exceeding),
        earlier=world.earlier,
        refusal=_refusal(file, exceeding, shown[: len(exceeding)], whole, void) if exceeding else None,
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
    return EarlierList(draw.plan_id, frozenset(one["id"] for one in targets), chances, draw.void)


def _exposed(plan: Plan, one: Finding, limit: Fraction, merge: Merge, void: frozenset[str]) -> Exposed:
    task = next(task.name for task in plan.tasks if task.id == one.task)
    shown = Exposed(
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
    if not shown.exceeds:
        return shown
    if one.lists:
        return replace(shown, mend=_AGAIN if void.isdisjoint(one.lists) else _VOID)
    return replace(shown, mend=_mend(merge), undivided=merge.undivided, joined=merge.joined)


def _mend(merge: Merge) -> str:
    return _MENDS[bool(merge.undivided), bool(merge.joined)]


def _refusal(
    file: PlanFile, exceeding: Sequence[Finding], shown: Sequence[Exposed], whole: Merge, void: frozenset[str]
) -> InputRefused:
    """The refusal of all findings above the limit: the place of the worst, what all have in common, then each.

    The worst is that of this list alone, if it brings any; what several lists bring is mended otherwise.
    """
    alone = [at for at, one in enumerate(exceeding) if not one.lists]
    first = alone[0] if alone else 0
    number = next(n for n, task in enumerate(file.plan.tasks) if task.id == exceeding[first].task)
    params = _params(shown[first]) | {"limit": file.texts.max_posterior, "count": len(exceeding)}
    code = next((one.mend for one in shown if one.mend == _VOID), _AGAIN)
    if code == _VOID:
        params["lists"] = Listing(
            sorted(void.intersection(*[one.lists for one in shown if one.mend == _VOID][:1]))
        )
    if alone:
        params |= {"undivided": Listing(whole.undivided), "joined": Listing(whole.joined)}
        code = _mend(whole)
    refusal = file.places.refuse(f"plan.posterior.{code}", ("task", number), **params)
    refusal.details = tuple(Detail(f"plan.posterior.finding.{one.mend}", _params(one)) for one in shown)
    return refusal


def _params(one: Exposed) -> dict[str, str | int]:
    return {
        "task": one.task,
        "group": one.group,
        "tier": one.tier,
        "share": one.percent,
        "before": one.percent_before,
        "lists": Listing(one.lists),
        "undivided": Listing(one.undivided),
        "joined": Listing(one.joined),
    }


def _alone(world: World) -> World:
    """The batch without the year's earlier lists."""
    profiles = {replace(one, listed=(), chances=()): 0 for one in world.profiles}
    for one, count in world.profiles.items():
        profiles[replace(one, listed=(), chances=())] += count
    return replace(world, profiles=profiles, earlier=())
