"""Draws for the sections on both draws: sixty firms, and one draw for each thing that a plan may ask besides."""

from dataclasses import replace

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, world
from docs.spec.v1.scenarios.cases import Record, changed, key_of


def larger(number: int, **changes: object) -> verify.Draw:
    """Sixty firms in four towns and one without, twelve inspectors, all chosen by a stream."""
    stream = verify.Stream(key_of(number))
    towns = ["东镇", "南镇", "西镇", "北镇", ""]
    firms = [
        world.entity(f"{90 + stream.below(4)}-{i:02}", f"厂{i}", "ABCD"[stream.below(4)], towns[stream.below(5)], {})
        for i in range(60)
    ]
    people = [
        world.person(
            f"P{i:02}",
            ("市场监管", "消防")[i % 3 == 2],
            towns[i % 5],
            [["组长"], []][stream.below(2)],
            [{"number": str(i)}],
        )
        for i in range(24)
    ]
    plan = changed(world.plan(), ("blocks",), {"max_targets": 3, "max_per_inspector": 6})
    plan["tasks"][1]["tiers"][0]["quota"] = {"rate": "20%"}
    given = {"plan": plan, "entities": sorted(firms, key=lambda firm: str(firm["id"])), "inspectors": people}
    return world.draw_of(number=number, recusals=world.recusals()[:1], **given | changes)


def home_only(plan: Record) -> Record:
    """The plan with its first task alone, whose teams come from the target's town."""
    lead = {"id": "lead", "pool": ["and"], "district": "home"}
    return plan | {"slots": [lead, *plan["slots"][1:]], "tasks": plan["tasks"][:1]}


def no_quotas(plan: Record) -> Record:
    """The plan with every quota 0."""
    for t, task in enumerate(plan["tasks"]):
        for n, _ in enumerate(task["tiers"]):
            plan = changed(plan, ("tasks", t, "tiers", n, "quota"), {"count": 0})
    return plan


def both_in_waves(plan: Record, first: int, second: int) -> Record:
    """Both tasks in waves, so many of each, on tiers that share firms."""
    tier = plan["tasks"][1]["tiers"][0] | {"quota": {"all": 1}, "waves": second}
    return features.with_waves(changed(plan, ("tasks", 1, "tiers", 0), tier), 1, first)


def listed(draw: verify.Draw) -> verify.Draw:
    """With a listed task, of a firm drawn besides, of one excluded and one without columns of the tiers."""
    entities = features.named(draw.entities, 2, 5, 8, 11)
    return replace(draw, plan=features.with_listed(draw.plan), entities=entities)


def with_experts(draw: verify.Draw) -> verify.Draw:
    """With a place for an expert, and one beside whom anybody of 消防 may take; two experts."""
    plan = features.with_expert(draw.plan)
    plan = plan | {"slots": [*plan["slots"], {"id": "guest", "pool": ["and"], "district": "any", "extra": 1}]}
    plan = changed(plan, ("tasks", 1, "slots"), [*plan["tasks"][1]["slots"], "guest"])
    return replace(draw, plan=plan, inspectors=[*draw.inspectors, *features.experts()])


def featured_draws(small: verify.Draw, large: verify.Draw) -> dict[str, verify.Draw]:
    """A draw for each thing a plan may ask besides."""
    bounds = features.with_bounds(large.plan, 1, 3, {"rate": "30%"})
    apart = [(f"P{a:02}", f"P{a + 3:02}") for a in range(0, 21, 2)]
    able = [one["id"] for one in large.inspectors if one["qualifications"]]
    unwanted = [one["id"] for one in large.inspectors if not one["qualifications"]][:3]
    unwelcome = [(min(a, b), max(a, b)) for a in able for b in unwanted]
    teams = {m: replace(large, plan=features.with_teams(large.plan, m)) for m in (3, 7, 40)}
    most = [one | ({"most": 2 + i % 3} if i % 4 else {}) for i, one in enumerate(large.inspectors)]
    joined = replace(large, plan=home_only(large.plan))
    return {
        "a listed task": listed(small),
        "bounds": replace(large, plan=bounds),
        "waves": replace(large, plan=features.with_waves(large.plan, 1, 3)),
        "experts": with_experts(small),
        "caps of single persons": replace(large, inspectors=most),
        "incompatible inspectors": features.recused(large, *apart),
        "three whom no lead may meet": features.recused(large, *unwelcome),
        "components joined by a pair": features.recused(joined, ("P00", "P01"), ("P03", "P99")),
        "sealed late": features.sealed_late(small),
        "sealed late, other dice": features.sealed_late(small, values=[dice(world.DICE[::-1])]),
        "seven fixed teams": teams[7],
        "three fixed teams, incompatible inspectors": features.recused(teams[3], *apart),
        "fixed teams, recusals": replace(teams[7], recusals=[*large.recusals, *recusals_of(large)]),
        "forty fixed teams: a shortage": teams[40],
        "a fixed team that nobody's cap lets go twice: a shortage": replace(
            teams[3], plan=changed(teams[3].plan, ("blocks", "max_per_inspector"), 2)
        ),
        "fixed teams without targets": replace(small, plan=features.with_teams(no_quotas(small.plan), 2)),
    }


def dice(digits: str) -> Record:
    return {"issue": "1", "source": "dice", "value": digits}


def recusals_of(draw: verify.Draw) -> list[Record]:
    """Every third firm knows somebody."""
    return [{"entity": one["id"], "inspector": f"P{i % 24:02}"} for i, one in enumerate(draw.entities) if i % 3 == 0]


def relaxed_draws(large: verify.Draw) -> dict[str, verify.Draw]:
    """Shortages of every kind, mended by the first relaxation, by two together, by none."""
    nobody = ["eq", "unit", "外地"]
    near = [{"district": town, "from": ["东镇", "南镇", "西镇", "北镇"]} for town in ("", "东镇", "西镇")]
    wider: dict[str, Record] = {
        "cap": {"cap": 9},
        "one": {"cap": 1},
        "any": {"slot": "local", "district": "any"},
        "near": {"slot": "local", "neighbours": near},
        "lead": {"slot": "lead", "pool": ["and"]},
    }

    def short(cap: int, pool: list[str], *names: str) -> verify.Draw:
        plan = changed(changed(large.plan, ("blocks", "max_per_inspector"), cap), ("slots", 0, "pool"), pool)
        return replace(large, plan=plan | {"relaxations": [wider[name] for name in names]})

    leads = large.plan["slots"][0]["pool"]
    apart = features.recused(short(6, ["and"], "cap"), *((f"P{a:02}", f"P{b:02}") for b in range(24) for a in range(b)))
    able = [one["id"] for one in large.inspectors if one["qualifications"]]
    others = [one["id"] for one in large.inspectors if not one["qualifications"]]
    foes = [(min(a, b), max(a, b)) for a in able for b in others]
    foes = [pair for number, pair in enumerate(foes) if number % 4]
    nobodys = changed(features.with_teams(large.plan, 7), ("slots", 0, "pool"), nobody)
    teams = nobodys | {"relaxations": [wider["cap"], wider["lead"]]}
    return {
        "too few: mended by the first": short(1, leads, "cap", "any"),
        "too few: mended by the second": short(1, leads, "any", "cap"),
        "a later cap takes the place of a larger": short(1, nobody, "cap", "one", "lead"),
        "an empty pool: mended by the first": short(6, nobody, "lead", "cap"),
        "an empty pool, then too few: mended by two": short(1, nobody, "lead", "cap"),
        "an empty pool: mended by none": short(6, nobody, "near", "cap"),
        "too few: mended by none": short(1, leads, "near", "one"),
        "most leads and others apart": features.recused(short(6, leads, "cap", "lead"), *foes),
        "all apart: a clash that nothing mends": apart,
        "fixed teams: mended by a pool": replace(large, plan=teams),
    }
