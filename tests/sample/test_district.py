"""The simulator keeps what it promises, so that tests that rely on it can fail for their own reasons only."""

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.config import shipped
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.draw import draw_inspectors, draw_targets
from shuangsuiji.core.plan_format import parse_plan, plan_object
from shuangsuiji.core.records import GroupRecusal, parse_entity, parse_inspector, parse_recusal
from shuangsuiji.quarter.records import Rosters, lists
from shuangsuiji.rosters.headings import HeadingMap
from tests.district import (
    COLUMNS,
    DISTRICTS,
    STAFF,
    UNITS,
    WINDOW,
    World,
    district,
    frames,
    seeds,
    staff,
    worlds,
)

HEADING_MAP = HeadingMap.load(shipped("config") / "headings.toml")


@given(worlds())
def test_a_world_is_a_lawful_input_of_the_specification(world: World) -> None:
    assert parse_plan(plan_object(world.plan)) == world.plan
    columns = world.plan.columns
    assert tuple(parse_entity(one.object(), columns) for one in world.entities) == world.entities
    assert tuple(parse_inspector(one.object()) for one in world.inspectors) == world.inspectors
    assert tuple(parse_recusal(one.object(), columns) for one in world.recusals) == world.recusals
    for ids in ([one.id for one in world.entities], [one.id for one in world.inspectors]):
        assert ids == sorted(set(ids))


@given(worlds())
def test_every_district_and_unit_has_staff_that_nothing_keeps_away(world: World) -> None:
    recused = {one.inspector for one in world.recusals}
    free = {
        one.id: (one.district, one.unit)
        for one in world.inspectors
        if one.id not in recused and not one.undrawable and any(c.covers(*WINDOW) for c in one.certificates)
    }
    for place in ((town, unit) for town in DISTRICTS for unit in UNITS):
        assert list(free.values()).count(place) >= STAFF
    assert {one.id for one in staff()} <= free.keys()


@given(worlds())
def test_frames_hold_the_same_records(world: World) -> None:
    shown = frames(world)
    assert {kind: tuple(frame.columns) for kind, frame in shown.items()} == COLUMNS
    rosters = Rosters(
        shown["entities"], shown["inspectors"], shown["risk"], shown["conflicts"], shown["visits"]
    )
    assert lists(world.plan, rosters, HEADING_MAP) == Lists(world.entities, world.inspectors, world.recusals)


@given(worlds(max_entities=40), st.integers(0, 2**64))
def test_every_world_can_be_drawn_and_staffed(world: World, number: int) -> None:
    frozen = world.freeze()
    drawn = draw_targets(frozen, seeds(frozen, number))
    teams = draw_inspectors(frozen, drawn.targets, seeds(frozen, number)).teams
    assert [one.entity.id for one in drawn.targets] == sorted(
        target.entity.id for team in teams for target in team.block.targets
    )
    assert all(len(team.inspectors) >= 2 for team in teams)


def test_a_filled_district_is_the_same_for_a_seed_and_holds_every_case() -> None:
    world = district()
    assert world == district()
    assert world != district(seed=2)
    assert {one.status for one in world.entities} == {"in_business", "revoked", "moved_out"}
    assert {one.columns.get("district", "") for one in world.entities} == set(DISTRICTS)
    assert len({isinstance(one, GroupRecusal) for one in world.recusals}) == 2
