"""§7: plans and rates."""

from typing import Any

from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import GONE, Case, Scenario, bad, changed, good, nested

LARGEST = 2**53 - 1


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
    )


def plan_faults() -> dict[str, tuple[tuple[str | int, ...], Any]]:
    """One change each that makes the plan invalid."""
    task: tuple[str | int, ...] = ("tasks", 0)
    tier = (*task, "tiers", 2)
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
        "window on no day": (("window", "to"), "2026-02-29"),
        "date of another form": (("window", "from"), "20260310"),
        "date with full-width digits": (("window", "from"), "２０２６-03-10"),
        "window with another key": (("window", "days"), 3),
        "exclusion without reason": (("exclusions", 0, "reason"), GONE),
        "exclusion named not_in_business": (("exclusions", 0, "reason"), "not_in_business"),
        "exclusion of both kinds": (("exclusions", 0, "where"), ["and"]),
        "exclusion after no visit": (("exclusions", 0, "visits"), 0),
        "exclusion since no day": (("exclusions", 0, "since"), "2026-13-01"),
        "exclusion empty": (("exclusions", 0), {}),
        "no slots": (("slots",), []),
        "slot twice": (("slots", 1, "id"), "lead"),
        "slot id with a hyphen": (("slots", 0, "id"), "team-lead"),
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
        "tier with another key": ((*tier, "bounds"), [1, 2]),
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
    tasks = [
        plan["tasks"][0] | {"id": f"T{number}", "tiers": plan["tasks"][0]["tiers"][:1]} for number in range(2)
    ]
    sixteen = plan | {"slots": slots[:16], "tasks": [task | {"slots": ["s0", "s15"]} for task in tasks]}
    return [
        good("16 slots", plan=sixteen),
        bad("17 slots", "plan", plan=sixteen | {"slots": slots}),
        bad("no object", "plan", plan=[plan]),
        bad("an empty object", "plan", plan={}),
    ]


def rates() -> list[Case]:
    accepted = [
        *(("5%", size) for size in (0, 1, 19, 20, 21, 147_885)),
        *(("1/3", size) for size in (1, 2, 3, 4, 10**9)),
        *(("100%", 7), ("100.000000%", 7), ("1/1", 7), ("0%", 7), ("0/5", 7), ("0.000001%", 7)),
        *(("0.25%", 400), ("0.25%", 401), ("5.0%", 20), ("33.333333%", 3), ("999999999/1000000000", 10**9)),
    ]
    refused = [
        *(
            "",
            "%",
            "5",
            "5 %",
            "5％",
            ".5%",
            "5.%",
            "05%",
            "00%",
            "1000%",
            "5.0000000%",
            "+5%",
            "-5%",
            "1e1%",
            "５%",
        ),
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
