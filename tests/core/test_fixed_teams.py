"""§15.8 Fixed teams: drawn first, then every block draws one of them."""

from collections import Counter
from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.draw import InspectorDraw, ShortageLine, draw_inspectors, draw_targets
from shuangsuiji.core.records import Incompatible, PairRecusal
from tests.core.protocol import GENEROUS, frozen, plan_with, seeds
from tests.district import UNITS, World, entity, inspector, worlds

FIXED: Final = GENEROUS | {
    "slots.1.district": "any",
    "tasks.1.slots": ["home", "lead"],
    "blocks.max_targets": 1,
}
EVERYTHING: Final = {"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}}
NOTHING: Final = {"id": "none", "name": "无", "where": ["and"], "quota": {"count": 0}}
SMALL: Final = FIXED | {"tasks.0.tiers": [EVERYTHING], "tasks.1.tiers": [NOTHING]}


def drawn(world: World, number: int = 0) -> InspectorDraw:
    sealed = frozen(world)
    own = seeds(sealed, number)
    return draw_inspectors(sealed, draw_targets(sealed, own).targets, own)


class TestFixedTeams:
    """§15.8 Nobody in two teams; each block gets a whole team; teams as evenly loaded as recusals and caps allow."""

    @given(worlds(), st.integers(1, 4))
    def test_every_block_has_one_of_so_many_teams(self, world: World, count: int) -> None:
        world = replace(world, plan=plan_with(FIXED | {"teams": count}), recusals=())
        result = drawn(world)
        assert result.succeeded
        loads = Counter(team.inspectors for team in result.teams)
        members = [one.id for team in loads for one in team]
        assert len(set(members)) == len(members)
        assert len(loads) == min(count, len(result.teams))
        assert max(loads.values(), default=0) - min(loads.values(), default=0) <= 1
        assert all(lead.unit == UNITS[0] for lead, _ in loads)

    def test_a_team_with_one_who_is_recused_does_not_come(self) -> None:
        people = tuple(inspector(number, "东镇") for number in range(1, 5))
        world = World(plan_with(SMALL | {"teams": 2}), (entity(1), entity(2)), people, ())
        barred = replace(world, recusals=(PairRecusal("P0001", "E0001"),))
        for number in range(10):
            team = next(
                one.inspectors
                for one in drawn(barred, number).teams
                if one.block.targets[0].entity.id == "E0001"
            )
            assert "P0001" not in {one.id for one in team}

    def test_incompatible_inspectors_are_in_no_team_together(self) -> None:
        people = tuple(inspector(number, "东镇") for number in range(1, 5))
        pairs = (Incompatible("P0002", "P0001"), Incompatible("P0003", "P0001"))
        world = World(plan_with(SMALL | {"teams": 2}), (entity(1), entity(2)), people, pairs)
        for number in range(10):
            for team in drawn(world, number).teams:
                ids = {one.id for one in team.inspectors}
                assert ids in ({"P0001", "P0004"}, {"P0002", "P0003"})


class TestShortage:
    """§15.6 `teams`: they cannot be formed; `search`: these blocks find no team with room."""

    def test_too_few_persons_for_the_teams(self) -> None:
        people = tuple(inspector(number, "东镇") for number in range(1, 4))
        world = World(plan_with(SMALL | {"teams": 2}), (entity(1),), people, ())
        people_short = ("P0001", "P0002", "P0003")
        assert drawn(world).shortages == (ShortageLine(0, "teams", (0, 1, 2, 3), people_short),)

    def test_who_takes_no_slot_at_all_is_in_no_team(self) -> None:
        people = [inspector(number, "东镇") for number in range(1, 4)]
        people[0] = replace(people[0], most=0)
        world = World(plan_with(SMALL | {"teams": 1}), (entity(1),), tuple(people), ())
        assert {one.id for one in drawn(world).teams[0].inspectors} == {"P0002", "P0003"}

    def test_a_team_has_room_for_as_many_blocks_as_its_least_member(self) -> None:
        people = [inspector(number, "东镇") for number in (1, 2)]
        people[0] = replace(people[0], most=1)
        world = World(plan_with(SMALL | {"teams": 1}), (entity(1), entity(2)), tuple(people), ())
        assert drawn(world).shortages == (ShortageLine(0, "search", (0, 1), ("P0001", "P0002")),)

    def test_a_higher_cap_ends_it(self) -> None:
        people = tuple(inspector(number, "东镇") for number in (1, 2))
        plan = plan_with(SMALL | {"teams": 1, "blocks.max_per_inspector": 1, "relaxations": [{"cap": 2}]})
        result = drawn(World(plan, (entity(1), entity(2)), people, ()))
        assert (result.applied, result.succeeded) == (1, True)
