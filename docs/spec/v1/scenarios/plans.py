"""§7: plans and rates."""

from typing import Any

from docs.spec.v1.scenarios import features, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good, nested

LARGEST = 2**53 - 1
RESERVED = ("not_in_business", "not_in_pool", "in_no_tier", "not_listed")


def plan_scenarios() -> list[Scenario]:
    """The scenarios of this section."""
    return [
        Scenario("plan", "§7", "valid plans and their digests; invalid plans", plans()),
        Scenario("rate", "§7", "the quota that a rate gives a tier of a size", rates()),
    ]


def plans() -> list[Case]:
    plan = world.plan()
    edits: dict[str, tuple[tuple[str | int, ...], Any]] = {
        "no district": (("district",), GONE),
        "no exclusions": (("exclusions",), []),
        "no columns but one": (("version",), LARGEST),
        "one day": (("window",), {"from": "2024-02-29", "to": "2024-02-29"}),
        "aliases named visits and columns": (("columns", "visits"), "检查"),
        "an alias of 32 characters": (("columns", "a" * 32), "x"),
        "two aliases of one heading": (("columns", "place"), "地区"),
        "a reason used twice": (("exclusions", 1, "reason"), "cool_down"),
        "quota of zero": (("tasks", 1, "tiers", 0, "quota"), {"count": 0}),
        "an id of 64 characters": (("id",), "a-Z9" * 16),
        "predicates 32 deep": (("tasks", 0, "pool"), nested(31, ["and"], "not")),
    }
    cases = [good("the plan of the small world", plan=plan)]
    cases += [good(case, plan=changed(plan, path, new)) for case, (path, new) in edits.items()]
    return (
        cases
        + [bad(case, "plan", plan=changed(plan, *edit)) for case, edit in plan_faults().items()]
        + odd_plans()
        + featured_plans()
        + [bad(case, "plan", plan=fault) for case, fault in feature_faults().items()]
    )


def plan_faults() -> dict[str, tuple[tuple[str | int, ...], Any]]:
    """One change each that makes the plan invalid."""
    task: tuple[str | int, ...] = ("tasks", 0)
    tier = (*task, "tiers", 2)
    slot = world.plan()["slots"][0]
    return {
        "unknown key": (("note",), "x"),
        "a key missing": (("version",), GONE),
        "authority empty": (("authority",), ""),
        "id empty": (("id",), ""),
        "id too long": (("id",), "1" * 65),
        "id with an underscore": (("id",), "2026_1"),
        "id with full-width digits": (("id",), "２０２６"),
        "id with a newline": (("id",), "2026\n"),
        "version zero": (("version",), 0),
        "version as text": (("version",), "1"),
        "columns as an array": (("columns",), ["town"]),
        "alias in upper case": (("columns", "Town"), "x"),
        "alias too long": (("columns", "a" * 33), "x"),
        "alias named status": (("columns", "status"), "状态"),
        "alias begins with a digit": (("columns", "1a"), "x"),
        "heading empty": (("columns", "town"), ""),
        "district no alias": (("district",), "village"),
        "district a field that is no alias": (("district",), "name"),
        "window reversed": (("window", "from"), "2026-04-01"),
        "window to no day": (("window",), {"from": "2026-02-10", "to": "2026-02-29"}),
        "window from no day": (("window", "from"), "2026-02-29"),
        "date of another form": (("window",), {"from": "20260310", "to": "20260331"}),
        "date with full-width digits": (("window",), {"from": "２０２６-03-10", "to": "２０２６-03-31"}),
        "window with another key": (("window", "days"), 3),
        "exclusion without reason": (("exclusions", 0, "reason"), GONE),
        **{
            f"exclusion named {one}": (("exclusions", 0, "reason"), one) for one in (*RESERVED, "1st", "Cool", "a" * 33)
        },
        "exclusion of both kinds": (("exclusions", 0, "where"), ["and"]),
        "exclusion after no visit": (("exclusions", 0, "visits"), 0),
        "exclusion since no day": (("exclusions", 0, "since"), "2026-13-01"),
        "exclusion empty": (("exclusions", 0), {}),
        "no slots": (("slots",), []),
        **{f"slot named {one}": (("slots", 3), slot | {"id": one}) for one in ("lead", "team-lead", "Lead", "a" * 33)},
        "slot district unknown": (("slots", 0, "district"), "near"),
        "slot pool on a column": (("slots", 0, "pool"), ["eq", "town", "x"]),
        "no target in a block": (("blocks", "max_targets"), 0),
        "blocks with another key": (("blocks", "min_targets"), 1),
        "no tasks": (("tasks",), []),
        "task twice": (("tasks", 1, "id"), "A"),
        "task name empty": ((*task, "name"), ""),
        "one slot": ((*task, "slots"), ["lead"]),
        "one slot twice": ((*task, "slots"), ["lead", "lead"]),
        "unknown slot": ((*task, "slots"), ["lead", "driver"]),
        "no items": ((*task, "items"), []),
        "an empty item": ((*task, "items"), [""]),
        "an item that is no string": ((*task, "items"), [1]),
        "no tiers": ((*task, "tiers"), []),
        "tier twice": ((*tier, "id"), "high"),
        "tier id with an underscore": ((*tier, "id"), "low_1"),
        "tier name empty": ((*tier, "name"), ""),
        "task id with an underscore": ((*task, "id"), "A_1"),
        "tier with another key": ((*tier, "limits"), [1, 2]),
        "second key no alias": ((*tier, "key"), "status"),
        "quota of two kinds": ((*tier, "quota"), {"all": 1, "count": 1}),
        "quota of none": ((*tier, "quota"), {}),
        "count negative": ((*tier, "quota"), {"count": -1}),
        "all but one": ((*tier, "quota"), {"all": 2}),
        "rate above one": ((*tier, "quota"), {"rate": "100.000001%"}),
        "where on an unknown field": ((*tier, "where"), ["eq", "capital", "x"]),
        "predicates 33 deep": ((*task, "pool"), nested(32, ["and"], "not")),
    }


def odd_plans() -> list[Case]:
    plan = world.plan()
    slots = [plan["slots"][0] | {"id": f"s{number}"} for number in range(17)]
    tasks = [plan["tasks"][0] | {"id": f"T{number}", "tiers": plan["tasks"][0]["tiers"][:1]} for number in range(2)]
    sixteen = plan | {"slots": slots[:16], "tasks": [task | {"slots": ["s0", "s15"]} for task in tasks]}
    many = [features.LISTED | {"id": str(number), "name": "x", "items": ["x"]} for number in range(1001)]
    twice = changed(plan, ("tasks", 0, "items"), ["登记事项", "登记事项"])
    return [
        good("1000 tasks", plan=plan | {"tasks": many[:1000]}),
        bad("1001 tasks", "plan", plan=plan | {"tasks": many}),
        good("an item twice", plan=twice),
        good("a choice twice", plan=changed(plan, ("tasks", 0, "pool"), ["in", "grade", ["A", "A"]])),
        good("16 slots", plan=sixteen),
        bad("17 slots", "plan", plan=sixteen | {"slots": slots}),
        bad("no object", "plan", plan=[plan]),
        bad("an empty object", "plan", plan={}),
    ]


def featured_plans() -> list[Case]:
    plan = world.plan()
    relaxations: list[Record] = [
        {"cap": 1},
        {"slot": "partner", "district": "any"},
        features.NEIGHBOURS,
        {"slot": "local", "neighbours": [{"district": town, "from": ["", "东镇", ""]} for town in ("西镇", "", "a")]},
        {"slot": "lead", "pool": ["and"]},
        {"cap": 9},
        {"cap": 9},
    ]
    plans = {
        "a listed task": features.with_listed(plan),
        "listed tasks alone": plan | {"tasks": [features.LISTED, features.LISTED | {"id": "P", "source": "platform"}]},
        "a place for an expert": features.with_expert(plan),
        "bounds": features.with_bounds(plan, 0, 1, {"rate": "40%"}),
        "bounds that are equal": features.with_bounds(plan, 2, 2, {"count": 4}),
        "two waves": features.with_waves(plan, 1, 2),
        "a thousand waves": features.with_waves(plan, 1, 1000),
        "one fixed team": features.with_teams(plan, 1),
        "ten thousand fixed teams": features.with_teams(plan, 10_000),
        "fixed teams, slots in another order": changed(
            features.with_teams(plan, 2), ("tasks", 1, "slots"), ["partner", "lead"]
        ),
        "every relaxation": plan | {"relaxations": relaxations},
        "substitutes": plan | {"substitutes": 1},
    }
    return [good(case, plan=one) for case, one in plans.items()]


def feature_faults() -> dict[str, Record]:
    """One change each that makes a plan with a feature invalid."""
    plan, low = world.plan(), ("tasks", 0, "tiers", 2)
    listed, expert = features.with_listed(plan), features.with_expert(plan)
    bounds, waves = features.with_bounds(plan, 0, 1, {"rate": "40%"}), features.with_waves(plan, 1, 3)
    teams = features.with_teams(plan, 2)
    local = changed(plan, ("tasks", 0, "slots"), ["lead", "expert"])
    faults = {
        "a listed task with tiers": changed(listed, ("tasks", 2, "tiers"), plan["tasks"][0]["tiers"]),
        "a listed task with a pool": changed(listed, ("tasks", 2, "pool"), ["eq", "grade", "A"]),
        "a listed task from nowhere": changed(listed, ("tasks", 2, "source"), "other"),
        "neither tiers nor source": changed(listed, ("tasks", 2, "source"), GONE),
        "extra as 0": changed(expert, ("slots", 3, "extra"), 0),
        "one inspector and an expert": local | {"slots": expert["slots"]},
        "bounds as an array": changed(bounds, (*low, "bounds"), [0, 1]),
        "bounds without the most": changed(bounds, (*low, "bounds", "most"), GONE),
        "bounds below zero": changed(bounds, (*low, "bounds", "least"), -1),
        "bounds of nothing": changed(bounds, (*low, "bounds", "most"), 0),
        "bounds crossed": changed(bounds, (*low, "bounds", "least"), 2),
        "bounds without a key": changed(bounds, (*low, "key"), GONE),
        "one wave": features.with_waves(plan, 1, 1),
        "1001 waves": features.with_waves(plan, 1, 1001),
        "waves of a rate": changed(waves, ("tasks", 0, "tiers", 1, "quota"), {"rate": "100%"}),
        "waves with a key": changed(waves, ("tasks", 0, "tiers", 1, "key"), "town"),
        "no teams": features.with_teams(plan, 0),
        "10 001 teams": features.with_teams(plan, 10_001),
        "teams from the district": changed(teams, ("slots", 0, "district"), "home"),
        "teams, another slot for a task": changed(teams, ("tasks", 1, "slots"), ["lead", "local"]),
        "teams, a slot more for a task": changed(teams, ("tasks", 1, "slots"), ["lead", "partner", "local"]),
        "no substitutes": plan | {"substitutes": 0},
        "no relaxations": plan | {"relaxations": []},
    }
    own: list[tuple[str | int, ...]] = [("neighbours",), ("neighbours", 0, "from"), ("neighbours", 0, "district")]
    relaxations: dict[str, Any] = {
        "cap of nothing": {"cap": 0},
        "cap and slot": {"cap": 4, "slot": "lead"},
        "district home": {"slot": "partner", "district": "home"},
        "of an unknown slot": {"slot": "driver", "pool": ["and"]},
        "of no slot": {"pool": ["and"]},
        "a pool on a column": {"slot": "lead", "pool": ["eq", "town", "x"]},
        "two in one": {"slot": "lead", "pool": ["and"], "district": "any"},
        "neighbours of a slot from anywhere": features.NEIGHBOURS | {"slot": "lead"},
        "neighbours of a slot from elsewhere": features.NEIGHBOURS | {"slot": "partner"},
        "neighbours twice": changed(features.NEIGHBOURS, ("neighbours", 1), {"district": "东镇", "from": [""]}),
        "no neighbours": changed(features.NEIGHBOURS, own[0], []),
        "neighbours from nowhere": changed(features.NEIGHBOURS, own[1], []),
        "neighbours of no district": changed(features.NEIGHBOURS, own[2], GONE),
        "neighbours as an object": changed(features.NEIGHBOURS, own[0], {"x": ["y"]}),
        "no object": "cap",
    }
    given = {f"relaxation: {case}": plan | {"relaxations": [one]} for case, one in relaxations.items()}
    return faults | given


def rates() -> list[Case]:
    accepted = [
        *(("5%", size) for size in (0, 1, 19, 20, 21, 147_885)),
        *(("1/3", size) for size in (1, 2, 3, 4, 10**9)),
        *(("100%", 7), ("100.000000%", 7), ("1/1", 7), ("0%", 7), ("0/5", 7), ("0.000001%", 7)),
        *(("0.25%", 400), ("0.25%", 401), ("5.0%", 20), ("33.333333%", 3), ("999999999/1000000000", 10**9)),
    ]
    refused = [
        *("", "%", "5", "5 %", "5％", ".5%", "5.%", "05%", "00%", "1000%", "5.0000000%", "+5%", "-5%", "1e1%", "５%"),
        *(
            "100.1%",
            "101%",
            "1/0",
            "0/0",
            "2/1",
            "01/2",
            "1/02",
            "1/2/3",
            "1 /2",
            "-1/2",
            "1/2%",
            "0.5",
            "1/1000000001",
        ),
        *("5%\n", "1/2\n", "5,5%"),
    ]
    cases = [good(f"{rate} of {size}", rate=rate, size=size) for rate, size in accepted]
    return cases + [bad(repr(rate), "invalid", rate=rate, size=100) for rate in refused]
