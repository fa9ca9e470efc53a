"""Which element of a condition (条件, a predicate of the specification's §6) is wrong, and what was probably meant.

The core decides what a predicate is; it says so of the whole array. An officer needs the element and its line, so
that what is wrong is looked for here first.
"""

from collections.abc import Mapping
from typing import Any, Final

from shuangsuiji.plan.positions import KeyPath
from shuangsuiji.plan.schema import nearest
from shuangsuiji.plan.source import Places

_JOINING: Final = ("and", "or")
_COMPARING: Final = ("eq", "in", "prefix", "ge", "le")
_FORMS: Final = (*_COMPARING, *_JOINING, "not")


def check_condition(value: Any, path: KeyPath, fields: Mapping[str, str], places: Places) -> None:
    """Refuse a condition by its innermost element at fault: InputRefused `plan.condition_*`.

    `fields` maps every text by which a field may have been meant (its name, its heading) to the field's name.
    """
    if not isinstance(value, list) or not value or not isinstance(value[0], str):
        raise places.refuse("plan.condition_form", path)
    name, operands = value[0], value[1:]
    if name not in _FORMS:
        right = nearest(name, _FORMS) or _FORMS[0]
        raise places.refuse(
            "plan.condition_name", (*path, 0), wrong=name, right=right, known=", ".join(_FORMS)
        )
    if name in _COMPARING:
        _check_comparison(name, operands, path, fields, places)
        return
    if name == "not" and len(operands) != 1:
        raise places.refuse("plan.condition_not", path)
    for number, operand in enumerate(operands, start=1):
        check_condition(operand, (*path, number), fields, places)


def _check_comparison(
    name: str, operands: list[Any], path: KeyPath, fields: Mapping[str, str], places: Places
) -> None:
    if len(operands) != 2:
        raise places.refuse("plan.condition_operands", path, name=name)
    field, value = operands
    known = sorted(set(fields.values()))
    if field not in known:
        wrong = str(field)
        right = fields.get(wrong) or fields.get(nearest(wrong, fields), known[0])
        raise places.refuse(
            "plan.condition_field", (*path, 1), wrong=wrong, right=right, known=", ".join(known)
        )
    if name != "in":
        if not isinstance(value, str):
            raise places.refuse("plan.condition_text", (*path, 2), name=name, written=str(value))
        return
    if not isinstance(value, list) or not value:
        raise places.refuse("plan.condition_list", (*path, 2), written=str(value))
    for number, one in enumerate(value):
        if not isinstance(one, str):
            raise places.refuse("plan.condition_text", (*path, 2, number), name=name, written=str(one))
