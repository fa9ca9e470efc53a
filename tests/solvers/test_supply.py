"""The worst draw's flow and its minimum cut against draws as they are; the relaxations against trying all sets."""

from itertools import product
from random import Random
from typing import Any

import pytest

from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.strata import divide
from shuangsuiji.core.teams import make_blocks, make_problem
from shuangsuiji.quarter.demand import pooled
from shuangsuiji.solvers.flows import least_sum_of_squares
from shuangsuiji.solvers.relaxing import Lever, Levers, Proposer
from shuangsuiji.solvers.supply import Place, Supply, cuts, shortfall
from tests.district import DISTRICTS, UNITS, World, entity, inspector, plan_value, seeds


def world(number: int, quota: Json) -> World:
    """A plan of one task and one tier, few inspectors, no recusals."""
    choose, value = Random(number), dict[str, Any](plan_value())
    tier = {"id": "all", "name": "全部", "where": ["and"], "key": "district", "quota": quota}
    value["tasks"] = [value["tasks"][0] | {"tiers": [tier], "slots": ["lead", "home"]}]
    value["blocks"] = {"max_targets": choose.randint(1, 3), "max_per_inspector": choose.randint(1, 3)}
    firms = tuple(entity(n, choose.choice(DISTRICTS)) for n in range(1, choose.randint(2, 14)))
    people = tuple(
        inspector(n, choose.choice(DISTRICTS), choose.choice(UNITS)) for n in range(1, choose.randint(3, 12))
    )
    return World(parse_plan(value), firms, people, ())


def short(given: World) -> bool:
    held = Lists(given.entities, given.inspectors, ())
    return bool(shortfall(pooled(given.plan, divide(given.plan, given.entities), held).supply).deficits)


def fails(given: World, number: int) -> bool:
    """Whether one draw has no lawful assignment."""
    frozen = given.freeze()
    own = seeds(frozen, number)
    blocks = make_blocks(frozen, draw_targets(frozen, own).targets, own)
    return least_sum_of_squares(make_problem(frozen.plan, blocks, frozen.pool)[1]) is None


def test_where_there_is_but_one_draw_the_worst_is_that() -> None:
    answers = [(short(one), fails(one, 1)) for number in range(150) for one in [world(number, {"all": 1})]]
    assert all(worst == real for worst, real in answers)
    assert {worst for worst, _ in answers} == {True, False}


@pytest.mark.parametrize("rate", ["1/2", "1/3"])
def test_a_pool_that_suffices_for_the_worst_suffices_for_every_draw(rate: str) -> None:
    worlds = [world(number, {"rate": rate}) for number in range(40)]
    enough = [one for one in worlds if not short(one)]
    assert 0 < len(enough) < len(worlds)
    assert not any(fails(one, number) for one in enough for number in range(4))


def supply(number: int) -> Supply:
    choose = Random(number)
    classes, districts = choose.randint(1, 3), ["a", "b"]
    places = {(slot, name): choose.randint(1, 4) for slot in ("x", "y") for name in districts}
    blocks = {name: max(count for place, count in places.items() if place[1] == name) for name in districts}
    able = {
        place: tuple(sorted(choose.sample(range(classes), choose.randint(0, classes)))) for place in places
    }
    totals = {
        slot: choose.randint(1, sum(c for p, c in places.items() if p[0] == slot)) for slot in ("x", "y")
    }
    return Supply(
        places=places,
        able=able,
        sizes=[choose.randint(1, 2) for _ in range(classes)],
        caps=[choose.randint(0, 3) for _ in range(classes)],
        totals=totals,
        blocks=blocks,
        all_blocks=sum(blocks.values()),
    )


def draws(given: Supply) -> bool:
    """Whether some draw within all totals is short, by trying all numbers of places."""
    for counts in product(*(range(most + 1) for most in given.places.values())):
        draw = dict(zip(given.places, counts, strict=True))
        within = all(
            sum(count for place, count in draw.items() if place[0] == slot) <= most
            for slot, most in given.totals.items()
        )
        if within and cuts(given, draw):
            return True
    return False


def test_the_adversary_finds_a_short_draw_where_there_is_one() -> None:
    answers = [(bool(shortfall(one).deficits), draws(one)) for one in map(supply, range(60))]
    assert all(found == real for found, real in answers)
    assert {found for found, _ in answers} == {True, False}


def test_the_cheapest_set_of_levers() -> None:
    """Against trying every set of levers and every cap."""
    kinds = set()
    for number in range(60):
        given, choose = supply(number), Random(number)
        opens: dict[Lever, dict[Place, frozenset[int]]] = {
            ("open", str(lever)): {
                place: frozenset(choose.sample(range(len(given.sizes)), 1)) for place in given.places
            }
            for lever in range(2)
        }
        both = (("open", "0"), ("open", "1"))
        more = {place: frozenset(choose.sample(range(len(given.sizes)), 1)) for place in given.places}
        levers = Levers(
            opens,
            {lever: choose.randint(1, 5) for lever in opens},
            2,
            4,
            [None] * len(given.sizes),
            together={both: more},
            apart=choose.choice([[], [], [both]]),
        )
        found = Proposer(given, levers, [given.places]).propose()
        best = None
        for raised, *used in product(range(5), *([False, True] for _ in opens)):
            own = [lever for lever, on in zip(opens, used, strict=True) if on]
            if all(used) and levers.apart:
                continue
            extra = more if all(used) else {}
            able = {
                place: tuple(
                    sorted(
                        {
                            *classes,
                            *extra.get(place, ()),
                            *(one for lever in own for one in opens[lever][place]),
                        }
                    )
                )
                for place, classes in given.able.items()
            }
            caps = [cap + raised for cap in given.caps]
            if not cuts(
                Supply(given.places, able, given.sizes, caps, given.totals, given.blocks, 9), given.places
            ):
                cost = 2 * raised + sum(levers.costs[lever] for lever in own)
                best = cost if best is None else min(best, cost)
        assert (None if found is None else found.cost) == best, number
        kinds.add(best is None)
    assert kinds == {True, False}
