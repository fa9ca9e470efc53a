"""Whether some of a plan's tasks, seen together, tell of somebody's confidential class: what lists and bundles ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shuangsuiji.core.plan import Plan, Task, Tier
from shuangsuiji.core.records import Entity
from shuangsuiji.core.strata import Division
from shuangsuiji.plan.confidential import tier_asks, tier_known


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two tasks (抽查任务) in which one entity lies, and its tier in the first, which says something of its class."""

    task: Task
    tier: Tier
    other: Task


def find_overlap(
    plan: Plan, secret: Collection[str], divisions: Sequence[Division], entities: Sequence[Entity]
) -> Overlap | None:
    """The first overlap of two tasks by which somebody's class may be told; None if there is none.

    It takes somebody who may be drawn in two tasks (to be on a list drawn elsewhere counts), and who lies in one of
    them in a tier that his public values do not settle (`tier_known`). Then the two together say more than each:

    - who is on the list for the second alone was not drawn in his tier of the first, and its rate is published;
    - in the public bundle a leaf says in which tasks it lies. If the second is for a kind that everybody sees, or for
      those on a list from above, the leaves of that kind are told from the others, and with them how many of each tier
      of the first are among those of the kind: perhaps all.

    A tier that public values settle says nothing, whoever lies in it: where cooperatives are tried first, by their
    kind, a second task for cooperatives adds nothing to what everybody knows. To lie in one task alone says
    nothing either: then a leaf has one place, and each tier has its counts in the notice anyway.
    """
    asked = [
        (division.task, base)
        for division in divisions
        for base in division.bases
        if tier_asks(division.task, base.tier, secret)
    ]
    if len(plan.tasks) < 2 or not asked:
        return None
    held = [(task, _members(task, divisions, entities)) for task in plan.tasks]
    for task, base in asked:
        others = [(other, positions) for other, positions in held if other.id != task.id]
        for position in (one for members in base.cells.values() for one in members):
            other = next((other for other, positions in others if position in positions), None)
            if other and not tier_known(task, base.tier, entities[position].fields(), secret):
                return Overlap(task, base.tier, other)
    return None


def _members(task: Task, divisions: Sequence[Division], entities: Sequence[Entity]) -> frozenset[int]:
    """The positions of those who may be drawn in a task, or stand on its list."""
    if task.source is not None:
        return frozenset(n for n, one in enumerate(entities) if task.id in one.lists)
    own = (base for division in divisions if division.task.id == task.id for base in division.bases)
    return frozenset(position for base in own for members in base.cells.values() for position in members)
