"""Papers for inspectors: all that a visit needs and no grade, room to write, one page each, thousands at once."""

import io
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from typing import Final

import pytest
from pypdf import PageObject, PdfReader

from shuangsuiji.publish import html, pdf, xlsx
from shuangsuiji.publish.papers import Duty, FormWords, Inspection, Person, record_form, task_sheet
from shuangsuiji.publish.pdf import render
from tests.publish.test_formats import pdf_text, texts, tight, xlsx_cells
from tests.publish.test_notices import Page
from tests.publish.test_receipt_sheet import HEAD

CHOICES: Final = FormWords(
    ("未发现问题", "未按规定公示年度报告", "通过登记的住所(经营场所)无法联系"),
    ("实地核查", "书面检查"),
    ("无需后续处置", "责令改正", "其他"),
)
TEAM: Final = (
    Person("组长", "宋磊", "市场监督管理局", "990121000001"),
    Person("属地人员", "谢宁", "柳河镇市场监管所", "990121000002"),
)
OTHER: Final = (TEAM[0], Person("属地人员", "钱三", "柳河镇市场监管所", "990121000003"))
PUBLICITY: Final = Duty("公示信息检查", ("年度报告公示信息检查", "即时公示信息检查"), "实地核查、书面检查")
SAFETY: Final = Duty("安全生产联合检查", ("安全生产责任制",), "实地核查")


def inspection(number: int, **changed: object) -> Inspection:
    one = Inspection(
        block=3,
        id=f"91990121MA{number:08d}",
        name=f"拟安第{number}号商贸有限公司",
        address=f"柳沟{number}号",
        district="柳河镇",
        day=date(2021, 3, 1 + number),
        appointed=False,
        duties=(PUBLICITY,),
        team=TEAM,
    )
    return replace(one, **changed)  # type: ignore[arg-type]


VISITS: Final = (
    inspection(1),
    inspection(2, appointed=True, duties=(PUBLICITY, SAFETY)),
    inspection(3, team=OTHER),
)


def test_a_task_sheet_names_team_targets_days_and_duties() -> None:
    document = task_sheet(HEAD, 3, VISITS)
    printed = pdf_text(render([document]).data)
    assert not {text for text in map(tight, texts(document)) if text not in printed}
    assert "于2021年3月2日至2021年3月4日对下列3户检查对象实施检查" in printed
    for one in VISITS:
        assert all(part in printed for part in (one.id, one.name, one.address))
    for person in TEAM:
        assert all(part in printed for part in (person.name, person.unit, person.certificate))
    assert "3月3日（周三）预约" in printed
    assert "安全生产责任制" in printed


def test_targets_whose_team_was_replaced_are_marked() -> None:
    printed = pdf_text(render([task_sheet(HEAD, 3, VISITS)]).data)
    assert re.findall(r"第(\d)号商贸有限公司\*", printed) == ["3"]
    assert "钱三" not in printed  # whose form says so
    assert "钱三" in pdf_text(render([record_form(HEAD, VISITS[2], CHOICES)]).data)
    assert "*" not in pdf_text(render([task_sheet(HEAD, 3, VISITS[:2])]).data)


def test_a_record_form_has_a_row_for_each_item_all_choices_and_places_to_sign() -> None:
    document = record_form(HEAD, VISITS[1], CHOICES)
    data = render([document]).data
    printed = pdf_text(data)
    assert len(PdfReader(io.BytesIO(data)).pages) == 1
    for item in (*PUBLICITY.items, *SAFETY.items, *CHOICES.categories, *CHOICES.methods, *CHOICES.disposals):
        assert item in printed
    for place in ("到场（签名）", "检查人员（签名、日期）", "见证人", "检查对象意见", "现场检查情况"):
        assert place in printed
    assert "预约" in printed
    assert "不预先告知" in pdf_text(render([record_form(HEAD, VISITS[0], CHOICES)]).data)


def test_a_form_is_one_page_for_a_joint_task_of_five_items_and_three_persons_too() -> None:
    categories = ("未发现问题", "未按规定公示年度报告", "未按规定公示其他应当公示的信息") * 3
    choices = FormWords(categories, CHOICES.methods, (*CHOICES.disposals, "立案查处", "移送"))
    joint = Duty("农药经营单位联合检查", ("农药经营许可条件保持情况的检查", "农药进货查验与台账的检查"), "")
    three = (*TEAM, Person("部门人员", "钱三", "演示县农业农村局农药管理科", "990121000003"))
    visits = [inspection(1), inspection(2, duties=(PUBLICITY, SAFETY, joint), team=three)]
    for head in (HEAD, replace(HEAD, rehearsal=True)):
        for one in visits:
            data = render([record_form(head, one, choices)]).data
            assert len(PdfReader(io.BytesIO(data)).pages) == 1


def test_long_words_make_their_rows_higher_and_a_form_stays_one_page() -> None:
    """No line of a cell lies over another's, and nothing is set outside its row."""
    task = "农药兽药饲料种子肥料经营使用单位部门联合双随机抽查监督检查专项任务"
    item = "农药经营许可条件保持情况、进货查验制度与销售台账建立执行情况的监督检查事项"
    name = "某某省某某市拟安第一号农业生产资料连锁经营有限责任公司柳河镇第二十三分店"
    assert min(map(len, (task, item, name))) > 32
    one = inspection(1, name=name, duties=(Duty(task, (item, f"{item}二"), ""), SAFETY))
    data = render([record_form(HEAD, one, CHOICES)]).data
    (page,) = PdfReader(io.BytesIO(data)).pages
    printed = tight(page.extract_text())
    for text in (task, item, f"{item}二", name, SAFETY.task, SAFETY.items[0]):
        assert text in printed
    columns: dict[int, list[float]] = {}
    for (left, top), _ in placed(page):
        columns.setdefault(round(left), []).append(top)
    assert max(map(len, columns.values())) > 10
    for tops in columns.values():
        assert all(below - above > 8 for above, below in pairwise(sorted(tops)))


def placed(page: PageObject) -> list[tuple[tuple[float, float], str]]:
    """Each line of a cell: from where it is set, and what it says."""
    found: list[tuple[tuple[float, float], str]] = []

    def visit(text: str, matrix: Sequence[float], at: Sequence[float], *_: object) -> None:
        if text.strip():
            left, top = at[4], at[5]
            place = (
                left * matrix[0] + top * matrix[2] + matrix[4],
                left * matrix[1] + top * matrix[3] + matrix[5],
            )
            found.append((place, text))

    page.extract_text(visitor_text=visit)
    return found


def test_signatures_are_on_no_page_alone() -> None:
    many = inspection(1, duties=tuple(replace(PUBLICITY, task=f"第{number}项检查") for number in range(5)))
    data = render([record_form(HEAD, many, CHOICES)]).data
    *_, last = PdfReader(io.BytesIO(data)).pages
    printed = tight(last.extract_text())
    assert "见证人" in printed
    assert "现场检查情况" in printed


def test_no_paper_can_hold_a_grade() -> None:
    names = {field.name for kind in (Inspection, Duty, Person, FormWords) for field in fields(kind)}
    assert not {name for name in names if re.search("tier|grade|risk|stratum|ticket|cut", name)}


def test_a_rehearsal_s_papers_are_marked() -> None:
    head = replace(HEAD, rehearsal=True)
    for document in (task_sheet(head, 3, VISITS), record_form(head, VISITS[0], CHOICES)):
        assert "演练本页不是正式公告" in pdf_text(render([document]).data)
        assert "演练" in html.page(document).decode()


def test_a_form_is_whole_as_a_page_too() -> None:
    document = record_form(HEAD, VISITS[1], CHOICES)
    page = Page(html.page(document)).text
    assert not {text for text in map(tight, texts(document)) if text not in page}
    cells = tight("\n".join(xlsx_cells(xlsx.workbook(document))))
    assert not {text for text in map(tight, texts(document)) if text not in cells}


def test_many_forms_are_one_file_in_their_order_and_the_same_bytes() -> None:
    forms = [record_form(HEAD, inspection(number % 28, id=f"{number:018d}"), CHOICES) for number in range(12)]
    data = render(forms, tags=False).data
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    assert [re.findall(r"\d{18}", page) for page in pages] == [[f"{number:018d}"] for number in range(12)]
    assert render(forms, tags=False).data == data


def test_very_many_forms_are_several_files_that_hold_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = [record_form(HEAD, inspection(number % 28, id=f"{number:018d}"), CHOICES) for number in range(5)]
    monkeypatch.setattr(pdf, "MOST", 2)
    made = [printed.data for printed in pdf.parts(iter(forms))]
    assert pdf.part_names("forms", len(forms)) == ["forms-01.pdf", "forms-02.pdf", "forms-03.pdf"]
    assert [len(PdfReader(io.BytesIO(data)).pages) for data in made] == [2, 2, 1]
    assert made[2] == render(forms[4:], tags=False).data
    assert pdf.part_names("forms", 2) == ["forms.pdf"]
    assert pdf.part_names("forms", 0) == []
