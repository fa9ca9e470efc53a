"""Conditions of a plan that name single firms or persons (点名条件): lawful, but a rule's harmless name hides them."""

from collections.abc import Iterator, Mapping
from typing import Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import Matching, Plan
from shuangsuiji.plan.confidential import tests_of
from shuangsuiji.plan.texts import Texts
from shuangsuiji.quarter.preview import Warned

_NAMING: Final[Mapping[str, tuple[str, ...]]] = {"id": ("eq", "in"), "name": ("eq", "in")}
_SHOWN: Final = 5


def named_singly(plan: Plan, texts: Texts) -> Iterator[Warned]:
    """A warning for each condition of exclusions, tasks, tiers and places that names firms or persons one by one."""
    for rule, source in _conditions(plan, texts):
        found = list(dict.fromkeys(_named(source)))
        if found:
            shown = "、".join(found[:_SHOWN]) + ("……" if len(found) > _SHOWN else "")
            yield Warned("plan.warning.named", {"rule": rule, "count": len(found), "named": shown})


def _conditions(plan: Plan, texts: Texts) -> Iterator[tuple[str, Json]]:
    for exclusion in plan.exclusions:
        if isinstance(exclusion, Matching):
            yield texts.reasons.get(exclusion.reason) or exclusion.reason, exclusion.where.source
    for task in plan.tasks:
        yield task.name, task.pool.source
        yield from ((f"{task.name} {tier.name}", tier.where.source) for tier in task.tiers)
    for slot in plan.slots:
        yield texts.slots[slot.id], slot.pool.source


def _named(source: Json) -> Iterator[str]:
    for column, comparison, value in tests_of(source):
        if comparison in _NAMING.get(column, ()):
            yield from map(str, value if isinstance(value, list) else [value])
