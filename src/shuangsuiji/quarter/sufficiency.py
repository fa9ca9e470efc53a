"""Whether the pool suffices (人员是否够用) before any seed: in the worst draw of targets, and in simulated draws."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shuangsuiji.audit.fairness import simulated_seeds
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.draw import InspectorDraw, draw_inspectors, draw_targets
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import GroupRecusal, Seal
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import EXPLICIT, REHEARSAL, Announced, Seeds
from shuangsuiji.core.strata import Division
from shuangsuiji.core.teams import make_blocks, make_problem
from shuangsuiji.kernels.tickets import selector
from shuangsuiji.quarter.demand import Pooled, pooled, varies
from shuangsuiji.quarter.shortages import Lacking, Vacancy, lacking
from shuangsuiji.quarter.stranded import Alike, Stranded, stranded
from shuangsuiji.solvers.flows import least_sum_of_squares
from shuangsuiji.solvers.supply import Deficit, Place, Supply, shortfall

WORST: Final = "worst"
ALONE: Final = "alone"
"""The `why` of what the worst draw would lack, and of targets whom no team could visit; others are those of §15.6."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Simulated:
    """Draws from made-up seeds: how many, how many were short as planned, how many with all relaxations.

    `lacking` is what was short as planned in most of them, None if nothing was.
    """

    draws: int
    short: int
    void: int
    lacking: Lacking | None


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """What the worst draw would lack as planned, none if the pool suffices; how many blocks it has at most.

    `relaxations` is the number of them that ends it, None if not even all do; `still` is what is lacking then. A draw
    that is short of what was not `settled` in the solver's time would be another one. Recusals are counted where they
    are from a whole district, and target by target; `certain` unless blocks of several targets can add others up, or
    inspectors are incompatible: the simulated draws follow all. Of `fixed` teams it is known only whether they can be
    formed and have room. `varies`: some tier leaves to chance from which districts its targets come.
    """

    blocks: int
    lacking: tuple[Lacking, ...]
    relaxations: int | None
    still: tuple[Lacking, ...]
    settled: bool
    certain: bool
    fixed: bool
    varies: bool
    simulated: Simulated | None = None

    @property
    def suffices(self) -> bool:
        """Whether nothing is short as planned."""
        return not self.lacking


def sufficiency(
    plan: Plan,
    divisions: Sequence[Division],
    held: Lists,
    names: Mapping[str, str],
    targets: Sequence[Alike],
) -> Sufficiency:
    """Hold the pool against the worst draw, with as few relaxations as it needs.

    `names` are those of the slots, `targets` all that can be drawn.
    """
    has = pooled(relaxed(plan, 0), divisions, held)
    planned, settled = _worst(plan, 0, has, held, names, targets)
    blocks = has.supply.all_blocks
    still = planned
    certain = plan.teams is None and all(
        isinstance(one, GroupRecusal) and one.column == plan.district for one in held.recusals
    )
    needed = None
    for count in range(len(plan.relaxations) + 1):
        still, proven = worst(plan, count, divisions, held, names, targets) if count else (planned, settled)
        settled = settled and proven
        if not still:
            needed = count
            break
    return Sufficiency(
        blocks,
        planned,
        needed,
        still if plan.relaxations else (),
        settled,
        certain,
        fixed=plan.teams is not None,
        varies=varies(plan, divisions, held.entities),
    )


def worst(
    plan: Plan,
    count: int,
    divisions: Sequence[Division],
    held: Lists,
    names: Mapping[str, str],
    targets: Sequence[Alike],
) -> tuple[tuple[Lacking, ...], bool]:
    """What the worst draw lacks with so many relaxations in force, the greatest lack first; whether that is all."""
    has = pooled(relaxed(plan, count), divisions, held)
    return _worst(plan, count, has, held, names, targets)


def _worst(
    plan: Plan, count: int, has: Pooled, held: Lists, names: Mapping[str, str], targets: Sequence[Alike]
) -> tuple[tuple[Lacking, ...], bool]:
    own = relaxed(plan, count)
    if own.teams is not None:
        return tuple(_teams(own, own.teams, has, count, names)), True
    found = shortfall(has.supply)
    lines = [_words(own, one, has, count, names) for one in found.deficits]
    lines.sort(key=lambda one: (-one.missing, len(one.vacancies), one.vacancies[0].district))
    told = {place for one in found.deficits for place in one.places}
    lines += [
        _alone(one, count, names)
        for one in stranded(own, held, targets)
        if not told.issuperset((slot, one.district) for slot in one.slots)
    ]
    return tuple(lines), found.settled


def _alone(one: Stranded, count: int, names: Mapping[str, str]) -> Lacking:
    places = tuple(Vacancy("", names[slot], 1) for slot in one.slots)
    firms = tuple(entity.name or entity.id for entity in one.targets)
    return Lacking(count, ALONE, places, one.persons, 0, None, firms)


def _words(plan: Plan, deficit: Deficit, has: Pooled, count: int, names: Mapping[str, str]) -> Lacking:
    rules = {slot.id: slot.district for slot in plan.slots}
    vacancies: Counter[Place] = Counter()
    for (slot, district), places in deficit.places.items():
        vacancies["" if rules[slot] == "any" else district, slot] += places
    caps = {has.supply.caps[one] for one in deficit.classes}
    return Lacking(
        count,
        WORST,
        tuple(
            Vacancy(district, names[slot], places) for (district, slot), places in sorted(vacancies.items())
        ),
        sum(has.supply.sizes[one] for one in deficit.classes),
        deficit.room,
        caps.pop() if len(caps) == 1 else None,
    )


def _teams(plan: Plan, teams: int, has: Pooled, count: int, names: Mapping[str, str]) -> list[Lacking]:
    """§15.8 Whether so many fixed teams can be formed, and whether they have room for all blocks."""
    supply = has.supply
    slots = {slot for slot, _ in supply.places}
    able = {
        slot: {one for place, own in supply.able.items() if place[0] == slot for one in own} for slot in slots
    }
    once = Supply(
        places={(slot, ""): teams for slot in sorted(slots)},
        able={(slot, ""): tuple(sorted(able[slot])) for slot in sorted(slots)},
        sizes=supply.sizes,
        caps=[min(1, cap) for cap in supply.caps],
        totals=dict.fromkeys(slots, teams),
        blocks={"": teams},
        all_blocks=teams,
    )
    if deficits := shortfall(once).deficits:
        lines = [_words(plan, one, replace(has, supply=once), count, names) for one in deficits]
        return [replace(one, why="teams") for one in lines]
    if supply.all_blocks > teams * plan.max_per_inspector:
        whole = Vacancy("", "", supply.all_blocks)
        return [Lacking(count, WORST, (whole,), teams * len(slots), 0, None)]
    return []


def simulate(plan: Plan, held: Lists, names: Mapping[str, str], draws: int, tell: Tell) -> Simulated:
    """Draw so many times from made-up salts and seeds of a counter, never those of a draw; `tell` after each."""
    frozen = freeze(plan, Seal(bytes(32), REHEARSAL, 1), held, [Announced(EXPLICIT, "1")])
    found: Counter[Lacking] = Counter()
    short = void = 0
    for number in range(draws):
        drawn = _short(frozen, simulated_seeds(frozen, number))
        if drawn is not None:
            short += 1
            void += not drawn.succeeded
            found[lacking(frozen, drawn, names)[0]] += 1
        tell(number + 1, draws)
    return Simulated(draws, short, void, found.most_common(1)[0][0] if found else None)


def _short(frozen: Frozen, seeds: Seeds) -> InspectorDraw | None:
    """The second draw if it is short as planned; by a flow alone where that decides it."""
    plan = frozen.plan
    targets = draw_targets(frozen, seeds, selector(len(frozen.registry.entities)))
    if plan.teams is None:
        blocks = make_blocks(frozen, targets.targets, seeds)
        _, problem = make_problem(plan, blocks, frozen.pool)
        if not problem.incompatible and least_sum_of_squares(problem) is not None:
            return None
    drawn = draw_inspectors(frozen, targets.targets, seeds)
    return drawn if drawn.shortages else None
