"""§12 to §15: tickets, rounding, selection, eligibility, blocks, the second draw."""

from collections.abc import Sequence
from dataclasses import replace

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, changed, good, key_of
from docs.spec.v1.scenarios.reference import inputs_of


def draw_scenarios() -> list[Scenario]:
    """The scenarios of these sections."""
    return [
        Scenario("tickets", "§12", "tickets of leaves under a key", tickets()),
        Scenario("rounding", "§12", "quotas of strata by systematic rounding", roundings()),
        Scenario("first_draw", "§12", "strata and targets under a seed of the stage targets", first_draws()),
        Scenario("left_out", "§13", "why an inspector is left out; empty: eligible", eligibilities()),
        Scenario(
            "blocks",
            "§14",
            "blocks, slots, pools, recusal sets under a seed of the stage inspectors",
            blocks(),
        ),
        Scenario(
            "component", "§15", "the replay of one component, or the certificate of a shortage", components()
        ),
        Scenario("whole_draw", "§15", "from the inputs of a draw to its three results", whole_draws()),
    ]


def tickets() -> list[Case]:
    leaves = [key_of(number).hex() for number in range(20)]
    return [
        good(f"20 leaves, key {number}", key=key_of(100 + number).hex(), leaves=leaves) for number in range(2)
    ]


def roundings() -> list[Case]:
    sizes = [3, 1, 4, 1, 5]
    cases = [good(f"4 of 14, offset {u}", quota=4, sizes=sizes, offset=u) for u in range(14)]
    return [
        *cases,
        good("none", quota=0, sizes=sizes, offset=13),
        good("all", quota=14, sizes=sizes, offset=13),
        good("one stratum", quota=2, sizes=[7], offset=6),
        good("equal strata", quota=3, sizes=[2] * 6, offset=5),
        good("one of many small ones", quota=1, sizes=[1] * 9, offset=4),
        good("large", quota=123_456_789, sizes=[10**9, 1, 10**9 + 7, 2], offset=2_000_000_000),
    ]


def larger(number: int, **changes: object) -> verify.Draw:
    """Sixty firms in four towns and one without, twelve inspectors, all chosen by a stream."""
    stream = verify.Stream(key_of(number))
    towns = ["东镇", "南镇", "西镇", "北镇", ""]
    firms = [
        world.entity(
            f"{90 + stream.below(4)}-{i:02}", f"厂{i}", "ABCD"[stream.below(4)], towns[stream.below(5)], {}
        )
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


def first_draws() -> list[Case]:
    small = world.draw_of()
    draws = {"the small world": small, "60 firms": larger(60)}
    for quota in ({"count": 0}, {"count": 1}, {"all": 1}):
        plan = changed(small.plan, ("tasks", 0, "tiers", 2, "quota"), quota)
        draws[f"a quota of {quota}"] = replace(small, plan=plan)
    return [
        good(f"{case}, seed {number}", inputs=inputs_of(draw), seed=key_of(number).hex())
        for case, draw in draws.items()
        for number in range(2)
    ]


def eligibilities() -> list[Case]:
    window = world.plan()["window"]
    first, last = window["from"], window["to"]
    gone, past = {"number": "1", "cancelled": "审验"}, {"number": "2", "to": "2026-03-30"}
    certificates: dict[str, list[Record]] = {
        "no end, no beginning": [{"number": "1"}],
        "exactly the window": [{"number": "1", "from": first, "to": last}],
        "from a day late": [{"number": "1", "from": "2026-03-11"}],
        "to a day early": [past],
        "cancelled": [gone],
        "none": [],
        "one of two cancelled": [gone, {"number": "2"}],
        "one cancelled, one expired": [gone, past],
        "two that cover it only together": [
            {"number": "1", "to": "2026-03-20"},
            {"number": "2", "from": "2026-03-20"},
        ],
        "one of three covers it": [gone, past, {"number": "3", "from": first}],
    }
    person = world.inspectors()[0]
    cases = [
        good(case, window=window, inspector=person | {"certificates": some})
        for case, some in certificates.items()
    ]
    away = person | {"undrawable": "驻村"}
    return [
        *cases,
        good("undrawable", window=window, inspector=away),
        good("undrawable comes first", window=window, inspector=away | {"certificates": []}),
    ]


def blocks() -> list[Case]:
    small, large = world.draw_of(), larger(61)
    all_of = [
        {"id": firm["id"], "tasks": [["A"], ["B"], ["A", "B"]][i % 3]}
        for i, firm in enumerate(large.entities)
    ]
    some = [
        {"id": "91-01", "tasks": ["A"]},
        {"id": "91-05", "tasks": ["A"]},
        {"id": "91-06", "tasks": ["A", "B"]},
    ]
    one = changed(large.plan, ("blocks", "max_targets"), 1)
    ten = changed(large.plan, ("blocks", "max_targets"), 10)
    draws: dict[str, tuple[verify.Draw, list[Record]]] = {
        "no targets": (small, []),
        "three targets, one without a town": (small, some),
        "60 targets in blocks of 3": (large, all_of),
        "60 targets, each alone": (replace(large, plan=one), all_of),
        "60 targets in blocks of 10": (replace(large, plan=ten), all_of),
        "without districts": (replace(large, plan=changed(large.plan, ("district",), GONE)), all_of),
    }
    return [
        good(case, inputs=inputs_of(draw), targets=targets, seed=key_of(62).hex())
        for case, (draw, targets) in draws.items()
    ]


def component(
    case: str,
    pools: Sequence[Sequence[int]],
    blocks: Sequence[int],
    recused: dict[int, list[int]],
    caps: int | list[int],
    incompatible: Sequence[tuple[int, int]] = (),
) -> Case:
    """A component whose key follows from its name; one cap stands for everybody's."""
    barred = {str(block): people for block, people in recused.items()}
    each = caps if isinstance(caps, list) else [caps] * (1 + max(max(pool) for pool in pools))
    given: Record = {"pools": pools, "blocks": blocks, "recused": barred, "caps": each}
    key = verify.tagged("test/component", case.encode()).hex()
    return good(case, key=key, **given, incompatible=[list(pair) for pair in incompatible])


def components() -> list[Case]:
    five, ten = list(range(5)), list(range(10))
    pairs = [block for block in range(1, 11) for _ in range(2)]
    ring = [[i, (i + 1) % 6] for i in range(6)]
    return [
        component("one slot, one inspector", [[0]], [1], {}, 1),
        component("one slot, three inspectors", [[0, 1, 2]], [1], {}, 5),
        component("a pair from two", [[0, 1]] * 2, [1, 1], {}, 1),
        component(
            "three inspectors, each recused from one block",
            [[0, 1, 2]] * 3,
            [1, 2, 3],
            {1: [0], 2: [1], 3: [2]},
            1,
        ),
        component("a ring of six", [sorted(pool) for pool in ring], [1, 2, 3, 4, 5, 6], {}, 1),
        component("ten pairs from five", [five] * 20, pairs, {}, 4),
        component("ten pairs from five, room to spare", [five] * 20, pairs, {}, 9),
        component("ten pairs from five, recusals", [five] * 20, pairs, {b: [b % 5] for b in range(1, 11)}, 4),
        component("a lead and a member", [[0, 1], five] * 10, pairs, {}, 6),
        component(
            "a lead and a member, leads recused", [[0, 1], five] * 10, pairs, {1: [0], 2: [0], 3: [1]}, 6
        ),
        component("mates must move within a block", [[0, 1], [0, 2]] * 2, [1, 1, 2, 2], {2: [2]}, 2),
        component(
            "teams of three from ten",
            [ten] * 30,
            [b for b in range(1, 11) for _ in range(3)],
            {4: [0, 1, 2]},
            3,
        ),
        component("loads that cannot be equal", [[0]] * 3 + [[0, 1, 2, 3]] * 3, [1, 2, 3, 4, 5, 6], {}, 6),
        component(
            "someone in the pool, recused from all",
            [[0, 1, 2]] * 4,
            [1, 2, 3, 4],
            {b: [2] for b in range(1, 5)},
            4,
        ),
        component("forty slots, twelve inspectors", *forty()),
        *(component(f"specialists, uneven loads, {n}", *specialists(n)) for n in range(6)),
        component("eighty slots, forty inspectors", *ladder(80, 40)),
        component("1,100 slots, 500 inspectors", *ladder(1100, 500)),
        component("shortage: a pair from one", [[0]] * 2, [1, 1], {}, 9),
        component("shortage: too many slots for the cap", [five] * 20, pairs, {}, 3),
        component("shortage: all recused", [[0, 1]] * 2, [1, 2], {1: [0, 1]}, 9),
        component("shortage: two leads for three blocks", [[0, 1], five] * 3, [1, 1, 2, 2, 3, 3], {}, 1),
    ]


def forty() -> tuple[list[list[int]], list[int], dict[int, list[int]], int]:
    """Three kinds of pools that overlap, blocks of two, two recusals a block."""
    kinds = [list(range(8)), list(range(4, 12)), list(range(0, 12, 2))]
    stream = verify.Stream(key_of(40))
    recused = {block: sorted({stream.below(12), stream.below(12)}) for block in range(1, 21)}
    return [kinds[s % 3] for s in range(40)], [1 + s // 2 for s in range(40)], recused, 5


def specialists(number: int) -> tuple[list[list[int]], list[int], dict[int, list[int]], int]:
    """Fourteen blocks of a slot for two or three specialists and one for half of the rest: loads cannot be equal."""
    stream = verify.Stream(key_of(200 + number))
    pools = []
    for _ in range(14):
        pools.append(sorted({stream.below(4), stream.below(4), 4}))
        pools.append(sorted({stream.below(9) for _ in range(4)}))
    recused = {block: [stream.below(9)] for block in range(1, 15, 3)}
    return pools, [1 + s // 2 for s in range(28)], recused, 7


def ladder(slots: int, people: int) -> tuple[list[list[int]], list[int], dict[int, list[int]], int]:
    """Pools of five neighbours each, so that everything hangs together and relays are long; blocks of two."""
    firsts = [s * (people - 5) // (slots - 1) for s in range(slots)]
    return (
        [list(range(first, first + 5)) for first in firsts],
        [1 + s // 2 for s in range(slots)],
        {3: [4]},
        4,
    )


def whole_draws() -> list[Case]:
    small, large = world.draw_of(), larger(63)
    kl8 = ("kl8", "2026051", world.KL8)
    few = replace(large, plan=changed(large.plan, ("blocks", "max_per_inspector"), 1))
    local = changed(small.plan, ("slots", 2, "district"), "home")
    draws = {
        "the small world": small,
        "the small world, real": world.draw_of(kl8, mode="real"),
        "the small world, other dice": world.draw_of(("dice", "1", world.DICE)),
        "60 firms": large,
        "60 firms, no districts": replace(large, plan=changed(large.plan, ("district",), GONE)),
        "60 firms, every town a component": replace(large, plan=home_only(large.plan)),
        "nothing to draw": replace(small, plan=no_quotas(small.plan)),
    }
    cases = [good(case, inputs=inputs_of(draw)) for case, draw in draws.items()]
    return [
        *cases,
        good("60 firms, one block each: a shortage", inputs=inputs_of(few)),
        good(
            "an empty pool: a shortage",
            inputs=inputs_of(replace(small, plan=local, inspectors=small.inspectors[:4])),
        ),
    ]


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
