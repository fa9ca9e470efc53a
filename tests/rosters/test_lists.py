"""A list drawn elsewhere names entities of the registry; reasons of changes name kinds, ids and who approved."""

from pathlib import Path

from shuangsuiji.rosters import read
from shuangsuiji.rosters.reasons import CHANGES, kind_word
from tests.rosters.offices import RULES, cells, codes_of, credit_code, csv_bytes, put, read_rows

A, B, STRANGER = (credit_code(number) for number in (1, 2, 3))
OLD = "410100000000011"


def test_a_list_has_entities_of_the_registry_under_their_present_codes(tmp_path: Path) -> None:
    registry = [["统一社会信用代码", "注册号", "名称"], [A, OLD, "甲店"], [B, "", "乙店"]]
    entities = read_rows("entities", tmp_path, registry, "bom.csv").frame
    rows = [["统一社会信用代码", "企业名称"], [OLD, "甲店"], [A, "甲店"], [STRANGER, "丙店"], ["", "丁店"]]
    roster = read("list", [put(tmp_path, "a.csv", csv_bytes(rows))], RULES, entities=entities)
    assert cells(roster, "id") == [A]
    assert roster.merged == 1
    assert codes_of(roster) == ["rosters.unknown_entity", "rosters.code_missing"]


def test_reasons_name_the_kind_in_any_words_and_go_with_an_approver(tmp_path: Path) -> None:
    rows = [
        ["变动类型", "变动对象", "变动理由", "批准人"],
        ["不再在册", "*", "注销登记", "李局长"],
        ["gone", A, "迁往外县", "李局长"],
        ["recusal added or dropped", "R1", "亲属任职", "王科长"],
        ["新在册", B, "", ""],
        ["新在册", A, "新设", ""],
        ["跑了", A, "不明", "李局长"],
        ["新在册", "", "新设", "李局长"],
    ]
    roster = read("reasons", [put(tmp_path, "a.csv", csv_bytes(rows))], RULES)
    assert [cells(roster, name) for name in ("kind", "id")] == [["gone", "gone", "recusal"], ["*", A, "R1"]]
    assert codes_of(roster) == ["rosters.cell_missing", "rosters.unknown_word", "rosters.change_id"]


def test_every_kind_of_change_is_told_by_its_words() -> None:
    assert len({kind_word(kind, "zh") for kind in CHANGES}) == len(CHANGES)
