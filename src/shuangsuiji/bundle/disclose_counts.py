"""The part of `disclose` that counts: inspectors, districts, and what changed in the lists since the freeze before."""

from collections import Counter
from collections.abc import Sequence

from shuangsuiji.bundle.public import PublicDistrict, PublicPeople, Tally
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
