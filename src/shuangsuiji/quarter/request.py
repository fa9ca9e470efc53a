"""`replace TARGET PERSON`, `replace vacant|recusal|target` (更换申请): asks for fresh entropy, which alone decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shuangsuiji.core.decisions import RECUSAL, UNABLE, PersonsRequest, Place, Request, TargetRequest
from shuangsuiji.core.records import IN_BUSINESS, Entity
from shuangsuiji.core.seed import Announced, check_seedable
from shuangsuiji.core.standing import NOBODY, State
from shuangsuiji.core.succession import check_waiting
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.quarter.announcing import read_announced, refuse
from shuangsuiji.quarter.approval import check_approvers
from shuangsuiji.quarter.chronicle import (
    VERB,
    Chronicle,
    add_record,
    find_inspector,
    find_target,
    read_chronicle,
    recorded_draw,
)
from shuangsuiji.quarter.lotteries import DAILY, Lotteries
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class RequestResult:
    """The request: its number; `what` is "unable", "vacant", "recusal" or "target"; whom it is about.

    `person` is the name of the inspector to be replaced, "" if there is none; `targets` are the targets whose visits
    get another person, or the target itself; `values` the drawings that will decide.
    """

    plan: str
    mode: str
    draw: int
    number: int
    what: str
    person: str
    targets: tuple[str, ...]
    values: tuple[str, ...]


Decided = tuple[Request, str, str]
"""A request, what it is (RequestResult.what) and whom it is about, "" for nobody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every request is given: reason, approver, the drawings to come as "source:issue", and where and who.

    Without any drawing it is the next 快乐8, where the calendar tells its issue.
    """

    reason: str
    approver: str
    values: Sequence[str]
    operator: str
    now: datetime
    plan_id: str | None = None
    config: Path | None = None


def person(store: Store, who: str, targets: Sequence[str], asked: Asked) -> RequestResult:
    """Ask for another inspector in the place of one who cannot go: for some targets, else for all that remain.

    Raises WrongState as `recorded_draw`; InputRefused `quarter.no_such_inspector`, `quarter.namesakes`, those of
    `places_of`, `quarter.value_form`, those of `refuse`, `core.seed_*`, `core.record_*`; `core.record_waiting`
    where an open request asks for fresh values of a place.
    """

    def decide(chronicle: Chronicle, values: tuple[Announced, ...], done: frozenset[str]) -> Decided:
        one = find_inspector(chronicle.grounds.frozen, who)
        places = places_of(chronicle, one.id, targets, done, one.name)
        return PersonsRequest(values, places, UNABLE), "unable", one.name

    return _request(store, decide, asked)


def vacant(store: Store, targets: Sequence[str], asked: Asked) -> RequestResult:
    """Ask for inspectors in places that nobody has: of some targets, without any of all. Raises as `person`."""

    def decide(chronicle: Chronicle, values: tuple[Announced, ...], done: frozenset[str]) -> Decided:
        return PersonsRequest(values, places_of(chronicle, NOBODY, targets, done), UNABLE), "vacant", ""

    return _request(store, decide, asked)


def recusal(store: Store, target: str, who: str, asked: Asked) -> RequestResult:
    """Ask, because the enterprise does, for another inspector of one target, once for each slot. Raises as `person`."""

    def decide(chronicle: Chronicle, values: tuple[Announced, ...], done: frozenset[str]) -> Decided:
        one = find_inspector(chronicle.grounds.frozen, who)
        places = places_of(chronicle, one.id, [target], done, one.name)
        return PersonsRequest(values, places, RECUSAL), "recusal", one.name

    return _request(store, decide, asked)


def target(store: Store, code: str, asked: Asked) -> RequestResult:
    """Ask for another target in the place of one that proves to be out of business, by the registry imported last.

    Raises as `person`, and InputRefused `quarter.still_in_business` where that registry has it in business,
    `result.target_inspected` where it was inspected already, `quarter.target_asked` where an open request asks for it.
    """

    def decide(chronicle: Chronicle, values: tuple[Announced, ...], done: frozenset[str]) -> Decided:
        target = find_target(chronicle.state, code)
        _check_to_do([target], done)
        return TargetRequest(values, target.id), "target", ""

    def check(reader: Reader, chronicle: Chronicle) -> None:
        _check_gone(reader, find_target(chronicle.state, code))

    return _request(store, decide, asked, check)


def _check_unasked(chronicle: Chronicle, decision: Request) -> None:
    """Refuse (InputRefused) what an open request asks about: one value decides it, and the second would lapse.

    `core.record_waiting` for places, `quarter.target_asked` for a target.
    """
    grounds, state = chronicle.grounds, chronicle.state
    if isinstance(decision, PersonsRequest):
        check_waiting(grounds, state, decision.places)
        return
    for number in state.open:
        other = state.requests[number].decision
        if isinstance(other, TargetRequest) and other.target == decision.target:
            entity = state.targets[decision.target].target.entity
            raise InputRefused("quarter.target_asked", target=entity.name or entity.id, number=number)


def _check_gone(reader: Reader, target: Entity) -> None:
    """Refuse (InputRefused, `quarter.still_in_business`) a target that the latest registry has, and in business."""
    latest = reader.current_import("entities")
    if latest is None:
        return
    frame = reader.snapshot(latest.digest)
    own = frame[(frame["id"] == target.id) | (frame["previous_code"] == target.id)]
    if IN_BUSINESS in own["status"].tolist():
        raise InputRefused(
            "quarter.still_in_business", name=target.name or target.id, entity=target.id, number=latest.id
        )


def inspected(reader: Reader, chronicle: Chronicle) -> frozenset[str]:
    """The targets of which a result is recorded, of whatever task and item: the team was there."""
    return frozenset(one.target for one in reader.entries(chronicle.draw))


def _check_to_do(targets: Sequence[Entity], done: frozenset[str]) -> None:
    for one in targets:
        if one.id in done:
            raise InputRefused("result.target_inspected", name=one.name or one.id)


def places_of(
    chronicle: Chronicle, inspector: str, targets: Sequence[str], done: frozenset[str], name: str = ""
) -> tuple[Place, ...]:
    """The places that an inspector (NOBODY: nobody) has now and that remain: without the targets in `done`.

    With some targets only where they are named. InputRefused `quarter.no_such_target`; `result.target_inspected` for
    a named one in `done`; `quarter.nothing_vacant`; `quarter.nothing_remains` where all are in `done`;
    `quarter.not_in_team` for a target that this inspector does not visit, or if there is none at all.
    """
    state = chronicle.state
    named = [find_target(state, one) for one in targets]
    _check_to_do(named, done)
    wanted = {one.id for one in named}
    found: list[Place] = []
    over: set[str] = set()
    for number, block in chronicle.grounds.blocks.items():
        for slot in block.slots:
            own = [one for one in state.blocks[number] if state.targets[one].team[slot] == inspector]
            over |= done & set(own)
            left = tuple(one for one in own if one not in done and (not wanted or one in wanted))
            if left:
                found.append(Place(number, slot, left))
    lacking = wanted - {one for place in found for one in place.targets}
    if not found and over and not wanted:
        raise InputRefused("quarter.nothing_remains", count=len(over))
    if inspector == NOBODY and not found:
        raise InputRefused("quarter.nothing_vacant")
    if lacking or not found:
        raise InputRefused("quarter.not_in_team", person=name, target=Listing(sorted(lacking)))
    return tuple(found)


def targets_of(state: State, places: Sequence[Place]) -> tuple[str, ...]:
    """The names of the targets of some places, each once."""
    ids = dict.fromkeys(one for place in places for one in place.targets)
    return tuple(state.targets[one].target.entity.name or one for one in ids)


def _request(
    store: Store,
    decide: Callable[[Chronicle, tuple[Announced, ...], frozenset[str]], Decided],
    asked: Asked,
    check: Callable[[Reader, Chronicle], None] | None = None,
) -> RequestResult:
    lotteries = Lotteries.load(workspace=store.layout.root, override=asked.config)
    values = read_announced(asked.values) or _next(lotteries, asked.now)
    with store.begin(asked.operator, VERB, asked.now) as transaction:
        draw = recorded_draw(transaction, asked.plan_id)
        check_approvers(draw.mode, [asked.approver], asked.operator)
        check_seedable(draw.mode, values)
        refuse(draw.mode, values, asked.now, lotteries)
        chronicle = read_chronicle(transaction, draw)
        if check is not None:
            check(transaction, chronicle)
        decision, what, name = decide(chronicle, values, inspected(transaction, chronicle))
        _check_unasked(chronicle, decision)
        after = add_record(transaction, chronicle, decision, reason=asked.reason, approver=asked.approver)
    if isinstance(decision, TargetRequest):
        entity = chronicle.state.targets[decision.target].target.entity
        targets: tuple[str, ...] = (entity.name or entity.id,)
    else:
        targets = targets_of(chronicle.state, decision.places)
    number = after.records[-1].seq
    return RequestResult(
        draw.plan_id, draw.mode, draw.number, number, what, name, targets, tuple(map(str, values))
    )


def _next(lotteries: Lotteries, now: datetime) -> tuple[Announced, ...]:
    """The next 快乐8. InputRefused `quarter.which_value` where its number depends on days that are not configured."""
    coming = lotteries.coming(DAILY, now)
    if coming is None:
        raise InputRefused("quarter.which_value")
    return (Announced(coming.source, coming.issue),)
