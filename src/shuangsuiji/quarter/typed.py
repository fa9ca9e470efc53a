"""What two persons type in independently (双人录入): public values, of the draw's own notices and of requests."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shuangsuiji.core.seed import EXPLICIT, SOURCES, Announced, PublicValue, check_values
from shuangsuiji.errors import InputRefused
from shuangsuiji.persons import same_name, seen
from shuangsuiji.plan.drawings import public_value
from shuangsuiji.store.rows import DrawRow, Typing
from shuangsuiji.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Typed:
    """What a typing led to: `agreed`, `waiting` for a second person, or `differs` from the other person's.

    `operators` are those whose typings agree, or the one typing and the one who typed otherwise; `differences` the
    drawings ("source:issue") in which they differ.
    """

    outcome: Literal["agreed", "waiting", "differs"]
    operators: tuple[str, ...]
    differences: tuple[str, ...] = ()


def latest(typings: Iterable[Typing]) -> tuple[Typing, ...]:
    """What counts of typings: each person's last, the oldest first. Who typed again has taken back what was before."""
    found: dict[str, Typing] = {}
    for one in typings:
        found.pop(seen(one.operator), None)
        found[seen(one.operator)] = one
    return tuple(found.values())


def others_typed(typings: Iterable[Typing], operator: str) -> tuple[Typing, ...]:
    """What counts of the typings of everybody else, the oldest first."""
    return tuple(one for one in latest(typings) if not same_name(one.operator, operator))


def type_in(
    transaction: Transaction, draw: DrawRow, values: Sequence[PublicValue], occasion: str = ""
) -> Typed:
    """Keep what the operator typed and hold it against what others typed last; `occasion` as for `Reader.typings`."""
    own = {str(one.drawing): one.value for one in values}
    others = others_typed(transaction.typings(draw, occasion=occasion), transaction.operator)
    transaction.add_typing(draw, transaction.operator, own, occasion=occasion)
    agreeing = [one.operator for one in others if dict(one.values) == own]
    if agreeing:
        return Typed("agreed", (agreeing[0], transaction.operator))
    if not others:
        return Typed("waiting", (transaction.operator,))
    last = others[-1]
    differences = tuple(name for name in own | dict(last.values) if last.values.get(name) != own.get(name))
    return Typed("differs", (last.operator, transaction.operator), differences)


def check_typed(mode: str, announced: Sequence[Announced], values: Sequence[PublicValue]) -> None:
    """Refuse as `check_values`, but say of a value of wrong form what this drawing's is, and what is in the way.

    InputRefused `quarter.value_spaced` where leaving out all but the digits mends it, else `quarter.value_of.*`.
    """
    try:
        check_values(mode, announced, values)
    except InputRefused as error:
        if error.code != "core.seed_value":
            raise
        source, value = str(error.params["source"]), str(error.params["value"])
        name, digits = SOURCES[source].name, _digits(value)
        if source != EXPLICIT and SOURCES[source].valid(digits):
            raise InputRefused(
                "quarter.value_spaced", source=source, name=name, value=value, digits=digits
            ) from None
        raise InputRefused(f"quarter.value_of.{source}", name=name, value=value) from None


def _digits(text: str) -> str:
    """The digits of a text, those in other widths as plain ones."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one in "0123456789")


def typed_value(text: str) -> PublicValue:
    """A public value as "source:issue=value". InputRefused `quarter.value_form`, `quarter.explicit_typed`."""
    try:
        value = public_value(text)
    except ValueError:
        raise InputRefused("quarter.value_form", value=text) from None
    if value.source == EXPLICIT:
        raise InputRefused("quarter.explicit_typed")
    return value


def explicit_value(seed: str) -> PublicValue:
    """The value of a rehearsal's seed set by hand, 64 hex digits."""
    return PublicValue(EXPLICIT, "1", seed.strip().lower())
