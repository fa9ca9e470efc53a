"""§15.3 Why loads differ: circles of persons whose places nobody with fewer could take."""

from collections import Counter
from dataclasses import replace

from hypothesis import given

from shuangsuiji.audit.loads import crowds
from shuangsuiji.core.eligibility import eligible
from shuangsuiji.core.records import Incompatible, PairRecusal
from tests.audit.test_cross_check import EVERYTHING, NOTHING, SEALED, drawn, drawn_of, staffed
from tests.core.protocol import frozen, plan_with
from tests.district import World, entity, inspector, worlds


@given(worlds(max_entities=40, max_inspectors=10))
def test_everybody_and_every_place_is_told_once_or_nothing_is(world: World) -> None:
    sealed = frozen(world)
    matching = drawn_of(sealed)
    found = crowds(sealed, matching)
    loads = Counter(one.id for team in matching.teams for one in team.inspectors)
    able = [one for one in eligible(sealed.plan, sealed.pool.inspectors) if one.most != 0]
    if not found:
        own = [loads[one.id] for one in able]
        assert sealed.plan.teams or not matching.succeeded or max(own) - min(own) <= 1
        return
    assert sum(one.persons for one in found) == len(able)
    assert sum(count for one in found for _, _, count in one.places) == loads.total()
    assert all(one.least == one.most == 0 for one in found if not one.places)
    assert [one.most for one in found] == sorted((one.most for one in found), reverse=True)


def test_who_alone_may_take_a_place_carries_more_and_it_is_said_of_which() -> None:
    """Twelve firms of 东镇: leads are drawn from all of the bureau, members from 东镇, where there are two persons."""
    plan = plan_with({"tasks.0.tiers": [EVERYTHING], "tasks.1.tiers": [NOTHING], "blocks.max_targets": 1})
    firms = tuple(entity(number) for number in range(1, 13))
    people = (
        inspector(1, "东镇"),
        inspector(2, "东镇"),
        *(inspector(number, "西乡") for number in range(3, 9)),
    )
    sealed = frozen(World(plan, firms, people, ()))
    heavy, light = crowds(sealed, drawn_of(sealed))
    assert (heavy.persons, heavy.least, heavy.most, heavy.why) == (2, 6, 6, "alone")
    assert heavy.places == (("home", "东镇", 12),)
    assert (light.persons, light.least, light.most, light.why) == (6, 2, 2, "rest")
    assert light.places == (("lead", "东镇", 12),)
    barred = [PairRecusal("P0003", firm.id) for firm in firms]
    sealed = frozen(World(plan, firms, people, tuple(barred)))
    told = [(one.persons, one.least, one.most, one.why) for one in crowds(sealed, drawn_of(sealed))]
    assert told == [(2, 6, 6, "alone"), (5, 2, 3, "alone"), (1, 0, 0, "rest")]


def test_of_a_draw_that_could_be_more_even_it_is_not_said_that_nobody_else_may_take_the_places() -> None:
    """Two persons have both places each and three have none, as repair may leave it to keep others apart."""
    pool = replace(SEALED.pool, recusals=(Incompatible("P0002", "P0003"),))
    (crowd,) = crowds(replace(SEALED, pool=pool), drawn(staffed((1, 3), (1, 3))))
    assert (crowd.persons, crowd.least, crowd.most, crowd.why) == (5, 0, 2, "apart")
