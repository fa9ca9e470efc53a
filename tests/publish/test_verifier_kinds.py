"""The browser verifier in a real Chromium: what it says of each kind of file, in words for those who read it."""

import json
from typing import Final

import pytest

from tests.publish.verifier_page import BUNDLES, NOTARY, RECEIPT_STEPS, STEPS, VerifierPage

BESIDE: Final = ("receipt-beside-the-public-bundle-drawn.json", "public-rehearsal-unasked.zip")
KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]] = {
    "auditor": (("rehearsal.zip",), ("targets-cut.zip",), "targets"),
    "public": (("public-rehearsal.zip",), ("public-targets-cut-changed.zip",), "targets"),
    "receipt": (("receipt-in-one-task.json",), ("receipt-registry-name-changed.json",), "registry"),
    "both": (BESIDE, ("receipt-public-cut-that-draws.json", BESIDE[1]), "public"),
}
"""By kind: a good file (or two), a tampered one, and the step that catches it."""


class TestKinds:
    """An auditor's bundle, a public bundle, a receipt: told apart by the page, each in words of its own."""

    def test_what_each_kind_is_for_is_said_before_a_file_is_chosen(self, page: VerifierPage) -> None:
        kinds = page.tab.inner_text("#kinds")
        assert all(word in kinds for word in ("审计包", "公开包", "回执"))
        page.verify(BUNDLES / "real.zip")
        assert page.tab.is_hidden("#kinds")

    @pytest.mark.parametrize("kind", ["auditor", "public", "receipt", "both"])
    def test_good_and_tampered_files_of_every_kind_at_both_sizes(
        self, any_size: VerifierPage, kind: str
    ) -> None:
        good, bad, step = KINDS[kind]
        verdict = any_size.verify(*(BUNDLES / name for name in good))
        assert (verdict.exit, verdict.failure) == ("11", "")
        assert any_size.overflow() == 0
        verdict = any_size.verify(*(BUNDLES / name for name in bad))
        assert (verdict.exit, verdict.failure) == ("1", step)
        assert any_size.overflow() == 0

    def test_a_public_bundle_says_what_is_not_checked(self, desk: VerifierPage) -> None:
        verdict = desk.verify(BUNDLES / "public-real-witnessed.zip")
        assert "名单与叶子是否对应：此处不核验" in verdict.text
        on_trust = (
            "名单与叶子是否对应：此处不核验",
            "计划是不是公布的那一份",
            "检查人员及其抽取",
            "有没有作废",
            "正是在公告的 2026-03-02 11:20:00（北京时间）开奖，没有更早",
        )
        assert all(words in desk.trusted() for words in on_trust)
        assert desk.tab.locator("#commitments .field").count() == 1
        assert desk.tab.is_hidden("#own")

    def test_a_receipt_is_told_to_the_owner_of_a_business(self, desk: VerifierPage) -> None:
        name = "receipt-drawn-in-two-tasks-and-listed.json"
        receipt = json.loads((BUNDLES / name).read_bytes())
        desk.verify(BUNDLES / name)
        said = desk.tab.inner_text("#own")
        assert "您的单位在名录中" in said
        assert receipt["entity"]["name"] in said
        assert f"共 {receipt['commitment']['targets']['registry']['size']} 户" in said
        ticket = desk.tab.inner_text("#own-facts > .groups").replace("\n", "").replace(" ", "")
        for task in receipt["tasks"]:
            stands = desk.tab.get_attribute(f"[data-task='{task['task']}']", "data-stands")
            drawn = "tier" in task and ticket <= task.get("cut", "")
            assert stands == ("drawn" if drawn else "not_drawn" if "tier" in task else "sent")
        assert "名额线是回执自己写的，凭信" in said
        assert "名额线：回执自己写的" in desk.trusted()

    def test_a_ticket_above_the_cut_and_reasons_outside(self, desk: VerifierPage) -> None:
        desk.verify(BUNDLES / "receipt-not-drawn.json")
        assert "您的签号在名额线以外" in desk.tab.inner_text("#own")
        desk.verify(BUNDLES / "receipt-excluded.json")
        assert "回执写的原因是" in desk.tab.inner_text("#own")

    def test_a_receipt_that_fails_tells_nothing_of_the_business(self, desk: VerifierPage) -> None:
        verdict = desk.verify(BUNDLES / "receipt-registry-path-flipped.json")
        assert "请向出具单位索取正确的回执" in verdict.text
        assert desk.tab.is_hidden("#own")

    @pytest.mark.parametrize("first", ["receipt", "public"])
    def test_the_second_of_receipt_and_public_bundle_joins_the_first(
        self, page: VerifierPage, first: str
    ) -> None:
        receipt, public = (BUNDLES / name for name in KINDS["both"][0])
        one, other = (receipt, public) if first == "receipt" else (public, receipt)
        page.verify(one)
        assert page.add(other).exit == "11"
        assert "名额线已由旁边的公开包重新算出" in page.tab.inner_text("#own")
        assert "名额线：回执自己写的" not in page.trusted()
        assert list(page.states()) == [*RECEIPT_STEPS, "public"]

    def test_a_public_bundle_of_another_draw_is_told_as_such(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "receipt-real-witnessed.json")
        assert page.add(BUNDLES / "public-rehearsal.zip").failure == "public"
        assert page.verify(BUNDLES / "receipt-real-witnessed.json").failure == ""

    def test_an_auditors_bundle_joins_nothing(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "receipt-real-witnessed.json")
        assert page.add(BUNDLES / "real.zip").exit == "10"
        assert list(page.states()) == STEPS

    def test_who_signed_changes_no_verdict(self, page: VerifierPage) -> None:
        verdict = page.verify(BUNDLES / "public-real-signed.zip")
        fingerprint = page.tab.inner_text("#signer-found .groups").replace("\n", "").replace(" ", "")
        assert "是谁签的待您确认" in verdict.text
        page.tab.fill("#signer", fingerprint)
        assert "是您信任的公钥" in page.verdict().text
        assert page.verdict().exit == verdict.exit
        page.verify(BUNDLES / "real.zip")
        assert "没有签名" in page.verdict().text
        assert page.tab.is_hidden("#signer-box")

    def test_a_void_draw_is_said_to_be_void(self, desk: VerifierPage) -> None:
        verdict = desk.verify(BUNDLES / "records-void.zip")
        assert verdict.title.startswith("本次抽取已作废")
        assert "不能作为实施检查的依据" in verdict.text
        assert verdict.exit == "11"

    def test_records_after_the_seed_are_told_one_by_one(self, desk: VerifierPage) -> None:
        desk.verify(BUNDLES / "records-void.zip")
        desk.tab.click("[data-step=records] summary")
        assert "局长" in desk.tab.inner_text("[data-step=records] dl")

    def test_a_successor_names_the_draw_before(self, desk: VerifierPage) -> None:
        assert "接替的抽取" in desk.verify(BUNDLES / "records-successor-of-a-void-draw.zip").text
        assert "前一次的种子公开以后" in desk.trusted()

    def test_a_draw_without_inspectors_says_so(self, desk: VerifierPage) -> None:
        assert desk.verify(BUNDLES / "shortage.zip").title.startswith("没有派出检查人员")

    def test_inspectors_sealed_late_need_a_witness_of_their_own(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "real-late-half-witnessed.zip")
        page.tab.fill("#trust", NOTARY)
        assert page.verdict().exit == "10"
        page.verify(BUNDLES / "real-late.zip")
        page.tab.fill("#trust", NOTARY)
        assert page.verdict().exit == "0"
        assert "检查人员：" in page.tab.inner_text("#values")
