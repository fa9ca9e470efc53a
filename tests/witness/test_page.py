"""The witness's page in a real browser: the same keys, records, statements and refusals as the Python tool."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from shuangsuiji.bundle.notice import parse_notice
from shuangsuiji.bundle.signing import WITNESS, read_key
from shuangsuiji.bundle.witness import SignedStatement, check_testimony, parse_testimony
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.core.hashing import draw_hash, tagged_hash
from shuangsuiji.witness.folder import PAGE, show, sign
from shuangsuiji.witness.record import read_record
from tests.browser import inline_hashes
from tests.witness.paper import NARROW, WIDE, WitnessPage, opened
from tests.witness.world import (
    HIDING,
    LATE,
    LATE_CLOSING,
    LATER,
    LOOKALIKE,
    NAME,
    NOTICE,
    NOW,
    REHEARSAL,
    SHOWN,
    bad_closings,
    bad_notices,
    changed,
    closing,
    new_folder,
    write,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

THREE_D: Final = datetime.fromisoformat(NOTICE["hours"]["fc3d:2026310"])
SIZES: Final = {"wide": WIDE, "narrow": NARROW}


def statement_in(path: Path) -> SignedStatement:
    found = parse_testimony(parse_json(path.read_bytes()))
    assert isinstance(found, SignedStatement)
    return found


def ready(page: WitnessPage) -> Path:
    """Make a key and begin a record; the key's file."""
    key = page.make_key()
    page.begin()
    return key


class TestFile:
    """One file that reaches for nothing."""

    def test_the_policy_allows_its_own_script_and_style_and_nothing_else(self) -> None:
        html = PAGE.read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
        assert policy is not None
        (script,), (style,) = inline_hashes(PAGE, "script"), inline_hashes(PAGE, "style")
        wanted = ("default-src 'none'", f"script-src {script}", f"style-src {style}", "base-uri 'none'")
        assert policy[1] == "; ".join((*wanted, "form-action 'none'"))

    def test_every_text_is_there_in_both_languages_and_is_used(self) -> None:
        html = PAGE.read_text(encoding="utf-8")
        texts, code = html.split("const TEXTS = {")[1].split("\n};\n", 1)
        names = re.findall(r'^  "([a-z0-9_.-]+)": \[', texts, flags=re.MULTILINE)
        assert len(names) == len(set(names)) > 100
        code += html.split("<script>")[0]
        completed = {name.rpartition(".")[0] for name in names if f"`{name.rpartition('.')[0]}.${{" in code}
        for name in names:
            assert name.rpartition(".")[0] in completed or name.removeprefix("error.") in code, name


class TestStatements:
    """§17 What the page signs verifies, and is what the Python tool would have signed."""

    def test_notice_and_closing_signed_on_the_page_verify(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(NOTICE)
            first = statement_in(page.sign())
            page.at(LATER)
            page.load(closing())
            second = statement_in(page.sign())
            record = page.record().read_bytes()
        digest = draw_hash("real", "closing", canonical_json(closing()))
        for one, time in ((first, "2026-11-20T02:00:00Z"), (second, "2026-11-20T05:00:00Z")):
            check_testimony(one, parse_notice(NOTICE), digest)
            assert (one.statement.name, one.statement.time) == (NAME, time)
        assert first.statement.digest == tagged_hash("notice", canonical_json(NOTICE)).hex()
        kept = read_record(record, "page")
        assert [entry.signed for entry in kept.entries] == [first, second]

    def test_no_authority_is_an_outside_witness_of_its_own_notice(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        own = "拟安县　市场\u200b监督管理局"
        with opened(browser, tmp_path) as page:
            page.make_key(own)
            page.begin()
            page.load(NOTICE)
            assert "机关不能见证自己的公告" in page.said("document-told")
            assert not page.tab.is_visible("#document")
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(NOTICE)
            page.sign()
            page.tab.click("#key-forget")
            page.tab.fill("#new-name", own)
            page.tab.click("#key-make button")
            assert "机关不能见证自己的公告" in page.said("key-told")

    def test_a_late_seal_is_signed_beside_the_draw_s_own_notice(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            signed = []
            for value in (NOTICE, LATE, LATE_CLOSING):
                page.load(value)
                signed.append(statement_in(page.sign()))
            page.load(changed(LATE, "commitments.inspectors", "3d" * 32))
            assert "2026-11-20 10:00:00" in page.said("document-told")
            record = page.record().read_bytes()
        assert [one.statement.of for one in signed] == ["notice", "late-notice", "late-closing"]
        late = parse_notice(LATE), draw_hash("real", "closing", canonical_json(LATE_CLOSING))
        for one in signed:
            check_testimony(one, parse_notice(NOTICE), None, late)
        assert [entry.signed for entry in read_record(record, "page").entries] == signed

    def test_the_tool_goes_on_where_the_page_stopped(self, browser: "Browser", tmp_path: Path) -> None:
        folder = tmp_path / "witness"
        folder.mkdir()
        with opened(browser, folder) as page:
            ready(page).chmod(0o600)
            page.load(NOTICE)
            first = statement_in(page.sign())
            page.record()
        assert read_key(folder / "witness.key.json", WITNESS).fingerprint == first.fingerprint
        assert show(folder).statements == (first,)
        again = sign(folder, write(tmp_path, NOTICE), now=LATER)
        assert (again.repeated, again.signed) == (True, first)
        sign(folder, write(tmp_path, closing(), "closing.json"), now=LATER)

    def test_the_page_goes_on_where_the_tool_stopped(self, browser: "Browser", tmp_path: Path) -> None:
        folder = new_folder(tmp_path)
        first = sign(folder, write(tmp_path, NOTICE), now=NOW)
        with opened(browser, tmp_path) as page:
            page.at(LATER)
            page.load_key(folder / "witness.key.json")
            assert "1" in page.load_record(folder / "witness-record.jsonl")
            page.load(NOTICE)
            assert statement_in(page.sign()) == first.signed  # the one of that time, not a new one
            assert "2026-11-20 10:00:00" in page.said("sign-told")
            page.load(closing())
            second = statement_in(page.sign())
            newer = page.record().read_bytes()
        assert second.fingerprint == first.fingerprint
        # Ed25519 is deterministic: the tool writes the same record from here, byte for byte.
        sign(folder, write(tmp_path, closing(), "closing.json"), now=LATER)
        assert (folder / "witness-record.jsonl").read_bytes() == newer

    @pytest.mark.parametrize(("stored", "word"), [("口令 passphrase", "口令 passphrase"), ("", "")])
    def test_a_key_file_opens_again(self, browser: "Browser", tmp_path: Path, stored: str, word: str) -> None:
        with opened(browser, tmp_path) as page:
            key = page.make_key(password=stored)
            fingerprint = page.tab.inner_text("#key-line")
        assert (b'"secret"' in key.read_bytes()) == (not stored)
        with opened(browser, tmp_path) as page:
            if stored:
                assert "口令" in page.load_key(key, "wrong")
                assert "口令" in page.load_key(key)
            page.load_key(key, word)
            assert page.tab.inner_text("#key-line") == fingerprint

    def test_a_rehearsal_is_signed_only_if_it_is_meant(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(REHEARSAL)
            assert "演练" in page.shown
            page.tab.check("#compared")
            assert page.tab.is_disabled("#sign")
            assert statement_in(page.sign()).statement.mode == "rehearsal"


class TestRefusals:
    """What the tool refuses, the page refuses."""

    def test_a_second_commitment_is_refused_whatever_differs(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(NOTICE)
            page.sign()
            page.at(LATER)
            for path, new in (
                ("commitments.inspectors", "2e" * 32),
                ("commitments.targets", "3d" * 32),
                ("deadline", "2026-12-21"),
                ("head", "cd" * 32),
                ("authority", "拟安县市场监督管理局\u3000"),
            ):
                page.load(changed(NOTICE, path, new))
                refusal = page.said("document-told")
                assert "2026-11-20 10:00:00" in refusal
                assert tagged_hash("notice", canonical_json(NOTICE)).hex() in refusal
                assert page.tab.is_disabled("#sign")
                assert not page.tab.is_visible("#document")
            page.load(changed(NOTICE, "draw", 4))
            assert page.tab.is_visible("#document")

    def test_a_lookalike_authority_is_signed_only_if_it_is_another(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        other = changed(changed(NOTICE, "authority", LOOKALIKE), "commitments.targets", "3d" * 32)
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(NOTICE)
            assert not page.tab.is_visible("#other")
            page.sign()
            for path, new in (("head", "cd" * 32), ("plan", "990121-2026-04")):
                page.load(changed(other, path, new))
                page.confirm()
                told = page.tab.inner_text("#other-row")
                assert "拟安县市<U+5E02>场监督管理局" in told
                assert "拟安县巿<U+5DFF>场监督管理局" in told
                assert "已有的单位：拟安县市场监督管理局" in page.tab.inner_text("#sign-new")
                assert page.tab.is_disabled("#sign")
            page.tab.check("#other")
            page.sign()
            assert not page.tab.is_visible("#other")
            assert len(read_record(page.record().read_bytes(), "page").entries) == 2
            away = changed(changed(other, "authority", "乙县"), "head", "ef" * 32)
            page.load(changed(away, "plan", "990122-2026-03"))
            assert not page.tab.is_visible("#other")
            page.confirm()
            assert page.tab.is_enabled("#sign")

    def test_a_second_tab_knows_what_the_first_signed(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            key = ready(page)
            tab = page.tab.context.new_page()
            other = WitnessPage(tab, tmp_path)
            other.at(LATER)
            other.open()
            other.load_key(key)
            other.load(changed(NOTICE, "deadline", "2026-12-21"))
            other.confirm()
            page.load(NOTICE)
            page.sign()
            other.tab.wait_for_selector("#document-told:visible")
            assert other.tab.is_disabled("#sign")

    def test_a_second_closing_and_one_without_its_notice_are_refused(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(closing())
            assert "承诺公告" in page.said("document-told")
            page.load(NOTICE)
            page.sign()
            page.load(closing())
            page.sign()
            page.load(closing(slip="另一张"))
            assert "2026-11-20 10:00:00" in page.said("document-told")

    def test_every_form_that_the_tool_refuses_is_refused(self, browser: "Browser", tmp_path: Path) -> None:
        accepted = []
        with opened(browser, tmp_path) as page:
            ready(page)
            for name, data in bad_notices():
                page.load(data)
                if page.tab.is_visible("#document"):
                    accepted.append(name)
            page.load(NOTICE)
            page.sign()
            for name, value in bad_closings():
                page.load(value)
                if page.tab.is_visible("#document"):
                    accepted.append(name)
        assert accepted == []

    def test_a_clock_that_runs_back_is_refused(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.at(NOW - timedelta(hours=1))
            page.load(NOTICE)
            page.confirm()
            page.tab.click("#sign")
            assert "2026-11-20 09:30:00" in page.said("sign-told")
            assert page.record().read_bytes() == b""
            page.at(LATER)
            page.load(NOTICE)
            page.sign()
            page.at(NOW)
            page.load(changed(NOTICE, "draw", 4))
            page.confirm()
            page.tab.click("#sign")
            assert "2026-11-20 13:00:00" in page.said("sign-told")

    def test_after_the_hour_of_its_drawing_nothing_is_signed(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(NOTICE)
            page.confirm()
            page.at(THREE_D)
            page.tab.click("#sign")
            assert "福彩3D第 2026310 期（2026-11-20 21:15:00 开奖）" in page.said("sign-told")
            assert page.record().read_bytes() == b""
            page.load(NOTICE)
            assert "拒绝签署" in page.said("document-told")
            assert not page.tab.is_visible("#document")
            page.at(NOW)
            page.load(NOTICE)
            page.sign()
            page.at(THREE_D)
            page.load(closing())
            assert "福彩3D第 2026310 期" in page.said("document-told")
            page.load(NOTICE)  # its statement can be had again
            assert page.tab.is_visible("#document")

    def test_with_a_fallback_to_come_the_witness_says_that_nothing_was_drawn(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        alone = changed(NOTICE, "values", NOTICE["values"][:1])
        alone["hours"].pop("fc3d:2026310")
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(alone)
            assert not page.tab.is_visible("#not-held")
            page.at(THREE_D + timedelta(hours=1))
            page.load(alone)
            page.confirm()
            assert "快乐8第 2026318 期（2026-11-20 21:30:00 开奖）" in page.tab.inner_text("#not-held-row")
            assert page.tab.is_disabled("#sign")
            page.tab.check("#not-held")
            page.sign()
            assert len(read_record(page.record().read_bytes(), "page").entries) == 1

    def test_a_rehearsal_has_no_hour_to_keep(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.at(THREE_D + timedelta(days=9))
            page.load(changed(NOTICE, "mode", "rehearsal"))
            page.sign()

    def test_nothing_is_signed_without_a_record(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            page.make_key()
            page.load(NOTICE)
            page.confirm()
            assert page.tab.is_disabled("#sign")
            page.begin()
            assert page.tab.is_enabled("#sign")

    def test_a_tampered_record_is_found_when_the_page_opens(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(NOTICE)
            page.sign()
            page.load(changed(NOTICE, "draw", 4))
            page.sign()
            whole = page.record().read_text(encoding="utf-8")
            first, second = whole.splitlines(keepends=True)
            for tampered in (
                second,
                second + first,
                first + first,
                first[:-1],
                whole.replace('"draw":4', '"draw":5'),
                whole.replace("2026-12-20", "2026-12-21", 1),
                second.replace('"seq":2', '"seq":1'),  # only the link to the one before is wrong
                first.replace("02:00:00Z", "02:00:01Z"),  # only the signature is
            ):
                page.tab.evaluate(
                    "text => localStorage.setItem('shuangsuiji-witness-record', text)", tampered
                )
                page.open()
                assert "损坏" in page.tab.inner_text("#record-state")
                with pytest.raises(Exception, match=r"witness\.record\."):
                    read_record(tampered.encode(), "page")

    def test_records_are_joined_only_if_one_begins_with_the_other(
        self, browser: "Browser", tmp_path: Path
    ) -> None:
        with opened(browser, tmp_path) as page:
            key = ready(page)
            page.load(NOTICE)
            page.sign()
            older = page.record().rename(tmp_path / "older.jsonl")
            page.load(changed(NOTICE, "draw", 4))
            page.sign()
            newer = page.record().rename(tmp_path / "newer.jsonl")
            assert "保持不变" in page.load_record(older)
            assert page.record().read_bytes() == newer.read_bytes()
        with opened(browser, tmp_path) as page:
            page.load_key(key)
            page.load_record(older)
            page.load(changed(NOTICE, "draw", 5))
            page.sign()
            before = page.record().read_bytes()
            assert "不一致" in page.load_record(newer)
            assert page.record().read_bytes() == before


class TestLook:
    """Large type, to be compared by eye with the paper; nothing overflows a phone."""

    @pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_all_of_a_notice_is_shown_and_fits(
        self, browser: "Browser", tmp_path: Path, size: tuple[int, int], lang: str
    ) -> None:
        with opened(browser, tmp_path, size, lang) as page:
            ready(page)
            page.load(NOTICE)
            shown = re.sub(r"\s", "", page.shown)
            said: list[Any] = [
                NOTICE["authority"],
                NOTICE["plan"],
                NOTICE["deadline"],
                *NOTICE["contributors"],
            ]
            said += [
                *NOTICE["commitments"].values(),
                *NOTICE["sizes"].values(),
                "2026318",
                "2026319",
                "快乐8",
                "2026-11-2021:30:00",
                "2026-11-2121:30:00",
            ]
            assert all(str(one) in shown for one in said)
            self.check_width(page, size)
            groups = page.tab.locator("#document .prints .groups span")
            assert groups.count() == 32
            boxes = [groups.nth(place).bounding_box() for place in range(5)]
            tops = [box["y"] for box in boxes if box]
            assert len(set(tops[:4])) == 1  # four groups a line, as on the paper
            assert tops[4] > tops[0]
            page.sign()
            page.load(closing())
            assert "愿“公平”" in page.shown
            assert "2026-11-20 21:30:00" in page.shown
            self.check_width(page, size)

    def test_what_hides_in_a_name_is_shown(self, browser: "Browser", tmp_path: Path) -> None:
        with opened(browser, tmp_path) as page:
            ready(page)
            page.load(changed(NOTICE, "authority", HIDING))
            assert SHOWN in page.shown

    @staticmethod
    def check_width(page: WitnessPage, size: tuple[int, int]) -> None:
        assert page.tab.evaluate("document.documentElement.scrollWidth") <= size[0]
