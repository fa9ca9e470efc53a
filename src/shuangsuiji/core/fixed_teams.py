"""§15.8 Fixed teams (固定检查组): the teams are drawn first, then every block draws one of them.

Both are draws of §15, of inspectors for the places of teams and of teams for blocks.
"""

from collections.abc import Sequence
from dataclasses import replace

from shuangsuiji.core.commitment import Pool
from shuangsuiji.core.encoding import u64
from shuangsuiji.core.matching import Runs, assign
from shuangsuiji.core.matching.problem import Problem, Short, Slot
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.teams import Block, make_problem, team_slots

Members = tuple[int, ...]
"""The inspectors of a team, in the order of its slots, as positions among those who can be drawn."""


def draw_teams(plan: Plan, pool: Pool, count: int, seeds: Seeds, runs: Runs) -> tuple[Members, ...] | Short:
    """§15.8 So many fixed teams, nobody in two of them; a shortage names slots team by team."""
    _, problem = make_problem(plan, blank_blocks(plan, count), pool)
    owners = assign(once(problem), lambda first: seeds.key("inspectors", "teams", u64(first)), runs)
    if isinstance(owners, Short):
        return Short("teams", owners.slots, owners.inspectors)
    size = len(owners) // count
    return tuple(owners[begin : begin + size] for begin in range(0, len(owners), size))


def blank_blocks(plan: Plan, count: int) -> list[Block]:
    """§15.8 The blocks that stand for so many fixed teams, which have no targets."""
    slots = team_slots(plan, [task.id for task in plan.tasks])
    return [Block(number, "", (), (), slots) for number in range(1, count + 1)]


def once(problem: Problem) -> Problem:
    """§15.8 The problem of the teams: nobody is in two of them."""
    return replace(problem, caps=tuple(min(cap, 1) for cap in problem.caps))


def assign_teams(
    plan: Plan, blocks: Sequence[Block], pool: Pool, count: int, seeds: Seeds, runs: Runs
) -> tuple[Members, ...] | Short:
    """§15.8 The members of each block's fixed team; a shortage of teams names blocks' positions and all members."""
    teams = draw_teams(plan, pool, count, seeds, runs)
    if isinstance(teams, Short):
        return teams
    _, people = make_problem(plan, blocks, pool)
    problem = Problem(
        slots=tuple(Slot(position, tuple(range(count))) for position in range(len(blocks))),
        recused=tuple(
            frozenset(number for number, team in enumerate(teams) if not recused.isdisjoint(team))
            for recused in people.recused
        ),
        caps=tuple(min(people.caps[one] for one in team) for team in teams),
    )
    owners = assign(problem, lambda first: seeds.key("inspectors", "component", u64(first)), runs)
    if isinstance(owners, Short):
        members = sorted(one for number in owners.inspectors for one in teams[number])
        return Short(owners.why, owners.slots, tuple(members))
    return tuple(teams[number] for number in owners)
