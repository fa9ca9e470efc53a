"""`seed` (录入随机数): the public values, by hand for a rehearsal or typed in twice by two persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from shuangsuiji.bundle.late import LATE as LATE_MEMBER
from shuangsuiji.bundle.late import late_object
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.seed import LateSeed, PublicValue
from shuangsuiji.errors import WrongState
from shuangsuiji.quarter.dossier import LATE, Sealing, read_closing, read_notice, sealing_of
from shuangsuiji.quarter.drawn import check_drawn
from shuangsuiji.quarter.lotteries import Lotteries, known_from
from shuangsuiji.quarter.typed import check_typed, explicit_value, type_in, typed_value
from shuangsuiji.store import instants
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a typing led to: `seeded`, `waiting` for a second person, or `differs` from the other person's.

    `operators` are those whose typings agree, or the one typing and the one who typed otherwise; `differences` the
    drawings ("source:issue") in which they differ. `late`: they seed the inspectors, who were sealed late.
    """

    plan: str
    mode: str
    draw: int
    outcome: Literal["seeded", "waiting", "differs"]
    operators: tuple[str, ...]
    values: Mapping[str, str]
    differences: tuple[str, ...] = ()
    late: bool = False


def explicit(
    store: Store, seed: str, *, plan_id: str | None = None, operator: str, now: datetime
) -> SeedResult:
    """Seed a rehearsal (演练) by hand: `seed` is 64 hex digits, and `explicit:1` was announced.

    Raises WrongState as `draw_in_state`; InputRefused (`core.seed_*`) if a real draw, another announcement, or another
    form.
    """
    with store.begin(operator, "seed", now) as transaction:
        draw, seal = sealing_of(transaction, plan_id)
        values = (explicit_value(seed),)
        closing, _ = _check(transaction, draw, seal, values)
        _tell_who_could_know(transaction, draw, seal, values, (), None)
        return _settle(transaction, draw, seal, closing, values, (operator,))


def typed(
    store: Store,
    values: Sequence[str],
    *,
    plan_id: str | None = None,
    key_copies: Sequence[str] = (),
    not_held: str = "",
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> SeedResult:
    """Type in the public values, as "source:issue=value" in the announced order.

    The draw is seeded once two different operators have typed the same. Every typing is kept, an operator's last one
    counts. `key_copies` say where copies of the salt key lie, as declared: they go into the log with who had the
    workspace. `not_held` says why the drawing was not held whose place a fallback took, where one did. Raises as
    `check_drawn` what is typed before its drawing; InputRefused `quarter.value_form`, `quarter.explicit_typed`, or
    `core.seed_*` for values that were not announced, not of their form, or under 60 bits in a real draw; WrongState as
    `draw_in_state`, and `quarter.commitment_unpublished`, `quarter.not_closed`, `quarter.closing_unpublished`.
    """
    given = tuple(map(typed_value, values))
    with store.begin(operator, "seed", now) as transaction:
        draw, seal = sealing_of(transaction, plan_id)
        closing, notice = _check(transaction, draw, seal, given)
        why = check_drawn(
            transaction,
            draw.mode,
            notice.values,
            given,
            hours=notice.hours,
            reason=not_held,
            override=config,
        )
        own = {str(one.drawing): one.value for one in given}
        typed = type_in(transaction, draw, given, seal.occasion)
        if typed.outcome == "agreed":
            _tell_who_could_know(transaction, draw, seal, given, key_copies, config)
            if why:
                transaction.put_files(draw, {seal.not_held: why.encode()})
            return _settle(transaction, draw, seal, closing, given, typed.operators)
        transaction.becomes(seal.seed_verb)
        transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id, typed=own)
        people = typed.operators
        return SeedResult(draw.plan_id, draw.mode, draw.number, typed.outcome, people, own, typed.differences)


def _check(
    transaction: Transaction, draw: DrawRow, seal: Sealing, values: Sequence[PublicValue]
) -> tuple[Closing, Notice]:
    """The closing that the values follow, and the notice that announced them.

    They count only if both notices are out, and as they were announced.
    """
    if seal.published_notice not in draw.files:
        raise WrongState("quarter.commitment_unpublished", plan=draw.plan_id)
    notice = read_notice(transaction, draw, seal)
    closing = read_closing(transaction, draw, notice, seal)
    if closing is None:
        raise WrongState("quarter.not_closed", plan=draw.plan_id)
    if notice.contributors and seal.published_closing not in draw.files:
        raise WrongState("quarter.closing_unpublished", plan=draw.plan_id)
    check_typed(draw.mode, notice.values, values)
    return closing, notice


def _tell_who_could_know(
    transaction: Transaction,
    draw: DrawRow,
    seal: Sealing,
    values: Sequence[PublicValue],
    key_copies: Sequence[str],
    config: Path | None,
) -> None:
    """Put into the log from when the list could be computed, and who held lists and salt key."""
    typings = transaction.typings(draw, "", seal.occasion)
    first = instants.to_text(typings[0].time if typings else transaction.now)
    known: dict[str, Json] = {
        **known_from(values, first, Lotteries.load(workspace=transaction.layout.root, override=config))
    }
    transaction.details(known_from=known, holders=list(transaction.operators()))
    if copies := [one.strip() for one in key_copies if one.strip()]:
        transaction.details(key_copies=list(copies))


def _settle(
    transaction: Transaction,
    draw: DrawRow,
    seal: Sealing,
    closing: Closing,
    values: Sequence[PublicValue],
    operators: tuple[str, ...],
) -> SeedResult:
    if seal is LATE:
        changes, notice = transaction.file(draw, LATE.changes), read_notice(transaction, draw, LATE)
        late = late_object(changes, notice, LateSeed(closing, tuple(values)))
        transaction.put_files(draw, {LATE_MEMBER: canonical_json(late)})
        transaction.becomes(seal.seed_verb)
    else:
        seed: Json = {"closing": closing.object(), "values": [one.object() for one in values]}
        transaction.put_files(draw, {"seed.json": canonical_json(seed)})
        transaction.set_state(draw, "seeded")
    public = {str(one.drawing): one.value for one in values}
    transaction.details(
        draw=draw.number, mode=draw.mode, plan=draw.plan_id, values=public, operators=list(operators)
    )
    return SeedResult(draw.plan_id, draw.mode, draw.number, "seeded", operators, public, late=seal is LATE)
