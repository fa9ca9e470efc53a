"""Identity, states and names of entities; duplicates are both reported, none wins silently."""

from pathlib import Path

import pytest

from shuangsuiji.rosters import CheckedRoster, read
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

A, B, C = (credit_code(number) for number in (1, 2, 3))
OLD = "410100000000011"


def registry(
    folder: Path, *rows: Row, head: Row = ("统一社会信用代码", "企业名称", "登记状态")
) -> CheckedRoster:
    roster = read_rows("entities", folder, [head, *rows])
    assert_accounted(roster)
    return roster


def test_a_code_is_one_code_in_any_spelling(tmp_path: Path) -> None:
    roster = registry(tmp_path, [f" {A.lower()}\u200b", "甲店", "存续"], ["９" + B[1:], "乙店", "存续"])
    assert cells(roster, "id") == [A, B]


def test_states_other_than_in_business_are_kept_with_their_meaning(tmp_path: Path) -> None:
    words = {
        "存续": "in_business",
        "存续（在营、开业、在册）": "in_business",
        "吊销，未注销": "revoked",
        "注销": "deregistered",
        "撤销": "withdrawn",
        "迁 出": "moved_out",
    }
    rows = [[credit_code(number), f"店{number}", word] for number, word in enumerate(words)]
    assert cells(registry(tmp_path, *rows), "status") == list(words.values())


def test_an_unknown_state_is_refused_naming_the_known_ones(tmp_path: Path) -> None:
    roster = registry(tmp_path, [A, "甲店", "休眠"], [B, "乙店", ""], [C, "丙店", "开业"])
    assert codes_of(roster) == ["rosters.unknown_status", "rosters.cell_missing"]
    assert "存续" in str(roster.refused[0].params["known"])


def test_without_a_state_column_all_are_in_business_and_the_report_says_so(tmp_path: Path) -> None:
    roster = registry(tmp_path, [A, "甲店"], head=("统一社会信用代码", "企业名称"))
    assert cells(roster, "status") == ["in_business"]
    assert noted(roster) == {"rosters.note.no_status_column"}
    with_states = put(
        tmp_path, "b.csv", csv_bytes([["统一社会信用代码", "企业名称", "状态"], [B, "乙店", "注销"]])
    )
    both = read("entities", [tmp_path / "book.xlsx", with_states], RULES)
    assert cells(both, "status") == ["in_business", "deregistered"]
    assert [note.params["files"] for note in both.notes] == ["book.xlsx"]


def test_columns_left_out_are_not_taken_for_missing_ones(tmp_path: Path) -> None:
    rows = [["序号", "统一社会信用代码", "企业名称"], ["1", A, "甲店"], ["2", B]]
    roster = read_rows("entities", tmp_path, rows, "utf8.csv")
    assert_accounted(roster)
    assert noted(roster) == {"rosters.note.no_status_column"}
    assert [(row.column, row.value) for row in roster.refused] == [("", "")]


def test_rows_with_one_code_and_other_contents_are_all_refused(tmp_path: Path) -> None:
    roster = registry(
        tmp_path, [A, "甲店", "存续"], [B, "乙店", "存续"], [A.lower(), "甲老店", "存续"], [A, "甲店", "存续"]
    )
    assert cells(roster, "id") == [B]
    assert codes_of(roster) == ["rosters.duplicate"] * 3
    assert roster.refused[0].params["others"] == "book.xlsx[名册]:4、book.xlsx[名册]:5"


def test_exact_repetitions_count_once_and_are_noted(tmp_path: Path) -> None:
    head = ("序号", "统一社会信用代码", "企业名称", "登记状态")
    roster = registry(tmp_path, ["1", A, "甲店", "存续"], ["2", A, "甲店 ", "存续"], head=head)
    assert (cells(roster, "id"), roster.merged, noted(roster)) == ([A], 1, {"rosters.note.identical_rows"})


def test_a_registration_number_stays_linked_to_the_later_code(tmp_path: Path) -> None:
    head = ("统一社会信用代码", "注册号", "企业名称")
    roster = registry(tmp_path, [A, OLD, "甲店"], ["", "410100NA000123X", "乙社"], [B, "", "丙店"], head=head)
    linked = dict(zip(cells(roster, "id"), cells(roster, "previous_code"), strict=True))
    assert linked == {A: OLD, "410100NA000123X": "", B: ""}


def test_what_is_written_for_no_registration_number_links_nobody(tmp_path: Path) -> None:
    head = ("统一社会信用代码", "原注册号", "企业名称")
    written = ("无", "无", "/", "/", "N/A", "000", "000", "—")
    rows = [[credit_code(number), word, f"店{number}"] for number, word in enumerate(written)]
    roster = registry(tmp_path, *rows, head=head)
    assert set(cells(roster, "previous_code")) == {""}
    assert roster.refused == ()


def test_one_entity_under_its_old_and_its_new_code_is_refused_twice(tmp_path: Path) -> None:
    head = ("统一社会信用代码", "原注册号", "企业名称")
    roster = registry(tmp_path, [A, OLD, "甲店"], [OLD, "", "甲店"], [B, "", "乙店"], head=head)
    assert codes_of(roster) == ["rosters.two_codes"] * 2
    assert cells(roster, "id") == [B]


def test_codes_are_checked(tmp_path: Path) -> None:
    wrong = A[:-1] + ("0" if A[-1] != "0" else "1")
    roster = registry(
        tmp_path,
        [wrong, "甲", "存续"],
        [A[:-1], "乙", "存续"],
        [A[:9] + "O" + A[10:], "丙", "存续"],
        ["", "丁", "存续"],
        [OLD[:-1] + "3", "戊", "存续"],
    )
    assert codes_of(roster) == [
        "rosters.code_check_digit",
        "rosters.code_length",
        "rosters.code_characters",
        "rosters.code_missing",
    ]
    assert "rosters.note.registration_check" in noted(roster)  # a 15-digit number with a wrong digit is kept


@pytest.mark.parametrize(
    ("name", "kind", "owner", "shown"),
    [
        ("", "个体工商户", "张三", "个体工商户(经营者张某)"),
        ("***", "个体", "欧阳修", "个体工商户(经营者欧阳某)"),
        ("张三", "个体工商户", "张三", "个体工商户(经营者张某)"),
        ("", "个体工商户", "李*", "个体工商户(经营者李某)"),
        ("", "个体工商户", "", "个体工商户(经营者未注明)"),
        ("张三小吃店", "个体工商户", "张三", "张三小吃店"),
        ("张三", "有限责任公司", "张三", "张三"),
    ],
)
def test_names_that_tell_only_the_owners(
    tmp_path: Path, name: str, kind: str, owner: str, shown: str
) -> None:
    head = ("统一社会信用代码", "企业名称", "企业类型", "经营者")
    roster = registry(tmp_path, [A, name, kind, owner], head=head)
    assert cells(roster, "name") == [shown]
    assert "经营者" in RULES.headings.private("entities")


def test_the_prefix_of_a_code_tells_an_individual_business(tmp_path: Path) -> None:
    individual = credit_code(1, "92410100")
    roster = registry(tmp_path, [individual, "＊＊", "存续"], [A, "", "存续"])
    assert cells(roster, "name") == ["个体工商户(经营者未注明)"]
    assert codes_of(roster) == ["rosters.name_missing"]


def test_a_date_that_cannot_be_read_keeps_its_firm(tmp_path: Path) -> None:
    head = ("统一社会信用代码", "企业名称", "成立日期")
    roster = registry(tmp_path, [A, "甲", "1998年"], [B, "乙", "1998年5月1日"], head=head)
    assert cells(roster, "成立日期") == ["1998年", "1998-05-01"]
    assert "rosters.note.unreadable_dates" in noted(roster)


def test_not_available_is_a_value(tmp_path: Path) -> None:
    head = ("统一社会信用代码", "企业名称", "地区")
    roster = registry(tmp_path, [A, "甲", "N/A"], [B, "乙", "NA"], [C, "丙", "null"], head=head)
    assert cells(roster, "地区") == ["N/A", "NA", "null"]


def test_risk_grades_come_as_a_second_file(tmp_path: Path) -> None:
    rows = [["社会信用代码", "风险等级"], [B, "C"], [A, "A"], [A, "A"], ["1", "D"]]
    roster = read_rows("risk", tmp_path, rows)
    assert_accounted(roster)
    assert roster.frame.to_dict("list") == {"id": [A, B], "信用风险等级": ["A", "C"]}
    assert "信用风险等级" in RULES.headings.private("risk")


def test_visits_may_be_many_for_one_entity(tmp_path: Path) -> None:
    rows = [
        ["统一社会信用代码", "检查日期", "检查机关"],
        [A, "2026/1/5", "应急局"],
        [A, "2026-01-05", "应急局"],
        [A, "2026年1月6日", "应急局"],
        [B, "上旬", "应急局"],
    ]
    roster = read_rows("visits", tmp_path, rows)
    assert_accounted(roster)
    assert roster.frame[["id", "date"]].to_dict("list") == {
        "id": [A, A],
        "date": ["2026-01-05", "2026-01-06"],
    }
    assert codes_of(roster) == ["rosters.date"]
