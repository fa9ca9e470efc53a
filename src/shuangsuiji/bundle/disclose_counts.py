"""The part of `disclose` that counts: inspectors, districts, and what changed in the lists since the freeze before."""

from collections import Counter
from collections.abc import Sequence

from shuangsuiji.bundle.changes import EVERY, RECUSAL, Change
from shuangsuiji.bundle.public import PublicChanges, PublicDistrict, PublicPeople, Tally
from shuangsuiji.core.draw import Team
from shuangsuiji.core.eligibility import left_out
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Inspector


def people(plan: Plan, inspectors: Sequence[Inspector]) -> PublicPeople:
    """How many are on the roster, how many could be drawn, and why others could not."""
    reasons = left_out(plan, inspectors)
    tallies = tuple(Tally(code, "", count) for code, count in reasons.items())
    return PublicPeople(len(inspectors), len(inspectors) - sum(reasons.values()), tallies)


def districts(plan: Plan, teams: Sequence[Team]) -> tuple[PublicDistrict, ...]:
    """Targets and blocks by district; none if the plan has no districts."""
    if plan.district is None:
        return ()
    blocks: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for team in teams:
        blocks[team.block.district] += 1
        targets[team.block.district] += len(team.block.targets)
    ordered = sorted(blocks, key=lambda name: (name == "", name))
    return tuple(PublicDistrict(name, targets[name], blocks[name]) for name in ordered)


def changed(changes: Sequence[Change]) -> PublicChanges:
    """How many changes there are of each kind, recusals added and dropped apart, and how many nobody gave a reason for.

    Values of all columns are one kind: a number for one column, or for one direction, could tell that risk classes were
    changed and how, and so what somebody who knows of a change has become.
    """
    tally: Counter[str] = Counter()
    unexplained = 0
    for one in changes:
        count = int(one.now or 0) if one.id == EVERY else 1
        kind = one.kind
        if kind == RECUSAL:
            kind = "recusal_dropped" if one.now is None else "recusal_new"
        tally[kind] += count
        unexplained += 0 if one.reason else count
    return PublicChanges(tuple(Tally(kind, "", tally[kind]) for kind in sorted(tally)), unexplained)
