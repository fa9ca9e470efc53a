"""The smallest sets of rules to relax, so that given demands can be met: CP-SAT proposes, the caller checks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ortools.sat.python import cp_model

from shuangsuiji.solvers.supply import Place, Supply, cuts, solver

CAP: Final = ("cap",)
"""The lever that raises everybody's cap; all others are opened or not."""
Lever = tuple[str, ...]
Opener = Lever | tuple[Lever, Lever]
"""A lever, or two that open something only together."""


@dataclass(frozen=True, slots=True)
class Levers:
    """What may be relaxed: for each lever that opens places to more classes of persons, to which, and its cost.

    A cap may be raised by up to `most_cap`, each step for `cap_cost`; `own` are the caps that persons of a class have
    by themselves, None where they have none. `together` is what two levers open only if both are used; of each set in
    `apart` one lever at most is used.
    """

    opens: Mapping[Lever, Mapping[Place, frozenset[int]]]
    costs: Mapping[Lever, int]
    cap_cost: int
    most_cap: int
    own: Sequence[int | None]
    together: Mapping[tuple[Lever, Lever], Mapping[Place, frozenset[int]]] = field(default_factory=dict)
    apart: Sequence[Sequence[Lever]] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The levers used, and by how much the cap is raised; what it all costs."""

    opened: frozenset[Lever]
    raised: int
    cost: int


@dataclass(slots=True)
class Proposer:
    """Demands that have to be met, choices that are not wanted again; `propose` finds the cheapest for them."""

    supply: Supply
    levers: Levers
    demands: list[Mapping[Place, int]] = field(default_factory=list)
    refused: list[Choice] = field(default_factory=list)

    def propose(self) -> Choice | None:
        """The cheapest choice found that meets all demands and contains none of those refused; None if none was found.

        Asked for little first and then for more: a dearer one that the solver would find sooner is no help to it.
        """
        everything = sum(self.levers.costs.values()) + self.levers.cap_cost * self.levers.most_cap
        bound = 1
        while True:
            if (found := self._within(bound)) is not None or bound >= everything:
                return found
            bound = min(2 * bound, everything)

    def _within(self, bound: int) -> Choice | None:
        """The cheapest that costs `bound` at most; None if there is none, or if the solver's time does not suffice."""
        model = cp_model.CpModel()
        used = {lever: model.new_bool_var("") for lever in sorted(self.levers.opens)}
        raised = model.new_int_var(0, self.levers.most_cap, "")
        for some in self.levers.apart:
            model.add_at_most_one([used[lever] for lever in some])
        both = {pair: model.new_bool_var("") for pair in sorted(self.levers.together)}
        for pair, own in both.items():
            for lever in pair:
                model.add_implication(own, used[lever])
        used[CAP] = model.new_bool_var("")
        model.add(raised <= self.levers.most_cap * used[CAP])
        model.add(raised >= used[CAP])
        for demand in self.demands:
            self._meet(model, used | both, raised, demand)
            self._help(model, used | both, demand)
        if not self.demands:  # the caller has a reason that no number of places tells
            model.add_bool_or(list(used.values()))
        for one in self.refused:
            levers = [*one.opened, *([CAP] if one.raised else [])]
            model.add_bool_or([used[lever].negated() for lever in levers])
        opening = sum(self.levers.costs[lever] * own for lever, own in used.items() if lever != CAP)
        model.add(opening + self.levers.cap_cost * raised <= bound)
        model.minimize(opening + self.levers.cap_cost * raised)
        solving = solver()
        if solving.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        opened = frozenset(lever for lever, own in used.items() if lever != CAP and solving.value(own))
        return Choice(opened, solving.value(raised), round(solving.objective_value))

    def _meet(
        self,
        model: cp_model.CpModel,
        used: Mapping[Opener, cp_model.IntVar],
        raised: cp_model.IntVar,
        demand: Mapping[Place, int],
    ) -> None:
        """A flow that fills the places of one demand."""
        blocks: dict[str, int] = {}
        for (_, district), count in demand.items():
            blocks[district] = max(count, blocks.get(district, 0))
        of_class: dict[int, list[cp_model.IntVar]] = {}
        of_pair: dict[tuple[str, int], list[cp_model.IntVar]] = {}
        for place, count in demand.items():
            flows = []
            for one, openers in self._ways(place):
                flow = model.new_int_var(0, count, "")
                if openers:
                    model.add(flow <= count * sum(used[lever] for lever in openers))
                flows.append(flow)
                of_class.setdefault(one, []).append(flow)
                of_pair.setdefault((place[1], one), []).append(flow)
            model.add(sum(flows) == count)
        for (district, one), flows in of_pair.items():
            model.add(sum(flows) <= self.supply.sizes[one] * blocks[district])
        for one, flows in of_class.items():
            size, own = self.supply.sizes[one], self.levers.own[one]
            if own is not None:
                model.add(sum(flows) <= size * own)
            if own is None or own > self.supply.caps[one]:
                model.add(sum(flows) <= size * (self.supply.caps[one] + raised))

    def _help(
        self,
        model: cp_model.CpModel,
        used: Mapping[Opener, cp_model.IntVar],
        demand: Mapping[Place, int],
    ) -> None:
        """What the flow implies, said outright, since the solver is slow to find it: who is short must get enough room.

        In a minimum cut of the demand as it is, what a lever can add is bounded by the room of those whom it opens.
        """
        for short in cuts(self.supply, demand):
            missing = sum(short.places.values()) - short.room
            gains = [missing * used[CAP]]
            for opener, opened in self._openers():
                more = (
                    frozenset[int]().union(*(opened.get(place, ()) for place in short.places)) - short.classes
                )
                gain = sum(self.supply.sizes[one] * self.supply.caps[one] for one in more)
                gains += [min(missing, gain) * used[opener]] if gain else []
            model.add(sum(gains) >= missing)

    def _openers(self) -> Iterator[tuple[Opener, Mapping[Place, frozenset[int]]]]:
        yield from sorted(self.levers.opens.items())
        yield from sorted(self.levers.together.items())

    def _ways(self, place: Place) -> Iterator[tuple[int, list[Opener]]]:
        """Who may take a place: the classes, each with the levers, or pairs, one of which it needs; none if anyhow."""
        able = self.supply.able[place]
        yield from ((one, []) for one in able)
        openers: dict[int, list[Opener]] = {}
        for lever, opened in self._openers():
            for one in sorted(opened.get(place, frozenset()) - set(able)):
                openers.setdefault(one, []).append(lever)
        yield from openers.items()
