"""§15, §15.7 The second draw on worlds: who may be in which team, and the lines of the result."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import (
    InspectorDraw,
    ShortageLine,
    Team,
    draw_inspectors,
    draw_targets,
    result_digest,
)
from shuangsuiji.core.encoding import parse_lines
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.records import Certificate, GroupRecusal, Inspector, PairRecusal, Recusal, Seal
from tests.core.protocol import frozen, plan_with, seeds
from tests.district import UNITS, World, entity, inspector, worlds

EVERYTHING = {"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}}
NOTHING = {"id": "none", "name": "无", "where": ["and"], "quota": {"count": 0}}


def drawn_of(sealed: Frozen, number: int = 0) -> InspectorDraw:
    own = seeds(sealed, number)
    return draw_inspectors(sealed, draw_targets(sealed, own).targets, own)


def teams_of(sealed: Frozen, number: int = 0) -> tuple[Team, ...]:
    return drawn_of(sealed, number).teams


def village(people: Sequence[Inspector], *recusals: Recusal, **changes: object) -> World:
    """Three entities of 东镇, all inspected by a lead and somebody of the district, and these people."""
    plan = {
        "tasks.0.tiers": [EVERYTHING],
        "tasks.1.tiers": [NOTHING],
        **{path.replace("__", "."): new for path, new in changes.items()},
    }
    return World(plan_with(plan), (entity(1), entity(2), entity(3)), tuple(people), recusals)


def drawn_over_seeds(world: World) -> Counter[tuple[str, ...]]:
    """How often each team comes out over 20 seeds."""
    sealed = frozen(world)
    return Counter(
        tuple(one.id for one in team.inspectors) for number in range(20) for team in teams_of(sealed, number)
    )


class TestWhoIsDrawn:
    """§13, §14, §15 In small: each rule alone decides who is in the one team."""

    def test_whoever_may_be_drawn_is(self) -> None:
        """Lead: anybody of the market bureau; member: anybody of 东镇; two distinct persons."""
        people = [inspector(1, "东镇"), inspector(2, "西乡"), inspector(3, "东镇", UNITS[1])]
        assert drawn_over_seeds(village(people)).keys() == {
            ("P0001", "P0003"),
            ("P0002", "P0001"),
            ("P0002", "P0003"),
        }

    @pytest.mark.parametrize(
        "change",
        [
            {"certificates": ()},
            {"certificates": (Certificate("1", None, None, "退休"),)},
            {"certificates": (Certificate("1", None, "2021-06-29"),)},
            {"certificates": (Certificate("1", "2021-03-02", None),)},
            {"undrawable": "领导岗位"},
            {"unit": "应急管理局"},
        ],
        ids=str,
    )
    def test_who_is_left_out_or_not_in_the_pool_is_never_drawn(self, change: dict[str, object]) -> None:
        out = replace(inspector(1, "西乡"), **change)  # type: ignore[arg-type]
        people = [out, inspector(2, "西乡"), inspector(3, "东镇")]
        assert drawn_over_seeds(village(people)).keys() == {("P0002", "P0003")}

    @pytest.mark.parametrize(
        "recusal",
        [
            PairRecusal("P0001", "E0002"),
            GroupRecusal("P0001", "district", "东镇"),
            GroupRecusal("P0001", "kind", "个体工商户"),
        ],
        ids=str,
    )
    def test_who_is_recused_from_one_target_is_not_in_its_team(self, recusal: Recusal) -> None:
        people = [inspector(1, "西乡"), inspector(2, "西乡"), inspector(3, "东镇")]
        assert drawn_over_seeds(village(people, recusal)).keys() == {("P0002", "P0003")}
        elsewhere = PairRecusal("P0001", "E0009"), GroupRecusal("P0001", "district", "西乡")
        assert drawn_over_seeds(village(people, *elsewhere)).keys() == {
            ("P0001", "P0003"),
            ("P0002", "P0003"),
        }

    def test_somebody_from_away(self) -> None:
        people = [inspector(1, "东镇"), inspector(2, "东镇"), inspector(3, "西乡", UNITS[1])]
        away = village(people, slots__1__district="away")
        assert drawn_over_seeds(away).keys() == {("P0001", "P0003"), ("P0002", "P0003")}

    def test_the_only_person_cannot_fill_two_places(self) -> None:
        drawn = drawn_of(frozen(village([inspector(1, "东镇")])))
        assert not drawn.succeeded
        assert drawn.shortages == (ShortageLine(0, "search", (0, 1), ()),)

    def test_nobody_has_more_blocks_than_the_cap(self) -> None:
        people = [inspector(number, "东镇") for number in (1, 2, 3)]
        three_blocks = {"blocks__max_targets": 1, "blocks__max_per_inspector": 2}
        teams = teams_of(frozen(village(people, **three_blocks)))
        assert Counter(one.id for team in teams for one in team.inspectors) == {one.id: 2 for one in people}
        (short,) = drawn_of(frozen(village(people[:2], **three_blocks))).shortages
        assert (len(short.slots), short.inspectors) == (5, ("P0001", "P0002"))


class TestResult:
    """§15.7 One line per block in order, with the team in the order of the block's slots."""

    @given(worlds())
    def test_each_line_says_block_targets_and_team(self, world: World) -> None:
        drawn = drawn_of(frozen(world))
        teams = drawn.teams
        people = {one.id: one for one in world.inspectors}
        for number, (line, team) in enumerate(
            zip(parse_lines(drawn.blocks_lines()), teams, strict=True), start=1
        ):
            assert isinstance(line, dict)
            assert line["block"] == number
            assert line["district"] == team.block.district
            assert line["targets"] == [target.entity.id for target in team.block.targets]
            assert line["tasks"] == list(team.block.tasks)
            assert [one["slot"] for one in line["team"]] == list(team.block.slots)
            assert [people[one["inspector"]] for one in line["team"]] == list(team.inspectors)

    @given(worlds())
    def test_the_seed_of_the_other_stage_does_not_matter(self, world: World) -> None:
        sealed = frozen(world)
        own = seeds(sealed)
        targets = draw_targets(sealed, own).targets
        other = replace(own, targets=bytes(range(32)))
        assert draw_inspectors(sealed, targets, own) == draw_inspectors(sealed, targets, other)

    def test_the_digest_is_of_the_draws_salt_and_all_three_files(self) -> None:
        seal, files = Seal(bytes(32), "real", 7), (b"s", b"t", b"b")
        assert result_digest(seal, *files) == draw_hash("real", "result", seal.result_salt(), *files)
        others = (replace(seal, key=bytes(31) + b"1"), replace(seal, draw=8), replace(seal, mode="rehearsal"))
        assert all(result_digest(other, *files) != result_digest(seal, *files) for other in others)
