"""An independent check of the second draw (§15): every rule for every member of every team, read off the records one
by one, and the balance of the whole against the optimum of a network flow.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import InspectorDraw, Team
from shuangsuiji.core.eligibility import standing
from shuangsuiji.core.fixed_teams import blank_blocks, once
from shuangsuiji.core.matching.problem import Problem
from shuangsuiji.core.matching.problem import Slot as MatchingSlot
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.plan import Plan, Slot
from shuangsuiji.core.records import Entity, GroupRecusal, Incompatible, Inspector, PairRecusal, Recusal
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.teams import make_problem
from shuangsuiji.errors import InputRefused
from shuangsuiji.solvers.flows import least_sum_of_squares


def cross_check(frozen: Frozen, drawn: InspectorDraw) -> Mapping[str, int]:
    """Check that the teams are lawful, and that no lawful assignment has a smaller sum of squares of loads.

    Only where incompatible inspectors are kept apart may it be greater than without them. Fixed teams must have nobody
    in common, and no lawful dealing of the blocks to them may be more even. What was said to be short must be short.
    Returns the places filled, the persons drawn, the greatest load, the sum of squares and how much `more` that is than
    the least. Raises InputRefused, code `audit.cross_*` by the rule that is broken.
    """
    plan, teams = relaxed(frozen.plan, drawn.applied), drawn.teams
    _check_shortages(frozen, drawn)
    if drawn.succeeded:
        _check_teams(frozen, plan, teams)
    loads = Counter(one.id for team in teams for one in team.inspectors)
    _check_caps(frozen, plan, loads)
    squares = sum(load**2 for load in loads.values())
    more = _check_balance(frozen, plan, teams) if drawn.succeeded else 0
    most = max(loads.values(), default=0)
    told = {"places": loads.total(), "inspectors": len(loads), "most": most, "sum_of_squares": squares}
    return told | {"more": more}


def _check_balance(frozen: Frozen, plan: Plan, teams: Sequence[Team]) -> int:
    """§15 The least sum of squares of the loads of persons, or of fixed teams (§15.8); how much more there is.

    More is lawful only where repair (§15.3) may have given up balance: with incompatible inspectors.
    """
    given_up = False
    if plan.teams is None:
        loads = list(Counter(one.id for team in teams for one in team.inspectors).values())
        problem = _problem(frozen, plan, teams)
        least, given_up = least_sum_of_squares(problem), bool(problem.incompatible)
    else:
        blocks = Counter(tuple(one.id for one in team.inspectors) for team in teams)
        loads = list(blocks.values())
        _check_fixed(plan.teams, blocks)
        least = least_sum_of_squares(_fixed_problem(frozen, plan, teams, list(blocks)))
    squares = sum(load**2 for load in loads)
    if least is None or squares < least or (squares > least and not given_up):
        raise InputRefused("audit.cross_balance", found=squares, least=str(least))
    return squares - least


def _check_fixed(count: int, members: Iterable[Sequence[str]]) -> None:
    """§15.8 No more teams than the plan has, and nobody in two of them."""
    teams = list(members)
    times = Counter(one for team in teams for one in team)
    for inspector, number in times.items():
        if number > 1 or len(teams) > count:
            raise InputRefused(
                "audit.cross_fixed", inspector=inspector, number=number, teams=len(teams), count=count
            )


def _fixed_problem(
    frozen: Frozen, plan: Plan, teams: Sequence[Team], members: Sequence[Sequence[str]]
) -> Problem:
    """§15.8 One of the teams for each block: of those that have a block, since of others nobody's name is known.

    A dealing to all teams that is as even as can be is also that among those that it uses.
    """
    candidates, people = make_problem(plan, [team.block for team in teams], frozen.pool)
    caps = {one.id: cap for one, cap in zip(candidates, people.caps, strict=True)}
    barred = [{candidates[one].id for one in recused} for recused in people.recused]
    everyone = tuple(range(len(members)))
    return Problem(
        slots=tuple(MatchingSlot(position, everyone) for position in range(len(teams))),
        recused=tuple(
            frozenset(number for number in everyone if not ids.isdisjoint(members[number])) for ids in barred
        ),
        caps=tuple(min(caps[one] for one in team) for team in members),
    )


def _problem(frozen: Frozen, plan: Plan, teams: Sequence[Team]) -> Problem:
    return widened(make_problem(plan, [team.block for team in teams], frozen.pool)[1])


def _check_shortages(frozen: Frozen, drawn: InspectorDraw) -> None:
    """§15.6 Where a pool is said to be empty, or a search to have found nothing, no assignment is lawful.

    Nor is one of the places recorded alone, with nothing else to fill: they are a Hall set. So it is where fixed teams
    cannot be formed, unless it was incompatible inspectors who were not got apart.
    """
    for one in drawn.shortages:
        plan = relaxed(frozen.plan, one.relaxations)
        if plan.teams is None and one.why in ("pool", "search"):
            problem = _problem(frozen, plan, drawn.teams)
        elif plan.teams is not None and one.why == "teams":
            blocks = blank_blocks(plan, plan.teams)
            problem = once(widened(make_problem(plan, blocks, frozen.pool)[1]))
            if problem.incompatible:
                continue
        else:
            continue
        alone = replace(problem, slots=tuple(problem.slots[slot] for slot in one.slots))
        if least_sum_of_squares(alone) is not None:
            raise InputRefused("audit.cross_shortage", relaxations=one.relaxations)


def _check_teams(frozen: Frozen, plan: Plan, teams: Sequence[Team]) -> None:
    """Every rule for every member of every team."""
    people = {one.id: one for one in frozen.pool.inspectors}
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


def _check_caps(frozen: Frozen, plan: Plan, loads: Mapping[str, int]) -> None:
    """§15 Nobody in more slots than the plan, or his own record, allows."""
    own = {one.id: one.most for one in frozen.pool.inspectors if one.most is not None}
    for inspector, load in loads.items():
        cap = min(own.get(inspector, plan.max_per_inspector), plan.max_per_inspector)
        if load > cap:
            raise InputRefused("audit.cross_cap", inspector=inspector, load=load, cap=cap)


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
    if inspector.expert and not slot.extra:
        return "audit.cross_expert"
    home = inspector.district == team.block.district
    near = home or inspector.district in slot.neighbours.get(team.block.district, ())
    if (slot.district == "home" and not near) or (slot.district == "away" and home):
        return "audit.cross_district"
    colleagues = {one.id for one in team.inspectors}
    if any(isinstance(one, Incompatible) and one.colleague in colleagues for one in recusals):
        return "audit.cross_incompatible"
    if any(_concerns(one, target.entity) for one in recusals for target in team.block.targets):
        return "audit.cross_recused"
    return None


def _concerns(recusal: Recusal, entity: Entity) -> bool:
    """§8 Whether a recusal names this entity, by its id or by the value of a column."""
    match recusal:
        case PairRecusal(_, named):
            return named == entity.id
        case GroupRecusal(_, column, value):
            return entity.columns.get(column) == value
        case Incompatible():
            return False
