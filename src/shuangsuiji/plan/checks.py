"""What §7 of the specification knows nothing of, or says less helpfully of its own object than of the file."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shuangsuiji.core.plan import ENTITY_FIELDS, INSPECTOR_FIELDS
from shuangsuiji.plan.additions import check_additions
from shuangsuiji.plan.conditions import check_condition
from shuangsuiji.plan.schema import items, tiers
from shuangsuiji.plan.source import Places
from shuangsuiji.plan.translation import QUOTAS

_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_SHORT_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check(content: Mapping[str, Any], places: Places) -> None:
    """Refuse names, exclusions, conditions and quotas of a wrong form.

    InputRefused `plan.number`, `plan.short_name`, `plan.exclusion_form`, `plan.quota`, `plan.condition_*`; those of
    `check_additions`.
    """
    _check_names(content, places)
    for path, rule in items(content, (), "exclusion"):
        if ("where" in rule) == ("visits" in rule) or ("since" in rule) != ("visits" in rule):
            raise places.refuse("plan.exclusion_form", path)
    for path, tier in tiers(content):
        if sum(quota in tier for quota in QUOTAS) != 1 or tier.get("all", True) is not True:
            raise places.refuse("plan.quota", path)
    _check_conditions(content, places)
    check_additions(content, places)


def _check_names(content: Mapping[str, Any], places: Places) -> None:
    for alias in content["columns"]:
        if not _SHORT_NAME.fullmatch(alias) or alias in ENTITY_FIELDS:
            raise places.refuse("plan.alias", ("columns", alias), alias=alias)
    numbers = [(("plan",), content["plan"]), *items(content, (), "task"), *tiers(content)]
    for path, table in numbers:
        if not _matches(_NUMBER, table["id"]):
            raise places.refuse("plan.number", (*path, "id"), written=str(table["id"]))
    short_names = [
        *(((*path, "id"), slot["id"]) for path, slot in items(content, (), "slot")),
        *(((*path, "reason"), rule["reason"]) for path, rule in items(content, (), "exclusion")),
    ]
    for place, name in short_names:
        if not _matches(_SHORT_NAME, name):
            raise places.refuse("plan.short_name", place, written=str(name))


def _check_conditions(content: Mapping[str, Any], places: Places) -> None:
    columns = content["columns"]
    # A heading written where its alias belongs is the commonest slip: it is answered with the alias.
    fields = {str(heading): alias for alias, heading in columns.items()}
    fields |= {name: name for name in (*columns, *ENTITY_FIELDS)}
    for path, rule in items(content, (), "exclusion"):
        if "where" in rule:
            check_condition(rule["where"], (*path, "where"), fields, places)
    for path, task in items(content, (), "task"):
        if "pool" in task:
            check_condition(task["pool"], (*path, "pool"), fields, places)
    for path, tier in tiers(content):
        check_condition(tier["where"], (*path, "where"), fields, places)
    for path, slot in (*items(content, (), "slot"), *items(content, (), "relaxation")):
        if "pool" in slot:
            check_condition(slot["pool"], (*path, "pool"), {name: name for name in INSPECTOR_FIELDS}, places)


def _matches(form: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
