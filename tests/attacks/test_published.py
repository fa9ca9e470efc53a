"""Attacks on the published list: what teams, tasks and marks beside the names tell of a business's risk class."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from shuangsuiji.bundle.disclose import Batch, disclose_list
from shuangsuiji.bundle.public import PublicList
from shuangsuiji.core.draw import Team, draw_inspectors, draw_targets
from shuangsuiji.core.encoding import Json
from shuangsuiji.publish.table import write_table
from tests.attacks.test_disclosure import SECRET, graded, graded_plan, keys, second_task
from tests.core.protocol import put
from tests.district import World, inspector, seeds
from tests.publish.world import TEXTS

NAMED: Final = replace(TEXTS, publish_inspectors=True, tasks={**TEXTS.tasks, "second": TEXTS.tasks["public"]})
"""Texts of a plan that publishes who inspects."""


def staffed(world: World) -> World:
    """Enough inspectors for teams to differ."""
    return replace(world, inspectors=tuple(inspector(n, "东镇") for n in range(1, 31)))


def listed(world: World) -> tuple[PublicList, Mapping[str, bool], tuple[Team, ...]]:
    """The published list, whose class is whose, and the teams."""
    frozen = world.freeze()
    own = seeds(frozen)
    drawn = draw_targets(frozen, own)
    teams = draw_inspectors(frozen, drawn.targets, own).teams
    batch = Batch(world.plan, NAMED, "rehearsal", 1, date(2021, 2, 22))
    truth = {one.entity.id: one.entity.columns["grade"] == SECRET for one in drawn.targets}
    return disclose_list(batch, frozen, teams), truth, teams


def plan_with(*edits: tuple[str, object]) -> dict[str, Json]:
    value: Any = graded_plan()
    for path, new in edits:
        value = put(value, path, new)
    return value  # type: ignore[no-any-return]


def by_team(some: PublicList) -> dict[tuple[str, ...], list[str]]:
    """The names that one team visits."""
    found: dict[tuple[str, ...], list[str]] = {}
    for target in some.targets:
        found.setdefault(tuple(one.name for one in target.team), []).append(target.id)
    return found


class TestTeamsBesideNames:
    """Who visits whom is published; if teams follow the classes, so does the list."""

    PLAN: Final = plan_with(("blocks.max_targets", 4))

    def test_works_where_each_tier_has_teams_of_its_own(self) -> None:
        _, truth, _ = listed(graded(keys(1)[0], self.PLAN))
        teams = {name: ("甲组" if high else "乙组") for name, high in truth.items()}
        assert {
            team: {truth[name] for name in teams if teams[name] == team} for team in ("甲组", "乙组")
        } == {
            "甲组": {True},
            "乙组": {False},
        }

    def test_here_a_team_of_four_is_mixed_as_chance_mixes_it(self) -> None:
        same = total = 0
        for key in keys(120):
            some, truth, teams = listed(staffed(graded(key, self.PLAN)))
            assert [len(one.block.targets) for one in teams] == [4, 4]
            for names in by_team(some).values():
                if len(names) == 4:
                    pairs = [(a, b) for a in names for b in names if a < b]
                    same += sum(truth[a] == truth[b] for a, b in pairs)
                    total += len(pairs)
        # Of 4 high and 4 low, two others of a team are alike with 3/7; 12 pairs of a draw hang together.
        assert abs(same / total - 3 / 7) < 0.05

    def test_here_waves_of_a_confidential_tier_do_not_show_in_the_teams(self) -> None:
        waves = plan_with(
            ("blocks.max_targets", 20),
            ("tasks.0.tiers.0.quota", {"all": 1}),
            ("tasks.0.tiers.0.waves", 4),
            ("tasks.0.tiers.1.quota", {"count": 9}),
        )
        some, truth, teams = listed(staffed(graded(keys(1)[0], waves)))
        # Eight of high risk in four waves are four teams of two; the nine others are one team.
        assert {len(one.block.targets) for one in teams if truth[one.block.targets[0].entity.id]} == {2}
        assert not any(one.team for one in some.targets)

    @pytest.mark.parametrize(("waved", "named"), [(0, False), (1, False), (None, True)])
    def test_here_the_rest_of_a_confidential_tier_tells_by_waves_as_well(
        self, waved: int | None, named: bool
    ) -> None:
        waves = [] if waved is None else [(f"tasks.0.tiers.{waved}.waves", 2)]
        quotas = [] if waved is None else [(f"tasks.0.tiers.{waved}.quota", {"all": 1})]
        some, _, _ = listed(staffed(graded(keys(1)[0], plan_with(*quotas, *waves))))
        assert any(one.team for one in some.targets) is named

    def test_here_without_the_plans_word_no_team_is_on_the_list(self) -> None:
        world = graded(keys(1)[0], self.PLAN)
        frozen = world.freeze()
        drawn = draw_targets(frozen, seeds(frozen))
        teams = draw_inspectors(frozen, drawn.targets, seeds(frozen)).teams
        batch = Batch(world.plan, replace(NAMED, publish_inspectors=False), "rehearsal", 1, date(2021, 2, 22))
        assert not any(one.team for one in disclose_list(batch, frozen, teams).targets)


class TestTasksBesideNames:
    """A task for those of high risk alone, or one beside a graded one, gives the class away with its name."""

    HIGH: Final = second_task(
        pool=["eq", "grade", SECRET],
        tiers=[{"id": "all", "name": "全部", "where": ["and"], "quota": {"count": 3}}],
    )

    def test_works_where_each_name_stands_under_its_task(self) -> None:
        world = graded(keys(1)[0], graded_plan(self.HIGH))
        frozen = world.freeze()
        drawn = draw_targets(frozen, seeds(frozen))
        second = [one.entity for one in drawn.targets if "second" in one.tasks]
        assert second
        assert {one.columns["grade"] for one in second} == {SECRET}

    def test_here_the_list_has_names_without_tasks_and_without_teams(self) -> None:
        some, _, _ = listed(staffed(graded(keys(1)[0], graded_plan(self.HIGH))))
        assert (some.by_task, {one.tasks for one in some.targets}) == (False, {()})
        assert not any(one.team for one in some.targets)

    def test_here_the_table_is_the_same_whoever_of_those_drawn_was_in_the_task(self) -> None:
        world = graded(keys(1)[0], graded_plan(self.HIGH))
        some, _, _ = listed(world)
        turned = replace(some, targets=tuple(replace(one, tasks=()) for one in some.targets))
        assert write_table(some) == write_table(turned)

    def test_here_names_stand_in_the_order_of_their_codes(self) -> None:
        some, _, _ = listed(graded(keys(1)[0]))
        ids = [one.id for one in some.targets]
        assert ids == sorted(ids)
