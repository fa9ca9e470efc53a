"""`replace outcome`, `replace --urgent` (更换结果、紧急替补): who comes in, by fresh values or by the sealed order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from shuangsuiji.bundle.notice import NO_HOURS
from shuangsuiji.core.decisions import Outcome, PersonsOutcome, PersonsRequest, Place, TargetRequest
from shuangsuiji.core.seed import PublicValue
from shuangsuiji.core.succession import has_lapsed, old_inspector, persons_outcome, target_outcome
from shuangsuiji.core.succession import urgent as urgent_record
from shuangsuiji.errors import InputRefused
from shuangsuiji.quarter.approval import check_approvers
from shuangsuiji.quarter.chronicle import (
    VERB,
    Chronicle,
    add_record,
    find_inspector,
    read_chronicle,
    recorded_draw,
)
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.drawn import check_drawn
from shuangsuiji.quarter.request import Asked, inspected, places_of, targets_of
from shuangsuiji.quarter.typed import Typed, check_typed, explicit_value, type_in, typed_value
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One place: the slot in the plan's words, names of its targets, who was there and who is now ("" = nobody).

    Persons as "name (unit)"; the slot is "" where the target itself was replaced.
    """

    slot: str
    targets: tuple[str, ...]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """What a typing led to: `waiting` for a second person, `differs` from the other person's, or, once two agree,
    `carried_out`, or `lapsed` (落空) if records since have replaced what the request asked about.

    `operators` and `differences` as of a seed's; `changes` are empty unless it is carried out, `visited` are then the
    names of targets whose results were entered before, so that whoever comes in has nothing left to do there.
    """

    plan: str
    mode: str
    draw: int
    request: int
    outcome: Literal["carried_out", "lapsed", "waiting", "differs"]
    operators: tuple[str, ...]
    differences: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    visited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgentResult:
    """An urgent replacement: its number among the records, and what it changed."""

    plan: str
    mode: str
    draw: int
    number: int
    changes: tuple[Change, ...]


def outcome(
    store: Store,
    number: int,
    values: Sequence[str],
    *,
    explicit: str = "",
    not_held: str = "",
    plan_id: str | None = None,
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> OutcomeResult:
    """Type in the values of an open request, as "source:issue=value" in the order of the request.

    It is carried out once two different operators have typed the same; a rehearsal's `explicit` seed at once. Every
    typing is kept; `not_held` as of a seed. Raises as `check_drawn`; WrongState as `recorded_draw`; InputRefused
    `quarter.value_form`, `quarter.explicit_typed`, `core.record_request`, `core.seed_*`.
    """
    given = (explicit_value(explicit),) if explicit else tuple(map(typed_value, values))
    with store.begin(operator, "replace outcome", now) as transaction:
        draw = recorded_draw(transaction, plan_id)
        chronicle = read_chronicle(transaction, draw)
        request = chronicle.state.requests.get(number)
        if request is None or number not in chronicle.state.open:
            raise InputRefused("core.record_request", number=number)
        asked = request.decision
        if not isinstance(asked, PersonsRequest | TargetRequest):
            raise InputRefused("core.record_request", number=number)
        check_typed(draw.mode, asked.values, given)
        check_drawn(
            transaction, draw.mode, asked.values, given, hours=NO_HOURS, reason=not_held, override=config
        )
        typed = Typed("agreed", (operator,)) if explicit else type_in(transaction, draw, given, str(number))
        if typed.outcome != "agreed":
            own = {str(one.drawing): one.value for one in given}
            transaction.details(
                draw=draw.number, mode=draw.mode, plan=draw.plan_id, request=number, typed=own
            )
            people = typed.operators
            return OutcomeResult(
                draw.plan_id, draw.mode, draw.number, number, typed.outcome, people, typed.differences
            )
        transaction.becomes(VERB)
        transaction.details(operators=list(typed.operators))
        decision, changes = _carried_out(transaction, chronicle, number, asked, given)
        visited = _visited(transaction, chronicle, asked) if changes else ()
        add_record(transaction, chronicle, decision, reason=request.reason, approver=request.approver)
    people = typed.operators
    came: Literal["carried_out", "lapsed"] = "carried_out" if changes else "lapsed"
    return OutcomeResult(
        draw.plan_id, draw.mode, draw.number, number, came, people, changes=changes, visited=visited
    )


def urgent(store: Store, who: str, targets: Sequence[str], asked: Asked) -> UrgentResult:
    """Replace an inspector at once from the sealed order of substitutes: for some targets, else for all that remain.

    No value decides it, and `asked` names none. Raises WrongState as `recorded_draw`; InputRefused
    `core.record_substitutes` where the plan allows none, `core.record_waiting` where a request has asked for fresh
    values of a place, and those of `request.person`.
    """
    with store.begin(asked.operator, VERB, asked.now) as transaction:
        draw = recorded_draw(transaction, asked.plan_id)
        check_approvers(draw.mode, [asked.approver], asked.operator)
        chronicle = read_chronicle(transaction, draw)
        one = find_inspector(chronicle.grounds.frozen, who)
        places = places_of(chronicle, one.id, targets, inspected(transaction, chronicle), one.name)
        decision = urgent_record(chronicle.grounds, chronicle.state, places)
        changes = _persons(transaction, chronicle, places, decision.inspectors)
        after = add_record(transaction, chronicle, decision, reason=asked.reason, approver=asked.approver)
    return UrgentResult(draw.plan_id, draw.mode, draw.number, after.records[-1].seq, changes)


def _carried_out(
    transaction: Transaction,
    chronicle: Chronicle,
    number: int,
    asked: PersonsRequest | TargetRequest,
    values: Sequence[PublicValue],
) -> tuple[Outcome, tuple[Change, ...]]:
    """§19 What comes of a request, and what it changes: nothing if it has lapsed."""
    grounds, state = chronicle.grounds, chronicle.state
    if isinstance(asked, PersonsRequest):
        came: PersonsOutcome = persons_outcome(grounds, state, number, values)
        places = asked.places if came.inspectors else ()
        return came, _persons(transaction, chronicle, places, came.inspectors)
    found = target_outcome(grounds, state, number, values)
    if has_lapsed(grounds, state, number):
        return found, ()
    names = {one.id: one.name or one.id for one in grounds.frozen.registry.entities}
    change = Change("", (), names[asked.target], names.get(found.target, ""))
    return found, (change,)


def _visited(reader: Reader, chronicle: Chronicle, asked: PersonsRequest | TargetRequest) -> tuple[str, ...]:
    """The names of a request's targets that have a result: no result is entered of one that is to be replaced."""
    if isinstance(asked, TargetRequest):
        return ()
    done = inspected(reader, chronicle)
    places = [
        replace(one, targets=tuple(target for target in one.targets if target in done))
        for one in asked.places
    ]
    return targets_of(chronicle.state, places)


def _persons(
    reader: Reader, chronicle: Chronicle, places: Sequence[Place], inspectors: Sequence[str]
) -> tuple[Change, ...]:
    grounds, state = chronicle.grounds, chronicle.state
    slots = read_texts(reader, chronicle.draw).slots
    names = {one.id: f"{one.name} ({one.unit})" for one in grounds.frozen.pool.inspectors}
    return tuple(
        Change(
            slots.get(place.slot, place.slot),
            targets_of(state, [place]),
            names.get(old_inspector(grounds, state, place), ""),
            names.get(new, ""),
        )
        for place, new in zip(places, inspectors, strict=True)
    )
