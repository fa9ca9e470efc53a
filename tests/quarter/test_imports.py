"""`import`: rosters in, with a report on what was refused; each a snapshot, one transaction, to be withdrawn."""

import csv
import hashlib
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openpyxl import load_workbook

from shuangsuiji.config import shipped
from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.quarter.imports import ReviewCounts, import_roster, withdraw
from shuangsuiji.store import Store
from tests.quarter.workspace import ENTITIES, FIRMS, INSPECTORS, LATER, NOW, give, new_store, on_disk

BAD = ENTITIES + "91990121MAB46UBF8X,乙公司,存续\n,丙公司,存续\n"
HEAD = "姓名,单位,身份证号,执法证编号,执法证有效期\n"
REVIEW = "执法证编号,审验结果,审验原因\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def people(store: Store) -> dict[str, list[str]]:
    """Name to certificate numbers, cancelled ones with their reason."""
    with store.read() as reader:
        row = reader.current_import("inspectors")
        assert row is not None
        frame = reader.snapshot(row.digest)
    return {
        name: [one["number"] + one.get("cancelled", "") for one in json.loads(cell)]
        for name, cell in zip(frame["name"], frame["certificates"], strict=True)
    }


def refused(
    code: str, store: Store, kind: type[ShuangsuijiError], *arguments: str, **options: bool
) -> InputRefused:
    """The import is refused and the workspace, reports apart, is what it was."""
    before = on_disk(store.layout.root)
    with pytest.raises(kind) as found:
        give(store, arguments[0], arguments[1], **options)  # type: ignore[arg-type]  # a Kind, as the callers write it
    assert found.value.code == code
    after = on_disk(store.layout.root)
    assert {
        name: sha for name, sha in after.items() if name in before or not name.startswith("reports/")
    } == before
    return found.value  # type: ignore[return-value]  # either class carries code and parameters


def test_an_import_records_files_counts_and_what_changed(store: Store) -> None:
    result = give(store, "entities", ENTITIES, name="名录.csv")
    assert (result.rows_read, result.refused_rows, result.size, result.new, result.gone) == (3, 0, 3, 3, 0)
    assert (result.reports, result.refused, result.files) == ((), (), ("名录.csv",))
    sha256 = hashlib.sha256(ENTITIES.encode()).hexdigest()
    with store.read() as reader:
        row = reader.current_import("entities")
        assert row is not None
        entry = reader.log()[-1]
        assert list(reader.snapshot(row.digest)["id"]) == sorted(FIRMS)
    assert [(file.name, file.sha256) for file in row.files] == [("名录.csv", sha256)]
    assert (row.id, row.digest, row.time, row.operator) == (result.id, result.digest, LATER, "张三")
    assert (entry.verb, entry.details["kind"], entry.details["digest"]) == ("import", "entities", row.digest)
    assert entry.details["files"] == [{"name": "名录.csv", "sha256": sha256}]
    assert entry.details["rows"] == {"read": 3, "accepted": 3, "refused": 0}


def test_refused_rows_are_reported_for_their_sender_and_the_others_are_in(store: Store) -> None:
    result = give(store, "entities", BAD)
    assert (result.rows_read, result.refused_rows, result.size) == (5, 2, 3)
    table, workbook = result.reports
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["entities.csv"] * 2
    assert [row[2] for row in rows[1:]] == ["5", "6"]
    cells = [cell.value for sheet in load_workbook(workbook) for line in sheet.iter_rows() for cell in line]
    assert "乙公司" in cells
    assert "丙公司" in cells
    with store.read() as reader:
        row = reader.find_import(result.id)
        assert row.reports == (table.name, workbook.name)
        assert reader.known_files() >= {table, workbook}
    assert table.stat().st_mode & 0o077 == 0


def test_two_imports_in_one_second_keep_their_reports_apart(store: Store) -> None:
    first, second = give(store, "entities", BAD), give(store, "entities", BAD)
    assert not set(first.reports) & set(second.reports)
    assert all(path.is_file() for path in (*first.reports, *second.reports))


@pytest.mark.parametrize(
    ("code", "text", "strict"),
    [
        ("quarter.strict_refused", BAD, True),
        ("quarter.nothing_accepted", "统一社会信用代码,企业名称\n91990121MAB46UBF8X,乙公司\n", False),
    ],
)
def test_files_refused_as_a_whole_leave_the_report_and_nothing_else(
    code: str, text: str, strict: bool, store: Store
) -> None:
    error = refused(code, store, InputRefused, "entities", text, strict=strict)
    reports = sorted(store.layout.reports.iterdir())
    assert [path.suffix for path in reports] == [".csv", ".xlsx"]
    assert all(str(path) in str(error.params["report"]) for path in reports)


def test_strict_takes_files_without_a_refused_row(store: Store) -> None:
    assert give(store, "entities", ENTITIES, strict=True).size == 3


def test_more_than_five_percent_gone_needs_the_operators_word(store: Store) -> None:
    codes = [f"{number:015d}" for number in range(410102000000001, 410102000000041)]
    heading = "注册号,企业名称\n"
    give(store, "entities", heading + "".join(f"{code},户\n" for code in codes))
    assert give(store, "entities", heading + "".join(f"{code},户\n" for code in codes[2:])).gone == 2
    error = refused(
        "quarter.too_many_gone",
        store,
        InputRefused,
        "entities",
        heading + "".join(f"{c},户\n" for c in codes[4:]),
    )
    assert (error.params["gone"], error.params["before"]) == (2, 38)
    kept = give(store, "entities", heading + "".join(f"{code},户\n" for code in codes[4:]), accept_gone=True)
    assert (kept.gone, kept.size) == (2, 36)


def test_recusals_that_vanish_need_the_operators_word_too(store: Store) -> None:
    give(store, "inspectors", INSPECTORS)
    both = f"执法证编号,统一社会信用代码\nA1,{FIRMS[0]}\nA2,{FIRMS[1]}\n"
    give(store, "conflicts", both)
    one = f"执法证编号,统一社会信用代码\nA2,{FIRMS[1]}\n"
    refused("quarter.too_many_gone", store, InputRefused, "conflicts", one)
    assert give(store, "conflicts", both).gone == 0


def test_a_unit_that_sends_its_people_again_leaves_the_others_alone(store: Store) -> None:
    first = give(store, "inspectors", INSPECTORS)
    second = give(store, "inspectors", HEAD + "孙四,城关所,ID-4,B9,长期\n", accept_gone=True)
    assert (second.size, second.new, second.gone) == (3, 1, 1)
    assert people(store) == {"王一": ["A1"], "赵二": ["A2"], "孙四": ["B9"]}
    with store.read() as reader:
        assert reader.find_import(second.id).base == first.id
    with pytest.raises(WrongState) as found:
        withdraw(store, first.id, "误导入", operator="张三", now=LATER)
    assert found.value.code == "store.import_followed"


def test_a_review_cancels_certificates_and_counts_persons(store: Store) -> None:
    give(store, "inspectors", INSPECTORS)
    result = give(store, "review", REVIEW + "A1,注销,退休\nB1,注销,调离执法岗位\nA2,合格,\n")
    assert result.review == ReviewCounts(before=3, cancelled=1, left=2)
    assert people(store) == {"王一": ["A1退休"], "赵二": ["A2"], "钱三": ["B1调离执法岗位", "B2"]}
    again = give(store, "review", REVIEW + "A1,注销,退休\n")
    assert again.review == ReviewCounts(before=2, cancelled=0, left=2)


def test_a_unit_cannot_bring_back_what_a_review_cancelled(store: Store) -> None:
    give(store, "inspectors", INSPECTORS)
    give(store, "review", REVIEW + "B1,注销,未参加审验\nB2,注销,未参加审验\n")
    again = HEAD + "钱三,城关所,ID-3,B1,长期\n钱三,城关所,ID-3,B2,长期\n"
    result = give(store, "inspectors", again)
    assert people(store)["钱三"] == ["B1未参加审验", "B2未参加审验"]
    assert [(note.code, note.params["count"]) for note in result.notes] == [("quarter.note.review_holds", 2)]
    give(store, "review", REVIEW + "B2,合格,\n")
    give(store, "inspectors", again)
    assert people(store)["钱三"] == ["B1未参加审验", "B2"]


def test_a_withdrawn_review_leaves_the_people_as_they_were(store: Store) -> None:
    give(store, "inspectors", INSPECTORS)
    before = people(store)
    review = give(store, "review", REVIEW + "A1,注销,退休\n")
    assert people(store) != before
    result = withdraw(store, review.id, " 结论有误 ", operator="李四", now=LATER)
    assert (result.kind, result.reason) == ("review", "结论有误")
    assert result.current is not None
    assert people(store) == before
    with store.read() as reader:
        entry = reader.log()[-1]
    assert (entry.verb, entry.operator, entry.details["reason"]) == ("import withdraw", "李四", "结论有误")
    give(store, "inspectors", INSPECTORS)
    assert people(store) == before


def test_a_withdrawal_needs_a_reason(store: Store) -> None:
    row = give(store, "entities", ENTITIES)
    with pytest.raises(InputRefused) as found:
        withdraw(store, row.id, " ", operator="张三", now=LATER)
    assert found.value.code == "quarter.reason_blank"


@pytest.mark.parametrize(
    ("kind", "text"),
    [("review", REVIEW + "A1,注销,退休\n"), ("conflicts", f"执法证编号,统一社会信用代码\nA1,{FIRMS[0]}\n")],
)
def test_people_come_before_what_speaks_of_them(kind: str, text: str, store: Store) -> None:
    refused("quarter.people_first", store, WrongState, kind, text)


def test_grades_of_entities_that_the_registry_lacks_are_kept_and_told(store: Store) -> None:
    give(store, "entities", "统一社会信用代码,企业名称\n" + "".join(f"{code},户\n" for code in FIRMS[:2]))
    result = give(
        store, "risk", "统一社会信用代码,信用风险等级\n" + "".join(f"{code},中\n" for code in FIRMS)
    )
    assert result.size == 3
    assert [(note.code, note.params["count"], note.params["examples"]) for note in result.notes] == [
        ("quarter.note.unknown_entities", 1, FIRMS[2])
    ]


def test_an_operator_who_is_not_registered_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "名录.csv"
    path.write_text(BAD, encoding="utf-8")
    before = on_disk(store.layout.root)
    with pytest.raises(InputRefused) as found:
        import_roster(store, "entities", [path], strict=True, operator="王五", now=NOW)
    assert found.value.code == "store.operator_unknown"
    assert on_disk(store.layout.root) == before


def test_what_cannot_be_read_changes_nothing(store: Store) -> None:
    for text in ("", "%PDF-1.7 no roster", "姓名,年龄\n王一,30\n"):
        before = on_disk(store.layout.root)
        with pytest.raises(InputRefused):
            give(store, "entities", text)
        assert on_disk(store.layout.root) == before


def test_private_cells_stay_out_of_the_log(store: Store) -> None:
    give(store, "inspectors", INSPECTORS + "李五,城关所,ID-PRIVATE-5,,\n")
    with store.read() as reader:
        text = "".join(str(entry) for entry in reader.log())
        assert "ID-" not in text + "".join(map(str, reader.imports()))


def test_the_sample_has_the_founding_figures(store: Store) -> None:
    """1,064 enforcers, 82 cancelled by the yearly review, 982 left: the founding report."""
    sample = shipped("sample_data")
    names = {"inspectors": "inspectors.csv", "review": "review.csv"}
    imported = import_roster(store, "inspectors", [sample / names["inspectors"]], operator="张三", now=LATER)
    reviewed = import_roster(store, "review", [sample / names["review"]], operator="张三", now=LATER)
    assert imported.size == 1064
    assert reviewed.review == ReviewCounts(before=1064, cancelled=82, left=982)


def test_a_roster_that_changes_while_the_file_is_read_is_not_overwritten(
    store: Store, tmp_path: Path
) -> None:
    """The file is a pipe: its reader has looked at the workspace when the pipe opens, and waits for its end."""
    pipe = tmp_path / "slow.csv"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(import_roster, store, "entities", [pipe], operator="李四", now=LATER)
        with pipe.open("wb") as writer:
            fast = give(store, "entities", ENTITIES)
            writer.write(ENTITIES.encode())
        error = slow.exception()
    assert isinstance(error, WrongState)
    assert error.code == "quarter.roster_changed"
    with store.read() as reader:
        assert [row.id for row in reader.imports()] == [fast.id]
