"""The smallest sets of rules to relax, so that given demands can be met: CP-SAT proposes, the caller checks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ortools.sat.python import cp_model

from shuangsuiji.solvers.supply import Place, Supply, solver

CAP: Final = ("cap",)
"""The lever that raises everybody's cap; all others are opened or not."""
Lever = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Levers:
    """What may be relaxed: for each lever that opens places to more classes of persons, to which, and its cost.

    A cap may be raised by up to `most_cap`, each step for `cap_cost`; `own` are the caps that persons of a class have
    by themselves, None where they have none.
    """

    opens: Mapping[Lever, Mapping[Place, frozenset[int]]]
    costs: Mapping[Lever, int]
    cap_cost: int
    most_cap: int
    own: Sequence[int | None]


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
        """The cheapest choice that meets all demands and contains none of those refused; None if none was found."""
        model = cp_model.CpModel()
        used = {lever: model.new_bool_var("") for lever in sorted(self.levers.opens)}
        raised = model.new_int_var(0, self.levers.most_cap, "")
        used[CAP] = model.new_bool_var("")
        model.add(raised <= self.levers.most_cap * used[CAP])
        model.add(raised >= used[CAP])
        for demand in self.demands:
            self._meet(model, used, raised, demand)
        for one in self.refused:
            levers = [*one.opened, *([CAP] if one.raised else [])]
            model.add_bool_or([used[lever].negated() for lever in levers])
        opening = sum(self.levers.costs[lever] * own for lever, own in used.items() if lever != CAP)
        model.minimize(opening + self.levers.cap_cost * raised)
        solving = solver()
        if solving.solve(model) != cp_model.OPTIMAL:
            return None
        opened = frozenset(lever for lever, own in used.items() if lever != CAP and solving.value(own))
        return Choice(opened, solving.value(raised), round(solving.objective_value))

    def _meet(
        self,
        model: cp_model.CpModel,
        used: Mapping[Lever, cp_model.IntVar],
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

    def _ways(self, place: Place) -> Iterator[tuple[int, list[Lever]]]:
        """Who may take a place: the classes, each with the levers one of which it needs, none if it may anyhow."""
        able = self.supply.able[place]
        yield from ((one, []) for one in able)
        openers: dict[int, list[Lever]] = {}
        for lever, opened in sorted(self.levers.opens.items()):
            for one in sorted(opened.get(place, frozenset()) - set(able)):
                openers.setdefault(one, []).append(lever)
        yield from openers.items()
