"""What a plan may ask besides: listed tasks, bounds, waves, experts, fixed teams, relaxations, jurisdiction."""

from collections.abc import Mapping
from typing import Any, Final

from shuangsuiji.plan.positions import KeyPath
from shuangsuiji.plan.schema import items, listed, nearest, tiers
from shuangsuiji.plan.source import Places
from shuangsuiji.plan.texts import DRAWN_HERE, SOURCES

ANYWHERE: Final = "any"
_FORMS: Final = (("cap",), ("slot", "district"), ("slot", "neighbours"), ("slot", "pool"))
_DRAWN_ONLY: Final = ("pool", "key", "tier")
_MOST_WAVES: Final = 1000


def check_additions(content: Mapping[str, Any], places: Places) -> None:
    """Refuse what cannot be meant.

    InputRefused `plan.list_source`, `plan.listed_key`, `plan.bounds`, `plan.bounds_key`, `plan.waves`, `plan.flag`,
    `plan.teams_district`, `plan.teams_slots`, `plan.relaxation_*`, `plan.jurisdiction_*`.
    """
    for path, task in items(content, (), "task"):
        _check_source(task, path, places)
    for path, tier in tiers(content):
        _check_tier(tier, path, content["task"][path[1]].get("key", ""), places)
    for path, slot in items(content, (), "slot"):
        if not isinstance(slot.get("extra", False), bool):
            raise places.refuse("plan.flag", (*path, "extra"))
    if not isinstance(content["blocks"].get("substitutes", False), bool):
        raise places.refuse("plan.flag", ("blocks", "substitutes"))
    if "teams" in content["blocks"]:
        _check_teams(content, places)
    slots = {str(slot["id"]): slot for slot in content["slot"]}
    for path, relaxation in items(content, (), "relaxation"):
        _check_relaxation(relaxation, path, slots, places)
    if "jurisdiction" in content:
        _check_jurisdiction(content, places)


def _check_source(task: Mapping[str, Any], path: KeyPath, places: Places) -> None:
    source = task.get("list_source", DRAWN_HERE)
    if listed(task):
        for key in _DRAWN_ONLY:
            if key in task:
                raise places.refuse("plan.listed_key", (*path, key), key=key, source=source)
    elif source not in ("", DRAWN_HERE):
        known = ", ".join((DRAWN_HERE, *SOURCES))
        raise places.refuse("plan.list_source", (*path, "list_source"), written=str(source), known=known)


def _check_tier(tier: Mapping[str, Any], path: KeyPath, key_of_task: Any, places: Places) -> None:
    divided = tier.get("key", key_of_task) != ""
    if "bounds" in tier:
        least, most = tier["bounds"]["least"], tier["bounds"]["most"]
        if not (_whole(least) and _whole(most) and 0 <= least <= most and most):
            raise places.refuse("plan.bounds", (*path, "bounds"))
        if not divided:
            raise places.refuse("plan.bounds_key", (*path, "bounds"))
    if "waves" in tier:
        whole = _whole(tier["waves"]) and 2 <= tier["waves"] <= _MOST_WAVES
        if not whole or divided or "all" not in tier:
            raise places.refuse("plan.waves", (*path, "waves"), most=_MOST_WAVES)


def _check_teams(content: Mapping[str, Any], places: Places) -> None:
    for path, slot in items(content, (), "slot"):
        if slot.get("district", ANYWHERE) != ANYWHERE:
            raise places.refuse("plan.teams_district", (*path, "district"))
    first = content["task"][0]
    for path, task in items(content, (), "task"):
        if _set(task["slots"]) != _set(first["slots"]):
            raise places.refuse("plan.teams_slots", (*path, "slots"), first=str(first["id"]))


def _check_relaxation(
    relaxation: Mapping[str, Any], path: KeyPath, slots: Mapping[str, Mapping[str, Any]], places: Places
) -> None:
    given = set(relaxation) - {"name"}
    if given not in map(set, _FORMS):
        raise places.refuse("plan.relaxation_form", path)
    if "cap" in given:
        return
    slot = str(relaxation["slot"])
    if slot not in slots:
        right = nearest(slot, slots) or next(iter(slots))
        raise places.refuse("plan.relaxation_slot", (*path, "slot"), written=slot, right=right)
    if relaxation.get("district", ANYWHERE) != ANYWHERE:
        raise places.refuse("plan.relaxation_district", (*path, "district"))
    if "neighbours" in given:
        if slots[slot].get("district") != "home":
            raise places.refuse("plan.relaxation_home", (*path, "neighbours"), slot=slot)
        _check_neighbours(relaxation["neighbours"], (*path, "neighbours"), places)


def _check_neighbours(neighbours: Mapping[str, Any], path: KeyPath, places: Places) -> None:
    if not neighbours:
        raise places.refuse("plan.relaxation_neighbours", path)
    for district, others in neighbours.items():
        if not isinstance(others, list) or not others or not all(isinstance(one, str) for one in others):
            raise places.refuse("plan.relaxation_neighbours", (*path, district))


def _check_jurisdiction(content: Mapping[str, Any], places: Places) -> None:
    jurisdiction, path = content["jurisdiction"], ("jurisdiction",)
    districts = jurisdiction["districts"]
    if not isinstance(districts, list) or not districts or not all(_said(one) for one in districts):
        raise places.refuse("plan.jurisdiction_districts", (*path, "districts"))
    column = jurisdiction.get("column", content["plan"].get("district"))
    if column not in content["columns"]:
        known = ", ".join(content["columns"])
        raise places.refuse("plan.jurisdiction_column", (*path, "column"), known=known)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _set(value: Any) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, list) else [str(value)]
