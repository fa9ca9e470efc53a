"""`audit fairness` (公平性模拟): both draws of a frozen batch run under many seeds that are none of its own.

The seeds come from a counter, hashed under a label with the batch's commitment: whoever runs it again gets the same
figures, and the label keeps them apart from every seed of the protocol. Nothing is refused and nothing is kept.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from shuangsuiji.audit.evenness import (
    NOTHING_VARIES,
    Band,
    Evenness,
    cell_z,
    like_bands,
    load_evenness,
    lone_band,
    target_evenness,
)
from shuangsuiji.core.allocation import at_bounds
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import TargetDraw, draw_inspectors, draw_targets
from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.encoding import u64
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import GroupRecusal, Incompatible, Inspector, PairRecusal, Recusal
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.strata import Base

MATCHED: Final = 4
"""One in so many seeds is matched too: the inspector draw takes longer, and has far fewer persons to count."""

Tell: TypeAlias = Callable[[int, int], None]
"""Told after each seed how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class CellFairness:
    """A cell: base, expected places of one draw, those it got in all draws, how far off that is (a normal score)."""

    cell: str
    base: int
    expected: Fraction
    drawn: int
    z: float


@dataclass(frozen=True, slots=True)
class TierFairness:
    """A tier: how often its entities were drawn. `exact` is how many draws drew the quota exactly, which all should.

    `times` counts entities by how often they were drawn; each should be drawn in `probability` of the draws. Of a tier
    with bounds (上下限) this, and `evenness`, are about the cells at no bound: the others have chances of their own.
    """

    task: str
    tier: str
    base: int
    quota: int
    probability: Fraction
    exact: int
    times: Mapping[int, int]
    evenness: Evenness
    cells: tuple[CellFairness, ...]

    def name(self, tasks: int) -> str:
        """What to call it where a plan has so many tasks."""
        return self.tier if tasks == 1 else f"{self.task} · {self.tier}"


@dataclass(frozen=True, slots=True)
class PersonFairness:
    """An inspector: blocks in all matched draws together, in how many draws he carried the most among his likes.

    `mean` is that of one draw, `band` what it is held against: exactly, or by the simulation itself.
    """

    id: str
    name: str
    blocks: int
    most: int
    mean: Fraction
    band: Band


@dataclass(frozen=True, slots=True)
class GroupFairness:
    """Inspectors who are alike for the draw, because they may take the same places and have the same recusals.

    `places` are the names of slots; the mean load of one draw should be the same for all of them.
    """

    places: tuple[str, ...]
    recusals: int
    mean: Fraction
    evenness: Evenness
    persons: tuple[PersonFairness, ...]


@dataclass(frozen=True, slots=True)
class Fairness:
    """What came of `seeds` target draws and `matched` inspector draws, of which `short` found no lawful assignment.

    `loads` counts persons by their blocks in one draw, all matched draws together.
    """

    seeds: int
    matched: int
    short: int
    tiers: tuple[TierFairness, ...]
    groups: tuple[GroupFairness, ...]
    loads: Mapping[int, int]

    @property
    def tasks(self) -> int:
        """How many tasks have tiers that can be drawn."""
        return len({tier.task for tier in self.tiers})


def simulated_seeds(frozen: Frozen, number: int) -> Seeds:
    """The seeds of simulation `number`."""

    def seed(stage: str) -> bytes:
        return draw_hash(frozen.seal.mode, f"simulated/{stage}", frozen.targets_commitment, u64(number))

    return Seeds(frozen.seal.mode, seed("targets"), seed("inspectors"))


def simulate(frozen: Frozen, slot_names: Mapping[str, str], seeds: int, tell: Tell) -> Fairness:
    """Run the target draw under `seeds` seeds, and the inspector draw under the first of them (`MATCHED`)."""
    matched = -(-seeds // MATCHED)
    targets = _Targets(frozen)
    loads: list[Counter[str]] = []
    short = 0
    for number in range(seeds):
        own = simulated_seeds(frozen, number)
        drawn = draw_targets(frozen, own)
        targets.count(drawn)
        if number < matched:
            matching = draw_inspectors(frozen, drawn.targets, own)
            if matching.succeeded:
                loads.append(Counter(one.id for team in matching.teams for one in team.inspectors))
            else:
                short += 1
        tell(number + 1, seeds)
    groups = _groups(frozen, slot_names)
    able = [one.id for _, persons in groups for one in persons]
    return Fairness(
        seeds=seeds,
        matched=matched,
        short=short,
        tiers=targets.result(seeds),
        groups=tuple(_group(shared, persons, loads) for shared, persons in groups) if loads else (),
        loads=dict(sorted(Counter(load[one] for load in loads for one in able).items())),
    )


class _Targets:
    """Counts of entities, cells and full quotas by tier, over all draws."""

    def __init__(self, frozen: Frozen) -> None:
        self.bases = {
            (division.task.id, base.tier.id): (division.task.name, base)
            for division in frozen.strata.divisions
            for base in division.bases
            if base.size
        }
        self.times: dict[tuple[str, str], Counter[int]] = {key: Counter() for key in self.bases}
        self.places: Counter[tuple[str, str, str]] = Counter()
        self.exact: Counter[tuple[str, str]] = Counter()

    def count(self, draw: TargetDraw) -> None:
        """One more draw."""
        together: Counter[tuple[str, str]] = Counter()
        for one in draw.strata:
            self.times[one.task, one.tier].update(one.drawn)
            self.places[one.task, one.tier, one.stratum.cell] += one.quota
            together[one.task, one.tier] += len(one.drawn)
        self.exact.update(key for key, number in together.items() if number == self.bases[key][1].quota)

    def result(self, seeds: int) -> tuple[TierFairness, ...]:
        """The tiers in the plan's order."""
        return tuple(self._tier(key, task, base, seeds) for key, (task, base) in self.bases.items())

    def _tier(self, key: tuple[str, str], task: str, base: Base, seeds: int) -> TierFairness:
        sizes = {name: len(cell) for name, cell in base.cells.items()}
        bounds = base.tier.bounds
        found = [None] * len(sizes) if bounds is None else at_bounds(base.quota, [*sizes.values()], bounds)
        fixed = {name: own for name, own in zip(sizes, found, strict=True) if own is not None}
        free = [size for name, size in sizes.items() if name not in fixed]
        quota = base.quota - sum(fixed.values())
        counts = [
            self.times[key][member]
            for name, cell in base.cells.items()
            if name not in fixed
            for member in cell
        ]
        return TierFairness(
            task=task,
            tier=base.tier.name,
            base=base.size,
            quota=base.quota,
            probability=Fraction(quota, sum(free)) if free else Fraction(base.quota, base.size),
            exact=self.exact[key],
            times=dict(sorted(Counter(counts).items())),
            evenness=target_evenness(counts, quota, free, seeds) if free else NOTHING_VARIES,
            cells=tuple(
                CellFairness(name, size, Fraction(fixed[name]), self.places[*key, name], 0.0)
                if name in fixed
                else self._cell((*key, name), size, quota, sum(free), seeds)
                for name, size in sizes.items()
            ),
        )

    def _cell(self, key: tuple[str, str, str], size: int, quota: int, total: int, seeds: int) -> CellFairness:
        drawn = self.places[key]
        z = cell_z(drawn, quota, size, total, seeds)
        return CellFairness(key[2], size, Fraction(quota * size, total), drawn, z)


_Alike: TypeAlias = tuple[tuple[str, ...], int]


def _groups(frozen: Frozen, names: Mapping[str, str]) -> list[tuple[_Alike, list[Inspector]]]:
    """Inspectors who can take some place, alike together: largest group first."""
    plan, candidates = frozen.plan, eligible(frozen.plan, frozen.pool.inspectors)
    pools: dict[int, list[tuple[str, str]]] = {}
    for slot in plan.slots:
        for district in [""] if slot.district == "any" else _districts(frozen, plan):
            for position in slot_pool(slot, district, candidates):
                pools.setdefault(position, []).append((slot.id, district))
    recused: dict[str, set[tuple[str, ...]]] = {}
    for one in frozen.pool.recusals:
        recused.setdefault(one.inspector, set()).add(_from(one))
        if isinstance(one, Incompatible):
            recused.setdefault(one.colleague, set()).add(("", "", one.inspector))
    alike: dict[object, tuple[_Alike, list[Inspector]]] = {}
    for position, places in pools.items():
        inspector = candidates[position]
        recusals = frozenset(recused.get(inspector.id, ()))
        slots = tuple(dict.fromkeys(names[slot] for slot, _ in places))
        shared = alike.setdefault((tuple(places), recusals, inspector.most), ((slots, len(recusals)), []))
        shared[1].append(inspector)
    return sorted(alike.values(), key=lambda one: (-len(one[1]), one[1][0].id))


def _from(one: Recusal) -> tuple[str, ...]:
    match one:
        case PairRecusal(_, entity):
            return (entity,)
        case GroupRecusal(_, column, value):
            return (column, value)
        case Incompatible(_, colleague):
            return ("", "", colleague)


def _districts(frozen: Frozen, plan: Plan) -> list[str]:
    if plan.district is None:
        return [""]
    return sorted({one.columns.get(plan.district, "") for one in frozen.registry.entities})


def _group(shared: _Alike, persons: Sequence[Inspector], loads: Sequence[Counter[str]]) -> GroupFairness:
    table = [[load[one.id] for one in persons] for load in loads]
    evenness, _ = load_evenness(table)
    columns = list(zip(*table, strict=True))
    bands = like_bands(table) if len(persons) > 1 else (lone_band(columns[0]),)
    sums = [sum(column) for column in columns]
    tops = [max(row) for row in table]
    uneven = [min(row) < top for row, top in zip(table, tops, strict=True)]
    most = [
        sum(load == top and differs for load, top, differs in zip(column, tops, uneven, strict=True))
        for column in columns
    ]
    return GroupFairness(
        places=shared[0],
        recusals=shared[1],
        mean=Fraction(sum(sums), len(persons) * len(loads)),
        evenness=evenness,
        persons=tuple(
            PersonFairness(one.id, one.name, blocks, top, Fraction(blocks, len(loads)), band)
            for one, blocks, top, band in zip(persons, sums, most, bands, strict=True)
        ),
    )
