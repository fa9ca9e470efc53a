"""The public CSV: fixed columns, one row per task and enterprise, codes that survive a spreadsheet program."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.disclose import disclose_list
from shuangsuiji.bundle.public import PublicList, PublicTarget
from shuangsuiji.publish import rows
from shuangsuiji.publish.table import COLUMNS, read_table, write_table
from tests.publish.world import drawn

REAL = drawn("real")
LISTING = disclose_list(REAL.batch, REAL.frozen, REAL.outcome.teams)
SECRET = drawn("real", secret_task=True)
DOCUMENT = Path(__file__).parents[2] / "docs" / "public-csv.md"

targets = st.lists(
    st.builds(
        PublicTarget,
        id=st.one_of(st.from_regex(r"[0-9]{15}|[0-9A-Z]{18}", fullmatch=True), st.text(min_size=1)),
        name=st.text(),
        tasks=st.sampled_from((("public",), ("safety",), ("public", "safety"))),
        team=st.just(()),
    ),
    max_size=8,
)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@given(targets)
def test_whatever_codes_and_names_there_are_they_read_back(some: list[PublicTarget]) -> None:
    rows = read_table(write_table(replace(LISTING, targets=tuple(some))))
    expected = [(one.id, one.name, task) for one in some for task in one.tasks]
    got = [(row["统一社会信用代码/注册号"], row["抽查市场主体名称"], row["抽查任务编号"]) for row in rows]
    assert got == expected
    assert [row["序号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]


def test_it_is_utf_8_with_a_mark_and_crlf() -> None:
    data = write_table(LISTING)
    assert data.startswith(b"\xef\xbb\xbf" + COLUMNS[0].encode())
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == len(cells(data))


def test_every_visit_is_a_row_that_nobody_has_inspected_yet() -> None:
    rows = read_table(write_table(LISTING))
    visits = {
        (t.entity.id, task) for team in REAL.outcome.teams for t in team.block.targets for task in t.tasks
    }
    assert {(row["统一社会信用代码/注册号"], row["抽查任务编号"]) for row in rows} == visits
    assert len(rows) == len(visits)
    assert {row["检查结果"] for row in rows} == {"未检查"}
    assert {row["检查完成日期"] for row in rows} == {""}
    assert {row["抽查计划编号"] for row in rows} == {REAL.batch.plan.id}


def test_rows_ascend_by_code_then_in_the_plans_order() -> None:
    order = {task.id: number for number, task in enumerate(REAL.batch.plan.tasks)}
    keys = [
        (row["统一社会信用代码/注册号"], order[row["抽查任务编号"]])
        for row in read_table(write_table(LISTING))
    ]
    assert keys == sorted(keys)


def test_no_cell_is_a_bare_long_number_or_a_formula() -> None:
    for row in cells(write_table(LISTING))[1:]:
        for cell in row[1:]:
            assert not re.fullmatch(r"[0-9]+", cell)
            assert not cell.startswith(("=", "+", "-", "@", "＝"))


def test_a_list_that_does_not_tell_tasks_apart_has_one_row_for_each_enterprise() -> None:
    rows = read_table(write_table(disclose_list(SECRET.batch, SECRET.frozen, SECRET.outcome.teams)))
    assert [row["统一社会信用代码/注册号"] for row in rows] == sorted(SECRET.ids)
    assert {row["抽查任务编号"] for row in rows} == {"public、safety"}
    assert {row["备注"] for row in rows} == {"名单由本系统随机抽取；名单不分任务列示"}


def test_every_row_of_a_rehearsal_says_so() -> None:
    rehearsal = drawn("rehearsal")
    rows = read_table(write_table(disclose_list(rehearsal.batch, rehearsal.frozen, rehearsal.outcome.teams)))
    assert rows
    assert all(row["备注"].startswith("演练数据，不作为检查依据") for row in rows)
    assert not any("演练" in row["备注"] for row in read_table(write_table(LISTING)))


def test_the_columns_are_the_documented_ones() -> None:
    documented = re.findall(
        r"^\| (\S+) \|.*\|.*\|$", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert tuple(documented) == ("列", "---", *COLUMNS, "列", "---", *rows.COLUMNS)


def test_nobody_drawn_is_a_table_with_headings_only() -> None:
    nobody: PublicList = replace(LISTING, targets=())
    assert cells(write_table(nobody)) == [list(COLUMNS)]
