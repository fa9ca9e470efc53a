"""§7 `plan.json`: from the JSON object to a `Plan` and back, refusing every object that §7 does not allow."""

import re
from collections.abc import Collection, Mapping, Sequence

from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import (
    ENTITY_FIELDS,
    INSPECTOR_FIELDS,
    SOURCES,
    AnyDistrict,
    Bounds,
    Count,
    Everything,
    Exclusion,
    Matching,
    Neighbours,
    OtherPool,
    Plan,
    Quota,
    RaiseCap,
    Rate,
    Relaxation,
    Slot,
    Task,
    Tier,
    Visited,
    parse_rate,
)
from shuangsuiji.core.plan_members import Members, distinct, refused, text_value

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_RESERVED = frozenset({"not_in_business", "not_in_pool", "in_no_tier", "not_listed"})
"""§9 Reasons that no rule may have: receipts (§21) use these words of their own."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_MOST_SLOTS, _MOST_TASKS, _MOST_WAVES, _MOST_TEAMS = 16, 1000, 1000, 10_000
_LEAST_INSPECTORS = 2
_KEYS = ("authority", "id", "version", "columns", "window", "exclusions", "slots", "blocks", "tasks")


def parse_plan(value: Json) -> Plan:
    """§7 The plan of a `plan.json` object.

    Raises InputRefused with a code `core.plan_*` whose `where.key` is the path of the value at fault, such as
    `tasks[0].tiers[2].quota`.
    """
    root = Members(value, "", required=_KEYS, optional=("district", "relaxations", "substitutes", "teams"))
    columns = _columns(root)
    fields = ENTITY_FIELDS | columns.keys()
    window = root.object("window", required=("from", "to"))
    blocks = root.object("blocks", required=("max_targets", "max_per_inspector"))
    slots = root.array("slots", _slot, least=1, most=_MOST_SLOTS)
    distinct((slot.id for slot in slots), "slots")
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
        tasks=root.array("tasks", lambda v, path: _task(v, path, slots, columns), least=1, most=_MOST_TASKS),
        teams=root.integer("teams", least=1, most=_MOST_TEAMS) if "teams" in root else None,
        relaxations=(
            root.array("relaxations", lambda v, path: _relaxation(v, path, slots), least=1)
            if "relaxations" in root
            else ()
        ),
        substitutes=root.one("substitutes"),
    )
    distinct((task.id for task in plan.tasks), "tasks")
    if plan.teams is not None:
        _check_fixed_teams(plan)
    if plan.window_from > plan.window_to:
        raise refused("core.plan_window", "window", begins=plan.window_from, ends=plan.window_to)
    return plan


def plan_object(plan: Plan) -> dict[str, Json]:
    """§7 The object of `plan.json`; `parse_plan(plan_object(p)) == p`."""
    value: dict[str, Json] = {
        "authority": plan.authority,
        "blocks": {"max_per_inspector": plan.max_per_inspector, "max_targets": plan.max_targets},
        "columns": dict(plan.columns),
        "exclusions": [_exclusion_object(rule) for rule in plan.exclusions],
        "id": plan.id,
        "slots": [_slot_object(slot) for slot in plan.slots],
        "tasks": [_task_object(task) for task in plan.tasks],
        "version": plan.version,
        "window": {"from": plan.window_from, "to": plan.window_to},
    }
    if plan.district is not None:
        value["district"] = plan.district
    if plan.teams is not None:
        value["teams"] = plan.teams
    if plan.relaxations:
        value["relaxations"] = [_relaxation_object(one) for one in plan.relaxations]
    if plan.substitutes:
        value["substitutes"] = 1
    return value


def _columns(root: Members) -> dict[str, str]:
    value = root.value("columns")
    if not isinstance(value, dict):
        raise refused("core.plan_object", "columns")
    for alias in value:
        if not _NAME.fullmatch(alias) or alias in ENTITY_FIELDS:
            raise refused("core.plan_value", f"columns.{alias}")
    columns = Members(value, "columns", required=tuple(value))
    return {alias: columns.text(alias) for alias in value}


def _slot(value: Json, path: str) -> Slot:
    o = Members(value, path, required=("id", "pool", "district"), optional=("extra",))
    return Slot(
        id=o.text("id", form=_NAME),
        pool=o.predicate("pool", INSPECTOR_FIELDS),
        district=o.text("district", among=("any", "home", "away")),
        extra=o.one("extra"),
    )


def _check_fixed_teams(plan: Plan) -> None:
    """§7 Fixed teams go to every block: no slot asks for a district, and all tasks name the same slots."""
    for number, slot in enumerate(plan.slots):
        if slot.district != "any":
            raise refused("core.plan_teams", f"slots[{number}].district")
    for number, task in enumerate(plan.tasks):
        if set(task.slots) != set(plan.tasks[0].slots):
            raise refused("core.plan_teams", f"tasks[{number}].slots")


def _task(value: Json, path: str, slots: Sequence[Slot], columns: Mapping[str, str]) -> Task:
    listed = isinstance(value, dict) and "source" in value
    common = ("id", "name", "pool", "slots", "items")
    o = Members(value, path, required=(*common, "source" if listed else "tiers"))
    ids = [slot.id for slot in slots]
    task = Task(
        id=o.text("id", form=_ID),
        name=o.text("name"),
        pool=o.predicate("pool", ENTITY_FIELDS | columns.keys()),
        slots=o.array("slots", lambda v, p: text_value(v, p, among=ids), least=_LEAST_INSPECTORS),
        items=o.array("items", text_value, least=1),
        tiers=() if listed else o.array("tiers", lambda v, p: _tier(v, p, columns), least=1),
        source=o.text("source", among=SOURCES) if listed else None,
    )
    distinct(task.slots, f"{path}.slots")
    distinct((tier.id for tier in task.tiers), f"{path}.tiers")
    if sum(slot.id in task.slots for slot in slots if not slot.extra) < _LEAST_INSPECTORS:
        raise refused("core.plan_length", f"{path}.slots", least=_LEAST_INSPECTORS)
    if listed and task.pool.source != ["and"]:
        raise refused("core.plan_listed", f"{path}.pool")
    return task


def _tier(value: Json, path: str, columns: Mapping[str, str]) -> Tier:
    o = Members(value, path, required=("id", "name", "where", "quota"), optional=("bounds", "key", "waves"))
    tier = Tier(
        id=o.text("id", form=_ID),
        name=o.text("name"),
        where=o.predicate("where", ENTITY_FIELDS | columns.keys()),
        key=o.text("key", among=columns) if "key" in o else None,
        quota=_quota(o.value("quota"), f"{path}.quota"),
        bounds=_bounds(o) if "bounds" in o else None,
        waves=o.integer("waves", least=2, most=_MOST_WAVES) if "waves" in o else None,
    )
    if tier.bounds is not None and tier.key is None:
        raise refused("core.plan_bounds", f"{path}.bounds")
    if tier.waves is not None and (tier.key is not None or not isinstance(tier.quota, Everything)):
        raise refused("core.plan_waves", f"{path}.waves")
    return tier


def _bounds(tier: Members) -> Bounds:
    o = tier.object("bounds", required=("least", "most"))
    least = o.integer("least", least=0)
    return Bounds(least, o.integer("most", least=max(1, least)))


def _quota(value: Json, path: str) -> Quota:
    kind = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    if kind not in ("count", "rate", "all"):
        raise refused("core.plan_quota", path)
    o = Members(value, path, required=(kind,))
    if kind == "count":
        return Count(o.integer("count", least=0))
    if kind == "rate":
        return Rate(_rate(o.text("rate"), f"{path}.rate"))
    if o.integer("all", least=1) != 1:
        raise refused("core.plan_value", f"{path}.all")
    return Everything()


def _rate(text: str, path: str) -> str:
    try:
        parse_rate(text)
    except ValueError:
        raise refused("core.plan_rate", path, value=text) from None
    return text


def _exclusion(value: Json, path: str, fields: Collection[str]) -> Exclusion:
    by_visits = isinstance(value, dict) and "where" not in value
    o = Members(value, path, required=("reason", "visits", "since") if by_visits else ("reason", "where"))
    reason = o.text("reason", form=_NAME)
    if reason in _RESERVED:
        raise refused("core.plan_value", f"{path}.reason")
    if by_visits:
        return Visited(reason, o.integer("visits", least=1), o.date("since"))
    return Matching(reason, o.predicate("where", fields))


def _exclusion_object(rule: Exclusion) -> Json:
    if isinstance(rule, Matching):
        return {"reason": rule.reason, "where": rule.where.source}
    return {"reason": rule.reason, "since": rule.since, "visits": rule.visits}


def _relaxation(value: Json, path: str, slots: Sequence[Slot]) -> Relaxation:
    if isinstance(value, dict) and "cap" in value:
        return RaiseCap(Members(value, path, required=("cap",)).integer("cap", least=1))
    form = next(
        (key for key in ("district", "neighbours", "pool") if isinstance(value, dict) and key in value), ""
    )
    if not form:
        raise refused("core.plan_relaxation", path)
    o = Members(value, path, required=("slot", form))
    slot = o.text("slot", among=[one.id for one in slots])
    if form == "district":
        o.text("district", among=("any",))
        return AnyDistrict(slot)
    if form == "pool":
        return OtherPool(slot, o.predicate("pool", INSPECTOR_FIELDS))
    if not any(one.id == slot and one.district == "home" for one in slots):
        raise refused("core.plan_neighbours", f"{path}.slot", slot=slot)
    named = o.array("neighbours", _neighbours, least=1)
    distinct((district for district, _ in named), f"{path}.neighbours")
    return Neighbours(slot, dict(named))


def _neighbours(value: Json, path: str) -> tuple[str, tuple[str, ...]]:
    o = Members(value, path, required=("district", "from"))
    return _district(o.value("district"), f"{path}.district"), o.array("from", _district, least=1)


def _district(value: Json, path: str) -> str:
    if not isinstance(value, str):
        raise refused("core.plan_value", path)
    return value


def _relaxation_object(relaxation: Relaxation) -> Json:
    match relaxation:
        case RaiseCap(cap):
            return {"cap": cap}
        case AnyDistrict(slot):
            return {"district": "any", "slot": slot}
        case Neighbours(slot, districts):
            named: list[Json] = [{"district": name, "from": list(some)} for name, some in districts.items()]
            return {"neighbours": named, "slot": slot}
        case OtherPool(slot, pool):
            return {"pool": pool.source, "slot": slot}


def _slot_object(slot: Slot) -> Json:
    value: dict[str, Json] = {"district": slot.district, "id": slot.id, "pool": slot.pool.source}
    return value | {"extra": 1} if slot.extra else value


def _task_object(task: Task) -> Json:
    value: dict[str, Json] = {
        "id": task.id,
        "items": list(task.items),
        "name": task.name,
        "pool": task.pool.source,
        "slots": list(task.slots),
    }
    if task.source is not None:
        return value | {"source": task.source}
    return value | {"tiers": [_tier_object(tier) for tier in task.tiers]}


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
    if tier.key is not None:
        value["key"] = tier.key
    if tier.bounds is not None:
        value["bounds"] = tier.bounds.object()
    if tier.waves is not None:
        value["waves"] = tier.waves
    return value
