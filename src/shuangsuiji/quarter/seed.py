"""`seed` (录入随机数): the public values, by hand for a rehearsal or typed in twice by two persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shuangsuiji.bundle import members
from shuangsuiji.bundle.notice import parse_notice
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.seed import EXPLICIT, PublicValue, check_values, closing_object
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.quarter.dossier import COMMIT_NOTICE, draw_in_state
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What a typing led to: `seeded`, `waiting` for a second person, or `differs` from the other person's.

    `operators` are those whose typings agree, or the one typing and the one who typed otherwise; `differences` the
    drawings ("source:issue") in which they differ.
    """

    plan: str
    mode: str
    draw: int
    outcome: Literal["seeded", "waiting", "differs"]
    operators: tuple[str, ...]
    values: Mapping[str, str]
    differences: tuple[str, ...] = ()


def explicit(
    store: Store, seed: str, *, plan_id: str | None = None, operator: str, now: datetime
) -> SeedResult:
    """Seed a rehearsal (演练) by hand: `seed` is 64 hex digits, and `explicit:1` was announced.

    Raises WrongState as `draw_in_state`; InputRefused (`core.seed_*`) if a real draw, another announcement, or another
    form.
    """
    with store.begin(operator, "seed", now) as transaction:
        draw = draw_in_state(transaction, plan_id, "frozen", "freeze")
        values = (PublicValue(EXPLICIT, "1", seed.strip().lower()),)
        _check(transaction, draw, values)
        return _settle(transaction, draw, values, (operator,))


def typed(
    store: Store, values: Sequence[str], *, plan_id: str | None = None, operator: str, now: datetime
) -> SeedResult:
    """Type in the public values, as "source:issue=value" in the announced order.

    The draw is seeded once two different operators have typed the same. Every typing is kept. Raises WrongState as
    `draw_in_state`; InputRefused `quarter.value_form`, `quarter.explicit_typed`, or `core.seed_*` for values that were
    not announced, not of their form, or under 60 bits in a real draw; WrongState `quarter.commitment_unpublished`.
    """
    given = tuple(map(_public_value, values))
    with store.begin(operator, "seed", now) as transaction:
        draw = draw_in_state(transaction, plan_id, "frozen", "freeze")
        _check(transaction, draw, given)
        own = {f"{one.source}:{one.issue}": one.value for one in given}
        others = [one for one in transaction.typings(draw) if one.operator != operator]
        transaction.add_typing(draw, operator, own)
        for other in others:
            if dict(other.values) == own:
                return _settle(transaction, draw, given, (other.operator, operator))
        transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id, typed=own)
        if not others:
            return SeedResult(draw.plan_id, draw.mode, draw.number, "waiting", (operator,), own)
        last = others[-1]
        differences = tuple(name for name, value in own.items() if last.values.get(name) != value)
        people = (last.operator, operator)
        return SeedResult(draw.plan_id, draw.mode, draw.number, "differs", people, own, differences)


def _check(transaction: Transaction, draw: DrawRow, values: Sequence[PublicValue]) -> None:
    if COMMIT_NOTICE not in draw.files:
        raise WrongState("quarter.commitment_unpublished", plan=draw.plan_id)
    targets = members.read_statement(transaction.file(draw, "commitment.json"), "targets")
    check_values(draw.mode, members.read_announced(targets), values)


def _settle(
    transaction: Transaction, draw: DrawRow, values: Sequence[PublicValue], operators: tuple[str, ...]
) -> SeedResult:
    notice = members.read_json("notice.json", transaction.file(draw, "notice.json"))
    commitment = bytes.fromhex(parse_notice(notice).targets)
    seed: Json = {"closing": closing_object(commitment), "values": [one.object() for one in values]}
    transaction.put_files(draw, {"seed.json": canonical_json(seed)})
    transaction.set_state(draw, "seeded")
    public = {f"{one.source}:{one.issue}": one.value for one in values}
    transaction.details(
        draw=draw.number, mode=draw.mode, plan=draw.plan_id, values=public, operators=list(operators)
    )
    return SeedResult(draw.plan_id, draw.mode, draw.number, "seeded", operators, public)


def _public_value(text: str) -> PublicValue:
    drawing, equals, value = text.partition("=")
    source, colon, issue = drawing.partition(":")
    if not (equals and colon):
        raise InputRefused("quarter.value_form", value=text)
    if source == EXPLICIT:
        raise InputRefused("quarter.explicit_typed")
    return PublicValue(source, issue, value.strip())
