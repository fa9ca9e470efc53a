"""Whether a person could have had one place: what no single rule says, since it hangs on all the other places.

A network flow with that place given to the person alone: it leaves some other place without anybody, or makes loads
less even than they need be, which the draw never does (§15.3).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shuangsuiji.core.commitment import Pool
from shuangsuiji.core.draw import Team
from shuangsuiji.core.matching.problem import Component, Problem, Slot, components
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.teams import make_problem
from shuangsuiji.solvers.flows import least_sum_of_squares

_LARGEST: Final = 5_000_000
"""Places times persons of a component whose flow takes a second (a county in one pool); larger ones are not asked."""


def hindrance(plan: Plan, pool: Pool, teams: Sequence[Team], block: int, slot: str, inspector: str) -> str:
    """What keeps a lawful candidate out of a place in all that can be drawn: "incomplete", "uneven", or "" for nothing.

    `plan` is the one in force, `teams` those drawn, `block` a number of theirs. With incompatible inspectors, who may
    cost balance, unevenness is not told; nothing is of fixed teams and of very large components.
    """
    if plan.teams is not None:
        return ""
    candidates, made = make_problem(plan, [team.block for team in teams], pool)
    problem = widened(made)
    ids = [one.id for one in candidates]
    kinds = [(team.block.number, name) for team in teams for name in team.block.slots]
    owners = [one.id for team in teams for one in team.inspectors]
    place = kinds.index((block, slot))
    component = next(one for one in components(problem) if place in one.slots)
    if len(component.slots) * len(component.inspectors) > _LARGEST:
        return ""
    person = component.inspectors.index(ids.index(inspector))
    own = _alone(problem, component)
    place = component.slots.index(place)
    given = replace(own.slots[place], pool=(person,))
    found = least_sum_of_squares(replace(own, slots=(*own.slots[:place], given, *own.slots[place + 1 :])))
    if found is None:
        return "incomplete"
    squares = sum(load**2 for load in Counter(owners[number] for number in component.slots).values())
    return "uneven" if found > squares and not component.rivals else ""


def _alone(problem: Problem, component: Component) -> Problem:
    """A component as a problem of its own numbers; incompatible inspectors are left out."""
    blocks: dict[int, int] = {}
    recused: list[frozenset[int]] = []
    slots: list[Slot] = []
    for own, number in enumerate(component.slots):
        block = problem.slots[number].block
        if block not in blocks:
            blocks[block] = len(blocks)
            recused.append(component.recused[own])
        slots.append(Slot(blocks[block], component.pools[component.pool_of[own]]))
    return Problem(tuple(slots), tuple(recused), component.caps)
