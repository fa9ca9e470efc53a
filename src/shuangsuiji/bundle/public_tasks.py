"""What may be told of a plan's tasks: what they are, and once the lists are frozen their counts."""

from shuangsuiji.bundle.public import DRAWN_HERE, PublicTask, PublicTier, Tally
from shuangsuiji.core.commitment import Strata
from shuangsuiji.core.plan import Plan, Task, Tier
from shuangsuiji.core.strata import Base, Division
from shuangsuiji.plan.texts import Texts


def public_tasks(plan: Plan, texts: Texts, strata: Strata | None) -> tuple[PublicTask, ...]:
    """The tasks in the plan's order; with the strata of the frozen registry they have bases and quotas.

    All that the list of a listed task names are its base and its quota.
    """
    if strata is None:
        return tuple(_task(task, plan, texts, None, 0) for task in plan.tasks)
    sizes = (0 if one is None else len(one.leaves) for one in strata.listed)
    return tuple(
        _task(division.task, plan, texts, division, size)
        for division, size in zip(strata.divisions, sizes, strict=True)
    )


def _task(task: Task, plan: Plan, texts: Texts, division: Division | None, listed: int) -> PublicTask:
    said = texts.tasks[task.id]
    bases = {base.tier.id: base for base in division.bases} if division else {}
    tiers = tuple(_tier(tier, bases.get(tier.id)) for tier in task.tiers)
    return PublicTask(
        id=task.id,
        name=task.name,
        items=task.items,
        directed=said.directed,
        source=task.source or DRAWN_HERE,
        team=len(task.slots),
        scope=said.scope,
        agency=said.agency or plan.authority,
        lead=said.lead,
        partners=said.partners,
        method=said.method,
        risk=said.risk,
        remark=said.remark,
        tiers=tiers,
        base=sum(base.size for base in bases.values()) + listed if division else None,
        quota=sum(base.quota for base in bases.values()) + listed if division else None,
        excluded=_excluded(division, texts),
        in_no_tier=division.in_no_tier if division else None,
    )


def _tier(tier: Tier, base: Base | None) -> PublicTier:
    return PublicTier(
        name=tier.name,
        rule=tier.quota,
        base=None if base is None else base.size,
        quota=None if base is None else base.quota,
        bounds=None if tier.bounds is None else (tier.bounds.least, tier.bounds.most),
        waves=tier.waves,
    )


def _excluded(division: Division | None, texts: Texts) -> tuple[Tally, ...]:
    if division is None:
        return ()
    return tuple(Tally(code, texts.reasons.get(code, ""), n) for code, n in division.excluded.items())
