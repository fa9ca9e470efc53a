"""An independent check of the second draw (§15): every rule for every member of every team, read off the records one
by one, and the balance of the whole against the optimum of a network flow.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import Team
from shuangsuiji.core.eligibility import standing
from shuangsuiji.core.plan import Plan, Slot
from shuangsuiji.core.records import Entity, Inspector, PairRecusal, Recusal
from shuangsuiji.core.teams import make_problem
from shuangsuiji.errors import InputRefused
from shuangsuiji.solvers.flows import least_sum_of_squares


def cross_check(frozen: Frozen, teams: Sequence[Team]) -> Mapping[str, int]:
    """Check that the teams are lawful, and that no lawful assignment has a smaller sum of squares of loads.

    Returns the places filled, the persons drawn, the greatest load and the sum of squares. Raises InputRefused, code
    `audit.cross_*` by the rule that is broken.
    """
    plan, people = frozen.plan, {one.id: one for one in frozen.pool.inspectors}
    recusals: dict[str, list[Recusal]] = {}
    for recusal in frozen.pool.recusals:
        recusals.setdefault(recusal.inspector, []).append(recusal)
    for team in teams:
        _check_places(plan, team)
        for slot, one in _members(plan, team):
            known = people.get(one.id) == one
            code = (
                _broken_rule(plan, team, slot, one, recusals.get(one.id, ()))
                if known
                else "audit.cross_unknown"
            )
            if code:
                raise InputRefused(code, block=team.block.number, slot=slot.id, inspector=one.id)
    loads = Counter(one.id for team in teams for one in team.inspectors)
    for inspector, load in loads.items():
        if load > plan.max_per_inspector:
            raise InputRefused("audit.cross_cap", inspector=inspector, load=load, cap=plan.max_per_inspector)
    squares = sum(load**2 for load in loads.values())
    _check_balance(frozen, teams, squares)
    most = max(loads.values(), default=0)
    return {"places": loads.total(), "inspectors": len(loads), "most": most, "sum_of_squares": squares}


def _check_places(plan: Plan, team: Team) -> None:
    """§14 A team fills the slots that its tasks name, each once, with distinct persons."""
    wanted = {slot for task in plan.tasks if task.id in team.block.tasks for slot in task.slots}
    ids = {one.id for one in team.inspectors}
    if not len(ids) == len(team.inspectors) == len(team.block.slots) or set(team.block.slots) != wanted:
        raise InputRefused("audit.cross_places", block=team.block.number)


def _members(plan: Plan, team: Team) -> Iterator[tuple[Slot, Inspector]]:
    slots = {slot.id: slot for slot in plan.slots}
    return zip((slots[name] for name in team.block.slots), team.inspectors, strict=True)


def _broken_rule(
    plan: Plan, team: Team, slot: Slot, inspector: Inspector, recusals: Sequence[Recusal]
) -> str | None:
    """The code of the first rule (§13, §14, §15) that keeps this person out of this place, or None."""
    if standing(inspector, plan.window_from, plan.window_to):
        return "audit.cross_not_eligible"
    if not slot.pool.holds(inspector.fields()):
        return "audit.cross_pool"
    home = inspector.district == team.block.district
    if (slot.district == "home" and not home) or (slot.district == "away" and home):
        return "audit.cross_district"
    if any(_concerns(one, target.entity) for one in recusals for target in team.block.targets):
        return "audit.cross_recused"
    return None


def _concerns(recusal: Recusal, entity: Entity) -> bool:
    """§8 Whether a recusal names this entity, by its id or by the value of a column."""
    if isinstance(recusal, PairRecusal):
        return recusal.entity == entity.id
    return entity.columns.get(recusal.column) == recusal.value


def _check_balance(frozen: Frozen, teams: Sequence[Team], squares: int) -> None:
    _, problem = make_problem(frozen.plan, [team.block for team in teams], frozen.pool)
    least = least_sum_of_squares(problem)
    if squares != least:
        raise InputRefused("audit.cross_balance", found=squares, least=str(least))
