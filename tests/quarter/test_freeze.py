"""`freeze`: what changed since the preceding one, with reasons; what it refuses because nothing could mend it."""

import csv
import json
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.audit.changed import check_changes
from shuangsuiji.core.records import Seal
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.quarter.dossier import read_notice
from shuangsuiji.quarter.freeze import FreezeResult, freeze
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.publish import publish
from shuangsuiji.quarter.reasons import changes
from shuangsuiji.store import Store
from tests.quarter.workspace import FIRMS, LATER, give, new_store

PLAN: Final = """
[plan]
id = "990121-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "抽查计划"
window = { from = 2026-02-01, to = 2026-06-30 }
district = "town"

[publish]
deadline = 2026-02-28

[columns]
town = "乡镇"
grade = "信用风险等级"

[[slot]]
id = "lead"
name = "组长"
pool = ["and"]

[[slot]]
id = "member"
name = "组员"
pool = ["and"]

[blocks]
max_targets = 10
max_per_inspector = 8

[[task]]
id = "one"
name = "检查"
kind = "定向"
pool = ["and"]
slots = ["lead", "member"]
items = ["年报公示"]

[[task.tier]]
id = "all"
name = "全部"
where = ["and"]
rate = "50%"
"""
HEAD: Final = "统一社会信用代码,企业名称,登记状态,乡镇,信用风险等级\n"
PEOPLE: Final = """姓名,单位,人员编号,执法证编号,执法证有效期,执法人员状态
王一,市场监管局,R1,A1,长期,在岗
赵二,市场监管局,R2,A2,长期,在岗
钱三,市场监管局,R3,A3,长期,在岗
"""
CONFLICTS: Final = "人员编号,统一社会信用代码,申报人\n"
VALUE: Final = "kl8:2026040"


def firm(number: int, town: str = "城关镇", status: str = "存续", grade: str = "低") -> str:
    return f"{FIRMS[number]},甲公司,{status},{town},{grade}\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path)
    give(made, "entities", HEAD + firm(0) + firm(1))
    give(made, "inspectors", PEOPLE)
    give(made, "conflicts", CONFLICTS + f"R1,{FIRMS[0]},王一\nR1,{FIRMS[1]},王一\nR2,{FIRMS[0]},\n")
    return made


def sealed(
    store: Store, plan: str, *, rehearsal: bool = True, reason: str = "", **options: Any
) -> FreezeResult:
    """A plan adopted and frozen, by default as a rehearsal."""
    path = store.layout.root.parent / "plan.toml"
    path.write_text(plan, encoding="utf-8")
    adopt(store, path, rehearsal=rehearsal, salt_key=bytes(32), reason=reason, operator="张三", now=LATER)
    plan_id = next(line.split('"')[1] for line in plan.splitlines() if line.startswith("id = "))
    return freeze(store, plan_id=plan_id, values=[VALUE], operator="张三", now=LATER, **options)


def another(number: int) -> str:
    return PLAN.replace('2026-01"', f'2026-{number:02}"', 1)


def written(store: Store, mode: str = "rehearsal", number: int = 2) -> list[dict[str, str]]:
    """The lines of a freeze's changes, whose digest is in the notice and in the log."""
    with store.read() as reader:
        draw = reader.draw(mode, number)  # type: ignore[arg-type]
        member, notice = reader.file(draw, "changes.jsonl"), read_notice(reader, draw)
        entry = next(one for one in reversed(reader.log()) if one.verb == "freeze")
        digest = Seal(reader.key(draw), draw.mode, draw.number).changes_digest(member).hex()
    assert entry.details["changes"] == notice.changes == digest
    lines = [json.loads(line) for line in member.splitlines()]
    assert check_changes(member) == len(lines)
    return lines


def test_the_first_freeze_has_nothing_to_compare_with(store: Store) -> None:
    first = sealed(store, PLAN)
    assert (first.changes, written(store, number=1)) == ({}, [])
    assert first.declarers == {"王一": 2, "": 1}


def changed(store: Store) -> None:
    """What the officers did between two freezes."""
    sealed(store, PLAN)
    give(store, "entities", HEAD + firm(1, "东关镇", "吊销", "高") + firm(2), accept_gone=True)
    give(store, "inspectors", PEOPLE.replace("A3,长期,在岗", "A3,长期,借调"), accept_gone=True)
    give(store, "conflicts", CONFLICTS + f"R1,{FIRMS[1]},王一\nR3,{FIRMS[2]},李局\n", accept_gone=True)


def test_every_change_has_a_line_and_what_nobody_explained_is_counted(store: Store) -> None:
    changed(store)
    result = sealed(store, another(2))
    told = sorted((one["kind"], one["id"], one.get("was", ""), one.get("now", "")) for one in written(store))
    recusals = [
        f'{{"entity":"{FIRMS[n]}","inspector":"{who}"}}' for n, who in ((0, "R1"), (0, "R2"), (2, "R3"))
    ]
    assert told == sorted(
        [
            ("gone", FIRMS[0], "in_business", ""),
            ("new", FIRMS[2], "", ""),
            ("status", FIRMS[1], "in_business", "revoked"),
            ("column", FIRMS[1], "城关镇", "东关镇"),
            ("column", FIRMS[1], "低", "高"),
            ("excluded", FIRMS[1], "", "not_in_business"),
            ("inspector_left_out", "R3", "", "借调"),
            ("recusal", "R1", recusals[0], ""),
            ("recusal", "R2", recusals[1], ""),
            ("recusal", "R3", "", recusals[2]),
        ]
    )
    assert sum(result.changes.values()) == sum(result.unexplained.values()) == len(told)
    made = publish(store, plan_id="990121-2026-02", operator="张三", now=LATER).artefacts
    notice = next(one.path for one in made if one.path.name == "commitment.html").read_text("utf-8")
    assert f"未说明理由的{len(told)}项" in notice
    assert not any(person in notice for person in ("R3", "借调", FIRMS[0], FIRMS[1]))


def test_each_field_by_which_an_inspector_is_drawn_is_told_with_its_name_in_the_table(
    store: Store, tmp_path: Path
) -> None:
    head, *rows = PEOPLE.splitlines()
    more = ",部门,地区,专业资质,最多任务数"
    plain = [head + more, *(f"{row},,,," for row in rows)]
    give(store, "inspectors", "\n".join(plain), accept_gone=True)
    sealed(store, PLAN)
    moved = [plain[0], f"{rows[0]},法规科,东镇,食品,2", *plain[2:]]
    give(store, "inspectors", "\n".join(moved), accept_gone=True)
    path = tmp_path / "plan.toml"
    path.write_text(another(2), encoding="utf-8")
    adopt(store, path, rehearsal=True, salt_key=bytes(32), operator="张三", now=LATER)
    table = tmp_path / "变动.csv"
    changes(store, table, plan_id="990121-2026-02")
    told = [row[3:6] for row in csv.reader(table.read_text("utf-8-sig").splitlines())][1:]
    assert sorted(told) == sorted(
        [["部门", "", "法规科"], ["地区", "", "东镇"], ["专业资质", "", "食品"], ["最多任务数", "", "2"]]
    )


def test_reasons_filled_into_the_table_of_changes_reach_the_lines(store: Store, tmp_path: Path) -> None:
    changed(store)
    plan = tmp_path / "plan.toml"
    plan.write_text(another(2), encoding="utf-8")
    adopt(store, plan, rehearsal=True, salt_key=bytes(32), operator="张三", now=LATER)
    table = tmp_path / "变动.csv"
    shown = changes(store, table, plan_id="990121-2026-02")
    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines()))
    assert len(rows) - 1 == sum(shown.changes.values())
    cells = {cell for row in rows[1:] for cell in row[4:6]}
    assert {"存续", "吊销", "不在业"} <= cells
    assert not any("{" in cell or "business" in cell for cell in cells)
    for row in rows[1:]:
        if row[0] == "不再在册":
            row[-2:] = ["注销登记", "李局长"]
    rows += [
        ["回避增减", "*", "", "", "", "", "年度申报", "王科长"],
        ["名称改变", "*", "", "", "", "", "更名", "王科长"],
    ]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    result = freeze(
        store, plan_id="990121-2026-02", values=[VALUE], reasons=[table], operator="张三", now=LATER
    )
    reasons = {(one["kind"], one["reason"], one["approver"]) for one in written(store) if one["reason"]}
    assert reasons == {("gone", "注销登记", "李局长"), ("recusal", "年度申报", "王科长")}
    assert set(result.changes) - set(result.unexplained) == {"gone", "recusal"}
    assert result.reasons_unused == 1


def test_a_bad_row_of_reasons_is_named_and_nothing_is_frozen(store: Store, tmp_path: Path) -> None:
    table = tmp_path / "变动.csv"
    table.write_text("变动类型,变动对象,变动理由,批准人\n不再在册,*,注销,\n", encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        sealed(store, PLAN, reasons=[table])
    assert (caught.value.code, caught.value.where.row) == ("rosters.cell_missing", 2)
    with store.read() as reader:
        assert reader.open_draw(None).state == "adopted"


def test_nobody_approves_of_what_he_seals_in_a_real_draw(store: Store, tmp_path: Path) -> None:
    table = tmp_path / "变动.csv"
    table.write_text("变动类型,变动对象,变动理由,批准人\n不再在册,*,注销,张　三\n", encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        sealed(store, PLAN, rehearsal=False, reasons=[table])
    assert caught.value.code == "quarter.own_approver"
    with store.read() as reader:
        assert reader.open_draw(None).state == "adopted"


def test_an_entity_that_comes_back_is_not_new(store: Store) -> None:
    sealed(store, PLAN)
    give(store, "entities", HEAD + firm(1), accept_gone=True)
    sealed(store, another(2))
    give(store, "entities", HEAD + firm(0) + firm(1))
    sealed(store, another(3))
    assert [(one["kind"], one["id"]) for one in written(store, number=3)] == [("returned", FIRMS[0])]


def test_open_commitments_share_no_item_and_period(store: Store) -> None:
    sealed(store, PLAN, rehearsal=False)
    with pytest.raises(WrongState) as caught:
        sealed(store, another(2), rehearsal=False)
    assert caught.value.code == "quarter.same_item"
    later = another(3).replace("2026-02-01, to = 2026-06-30", "2026-07-01, to = 2026-09-30")
    sealed(store, later, rehearsal=False)
    sealed(store, another(4).replace("年报公示", "即时公示"), rehearsal=False)


def test_who_is_no_void_draw_has_no_successor(store: Store) -> None:
    sealed(store, PLAN)
    with pytest.raises(WrongState) as caught:
        sealed(store, another(2), successor_of=1)
    assert caught.value.code == "quarter.not_void"


def test_who_takes_the_place_of_a_void_draw_says_so_in_the_statement(store: Store) -> None:
    first = sealed(store, PLAN, rehearsal=False)
    with store.begin("张三", "record", LATER) as transaction:
        transaction.declare_void(transaction.draw("real", 1))
    with pytest.raises(WrongState) as caught:
        sealed(store, PLAN, rehearsal=False, reason="首次抽取作废，重新抽取")
    assert (caught.value.code, caught.value.params["number"]) == ("quarter.successor_needed", 1)
    second = freeze(store, values=[VALUE], successor_of=1, operator="张三", now=LATER)
    assert (second.draw, second.predecessor) == (2, 1)
    with store.read() as reader:
        statement = json.loads(reader.file(reader.draw("real", 2), "commitment.json"))["targets"]
    assert statement["predecessor"] == {"commitment": first.targets_commitment, "draw": 1}


def test_pairs_of_the_last_draws_are_kept_apart(store: Store) -> None:
    sealed(store, PLAN, rehearsal=False)
    block = {"block": 1, "targets": [FIRMS[1]], "team": [{"inspector": "R2", "slot": "lead"}]}
    with store.begin("张三", "match", LATER) as transaction:  # as a match would leave it
        draw = transaction.draw("real", 1)
        transaction.put_files(draw, {"blocks.jsonl": json.dumps(block).encode() + b"\n"})
        for state in ("seeded", "drawn", "matched"):
            draw = transaction.set_state(draw, state)
    rotating = another(2) + "\n[rotation]\ndraws = 1\n"
    assert sealed(store, rotating).rotation == 1
    with store.read() as reader:
        frozen = reader.file(reader.draw("rehearsal", 1), "recusals.jsonl").decode()
    assert f'{{"entity":"{FIRMS[1]}","inspector":"R2"}}' in frozen.splitlines()
    assert sealed(store, another(3)).rotation == 0


def test_a_plan_that_gives_classes_away_of_the_rosters_as_frozen_is_refused(store: Store) -> None:
    graded = PLAN.replace('where = ["and"]\nrate = "50%"', 'where = ["eq", "grade", "高"]\ncount = 1')
    graded += '\n[[task.tier]]\nid = "other"\nname = "其他"\nwhere = ["and"]\ncount = 1\n'
    graded = graded.replace("[publish]", '[publish]\nmax_posterior = "40%"')
    path = store.layout.root.parent / "plan.toml"
    path.write_text(graded, encoding="utf-8")
    registry = HEAD + firm(0, grade="高") + firm(1) + firm(2)
    fresh = new_store(store.layout.root.parent / "fresh")
    # Without rosters an adoption has nothing to measure.
    adopt(fresh, path, salt_key=bytes(32), operator="张三", now=LATER)
    give(fresh, "entities", registry)
    give(fresh, "inspectors", PEOPLE)
    with pytest.raises(InputRefused) as caught:
        freeze(fresh, values=[VALUE], operator="张三", now=LATER)
    assert caught.value.code.startswith("plan.posterior.")


def test_the_commit_notice_says_how_many_could_be_drawn_for_each_place(store: Store) -> None:
    result = sealed(store, PLAN)
    assert [warned.code for warned in result.warnings] == ["plan.warning.few.anywhere"] * 2
    publish(store, operator="张三", now=LATER)
    page = (store.layout.published / "rehearsal-1" / "commitment" / "commitment.html").read_text("utf-8")
    assert "随机性不足" in page
    assert "由2名申报人申报，申报最多的2条" in page
    assert "王一" not in page
