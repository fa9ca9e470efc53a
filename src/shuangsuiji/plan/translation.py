"""The plan file's content as the object of the specification's §7, and refusals of that object as ones of the file."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.positions import KeyPath, path_text
from shuangsuiji.plan.schema import listed
from shuangsuiji.plan.source import Places
from shuangsuiji.plan.texts import SOURCES

QUOTAS: Final = ("count", "rate", "all")
"""The ways to give a tier's quota: 户数, 比例, 全部."""

OUTSIDE: Final = "outside_jurisdiction"
"""The reason of exclusion of entities outside the authority's districts (辖区外)."""

# Arrays of §7's object under their names in the file.
_IN_THE_FILE: Final = {
    "exclusions": "exclusion", "relaxations": "relaxation", "slots": "slot", "tasks": "task"
}  # fmt: skip
_OF_THE_PLAN: Final = ("authority", "district", "id", "version", "window")
_OF_THE_BLOCKS: Final = ("teams", "substitutes")


def plan_object(content: Mapping[str, Any]) -> Json:
    """The object of §7 that the file stands for."""
    plan, blocks = content["plan"], content["blocks"]
    value: dict[str, Json] = {key: plan[key] for key in _OF_THE_PLAN if key in plan}
    value |= {key: _flag(blocks[key]) for key in _OF_THE_BLOCKS if blocks.get(key, False) is not False}
    if relaxations := content.get("relaxation", []):
        value["relaxations"] = [_relaxation_object(one) for one in relaxations]
    return value | {
        "blocks": _without(blocks, *_OF_THE_BLOCKS),
        "columns": content["columns"],
        "exclusions": [
            *_outside(content),
            *(_without(rule, "name") for rule in content.get("exclusion", [])),
        ],
        "slots": [_slot_object(slot) for slot in content["slot"]],
        "tasks": [_task_object(task) for task in content["task"]],
    }


def _outside(content: Mapping[str, Any]) -> list[Json]:
    """The exclusion of entities outside the authority's districts; none if it is authorised to inspect them."""
    jurisdiction = content.get("jurisdiction")
    if jurisdiction is None or jurisdiction.get("authorisation", "") != "":
        return []
    column = jurisdiction.get("column", content["plan"].get("district"))
    return [{"reason": OUTSIDE, "where": ["not", ["in", column, jurisdiction["districts"]]]}]


def _slot_object(slot: Mapping[str, Any]) -> Json:
    value = {"district": "any"} | _without(slot, "name", "extra")
    return value | ({"extra": _flag(slot["extra"])} if slot.get("extra", False) is not False else {})


def _relaxation_object(relaxation: Mapping[str, Any]) -> Json:
    value = _without(relaxation, "name")
    if "neighbours" in value:
        value["neighbours"] = [
            {"district": district, "from": others} for district, others in relaxation["neighbours"].items()
        ]
    return value


def _flag(value: Json) -> Json:
    """Yes as §7 writes it; what is no yes is the core's to refuse."""
    return 1 if value is True else value


def _task_object(task: Mapping[str, Any]) -> Json:
    value: dict[str, Json] = {key: task[key] for key in ("id", "name", "slots", "items")}
    if listed(task):
        return value | {"pool": ["and"], "source": SOURCES[task["list_source"]]}
    tiers = [_tier_object(tier, task.get("key", "")) for tier in task["tier"]]
    return value | {"pool": task["pool"], "tiers": tiers}


def _tier_object(tier: Mapping[str, Any], key_of_task: Json) -> Json:
    quota = {name: 1 if name == "all" else tier[name] for name in QUOTAS if name in tier}
    kept = ("id", "name", "where", "bounds", "waves")
    value = {"quota": quota, **{key: tier[key] for key in kept if key in tier}}
    key = tier.get("key", key_of_task)
    return value if key == "" else value | {"key": key}


def _without(table: Mapping[str, Json], *left_out: str) -> dict[str, Json]:
    return {key: one for key, one in table.items() if key not in left_out}


def in_the_file(refusal: InputRefused, content: Mapping[str, Any], places: Places) -> InputRefused:
    """The core's refusal of §7's object as one of the file: its place is that of the key the officer wrote."""
    path = _path_in_the_file(refusal.where.key, content)
    params = refusal.params | ({"path": path_text(path)} if "path" in refusal.params else {})
    if refusal.code == "core.plan_repeated":
        path = _second(path, refusal.params["value"], content)
    return InputRefused(refusal.code, places.where(path), **params)


def _path_in_the_file(path: str, content: Mapping[str, Any]) -> KeyPath:
    first, _, alias = path.partition(".")
    if first == "columns" and alias:
        return first, alias
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    parts: list[str | int] = [int(index) if index else name for index, name in found]
    parts[0] = _IN_THE_FILE.get(first.partition("[")[0], parts[0])
    if parts[0] in _OF_THE_PLAN:
        parts.insert(0, "plan")
    if parts[0] in _OF_THE_BLOCKS:
        parts.insert(0, "blocks")
    match parts:
        case ["exclusion", int(number), *others] if _outside(content):
            return ("exclusion", number - 1, *others) if number else ("jurisdiction",)
        case ["task", int(number), "tiers", int(within), *rest]:
            tier: KeyPath = ("task", number, "tier", within)
            if rest == ["key"] and "key" not in content["task"][number]["tier"][within]:
                return "task", number, "key"
            return (*tier, *(part for part in rest if part != "quota"))
        case ["task", int(number), "tiers"]:
            return "task", number, "tier"
    return tuple(parts)


def _second(path: KeyPath, repeated: Any, content: Mapping[str, Any]) -> KeyPath:
    """The path of the second of two equal ids (or slots of a task) in the array at `path`."""
    array: Any = content
    for part in path:
        array = array[part]
    found = [number for number, one in enumerate(array) if repeated in (one, _id(one))]
    return (*path, found[1], "id") if isinstance(array[0], dict) else (*path, found[1])


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else None
