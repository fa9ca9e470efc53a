"""§13 to §15 The independent check of the teams: it agrees with every draw, and finds each rule broken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given

from shuangsuiji.audit.cross_check import cross_check
from shuangsuiji.audit.verify import verify
from shuangsuiji.bundle import archive
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import InspectorDraw, ShortageLine, Team, draw_inspectors, draw_targets
from shuangsuiji.core.plan import RaiseCap
from shuangsuiji.core.records import Certificate, GroupRecusal, Incompatible, Inspector, PairRecusal
from shuangsuiji.errors import InputRefused
from tests.audit.bundles import members
from tests.core.protocol import frozen, plan_with, seeds
from tests.district import UNITS, World, entity, inspector, worlds

EVERYTHING: Final = {"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}}
NOTHING: Final = {"id": "none", "name": "无", "where": ["and"], "quota": {"count": 0}}
PLAN: Final = plan_with({"tasks.0.tiers": [EVERYTHING], "tasks.1.tiers": [NOTHING], "blocks.max_targets": 1})
PEOPLE: Final = (
    inspector(1, "东镇"),
    inspector(2, "东镇"),
    inspector(3, "东镇", UNITS[1]),
    inspector(4, "西乡"),
    inspector(5, "东镇", UNITS[1]),
)
LEAD, HOME, OTHER_UNIT, OTHER_DISTRICT, SPARE = PEOPLE
SEALED: Final = frozen(World(PLAN, (entity(1), entity(2)), PEOPLE, ()))


def drawn_of(sealed: Frozen) -> InspectorDraw:
    own = seeds(sealed)
    return draw_inspectors(sealed, draw_targets(sealed, own).targets, own)


def drawn(teams: Sequence[Team]) -> InspectorDraw:
    """A second draw with these teams, at the first attempt."""
    return InspectorDraw(tuple(teams), (), 0)


def staffed(*teams: tuple[int, int]) -> tuple[Team, ...]:
    """The two blocks with these leads and members of 东镇, by their numbers."""
    people = dict(enumerate(PEOPLE, start=1))
    blocks = (team.block for team in drawn_of(SEALED).teams)
    return tuple(
        Team(block, (people[lead], people[home])) for block, (lead, home) in zip(blocks, teams, strict=True)
    )


class TestItAgrees:
    """§15 Every draw of the core is lawful by the records and as even as the flow."""

    @given(worlds(max_entities=40, max_inspectors=10))
    def test_with_every_draw(self, world: World) -> None:
        sealed = frozen(world)
        matching = drawn_of(sealed)
        figures = cross_check(sealed, matching)
        loads = [one.id for team in matching.teams for one in team.inspectors]
        assert figures["places"] == len(loads)
        assert figures["inspectors"] == len(set(loads))
        assert figures["places"] <= figures["sum_of_squares"] <= figures["places"] * figures["most"]

    def test_with_the_teams_of_a_bundle(self, tmp_path: Path) -> None:
        world = World(PLAN, (entity(1), entity(2)), PEOPLE, ())
        path = tmp_path / "bundle.zip"
        path.write_bytes(archive.write(archive.AUDITOR, members(world)))
        assert verify(path).cross_check is None
        figures = {"places": 4, "inspectors": 4, "most": 1, "sum_of_squares": 4, "more": 0}
        assert verify(path, cross_check).cross_check == figures

    def test_if_it_does_not_the_verification_fails(self, tmp_path: Path) -> None:
        def under_another_cap(sealed: Frozen, matching: InspectorDraw) -> Mapping[str, int]:
            return cross_check(replace(sealed, plan=replace(sealed.plan, max_per_inspector=0)), matching)

        path = tmp_path / "bundle.zip"
        path.write_bytes(archive.write(archive.AUDITOR, members(World(PLAN, (entity(1),), PEOPLE, ()))))
        report = verify(path, under_another_cap)
        assert report.failure is not None
        assert (report.failure.failure_class, report.failure.code) == ("assignment", "audit.cross_cap")
        assert report.exit_code(rehearsal=True) == 1


class TestItFinds:
    """§15 From the pool, not recused, nobody twice in a block, nobody above the cap, the least sum of squares."""

    def refused(self, sealed: Frozen, teams: tuple[Team, ...]) -> str:
        with pytest.raises(InputRefused) as caught:
            cross_check(sealed, drawn(teams))
        return caught.value.code

    def test_nothing_wrong_with_these(self) -> None:
        assert cross_check(SEALED, drawn(staffed((1, 3), (2, 5))))["sum_of_squares"] == 4
        assert cross_check(SEALED, drawn(staffed((4, 1), (2, 3))))["sum_of_squares"] == 4

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"certificates": ()}, "not_eligible"),
            ({"certificates": (Certificate("1", None, None, "退休"),)}, "not_eligible"),
            ({"certificates": (Certificate("1", None, "2021-06-29"),)}, "not_eligible"),
            ({"undrawable": "领导岗位"}, "not_eligible"),
            ({"unit": UNITS[1]}, "pool"),
        ],
        ids=str,
    )
    def test_a_lead_who_cannot_be_one(self, change: dict[str, object], code: str) -> None:
        out = replace(LEAD, **change)  # type: ignore[arg-type]
        pool = replace(SEALED.pool, inspectors=(out, *PEOPLE[1:]))
        first, second = staffed((1, 3), (2, 5))
        teams = (replace(first, inspectors=(out, OTHER_UNIT)), second)
        assert self.refused(replace(SEALED, pool=pool), teams) == f"audit.cross_{code}"

    def test_a_member_of_another_district(self) -> None:
        assert self.refused(SEALED, staffed((1, 4), (2, 3))) == "audit.cross_district"

    def test_a_member_of_the_same_district_where_one_from_away_is_wanted(self) -> None:
        slots = (SEALED.plan.slots[0], replace(SEALED.plan.slots[1], district="away"), SEALED.plan.slots[2])
        away = replace(SEALED, plan=replace(SEALED.plan, slots=slots))
        assert self.refused(away, staffed((1, 4), (2, 3))) == "audit.cross_district"

    @pytest.mark.parametrize(
        "recusal", [PairRecusal("P0002", "E0001"), GroupRecusal("P0002", "district", "东镇")], ids=str
    )
    def test_somebody_who_is_recused(self, recusal: PairRecusal | GroupRecusal) -> None:
        sealed = replace(SEALED, pool=replace(SEALED.pool, recusals=(recusal,)))
        first = staffed((1, 3), (2, 5))[0].block.targets[0].entity.id
        teams = staffed((2, 3), (1, 5)) if first == "E0001" else staffed((1, 3), (2, 5))
        assert self.refused(sealed, teams) == "audit.cross_recused"

    def test_somebody_who_is_not_in_the_list(self) -> None:
        sealed = replace(SEALED, pool=replace(SEALED.pool, inspectors=PEOPLE[1:]))
        assert self.refused(sealed, staffed((1, 3), (2, 5))) == "audit.cross_unknown"

    @pytest.mark.parametrize(
        "change",
        [
            lambda team: replace(team, inspectors=(LEAD, LEAD)),
            lambda team: replace(team, inspectors=(LEAD,)),
            lambda team: Team(replace(team.block, slots=("lead",)), (LEAD,)),
            lambda team: Team(replace(team.block, slots=("lead", "partner")), team.inspectors),
        ],
    )
    def test_a_team_that_is_not_the_one_its_tasks_ask_for(self, change: Callable[[Team], Team]) -> None:
        first, second = staffed((1, 3), (2, 5))
        assert self.refused(SEALED, (change(first), second)) == "audit.cross_places"

    def test_somebody_above_the_cap(self) -> None:
        capped = replace(SEALED, plan=replace(SEALED.plan, max_per_inspector=1))
        assert cross_check(capped, drawn(staffed((1, 3), (2, 5))))["most"] == 1
        assert self.refused(capped, staffed((1, 3), (1, 5))) == "audit.cross_cap"

    def test_a_load_that_could_be_more_even(self) -> None:
        assert self.refused(SEALED, staffed((1, 3), (1, 5))) == "audit.cross_balance"

    def test_somebody_above_his_own_cap(self) -> None:
        pool = replace(SEALED.pool, inspectors=(replace(LEAD, most=1), *PEOPLE[1:]))
        first, second = staffed((1, 3), (1, 5))
        own = tuple(
            replace(one, inspectors=(pool.inspectors[0], one.inspectors[1])) for one in (first, second)
        )
        assert self.refused(replace(SEALED, pool=pool), own) == "audit.cross_cap"

    def test_two_who_are_incompatible(self) -> None:
        pool = replace(SEALED.pool, recusals=(Incompatible("P0003", "P0001"),))
        assert self.refused(replace(SEALED, pool=pool), staffed((1, 3), (2, 5))) == "audit.cross_incompatible"
        assert cross_check(replace(SEALED, pool=pool), drawn(staffed((1, 5), (2, 3))))["most"] == 1

    def test_less_even_only_where_some_are_incompatible(self) -> None:
        pool = replace(SEALED.pool, recusals=(Incompatible("P0003", "P0002"),))
        sealed = replace(SEALED, pool=pool)
        assert cross_check(sealed, drawn(staffed((1, 3), (1, 5))))["more"] == 2
        assert cross_check(sealed, drawn(staffed((1, 3), (2, 5))))["more"] == 0

    def test_an_expert_in_an_inspector_s_place(self) -> None:
        pool = replace(SEALED.pool, inspectors=(replace(LEAD, expert=True), *PEOPLE[1:]))
        first, second = staffed((1, 3), (2, 5))
        teams = (replace(first, inspectors=(pool.inspectors[0], OTHER_UNIT)), second)
        assert self.refused(replace(SEALED, pool=pool), teams) == "audit.cross_expert"

    def test_a_shortage_that_there_is_not(self) -> None:
        plan = replace(SEALED.plan, relaxations=(RaiseCap(2000),))
        said = InspectorDraw(staffed((1, 3), (2, 5)), (ShortageLine(0, "search", (0,), ()),), 1)
        with pytest.raises(InputRefused) as caught:
            cross_check(replace(SEALED, plan=plan), said)
        assert caught.value.code == "audit.cross_shortage"

    def test_places_of_a_shortage_that_could_be_filled_alone(self) -> None:
        """One person cannot take both places of a team, but one of them."""
        sealed = frozen(World(PLAN, (entity(1),), (LEAD,), ()))
        short = drawn_of(sealed)
        (line,) = short.shortages
        assert cross_check(sealed, short)["places"] == 0
        with pytest.raises(InputRefused) as caught:
            cross_check(sealed, replace(short, shortages=(replace(line, slots=line.slots[:1]),)))
        assert caught.value.code == "audit.cross_shortage"


class TestRelaxed:
    """§15.6 The rules are those in force; fixed teams (§15.8) are checked person by person, and as teams."""

    def test_under_the_relaxations_that_were_applied(self) -> None:
        changes = {"tasks.0.tiers": [EVERYTHING], "tasks.1.tiers": [NOTHING], "blocks.max_targets": 1}
        near = {"slot": "home", "neighbours": [{"district": "东镇", "from": ["西乡"]}]}
        plan = plan_with(changes | {"relaxations": [near]})
        matching = drawn_of(frozen(World(plan, (entity(1),), (LEAD, OTHER_DISTRICT), ())))
        assert matching.applied == 0
        away = frozen(World(plan, (entity(1),), (replace(LEAD, district="西乡"), OTHER_DISTRICT), ()))
        matching = drawn_of(away)
        assert (matching.applied, cross_check(away, matching)["places"]) == (1, 2)
        with pytest.raises(InputRefused) as caught:
            cross_check(away, replace(matching, applied=0, shortages=()))
        assert caught.value.code == "audit.cross_district"

    def test_a_draw_without_teams(self) -> None:
        short = frozen(World(PLAN, (entity(1),), (LEAD,), ()))
        assert cross_check(short, drawn_of(short))["places"] == 0

    def test_fixed_teams(self) -> None:
        changes = {"slots.1.district": "any", "tasks.1.slots": ["home", "lead"], "teams": 2}
        changes |= {"blocks.max_targets": 1}
        plan = plan_with(changes | {"tasks.0.tiers": [EVERYTHING]})
        sealed = frozen(World(plan, tuple(map(entity, range(1, 5))), PEOPLE, ()))
        matching = drawn_of(sealed)
        assert cross_check(sealed, matching)["places"] == 8
        one, other = {team.inspectors for team in matching.teams}

        def refused(*inspectors: Sequence[Inspector]) -> str:
            teams = (
                replace(team, inspectors=tuple(own))
                for team, own in zip(matching.teams, inspectors, strict=True)
            )
            with pytest.raises(InputRefused) as caught:
                cross_check(sealed, replace(matching, teams=tuple(teams)))
            return str(caught.value.code)

        said = InspectorDraw(matching.teams, (ShortageLine(0, "teams", (0,), ()),), 1)
        raised = replace(sealed, plan=replace(plan, relaxations=(RaiseCap(2000),)))
        with pytest.raises(InputRefused) as caught:
            cross_check(raised, said)
        assert caught.value.code == "audit.cross_shortage"
        assert refused(one, one, one, other) == "audit.cross_balance"
        assert refused(one, one, other, (one[0], other[1])) == "audit.cross_fixed"
