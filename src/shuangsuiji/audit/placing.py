"""Who can never be drawn for a place though each rule lets him in: what no single rule says, since it hangs on all the
other places.

With the place in his hands some other place would stay without anybody, or loads would be less even than they need be,
which the draw never does (§15.3). It is read off the draw itself: a draw is a flow of least cost (`solvers.flows` has
the network), so that another one as good has somebody in the place just where places can be handed on from him, one
after the other, until its holder loses no more than the rest gain: a cycle of cost 0 in the residual network (Ahuja,
Magnanti and Orlin, Network Flows, 1993, theorem 9.1). Three searches tell it of all candidates of a place.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from shuangsuiji.core.commitment import Pool
from shuangsuiji.core.draw import Team
from shuangsuiji.core.matching.problem import Problem, components
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.teams import make_problem

INCOMPLETE: Final = "incomplete"
UNEVEN: Final = "uneven"


def never(plan: Plan, pool: Pool, teams: Sequence[Team], block: int) -> Mapping[str, Mapping[str, str]]:
    """By slot of a block and id, the lawful candidates who have the place in no draw, and why: INCOMPLETE or UNEVEN.

    `plan` is the one in force, `teams` those drawn, `block` a number of theirs. With incompatible inspectors, who may
    cost balance, unevenness is not told; nothing is of fixed teams.
    """
    if plan.teams is not None:
        return {}
    candidates, made = make_problem(plan, [team.block for team in teams], pool)
    problem = widened(made)
    position = {one.id: at for at, one in enumerate(candidates)}
    network = _Residual(problem, [position[one.id] for team in teams for one in team.inspectors])
    names = [(team.block.number, name) for team in teams for name in team.block.slots]
    uneven = {place: not component.rivals for component in components(problem) for place in component.slots}
    return {
        name: {candidates[one].id: why for one, why in network.never(place, uneven=uneven[place]).items()}
        for place, (number, name) in enumerate(names)
        if number == block
    }


class _Residual:
    """Who can hand on what in a draw: `owners[s]` holds slot s."""

    def __init__(self, problem: Problem, owners: Sequence[int]) -> None:
        self.problem: Final = problem
        self.owners: Final = owners
        self.loads: Final = Counter(owners)
        self.mates: Final[dict[int, list[int]]] = {}
        self.held: Final[dict[tuple[int, int], int]] = {}
        pools: dict[int, tuple[int, ...]] = {}
        self.alike: Final[dict[int, list[int]]] = {}
        for place, slot in enumerate(problem.slots):
            self.mates.setdefault(slot.block, []).append(place)
            self.held[slot.block, owners[place]] = place
            pools[id(slot.pool)] = slot.pool
            self.alike.setdefault(id(slot.pool), []).append(place)
        self.pools_of: Final[dict[int, list[int]]] = {}
        for number, own in pools.items():
            for one in own:
                self.pools_of.setdefault(one, []).append(number)

    def never(self, place: int, *, uneven: bool) -> dict[int, str]:
        """Who of those whom pool and recusals let into a place has it in no assignment as good as this one."""
        block, holder = self.problem.slots[place].block, self.owners[place]
        barred = self.problem.recused[block] | {holder}
        wanted = [one for one in self.problem.slots[place].pool if one not in barred]
        back = self._reaching([place], ())
        roomy = [one for one, cap in enumerate(self.problem.caps) if self.loads[one] < cap]
        ends = self._reaching((), roomy)
        # Whoever gives up most may be made up for by somebody with one fewer, and by nobody with more.
        most = max(self.loads[one] for one in back[1])
        even = self._reaching((), [one for one in roomy if self.loads[one] < most])
        found: dict[int, str] = {}
        for one in wanted:
            if not self._is_in(one, block, back, ends):
                found[one] = INCOMPLETE
            elif uneven and not self._is_in(one, block, back, even):
                found[one] = UNEVEN
        return found

    def _is_in(self, one: int, block: int, *reached: tuple[AbstractSet[int], AbstractSet[int]]) -> bool:
        """Whether a person who took a place in a block would be among those reached: he gives up what he has there."""
        own = self.held.get((block, one))
        return any(one in persons if own is None else own in places for places, persons in reached)

    def _reaching(
        self, places: Iterable[int], persons: Iterable[int]
    ) -> tuple[AbstractSet[int], AbstractSet[int]]:
        """The places that could be given, and the persons who could take one more, so that these come out at the end.

        A person with a place more hands another on; one with a place more in a block in which he has one already hands
        on that one, since nobody is in a team twice.
        """
        unseen = {number: set(own) for number, own in self.alike.items()}
        seen_places, seen_persons = set(places), set(persons)
        left = [(place, True) for place in seen_places] + [(one, False) for one in seen_persons]
        while left:
            at, is_place = left.pop()
            new: set[int] = set()
            if is_place:
                unseen[id(self.problem.slots[at].pool)].discard(at)
                holder, block = self.owners[at], self.problem.slots[at].block
                new = {mate for mate in self.mates[block] if mate != at and self._may(holder, mate)}
                if holder not in seen_persons:
                    seen_persons.add(holder)
                    left.append((holder, False))
            else:
                for number in self.pools_of.get(at, ()):
                    new.update(
                        place
                        for place in unseen[number]
                        if self._may(at, place) and (self.problem.slots[place].block, at) not in self.held
                    )
            for place in new - seen_places:
                seen_places.add(place)
                unseen[id(self.problem.slots[place].pool)].discard(place)
                left.append((place, True))
        return seen_places, seen_persons

    def _may(self, one: int, place: int) -> bool:
        """Whether pool and recusals let a person into a place."""
        slot = self.problem.slots[place]
        return id(slot.pool) in self.pools_of.get(one, ()) and one not in self.problem.recused[slot.block]
