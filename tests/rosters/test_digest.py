"""The digest of a roster knows neither file format, encoding nor order of rows; every row is accounted for."""

import unicodedata
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangsuiji.rosters import frames, read
from tests.rosters.offices import (
    RULES,
    WRITERS,
    assert_accounted,
    cells,
    credit_code,
    put,
    read_rows,
)

HEAD = ["序号", "统一社会信用代码", "企业名称", "登记状态", "成立日期", "地区", "自定义"]
# What names are made of: Chinese in all planes, wide and composed forms, zero-width, quotes, delimiters, line breaks.
NAME = st.text(st.sampled_from("甲乙店𠮷Ａａé\u0301\u200b　 \n,;\t\"'（）*0"), max_size=8)
CODE = st.one_of(
    st.integers(0, 9).map(credit_code),
    st.integers(0, 9).map(lambda number: credit_code(number).lower()),
    st.sampled_from(["", "1", "410100000000011", "9.14101E+17", "#N/A", "91410100MO00000003"]),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from("123"),
        CODE,
        NAME,
        st.sampled_from(["存续", "注销", "吊销", "未知", ""]),
        st.sampled_from(["2019-04-18", "2019/4/18", "去年", ""]),
        st.sampled_from(["N/A", "城关", ""]),
        NAME,
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_table_has_one_digest_in_any_format_and_order(tmp_path: Path, data: st.DataObject) -> None:
    rows = data.draw(ROWS)
    first, second = (data.draw(st.sampled_from(sorted(WRITERS))) for _ in range(2))
    one = read_rows("entities", tmp_path, [HEAD, *rows], first)
    other = read_rows("entities", tmp_path, [HEAD, *data.draw(st.permutations(rows))], second)
    for roster in (one, other):
        assert_accounted(roster)
    assert one.frame.equals(other.frame)
    assert one.digest == other.digest
    assert sorted(row.code for row in one.refused) == sorted(row.code for row in other.refused)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_what_was_read_reads_again_as_itself(tmp_path: Path, rows: list[list[str]]) -> None:
    roster = read_rows("entities", tmp_path, [HEAD, *rows])
    written = [["统一社会信用代码", "企业名称", "登记状态", "成立日期", "地区", "自定义"]]
    status = {"in_business": "存续", "revoked": "吊销", "deregistered": "注销"}
    for _, row in roster.frame.iterrows():
        written.append(
            [row["id"], row["name"], status[row["status"]], row["成立日期"], row["地区"], row["自定义"]]
        )
    if len(written) > 1:
        again = read_rows("entities", tmp_path, written, "gb18030.csv")
        assert not again.refused
        assert again.digest == roster.digest


@given(st.lists(st.text(st.characters(codec="utf-8")), unique=True))
def test_rows_stand_in_the_order_of_their_keys_bytes(ids: list[str]) -> None:
    frame = frames.make("risk", {"id": ids})
    assert frame["id"].tolist() == sorted(ids, key=str.encode)
    assert str(frame["id"].dtype) == "str"


@given(st.lists(st.lists(st.text('ab",\n\\é', max_size=3), min_size=3, max_size=3), max_size=5))
def test_the_digest_tells_different_tables_apart(rows: list[list[str]]) -> None:
    """Cells are delimited: moving a character from one cell to the next changes the digest."""
    seen: dict[str, pd.DataFrame] = {}
    for shift in range(3):
        turned = [[*row[shift:], *row[:shift]] for row in rows]
        frame = frames.make(
            "visits",
            dict(zip(["id", "date", "来源"], map(list, zip(*turned, strict=True)), strict=True))
            if rows
            else {"id": [], "date": [], "来源": []},
        )
        digest = frames.digest("visits", frame)
        assert digest not in seen or seen[digest].equals(frame)
        seen[digest] = frame


def test_columns_may_stand_in_any_order_and_split_over_files(tmp_path: Path) -> None:
    whole = read_rows(
        "risk",
        tmp_path,
        [["统一社会信用代码", "风险等级", "乙"], [credit_code(1), "A", "x"], [credit_code(2), "B", ""]],
    )
    turned = put(
        tmp_path,
        "1.csv",
        WRITERS["gb18030.csv"]([["乙", "信用风险分类", "统一社会信用代码"], ["x", "A", credit_code(1)]]),
    )
    rest = put(
        tmp_path, "2.xls", WRITERS["old.xls"]([["信用风险等级", "统一社会信用代码"], ["B", credit_code(2)]])
    )
    assert read("risk", [rest, turned], RULES).digest == whole.digest


def test_names_in_two_forms_of_unicode_are_one(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "é店")
        roster = read_rows("entities", tmp_path, [["统一社会信用代码", "企业名称"], [credit_code(1), name]])
        assert cells(roster, "name") == ["é店"]
