"""The browser verifier in a real Chromium: verdicts of §18, its words, its looks, and that it reaches for nothing."""

import json
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from docs.spec.v1 import verify
from docs.spec.v1.make_vectors import VECTORS
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.tampering import edit, resealed
from shuangsuiji.publish.verifier import PAGE
from shuangsuiji.publish.verifier.join import HERE, join
from shuangsuiji.publish.words import BEIJING
from tests.browser import inline_hashes
from tests.publish.verifier_page import (
    BUNDLES,
    ENGLISH,
    NOTARY,
    STEPS,
    VerifierPage,
    files_of,
    members,
    steps_of,
    written,
)

CASES: Final = json.loads((VECTORS / "bundles.json").read_text(encoding="utf-8"))["cases"]
SAMPLE: Final = {
    (len(steps_of(*files_of(case))), case.get("out"), case.get("fails")): case for case in reversed(CASES)
}
"""One of each kind and outcome: its program is put to all of them in tests/spec."""
CONTROLS: Final = "button, .button, input[type=text], textarea, summary, .check"
SOLE: Final = {"log_freeze", "log_close", "log_late_freeze", "log_late_close"}
RAISED: Final = r'(?:need\([^;]*?,\s+|new Fault\(|refuse\(|code: )"([a-z0-9_]+)"'


class TestFile:
    """One file, joined from the sources beside it, that may run its own program and nothing else."""

    def test_the_page_is_the_join_of_its_sources(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == join()

    def test_the_policy_allows_its_own_script_style_and_worker_and_nothing_else(self) -> None:
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', PAGE.read_text(encoding="utf-8"))
        assert policy is not None
        (script,), (style,) = inline_hashes(PAGE, "script"), inline_hashes(PAGE, "style")
        wanted = ("default-src 'none'", f"script-src {script}", f"style-src {style}", "worker-src blob:")
        assert policy[1] == "; ".join((*wanted, "base-uri 'none'", "form-action 'none'"))

    def test_it_names_no_address(self) -> None:
        assert not re.search(
            r"https?:|//[a-z]|@import|url\(", PAGE.read_text(encoding="utf-8").replace("// ", "")
        )

    def test_every_text_has_both_languages_with_the_same_places_to_fill(self, page: VerifierPage) -> None:
        tables = page.tab.evaluate("[TEXTS, OWN_TEXTS, FOUND_TEXTS, FACT_TEXTS, NAMES, FAULTS]")
        pairs = [pair for table in tables for pair in table.values()]
        assert len(pairs) > 150
        for chinese, english in pairs:
            assert chinese
            assert english
            assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", english))

    def test_every_fault_that_the_worker_can_find_has_words(self, page: VerifierPage) -> None:
        program = "".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.js")))
        raised = set(re.findall(RAISED, program)) | SOLE | {"json_form", "json_key"}
        assert raised == set(page.tab.evaluate("Object.keys(FAULTS)"))


class TestVerdict:
    """§18 Exit codes, failure classes and places."""

    @pytest.mark.parametrize("case", SAMPLE.values(), ids=[case["case"] for case in SAMPLE.values()])
    def test_of_bundles_and_receipts_of_every_outcome(self, desk: VerifierPage, case: dict[str, Any]) -> None:
        given, files = case["in"], files_of(case)
        desk.verify(*files)
        if desk.tab.is_visible("#accept"):
            desk.tab.set_checked("#accept", given["rehearsal"])
        if desk.tab.is_visible("#trust"):
            desk.tab.fill("#trust", "\n".join(given["trust"]))
        verdict = desk.verdict()
        failed = case.get("fails", "")
        assert (verdict.exit, verdict.failure) == ("1" if failed else str(case["out"]), failed)
        steps = steps_of(*files)
        held = steps.index(failed) if failed else len(steps)
        states = ["holds"] * held + (["failed"] + ["waiting"] * len(steps))[: len(steps) - held]
        assert desk.states() == dict(zip(steps, states, strict=True))

    @pytest.mark.parametrize(
        ("bundle", "place"),
        [
            ("archive-flipped-content.zip", ("blocks.jsonl", "字节")),
            ("encoding-space.zip", ("行", "字节")),
            ("registry-order.zip", ("entities.jsonl", "行", "编号")),
            ("targets-cut.zip", ("strata.jsonl", "第 1 行", ".cut")),
            ("log-entry-changed.zip", ("log.jsonl", "行")),
            ("witness-signature.zip", ("witness.jsonl", "行", ".signature")),
        ],
    )
    def test_a_failure_has_its_place(self, desk: VerifierPage, bundle: str, place: tuple[str, ...]) -> None:
        text = desk.verify(BUNDLES / bundle).text
        assert all(part in text for part in place), text

    def test_each_answer_is_said_of_the_steps_that_have_it(self, desk: VerifierPage) -> None:
        desk.verify(BUNDLES / "real-witnessed.zip")
        said = {step: desk.tab.inner_text(f"[data-step={step}] .badge") for step in STEPS}
        assert {step for step in STEPS if said[step] == "有据一致"} == {"notice", "log"}
        assert {step for step in STEPS if said[step] == "无"} == {"signature", "records"}
        assert {*said.values()} == {"有据一致", "已复算", "无"}

    def test_what_is_always_on_trust_is_said_of_every_bundle(self, desk: VerifierPage) -> None:
        for bundle in ("real-witnessed.zip", "targets-cut.zip", "real.zip"):
            desk.verify(BUNDLES / bundle)
            assert "名单是否完整、真实" in desk.trusted()
            assert "公开随机数" in desk.trusted()

    def test_a_fallback_names_the_drawing_that_must_not_have_taken_place(self, desk: VerifierPage) -> None:
        desk.verify(BUNDLES / "fallback.zip")
        announced = json.loads(members("fallback.zip")["commitment.json"])["targets"]["values"][0]
        assert f"第 {announced['issue']} 期确实没有开奖" in desk.trusted()
        told = (
            "第 2026053 期正是在公告的 2026-03-02 11:25:00（北京时间）开奖，没有更早，并且在 2026-03-02 09:30"
        )
        assert told in desk.trusted()

    def test_without_an_announced_hour_only_the_time_after_which_is_told(self, desk: VerifierPage) -> None:
        desk.verify(BUNDLES / "hours-not-told-before-the-seed.zip")
        assert "第 2026051 期在 2026-03-02 09:30:00（北京时间）以后才产生" in desk.trusted()

    @pytest.mark.parametrize("bundle", ["hours-closing-at.zip", "public-hours-closing-at.zip"])
    def test_a_statement_that_the_hour_did_not_wait_for_is_said_not_to_count(
        self, desk: VerifierPage, bundle: str
    ) -> None:
        verdict = desk.verify(BUNDLES / bundle)
        desk.tab.fill("#trust", NOTARY)
        assert (verdict.exit, desk.verdict().exit) == ("10", "10")
        told = "公告的开奖时刻是 2026-03-02 11:20:00（北京时间），这份见证不早于它"
        assert told in desk.tab.inner_text("body")


class TestFromOutside:
    """What an auditor brings: fingerprints, the published commitments, the lottery's numbers."""

    def test_the_fingerprint_of_the_witness_decides_the_order_in_time(self, page: VerifierPage) -> None:
        assert page.verify(BUNDLES / "real-signer-unknown.zip").exit == "13"
        page.tab.fill("#trust", "0" * 64)
        assert page.verdict().exit == "13"
        page.tab.fill("#trust", f"{'0' * 64}\n{NOTARY.upper()}")
        assert page.verdict().exit == "0"
        assert "没有与抽查机关串通" in page.trusted()
        page.tab.fill("#trust", NOTARY[:-1])
        assert page.verdict().exit == "13"
        assert "不是 64 位" in page.tab.inner_text("#trust-state")

    def test_a_pass_says_by_when_all_but_the_public_values_was_fixed(self, page: VerifierPage) -> None:
        """Beijing time of the closing's witness, the later of the two; that the lottery came after is on trust."""
        page.verify(BUNDLES / "contributors.zip")
        page.tab.fill("#trust", NOTARY)
        lines = verify.decode_lines(members("contributors.zip")["witness.jsonl"])
        time = datetime.fromisoformat(max(line["time"] for line in lines)).astimezone(BEIJING)
        assert page.verdict().exit == "0"
        assert f"{time:%Y-%m-%d %H:%M:%S}" in page.verdict().text
        assert f"晚于见证时间 {time:%Y-%m-%d %H:%M:%S}" in page.trusted()

    @pytest.mark.parametrize("stage", ["targets", "inspectors"])
    def test_another_commitment_than_the_published_one_is_no_pass(
        self, page: VerifierPage, stage: str
    ) -> None:
        page.verify(BUNDLES / "real.zip")
        published = json.loads(members("real.zip")["notice.json"])["commitments"][stage]
        field = f"#published-{stage}"
        page.tab.fill(field, " ".join(re.findall(".{4}", published.upper())))
        assert page.verdict().exit == "10"
        assert page.tab.inner_text(f"{field}-state") == "一致"
        page.tab.fill(field, published[:60])
        assert page.verdict().exit == "10"
        assert "4" in page.tab.inner_text(f"{field}-state")
        page.tab.fill(field, published[:-1] + ("0" if published[-1] != "0" else "1"))
        assert page.verdict().exit == "1"
        assert page.verdict().title == "与公布的不一致"

    def test_the_numbers_of_the_lottery_in_any_order_and_spacing(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "fallback.zip")
        seed = json.loads(members("fallback.zip")["seed.json"])
        (value,) = seed["values"]
        assert value["source"] == "kl8"
        numbers = [str(int(two)) for two in re.findall("..", value["value"])]
        page.tab.fill("#value-0", "，".join(reversed(numbers)))
        assert page.tab.inner_text("#value-0-state") == "一致"
        assert "与您输入的开奖结果一致" in page.trusted()
        page.tab.fill("#value-0", " ".join([*numbers[1:], "80"]))
        assert page.verdict().exit == "1"

    def test_nothing_typed_for_one_bundle_is_kept_for_the_next(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "real-witnessed.zip")
        page.tab.fill("#trust", NOTARY)
        page.tab.fill("#published-targets", "0" * 64)
        assert page.verify(BUNDLES / "real-signer-unknown.zip").exit == "13"
        assert page.tab.input_value("#published-targets") == ""


class TestHostile:
    """Nothing in a file hangs the page, runs in it, or writes over what it says."""

    def test_text_that_would_be_markup_or_turn_the_line_about(
        self, page: VerifierPage, tmp_path: Path
    ) -> None:
        name = "<img src=x onerror=document.title=1>\u202e\u0007\U000e0041" + "很长" * 5000
        data = edit("plan.json", ("authority",), name)(members("rehearsal.zip"))
        verdict = page.verify(written(tmp_path, data))
        assert verdict.failure == "commitment"
        assert "<img src=x onerror=document.title=1>\\u202e\\u0007\\ue0041" in verdict.text
        assert page.tab.locator("img").count() == 0
        assert len(page.tab.inner_text("body")) < 10_000
        assert page.overflow() == 0

    @pytest.mark.parametrize(
        ("data", "step"),
        [
            (b"", "archive"),
            (b"PK\x05\x06" + bytes(18), "archive"),
            (bytes(100), "archive"),
            (b"\xff" * 4096, "archive"),
            (bytes(30) + b"commitment.json", "archive"),
            (b"{}", "encoding"),
            (b'{"kind": "receipt"', "encoding"),
        ],
    )
    def test_bytes_that_are_nothing_of_the_kind(
        self, page: VerifierPage, tmp_path: Path, data: bytes, step: str
    ) -> None:
        assert page.verify(written(tmp_path, data)).failure == step

    def test_a_file_above_the_limit_is_not_even_read(self, page: VerifierPage, tmp_path: Path) -> None:
        path = tmp_path / "sparse.zip"
        with path.open("wb") as file:
            file.truncate(2**31 - 2**16 + 1)
        verdict = page.verify(path)
        assert verdict.failure == "archive"
        assert "2 GiB" in verdict.text

    def test_keys_that_every_object_of_the_language_inherits(
        self, page: VerifierPage, tmp_path: Path
    ) -> None:
        good = members("rehearsal.zip")
        for key in ("__proto__", "constructor", "toString"):
            salt = verify.decode(good["salt.json"])
            data = resealed(good | {"salt.json": verify.encode(salt | {key: salt["key"]})})
            assert page.verify(written(tmp_path, data)).failure == "registry"
        plan = verify.decode(good["plan.json"])
        plan["columns"] = {"constructor" if k == "grade" else k: v for k, v in plan["columns"].items()}
        data = resealed(good | {"plan.json": verify.encode(plan)})
        assert page.verify(written(tmp_path, data)).failure == "plan"

    def test_it_can_be_stopped_and_stays_usable_meanwhile(self, page: VerifierPage, tmp_path: Path) -> None:
        deep = b"[" * 60 + b"]" * 60
        rows = b"".join(b'{"id":"%09d","x":%s}\n' % (number, deep) for number in range(400_000))
        big = world.write_archive(members("rehearsal.zip") | {"entities.jsonl": rows})
        path = written(tmp_path, big)
        page.tab.set_input_files("#file", path)
        page.tab.wait_for_selector("#running:visible")
        page.tab.click("#language")
        assert page.tab.inner_text("#stop") == "Stop"
        page.tab.click("#stop")
        assert page.tab.is_hidden("#running")
        assert page.verify(BUNDLES / "rehearsal.zip").exit == "11"

    def test_it_asks_the_network_for_nothing_and_may_not(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "real-witnessed.zip")
        assert {url.partition(":")[0] for url in page.requests} <= {"file", "blob"}
        assert [url for url in page.requests if url.startswith("file:")] == [PAGE.as_uri()]
        refused = page.tab.evaluate("fetch('https://localhost/').then(() => '', (error) => error.name)")
        assert refused == "TypeError"
        assert "Content Security Policy" in " ".join(page.errors)
        page.errors.clear()


class TestReader:
    """Phone and desktop, both languages, keyboard, paper."""

    def test_nothing_is_wider_than_the_window(self, any_size: VerifierPage) -> None:
        assert any_size.overflow() == 0
        for bundle in ("contributors.zip", "real-receipt.zip", "targets-cut.zip", "fallback.zip"):
            any_size.verify(BUNDLES / bundle)
            for _ in range(2):
                assert any_size.overflow() == 0
                any_size.tab.click("#language")

    def test_what_is_touched_is_large_enough(self, any_size: VerifierPage) -> None:
        any_size.verify(BUNDLES / "rehearsal.zip")
        boxes = [one.bounding_box() for one in any_size.tab.locator(CONTROLS).all() if one.is_visible()]
        assert len(boxes) > 10
        assert all(box is not None and box["height"] >= 28 for box in boxes)

    def test_every_field_has_a_label_and_headings_do_not_skip(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "contributors.zip")
        unlabelled = page.tab.evaluate(
            "[...document.querySelectorAll('input, textarea')]"
            ".filter((one) => ![...one.labels].some((label) => label.textContent.trim()))"
            ".map((one) => one.id)"
        )
        assert unlabelled == []
        levels = page.tab.evaluate(
            "[...document.querySelectorAll('h1, h2, h3')].map((one) => +one.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))

    def test_it_is_used_by_keyboard_alone(self, page: VerifierPage) -> None:
        page.tab.on("filechooser", lambda _: None)  # Chromium's own dialogue is off from here on
        press = page.tab.keyboard.press
        press("Tab")
        assert page.tab.evaluate("document.activeElement.id") == "language"
        press("Tab")
        with page.tab.expect_file_chooser() as chooser:
            press("Enter")
        chooser.value.set_files(BUNDLES / "real-signer-unknown.zip")
        assert page.wait().exit == "13"
        assert page.tab.evaluate("document.activeElement.id") == "verdict-title"
        for _ in range(20):
            press("Tab")
            if page.tab.evaluate("document.activeElement.id") == "trust":
                break
        page.tab.keyboard.type(NOTARY)
        assert page.verdict().exit == "0"

    def test_the_verdict_is_announced_to_those_who_do_not_see_it(self, page: VerifierPage) -> None:
        verdict = page.verify(BUNDLES / "targets-cut.zip")
        assert page.tab.text_content("[role=status]#announce") == verdict.title

    def test_english_says_the_same(self, page: VerifierPage) -> None:
        chinese = page.verify(BUNDLES / "targets-cut.zip")
        page.tab.get_by_role("button", name=ENGLISH).click()
        english = page.verdict()
        assert (english.exit, english.failure) == (chinese.exit, chinese.failure)
        assert page.tab.get_attribute("html", "lang") == "en"
        told = re.sub("某某县市场监督管理局|中文|\\S*\\.zip", "", page.tab.inner_text("body"))
        assert not re.findall(r"[\u4e00-\u9fff]+", told)

    def test_colours_have_the_contrast_of_wcag_aa(self) -> None:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", PAGE.read_text(encoding="utf-8")))
        grounds = ("paper", "ground", "plain-ground")
        pairs = [(ink, ground) for ink in ("ink", "quiet", "accent") for ground in grounds]
        pairs += [(name, f"{name}-ground") for name in ("good", "fair", "bad")]
        pairs += [("ink", f"{name}-ground") for name in ("good", "fair", "bad")]
        for ink, ground in pairs:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)

    def test_on_paper_everything_is_unfolded_and_controls_are_gone(self, page: VerifierPage) -> None:
        page.verify(BUNDLES / "contributors.zip")
        page.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.tab.emulate_media(media="print")
        assert page.tab.locator("details:not([open])").count() == 0
        assert not [one for one in page.tab.locator("button, #choose, #trust").all() if one.is_visible()]
        assert page.tab.is_visible("#verdict")
        page.tab.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.tab.locator("details[open]").count() == 0
        assert page.tab.pdf().startswith(b"%PDF")

    def test_a_file_may_be_dropped_anywhere(self, page: VerifierPage) -> None:
        data = (BUNDLES / "real.zip").read_bytes()
        page.tab.evaluate(
            """(bytes) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([Uint8Array.from(bytes)], "real.zip"));
                document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
            }""",
            list(data),
        )
        assert page.wait().exit == "10"


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: the contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
