"""Why loads differ (负担为何不等): who carries more than others, and the places that nobody else can take."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import InspectorDraw
from shuangsuiji.core.matching.problem import components
from shuangsuiji.core.matching.relay import search
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.teams import make_problem


@dataclass(frozen=True, slots=True)
class Crowd:
    """Persons (人员) between whom the rules leave at most one block of difference, with the fewest and most they have.

    `places` counts theirs by slot and district. `why` they have as many: "alone", nobody with fewer can take any of
    them; "apart", somebody could but for who may not be in one team, as far as repair (§15.3) found; "rest", at most
    one more than anybody has; "none", there is no place that they can take.
    """

    persons: int
    least: int
    most: int
    places: tuple[tuple[str, str, int], ...]
    why: str


def crowds(frozen: Frozen, matching: InspectorDraw) -> tuple[Crowd, ...]:
    """Those who can be drawn, parted by what they carry, heaviest first; none where loads differ by one at most.

    No shift of one place after the other from somebody to one with two fewer is lawful in a draw that is as even as
    the rules allow (§15.3, Harvey et al. 2006), so the persons whom such a search reaches are a closed circle: their
    places are theirs alone. Fixed teams are not told: their blocks go to whole teams.
    """
    plan = relaxed(frozen.plan, matching.applied)
    if plan.teams is not None or not matching.teams or not matching.succeeded:
        return ()
    candidates, made = make_problem(plan, [team.block for team in matching.teams], frozen.pool)
    problem = widened(made)
    position = {one.id: at for at, one in enumerate(candidates)}
    owners = [position[one.id] for team in matching.teams for one in team.inspectors]
    kinds = [(slot, team.block.district) for team in matching.teams for slot in team.block.slots]
    loads = Counter(owners)
    able = [at for at, cap in enumerate(problem.caps) if cap]
    lowest = min(loads[at] for at in able)
    if max(loads.values()) - lowest <= 1:
        return ()
    found: list[Crowd] = []
    placed: set[int] = set()
    for component in components(problem):
        state = State(component)
        local = {one: number for number, one in enumerate(component.inspectors)}
        for own, number in enumerate(component.slots):
            state.give(own, local[owners[number]])
        own_kinds = [kinds[number] for number in component.slots]
        found += (_crowd(state, own_kinds, members, closed, lowest) for members, closed in _circles(state))
        placed.update(component.inspectors)
    idle = len(set(able) - placed)
    if idle:
        found.append(Crowd(idle, 0, 0, (), "none"))
    return tuple(sorted(found, key=lambda one: (-one.most, -one.least, one.places)))


def _circles(state: State) -> Iterator[tuple[AbstractSet[int], bool]]:
    """The circles of a component from the highest load down, then who is in none; whether each is closed."""
    able = {one for one, cap in enumerate(state.component.caps) if cap}
    closed: set[int] = set()
    for level in range(max(map(len, state.held)), 1, -1):
        roots = _roots(state, level, closed)
        if not roots:
            continue
        relay = search(state, roots, level - 2, closed)
        if relay.end is not None:  # which only incompatible inspectors can stand in the way of
            yield able - closed, False
            return
        yield relay.seen - closed, True
        closed |= relay.seen
    if able - closed:
        yield able - closed, True


def _roots(state: State, level: int, closed: AbstractSet[int]) -> Sequence[int]:
    return [
        slot
        for one, held in enumerate(state.held)
        if len(held) == level and one not in closed
        for slot in held
    ]


def _crowd(
    state: State, kinds: Sequence[tuple[str, str]], members: AbstractSet[int], closed: bool, lowest: int
) -> Crowd:
    loads = [len(state.held[one]) for one in members]
    held = Counter(kinds[slot] for one in members for slot in state.held[one])
    places = tuple((slot, district, count) for (slot, district), count in sorted(held.items()))
    why = "rest" if max(loads) - lowest <= 1 else "alone" if closed else "apart"
    return Crowd(len(members), min(loads), max(loads), places, why)
