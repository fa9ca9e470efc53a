"""A document in every format: nothing of it is lost, no name is markup, the same bytes every time, never a box."""

import csv
import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Final

import openpyxl
import openpyxl.utils
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from shuangsuiji.bundle.disclose import disclose_draw
from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.publish import fonts, html, rows, xlsx
from shuangsuiji.publish.cells import code_text, word_text
from shuangsuiji.publish.content import (
    Column,
    Document,
    Fact,
    Facts,
    Paragraph,
    Section,
    Span,
    Steps,
    Table,
    to_json,
)
from shuangsuiji.publish.draw_notice import draw_content
from shuangsuiji.publish.pdf import render
from shuangsuiji.publish.receipt_sheet import receipt_content
from tests.publish.test_notices import CONTENTS, REAL, Page
from tests.publish.test_receipt_sheet import SHEET

ALL: Final = CONTENTS | {"receipt": receipt_content(SHEET)}
VERIFIER: Final = "https://gs.example.gov.cn/ssj/verifier.html"
MM: Final = 72 / 25.4
UNSAID: Final = frozenset({"kind", "style", "code", "verifier"})
"""Fields that are no texts."""

DIFFERENT: Final = (
    "plan",
    "plan before the freeze",
    "commitment, rehearsal",
    "closing",
    "draw, with names",
    "draw, held back",
    "draw, tasks kept back",
    "receipt",
)
every_document = pytest.mark.parametrize("document", [ALL[name] for name in DIFFERENT], ids=DIFFERENT)

hostile = st.lists(
    st.one_of(
        st.sampled_from(
            [*"#$*_`\\[]{}<>&\"'@=+-/~^%;:,.()|!? ", "//", "/*", "#eval(", "{{", "}}", "{%", "**"]
        ),
        st.sampled_from([*"东镇西乡店张三９A1é"]),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=20,
).map("".join)


def texts(value: object, name: str = "") -> Iterator[str]:
    """Every text of a document."""
    if isinstance(value, str) and value.strip() and name not in UNSAID:
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one, name)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), field.name)


def tight(text: str) -> str:
    """A text without blanks: where lines and groups break is the renderer's own."""
    return re.sub(r"[\s\u200b]+", "", text)


def pdf_text(data: bytes) -> str:
    """The text of all pages, without their numbers and the 演练 behind them."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return tight("".join(re.sub(r"^演练|— ?\d+ ?—", "", page.strip()) for page in pages))


def xlsx_cells(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]


def csv_cells(data: bytes) -> list[str]:
    table = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [word_text(code_text(cell)) for row in table for cell in row]


@every_document
def test_nothing_that_a_document_says_is_lost_in_any_format(document: Document) -> None:
    said = {tight(text) for text in texts(document)}
    assert len(said) > 10
    for format_, shown in {
        "html": Page(html.page(document)).text,
        "pdf": pdf_text(render([document]).data),
        "xlsx": tight("\n".join(xlsx_cells(xlsx.workbook(document)))),
        "csv": tight("\n".join(csv_cells(rows.table(document)))),
    }.items():
        assert not {text for text in said if text not in shown}, format_


@every_document
def test_the_same_document_gives_the_same_workbook_and_table(document: Document) -> None:
    assert xlsx.workbook(document) == xlsx.workbook(document)
    assert rows.table(document) == rows.table(document)


def test_the_same_document_gives_the_same_pdf_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "notice.json").write_bytes(to_json(ALL["draw"]))
    program = (
        "import hashlib, pathlib, sys\n"
        "from shuangsuiji.publish import content, pdf\n"
        "document = content.from_json(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(hashlib.sha256(pdf.render([document]).data).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "notice.json")],
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(render([ALL["draw"]]).data).hexdigest()


@given(hostile, hostile)
@settings(max_examples=15, deadline=None)
def test_a_name_is_text_whatever_it_holds(name: str, code: str) -> None:
    document = named(name, code)
    data = html.page(document)
    assert Page(data).text.count(tight(name)) >= 4
    book = xlsx_cells(xlsx.workbook(document))
    assert book.count(name) >= 2 or any(one < " " or one in "\ufffe\uffff" for one in name)
    table = csv_cells(rows.table(document))
    assert table.count(name) >= 2
    printed = render([document])
    assert printed.data.startswith(b"%PDF")
    if not printed.unprintable and all(" " < one <= "~" or "一" <= one <= "龥" for one in name):
        assert pdf_text(printed.data).count(tight(name)) >= 4


def named(name: str, code: str) -> Document:
    """A short document with a name in every place where one may stand."""
    span = (Span(name),)
    blocks = (
        Paragraph((Span(name, "strong"),), "warning"),
        Steps((span,)),
        Facts((Fact(name, (span, (Span(code, "code"),))),), name, code="x"),
        Table(
            (Column(name), Column("代码", "code"), Column("任务", "codes")), ((name, code, (code,)),), name
        ),
    )
    real = CONTENTS["closing"]
    return replace(real, opening=blocks, sections=(Section(name, blocks),), ending=())


def test_what_no_font_has_is_written_as_its_code_and_told() -> None:
    gone = "\ue815"  # for private use: no font has it
    printed = render([named(f"张{gone}店\u202e", "1")])
    assert printed.unprintable == ("U+E815",)
    text = pdf_text(printed.data)
    assert "张〔U+E815〕店〔U+202E〕" in text
    assert gone not in text


def test_a_machine_without_a_chinese_font_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentRefused) as refused:
        fonts.find_fonts(tmp_path, system=False)
    assert (refused.value.code, refused.value.exit_code) == ("publish.no_chinese_font", 6)


def test_a_font_in_the_folder_of_one_s_own_will_do(tmp_path: Path) -> None:
    face = next(one for one in fonts.find_fonts().found.fonts() if one.family == "Noto Sans CJK SC")
    (tmp_path / "own.ttc").symlink_to(str(face.path))
    found = fonts.find_fonts(tmp_path, system=False)
    assert found.families["body"] == found.families["title"] == ("Noto Sans CJK SC",)
    assert found.missing("双随机，abc") == frozenset()


def test_the_tables_of_fonts_tell_what_typst_can_print() -> None:
    found = fonts.find_fonts()
    assert found.missing("双随机、一公开〔２〕—“”") == frozenset()
    assert found.missing("\ue815\U0010fffd店") == {"\ue815", "\U0010fffd"}


@pytest.mark.parametrize("name", ["plan", "commitment, rehearsal", "draw"])
def test_pages_are_those_of_an_official_document(name: str) -> None:
    """GB/T 9704: A4; above 37 mm, left 28, a type area of 156 x 225 mm; page numbers below it."""
    reader = PdfReader(io.BytesIO(render([CONTENTS[name]]).data))
    for number, page in enumerate(reader.pages, start=1):
        assert [round(float(side) / MM) for side in page.mediabox] == [0, 0, 210, 297]
        areas = [tight(text) for x, y, text in places(page) if 27.5 <= x <= 184 and 34 <= y <= 260]
        below = [tight(text) for _, y, text in places(page) if y < 34]
        assert areas
        assert re.fullmatch(rf"(演练)?—{number}—", "".join(below))


@pytest.mark.parametrize("name", ["plan", "closing", "draw, with names"])
def test_no_page_has_an_issuing_line_alone(name: str) -> None:
    pages = [
        tight(page.extract_text()) for page in PdfReader(io.BytesIO(render([CONTENTS[name]]).data)).pages
    ]
    (last,) = [page for page in pages if "某县市场监督管理局2021年2月3日" in page]
    assert "联系人" in last


def places(page: PageObject) -> list[tuple[float, float, str]]:
    """The texts of a page with the place where each begins, in mm from its lower left corner."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, matrix: list[float], *_: object) -> None:
        if text.strip():
            found.append((matrix[4] / MM, matrix[5] / MM, text))

    page.extract_text(visitor_text=visit)
    return found


def test_documents_of_one_file_begin_with_page_1_each() -> None:
    several = render([CONTENTS["closing"], CONTENTS["draw"]])
    alone = [len(PdfReader(io.BytesIO(render([CONTENTS[name]]).data)).pages) for name in ("closing", "draw")]
    pages = PdfReader(io.BytesIO(several.data)).pages
    assert len(pages) == sum(alone)
    numbers = [re.findall(r"— ?(\d+) ?—", page.extract_text()) for page in pages]
    assert numbers == [[str(number)] for count in alone for number in range(1, count + 1)]


def test_a_long_list_repeats_its_heading_on_every_page() -> None:
    view = disclose_draw(REAL.batch, REAL.frozen, REAL.outcome)
    assert view.list is not None
    many = replace(view, list=replace(view.list, targets=view.list.targets * 6))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render([draw_content(many)]).data)).pages]
    first = next(number for number, page in enumerate(pages) if page.startswith("附件"))
    assert len(pages) - first > 2
    assert all("抽查市场主体名称" in page for page in pages[first:])


def test_with_a_site_a_notice_has_the_verifier_s_address_and_code() -> None:
    document = replace(CONTENTS["draw"], verifier=VERIFIER)
    page = html.page(document).decode()
    assert html.qr_svg(VERIFIER) in page
    assert f'href="{VERIFIER}"' in page
    assert tight(VERIFIER) in pdf_text(render([document]).data)
    assert any(VERIFIER in cell for cell in xlsx_cells(xlsx.workbook(document)))
    assert VERIFIER in csv_cells(rows.table(document))
    assert "verifier.html" not in html.page(CONTENTS["draw"]).decode()


def test_a_workbook_prints_on_a4_one_page_wide_and_no_row_is_lower_than_its_text() -> None:
    """At the width of a Chinese character, which two Latin letters have; a list's heading comes again on each page."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx.workbook(CONTENTS["draw, with names"])))
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        merged = {one.coord.partition(":")[0]: one for one in sheet.merged_cells.ranges}
        for row in sheet.iter_rows(max_col=len(sheet.column_dimensions)):
            for cell in (one for one in row if one.value not in (None, "")):
                last = merged[cell.coordinate].max_col if cell.coordinate in merged else cell.column
                names = [openpyxl.utils.get_column_letter(n) for n in range(cell.column, last + 1)]
                width = sum(sheet.column_dimensions[one].width for one in names)
                lines = sum(
                    -(-sum(1 + (ord(one) > 0x2E7F) for one in line) // width) or 1
                    for line in str(cell.value).split("\n")
                )
                high = sheet.row_dimensions[cell.row].height or 15
                assert cell.row == 1 or high >= 13 * lines, (sheet.title, cell.coordinate, cell.value)
    assert book.worksheets[-1].print_title_rows


def test_codes_are_text_and_counts_numbers_in_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.workbook(CONTENTS["draw"])))
    assert book.sheetnames == ["正文", "附件"]
    sheet = book["附件"]
    heading = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    first = int(heading[0].coordinate[1:]) + 1
    assert sheet.freeze_panes == f"A{first}"
    listed = list(sheet.iter_rows(min_row=first))
    assert {row[2].value for row in listed} == REAL.ids
    assert {row[2].data_type for row in listed} == {"s"}
    assert {row[2].number_format for row in listed} == {"@"}
    assert [row[0].value for row in listed] == list(range(1, len(listed) + 1))
    assert not [cell for one in book for row in one for cell in row if cell.data_type == "f"]
