"""§12 to §15: tickets, rounding, selection, eligibility, blocks, the second draw."""

from collections.abc import Sequence
from dataclasses import replace

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import features, world
from docs.spec.v1.scenarios.cases import GONE, Case, Record, Scenario, changed, good, key_of
from docs.spec.v1.scenarios.fewer import fewer_draws
from docs.spec.v1.scenarios.larger import (
    both_in_waves,
    featured_draws,
    home_only,
    larger,
    listed,
    no_quotas,
    relaxed_draws,
    with_experts,
)
from docs.spec.v1.scenarios.reference import inputs_of


def draw_scenarios() -> list[Scenario]:
    """The scenarios of these sections."""
    return [
        Scenario("tickets", "§12", "tickets of leaves under a key", tickets()),
        Scenario("rounding", "§12", "quotas of strata by systematic rounding", roundings()),
        Scenario("bounds", "§12", "quotas fixed by bounds; -1: divides what is left", bounds()),
        Scenario("first_draw", "§12", "strata and targets under a seed of the stage targets", first_draws()),
        Scenario("left_out", "§13", "why an inspector is left out; empty: eligible", eligibilities()),
        Scenario("blocks", "§14", "blocks, slots, pools, recusal sets under a seed of the stage inspectors", blocks()),
        Scenario("component", "§15", "the replay of one component, or the certificate of a shortage", components()),
        Scenario("whole_draw", "§15", "from the inputs of a draw to its three results", whole_draws()),
    ]


def tickets() -> list[Case]:
    leaves = [key_of(number).hex() for number in range(20)]
    return [good(f"20 leaves, key {number}", key=key_of(100 + number).hex(), leaves=leaves) for number in range(2)]


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


def bounds() -> list[Case]:
    """(quota, sizes, least, most): at the bends, between them, on flat stretches, with everything in one place."""
    asked: dict[str, tuple[int, list[int], int, int]] = {
        "no bound is met": (10, [20, 30, 50], 1, 9),
        "the small ones get the least": (12, [1, 2, 3, 94], 1, 90),
        "the large one gets the most": (12, [10, 10, 10, 970], 1, 5),
        "least sum: all low": (8, [5, 1, 30, 7], 2, 9),
        "largest sum: all high": (22, [5, 1, 30, 7], 2, 9),
        "one above the least sum": (9, [5, 1, 30, 7], 2, 9),
        "one below the largest sum": (21, [5, 1, 30, 7], 2, 9),
        "all": (43, [5, 1, 30, 7], 0, 30),
        "none": (0, [5, 1, 30, 7], 0, 9),
        "one place for each": (4, [5, 1, 30, 7], 1, 1),
        "exactly at a bend": (6, [2, 4, 8], 1, 3),
        "a flat stretch: one high, the other low": (4, [1000, 1], 1, 3),
        "a flat stretch, left": (6, [1000, 10], 1, 4),
        "a flat stretch, left at once": (5, [1000, 10], 1, 4),
        "equal sizes": (7, [4] * 5, 1, 3),
        "a fraction of a fraction": (17, [3, 5, 7, 11, 13, 17], 1, 6),
        "many": (120, list(range(1, 60)), 1, 4),
        "bounds above every size": (13, [3, 4, 6], 9, 9),
        "large numbers": (10**9 + 1, [10**12, 10**12 + 1, 3], 2, 10**11),
    }
    return [good(case, quota=q, sizes=sizes, least=a, most=b) for case, (q, sizes, a, b) in asked.items()]


def first_draws() -> list[Case]:
    small = world.draw_of()
    draws = {"the small world": small, "60 firms": larger(60)}
    for quota in ({"count": 0}, {"count": 1}, {"all": 1}):
        plan = changed(small.plan, ("tasks", 0, "tiers", 2, "quota"), quota)
        draws[f"a quota of {quota}"] = replace(small, plan=plan)
    large, fifth = larger(60), {"rate": "20%"}
    draws |= {
        "60 firms, bounds": replace(large, plan=features.with_bounds(large.plan, 1, 2, fifth)),
        "60 firms, bounds met by some": replace(large, plan=features.with_bounds(large.plan, 2, 4, {"count": 14})),
        "60 firms, all at the least": replace(large, plan=features.with_bounds(large.plan, 1, 9, {"count": 5})),
        "60 firms, three waves": replace(large, plan=features.with_waves(large.plan, 1, 3)),
        "more waves than firms": replace(small, plan=features.with_waves(small.plan, 1, 9)),
        "waves in two tasks, the least counts": replace(large, plan=both_in_waves(large.plan, 5, 2)),
        "waves in two tasks, the least first": replace(large, plan=both_in_waves(large.plan, 2, 5)),
        "a listed task": listed(small),
    }
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
        "two that cover it only together": [{"number": "1", "to": "2026-03-20"}, {"number": "2", "from": "2026-03-20"}],
        "one of three covers it": [gone, past, {"number": "3", "from": first}],
    }
    person = world.inspectors()[0]
    cases = [
        good(case, window=window, inspector=person | {"certificates": some}) for case, some in certificates.items()
    ]
    away = person | {"undrawable": "驻村"}
    return [
        *cases,
        good("undrawable", window=window, inspector=away),
        good("an expert", window=window, inspector=person | {"certificates": [], "expert": 1}),
        good("an expert, cancelled", window=window, inspector=person | {"certificates": [gone], "expert": 1}),
        good("an expert, expired", window=window, inspector=person | {"certificates": [past], "expert": 1}),
        good("an undrawable expert", window=window, inspector=away | {"expert": 1}),
        good("undrawable comes first", window=window, inspector=away | {"certificates": []}),
    ]


def blocks() -> list[Case]:
    small, large = world.draw_of(), larger(61)
    strangers = [{"entity": "91-01", "inspector": j} for j in ("P01", "P09", "P99")]
    all_of = [{"id": firm["id"], "tasks": [["A"], ["B"], ["A", "B"]][i % 3]} for i, firm in enumerate(large.entities)]
    some = [{"id": "91-01", "tasks": ["A"]}, {"id": "91-05", "tasks": ["A"]}, {"id": "91-06", "tasks": ["A", "B"]}]
    one = changed(large.plan, ("blocks", "max_targets"), 1)
    ten = changed(large.plan, ("blocks", "max_targets"), 10)
    draws: dict[str, tuple[verify.Draw, list[Record]]] = {
        "no targets": (small, []),
        "three targets, one without a town": (small, some),
        "60 targets in blocks of 3": (large, all_of),
        "60 targets, each alone": (replace(large, plan=one), all_of),
        "60 targets in blocks of 10": (replace(large, plan=ten), all_of),
        "without districts": (replace(large, plan=changed(large.plan, ("district",), GONE)), all_of),
        "waves": (large, [one | ({"wave": 1 + i % 4} if i % 5 else {}) for i, one in enumerate(all_of)]),
        "a listed task": (
            listed(small),
            [*some, {"id": "92-03", "tasks": ["L"]}, {"id": "93-01", "tasks": ["B", "L"]}],
        ),
        "a place for experts": (with_experts(small), some),
        "colleagues are in no recusal set": (features.recused(small, ("P01", "P03")), some),
        "recused: one of no list, one who is not eligible": (replace(small, recusals=strangers), some),
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
            "three inspectors, each recused from one block", [[0, 1, 2]] * 3, [1, 2, 3], {1: [0], 2: [1], 3: [2]}, 1
        ),
        component("a ring of six", [sorted(pool) for pool in ring], [1, 2, 3, 4, 5, 6], {}, 1),
        component("ten pairs from five", [five] * 20, pairs, {}, 4),
        component("ten pairs from five, room to spare", [five] * 20, pairs, {}, 9),
        component("ten pairs from five, recusals", [five] * 20, pairs, {b: [b % 5] for b in range(1, 11)}, 4),
        component("a lead and a member", [[0, 1], five] * 10, pairs, {}, 6),
        component("a lead and a member, leads recused", [[0, 1], five] * 10, pairs, {1: [0], 2: [0], 3: [1]}, 6),
        component("mates must move within a block", [[0, 1], [0, 2]] * 2, [1, 1, 2, 2], {2: [2]}, 2),
        component(
            "teams of three from ten", [ten] * 30, [b for b in range(1, 11) for _ in range(3)], {4: [0, 1, 2]}, 3
        ),
        component("loads that cannot be equal", [[0]] * 3 + [[0, 1, 2, 3]] * 3, [1, 2, 3, 4, 5, 6], {}, 6),
        component(
            "someone in the pool, recused from all", [[0, 1, 2]] * 4, [1, 2, 3, 4], {b: [2] for b in range(1, 5)}, 4
        ),
        component("forty slots, twelve inspectors", *forty()),
        *(component(f"specialists, uneven loads, {n}", *specialists(n)) for n in range(6)),
        component("eighty slots, forty inspectors", *ladder(80, 40)),
        component("1,100 slots, 500 inspectors", *ladder(1100, 500)),
        *incompatible_components(),
        component("shortage: a pair from one", [[0]] * 2, [1, 1], {}, 9),
        component("shortage: too many slots for the cap", [five] * 20, pairs, {}, 3),
        component("shortage: all recused", [[0, 1]] * 2, [1, 2], {1: [0, 1]}, 9),
        component("shortage: two leads for three blocks", [[0, 1], five] * 3, [1, 1, 2, 2, 3, 3], {}, 1),
    ]


def incompatible_components() -> list[Case]:
    """Caps of single persons; pairs kept apart, by repair or not at all."""
    four, pairs = list(range(4)), [block for block in range(1, 9) for _ in range(2)]
    stream = verify.Stream(key_of(41))
    foes = sorted({(min(a, b), max(a, b)) for a in range(12) for b in [stream.below(12)] if a != b})
    kinds, blocks, recused, _ = forty()
    return [
        component("one cap of 1", [four] * 8, pairs[:8], {}, [1, 9, 9, 9]),
        component("one cap of 0", [four] * 8, pairs[:8], {}, [0, 9, 9, 9]),
        component("each another cap, all used up", [four] * 10, list(range(1, 11)), {}, [1, 2, 3, 4]),
        component("shortage: caps of single persons", [four] * 10, list(range(1, 11)), {}, [1, 2, 3, 3]),
        component("two pairs apart", [four] * 16, pairs, {}, 4, [(0, 1), (2, 3)]),
        component("three of four apart from one", [four] * 8, pairs[:8], {}, 9, [(0, 1), (0, 2)]),
        component("two pools joined by a pair", [[0, 1], [2, 3]] * 8, pairs, {}, 9, [(1, 2)]),
        component("forty slots, caps, pairs apart", kinds, blocks, recused, [5, 4] * 6, foes),
        component("the only two are apart, and widening leaves nobody", [[0], [1]], [1, 1], {}, 1, [(0, 1)]),
        component("clash: a team of all four", [four] * 4, [1, 1, 1, 1], {}, 9, [(0, 3)]),
        component("clash: one team of two", [[0, 1], [0, 1], [2]], [1, 1, 1], {}, 9, [(0, 1)]),
        component("clash: two teams of the same two", [[0, 1], [0, 1], [2]] * 2, [1, 1, 1, 2, 2, 2], {}, 9, [(0, 1)]),
        component("whom the only lead may not meet", [[0], [0, 1, 2]] * 4, pairs[:8], {}, 9, [(0, 1)]),
        component("balance given up", [[1, 2, 3], [1, 2, 3], [0, 1, 2], [0, 1, 2]], pairs[:4], {}, 9, [(0, 1), (1, 3)]),
        component("balance given up, and regained in part", *thirty()),
        component("a search before a clash", [[0], [0], [1]], [1, 1, 2], {}, 9, [(0, 1)]),
    ]


def thirty() -> tuple[list[list[int]], list[int], dict[int, list[int]], int, list[tuple[int, int]]]:
    """Teams of three from one pool of ten, half of whose pairs are apart."""
    stream, foes, order = verify.Stream(key_of(30)), [(a, b) for b in range(10) for a in range(b)], list(range(45))
    stream.shuffle(order)
    recused = {block: [stream.below(10)] for block in range(1, 11)}
    blocks = [1 + s // 3 for s in range(30)]
    return [list(range(10))] * 30, blocks, recused, 5, [foes[number] for number in order[:24]]


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
    return ([list(range(first, first + 5)) for first in firsts], [1 + s // 2 for s in range(slots)], {3: [4]}, 4)


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
        "a successor": replace(small, predecessor=features.PREDECESSOR),
        **featured_draws(small, large),
        **relaxed_draws(large),
        **fewer_draws(),
    }
    cases = [good(case, inputs=inputs_of(draw)) for case, draw in draws.items()]
    return [
        *cases,
        good("60 firms, one block each: a shortage", inputs=inputs_of(few)),
        good(
            "an empty pool: a shortage", inputs=inputs_of(replace(small, plan=local, inspectors=small.inspectors[:4]))
        ),
    ]
