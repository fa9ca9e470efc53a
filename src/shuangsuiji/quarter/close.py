"""`contribute` (现场投入), `close` (收集截止): what persons present add to the seed before the public values exist."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Literal

from shuangsuiji.bundle.closing import parse_contribution
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.closing import Absent, Closing, Contribution, SignedValue
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.seed import REAL
from shuangsuiji.errors import InputRefused, Listing, Where, WrongState
from shuangsuiji.persons import same_name
from shuangsuiji.quarter.dossier import LATE, OWN, read_notice, sealing_by, sealing_of
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.quarter.preview import Warned
from shuangsuiji.quarter.typed import latest, others_typed
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class ContributeResult:
    """What a typing led to: `recorded`, `waiting` for a second person, or `differs` from the other person's.

    `operators` are those whose typings agree, or the one typing and the one who typed otherwise; `pending` the
    contributors of whom nothing is recorded yet.
    """

    plan: str
    mode: str
    draw: int
    person: str
    outcome: Literal["recorded", "waiting", "differs"]
    operators: tuple[str, ...]
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseResult:
    """The closing: its digest (hex), who gave something, who is absent, in the notice's order.

    `overtaken`: drawings had been held, so that the draw can only be declared void; `warnings` are of those that may
    have been.
    """

    plan: str
    mode: str
    draw: int
    closing: str
    given: tuple[str, ...]
    absent: tuple[str, ...]
    overtaken: bool
    warnings: tuple[Warned, ...]


def slip(
    store: Store, person: str, text: str, *, plan_id: str | None = None, operator: str, now: datetime
) -> ContributeResult:
    """Type in a contributor's slip of paper (纸条); it counts once two different operators have typed the same.

    Every typing is kept; an operator's last one counts. Raises WrongState (`draw_in_state`,
    `quarter.contribute_unpublished`, `quarter.closed`, `quarter.contributed`), InputRefused
    (`quarter.no_contributor`, `bundle.contribution`).
    """
    with store.begin(operator, "contribute", now) as transaction:
        draw, notice = _gathering(transaction, plan_id)
        _check_open(transaction, draw, notice, person)
        values = {"slip": text.strip()}
        _contribution(draw, notice, person, values)
        occasion = sealing_by(notice).occasion
        others = others_typed(transaction.typings(draw, person, occasion), operator)
        transaction.add_typing(draw, operator, values, person, occasion)
        agreeing = [one.operator for one in others if dict(one.values) == values]
        _log(transaction, draw, person, values)
        if agreeing:
            return _result(transaction, draw, notice, person, "recorded", (agreeing[0], operator))
        if others:
            return _result(transaction, draw, notice, person, "differs", (others[-1].operator, operator))
        return _result(transaction, draw, notice, person, "waiting", (operator,))


def signed(
    store: Store,
    person: str,
    data: bytes,
    file: str = "",
    *,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
) -> ContributeResult:
    """Record a contributor's signed value: a file of `value`, `key`, `signature` in hex, verified here.

    One operator suffices: nobody but the holder of this key can have made it, for this draw alone. Whose key it is no
    signature proves: the closing notice prints its fingerprint beside the person, who alone can say. A key or a value
    that another contributor of this draw has used is refused. Raises as `slip`, and InputRefused
    `quarter.contribution_file`, `quarter.contribution_same.key`, `quarter.contribution_same.value`,
    `bundle.contribution_signature`.
    """
    values = _read(data, file)
    with store.begin(operator, "contribute", now) as transaction:
        draw, notice = _gathering(transaction, plan_id)
        _check_open(transaction, draw, notice, person)
        _check_unused(transaction, draw, _contribution(draw, notice, person, values))
        transaction.add_typing(draw, operator, values, person, sealing_by(notice).occasion)
        _log(transaction, draw, person, values)
        return _result(transaction, draw, notice, person, "recorded", (operator,))


def close(
    store: Store,
    absent: Sequence[str] = (),
    *,
    drawn_already: bool = False,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> CloseResult:
    """Close the contributions of the only open draw (or that of `plan_id`): from now on nobody can add anything.

    Every contributor who gave nothing must be named in `absent`, and nobody else. What was left out or put in after a
    public value could be known would choose the list: `drawn_already` says that one has been drawn, and such a draw
    goes on to its end and can only be declared void. Raises WrongState as `slip`, `quarter.pending`, and
    `quarter.close_late` where a drawing of a real draw has been held and it is not said; InputRefused
    `quarter.no_contributor`, `quarter.not_absent`.
    """
    lotteries = Lotteries.load(workspace=store.layout.root, override=config)
    with store.begin(operator, "close", now) as transaction:
        draw, notice = _gathering(transaction, plan_id)
        recorded = contributions(transaction, draw, notice)
        for person in absent:
            _check_named(notice, person)
            if person in recorded:
                raise InputRefused("quarter.not_absent", person=person)
        pending = [one for one in notice.contributors if one not in recorded and one not in absent]
        if pending:
            raise WrongState("quarter.pending", persons=Listing(pending))
        persons = (recorded.get(one, Absent(one)) for one in notice.contributors)
        closing = Closing(notice.commitment, tuple(persons))
        digest = closing.digest(draw.mode).hex()
        seal = sealing_by(notice)
        if draw.mode == REAL and not drawn_already:
            for one in lotteries.held_already(notice.values, now):
                raise WrongState("quarter.close_late", Where(), **one.words())
        transaction.put_files(draw, {seal.closing: canonical_json(closing.object())})
        if drawn_already:
            if seal.overtaken not in draw.files:
                transaction.put_files(draw, {seal.overtaken: b""})
            transaction.details(drawn_already=1)
        transaction.becomes(seal.close_verb)
        transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id, closing=digest)
    gone = tuple(one for one in notice.contributors if one not in recorded)
    look = () if drawn_already or draw.mode != REAL else tuple(lotteries.perhaps_held(notice.values, now))
    return CloseResult(
        draw.plan_id, draw.mode, draw.number, digest, tuple(recorded), gone, drawn_already, look
    )


def contributions(reader: Reader, draw: DrawRow, notice: Notice) -> dict[str, Contribution]:
    """What is recorded so far, by person in the notice's order: signed values, and slips that two operators typed.

    Of an operator's typings the last counts, as in `slip`.
    """
    found: dict[str, Contribution] = {}
    for person in notice.contributors:
        typings = reader.typings(draw, person, sealing_by(notice).occasion)
        whole = [dict(one.values) for one in typings if "signature" in one.values]
        whole += [
            dict(one.values)
            for one, other in combinations(latest(typings), 2)
            if dict(one.values) == dict(other.values)
        ]
        if whole:
            found[person] = _contribution(draw, notice, person, whole[0])
    return found


def _read(data: bytes, file: str) -> dict[str, str]:
    """The texts of a signed contribution's file, in whatever form of JSON it is written."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.keys() != {"key", "signature", "value"}:
        raise InputRefused("quarter.contribution_file", Where(file=file))
    return {name: str(text) for name, text in value.items()}


def _gathering(transaction: Transaction, plan_id: str | None) -> tuple[DrawRow, Notice]:
    """The frozen draw that gathers contributions."""
    draw, seal = sealing_of(transaction, plan_id)
    notice = read_notice(transaction, draw, seal)
    if not notice.contributors:
        raise WrongState("quarter.no_contributors", plan=draw.plan_id)
    if seal.published_notice not in draw.files:
        raise WrongState("quarter.contribute_unpublished", plan=draw.plan_id)
    if seal.closing in draw.files:
        raise WrongState("quarter.closed", plan=draw.plan_id)
    return draw, notice


def _check_open(transaction: Transaction, draw: DrawRow, notice: Notice, person: str) -> None:
    _check_named(notice, person)
    if person in contributions(transaction, draw, notice):
        raise WrongState("quarter.contributed", person=person)


def _check_named(notice: Notice, person: str) -> None:
    if person not in notice.contributors:
        known = Listing(notice.contributors)
        raise InputRefused("quarter.no_contributor", person=person, known=known)


def _check_unused(transaction: Transaction, draw: DrawRow, given: Contribution) -> None:
    """Refuse key and value of another contributor of the draw, of either seal: one file would speak for two persons."""
    for seal in (OWN, LATE):
        if not isinstance(given, SignedValue) or seal.notice not in draw.files:
            continue
        recorded = contributions(transaction, draw, read_notice(transaction, draw, seal))
        for other in recorded.values():
            if not isinstance(other, SignedValue) or same_name(other.person, given.person):
                continue
            for code, used in (("key", other.key == given.key), ("value", other.value == given.value)):
                if used:
                    raise InputRefused(
                        f"quarter.contribution_same.{code}", person=given.person, other=other.person
                    )


def _contribution(draw: DrawRow, notice: Notice, person: str, values: Mapping[str, str]) -> Contribution:
    return parse_contribution({**values, "person": person}, draw.mode, notice.commitment)


def _log(transaction: Transaction, draw: DrawRow, person: str, values: Mapping[str, str]) -> None:
    transaction.details(
        draw=draw.number, mode=draw.mode, plan=draw.plan_id, person=person, typed=dict(values)
    )


def _result(
    reader: Reader,
    draw: DrawRow,
    notice: Notice,
    person: str,
    outcome: Literal["recorded", "waiting", "differs"],
    operators: tuple[str, ...],
) -> ContributeResult:
    recorded = contributions(reader, draw, notice)
    pending = tuple(one for one in notice.contributors if one not in recorded)
    return ContributeResult(draw.plan_id, draw.mode, draw.number, person, outcome, operators, pending)
