"""Which columns of a plan are confidential (内部参考): the one decision that lists, notices and checks rest on.

A column is confidential if its heading speaks of credit or risk, unless the plan file names the confidential columns
itself (`[publish] confidential`). Every other column of a plan counts as recognisable: anyone who sees an enterprise's
name can look it up in the public register.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, cast

from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import Plan, Task, Tier
from shuangsuiji.core.predicates import parse_predicate

WORDS: Final = ("风险", "信用")
"""Words of registry headings whose values are an internal reference and never public (国市监信发〔2022〕6号)."""


def confidential_columns(plan: Plan, named: Collection[str] | None = None) -> frozenset[str]:
    """The aliases of the plan's confidential columns; `named` are those that the plan file names, None if it does not.

    Names of columns that the plan has not are the reader's to refuse; here they have no effect.
    """
    if named is not None:
        return frozenset(named) & frozenset(plan.columns)
    return frozenset(
        alias for alias, heading in plan.columns.items() if any(word in heading for word in WORDS)
    )


def tests_of(source: Json) -> Iterator[tuple[str, str, Json]]:
    """The comparisons of a predicate (§6) as (column, name, value), left to right."""
    name, *operands = cast("Sequence[Json]", source)
    if name in ("and", "or", "not"):
        for operand in operands:
            yield from tests_of(operand)
    else:
        yield str(operands[0]), str(name), operands[1]


def asks(source: Json, columns: Collection[str]) -> bool:
    """Whether a predicate asks for one of the columns."""
    return any(column in columns for column, _, _ in tests_of(source))


def tier_confidential(task: Task, tier: Tier, columns: Collection[str]) -> bool:
    """Whether to be in a tier says something of a confidential column: its own condition or its task's range asks it.

    A tier of "all others" says only what one is not, and is no class.
    """
    return asks(task.pool.source, columns) or asks(tier.where.source, columns)


def tier_asks(task: Task, tier: Tier, columns: Collection[str]) -> bool:
    """Whether anything that decides who lies in a tier asks for one of the columns.

    That is its task's range, its own condition, and those of tiers tried before it, past which all in it have fallen.
    """
    tried = task.tiers[: [one.id for one in task.tiers].index(tier.id) + 1]
    return asks(task.pool.source, columns) or any(asks(one.where.source, columns) for one in tried)


def tier_known(task: Task, tier: Tier, record: Mapping[str, str], columns: Collection[str]) -> bool:
    """Whether anyone who sees a record's public values knows that it lies in this tier, whatever its confidential ones.

    The first tier that holds counts. So to lie in one may say something of a confidential column in three ways: by the
    task's range, by the tier's own condition, and by having fallen past a tier tried before whose condition asks for
    such a column. Tiers tried later say nothing, nor does one tried before that could not hold of this record
    whatever its class (a tier for companies of high risk says nothing of a cooperative).
    """
    if _known(task.pool.source, record, columns) is not True:
        return False
    for other in task.tiers:
        if other.id == tier.id:
            return _known(tier.where.source, record, columns) is True
        if _known(other.where.source, record, columns) is not False:
            return False
    return False


def _known(source: Json, record: Mapping[str, str], columns: Collection[str]) -> bool | None:
    """What a predicate (§6) comes to where confidential columns are unknown: holds, does not, or None (either)."""
    name, *operands = cast("Sequence[Json]", source)
    if name in ("and", "or"):
        found = {_known(one, record, columns) for one in operands}
        decisive = name == "or"
        return decisive if decisive in found else None if None in found else not decisive
    if name == "not":
        inner = _known(operands[0], record, columns)
        return None if inner is None else not inner
    column = str(operands[0])
    return None if column in columns else parse_predicate(source, (column,)).holds(record)
