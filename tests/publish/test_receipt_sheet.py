"""The sheet of a receipt: whose it is, what to compare, nothing that could run or hide."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from shuangsuiji.bundle.disclose import disclose_receipt
from shuangsuiji.bundle.public import PublicHead
from shuangsuiji.bundle.receipt import Outcome, Receipt
from shuangsuiji.bundle.sheet import ReceiptSheet
from shuangsuiji.publish.receipt_sheet import qr_text, receipt_sheet
from tests.publish.world import MARK, drawn

HEAD: Final = PublicHead(
    "某县市场监督管理局",
    "990121-2021-01",
    1,
    "抽查计划",
    False,
    7,
    "某县市场监督管理局",
    "",
    date(2021, 2, 3),
)
SHEET: Final = ReceiptSheet(
    HEAD, "91990121MAB46UBF8H", "平安超市", "ab" * 32, "cd" * 32, "ef" * 32, (("公示信息检查", True),)
)


def shown(sheet: ReceiptSheet) -> str:
    return receipt_sheet(sheet).decode()


def test_what_the_code_holds_is_text_to_compare() -> None:
    assert qr_text(SHEET).splitlines() == [
        "shuangsuiji receipt v1",
        "某县市场监督管理局",
        "draw real 7",
        f"commitment {'cd' * 32}",
        f"ticket {'ab' * 32}",
        f"sha256 {'ef' * 32}",
    ]
    assert "draw rehearsal 7" in qr_text(replace(SHEET, head=replace(HEAD, rehearsal=True)))


def test_the_same_view_gives_the_same_page_and_another_ticket_another_code() -> None:
    assert receipt_sheet(SHEET) == receipt_sheet(SHEET)
    code = re.compile(r"<svg.*?</svg>", re.DOTALL)
    one, other = (code.findall(shown(sheet)) for sheet in (SHEET, replace(SHEET, ticket="ac" * 32)))
    assert len(one) == len(other) == 1
    assert one != other


def test_digests_stand_in_groups_and_the_outcome_in_words() -> None:
    page = shown(SHEET)
    for digest in ("ab", "cd", "ef"):
        assert page.count(f"<span>{digest * 2}</span>") == 16
    assert "抽中" in page
    assert "未抽中" in shown(replace(SHEET, tasks=(("公示信息检查", False),)))
    assert "不在本次各项任务的抽取范围内" in shown(replace(SHEET, tasks=()))
    assert "演练" not in page
    assert "演练" in shown(replace(SHEET, head=replace(HEAD, rehearsal=True)))


def test_a_name_is_text_and_nothing_is_fetched() -> None:
    page = shown(replace(SHEET, name="<script>alert(1)</script>小吃店"))
    assert "<script>" not in page
    assert not re.findall(r"(?:src|href)=", page)
    assert "default-src 'none'" in page


def test_of_a_draw_it_says_no_more_than_drawn_or_not() -> None:
    one = drawn("real", secret_task=True)
    receipt = Receipt(
        "1", "张**", "ab" * 32, (Outcome("public", True), Outcome("safety", False, "not_in_pool")), b"{}"
    )
    sheet = disclose_receipt(one.batch, receipt, bytes(32))
    assert sheet.tasks == (("公示信息检查", True),)
    page = shown(sheet)
    assert "个体工商户（经营者张某）" in page
    assert "安全生产" not in page
    assert MARK not in page
