"""The yearly review cancels certificates with a reason; recusals name an inspector and an entity or a group."""

import json
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.rosters import CheckedRoster, Kind, apply_review, frames, read
from shuangsuiji.rosters.model import STRUCTURE
from tests.rosters.offices import (
    RULES,
    Row,
    assert_accounted,
    cells,
    codes_of,
    credit_code,
    csv_bytes,
    noted,
    put,
    read_rows,
)

A, B, STRANGER = (credit_code(number) for number in (1, 2, 3))
PEOPLE_ROWS = [
    ["工号", "姓名", "单位", "执法证编号", "有效期"],
    ["R1", "张三", "甲局", "C1、C2", "长期"],
    ["R2", "李四", "甲局", "C3", "2028-12-31"],
    ["", "王五", "乙局", "C4", "长期"],
]


def people(folder: Path) -> pd.DataFrame:
    return read_rows("inspectors", folder, PEOPLE_ROWS, "utf8.csv").frame


def entities(folder: Path) -> pd.DataFrame:
    rows = [
        ["统一社会信用代码", "注册号", "名称", "行业"],
        [A, "410100000000011", "甲店", "餐饮"],
        [B, "", "乙店", "零售"],
    ]
    return read_rows("entities", folder, rows, "bom.csv").frame


def held(kind: Kind, folder: Path, rows: list[Row]) -> CheckedRoster:
    """Read against the people and entities above."""
    path = put(folder, "held.csv", csv_bytes(rows))
    roster = read(kind, [path], RULES, people=people(folder), entities=entities(folder))
    assert_accounted(roster)
    return roster


def cancelled(frame: pd.DataFrame) -> dict[str, str]:
    found = [one for cell in frame["certificates"] for one in json.loads(cell)]
    return {one["number"]: one["cancelled"] for one in found if "cancelled" in one}


def test_a_review_cancels_certificates_with_a_reason(tmp_path: Path) -> None:
    review = held(
        "review",
        tmp_path,
        [
            ["执法证号", "工号", "姓名", "审验结果", "原因"],
            ["c1", "R1", "张三", "注销", "调离"],
            ["C3", "", "", "合格", ""],
            ["C4", "", "", "不合格", "未培训"],
        ],
    )
    assert not review.refused
    assert cells(review, "inspector") == ["R1", "R2", "C4"]
    before = people(tmp_path)
    after = apply_review(before, review.frame)
    assert cancelled(after) == {"C1": "调离", "C4": "未培训"}
    assert not cancelled(before)
    assert after["id"].tolist() == before["id"].tolist()
    assert apply_review(after, review.frame).equals(after)


def test_a_review_of_a_person_is_one_of_all_their_certificates(tmp_path: Path) -> None:
    review = held("review", tmp_path, [["工号", "审验结果", "原因"], ["R1", "注销", "退休"]])
    assert cancelled(apply_review(people(tmp_path), review.frame)) == {"C1": "退休", "C2": "退休"}


def test_a_review_row_that_is_not_clear_is_refused(tmp_path: Path) -> None:
    review = held(
        "review",
        tmp_path,
        [
            ["执法证号", "工号", "姓名", "审验结果", "原因"],
            ["C9", "", "", "注销", "调离"],
            ["C1", "R2", "", "注销", "调离"],
            ["C1", "", "李四", "注销", "调离"],
            ["C1", "", "", "注销", ""],
            ["C1", "", "", "待定", ""],
            ["", "", "", "注销", "调离"],
            ["C3", "", "", "注销", "调离"],
            ["C3", "", "", "合格", ""],
        ],
    )
    assert codes_of(review) == [
        "rosters.unknown_inspector",
        "rosters.two_inspectors",
        "rosters.name_mismatch",
        "rosters.cell_missing",
        "rosters.unknown_word",
        "rosters.person_key_missing",
        "rosters.duplicate",
        "rosters.duplicate",
    ]
    assert not cancelled(apply_review(people(tmp_path), review.frame))


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_exactly_the_reviewed_certificates_are_cancelled(have: set[int], reviewed: set[int]) -> None:
    certificates = [json.dumps([{"number": f"C{one:02}"}]) for one in sorted(have)]
    blank = [""] * len(have)
    before = frames.make(
        "inspectors",
        {
            "id": [f"R{one:02}" for one in sorted(have)],
            **dict.fromkeys(STRUCTURE["inspectors"][1:], blank),
            "certificates": certificates,
        },
    )
    count = len(reviewed)
    review = frames.make(
        "review",
        {
            "certificate": [f"C{one:02}" for one in sorted(reviewed)],
            "inspector": [""] * count,
            "decision": ["cancel"] * count,
            "reason": ["调离"] * count,
        },
    )
    assert set(cancelled(apply_review(before, review))) == {f"C{one:02}" for one in have & reviewed}


def test_recusals_are_pairs_or_groups(tmp_path: Path) -> None:
    roster = held(
        "conflicts",
        tmp_path,
        [
            ["工号", "执法证编号", "统一社会信用代码", "回避对象列", "回避对象值", "回避原因"],
            ["R1", "", A.lower(), "", "", "亲属"],
            ["", "C3", "", "行业门类", "餐饮 ", "亲属"],
            ["R2", "", "410100000000011", "", "", "曾任职"],
            ["C4", "", STRANGER, "", "", "亲属"],
        ],
    )
    assert not roster.refused
    assert roster.frame[["inspector", "entity", "column", "value"]].to_dict("split")["data"] == [
        ["C4", STRANGER, "", ""],
        ["R1", A, "", ""],
        ["R2", "", "所属行业", "餐饮"],
        ["R2", "410100000000011", "", ""],
    ]
    assert noted(roster) == {"rosters.note.unknown_entities"}


def test_recusals_of_groups_need_no_column_of_codes(tmp_path: Path) -> None:
    roster = held(
        "conflicts", tmp_path, [["工号", "回避列", "回避值"], ["R1", "地区", "城关"], ["R1", "行业", "餐饮"]]
    )
    assert codes_of(roster) == ["rosters.unknown_column"]  # the registry has no 地区
    assert cells(roster, "column") == ["所属行业"]


def test_a_recusal_that_would_bind_nobody_is_refused(tmp_path: Path) -> None:
    roster = held(
        "conflicts",
        tmp_path,
        [
            ["工号", "姓名", "统一社会信用代码", "回避对象列", "回避对象值"],
            ["R9", "", A, "", ""],
            ["R1", "李四", A, "", ""],
            ["R1", "", "", "", ""],
            ["R1", "", A, "行业", "餐饮"],
            ["R1", "", "", "行业", ""],
            ["R1", "", "", "星座", "狮子"],
            ["R1", "", A[:-1] + "#", "", ""],
            ["", "", A, "", ""],
        ],
    )
    assert codes_of(roster) == [
        "rosters.unknown_inspector",
        "rosters.name_mismatch",
        "rosters.recusal_object",
        "rosters.recusal_object",
        "rosters.recusal_object",
        "rosters.unknown_column",
        "rosters.code_characters",
        "rosters.person_key_missing",
    ]
    assert "所属行业" in str(roster.refused[5].params["known"])


def test_a_colleague_is_named_by_number_or_certificate(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["人员编号", "不得同组人员", "统一社会信用代码", "原因"],
        ["R1", "R2", "", "夫妻"],
        ["R1", "C4", "", ""],
        ["R1", "R9", "", ""],
        ["R1", "C2", "", ""],
        ["R1", "R2", A, ""],
    ]
    roster = held("conflicts", tmp_path, rows)
    assert cells(roster, "colleague") == ["C4", "R2"]
    assert cells(roster, "entity") == ["", ""]
    assert codes_of(roster) == [
        "rosters.unknown_inspector",
        "rosters.own_colleague",
        "rosters.recusal_object",
    ]
