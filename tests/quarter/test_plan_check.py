"""`plan check`: what a plan would draw from the rosters as they stand, and what to look at; nothing is changed."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji import messages
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.eligibility import admits, eligible
from shuangsuiji.core.lawful import Rules as Lawful
from shuangsuiji.core.strata import divide
from shuangsuiji.errors import InputRefused
from shuangsuiji.followup.figures import percent
from shuangsuiji.quarter.demand import drawable
from shuangsuiji.quarter.plan import adopt, check
from shuangsuiji.quarter.preview import preview_people, preview_tasks
from shuangsuiji.quarter.stranded import alike
from tests.district import World, worlds
from tests.quarter.small_plan import (
    KEY,
    PLAN,
    plan_file,
    refused,
    with_rosters,
)
from tests.quarter.workspace import NOW, new_store, on_disk


def test_contributors_of_a_plan_are_told_apart(tmp_path: Path) -> None:
    alike = 'contributors = ["王代表", "王　代表"]'
    error = refused(
        "quarter.contributors_alike",
        lambda: check(None, plan_file(tmp_path, ("[seed]", f"[seed]\n{alike}"))),
    )
    assert error.where.key == "seed.contributors"


def test_the_preview_counts_bases_exclusions_quotas_and_probabilities(tmp_path: Path) -> None:
    (task,) = check(with_rosters(tmp_path), plan_file(tmp_path)).tasks
    assert (task.pool, dict(task.excluded), task.in_no_tier) == (10, {"not_in_business": 1, "visited": 1}, 1)
    assert (task.base, task.quota) == (7, 4)
    high, medium = task.tiers
    assert (high.base, high.quota, high.probability, high.percent) == (3, 2, Fraction(2, 3), "66.67%")
    assert [(cell.value, cell.base, cell.least, cell.most) for cell in high.cells] == [("", 3, 2, 2)]
    assert (medium.base, medium.quota, medium.probability, medium.key) == (4, 2, Fraction(1, 2), "所属乡镇")
    cells = [(cell.value, cell.base, cell.least, cell.most) for cell in medium.cells]
    assert cells == [("", 1, 0, 1), ("东镇", 2, 1, 1), ("西乡", 1, 0, 1)]


def test_the_preview_counts_who_could_take_each_place(tmp_path: Path) -> None:
    found = check(with_rosters(tmp_path), plan_file(tmp_path))
    assert found.people is not None
    assert (found.people.inspectors, found.people.eligible, found.people.left_out) == (4, 3, {"expired": 1})
    pools = [(pool.slot, pool.district, pool.size) for pool in found.people.pools]
    assert pools == [("lead", None, 2), ("local", "", 0), ("local", "东镇", 2), ("local", "西乡", 1)]
    teams = [(one.district, one.targets, one.least, one.label) for one in found.teams]
    assert teams == [("", 1, 0, "nobody"), ("东镇", 3, 3, "few"), ("西乡", 3, 1, "not_random")]
    warned = {messages.text(one.code, "zh", **one.params) for one in found.warnings}
    assert warned == {
        "任务“公示信息检查”有 1 户不属于任何一层，不会被抽到。",
        "席位“组长”只有 2 人可以担任：随机性不足。",
        "未注明地区的检查组，席位“属地人员”没有人可以担任：按现有名册，人员抽取会失败。",
        "“东镇”的检查组，席位“属地人员”只有 2 人可以担任：随机性不足。",
        "“西乡”的检查组，席位“属地人员”只有 1 人可以担任：未随机。",
    }


@given(worlds(max_entities=8, max_inspectors=4))
def test_the_fewest_are_those_whom_recusals_leave_to_some_target(world: World) -> None:
    held = Lists(world.entities, world.inspectors, world.recusals)
    divisions = divide(world.plan, world.entities)
    names = {slot.id: slot.id for slot in world.plan.slots}
    people = preview_people(world.plan, names, held, divisions, alike(world.plan, divisions, held))
    rules = Lawful(world.plan, world.inspectors, world.recusals)
    slots = {slot.id: slot for slot in world.plan.slots}
    candidates = [one for one in eligible(world.plan, world.inspectors) if one.most != 0]
    for pool in people.pools:
        left = [
            sum(
                admits(slots[pool.slot], rules.district(world.entities[at]), one)
                and one.id not in rules.recused(world.entities[at])
                for one in candidates
            )
            for at, tasks in drawable(divisions, world.entities).items()
            if any(pool.slot in world.plan.tasks[task].slots for task in tasks)
            and pool.district in (None, rules.district(world.entities[at]))
        ]
        assert pool.least == min(left, default=pool.size) <= pool.size


@pytest.mark.parametrize(("unit", "warned"), [("消防队", "nobody"), ("应急管理局", "not_random")])
def test_a_place_that_hardly_anyone_could_take_is_warned_of(tmp_path: Path, unit: str, warned: str) -> None:
    path = plan_file(tmp_path, ('"unit", "市场监管局"', f'"unit", "{unit}"'))
    codes = [one.code for one in check(with_rosters(tmp_path), path).warnings]
    assert f"plan.warning.{warned}.anywhere" in codes


def test_a_plan_without_districts_has_one(tmp_path: Path) -> None:
    path = plan_file(tmp_path, ('district = "town"', ""))
    people = check(with_rosters(tmp_path), path).people
    assert people is not None
    assert [(pool.district, pool.size) for pool in people.pools] == [(None, 2), ("", 0)]


def test_a_check_changes_nothing(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    before = on_disk(store.layout.root)
    check(store, plan_file(tmp_path))
    assert on_disk(store.layout.root) == before


def test_a_file_is_checked_without_rosters_and_without_a_workspace(tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    found = check(None, path)
    assert (found.plan, found.version, found.tasks, found.people) == ("410102-2026-01", 1, (), None)
    assert [one.code for one in check(new_store(tmp_path), path).warnings] == ["plan.warning.no_rosters"]
    refused("plan.unknown_key", lambda: check(None, plan_file(tmp_path, ("count", "cuont"))))


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("count = 2", "count = 4", "core.quota_above_base", "task[0].tier[0].count"),
        ("count = 2", "count = 0", "plan.nothing_drawn", "task[0].tier[0].count"),
        ('rate = "1/3"', 'rate = "0.0%"', "plan.nothing_drawn", "task[0].tier[1].rate"),
        ('"所属乡镇"', '"所属村"', "quarter.column_missing", "columns.town"),
    ],
)
def test_what_the_rosters_do_not_bear_out_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, code: str, key: str
) -> None:
    store, path = with_rosters(tmp_path), plan_file(tmp_path, (old, new))
    where = refused(code, lambda: check(store, path)).where
    line = PLAN[: PLAN.index(old)].count("\n") + 1
    assert (where.file, where.line, where.key) == (str(path), line, key)


def test_what_only_a_rehearsal_could_adopt_is_warned_of(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    path = plan_file(tmp_path, ("某区市场", "某县市场"), ("kl8:2026040", "ssq:2026040"))
    codes = [one.code for one in check(store, path).warnings]
    assert codes[:2] == ["plan.warning.authority", "plan.warning.seed"]


def test_a_tier_that_nobody_is_in_is_warned_of(tmp_path: Path) -> None:
    store, path = with_rosters(tmp_path), plan_file(tmp_path, ('"grade", "中"', '"grade", "忠"'))
    found = check(store, path)
    assert found.tasks[0].tiers[1].probability is None
    assert "plan.warning.empty_tier" in {one.code for one in found.warnings}


@given(worlds())
def test_the_preview_adds_up(world: World) -> None:
    divisions = divide(world.plan, world.entities)
    previews = preview_tasks(world.plan, divisions, world.entities)
    for task, shown in zip(world.plan.tasks, previews, strict=True):
        in_pool = [one for one in world.entities if task.pool.holds(one.fields())]
        assert shown.pool == len(in_pool)
        assert shown.pool == shown.base + shown.in_no_tier + sum(shown.excluded.values())
        for tier in shown.tiers:
            assert sum(cell.base for cell in tier.cells) == tier.base
            assert (
                sum(cell.least for cell in tier.cells) <= tier.quota <= sum(cell.most for cell in tier.cells)
            )
            for cell in tier.cells:
                share = Fraction(tier.quota * cell.base, tier.base)
                assert cell.most - 1 < share < cell.least + 1
            assert tier.probability is None or tier.probability * tier.base == tier.quota


@given(st.fractions(0, 1, max_denominator=10**6))
def test_a_probability_is_shown_rounded_but_never_as_none(probability: Fraction) -> None:
    exact = Decimal(probability.numerator) * 100 / Decimal(probability.denominator)
    shown = f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
    assert percent(probability) == ("<0.01%" if probability and shown == "0.00%" else shown)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("kl8:26040", "plan.issue_form"),
        ("kl8:2026400", "quarter.issue_never"),
        ("kl8:2026040/kl8:2026039", "quarter.fallback_early"),
        ("kl8:2026300", "quarter.after_deadline"),
    ],
)
def test_public_values_that_no_real_draw_may_announce_are_refused_in_their_place(
    tmp_path: Path, values: str, code: str
) -> None:
    store = with_rosters(tmp_path)
    path = plan_file(tmp_path, ("kl8:2026040", values))
    for looking in (
        lambda: check(store, path),
        lambda: check(None, path),
        lambda: adopt(store, path, salt_key=KEY, operator="张三", now=NOW),
    ):
        with pytest.raises(InputRefused) as refused:
            looking()
        assert (refused.value.code, refused.value.where.key) == (code, "seed.values")
    check(store, path, rehearsal=True)
    check(None, path, rehearsal=True)
    adopt(store, path, rehearsal=True, salt_key=KEY, operator="张三", now=NOW)
