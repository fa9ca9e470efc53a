"""§8 to §10: records, leaves, strata, commitments."""

from dataclasses import replace
from typing import Any

from docs.spec.v1.scenarios import features, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, bad, changed, good, key_of
from docs.spec.v1.scenarios.reference import inputs_of

LARGEST = 2**53 - 1
LISTED = ["L", "M"]
BY_BYTES = ["\uffff", "𠮷"]  # by UTF-16 in the other order


def record_scenarios() -> list[Scenario]:
    """The scenarios of these sections."""
    return [
        Scenario("entities", "§8", "lists of entity records; out: how many", entity_lists()),
        Scenario("inspectors", "§8", "lists of inspector records; out: how many", inspector_lists()),
        Scenario("recusals", "§8", "lists of recusals; out: how many", recusal_lists()),
        Scenario("leaves", "§8", "salts in the records' order, leaves ascending, root", leaves()),
        Scenario("recusals_digest", "§8", "the digest of a list of recusals", recusal_digests()),
        Scenario("strata", "§9", "exclusions, tiers, quotas, strata, in their numbering", strata()),
        Scenario("commitments", "§10", "statements and commitments", commitments()),
    ]


def entity_lists() -> list[Case]:
    columns, records = list(world.plan()["columns"]), world.entities()
    firm = records[3]
    edits: dict[str, tuple[tuple[str | int, ...], Any]] = {
        "unknown key": (("note",), "x"),
        "no status": (("status",), GONE),
        "unknown status": (("status",), "存续"),
        "id empty": (("id",), ""),
        "id a number": (("id",), 91),
        "name absent": (("name",), GONE),
        "columns absent": (("columns",), GONE),
        "an alias not in the plan": (("columns", "village"), "x"),
        "an empty value": (("columns", "town"), ""),
        "a value that is no string": (("columns", "town"), ["东镇"]),
        "no visits": (("visits",), []),
        "visits out of order": (("visits",), ["2025-12-01", "2025-09-09"]),
        "visit on no day": (("visits",), ["2025-02-29"]),
        "no lists": (("lists",), []),
        "lists out of order": (("lists",), ["M", "L"]),
        "a list twice": (("lists",), ["L", "L"]),
        "a list of no listed task": (("lists",), ["A"]),
        "lists as text": (("lists",), "L"),
        "visit in the year 0": (("visits",), ["0000-01-01"]),
    }
    cases = [
        good("none", columns=columns, listed=LISTED, records=[]),
        good("the small world", columns=columns, listed=LISTED, records=records),
        good("two visits on a day", columns=columns, listed=LISTED, records=[firm | {"visits": ["2025-12-01"] * 2}]),
        good("on both lists", columns=columns, listed=LISTED, records=[firm | {"lists": ["L", "M"]}]),
        bad("no lists in the plan", "registry", columns=columns, listed=[], records=[firm | {"lists": ["L"]}]),
        good("by bytes, not by UTF-16", columns=[], listed=[], records=[*map(bare, BY_BYTES)]),
        good("a prefix first", columns=[], listed=[], records=[bare("9"), bare("91"), bare("91 ")]),
    ]
    cases += [
        bad(k, "registry", columns=columns, listed=LISTED, records=[changed(firm, *edit)]) for k, edit in edits.items()
    ]
    return [
        *cases,
        bad("out of order", "registry", columns=columns, listed=LISTED, records=[records[1], records[0]]),
        bad("twice", "registry", columns=columns, listed=LISTED, records=[records[0], records[0]]),
        bad(
            "one id, two records",
            "registry",
            columns=columns,
            listed=LISTED,
            records=[records[0], records[0] | {"name": "z"}],
        ),
        bad("no object", "registry", columns=columns, listed=LISTED, records=[[]]),
    ]


def bare(identifier: str) -> Record:
    return {"id": identifier, "name": "", "status": "in_business", "columns": {}}


def inspector_lists() -> list[Case]:
    people = world.inspectors()
    person = people[5]
    edits: dict[str, tuple[tuple[str | int, ...], Any]] = {
        "unknown key": (("phone",), "x"),
        "name empty": (("name",), ""),
        "id absent": (("id",), GONE),
        "unit absent": (("unit",), GONE),
        "district a number": (("district",), 1),
        "qualifications as text": (("qualifications",), "组长"),
        "qualifications out of order": (("qualifications",), ["组长", "检验"]),
        "a qualification twice": (("qualifications",), ["检验", "检验"]),
        "certificates absent": (("certificates",), GONE),
        "certificates out of order": (("certificates",), [{"number": "b"}, {"number": "a"}]),
        "a certificate twice": (("certificates",), [{"number": "a"}, {"number": "a", "cancelled": "x"}]),
        "certificate without number": (("certificates",), [{"from": "2026-01-01"}]),
        "certificate number empty": (("certificates",), [{"number": ""}]),
        "certificate from no day": (("certificates", 0, "from"), "长期"),
        "certificate to an empty day": (("certificates", 0, "to"), ""),
        "cancelled without reason": (("certificates", 0, "cancelled"), ""),
        "cancelled as 1": (("certificates", 0, "cancelled"), 1),
        "expert as 0": (("expert",), 0),
        "most below zero": (("most",), -1),
        "most as text": (("most",), "1"),
        "undrawable without reason": (("undrawable",), ""),
    }
    turned = changed(person, ("certificates", 0), {"number": "a", "from": "2026-02-01", "to": "2026-01-01"})
    cases = [good("the small world", records=people), good("from after to is not refused", records=[turned])]
    cases += [good("by bytes, not by UTF-16", records=by_bytes(person))]
    cases += [good("experts, and one who takes nothing", records=[person | {"most": 0}, *features.experts()])]
    cases += [bad(case, "pool", records=[changed(person, *edit)]) for case, edit in edits.items()]
    return [
        *cases,
        bad("out of order", "pool", records=[people[1], people[0]]),
        bad("twice", "pool", records=[people[0], people[0]]),
        bad("no object", "pool", records=["P01"]),
    ]


def by_bytes(person: Record) -> list[Record]:
    """Two whose ids, qualifications and certificates have their order by UTF-8."""
    numbers = [{"number": name} for name in BY_BYTES]
    return [person | {"id": name, "qualifications": ["", *BY_BYTES], "certificates": numbers} for name in BY_BYTES]


def recusal_lists() -> list[Case]:
    columns, recusals = list(world.plan()["columns"]), world.recusals()
    faults: dict[str, Any] = {
        "unknown column": {"inspector": "P", "column": "name", "value": "x"},
        "value empty": {"inspector": "P", "column": "town", "value": ""},
        "value absent": {"inspector": "P", "column": "town"},
        "inspector empty": {"inspector": "", "entity": "x"},
        "entity a number": {"inspector": "P", "entity": 1},
        "both forms": {"inspector": "P", "entity": "x", "column": "town", "value": "x"},
        "unknown key": {"inspector": "P", "entity": "x", "reason": "亲属"},
        "colleagues in the other order": {"inspector": "P1", "colleague": "P2"},
        "one's own colleague": {"inspector": "P1", "colleague": "P1"},
        "colleague empty": {"inspector": "P1", "colleague": ""},
        "colleague and entity": {"inspector": "P2", "colleague": "P1", "entity": "x"},
        "empty": {},
        "no object": "P",
    }
    cases = [
        good("none", columns=columns, records=[]),
        good("the small world", columns=columns, records=recusals),
        good("by bytes, not by UTF-16", columns=columns, records=recusals_by_bytes()),
        good("two pairs of colleagues", columns=columns, records=features.pairs(("P1", "P2"), ("P1", "P3"))),
        bad("out of order", "pool", columns=columns, records=recusals[::-1]),
        bad("twice", "pool", columns=columns, records=[recusals[0], recusals[0]]),
    ]
    return cases + [bad(case, "pool", columns=columns, records=[fault]) for case, fault in faults.items()]


def recusals_by_bytes() -> list[Record]:
    a, b = BY_BYTES
    return [*features.pairs((a, b)), *({"entity": one, "inspector": "P"} for one in BY_BYTES)]


def leaves() -> list[Case]:
    key, other = world.SALT_KEY.hex(), key_of(0).hex()
    both = {"entity": world.entities(), "inspector": world.inspectors()}
    cases = [
        good(f"{kind}, {mode}, draw {draw}", kind=kind, mode=mode, draw=draw, salt_key=salt_key, records=records)
        for kind, records in both.items()
        for mode, draw, salt_key in (("real", 7, key), ("rehearsal", 7, key), ("real", 8, key))
    ]
    cases += [
        good(f"{kind}, another key", kind=kind, mode="real", draw=7, salt_key=other, records=records)
        for kind, records in both.items()
    ]
    largest = good(
        "the largest draw", kind="entity", mode="real", draw=LARGEST, salt_key=key, records=both["entity"][:1]
    )
    return [*cases, largest, good("none", kind="entity", mode="real", draw=1, salt_key=key, records=[])]


def recusal_digests() -> list[Case]:
    key, some = world.SALT_KEY.hex(), world.recusals()
    return [
        good("three", mode="rehearsal", draw=7, salt_key=key, recusals=some),
        good("three, real", mode="real", draw=7, salt_key=key, recusals=some),
        good("colleagues", mode="real", draw=7, salt_key=key, recusals=features.pairs(("P1", "P2"))),
        good("none", mode="real", draw=7, salt_key=key, recusals=[]),
        good("none, another draw", mode="real", draw=8, salt_key=key, recusals=[]),
    ]


def strata() -> list[Case]:
    base = world.draw_of()
    plan = world.plan()
    low = ("tasks", 0, "tiers", 2)
    edits: dict[str, tuple[tuple[str | int, ...], Any]] = {
        "a count": ((*low, "quota"), {"count": 3}),
        "a count of all": ((*low, "quota"), {"count": 5}),
        "no second key": ((*low, "key"), GONE),
        "second key that nobody has": ((*low, "key"), "flag"),
        "no exclusions but the state": (("exclusions",), []),
        "the first rule that applies": (
            ("exclusions",),
            [{"reason": "a", "where": ["eq", "town", "西镇"]}, *plan["exclusions"]],
        ),
        "the state before all rules": (
            ("exclusions",),
            [{"reason": "a", "where": ["eq", "status", "revoked"]}, *plan["exclusions"]],
        ),
        "visits on the day count": (("exclusions", 0, "since"), "2025-09-09"),
        "one tier takes everything": (("tasks", 0, "tiers", 0, "where"), ["and"]),
        "nobody in the pool": (("tasks", 0, "pool"), ["or"]),
    }
    cases = [good("the small world", inputs=inputs_of(base))]
    cases += [good(k, inputs=inputs_of(replace(base, plan=changed(plan, *edit)))) for k, edit in edits.items()]
    visits = changed(changed(plan, ("columns", "visits"), "检查"), ("exclusions", 1, "where"), ["eq", "visits", "x"])
    marked = [changed(firm, ("columns", "visits"), "x") for firm in base.entities[:3]] + base.entities[3:]
    above = replace(base, plan=changed(plan, (*low, "quota"), {"count": 6}))
    return [
        *cases,
        *strata_of_features(),
        bad("no entities, a count of one", "strata", inputs=inputs_of(replace(base, entities=[]))),
        good("an alias named visits", inputs=inputs_of(replace(base, plan=visits, entities=marked))),
        bad("a count above the tier", "strata", inputs=inputs_of(above)),
    ]


def strata_of_features() -> list[Case]:
    """The tier with a second key has five entities: two in 东镇, two in 西镇, one in none."""
    base, plan = world.draw_of(), world.plan()
    listed = replace(base, plan=features.with_listed(plan), entities=features.named(base.entities, 0, 6, 8, 9))
    nobody = replace(listed, entities=base.entities)

    def bounded(least: int, most: int, quota: Record) -> Record:
        return inputs_of(replace(base, plan=features.with_bounds(plan, least, most, quota)))

    return [
        good("a listed task, two of its entities excluded elsewhere", inputs=inputs_of(listed)),
        good("a listed task whose list is empty", inputs=inputs_of(nobody)),
        good("waves", inputs=inputs_of(replace(base, plan=features.with_waves(plan, 1, 5)))),
        good("bounds, least sum", inputs=bounded(1, 2, {"count": 3})),
        good("bounds, largest sum", inputs=bounded(0, 1, {"count": 3})),
        good("bounds above the sizes", inputs=bounded(7, 9, {"all": 1})),
        bad("quota below the least", "strata", inputs=bounded(1, 2, {"count": 2})),
        bad("quota above the most", "strata", inputs=bounded(0, 1, {"count": 4})),
        bad("no quota but a least", "strata", inputs=bounded(1, 1, {"count": 0})),
    ]


def commitments() -> list[Case]:
    nothing = changed(world.plan(), ("tasks", 1, "tiers", 0, "quota"), {"all": 1})
    base = world.draw_of()
    named, bounds = (features.named(base.entities, 1, 8), features.with_bounds(base.plan, 1, 2, {"rate": "60%"}))
    draws = {
        "a rehearsal": world.draw_of(),
        "a real draw": world.draw_of(("kl8", "2026051", world.KL8), mode="real"),
        "another number": world.draw_of(number=LARGEST),
        "another salt key": world.draw_of(salt_key=key_of(1)),
        "no recusals": world.draw_of(recusals=[]),
        "a listed task": replace(base, plan=features.with_listed(base.plan), entities=named),
        "bounds and waves": replace(base, plan=features.with_waves(bounds, 1, 2)),
        "sealed late": features.sealed_late(base),
        "a successor": replace(base, predecessor=features.PREDECESSOR),
        "a successor, sealed late": replace(features.sealed_late(base), predecessor=features.PREDECESSOR),
        "nothing to draw": world.draw_of(plan=nothing, entities=[], inspectors=[]),
    }
    return [good(case, inputs=inputs_of(draw)) for case, draw in draws.items()]
