"""Conditions and relaxations in words, for people who approve a plan without reading arrays."""

from collections.abc import Mapping
from typing import Any, Final

from shuangsuiji import messages
from shuangsuiji.core.plan import (
    ENTITY_FIELDS,
    INSPECTOR_FIELDS,
    AnyDistrict,
    Neighbours,
    Plan,
    RaiseCap,
    Relaxation,
)
from shuangsuiji.messages import Lang

_FIELDS: Final = ENTITY_FIELDS | INSPECTOR_FIELDS


def entity_condition(source: Any, plan: Plan, lang: Lang) -> str:
    """A predicate on entity records in words; its columns by their headings."""
    return _in_words(source, _names(lang) | dict(plan.columns), lang)


def inspector_condition(source: Any, lang: Lang) -> str:
    """A predicate on inspector records in words."""
    return _in_words(source, _names(lang), lang)


def relaxation_words(relaxation: Relaxation, slots: Mapping[str, str], lang: Lang) -> str:
    """A relaxation (放宽) in words; `slots` are the names of the plan's slots."""
    if isinstance(relaxation, RaiseCap):
        return messages.text("plan.relaxed.cap", lang, cap=relaxation.cap)
    slot = slots[relaxation.slot]
    if isinstance(relaxation, AnyDistrict):
        return messages.text("plan.relaxed.district", lang, slot=slot)
    comma = messages.text("plan.words.comma", lang)
    if isinstance(relaxation, Neighbours):
        pairs = (
            messages.text("plan.relaxed.from", lang, district=district, others=comma.join(others))
            for district, others in relaxation.districts.items()
        )
        neighbours = messages.text("plan.relaxed.join", lang).join(pairs)
        return messages.text("plan.relaxed.neighbours", lang, slot=slot, neighbours=neighbours)
    if relaxation.pool.source == ["and"]:
        return messages.text("plan.relaxed.anybody", lang, slot=slot)
    condition = inspector_condition(relaxation.pool.source, lang)
    return messages.text("plan.relaxed.pool", lang, slot=slot, condition=condition)


def _names(lang: Lang) -> dict[str, str]:
    return {name: messages.text(f"plan.field.{name}", lang) for name in _FIELDS}


def _in_words(source: Any, names: Mapping[str, str], lang: Lang) -> str:
    kind, *operands = source
    if kind in ("and", "or"):
        if not operands:
            return messages.text(f"plan.words.empty.{kind}", lang)
        parts = [_in_words(one, names, lang) for one in operands]
        if len(parts) == 1:
            return parts[0]
        return messages.text(f"plan.words.{kind}", lang).join(
            messages.text("plan.words.group", lang, part=part) if _joins(operand) else part
            for part, operand in zip(parts, operands, strict=True)
        )
    if kind == "not":
        return messages.text("plan.words.not", lang, part=_in_words(operands[0], names, lang))
    field, value = operands
    if kind == "prefix" and value == "":
        return messages.text("plan.words.present", lang, field=names[field])
    if kind == "in":
        value = messages.text("plan.words.comma", lang).join(value)
    return messages.text(f"plan.words.{kind}", lang, field=names[field], value=value)


def _joins(source: Any) -> bool:
    return source[0] in ("and", "or") and len(source) > 2
