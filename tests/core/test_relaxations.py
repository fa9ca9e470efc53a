"""§15.6 A shortage and what the plan gives up for it: the shortest prefix of its relaxations that suffices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import InspectorDraw, ShortageLine, draw_inspectors, draw_targets
from shuangsuiji.core.encoding import parse_lines
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Incompatible, Inspector, Recusal
from shuangsuiji.core.relaxations import relaxed
from tests.core.protocol import frozen, plan_with, seeds
from tests.district import UNITS, World, entity, inspector, worlds

EVERYTHING: Final = {"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}}
NOTHING: Final = {"id": "none", "name": "无", "where": ["and"], "quota": {"count": 0}}
LEAD_HERE: Final = {"slot": "lead", "pool": ["eq", "unit", UNITS[0]]}
ANYBODY_LEADS: Final = {"slot": "lead", "pool": ["and"]}
FROM_THE_WEST: Final = {"slot": "home", "neighbours": [{"district": "东镇", "from": ["西乡"]}]}
FROM_ANYWHERE: Final = {"slot": "home", "district": "any"}
FORMS: Final = ({"cap": 2}, {"cap": 1}, {"cap": 9}, LEAD_HERE, ANYBODY_LEADS, FROM_THE_WEST, FROM_ANYWHERE)


def village(
    people: Sequence[Inspector], relaxations: Sequence[Mapping[str, object]], *recusals: Recusal, cap: int = 9
) -> World:
    """Three entities of 东镇, a block each: a lead of the market bureau and somebody of the district."""
    changes = {
        "tasks.0.tiers": [EVERYTHING],
        "tasks.1.tiers": [NOTHING],
        "blocks": {"max_targets": 1, "max_per_inspector": cap},
    }
    plan = plan_with(changes | ({"relaxations": list(relaxations)} if relaxations else {}))
    return World(plan, (entity(1), entity(2), entity(3)), tuple(people), recusals)


def drawn(sealed: Frozen) -> InspectorDraw:
    own = seeds(sealed)
    return draw_inspectors(sealed, draw_targets(sealed, own).targets, own)


class TestForms:
    """§15.6 What each relaxation makes of the plan; a later one of a form and slot takes the place of the earlier."""

    def plan(self, *relaxations: object) -> Plan:
        plan = plan_with({"relaxations": list(relaxations)})
        return relaxed(replace(plan, max_per_inspector=3), len(relaxations))

    @pytest.mark.parametrize(("caps", "cap"), [([5], 5), ([2], 3), ([5, 4], 4), ([5, 2], 3)])
    def test_the_cap_is_raised_never_lowered(self, caps: list[int], cap: int) -> None:
        assert self.plan(*({"cap": one} for one in caps)).max_per_inspector == cap

    def test_slots_change_one_by_one(self) -> None:
        lead, home, partner = self.plan(ANYBODY_LEADS, FROM_THE_WEST).slots
        before = plan_with({}).slots
        assert (lead.pool.source, lead.district) == (["and"], "any")
        assert (home.neighbours, home.district) == ({"东镇": ("西乡",)}, "home")
        assert partner == before[2]
        assert self.plan(ANYBODY_LEADS, FROM_THE_WEST, FROM_ANYWHERE).slots[1].district == "any"
        assert self.plan(ANYBODY_LEADS, LEAD_HERE).slots[0].pool.source == LEAD_HERE["pool"]

    def test_neighbours_are_admitted_only_where_they_are_named(self) -> None:
        people = [inspector(1, "东镇"), inspector(2, "西乡"), inspector(3, "")]
        draw = drawn(frozen(village(people[1:], [FROM_THE_WEST])))
        assert (draw.applied, draw.succeeded) == (1, True)
        assert {team.inspectors[1].id for team in draw.teams} == {"P0002"}
        assert not drawn(frozen(village(people[2:], [FROM_THE_WEST]))).succeeded


class TestShortestPrefix:
    """§15.6 i is the smallest number for which there is no shortage with the first i in force."""

    @given(
        worlds(max_inspectors=3),
        st.lists(st.sampled_from(FORMS), min_size=1, max_size=4),
        st.integers(1, 3),
    )
    def test_as_many_as_needed_and_no_more(
        self, world: World, relaxations: list[Mapping[str, object]], cap: int
    ) -> None:
        """Each prefix, as a plan without relaxations, is short or not: the first that is not is the one applied."""
        plan = plan_with(
            {"relaxations": relaxations, "blocks.max_per_inspector": cap, "blocks.max_targets": 1}
        )
        world = replace(world, plan=plan, inspectors=world.inspectors[2:], recusals=())
        sealed = frozen(world)
        own, targets = seeds(sealed), draw_targets(sealed, seeds(sealed)).targets
        whole = draw_inspectors(sealed, targets, own)
        for count in range(len(relaxations) + 1):
            bare = replace(sealed, plan=replace(relaxed(plan, count), relaxations=()))
            alone = draw_inspectors(bare, targets, own)
            if alone.succeeded:
                assert (whole.applied, whole.teams) == (count, alone.teams)
                break
            assert replace(whole.shortages[count], relaxations=0) == alone.shortages[0]
        else:
            assert not whole.succeeded
            assert all(team.inspectors == () for team in whole.teams)
        assert [one.relaxations for one in whole.shortages] == list(range(len(whole.shortages)))

    def test_one_after_the_other(self) -> None:
        """A lead too few, then nobody of the district, then too few blocks to a person."""
        people = [inspector(1, "西乡", UNITS[1]), inspector(2, "西乡", UNITS[1])]
        draw = drawn(frozen(village(people, [ANYBODY_LEADS, FROM_THE_WEST, {"cap": 3}], cap=2)))
        nobody_leads, nobody_near, too_few = draw.shortages
        assert nobody_leads == ShortageLine(0, "pool", (0,), ())
        assert nobody_near == ShortageLine(1, "pool", (1,), ())
        assert (too_few.why, len(too_few.slots), too_few.inspectors) == ("search", 5, ("P0001", "P0002"))
        assert (draw.applied, draw.succeeded) == (3, True)


class TestLines:
    """§15.6 One line per attempt that failed; if all fail, the lines of blocks.jsonl have no team."""

    def test_a_shortage_that_nothing_ends(self) -> None:
        draw = drawn(frozen(village([inspector(1, "东镇")], [{"cap": 20}])))
        assert not draw.succeeded
        first, _ = draw.shortages
        assert [one - first.slots[0] for one in first.slots] == [0, 1]
        assert list(parse_lines(draw.shortages_lines())) == [
            {"inspectors": [], "relaxations": count, "slots": list(first.slots), "why": "search"}
            for count in (0, 1)
        ]
        assert [dict(line).keys() for line in parse_lines(draw.blocks_lines()) if isinstance(line, dict)] == [
            {"block", "district", "targets", "tasks"}
        ] * 3

    def test_two_who_may_not_be_in_one_team_and_have_no_others(self) -> None:
        """Each leaves nobody to stand beside the other: a search finds that, in one of the blocks."""
        people = [inspector(1, "东镇"), inspector(2, "东镇", UNITS[1])]
        (line,) = drawn(frozen(village(people, [], Incompatible("P0002", "P0001")))).shortages
        assert (line.why, len(line.slots), line.inspectors) == ("search", 2, ())

    def test_experts_fill_extra_places_only(self) -> None:
        """§14 An expert needs no certificate, and is in the pool of no other slot."""
        people = [
            inspector(1, "西乡"),
            inspector(2, "东镇"),
            replace(inspector(3, "东镇"), expert=True, certificates=()),
        ]
        world = village(people, [])
        assert all(team.inspectors[1].id == "P0002" for team in drawn(frozen(world)).teams)
        slots = (*world.plan.slots, replace(world.plan.slots[1], id="adviser", extra=True))
        task = replace(world.plan.tasks[0], slots=("lead", "home", "adviser"))
        plan = replace(world.plan, slots=slots, tasks=(task, world.plan.tasks[1]))
        for team in drawn(frozen(replace(world, plan=plan))).teams:
            assert [one.id for one in team.inspectors] == ["P0001", "P0002", "P0003"]
