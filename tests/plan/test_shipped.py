"""The plans in config/plans/ are plans, and say what their sources say."""

from collections.abc import Mapping
from itertools import pairwise, product
from typing import Final

import pytest

from shuangsuiji.config import shipped
from shuangsuiji.core.plan import Count, Everything, Quota, Rate, Task
from shuangsuiji.plan import PlanFile, read_plan
from shuangsuiji.plan.confidential import confidential_columns, tier_confidential
from shuangsuiji.rosters import Rules
from tests.district import GRADES

FOLDER: Final = shipped("config") / "plans"

# Tiers by grade with their rates, as the sources in practice have them.
SCHEMES: Final[Mapping[str, Mapping[str, Quota]]] = {
    "henan-2020": {
        "高": Everything(),
        "中高": Rate("20%"),
        "中": Rate("8%"),
        "中低": Rate("4%"),
        "低": Rate("1%"),
        "农民专业合作社": Rate("3%"),
        "个体工商户": Rate("1%"),
    },
    "henan-2021": {"高": Rate("30%"), "中高": Rate("10%"), "中": Rate("2%"), "低": Rate("1%")},
    "credit-abcd-2022": {"D": Rate("30%"), "C": Rate("10%"), "B": Rate("5%"), "A": Rate("1%")},
}


YEAR: Final = tuple(f"founding-2021-{number}" for number in range(1, 5))
"""The year of the founding report in batches."""


def plan(name: str) -> PlanFile:
    return read_plan(FOLDER / f"{name}.toml")


def tier_of(task: Task, **fields: str) -> str:
    """The name of the tier that a record with these fields belongs to."""
    return next((tier.name for tier in task.tiers if tier.where.holds(fields)), "")


def test_nothing_else_is_shipped_as_a_plan() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*SCHEMES, *YEAR, "founding-2021", "henan-registry"}


@pytest.mark.parametrize("name", [*SCHEMES, *YEAR, "founding-2021", "henan-registry"])
def test_the_columns_of_a_plan_are_in_the_templates_given_out_with_it(name: str) -> None:
    headings = Rules.load().headings
    known = (
        headings.column("entities", heading) or headings.column("risk", heading)
        for heading in plan(name).plan.columns.values()
    )
    assert all(column is not None and column.template for column in known)


def test_the_founding_plan_draws_the_figures_of_the_report() -> None:
    founding = plan("founding-2021").plan
    counts = {tier.id: tier.quota for tier in founding.tasks[0].tiers}
    assert counts == {
        "medium-high": Count(147),
        "medium": Count(172),
        "individual": Count(1507),
        "cooperative": Count(129),
        "other": Count(270),
    }
    assert sum(quota.of(10**6) for quota in counts.values()) == 2225
    assert {tier.id for tier in founding.tasks[0].tiers if tier.key is not None} == {"individual"}


def test_the_batches_of_the_year_draw_the_figures_of_the_report_together() -> None:
    whole, batches = plan("founding-2021").plan, [plan(name).plan for name in YEAR]
    for number, task in enumerate(whole.tasks):
        for within, tier in enumerate(task.tiers):
            parts = [batch.tasks[number].tiers[within].quota for batch in batches]
            assert all(isinstance(part, Count) and part.of(10**6) > 0 for part in parts)
            assert sum(part.of(10**6) for part in parts) == tier.quota.of(10**6)
    for batch in batches:
        for field in ("columns", "exclusions", "slots", "max_targets", "max_per_inspector", "district"):
            assert getattr(batch, field) == getattr(whole, field), field
        assert [(one.name, one.pool, one.slots, one.items) for one in batch.tasks] == [
            (one.name, one.pool, one.slots, one.items) for one in whole.tasks
        ]


def test_tasks_are_numbered_after_their_plan() -> None:
    """Their ids stand in notices and in the platform's field 抽查任务编号."""
    for path in FOLDER.glob("*.toml"):
        own = read_plan(path).plan
        assert [task.id for task in own.tasks] == [f"{own.id}-{n:02}" for n in range(1, len(own.tasks) + 1)]


def test_the_batches_of_the_year_follow_each_other() -> None:
    files = [plan(name) for name in YEAR]
    assert len({file.plan.id for file in files} | {plan("founding-2021").plan.id}) == 5
    for file in files:
        assert file.texts.deadline < file.plan.window_to < str(file.texts.embargo)
    for before, after in pairwise(files):
        assert str(before.texts.embargo) < after.plan.window_from
    assert all(file.plan.window_from[:4] == file.plan.window_to[:4] == "2021" for file in files)


@pytest.mark.parametrize("name", ["founding-2021", *YEAR])
def test_every_visit_of_the_joint_task_falls_among_the_targets_of_the_first(name: str) -> None:
    first, joint = plan(name).plan.tasks
    # One ticket per entity: the smallest 60 of a set are among its smallest 129. So the sets must be equal, ...
    for grade, kind in product(GRADES, ("有限责任公司", "个体工商户", "农民专业合作社")):
        fields = {"grade": grade, "kind": kind}
        inside = joint.pool.holds(fields)
        assert inside == (tier_of(first, **fields) == "农民专业合作社")
        assert not inside or (first.pool.holds(fields) and joint.tiers[0].where.holds(fields))
    # ... neither may be divided, and the second count may not be the larger one.
    (whole,) = (tier for tier in first.tiers if tier.id == "cooperative")
    assert whole.key is None
    assert [tier.key for tier in joint.tiers] == [None]
    assert joint.tiers[0].quota.of(0) <= whole.quota.of(0)
    assert set(first.slots) < set(joint.slots)


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_gives_each_grade_the_rate_of_its_source(name: str) -> None:
    (task,) = plan(name).plan.tasks
    quotas = {tier.name: tier.quota for tier in task.tiers}
    assert len(quotas) == len(SCHEMES[name])
    for value, quota in SCHEMES[name].items():
        graded = "grade" if value in ("高", "中高", "中", "中低", "低", "A", "B", "C", "D") else "kind"
        assert quotas[tier_of(task, **{graded: value})] == quota


@pytest.mark.parametrize("name", [*SCHEMES, *YEAR, "founding-2021"])
def test_no_tier_by_grade_is_divided(name: str) -> None:
    file = plan(name)
    secret = confidential_columns(file.plan, file.texts.confidential)
    assert secret == {"grade"}
    for task in file.plan.tasks:
        assert all(tier.key is None for tier in task.tiers if tier_confidential(task, tier, secret))


def test_the_registry_plan_has_the_tiers_of_the_trial_run() -> None:
    found = plan("henan-registry")
    (task,) = found.plan.tasks
    assert found.plan.district == "city"
    sizes = {
        "C、D类企业": 18_790,
        "B类企业": 54_126,
        "个体工商户": 2_118,
        "农民专业合作社": 10_745,
        "其他": 62_105,
    }
    assert sum(tier.quota.of(sizes[tier.name]) for tier in task.tiers) == 4614
    assert tier_of(task, id="91990121MA3YKQL313", grade="D") == "C、D类企业"
    assert tier_of(task, id="92410423MA3X93BJ5X") == "个体工商户"
    assert tier_of(task, id="93410423MA3X93BJ5X") == "农民专业合作社"
    assert tier_of(task, id="51410423MA3X93BJ5X") == "其他"
    assert {tier.key for tier in task.tiers} == {"city"}
