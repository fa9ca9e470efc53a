"""Any file that a user may hand over is read, or refused with its name, what was seen and how to mend it."""

import io
import os
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.rosters import Kind, read
from shuangsuiji.rosters.workbook_out import to_bytes
from tests.rosters.offices import (
    RULES,
    WRITERS,
    assert_accounted,
    cells,
    credit_code,
    csv_bytes,
    noted,
    put,
    read_rows,
    words_of,
    xls_bytes,
    xlsx_bytes,
)

HEAD = ["统一社会信用代码", "企业名称", "登记状态"]
ROW = [credit_code(1), "甲店", "存续"]
INTACT = {
    name: WRITERS[name]([HEAD, ROW, [credit_code(2), "乙店", "存续"]])
    for name in ("book.xlsx", "gb18030.csv", "utf8.csv")
}
ZIPPED = io.BytesIO()
with zipfile.ZipFile(ZIPPED, "w") as archive:
    archive.writestr("word/document.xml", "<w/>")


def refused(folder: Path, data: bytes, name: str = "名册.xlsx", kind: Kind = "entities") -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        read(kind, [put(folder, name, data)], RULES)
    assert name in words_of(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "rosters.empty"),
        (b" \r\n\r\n", "rosters.empty"),
        (xlsx_bytes([]), "rosters.empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "rosters.other_format"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "rosters.other_format"),
        (ZIPPED.getvalue(), "rosters.other_format"),
        (b"\x00\x01\x02", "rosters.other_format"),
        ("统一社会信用代码,企业名称\n".encode("utf-16"), "rosters.utf16"),
        (csv_bytes([HEAD]) + b"\xff\xff\xff\n", "rosters.encoding"),
        ("统一社会信用代码,企业名称\n1,甲".encode("utf-8-sig") + b"\xb5\xea", "rosters.encoding"),
        (csv_bytes([HEAD]) + b'"91', "rosters.csv_malformed"),
        (xlsx_bytes([HEAD, ROW])[:-200], "rosters.workbook_damaged"),
        (xls_bytes([HEAD, ROW])[:600], "rosters.workbook_damaged"),
        (b"PK\x03\x04 and no more", "rosters.workbook_damaged"),
        (
            xls_bytes([HEAD]).replace("Workbook".encode("utf-16-le"), "Worrkboo".encode("utf-16-le")),
            "rosters.workbook_damaged",
        ),
        (xlsx_bytes([["某县统计表"], ["甲", "乙"]]), "rosters.no_heading"),
        (xlsx_bytes([["社会信用代码证号", "企业名称"], ROW]), "rosters.heading_near"),
        (csv_bytes([["某县统计表"], ["甲", "乙"]]), "rosters.no_heading"),
        (csv_bytes([["企业名称", "地区"], ["甲店", "城关"]]), "rosters.heading_missing"),
        (csv_bytes([["社会信用代码证号", "企业名称"], ROW]), "rosters.heading_near"),
        (csv_bytes([["统一社会信用代码", "市场主体名称", "名称"], [*ROW]]), "rosters.heading_twice"),
        (csv_bytes([HEAD]), "rosters.no_rows"),
        (csv_bytes([HEAD, HEAD, ["合计", "", ""]]), "rosters.no_rows"),
    ],
)
def test_what_is_no_roster_is_refused_whatever_its_name(tmp_path: Path, data: bytes, code: str) -> None:
    for name in ("名册.xlsx", "名册.csv"):
        assert refused(tmp_path, data, name).code == code


def test_a_password_is_told_from_damage(tmp_path: Path) -> None:
    data = xls_bytes([HEAD, ROW])
    name, other = (
        text.encode("utf-16-le") for text in ("Workbook", "EncryptedPackage")
    )  # what Excel calls it
    entry = data.index(name + b"\0\0")
    length = struct.pack("<H", len(other) + 2)
    encrypted_xlsx = data[:entry] + other.ljust(64, b"\0") + length + data[entry + 66 :]
    second_record = 512 + 4 + 16  # behind the header of the file and the record BOF
    encrypted_xls = data[:second_record] + struct.pack("<H", 0x002F) + data[second_record + 2 :]
    for protected in (encrypted_xlsx, encrypted_xls):
        assert refused(tmp_path, protected).code == "rosters.workbook_password"


def test_a_missing_file_a_directory_and_an_unreadable_one_are_told_apart(tmp_path: Path) -> None:
    cases = {
        tmp_path / "没有.xlsx": "rosters.not_found",
        tmp_path: "rosters.is_directory",
        Path(): "rosters.is_directory",
        Path("/proc/self/mem"): "rosters.unreadable",
    }
    for path, code in cases.items():
        with pytest.raises(InputRefused) as caught:
            read("entities", [path], RULES)
        assert caught.value.code == code
        assert path.name in words_of(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "名册.csv", csv_bytes([HEAD, ROW]))
    path.chmod(0)
    with pytest.raises(InputRefused) as caught:
        read("entities", [path], RULES)
    assert caught.value.code == "rosters.unreadable"


def test_a_byte_of_no_known_encoding_is_named_by_its_line(tmp_path: Path) -> None:
    """Nearly all of the file is UTF-8: that it is no GB18030 from its first line on is of no use to anybody."""
    head = csv_bytes([HEAD, ROW, ROW])
    assert refused(tmp_path, head + b"\xff\n", "名册.csv").where.line == 4
    gbk = csv_bytes([HEAD, ROW, ROW]).decode().encode("gb18030")
    assert refused(tmp_path, gbk + b"\xff\n", "名册.csv").where.line == 4


def test_one_file_is_not_read_twice(tmp_path: Path) -> None:
    path = put(tmp_path, "名册.csv", csv_bytes([HEAD, ROW]))
    with pytest.raises(InputRefused) as caught:
        read("entities", [path, path], RULES)
    assert caught.value.code == "rosters.file_twice"


def test_a_wrong_heading_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    error = refused(tmp_path, csv_bytes([["某县名册"], ["社会信用代码证号", "企业名称"], ROW]), "名册.csv")
    assert error.where == Where(file="名册.csv", row=2)
    assert "社会信用代码证号 → 统一社会信用代码" in words_of(error)


@pytest.mark.parametrize("name", WRITERS)
def test_titles_empty_rows_repeated_headings_and_totals_are_no_data(tmp_path: Path, name: str) -> None:
    second = [credit_code(2), "乙店", "注销"]
    rows = [
        ["某县市场主体名册", "", ""],
        ["", "", "填报日期：2026-01-05"],
        ["", "", ""],
        HEAD,
        ROW,
        ["", "", ""],
        HEAD,
        second,
        ["", "", ""],
        ["合计：2户", "", ""],
    ]
    if name.endswith(("csv", "txt")):
        rows[-1] = ["合计：2户"]
    roster = read_rows("entities", tmp_path, rows, name)
    assert_accounted(roster)
    assert cells(roster, "name") == ["甲店", "乙店"]
    assert not roster.refused
    assert roster.digest == read_rows("entities", tmp_path, [HEAD, second, ROW]).digest
    said = {note.code: note.params["rows"] for note in roster.notes}
    assert said == {
        "rosters.note.title_rows": "1、2",
        "rosters.note.empty_rows": "6",
        "rosters.note.repeated_headings": "7",
        "rosters.note.total_rows": "10",
    }


def test_a_firm_called_total_is_a_firm(tmp_path: Path) -> None:
    roster = read_rows(
        "entities", tmp_path, [["企业名称", "统一社会信用代码"], ["总计划咨询公司", credit_code(1)]]
    )
    assert cells(roster, "name") == ["总计划咨询公司"]


def test_row_numbers_are_the_files_own(tmp_path: Path) -> None:
    wrong = ["1", "丙店", "存续"]
    for name, rows, row in (
        ("utf8.csv", [["标题", "", ""], HEAD, [credit_code(1), "甲\n店", "存续"], [], wrong], 5),
        ("book.xlsx", [[], ["标题"], HEAD, [], wrong], 5),
    ):
        roster = read_rows("entities", tmp_path, rows, name)
        assert [one.row for one in roster.refused] == [row]


def test_stray_delimiters_are_refused_not_shifted(tmp_path: Path) -> None:
    rows = [HEAD, [*ROW, "城关镇"], [credit_code(2), "乙店"], [credit_code(3), "丙店", "存续", ""]]
    roster = read_rows("entities", tmp_path, rows, "utf8.csv")
    assert_accounted(roster)
    assert [(one.row, one.code) for one in roster.refused] == [
        (2, "rosters.field_count"),
        (3, "rosters.field_count"),
    ]
    assert cells(roster, "name") == ["丙店"]


def test_headings_are_known_by_their_variants(tmp_path: Path) -> None:
    rows = [
        ["统一社会信用代码 / 注册号", "＊市场主体名称", "经营状态", "注册日期", "本地代号"],
        [*ROW, "2019/4/18", "x"],
    ]
    roster = read_rows("entities", tmp_path, rows)
    assert list(roster.frame.columns) == ["id", "previous_code", "name", "status", "成立日期", "本地代号"]
    assert RULES.headings.frame_column("entities", "注册日期") == "成立日期"
    assert RULES.headings.frame_column("entities", "名称") == "name"
    assert RULES.headings.frame_column("entities", "社会信用代码") == "id"
    assert RULES.headings.frame_column("entities", "本地代号") == "本地代号"


def test_no_column_is_lost_or_taken_for_another(tmp_path: Path) -> None:
    rows = [
        ["序号", *HEAD, "备注", "备注", "", "id", "住所", "注册地址"],
        ["1", *ROW, "a", "b", "c", "d", "e", "f"],
    ]
    roster = read_rows("entities", tmp_path, rows)
    left = roster.frame.drop(columns=["id", "previous_code", "name", "status"]).iloc[0].to_dict()
    assert left == {"备注": "a", "备注(2)": "b", "未命名列7": "c", "id(2)": "d", "住所": "e", "注册地址": "f"}


def test_one_sheet_is_chosen_or_all_are_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([["说明"], ["只有一张是名册"]], "说明")))
    for title in ("一季度", "二季度"):
        page = book.create_sheet(title)
        page.append(HEAD)
        page.append(ROW)
    error = refused(tmp_path, to_bytes(book))
    assert error.code == "rosters.several_sheets"
    assert "一季度、二季度" in words_of(error)
    book["二季度"].sheet_state = "hidden"
    assert read("entities", [put(tmp_path, "a.xlsx", to_bytes(book))], RULES).rows_read == 1
    book["二季度"].sheet_state = "visible"
    book["二季度"].delete_rows(2)
    assert read("entities", [put(tmp_path, "b.xlsx", to_bytes(book))], RULES).rows_read == 1


def test_several_files_are_one_roster(tmp_path: Path) -> None:
    for unit in ("甲所", "乙所"):
        (tmp_path / unit).mkdir()
    first = put(tmp_path / "甲所", "名册.csv", csv_bytes([HEAD, ROW], "gb18030"))
    second = put(
        tmp_path / "乙所",
        "名册.xlsx",
        xlsx_bytes([[*HEAD, "乡镇"], [credit_code(2), "乙店", "吊销", "城关"]]),
    )
    third = put(tmp_path / "乙所", "名册.csv", csv_bytes([HEAD, ["9", "丙店", "存续"]]))
    roster = read("entities", [first, second, third], RULES)
    assert_accounted(roster)
    assert cells(roster, "乡镇") == ["", "城关"]
    assert cells(roster, "status") == ["in_business", "revoked"]
    assert [row.file for row in roster.refused] == [str(third)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_refused_never_crash(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(INTACT)))
    content = bytearray(INTACT[name])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] ^= data.draw(st.integers(1, 255))
    try:
        roster = read("entities", [put(tmp_path, name, bytes(content))], RULES)
    except InputRefused as error:
        words_of(error)
    else:
        assert_accounted(roster)


def test_totals_are_noted_by_row(tmp_path: Path) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, ROW, ["合计", "1", ""], ["总计", "1", ""]])
    assert noted(roster) == {"rosters.note.total_rows"}
