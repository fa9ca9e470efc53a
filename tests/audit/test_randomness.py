"""§14 How many persons and teams could lawfully have been drawn, and the labels of places that were hardly random."""

from collections.abc import Set as AbstractSet
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.audit.randomness import distinct, randomness, totals
from shuangsuiji.core.draw import draw_inspectors, draw_targets
from shuangsuiji.core.records import PairRecusal
from tests.audit.test_cross_check import EVERYTHING, NOTHING, PEOPLE
from tests.core.protocol import frozen, plan_with, seeds
from tests.district import World, entity

PLAN = plan_with({"tasks.0.tiers": [EVERYTHING], "tasks.1.tiers": [NOTHING], "blocks.max_targets": 1})


@given(st.lists(st.frozensets(st.integers(0, 5)), max_size=4))
def test_teams_are_counted_as_by_trying_all(pools: list[AbstractSet[int]]) -> None:
    assert distinct(pools) == sum(len(set(team)) == len(team) for team in product(*pools))


def test_the_table_of_a_draw() -> None:
    """Leads P0001, P0002, P0004 anywhere; home in 东镇 all but P0004, one of whom is recused from one of two firms."""
    sealed = frozen(World(PLAN, (entity(1), entity(2)), PEOPLE, (PairRecusal("P0001", "E0001"),)))
    own = seeds(sealed)
    table = randomness(sealed, draw_inspectors(sealed, draw_targets(sealed, own).targets, own))
    home, lead = table.persons
    assert (home.slot, home.district, home.places, home.least, home.most) == ("home", "东镇", 2, 3, 4)
    assert (lead.slot, lead.district, lead.places, lead.least, lead.most) == ("lead", "东镇", 2, 2, 3)
    assert (home.label, lead.label, lead.single, lead.few) == ("few", "few", 0, 2)
    (teams,) = table.teams
    assert (teams.slots, teams.district, teams.blocks) == (("lead", "home"), "东镇", 2)
    assert (teams.least, teams.label) == (2 * 3 - 1, "")
    assert totals(table) == {"places": 4, "single": 0, "scarce": 4}


def test_fixed_teams_that_nobody_is_recused_from() -> None:
    """Two teams, one of whose members is recused from one of two firms: that firm had only the other team."""
    changes = {
        "slots.1.district": "any",
        "tasks.0.tiers": [EVERYTHING],
        "tasks.1.tiers": [NOTHING],
        "teams": 2,
    }
    plan = plan_with(changes | {"tasks.1.slots": ["home", "lead"], "blocks.max_targets": 1})
    sealed = frozen(World(plan, (entity(1), entity(2)), PEOPLE[:4], (PairRecusal("P0003", "E0001"),)))
    own = seeds(sealed)
    table = randomness(sealed, draw_inspectors(sealed, draw_targets(sealed, own).targets, own))
    assert table.fixed
    assert sum(one.blocks for one in table.teams) == 2
    assert [(one.least, one.label) for one in table.teams] == [(1, "not_random")]
