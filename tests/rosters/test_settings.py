"""The shipped configuration is sound, and an officer's mistake in a copy of it is named with its key."""

import re
from pathlib import Path

import openpyxl
import pytest

from shuangsuiji import config
from shuangsuiji.errors import InputRefused
from shuangsuiji.rosters import KINDS, HeadingMap, Rules, Words, read
from shuangsuiji.rosters.normal import squeeze
from tests.rosters.offices import RULES, cells, credit_code, csv_bytes, put, words_of

HEADINGS = config.locate("headings.toml").read_text(encoding="utf-8")
WORDS = config.locate("words.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("entity_rule =", "entity_rul =", "rosters.settings_unknown_key", "entity_rul"),
        ('entity_rule = "registration"', 'entity_rule = "any"', "rosters.settings_choice", "entity_rule"),
        ('entity_key = ["统一社会信用代码", "注册号"]', "", "rosters.settings_missing", "entity_key"),
        ('entity_key = ["统一', 'entity_key = ["不统一', "rosters.settings_heading", "entity_key"),
        ('required = ["企业名称"]', 'required = "企业名称"', "rosters.settings_type", "entities.required"),
        (
            'required = ["姓名", "单位"]',
            'required = ["星座"]',
            "rosters.settings_heading",
            "inspectors.required",
        ),
        ('content = "code"', 'content = "kode"', "rosters.settings_choice", "column[0].content"),
        (
            'kinds = ["entities", "risk", "conflicts", "visits", "list", "results", "abnormal"]',
            'kinds = ["firms"]',
            "rosters.settings_choice",
            "column[0].kinds",
        ),
        ('"工商注册号"', '"信用代码"', "rosters.settings_twice", "column[1]"),
        ('role = "owner"', 'role = "status"', "rosters.settings_twice", "column[17]"),
        ("private = true", 'private = "yes"', "rosters.settings_type", "column[12].private"),
        ("[risk]", "risk = 1\n[risks]", "rosters.settings_unknown_key", "risks"),
        ("[risk]", "[risk", "rosters.settings_unreadable", ""),
    ],
)
def test_a_mistake_in_the_headings_is_named(tmp_path: Path, old: str, new: str, code: str, key: str) -> None:
    assert old in HEADINGS
    path = put(tmp_path, "headings.toml", HEADINGS.replace(old, new).encode())
    with pytest.raises(InputRefused) as caught:
        HeadingMap.load(path)
    assert (caught.value.code, caught.value.where.key) == (code, key)
    assert str(path) in words_of(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("open_ended =", "open_end =", "rosters.settings_unknown_key", "open_end"),
        ("moved_out =", "moved =", "rosters.settings_unknown_key", "status.moved"),
        ('"已吊销"', '"注 销"', "rosters.settings_word", "status.deregistered"),
        ("[duty]", "[dutty]", "rosters.settings_unknown_key", "dutty"),
        ("[certificate]", "[[certificate]]", "rosters.settings_type", "certificate"),
        ("separators = ", "separators = 1 #", "rosters.settings_type", "separators"),
    ],
)
def test_a_mistake_in_the_words_is_named(tmp_path: Path, old: str, new: str, code: str, key: str) -> None:
    assert old in WORDS
    path = put(tmp_path, "words.toml", WORDS.replace(old, new).encode())
    with pytest.raises(InputRefused) as caught:
        Words.load(path)
    assert (caught.value.code, caught.value.where.key) == (code, key)
    words_of(caught.value)


def test_headings_without_columns_are_refused(tmp_path: Path) -> None:
    text = 'entity_key = []\ninspector_key = []\ncolumn = "企业名称"\n'
    with pytest.raises(InputRefused) as caught:
        HeadingMap.load(put(tmp_path, "headings.toml", text.encode()))
    assert (caught.value.code, caught.value.where.key) == ("rosters.settings_type", "column")


def test_a_workspace_names_its_own_headings_and_words(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    put(folder, "headings.toml", HEADINGS.replace('"工商注册号"', '"老执照号"').encode())
    put(folder, "words.toml", WORDS.replace('"登记成立"', '"红红火火"').encode())
    rules = Rules.load(workspace=tmp_path)
    rows = [["老执照号", "企业名称", "状态"], ["410100000000011", "甲店", "红红火火"]]
    roster = read("entities", [put(tmp_path, "a.csv", csv_bytes(rows))], rules)
    assert (cells(roster, "id"), cells(roster, "status")) == (["410100000000011"], ["in_business"])


def test_an_entity_may_be_a_product(tmp_path: Path) -> None:
    """Key, rule and its column are configuration; the code of a product is any text."""
    text = HEADINGS.replace('entity_key = ["统一社会信用代码", "注册号"]', 'entity_key = ["产品编号"]')
    text = text.replace('entity_rule = "registration"', 'entity_rule = "free"')
    kinds = '["entities", "risk", "visits", "list", "results", "abnormal"]'
    text += f'\n[[column]]\nheading = "产品编号"\ncontent = "code"\nkinds = {kinds}\n'
    put(tmp_path, "headings.toml", text.encode())
    rules = Rules.load(override=tmp_path)
    rows = [["产品编号", "产品名称", "统一社会信用代码"], ["p-01/ａ", "压力锅", "生产企业不详"]]
    roster = read("entities", [put(tmp_path, "a.csv", csv_bytes(rows))], rules)
    assert roster.frame.iloc[0][["id", "name"]].tolist() == ["P-01/A", "压力锅"]
    assert "统一社会信用代码" in roster.frame.columns


def test_the_mapping_may_name_the_sheet(tmp_path: Path) -> None:
    put(tmp_path, "headings.toml", HEADINGS.replace('sheet = ""', 'sheet = "二季度"', 1).encode())
    rules = Rules.load(override=tmp_path)
    book = openpyxl.Workbook()
    for title, name in (("一季度", "甲"), ("二季度", "乙")):
        page = book.create_sheet(title)
        page.append(["注册号", "企业名称"])
        page.append(["410100000000011", name])
    book.save(tmp_path / "a.xlsx")
    assert cells(read("entities", [tmp_path / "a.xlsx"], rules), "name") == ["乙"]
    book["二季度"].title = "三季度"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputRefused) as caught:
        read("entities", [tmp_path / "a.xlsx"], rules)
    assert caught.value.code == "rosters.sheet_missing"
    assert "一季度、三季度" in words_of(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_heading_of_practice_is_known(kind: str) -> None:
    """The headings met in real files, as the offices' forms and platforms have them."""
    met = {
        "entities": "统一社会信用代码/注册号 企业名称 名称 市场主体名称 单位名称 企业类型 主体类型 市场主体类型 "
        "登记机关 登记状态 经营状态 成立日期 注册日期 住所 经营场所 注册地址 地址 经营范围 所属行业 信用风险等级 "
        "信用风险分类 风险等级 监管标签 许可证名称 许可证编号 许可证有效期至",
        "inspectors": "姓名 性别 身份证号 手机号 单位 所在业务部门(机构) 地区 层级 岗位大类 岗位资质资格 执法事项范围 "
        "是否专家 执法证编号 执法证号 执法证有效期 执法证发证机关 执法人员状态 在岗状态",
    }
    index = HeadingMap.load(config.locate("headings.toml")).index
    assert all((kind, squeeze(heading)) in index for heading in met.get(kind, "").split())


def test_headings_of_an_earlier_version_hold_until_results_are_read(tmp_path: Path) -> None:
    cut = re.sub(r"(?ms)^\[(results|abnormal)\]\n.*?\n\n", "", HEADINGS)
    assert cut.count("\n[") == HEADINGS.count("\n[") - 2
    older = Rules(HeadingMap.load(put(tmp_path, "headings.toml", cut.encode())), RULES.words)
    firms = put(tmp_path, "a.csv", csv_bytes([["统一社会信用代码", "企业名称"], [credit_code(1), "甲店"]]))
    assert len(read("entities", [firms], older).frame) == 1
    with pytest.raises(InputRefused) as caught:
        read("results", [firms], older)
    assert caught.value.code == "rosters.settings_older"
