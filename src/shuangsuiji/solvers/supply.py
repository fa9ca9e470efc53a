"""Whether a pool suffices for the worst draw of targets, and who is short: maximum flow, its minimum cut, CP-SAT.

Before the seed nobody knows the blocks, only how many there can be at most (`Supply`). A flow runs from kinds of
places (slot and district) through pairs of a district and a class of like inspectors, where nobody has more places
than there are blocks, to the class, where nobody has more than his cap. Where the flow is too small, its minimum cut is
a Hall set: these places, those persons, so much room.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ortools.graph.python import max_flow
from ortools.sat.python import cp_model

Place = tuple[str, str]
"""A kind of place: the slot's id and the blocks' district."""

_SECONDS: Final = 3.0
"""Of the solver's deterministic time; a province's plan takes a fraction of it."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Places at most, and persons, of the draws that a plan can lead to.

    `places[k]` says how many places of a kind there can be, `able[k]` which classes of persons may take them, in
    ascending order; `sizes[c]` and `caps[c]` are the persons of a class and the most that each takes. `totals` are the
    most places of a slot over all districts, `blocks` the most blocks of a district, `all_blocks` of all together.
    `anywhere` are the slots that are bound to no district.
    """

    places: Mapping[Place, int]
    able: Mapping[Place, tuple[int, ...]]
    sizes: Sequence[int]
    caps: Sequence[int]
    totals: Mapping[str, int]
    blocks: Mapping[str, int]
    all_blocks: int
    anywhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Deficit:
    """A Hall set: places by kind, the classes of persons who alone can take them, and how many they can take."""

    places: Mapping[Place, int]
    classes: frozenset[int]
    room: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """All that was found short, places disjoint; `settled` is False if the solver's time ran out before the end."""

    deficits: tuple[Deficit, ...]
    settled: bool = True


def shortfall(supply: Supply) -> Shortfall:
    """Who would be short in the worst draw: of slots bound to no district, of each district, of several together.

    A kind of place stands in one deficit at most.
    """
    found: list[Deficit] = []
    rest = dict(supply.places)

    def take(deficits: Collection[Deficit]) -> None:
        found.extend(deficits)
        for one in deficits:
            for place in one.places:
                rest.pop(place, None)

    take(cuts(supply, _spread(supply)))
    for district in sorted(supply.blocks):
        take(cuts(supply, {place: most for place, most in rest.items() if place[1] == district}))
    settled = True
    while cuts(supply, rest):
        worst, settled = _worst(supply, rest)
        deficits = cuts(supply, worst)
        if not deficits:
            break
        take(deficits)
    return Shortfall(tuple(found), settled)


def _spread(supply: Supply) -> dict[Place, int]:
    """As many places as there can be of the slots bound to no district, from the first district on."""
    left = dict(supply.totals)
    spread = {}
    for place, most in sorted(supply.places.items()):
        if place[0] in supply.anywhere:
            spread[place] = min(most, left[place[0]])
            left[place[0]] -= spread[place]
    return {place: count for place, count in spread.items() if count}


def cuts(supply: Supply, places: Mapping[Place, int]) -> tuple[Deficit, ...]:
    """The Hall sets of one draw with so many places of each kind, none if they can all be filled: the minimum cut,
    divided where its parts share no person.
    """
    wanted = {place: count for place, count in places.items() if count}
    blocks = _blocks(wanted)
    pairs = {(place[1], one) for place in wanted for one in supply.able[place]}
    nodes = {node: number for number, node in enumerate([*wanted, *sorted(pairs), *range(len(supply.sizes))])}
    source, sink = len(nodes), len(nodes) + 1
    flow = max_flow.SimpleMaxFlow()
    for place, count in wanted.items():
        flow.add_arc_with_capacity(source, nodes[place], count)
        for one in supply.able[place]:
            flow.add_arc_with_capacity(nodes[place], nodes[place[1], one], count)
    for district, one in pairs:
        flow.add_arc_with_capacity(nodes[district, one], nodes[one], supply.sizes[one] * blocks[district])
    for one, size in enumerate(supply.sizes):
        flow.add_arc_with_capacity(nodes[one], sink, size * supply.caps[one])
    if not wanted or flow.solve(source, sink) != flow.OPTIMAL:
        return ()
    if flow.optimal_flow() == sum(wanted.values()):
        return ()
    reached = set(flow.get_source_side_min_cut())
    short = {place: count for place, count in wanted.items() if nodes[place] in reached}
    parts = (_deficit(supply, part, blocks) for part in _parts(supply, short))
    return tuple(one for one in parts if sum(one.places.values()) > one.room)


def _blocks(places: Mapping[Place, int]) -> dict[str, int]:
    """How many blocks a district has at least, that has so many places."""
    blocks: dict[str, int] = {}
    for (_, district), count in places.items():
        blocks[district] = max(count, blocks.get(district, 0))
    return blocks


def _parts(supply: Supply, places: Mapping[Place, int]) -> Iterator[Mapping[Place, int]]:
    """Places divided so that no person can take places of two parts."""
    left = dict(places)
    while left:
        part = dict([left.popitem()])
        classes = set(supply.able[next(iter(part))])
        while near := [place for place in left if not classes.isdisjoint(supply.able[place])]:
            for place in near:
                part[place] = left.pop(place)
                classes |= set(supply.able[place])
        yield dict(sorted(part.items()))


def _deficit(supply: Supply, places: Mapping[Place, int], blocks: Mapping[str, int]) -> Deficit:
    districts: dict[int, set[str]] = {}
    for place in places:
        for one in supply.able[place]:
            districts.setdefault(one, set()).add(place[1])
    room = sum(
        supply.sizes[one] * min(supply.caps[one], sum(blocks[name] for name in names))
        for one, names in districts.items()
    )
    return Deficit(places, frozenset(districts), room)


def solver() -> cp_model.CpSolver:
    """One that gives the same answer every time: one worker, a fixed seed, a limit that no clock decides."""
    made = cp_model.CpSolver()
    made.parameters.num_workers = 1
    made.parameters.random_seed = 1
    made.parameters.max_deterministic_time = _SECONDS
    return made


def _worst(supply: Supply, rest: Mapping[Place, int]) -> tuple[dict[Place, int], bool]:
    """The places of the draw that leaves most unfilled, within all totals, and whether that is proven.

    The minimum cut of an unknown draw, as an integer program: which kinds are on its source side (`inside`), which
    classes are paid for by their caps (`paid`), else by pairs; and how many places and blocks there are.
    """
    model = cp_model.CpModel()
    blocks = {name: model.new_int_var(0, most, "") for name, most in supply.blocks.items()}
    model.add(sum(blocks.values()) <= supply.all_blocks)
    paid = [model.new_bool_var("") for _ in supply.sizes]
    inside = {place: model.new_bool_var("") for place in rest}
    counts = {place: model.new_int_var(0, most, "") for place, most in rest.items()}
    pairs: dict[tuple[str, int], cp_model.IntVar] = {}
    for place, most in rest.items():
        model.add(counts[place] <= most * inside[place])
        model.add(counts[place] <= blocks[place[1]])
        for one in supply.able[place]:
            pair = pairs.setdefault((place[1], one), model.new_bool_var(""))
            model.add(pair + paid[one] >= inside[place])
    for slot, most in supply.totals.items():
        model.add(sum(count for place, count in counts.items() if place[0] == slot) <= most)
    through = []
    for (district, one), pair in pairs.items():
        most = supply.blocks[district]
        cost = model.new_int_var(0, most, "")
        model.add(cost >= blocks[district] - most * (1 - pair))
        through.append(supply.sizes[one] * cost)
    by_caps = [size * cap * own for size, cap, own in zip(supply.sizes, supply.caps, paid, strict=True)]
    model.maximize(sum(counts.values()) - sum(by_caps) - sum(through))
    solving = solver()
    status = solving.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}, False
    settled = status == cp_model.OPTIMAL
    return {place: solving.value(count) for place, count in counts.items()}, settled
