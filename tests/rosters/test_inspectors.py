"""One record per person; certificates with validity; who cannot be drawn, and why."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangsuiji.rosters import CheckedRoster
from tests.rosters.offices import RULES, Row, assert_accounted, cells, codes_of, noted, read_rows

HEAD = ("人员编号", "姓名", "单位", "身份证号", "执法证编号", "执法证有效期")
PERSON = "11010519491231002X"  # the example of GB 11643-1999


def roster_of(folder: Path, *rows: Row, head: Row = HEAD) -> CheckedRoster:
    roster = read_rows("inspectors", folder, [head, *rows])
    assert_accounted(roster)
    return roster


def certificates(roster: CheckedRoster) -> list[list[dict[str, str]]]:
    return [json.loads(cell) for cell in cells(roster, "certificates")]


def test_rows_that_share_an_id_number_are_one_person(tmp_path: Path) -> None:
    roster = roster_of(
        tmp_path,
        ["R1", "张三", "甲局", PERSON, "B2", "长期"],
        ["", "张三", "甲局", PERSON.lower(), "A1", "2028-12-31"],
        ["R2", "李四", "甲局", "", "C3", "2024-01-01至2026-12-31"],
    )
    assert cells(roster, "id") == ["R1", "R2"]
    assert certificates(roster) == [
        [{"number": "A1", "to": "2028-12-31"}, {"number": "B2"}],
        [{"from": "2024-01-01", "number": "C3", "to": "2026-12-31"}],
    ]
    assert roster.merged == 1
    assert "身份证号" in RULES.headings.private("inspectors")


def test_without_a_staff_number_the_lesser_certificate_is_the_key(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, ["", "张三", "甲局", "", "豫B2、豫A10，豫A9", "长期"])
    assert cells(roster, "id") == ["豫A10"]
    assert [one["number"] for one in certificates(roster)[0]] == ["豫A10", "豫A9", "豫B2"]


@pytest.mark.parametrize(
    "second",
    [
        ["R2", "张三", "甲局", PERSON, "B2", "长期"],  # another staff number
        ["R1", "李四", "甲局", PERSON, "B2", "长期"],  # another name
        ["R1", "张三", "乙局", PERSON, "B2", "长期"],  # another unit
        ["R1", "张三", "甲局", "110105194912310000", "B2", "长期"],  # another ID number
        ["R1", "张三", "甲局", PERSON, "A1", "2020-12-31"],  # another end of the same certificate
        ["R2", "李四", "甲局", "", "A1", "长期"],  # the same certificate
    ],
)
def test_rows_of_one_person_that_disagree_are_all_refused(tmp_path: Path, second: Row) -> None:
    roster = roster_of(
        tmp_path, ["R1", "张三", "甲局", PERSON, "A1", "长期"], second, ["R9", "王五", "甲局", "", "", "长期"]
    )
    assert cells(roster, "name") == ["王五"]
    assert [(row.row, row.code) for row in roster.refused] == [
        (2, "rosters.person_conflict"),
        (3, "rosters.person_conflict"),
    ]


def test_private_cells_are_masked_in_the_list_of_refused_rows(tmp_path: Path) -> None:
    roster = roster_of(
        tmp_path,
        ["R1", "张三", "甲局", PERSON, "A1", "长期"],
        ["R1", "张三", "甲局", "110105194912310000", "B2", "长期"],
    )
    assert [row.value for row in roster.refused] == ["*" * 16 + "2X", "*" * 16 + "00"]
    assert PERSON not in repr(roster.refused) + repr(roster.notes)


def test_a_staff_number_like_anothers_certificate_is_no_key(tmp_path: Path) -> None:
    roster = roster_of(
        tmp_path, ["X1", "张三", "甲局", "", "A1", "长期"], ["", "李四", "甲局", "", "X1", "长期"]
    )
    assert codes_of(roster) == ["rosters.duplicate"] * 2


def test_periods_belong_to_their_certificates(tmp_path: Path) -> None:
    head = ("姓名", "单位", "执法证编号", "有效期起", "有效期止")
    roster = roster_of(
        tmp_path,
        ["甲", "局", "A1、A2", "2020-01-01", "2026-12-31；长期"],
        ["乙", "局", "B1", "", "2026.12.31"],
        head=head,
    )
    assert certificates(roster) == [
        [{"from": "2020-01-01", "number": "A1", "to": "2026-12-31"}, {"from": "2020-01-01", "number": "A2"}],
        [{"number": "B1", "to": "2026-12-31"}],
    ]


@pytest.mark.parametrize(
    ("validity", "code"),
    [
        ("", "rosters.validity_missing"),
        ("三年", "rosters.validity"),
        ("2026-02-30", "rosters.validity"),
        ("2026-12-31、长期", "rosters.validity_count"),
        ("2026-12-31至2024-01-01", "rosters.validity_reversed"),
    ],
)
def test_a_validity_that_is_not_clear_is_refused(tmp_path: Path, validity: str, code: str) -> None:
    assert codes_of(roster_of(tmp_path, ["R1", "张三", "甲局", "", "A1", validity])) == [code]


def test_without_a_column_of_validity_certificates_have_no_end_and_the_report_says_so(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, ["张三", "甲局", "A1"], head=("姓名", "工作单位", "执法证号"))
    assert certificates(roster) == [[{"number": "A1"}]]
    assert noted(roster) == {"rosters.note.no_validity_column"}


def test_a_person_without_certificate_is_kept_and_has_none(tmp_path: Path) -> None:
    assert cells(roster_of(tmp_path, ["R1", "张三", "甲局", "", "", ""]), "certificates") == ["[]"]


def test_whoever_cannot_be_named_is_refused(tmp_path: Path) -> None:
    roster = roster_of(
        tmp_path,
        ["", "张三", "甲局", PERSON, "", "长期"],
        ["R2", "", "甲局", "", "A2", "长期"],
        ["R3", "王五", "", "", "A3", "长期"],
        ["R4", "赵六", "甲局", "", "A4、A4", "长期"],
    )
    assert codes_of(roster) == [
        "rosters.person_key_missing",
        "rosters.cell_missing",
        "rosters.cell_missing",
        "rosters.certificate_repeated",
    ]


def test_not_drawable_has_a_reason(tmp_path: Path) -> None:
    head = ("工号", "姓名", "单位", "在岗状态", "不参与抽取原因", "执法证状态", "执法证编号")
    roster = roster_of(
        tmp_path,
        ["R1", "甲", "局", "在岗", "无", "有效", "A1"],
        ["R2", "乙", "局", "领导岗位", "", "", "A2"],
        ["R3", "丙", "局", "在职", "重大案件专班", "", "A3"],
        ["R4", "丁", "局", "", "—", "暂扣", "A4"],
        ["R5", "戊", "局", "外星出差", "", "", "A5"],
        ["R6", "己", "局", "在岗", "", "半新", "A6"],
        head=head,
    )
    assert cells(roster, "undrawable") == ["", "领导岗位", "重大案件专班", ""]
    assert certificates(roster)[3] == [{"cancelled": "暂扣", "number": "A4"}]
    assert codes_of(roster) == ["rosters.unknown_word"] * 2
    assert "领导岗位" in str(roster.refused[0].params["known"])


def test_what_may_differ_between_a_persons_rows_is_joined(tmp_path: Path) -> None:
    head = ("工号", "姓名", "单位", "岗位资质资格", "执法事项范围", "科室")
    roster = roster_of(
        tmp_path,
        ["R1", "甲", "局", "食品、特种设备", "登记\n价格", "一股"],
        ["R1", "甲", "局", "特种设备，计量", "登记", "一股"],
        head=head,
    )
    assert json.loads(cells(roster, "qualifications")[0]) == ["特种设备", "计量", "食品"]
    assert roster.frame.loc[0, "department"] == "一股"


def test_an_id_number_with_a_wrong_check_digit_is_noted_by_place(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, ["R1", "张三", "甲局", "110105194912310021", "A1", "长期"])
    assert "rosters.note.identity_check" in noted(roster)
    assert len(roster.frame) == 1


# A small world in which rows collide in every way.
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "R1", "R2", "R3", "A1"]),
        st.sampled_from(["张三", "李四", ""]),
        st.sampled_from(["甲局", "乙局"]),
        st.sampled_from(["", PERSON, "110105194912310000"]),
        st.sampled_from(["", "A1", "A2", "A3", "A1、A2"]),
        st.sampled_from(["长期", "2028-12-31", ""]),
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_people_do_not_depend_on_the_order_of_rows(tmp_path: Path, data: st.DataObject) -> None:
    rows = data.draw(ROWS)
    roster = roster_of(tmp_path, *rows)
    assert roster.frame["id"].is_unique
    numbers = [one["number"] for found in certificates(roster) for one in found]
    assert len(set(numbers)) == len(numbers)
    again = roster_of(tmp_path, *data.draw(st.permutations(rows)))
    assert (again.digest, len(again.refused)) == (roster.digest, len(roster.refused))


def test_experts_limits_and_leave_are_read_from_their_columns(tmp_path: Path) -> None:
    rows = [
        ["人员编号", "姓名", "单位", "是否专家", "最多任务数", "休假自", "休假至"],
        ["R1", "甲", "甲局", "是", "03", "2021/3/1", ""],
        ["R2", "乙", "甲局", "否", "", "", "2021-06-30"],
        ["R3", "丙", "甲局", "", "0", "", ""],
        ["R4", "丁", "甲局", "大概", "", "", ""],
        ["R5", "戊", "甲局", "", "不限", "", ""],
        ["R6", "己", "甲局", "", "", "下周", ""],
        ["R7", "庚", "甲局", "", "", "2021-07-01", "2021-06-30"],
    ]
    roster = read_rows("inspectors", tmp_path, rows)
    found = [cells(roster, name) for name in ("id", "expert", "most", "leave")]
    assert found == [["R1", "R2", "R3"], ["1", "", ""], ["3", "", "0"], ["2021-03-01/", "/2021-06-30", ""]]
    assert codes_of(roster) == ["rosters.yes_or_no", "rosters.most", "rosters.leave", "rosters.leave"]
