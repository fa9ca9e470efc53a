"""§12 to §15: draws of a handful, one for each rule on caps, neighbours and fixed teams, and for the order of text."""

from dataclasses import replace
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, world
from docs.spec.v1.scenarios.candidates import VALID, four
from docs.spec.v1.scenarios.cases import Record, changed
from docs.spec.v1.scenarios.diary import EAST, WEST
from docs.spec.v1.scenarios.larger import no_quotas

SOUTH = "南镇"


def capped(most: int, **changes: Any) -> verify.Draw:
    """The four, each with a cap of this."""
    return four(inspectors=[one | {"most": most} for one in four().inspectors], **changes)


def singly(cap: int, **more: Any) -> Record:
    """The plan of the four with a block for each target, and this cap."""
    return four().plan | {"blocks": {"max_targets": 1, "max_per_inspector": cap}} | more


def from_afar(pool: list[str], *relaxations: Record) -> verify.Draw:
    """Targets in two towns, persons of a third, and a place for those of the town."""
    plan = changed(four().plan, ("slots", 1, "pool"), pool) | {"relaxations": [*relaxations]}
    firms = [world.entity(f"E{n:02}", "", "A", (EAST, WEST)[n % 2], {}) for n in range(1, 5)]
    return four(SOUTH, plan=plan, entities=firms)


def near(*towns: str, origins: tuple[str, str] = (SOUTH, SOUTH)) -> Record:
    told = zip(towns, origins, strict=False)
    return {"slot": "local", "neighbours": [{"district": town, "from": [origin]} for town, origin in told]}


ANY: Record = {"slot": "local", "district": "any"}
POOL: Record = {"slot": "local", "pool": ["and"]}
ALL, NONE = ["and"], ["or"]


def by_bytes() -> verify.Draw:
    """Identifiers and districts whose order by UTF-8 and by UTF-16 is not the same."""
    firms = [world.entity(f"{town}{n}", "", "A", f"{town}镇", {}) for town in "Ａ𠮷" for n in (1, 2)]
    people = [world.person(f"{name}{n}", "市场监管", "", ["组长"], VALID) for name in "Ａ𠮷" for n in (1, 2)]
    slots = [slot | {"district": "any"} for slot in four().plan["slots"]]
    recusals = [{"entity": f"{name}1", "inspector": "Ａ2"} for name in "Ａ𠮷"]
    plan = four().plan | {"slots": slots}
    return four(plan=plan, entities=firms, inspectors=people, recusals=recusals)


def two_towns(people: int, most: int) -> verify.Draw:
    """Two targets in each of two towns, each alone; leads from elsewhere, so many in both towns, each with this cap."""
    plan, firms = from_afar(ALL).plan | {"blocks": singly(9)["blocks"]}, from_afar(ALL).entities
    plan = {key: value for key, value in plan.items() if key != "relaxations"}
    local = [world.person(f"Y{n}", "市场监管", (EAST, WEST)[n % 2], [], VALID) | {"most": most} for n in range(people)]
    return four(SOUTH, plan=plan, entities=firms, inspectors=[*from_afar(ALL).inspectors, *local])


def teamed(plan: Record, teams: int = 2) -> Record:
    return plan | {"teams": teams, "slots": [slot | {"district": "any"} for slot in plan["slots"]]}


def guarded(plan: Record) -> verify.Draw:
    """Two leads whom two others may not meet: recusal sets are widened in the draw of the teams (§15.8, §15.1)."""
    able = [world.person(f"X{n}", "市场监管", EAST, ["组长"] if n < 3 else [], VALID) for n in range(1, 8)]
    foes = [(f"X{lead}", f"X{n}") for lead in (1, 2) for n in (4, 5)]
    return features.recused(four(plan=plan, inspectors=able), *foes)


def with_neighbours() -> verify.Draw:
    """Two experts, one of them certified, whom the places' pools would have, and neighbours in force."""
    draw = from_afar(ALL, near(EAST, WEST))
    odd = [world.person(f"Y{n}", "市场监管", SOUTH, [], some) | {"expert": 1} for n, some in enumerate(([], VALID))]
    return replace(draw, inspectors=[*draw.inspectors, *odd])


def boundless(cap: int, *relaxations: Record) -> verify.Draw:
    """Two persons for four blocks, with caps whose lower 32 bits say 0, 1, or less than nothing."""
    plan = singly(cap, relaxations=[*relaxations]) if relaxations else singly(cap)
    most = (2**32, 2**32 + 1, 2**31, 2**53 - 1)
    return four(plan=plan, inspectors=[one | {"most": m} for one, m in zip(four().inspectors, most, strict=True)])


def fewer_draws() -> dict[str, verify.Draw]:
    """By what they show."""
    three = four(WEST, people=3)
    first, *others = four().inspectors
    members = [one | ({"most": 1, "qualifications": []} if n < 2 else {}) for n, one in enumerate(four().inspectors)]
    small = world.draw_of()
    turned = features.with_teams(small.plan, 2)
    turned |= {"tasks": [task | {"slots": ["partner", "lead"]} for task in turned["tasks"]]}
    return {
        "a cap smaller than the plan's": replace(three, plan=three.plan | {"relaxations": [{"cap": 1}, ANY]}),
        "a most larger than the cap": capped(9, plan=singly(1)),
        "neighbours of one district, not of the other": from_afar(ALL, near(WEST), near(EAST, WEST)),
        "neighbours, each of a district of their own": from_afar(ALL, near(EAST, WEST, origins=(SOUTH, "北镇")), ANY),
        "later neighbours take the place of earlier ones": from_afar(ALL, near(EAST), near(WEST), ANY),
        "neighbours, then a pool": from_afar(NONE, near(EAST, WEST), POOL),
        "a pool, then neighbours": from_afar(NONE, POOL, near(EAST, WEST)),
        "any district, then a pool": from_afar(NONE, ANY, POOL),
        "a pool, then any district": from_afar(NONE, POOL, ANY),
        "fixed teams: a most of 0": four(plan=teamed(four().plan), inspectors=[first | {"most": 0}, *others]),
        "fixed teams: the least cap of the members": four(plan=teamed(singly(9)), inspectors=members),
        "fixed teams: a cap relaxed": four(plan=teamed(singly(1, relaxations=[{"cap": 2}]))),
        "fixed teams: slots in the order of the plan": replace(small, plan=turned),
        "fixed teams: too few, and no block": four(plan=teamed(no_quotas(four().plan), 3)),
        "fixed teams: whom no lead may meet": guarded(teamed(singly(9))),
        "fixed teams: whom no lead may meet, a search": guarded(teamed(singly(9), 3)),
        "neighbours, and experts there": with_neighbours(),
        "caps beyond 32 bits": boundless(2**53 - 1),
        "caps beyond 32 bits, by a relaxation": boundless(1, {"cap": 2**32}),
        "two components short: the first counts": two_towns(2, 1),
        "no components joined by one who is in no pool": features.recused(two_towns(6, 9), ("Y0", "Z"), ("Y1", "Z")),
        "in the order of bytes": by_bytes(),
    }
