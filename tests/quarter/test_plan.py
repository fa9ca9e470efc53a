"""`plan check`, `plan show`, `plan adopt`: what a plan would draw, and how it becomes the plan of a draw."""

import stat
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji import messages
from shuangsuiji.core.strata import divide
from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.quarter.dossier import read_plan, read_texts
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.plan import AdoptResult, adopt, check, show
from shuangsuiji.quarter.preview import percent, preview_tasks
from shuangsuiji.quarter.publish import publish
from shuangsuiji.sample.numbers import credit_code
from shuangsuiji.store import STATES, Store
from tests.district import World, worlds
from tests.quarter.workspace import LATER, NOW, give, new_store, on_disk

KEY: Final = bytes(range(32))

PLAN: Final = """\
[plan]
id = "410102-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "2026年度第一批抽查计划"
window = { from = 2026-03-01, to = 2026-06-30 }
district = "town"

[seed]
values = ["kl8:2026040"]

[publish]
deadline = 2026-02-28
max_posterior = "100%"

[columns]
town = "所属乡镇"
grade = "信用风险等级"

[[exclusion]]
reason = "visited"
name = "本年度已检查"
visits = 1
since = 2026-01-01

[[slot]]
id = "lead"
name = "组长"
pool = ["eq", "unit", "市场监管局"]

[[slot]]
id = "local"
name = "属地人员"
pool = ["and"]
district = "home"

[blocks]
max_targets = 10
max_per_inspector = 8

[[task]]
id = "publicity"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "local"]
items = ["年度报告公示信息检查"]
key = "town"

[[task.tier]]
id = "high"
name = "高风险"
where = ["eq", "grade", "高"]
count = 2
key = ""

[[task.tier]]
id = "medium"
name = "中风险"
where = ["eq", "grade", "中"]
rate = "1/3"
"""

# (乡镇, 信用风险等级, 登记状态, visited this year) of ten firms.
FIRMS: Final = (
    ("东镇", "高", "存续", False),
    ("西乡", "高", "存续", False),
    ("西乡", "高", "存续", False),
    ("东镇", "高", "吊销", False),
    ("东镇", "高", "存续", True),
    ("东镇", "中", "存续", False),
    ("东镇", "中", "存续", False),
    ("西乡", "中", "存续", False),
    ("", "中", "存续", False),
    ("西乡", "", "存续", False),
)
CODES: Final = tuple(credit_code("91", serial) for serial in range(1, len(FIRMS) + 1))
INSPECTORS: Final = """姓名,单位,地区,身份证号,执法证编号,执法证有效期
王一,市场监管局,东镇,ID-1,A1,长期
赵二,市场监管局,西乡,ID-2,A2,2020-01-01至2029-12-31
钱三,城关所,西乡,ID-3,B1,2020-01-01至2026-03-31
孙四,应急管理局,东镇,ID-4,C1,长期
"""


def with_rosters(tmp_path: Path) -> Store:
    store = new_store(tmp_path)
    rows = list(zip(CODES, FIRMS, strict=True))
    head = "统一社会信用代码,企业名称,登记状态,所属乡镇\n"
    give(store, "entities", head + "".join(f"{c},甲,{state},{town}\n" for c, (town, _, state, _) in rows))
    give(store, "risk", "统一社会信用代码,信用风险等级\n" + "".join(f"{c},{f[1]}\n" for c, f in rows if f[1]))
    give(store, "inspectors", INSPECTORS)
    give(
        store, "visits", "统一社会信用代码,检查日期\n" + "".join(f"{c},2026-01-01\n" for c, f in rows if f[3])
    )
    return store


def plan_file(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "计划.toml"
    path.write_text(text, encoding="utf-8")
    return path


def adopted(store: Store, path: Path, *, rehearsal: bool = False, reason: str = "") -> AdoptResult:
    return adopt(store, path, rehearsal=rehearsal, reason=reason, salt_key=KEY, operator="张三", now=LATER)


def refused(code: str, action: Callable[[], object]) -> ShuangsuijiError:
    with pytest.raises(ShuangsuijiError) as caught:
        action()
    assert caught.value.code == code
    for lang in messages.LANGUAGES:
        assert len(messages.render(caught.value, lang).splitlines()) == 2
    return caught.value


# --- check ---


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
    warned = {messages.text(one.code, "zh", **one.params) for one in found.warnings}
    assert warned == {
        "任务“公示信息检查”有 1 户不属于任何一层，不会被抽到。",
        "席位“组长”只有 2 人可以担任：随机性不足。",
        "未注明地区的检查组，席位“属地人员”没有人可以担任：按现有名册，人员抽取会失败。",
        "“东镇”的检查组，席位“属地人员”只有 2 人可以担任：随机性不足。",
        "“西乡”的检查组，席位“属地人员”只有 1 人可以担任：未随机。",
    }


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


# --- show ---


def test_a_plan_is_shown_as_it_would_be_committed_to(tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    shown = show(path)
    assert shown.plan["id"] == "410102-2026-01"
    assert shown.texts.title == "2026年度第一批抽查计划"
    assert shown.digest == adopted(new_store(tmp_path), path).digest
    assert shown.digest != show(plan_file(tmp_path, ("count = 2", "count = 3"))).digest


# --- adopt ---


def test_an_adopted_plan_has_a_number_and_a_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    store, path = new_store(tmp_path), plan_file(tmp_path)
    result = adopted(store, path)
    assert (result.plan, result.version, result.mode, result.draw, result.replaced) == (
        "410102-2026-01",
        1,
        "real",
        1,
        0,
    )
    key = store.layout.key("real", 1)
    assert key.read_bytes() == KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    file = parse_plan_file(path.read_bytes(), "")
    with store.read() as reader:
        draw = reader.open_draw()
        assert (draw.state, draw.mode, draw.number) == ("adopted", "real", 1)
        assert reader.plan_source(reader.plan(draw.plan_id, 1)) == path.read_bytes()
        assert (read_plan(reader, draw), read_texts(reader, draw)) == (file.plan, file.texts)
        entry = reader.log()[-1]
    assert (entry.operator, entry.verb, entry.time) == ("张三", "plan adopt", "2026-01-02T03:05:05Z")
    assert entry.details == {
        "digest": result.digest,
        "draw": 1,
        "mode": "real",
        "plan": "410102-2026-01",
        "reason": "",
        "version": 1,
    }


def test_numbers_are_serial_in_each_mode(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    numbers = []
    for serial, rehearsal in enumerate((False, True, False, True, True)):
        path = plan_file(tmp_path, ("2026-01", f"2026-1{serial}"))
        numbers.append(adopted(store, path, rehearsal=rehearsal).draw)
    assert numbers == [1, 1, 2, 2, 3]


def test_a_later_version_takes_the_place_of_the_plan_before_the_freeze(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path))
    publish(store, operator="张三", now=NOW)
    other = bytes(32)
    path = plan_file(tmp_path, ("version = 1", "version = 2"), ("count = 2", "count = 3"))
    refused("plan.reason_needed", lambda: adopted(store, path, reason=" "))
    result = adopt(store, path, reason="上级调整", salt_key=other, operator="李四", now=LATER)
    assert (result.draw, result.version, result.replaced) == (1, 2, 1)
    assert store.layout.key("real", 1).read_bytes() == KEY
    assert [one.path.parent.name for one in publish(store, operator="张三", now=NOW).artefacts] == ["plan-2"]
    with store.read() as reader:
        assert [(row.version, row.reason) for row in reader.plans()] == [(1, ""), (2, "上级调整")]
        assert read_plan(reader, reader.open_draw()).tasks[0].tiers[0].quota.of(9) == 3
    assert refused("plan.version_behind", lambda: adopted(store, plan_file(tmp_path))).exit_code == 4


def test_the_same_version_is_neither_adopted_again_nor_with_other_content(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    adopted(store, plan_file(tmp_path))
    refused("plan.already_adopted", lambda: adopted(store, plan_file(tmp_path)))
    refused(
        "store.plan_version_taken", lambda: adopted(store, plan_file(tmp_path, ("count = 2", "count = 3")))
    )


def test_a_frozen_plan_stays_and_a_published_one_is_used_up(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path))
    freeze(store, operator="张三", now=LATER)
    path = plan_file(tmp_path, ("version = 1", "version = 2"))
    for state in STATES[2:]:
        assert isinstance(refused("plan.frozen", lambda: adopted(store, path, reason="改")), WrongState)
        with store.begin("张三", "test", LATER) as transaction:
            transaction.set_state(transaction.open_draw(), state)
    refused("plan.used_up", lambda: adopted(store, path, reason="改"))
    with store.begin("张三", "test", LATER) as transaction:
        draw, row = transaction.draw("real", 1), transaction.add_plan("410102-2026-01", 3, b"")
        refused("store.state_order", lambda: transaction.change_plan(draw, row))
    file = parse_plan_file(plan_file(tmp_path).read_bytes(), "")
    with store.read() as reader:
        (draw,) = reader.draws()
        assert (read_plan(reader, draw), read_texts(reader, draw)) == (file.plan, file.texts)


def test_a_rehearsal_can_be_repeated_but_not_beside_another_draw_of_the_plan(tmp_path: Path) -> None:
    store, path = with_rosters(tmp_path), plan_file(tmp_path)
    assert adopted(store, path, rehearsal=True).draw == 1
    refused("plan.rehearsal_open", lambda: adopted(store, path))
    with store.begin("张三", "test", LATER) as transaction:
        for state in STATES[1:]:
            transaction.set_state(transaction.draw("rehearsal", 1), state)
    assert adopted(store, path, rehearsal=True).draw == 2
    with store.begin("张三", "test", LATER) as transaction:
        for state in STATES[1:]:
            transaction.set_state(transaction.draw("rehearsal", 2), state)
    assert adopted(store, path).draw == 1
    refused("plan.real_open", lambda: adopted(store, path, rehearsal=True))


def test_a_real_draw_is_the_workspace_s_own_and_seeded_in_public(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    foreign = plan_file(tmp_path, ("某区市场", "某县市场"))
    assert refused("plan.authority", lambda: adopted(store, foreign)).where.line == 4
    assert adopted(store, foreign, rehearsal=True).mode == "rehearsal"
    for value, code in (("explicit:1", "core.seed_explicit"), ("ssq:2026040", "core.seed_entropy")):
        path = plan_file(tmp_path, ("kl8:2026040", value), ("2026-01", "2026-02"))
        assert refused(code, partial(adopted, store, path)).where.key == "seed.values"
    silent = plan_file(tmp_path, ('[seed]\nvalues = ["kl8:2026040"]\n', ""), ("2026-01", "2026-03"))
    assert adopted(store, silent).draw == 1


def test_a_refused_adoption_leaves_the_workspace_as_it_was(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    adopted(store, plan_file(tmp_path))
    before = on_disk(store.layout.root)
    for changes in (
        [],
        [("count = 2", "count = 3")],
        [("count = 2", "count = 0")],
        [("[blocks]", "[block]")],
    ):
        with pytest.raises((InputRefused, WrongState)):
            adopted(store, plan_file(tmp_path, *changes))
    assert on_disk(store.layout.root) == before
