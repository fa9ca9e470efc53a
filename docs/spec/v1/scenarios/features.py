"""What a plan may ask besides (§7): plans and draws with one feature each, on the small world and on sixty firms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import Record, changed

LISTED: Record = {
    "id": "L",
    "name": "上级转办检查",
    "pool": ["and"],
    "slots": ["lead", "local"],
    "items": ["转办事项"],
    "source": "superior",
}
EXPERT: Record = {"id": "expert", "pool": ["eq", "unit", "专家库"], "district": "any", "extra": 1}
NEIGHBOURS: Record = {"slot": "local", "neighbours": [{"district": "东镇", "from": ["西镇"]}]}
LATE: Record = {
    "announced": [{"issue": "1", "source": "dice"}],
    "values": [{"issue": "1", "source": "dice", "value": world.DICE}],
    "contributors": [],
    "contributions": [],
}
PREDECESSOR: Record = {"commitment": "5e" * 32, "draw": 6}


def with_listed(plan: Record) -> Record:
    """The plan with a listed task more."""
    return plan | {"tasks": [*plan["tasks"], LISTED]}


def with_expert(plan: Record) -> Record:
    """The plan with a slot for an expert, whom the first task wants."""
    plan = plan | {"slots": [*plan["slots"], EXPERT]}
    made: Record = changed(plan, ("tasks", 0, "slots"), [*plan["tasks"][0]["slots"], "expert"])
    return made


def with_teams(plan: Record, teams: int) -> Record:
    """The plan with fixed teams, of a lead and a partner from anywhere."""
    plan = plan | {"teams": teams, "slots": [slot | {"district": "any"} for slot in plan["slots"]]}
    return plan | {"tasks": [task | {"slots": ["lead", "partner"]} for task in plan["tasks"]]}


def with_bounds(plan: Record, least: int, most: int, quota: Mapping[str, Any]) -> Record:
    """The plan with bounds and this quota in the tier that has a second key."""
    tier = plan["tasks"][0]["tiers"][2] | {"bounds": {"least": least, "most": most}, "quota": quota}
    made: Record = changed(plan, ("tasks", 0, "tiers", 2), tier)
    return made


def with_waves(plan: Record, tier: int, waves: int) -> Record:
    """The plan with a full permutation in a tier of the first task."""
    given = {key: value for key, value in plan["tasks"][0]["tiers"][tier].items() if key != "key"}
    made: Record = changed(plan, ("tasks", 0, "tiers", tier), given | {"quota": {"all": 1}, "waves": waves})
    return made


def named(entities: list[Record], *numbers: int) -> list[Record]:
    """The entities at these places stand in the list of the listed task."""
    return [{**one, "lists": ["L"]} if number in numbers else one for number, one in enumerate(entities)]


def experts() -> list[Record]:
    """Two experts, one of them in the pool of leads by his qualification, one with little time."""
    both = [world.person(f"Z{n}", "市场监管", "东镇", ["组长"], []) for n in (1, 2)]
    return [one | {"expert": 1, "unit": "专家库"} | ({"most": 1} if one["id"] == "Z2" else {}) for one in both]


def pairs(*ids: tuple[str, str]) -> list[Record]:
    """Recusals between inspectors."""
    return [{"colleague": a, "inspector": b} for a, b in ids]


def recused(draw: verify.Draw, *ids: tuple[str, str]) -> verify.Draw:
    """The draw with these inspectors incompatible, too."""
    return replace(draw, recusals=sorted([*draw.recusals, *pairs(*ids)], key=verify.encode))


def sealed_late(draw: verify.Draw, **late: Any) -> verify.Draw:
    """The draw with its inspectors sealed late, thrown for with dice."""
    return replace(draw, late=LATE | late)
