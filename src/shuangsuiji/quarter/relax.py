"""`plan relax` (放宽建议): the smallest sets of rules that a plan could give up so that its pool suffices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.eligibility import admits
from shuangsuiji.core.plan import AnyDistrict, Neighbours, OtherPool, Plan, RaiseCap, Relaxation, Slot
from shuangsuiji.core.plan_format import parse_plan, plan_object
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.strata import Division
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.plan.toml import relaxation_lines
from shuangsuiji.plan.wording import relaxation_words
from shuangsuiji.quarter.demand import Pooled, pooled
from shuangsuiji.quarter.plan import hold, preview_mode, read_drawing
from shuangsuiji.quarter.stranded import Alike, alike, stranded
from shuangsuiji.quarter.sufficiency import Sufficiency, sufficiency, worst
from shuangsuiji.quarter.wider import Wider, wider_pools
from shuangsuiji.solvers.relaxing import Choice, Lever, Levers, Proposer
from shuangsuiji.solvers.supply import Place, shortfall
from shuangsuiji.store.workspace import Store

PROPOSALS: Final = 5
"""Proposals at most."""
_ROUNDS: Final = 40
"""Tries at most: each is refuted by the worst draw under the relaxations it proposes, or becomes a proposal."""

COSTS: Final[Mapping[str, int]] = {"near": 1, "cap": 2, "any": 4, "also": 6, "drop": 8}
"""放宽的代价: one district lends to one other; one block more for everybody; a place open to all districts; to one more
department, unit or qualification; without one of its conditions."""

_ANY: Final = "any"
_NEAR: Final = "near"
_POOL: Final = "pool"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Relaxations that end the shortage, after the plan's own: what they cost, in words, as lines of the file."""

    cost: int
    words: Mapping[Lang, tuple[str, ...]]
    lines: str


@dataclass(frozen=True, slots=True)
class RelaxResult:
    """What the worst draw lacks, and the cheapest proposals; none are needed where the plan's relaxations suffice."""

    plan: str
    version: int
    title: str
    sufficiency: Sufficiency
    proposals: tuple[Proposal, ...]

    @property
    def helped(self) -> bool:
        """Whether the plan suffices, by itself or with a proposal."""
        return self.sufficiency.relaxations is not None or bool(self.proposals)


def relax(store: Store, path: Path, *, config: Path | None = None) -> RelaxResult:
    """Propose relaxations for a plan file, held against the rosters as they stand; changes nothing.

    Each proposal holds against the worst draw of targets, as `plan check` does. Raises InputRefused as `check`, but for
    a list that gives classes away; WrongState `quarter.roster_missing`.
    """
    file = read_drawing(path)
    with store.read() as reader:
        held, divisions, _ = hold(file, reader, preview_mode(file, reader), config)
    plan, names = file.plan, file.texts.slots
    targets = alike(plan, divisions, held)
    enough = sufficiency(plan, divisions, held, names, targets)
    found = (
        ()
        if enough.relaxations is not None
        else tuple(sorted(_proposals(plan, divisions, held, names, targets), key=_cost))
    )
    return RelaxResult(plan.id, plan.version, file.texts.title, enough, found)


def _cost(proposal: Proposal) -> int:
    return proposal.cost


def _proposals(
    plan: Plan,
    divisions: Sequence[Division],
    held: Lists,
    names: Mapping[str, str],
    targets: Sequence[Alike],
) -> Iterator[Proposal]:
    base = relaxed(plan, len(plan.relaxations))
    if base.teams is not None:
        yield from islice(_for_teams(base, divisions, held, names), PROPOSALS)
        return
    demands = [one.places for one in shortfall(pooled(base, divisions, held).supply).deficits]
    alone = [{(slot, one.district): 1 for slot in one.slots} for one in stranded(base, held, targets)]
    short = {slot for demand in [*demands, *alone] for slot, _ in demand}
    wider = {slot.id: wider_pools(slot, held.inspectors) for slot in base.slots if slot.id in short}
    has = pooled(
        base, divisions, held, [one.of(slot) for slot in base.slots for one in wider.get(slot.id, ())]
    )
    proposer = Proposer(has.supply, _levers(plan, base, has, [*demands, *alone], wider), demands)
    accepted = 0
    for _ in range(_ROUNDS):
        choice = proposer.propose()
        if choice is None or accepted == PROPOSALS:
            return
        relaxations = list(_relaxations(base, choice, wider))
        if more := _short(base, relaxations, divisions, held, names, targets):
            new = [one for one in more if one and one not in proposer.demands]
            proposer.demands += new
            if not new:
                proposer.refused.append(choice)
            continue
        proposer.refused.append(choice)
        accepted += 1
        yield _proposal(choice.cost, relaxations, names)


def _for_teams(
    base: Plan, divisions: Sequence[Division], held: Lists, names: Mapping[str, str]
) -> Iterator[Proposal]:
    """Fixed teams (§15.8) have no districts: what is left is the cap, and one slot's condition."""
    blocks = pooled(base, divisions, held).supply.all_blocks
    cap = -(-blocks // base.teams) if base.teams else 0
    more = max(0, cap - base.max_per_inspector)
    raised: list[tuple[int, list[Relaxation]]] = [(COSTS["cap"] * more, [RaiseCap(cap)] if more else [])]
    wider = [
        (raised[0][0] + COSTS[one.kind], [OtherPool(slot.id, one.pool), *raised[0][1]])
        for slot in base.slots
        for one in wider_pools(slot, held.inspectors)
    ]
    for cost, relaxations in raised + sorted(wider, key=lambda pair: pair[0]):
        if relaxations and not _short(base, relaxations, divisions, held, names, ()):
            yield _proposal(cost, relaxations, names)
            if relaxations == raised[0][1]:
                return  # more would be for nothing


def _short(
    base: Plan,
    relaxations: Sequence[Relaxation],
    divisions: Sequence[Division],
    held: Lists,
    names: Mapping[str, str],
    targets: Sequence[Alike],
) -> list[Mapping[Place, int]]:
    """What the worst draw demands in vain, with these relaxations in force."""
    # As a plan file would have them: what the core's own parser refuses is no proposal.
    own = parse_plan(plan_object(replace(_as_written(base), relaxations=tuple(relaxations))))
    own = replace(own, slots=base.slots)
    if own.teams is not None:
        return [{("", ""): 1} for _ in worst(own, len(relaxations), divisions, held, names, targets)[0]]
    own = relaxed(own, len(relaxations))
    deficits = shortfall(pooled(own, divisions, held).supply).deficits
    if deficits:
        return [one.places for one in deficits]
    # What no number of places tells, a choice that leaves it is refused for.
    return [{} for _ in stranded(own, held, targets)[:1]]


def _as_written(base: Plan) -> Plan:
    return replace(base, slots=tuple(replace(slot, neighbours={}) for slot in base.slots))


def _levers(
    plan: Plan,
    base: Plan,
    has: Pooled,
    demands: Sequence[Mapping[Place, int]],
    wider: Mapping[str, Sequence[Wider]],
) -> Levers:
    """What could be opened for the places that are short."""
    slots = {slot.id: slot for slot in base.slots}
    written = {slot.id: slot.district for slot in plan.slots}
    places = {place for demand in demands for place in demand}
    other: dict[Lever, tuple[Slot, list[Place]]] = {}
    for slot in sorted(wider):
        everywhere = [place for place in has.supply.places if place[0] == slot]
        if slots[slot].district != _ANY:
            other[_ANY, slot] = replace(slots[slot], district=_ANY), everywhere
        for number, one in enumerate(wider[slot]):
            other[_POOL, slot, str(number)] = one.of(slots[slot]), everywhere
        if written[slot] != "home" or slots[slot].district == _ANY:
            continue
        for place in sorted(one for one in places if one[0] == slot):
            for lender in sorted({members[0].district for members in has.classes} - {place[1]}):
                near = {**slots[slot].neighbours}
                near[place[1]] = (*near.get(place[1], ()), lender)
                other[_NEAR, slot, place[1], lender] = replace(slots[slot], neighbours=near), [place]
    return Levers(
        opens={lever: _opened(own, some, has) for lever, (own, some) in other.items()},
        costs={
            lever: COSTS[wider[lever[1]][int(lever[2])].kind if lever[0] == _POOL else lever[0]]
            for lever in other
        },
        cap_cost=COSTS["cap"],
        most_cap=has.supply.all_blocks,
        own=[members[0].most for members in has.classes],
        together=dict(_together(other, has)),
        apart=[
            [lever for lever in other if lever[:2] == (_POOL, slot)] for slot in sorted(wider) if wider[slot]
        ],
    )


def _together(
    other: Mapping[Lever, tuple[Slot, list[Place]]], has: Pooled
) -> Iterator[tuple[tuple[Lever, Lever], dict[Place, frozenset[int]]]]:
    """Whom another condition and another district of one slot admit, but neither alone."""
    for lever, (own, _) in other.items():
        for pool, (wide, _) in other.items():
            if lever[0] != _POOL and pool[:2] == (_POOL, lever[1]):
                both = replace(own, pool=wide.pool)
                alone = [_opened(one, other[lever][1], has) for one in (own, wide)]
                opened = {
                    place: more
                    for place, admitted in _opened(both, other[lever][1], has).items()
                    if (
                        more := admitted - alone[0].get(place, frozenset()) - alone[1].get(place, frozenset())
                    )
                }
                if opened:
                    yield (lever, pool), opened


def _opened(slot: Slot, places: Sequence[Place], has: Pooled) -> dict[Place, frozenset[int]]:
    """Whom the slot admits in these places beside those who may take them anyhow."""
    found = {place: _admitted(slot, place, has) - set(has.supply.able[place]) for place in places}
    return {place: more for place, more in found.items() if more}


def _admitted(slot: Slot, place: Place, has: Pooled) -> frozenset[int]:
    return frozenset(
        at
        for at, members in enumerate(has.classes)
        if place[1] not in has.recused[at] and admits(slot, place[1], members[0])
    )


def _relaxations(base: Plan, choice: Choice, wider: Mapping[str, Sequence[Wider]]) -> Iterator[Relaxation]:
    """A choice as relaxations; they come after the plan's own and take their place, so they contain them."""
    near: dict[str, dict[str, tuple[str, ...]]] = {}
    already = {slot.id: slot.neighbours for slot in base.slots}
    for _, slot, district, lender in sorted(one for one in choice.opened if one[0] == _NEAR):
        own = near.setdefault(slot, dict(already[slot]))
        own[district] = (*own.get(district, ()), lender)
    yield from (Neighbours(slot, own) for slot, own in near.items())
    yield from (AnyDistrict(lever[1]) for lever in sorted(choice.opened) if lever[0] == _ANY)
    if choice.raised:
        yield RaiseCap(base.max_per_inspector + choice.raised)
    for _, slot, number in sorted(one for one in choice.opened if one[0] == _POOL):
        yield OtherPool(slot, wider[slot][int(number)].pool)


def _proposal(cost: int, relaxations: Sequence[Relaxation], names: Mapping[str, str]) -> Proposal:
    words = {lang: tuple(relaxation_words(one, names, lang) for one in relaxations) for lang in LANGUAGES}
    lines = "\n".join(relaxation_lines(one, name) for one, name in zip(relaxations, words["zh"], strict=True))
    return Proposal(cost, words, lines)
