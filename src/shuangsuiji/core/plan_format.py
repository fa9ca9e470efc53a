"""§7 `plan.json`: from the JSON object to a `Plan` and back, refusing every object that §7 does not allow."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from shuangsuiji.core.encoding import Json, is_date
from shuangsuiji.core.plan import (
    ENTITY_FIELDS,
    INSPECTOR_FIELDS,
    Count,
    Everything,
    Exclusion,
    Matching,
    Plan,
    Quota,
    Rate,
    Slot,
    Task,
    Tier,
    Visited,
    parse_rate,
)
from shuangsuiji.core.predicates import Predicate, parse_predicate
from shuangsuiji.errors import InputRefused, Where

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_MOST_SLOTS, _MOST_TASKS = 16, 1000

T = TypeVar("T")


def parse_plan(value: Json) -> Plan:
    """§7 The plan of a `plan.json` object.

    Raises InputRefused with a code `core.plan_*` whose `where.key` is the path of the value at fault, such as
    `tasks[0].tiers[2].quota`.
    """
    root = _Object(
        value,
        "",
        required=(
            "authority",
            "id",
            "version",
            "columns",
            "window",
            "exclusions",
            "slots",
            "blocks",
            "tasks",
        ),
        optional=("district",),
    )
    columns = _columns(root)
    fields = ENTITY_FIELDS | columns.keys()
    window = root.object("window", required=("from", "to"))
    blocks = root.object("blocks", required=("max_targets", "max_per_inspector"))
    slots = root.array("slots", _slot, least=1, most=_MOST_SLOTS)
    slot_ids = _distinct((slot.id for slot in slots), "slots")
    plan = Plan(
        authority=root.text("authority"),
        id=root.text("id", form=_ID),
        version=root.integer("version", least=1),
        columns=columns,
        district=root.text("district", among=columns) if "district" in root else None,
        window_from=window.date("from"),
        window_to=window.date("to"),
        exclusions=root.array("exclusions", lambda v, path: _exclusion(v, path, fields)),
        slots=slots,
        max_targets=blocks.integer("max_targets", least=1),
        max_per_inspector=blocks.integer("max_per_inspector", least=1),
        tasks=root.array(
            "tasks", lambda v, path: _task(v, path, slot_ids, columns), least=1, most=_MOST_TASKS
        ),
    )
    _distinct((task.id for task in plan.tasks), "tasks")
    if plan.window_from > plan.window_to:
        raise _refused("core.plan_window", "window", begins=plan.window_from, ends=plan.window_to)
    return plan


def plan_object(plan: Plan) -> dict[str, Json]:
    """§7 The object of `plan.json`; `parse_plan(plan_object(p)) == p`."""
    value: dict[str, Json] = {
        "authority": plan.authority,
        "blocks": {"max_per_inspector": plan.max_per_inspector, "max_targets": plan.max_targets},
        "columns": dict(plan.columns),
        "exclusions": [_exclusion_object(rule) for rule in plan.exclusions],
        "id": plan.id,
        "slots": [{"district": s.district, "id": s.id, "pool": s.pool.source} for s in plan.slots],
        "tasks": [_task_object(task) for task in plan.tasks],
        "version": plan.version,
        "window": {"from": plan.window_from, "to": plan.window_to},
    }
    if plan.district is not None:
        value["district"] = plan.district
    return value


def _columns(root: "_Object") -> dict[str, str]:
    value = root.value("columns")
    if not isinstance(value, dict):
        raise _refused("core.plan_object", "columns")
    for alias in value:
        if not _NAME.fullmatch(alias) or alias in ENTITY_FIELDS:
            raise _refused("core.plan_value", f"columns.{alias}")
    columns = _Object(value, "columns", required=tuple(value))
    return {alias: columns.text(alias) for alias in value}


def _slot(value: Json, path: str) -> Slot:
    o = _Object(value, path, required=("id", "pool", "district"))
    return Slot(
        id=o.text("id", form=_NAME),
        pool=o.predicate("pool", INSPECTOR_FIELDS),
        district=o.text("district", among=("any", "home", "away")),
    )


def _task(value: Json, path: str, slots: Collection[str], columns: Mapping[str, str]) -> Task:
    fields = ENTITY_FIELDS | columns.keys()
    o = _Object(value, path, required=("id", "name", "pool", "slots", "items", "tiers"))
    task = Task(
        id=o.text("id", form=_ID),
        name=o.text("name"),
        pool=o.predicate("pool", fields),
        slots=o.array("slots", lambda v, p: _text(v, p, among=slots), least=2),
        items=o.array("items", _text, least=1),
        tiers=o.array("tiers", lambda v, p: _tier(v, p, columns), least=1),
    )
    _distinct(task.slots, f"{path}.slots")
    _distinct((tier.id for tier in task.tiers), f"{path}.tiers")
    return task


def _tier(value: Json, path: str, columns: Mapping[str, str]) -> Tier:
    o = _Object(value, path, required=("id", "name", "where", "quota"), optional=("key",))
    return Tier(
        id=o.text("id", form=_ID),
        name=o.text("name"),
        where=o.predicate("where", ENTITY_FIELDS | columns.keys()),
        key=o.text("key", among=columns) if "key" in o else None,
        quota=_quota(o.value("quota"), f"{path}.quota"),
    )


def _quota(value: Json, path: str) -> Quota:
    kind = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    if kind not in ("count", "rate", "all"):
        raise _refused("core.plan_quota", path)
    o = _Object(value, path, required=(kind,))
    if kind == "count":
        return Count(o.integer("count", least=0))
    if kind == "rate":
        return Rate(_rate(o.text("rate"), f"{path}.rate"))
    if o.integer("all", least=1) != 1:
        raise _refused("core.plan_value", f"{path}.all")
    return Everything()


def _rate(text: str, path: str) -> str:
    try:
        parse_rate(text)
    except ValueError:
        raise _refused("core.plan_rate", path, value=text) from None
    return text


def _exclusion(value: Json, path: str, fields: Collection[str]) -> Exclusion:
    by_visits = isinstance(value, dict) and "where" not in value
    o = _Object(value, path, required=("reason", "visits", "since") if by_visits else ("reason", "where"))
    reason = o.text("reason", form=_NAME)
    if reason == "not_in_business":
        raise _refused("core.plan_value", f"{path}.reason")
    if by_visits:
        return Visited(reason, o.integer("visits", least=1), o.date("since"))
    return Matching(reason, o.predicate("where", fields))


def _exclusion_object(rule: Exclusion) -> Json:
    if isinstance(rule, Matching):
        return {"reason": rule.reason, "where": rule.where.source}
    return {"reason": rule.reason, "since": rule.since, "visits": rule.visits}


def _task_object(task: Task) -> Json:
    return {
        "id": task.id,
        "items": list(task.items),
        "name": task.name,
        "pool": task.pool.source,
        "slots": list(task.slots),
        "tiers": [_tier_object(tier) for tier in task.tiers],
    }


def _tier_object(tier: Tier) -> Json:
    quota: Json
    match tier.quota:
        case Count(count):
            quota = {"count": count}
        case Rate(text):
            quota = {"rate": text}
        case Everything():
            quota = {"all": 1}
    value: dict[str, Json] = {"id": tier.id, "name": tier.name, "quota": quota, "where": tier.where.source}
    return value if tier.key is None else value | {"key": tier.key}


def _refused(code: str, path: str, **params: str | int) -> InputRefused:
    return InputRefused(code, Where(key=path), path=path, **params)


def _distinct(ids: Iterable[str], path: str) -> frozenset[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise _refused("core.plan_repeated", path, value=one)
        seen.add(one)
    return frozenset(seen)


def _text(
    value: Json, path: str, form: re.Pattern[str] | None = None, among: Collection[str] | None = None
) -> str:
    if not isinstance(value, str) or not value or (form and not form.fullmatch(value)):
        raise _refused("core.plan_value", path)
    if among is not None and value not in among:
        raise _refused("core.plan_choice", path, value=value, choices=", ".join(sorted(among)))
    return value


class _Object:
    """A JSON object with a fixed set of keys; each accessor refuses a wrong value by its path."""

    def __init__(
        self, value: Json, path: str, required: Collection[str], optional: Collection[str] = ()
    ) -> None:
        if not isinstance(value, dict):
            raise _refused("core.plan_object", path)
        self._value: Mapping[str, Json] = value
        self._path = path
        for key in required:
            if key not in value:
                raise _refused("core.plan_missing", self._at(key))
        for key in value:
            if key not in required and key not in optional:
                raise _refused("core.plan_unknown", self._at(key))

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def value(self, key: str) -> Json:
        return self._value[key]

    def object(self, key: str, required: Collection[str]) -> "_Object":
        return _Object(self._value[key], self._at(key), required)

    def text(
        self, key: str, form: re.Pattern[str] | None = None, among: Collection[str] | None = None
    ) -> str:
        return _text(self._value[key], self._at(key), form, among)

    def integer(self, key: str, least: int) -> int:
        value = self._value[key]
        if not isinstance(value, int) or value < least:
            raise _refused("core.plan_integer", self._at(key), least=least)
        return value

    def date(self, key: str) -> str:
        value = self._value[key]
        if not isinstance(value, str) or not is_date(value):
            raise _refused("core.plan_date", self._at(key))
        return value

    def predicate(self, key: str, fields: Collection[str]) -> Predicate:
        try:
            return parse_predicate(self._value[key], fields)
        except ValueError as why:
            raise _refused("core.plan_predicate", self._at(key), why=str(why)) from None

    def array(
        self, key: str, each: Callable[[Json, str], T], least: int = 0, most: int | None = None
    ) -> tuple[T, ...]:
        value, path = self._value[key], self._at(key)
        if not isinstance(value, list):
            raise _refused("core.plan_array", path)
        if len(value) < least or (most is not None and len(value) > most):
            raise _refused("core.plan_length", path, least=least)
        return tuple(each(one, f"{path}[{number}]") for number, one in enumerate(value))
