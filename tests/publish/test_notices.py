"""The notices as pages: complete in themselves, accessible, marked if a rehearsal, the same bytes every time."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.bundle.changes import Change
from shuangsuiji.bundle.disclose import disclose_closing, disclose_commitment, disclose_draw, disclose_plan
from shuangsuiji.bundle.signatures import fingerprint
from shuangsuiji.core.closing import Absent, Closing, Contribution, SignedValue, Slip
from shuangsuiji.core.seed import Announced, Drawing
from shuangsuiji.publish.content import Document, from_json, to_json
from shuangsuiji.publish.draw_notice import draw_content
from shuangsuiji.publish.html import page as as_page
from shuangsuiji.publish.notices import closing_content, commitment_content, plan_content
from tests.browser import pages, shared
from tests.contrast import contrast
from tests.publish.world import HAND_SET, LOTTERY, TEXTS, Drawn, drawn

VOID: Final = frozenset({"meta", "wbr", "br", "col"})


class Page(HTMLParser):
    """Elements in order, with their attributes; refuses tags that do not nest."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(data.decode())
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", "", "".join(self.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def contents(one: Drawn) -> dict[str, Document]:
    return {
        "plan": plan_content(disclose_plan(one.batch, one.frozen.strata)),
        "plan before the freeze": plan_content(disclose_plan(one.batch)),
        "commitment": commitment_content(disclose_commitment(one.batch, one.frozen, one.notice)),
        "closing": closing_content(disclose_closing(one.batch, one.notice, GIVEN, CLOSED)),
        "draw": draw_content(disclose_draw(one.batch, one.frozen, one.outcome)),
    }


GIVEN: Final = Closing(
    bytes(32),
    (Slip("王代表", "<b>春风</b>"), SignedValue("李代表", b"v" * 32, b"k" * 32, b"s" * 64), Absent("赵代表")),
)
CLOSED: Final = datetime(2021, 2, 1, 17, 0, 5, tzinfo=UTC)
REAL: Final = drawn("real")
REHEARSAL: Final = drawn("rehearsal")
CONTENTS: Final = (
    contents(REAL)
    | {f"{name}, rehearsal": content for name, content in contents(REHEARSAL).items()}
    | {"draw, with names": contents(drawn(texts=replace(TEXTS, publish_inspectors=True)))["draw"]}
    | {"draw, held back": contents(drawn(texts=replace(TEXTS, embargo="2021-07-01")))["draw"]}
    | {"draw, tasks kept back": contents(drawn("real", secret_task=True))["draw"]}
)
PAGES: Final = {name: as_page(content) for name, content in CONTENTS.items()}

every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_what_is_kept_of_a_notice_is_all_that_it_says(content: Document) -> None:
    kept = to_json(content)
    assert from_json(kept) == content
    assert to_json(from_json(kept)) == kept


@every_page
def test_a_page_needs_nothing_but_itself(page: bytes) -> None:
    parsed = Page(page)
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    addresses = [
        value for _, attrs in parsed.elements for key, value in attrs.items() if key in ("href", "src")
    ]
    assert set(addresses) <= {"#list"}
    assert not any(key.startswith("on") for _, attrs in parsed.elements for key in attrs)
    style = page.decode().partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in str(parsed.all("meta"))


@every_page
def test_a_page_is_accessible(page: bytes) -> None:
    parsed = Page(page)
    assert parsed.all("html") == [{"lang": "zh-CN"}]
    assert len(parsed.all("main")) == len(parsed.all("h1")) == len(parsed.all("title")) == 1
    assert all(attrs.get("scope") in ("row", "col") for attrs in parsed.all("th"))
    assert any("width=device-width" in str(attrs.get("content")) for attrs in parsed.all("meta"))
    blocks = re.findall(r"<table.*?</table>", page.decode(), flags=re.DOTALL)
    assert all('scope="col"' in block or 'scope="row"' in block for block in blocks)
    assert all("<caption>" in block or 'class="list"' in block for block in blocks)


@every_page
def test_a_page_has_title_text_signature_and_date(page: bytes) -> None:
    text = Page(page).text
    assert TEXTS.title in text
    assert text.count("某县市场监督管理局2021年2月3日") == 1
    assert TEXTS.contact in text


def test_the_closing_notice_says_what_everybody_gave() -> None:
    view = disclose_closing(REAL.batch, REAL.notice, GIVEN, CLOSED)
    page = Page(as_page(closing_content(view)))
    rows = re.findall(r"(王代表|李代表|赵代表)(纸条|签名数值|缺席)", page.text)
    assert rows == [("王代表", "纸条"), ("李代表", "签名数值"), ("赵代表", "缺席")]
    for part in ("<b>春风</b>", (b"v" * 32).hex(), GIVEN.digest("real").hex(), REAL.notice.targets):
        assert part in page.text
    assert "2021年2月2日01:00:05" in page.text


def test_the_closing_notice_names_the_key_of_each_signed_value() -> None:
    """A signature is the holder's of a key: whose that is the person can tell by the fingerprint alone."""
    view = disclose_closing(REAL.batch, REAL.notice, GIVEN, CLOSED)
    (key,) = (one.key for one in GIVEN.contributions if isinstance(one, SignedValue))
    text = Page(as_page(closing_content(view))).text
    assert f"李代表{fingerprint(key)}" in text
    assert "不证明持有人是谁" in text
    slips = Closing(GIVEN.commitment, tuple(one for one in GIVEN.contributions if one.person != "李代表"))
    assert (
        "密钥指纹"
        not in Page(as_page(closing_content(disclose_closing(REAL.batch, REAL.notice, slips, CLOSED)))).text
    )


def test_contributors_and_fallbacks_stand_in_the_commit_notice() -> None:
    announced = Announced("kl8", "2026318", (Drawing("kl8", "2026319"), Drawing("dice", "1")))
    notice = replace(REAL.notice, values=(announced,), contributors=("王代表", "李代表"))
    text = Page(as_page(commitment_content(disclose_commitment(REAL.batch, REAL.frozen, notice)))).text
    assert "快乐8第2026318期；该期未开奖的，以快乐8第2026319期代替；仍未开奖的，以十面骰子代替" in text
    assert "王代表李代表" in text
    assert "现场投入人" not in Page(PAGES["commitment"]).text


def test_the_commit_notice_tells_readers_when_the_lotteries_are_drawn() -> None:
    view = disclose_commitment(REAL.batch, REAL.frozen, REAL.notice)
    text = Page(as_page(commitment_content(view, {"kl8": "每日21:30开奖"}))).text
    assert "快乐8第2026318期（每日21:30开奖，以发布机构的公告为准）" in text


def test_the_notices_tell_the_day_and_hour_of_each_drawing_in_beijing() -> None:
    announced = Announced("kl8", "2026318", (Drawing("kl8", "2026319"), Drawing("dice", "1")))
    hours = {"kl8:2026318": "2026-11-20T13:30:00Z", "kl8:2026319": "2026-11-21T16:00:05Z"}
    notice = replace(REAL.notice, values=(announced,), hours=hours)
    view = disclose_commitment(REAL.batch, REAL.frozen, notice)
    committed = Page(as_page(commitment_content(view, {"kl8": "每日21:30开奖"}))).text
    closed = Page(as_page(closing_content(disclose_closing(REAL.batch, notice, GIVEN, CLOSED)))).text
    told = (
        "快乐8第2026318期（北京时间2026年11月20日21:30开奖）"
        "；该期未开奖的，以快乐8第2026319期（北京时间2026年11月22日00:00:05开奖）代替"
        "；仍未开奖的，以十面骰子代替"
    )
    assert told in committed
    assert told in closed
    assert "每日21:30开奖" not in committed
    assert "外部见证须在其前作出" in committed
    assert "外部见证须在其前作出" not in Page(PAGES["commitment"]).text


def test_the_result_names_the_drawing_that_did_not_take_place() -> None:
    spare = replace(REAL.frozen, announced=(Announced("kl8", "2026317", (LOTTERY.drawing,)),))
    text = Page(as_page(draw_content(disclose_draw(REAL.batch, spare, REAL.outcome)))).text
    assert "快乐8第2026317期未开奖" in text
    assert "未开奖" not in Page(PAGES["draw"]).text


def test_colours_have_the_contrast_of_wcag_aa() -> None:
    style = PAGES["draw"].decode()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", style))
    for name in ("ink", "quiet", "red"):
        for ground in ("#ffffff", colours["tint"]):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)


@pytest.mark.parametrize("name", contents(REAL))
def test_a_rehearsal_is_marked_unmistakably_and_nothing_else_is(name: str) -> None:
    real, rehearsal = Page(PAGES[name]), Page(PAGES[f"{name}, rehearsal"])
    assert "演练" not in real.text
    assert rehearsal.text.startswith("【演练】")  # the browser's title
    assert "（演练）" in rehearsal.text
    assert "抽取编号：演练第7号" in rehearsal.text
    classes = [attrs.get("class") for _, attrs in rehearsal.elements]
    assert "rehearsal" in classes
    assert "watermark" in classes
    assert not {"rehearsal", "watermark"} & {attrs.get("class") for _, attrs in real.elements}


def test_the_commit_notice_says_what_is_sealed_and_what_will_decide() -> None:
    text = Page(PAGES["commitment"]).text
    for digest in (REAL.notice.targets, REAL.notice.inspectors, REAL.notice.head):
        assert digest in text  # the groups of a fingerprint are apart for the eye only: copied, they are one
    for words in ("快乐8第2026318期", "2021年2月20日", "2021年2月2日00:30:05（北京时间）", "120户", "24人"):
        assert words in text
    assert LOTTERY.value not in text.replace(" ", "")


def test_the_result_notice_has_the_evidence_and_both_commands() -> None:
    view = disclose_draw(REAL.batch, REAL.frozen, REAL.outcome)
    text = Page(PAGES["draw"]).text
    evidence = view.evidence
    for digest in (
        evidence.targets,
        evidence.inspectors,
        evidence.closing,
        evidence.targets_seed,
        evidence.inspectors_seed,
        evidence.result,
        LOTTERY.value,
    ):
        assert digest in text
    page = PAGES["draw"].decode()
    assert "shuangsuiji audit verify 审计包.zip\n" in page
    assert "python docs/spec/v1/verify.py 审计包.zip</code>" in page
    assert HAND_SET.value in Page(PAGES["draw, rehearsal"]).text
    assert PAGES["draw, rehearsal"].decode().count("审计包.zip --rehearsal") == 2


def test_the_list_is_complete_and_every_name_is_shown_as_written() -> None:
    text = Page(PAGES["draw"]).text
    for team in REAL.outcome.teams:
        for target in team.block.targets:
            assert re.sub(r"\s+", "", target.entity.name) in text
            assert target.entity.id in text
    assert f"共抽取检查对象{len(REAL.ids)}户" in text


def test_a_list_held_back_leaves_counts_and_evidence() -> None:
    text = Page(PAGES["draw, held back"]).text
    assert "抽查对象名单自2021年7月1日起公布" in text
    assert "附件" not in text
    assert f"共抽取检查对象{len(REHEARSAL.ids)}户" in text
    assert HAND_SET.value in text
    assert not any(one in text for one in REHEARSAL.ids)


def test_many_rows_make_one_table_whose_heading_repeats_on_every_printed_page() -> None:
    view = disclose_draw(REAL.batch, REAL.frozen, REAL.outcome)
    assert view.list is not None
    many = replace(view, list=replace(view.list, targets=view.list.targets * 100))
    page = as_page(draw_content(many)).decode()
    table = page[page.index('<table class="list">') :]
    assert table.count("<tr>") == 100 * len(REAL.ids) + 1
    assert "thead { display: table-header-group; }" in page


def test_a_closing_with_many_contributors_begins_on_its_first_page(tmp_path: Path) -> None:
    person = "某某县人民代表大会常务委员会代表第{}联络站王代表"
    gave: tuple[Contribution, ...] = (Slip(person.format(1), "春" * 200),)
    gave += tuple(Absent(person.format(number)) for number in range(2, 15))
    view = replace(disclose_closing(REAL.batch, REAL.notice, GIVEN, CLOSED), contributions=gave)
    paper = tmp_path / "closing.html"
    paper.write_bytes(as_page(closing_content(view)))
    assert pages(paper) == 2, "a table of many rows is broken between them"
    page = shared().new_page(viewport={"width": 390, "height": 844})
    page.goto(paper.as_uri())
    name = page.get_by_text(person.format(9)).bounding_box()
    assert name is not None
    assert name["width"] > 110, "names have room"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_the_authors_own_text_replaces_the_default_and_is_escaped() -> None:
    body = "第一段 <b>不是标签</b>\n\n第二段"
    own = drawn("real", texts=replace(TEXTS, draw_body=body, plan_body=body, commitment_body=body))
    for page in (as_page(one) for name, one in contents(own).items() if name != "closing"):
        assert "<p>第一段 &lt;b&gt;不是标签&lt;/b&gt;</p>\n<p>第二段</p>" in page.decode()


def test_the_same_draw_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.publish.test_notices import PAGES\n"
        "print(hashlib.sha256(b''.join(PAGES.values())).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/New_York"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(b"".join(PAGES.values())).hexdigest()


def test_the_commit_notice_tells_how_much_of_the_lists_changed_and_what_has_no_reason() -> None:
    """Numbers by kind for anybody, nothing of whom."""
    lines = (
        Change("gone", "A", reason="注销", approver="王"),
        Change("column", "B"),
        Change("recusal", "P", now="{}"),
    )

    def told(changes: tuple[Change, ...] | None) -> str:
        view = disclose_commitment(REAL.batch, REAL.frozen, REAL.notice, changes=changes)
        return Page(as_page(commitment_content(view))).text

    assert "检查对象不再在册1" in told(lines)
    assert "未说明理由的2项" in told(lines)
    assert "未说明理由" not in told(lines[:1])
    assert "没有变动" in told(())
    assert "名册变动（" not in told(None)
