"""§19 What records do (更换与作废): who visits whom after replacements; each follows from the records before it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.decisions import (
    RECUSAL,
    Decision,
    PersonsOutcome,
    PersonsRequest,
    Place,
    Record,
    Request,
    TargetOutcome,
    TargetRequest,
    Urgent,
    Void,
)
from shuangsuiji.core.encoding import canonical_json, u64
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.records import Entity
from shuangsuiji.core.seed import PublicValue, check_fresh, check_mode, check_values
from shuangsuiji.core.standing import NOBODY, Grounds, Standing, State
from shuangsuiji.core.stream import Stream
from shuangsuiji.core.teams import Target
from shuangsuiji.errors import InputRefused


def next_record(
    grounds: Grounds,
    state: State,
    decision: Decision,
    *,
    reason: str,
    approver: str,
    operator: str,
    time: str,
) -> Record:
    """§19 The record that continues the chain with a decision."""
    seq = 1 if state.last is None else state.last.seq + 1
    return Record(decision, reason, approver, operator, time, seq, _head(grounds, state))


def succeed(grounds: Grounds, state: State, record: Record) -> State:
    """§19 The state after a record.

    InputRefused `core.record_*`, and `core.seed_*` for values, if it does not continue the chain, may not stand here,
    or says another outcome than follows.
    """
    if state.void:
        raise InputRefused("core.record_void")
    _check_chain(grounds, state, record)
    decision, after = record.decision, state
    if not (grounds.manned or isinstance(decision, Void)):
        raise InputRefused("core.record_unmanned")
    match decision:
        case Void():
            pass
        case PersonsRequest() | TargetRequest():
            after = _ask(grounds, state, record, decision)
        case PersonsOutcome(request, values, inspectors):
            after, expected = _persons(grounds, state, request, values)
            _same(inspectors, expected)
        case TargetOutcome(request, values, target):
            after, new = _target(grounds, state, request, values)
            _same(target, new)
        case Urgent(places, inspectors):
            after, expected = _urgent(grounds, state, places)
            _same(inspectors, expected)
    return replace(after, last=record)


def persons_outcome(
    grounds: Grounds, state: State, request: int, values: Sequence[PublicValue]
) -> PersonsOutcome:
    """§19 What comes of an open request to replace persons. InputRefused as `succeed`."""
    _, inspectors = _persons(grounds, state, request, values)
    return PersonsOutcome(request, tuple(values), inspectors)


def target_outcome(
    grounds: Grounds, state: State, request: int, values: Sequence[PublicValue]
) -> TargetOutcome:
    """§19 What comes of an open request to replace a target. InputRefused as `succeed`."""
    _, target = _target(grounds, state, request, values)
    return TargetOutcome(request, tuple(values), target)


def urgent(grounds: Grounds, state: State, places: Sequence[Place]) -> Urgent:
    """§19 An urgent replacement of the persons of some places. InputRefused as `succeed`."""
    _, inspectors = _urgent(grounds, state, places)
    return Urgent(tuple(places), inspectors)


def has_lapsed(grounds: Grounds, state: State, number: int) -> bool:
    """§19 Whether records since request `number` (落空) have left it without its target, its places, or their persons.

    What it asks about is decided once: its values do not decide anew what others have decided meanwhile.
    """
    request = state.requests[number].decision
    try:
        if isinstance(request, PersonsRequest):
            return _check_places(grounds, state, request.places) != state.about[number]
        if isinstance(request, TargetRequest):
            _check_target(grounds, state, request.target)
    except InputRefused:
        return True
    return False


def waiting(grounds: Grounds, state: State) -> Mapping[tuple[str, str], int]:
    """§19 The targets and slots for whose persons fresh values are asked, each with the number of that request."""
    found: dict[tuple[str, str], int] = {}
    for number in state.open:
        request = state.requests[number].decision
        if isinstance(request, PersonsRequest) and not has_lapsed(grounds, state, number):
            for about in _named(request.places):
                found.setdefault(about, number)
    return found


def check_waiting(grounds: Grounds, state: State, places: Sequence[Place]) -> None:
    """§19 Refuse (InputRefused, `core.record_waiting`) places for whose persons fresh values are asked already."""
    held = waiting(grounds, state)
    for target, slot in _named(places):
        if (target, slot) in held:
            raise InputRefused("core.record_waiting", target=target, slot=slot, number=held[target, slot])


def old_inspector(grounds: Grounds, state: State, place: Place) -> str:
    """§19 The one inspector of a place, or NOBODY.

    InputRefused `core.record_place` unless it is a slot of the block and some of its targets, in order, who all have
    the same.
    """
    block = grounds.blocks.get(place.block)
    order = {one: position for position, one in enumerate(state.blocks.get(place.block, ()))}
    known = block is not None and place.slot in block.slots and set(place.targets) <= order.keys()
    if not known or not all(order[a] < order[b] for a, b in pairwise(place.targets)):
        raise InputRefused("core.record_place", block=place.block, slot=place.slot)
    old = {state.targets[one].team[place.slot] for one in place.targets}
    if len(old) != 1:
        raise InputRefused("core.record_place", block=place.block, slot=place.slot)
    return old.pop()


def _head(grounds: Grounds, state: State) -> str:
    digest = grounds.result if state.last is None else state.last.digest(grounds.frozen.seal.mode)
    return digest.hex()


def _check_chain(grounds: Grounds, state: State, record: Record) -> None:
    seq, time = (0, "") if state.last is None else (state.last.seq, state.last.time)
    if (record.seq, record.prev) != (seq + 1, _head(grounds, state)):
        raise InputRefused("core.record_chain", seq=record.seq)
    if record.time < time:
        raise InputRefused("core.record_time", seq=record.seq)
    for name in ("approver", "operator", "reason"):
        if not getattr(record, name):
            raise InputRefused("core.record_blank", member=name)


def _ask(grounds: Grounds, state: State, record: Record, request: Request) -> State:
    """A request changes nothing yet, but what has been asked for, and with which drawings."""
    check_mode(grounds.frozen.seal.mode, request.values)
    check_fresh(request.values, [*grounds.announced, *state.asked_for])
    after = replace(
        state,
        requests={**state.requests, record.seq: record},
        asked_for=(*state.asked_for, *request.values),
    )
    if isinstance(request, TargetRequest):
        _check_target(grounds, state, request.target)
        return after
    olds = _check_places(grounds, state, request.places)
    after = replace(after, about={**state.about, record.seq: olds})
    if request.because != RECUSAL:
        return after
    targets = [target for place in request.places for target in place.targets]
    if len(request.places) != 1 or len(targets) != 1:
        raise InputRefused("core.record_recusal_one")
    about = (targets[0], request.places[0].slot)
    if about in state.asked:
        raise InputRefused("core.record_recusal_twice", target=about[0], slot=about[1])
    objections = state.objections | {(targets[0], olds[0])}
    return replace(after, asked=state.asked | {about}, objections=objections)


def _persons(
    grounds: Grounds, state: State, number: int, values: Sequence[PublicValue]
) -> tuple[State, tuple[str, ...]]:
    request = _open_request(state, number)
    asked = request.decision
    if not isinstance(asked, PersonsRequest):
        raise InputRefused("core.record_request", number=number)
    mode = grounds.frozen.seal.mode
    check_values(mode, asked.values, values)
    state = replace(state, answered=state.answered | {number})
    if has_lapsed(grounds, state, number):
        return state, ()
    olds = _check_places(grounds, state, asked.places)
    if asked.because != RECUSAL:
        state = replace(state, gone=state.gone | _persons_of(olds))
    stream = Stream(_key(mode, request, values))
    found: list[str] = []
    for place, old in zip(asked.places, olds, strict=True):
        candidates = _candidates(grounds, state, place, old)
        least = min((_load(state, one) for one in candidates), default=0)
        ties = [one for one in candidates if _load(state, one) == least]
        found.append(ties[stream.below(len(ties))] if ties else NOBODY)
        state = _take(state, place, found[-1])
    return state, tuple(found)


def _urgent(grounds: Grounds, state: State, places: Sequence[Place]) -> tuple[State, tuple[str, ...]]:
    if not grounds.frozen.plan.substitutes:
        raise InputRefused("core.record_substitutes")
    olds = _check_places(grounds, state, places)
    check_waiting(grounds, state, places)
    state = replace(state, gone=state.gone | _persons_of(olds))
    found: list[str] = []
    for place, old in zip(places, olds, strict=True):

        def rank(one: str, place: Place = place) -> bytes:
            fields = (u64(place.block), place.slot.encode(), one.encode())
            return grounds.seeds.key("inspectors", "substitute", *fields)

        found.append(min(_candidates(grounds, state, place, old), key=rank, default=NOBODY))
        state = _take(state, place, found[-1])
    return state, tuple(found)


def _target(grounds: Grounds, state: State, number: int, values: Sequence[PublicValue]) -> tuple[State, str]:
    request = _open_request(state, number)
    asked = request.decision
    if not isinstance(asked, TargetRequest):
        raise InputRefused("core.record_request", number=number)
    mode = grounds.frozen.seal.mode
    check_values(mode, asked.values, values)
    state = replace(state, answered=state.answered | {number})
    if has_lapsed(grounds, state, number):
        return state, NOBODY
    candidates = _successors(grounds, state, state.targets[asked.target])
    if not candidates:
        return state, NOBODY
    new = candidates[Stream(_key(mode, request, values)).below(len(candidates))]
    return _replace_target(state, asked.target, new), new.id


def _open_request(state: State, number: int) -> Record:
    if number not in state.open[:1]:  # who asked first is answered first, whatever the values are
        raise InputRefused("core.record_request", number=number)
    return state.requests[number]


def _key(mode: str, request: Record, values: Sequence[PublicValue]) -> bytes:
    public = canonical_json([one.object() for one in values])
    return draw_hash(mode, "key/records", request.digest(mode), public)


def _check_places(grounds: Grounds, state: State, places: Sequence[Place]) -> tuple[str, ...]:
    """The old inspectors of the places, if these may stand in one record."""
    if not places:
        raise InputRefused("core.record_places")
    olds = tuple(old_inspector(grounds, state, place) for place in places)
    for (target, slot), times in Counter(_named(places)).items():
        if times > 1:
            raise InputRefused("core.record_place_twice", target=target, slot=slot)
    return olds


def _named(places: Sequence[Place]) -> list[tuple[str, str]]:
    """Each target of some places, with the slot."""
    return [(target, place.slot) for place in places for target in place.targets]


def _persons_of(olds: Sequence[str]) -> frozenset[str]:
    return frozenset(olds) - {NOBODY}


def _load(state: State, inspector: str) -> int:
    return state.loads.get(inspector, 0)


def _candidates(grounds: Grounds, state: State, place: Place, old: str) -> list[str]:
    """§19 Who may come in at a place: ascending by id."""
    rules = grounds.rules
    barred = {*state.gone, old}
    barred |= {person for target, person in state.objections if target in place.targets}
    for target in place.targets:
        standing = state.targets[target]
        others = {one for slot, one in standing.team.items() if slot != place.slot}
        barred |= others | rules.recused(standing.target.entity)
        barred |= {one for other in others for one in rules.apart(other)}
    pool = rules.pool(grounds.blocks[place.block], place.slot)
    return [one for one in pool if one not in barred and _load(state, one) < rules.cap(one)]


def _take(state: State, place: Place, new: str) -> State:
    """The new one in the place; his load grows by one, the old one's never shrinks."""
    targets = dict(state.targets)
    for target in place.targets:
        standing = targets[target]
        targets[target] = replace(standing, team=MappingProxyType({**standing.team, place.slot: new}))
    loads = state.loads if new == NOBODY else {**state.loads, new: _load(state, new) + 1}
    return replace(state, targets=targets, loads=loads)


def _check_target(grounds: Grounds, state: State, target: str) -> None:
    standing = state.targets.get(target)
    listed = {task.id for task in grounds.frozen.plan.tasks if task.source is not None}
    if standing is None or listed & set(standing.target.tasks):
        raise InputRefused("core.record_target", target=target)


def _successors(grounds: Grounds, state: State, standing: Standing) -> list[Entity]:
    """§19 The entities that could take a target's place, ascending by leaf."""
    frozen = grounds.frozen
    entities = frozen.registry.entities
    district = grounds.rules.district(standing.target.entity)
    team = set(standing.team.values())
    strata = _strata_of(frozen, standing.target)
    inside = frozenset.intersection(*map(frozenset, strata))
    return [
        one
        for one in (entities[position] for position in strata[0] if position in inside)
        if one.id not in state.were
        and grounds.rules.district(one) == district
        and not team & grounds.rules.recused(one)
    ]


def _strata_of(frozen: Frozen, target: Target) -> list[Sequence[int]]:
    """The members of the stratum in which the target lies, for each of its tasks."""
    own = next(n for n, one in enumerate(frozen.registry.entities) if one.id == target.entity.id)
    return [
        stratum.members
        for task, tiers in zip(frozen.plan.tasks, frozen.strata.tiers, strict=True)
        if task.id in target.tasks
        for tier in tiers
        for stratum in tier.strata
        if own in stratum.members
    ]


def _replace_target(state: State, old: str, new: Entity) -> State:
    targets = dict(state.targets)
    standing = targets.pop(old)
    targets[new.id] = replace(standing, target=replace(standing.target, entity=new))
    order = tuple(new.id if one == old else one for one in state.blocks[standing.block])
    blocks = {**state.blocks, standing.block: order}
    return replace(state, targets=targets, blocks=blocks, were=state.were | {new.id})


def _same(given: object, expected: object) -> None:
    if given != expected:
        raise InputRefused("core.record_outcome")
