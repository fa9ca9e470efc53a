"""The ten questions: answered for every bundle that holds, in both languages; none for a bundle that does not."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.audit.questions import QUESTIONS, to_check
from shuangsuiji.audit.report import Answer
from shuangsuiji.bundle import archive
from shuangsuiji.bundle.changes import EVERY, Change, changes_member
from shuangsuiji.messages import LANGUAGES
from shuangsuiji.plan.drawings import public_value
from shuangsuiji.publish.questions import ROOM, QuestionView, printed, questions_page
from shuangsuiji.quarter.audit_report import ReportResult, audit_report, sentence
from tests.audit.bundles import Session, members
from tests.browser import pages
from tests.district import district

VECTORS: Final = Path(__file__).parents[2] / "docs" / "spec" / "v1" / "vectors"
CASES: Final[list[dict[str, Any]]] = [
    one
    for one in json.loads((VECTORS / "bundles.json").read_text(encoding="utf-8"))["cases"]
    if one["in"]["bundle"].endswith(".zip") and not one["in"]["bundle"].startswith("bundles/public")
]
HOLDING: Final = [one["in"] for one in CASES if "out" in one]
FAILING: Final = [one["in"] for one in CASES if "fails" in one]


def ask(case: dict[str, Any], page: Path | None = None, **options: Any) -> ReportResult:
    given = {"rehearsal": case.get("rehearsal", False), "trust": frozenset(case.get("trust", ()))}
    return audit_report(VECTORS / case["bundle"], page, **(given | options))


def told(result: ReportResult, question: str) -> set[str]:
    (own,) = (one for one in result.answers if one.question == question)
    return {line.code for line in own.lines}


def answer(result: ReportResult, question: str) -> Answer:
    return next(one.answer for one in result.answers if one.question == question)


@pytest.mark.parametrize("case", HOLDING, ids=lambda case: case["bundle"])
def test_every_bundle_that_holds_has_ten_answers(case: dict[str, Any], tmp_path: Path) -> None:
    for lang in LANGUAGES:
        page = tmp_path / f"{lang}.html"
        result = ask(case, page, lang=lang)
        assert tuple(one.question for one in result.answers) == QUESTIONS
        html = page.read_text(encoding="utf-8")
        for one in result.answers:
            assert one.lines, "no question is left without a sentence"
            for line in one.lines:
                text = sentence(line, lang)
                assert text
                assert "{" not in text
        assert html.count("<section>") == len(QUESTIONS)
        assert answer(result, "visited") is answer(result, "unproven") is Answer.TRUSTED
        assert answer(result, "same") is Answer.RECOMPUTED


@pytest.mark.parametrize("case", FAILING[::7], ids=lambda case: case["bundle"])
def test_a_bundle_that_fails_has_none(case: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = ask(case, page)
    assert (result.answers, result.exit_code, page.exists()) == ((), 1, False)


def named(name: str) -> dict[str, Any]:
    return next(one for one in HOLDING if one["bundle"].endswith(f"/{name}.zip"))


def test_the_fingerprint_counts_as_lodged_only_with_a_trusted_witness() -> None:
    assert answer(ask(named("real-witnessed")), "lodged") is Answer.CONSISTENT, "times, one beside the other"
    assert answer(ask(named("real-witnessed"), trust=frozenset()), "lodged") is Answer.TRUSTED
    assert "order.not_proven" in told(ask(named("real")), "lodged")


@pytest.mark.parametrize(("name", "hours"), [("real-witnessed", "hours"), ("seen-at-the-seed", "no_hours")])
def test_the_order_in_time_is_that_of_the_times_signed(name: str, hours: str) -> None:
    lines = next(one.lines for one in ask(named(name)).answers if one.question == "lodged")
    order = lines[-1]
    assert order.code == f"order.witnessed.{hours}"
    assert ("公告没有载明开奖时刻" in sentence(order, "zh")) is (hours == "no_hours")
    assert ("早于公告的开奖时刻（该时刻请按第4问核对）" in sentence(order, "zh")) is (hours == "hours")
    signed = sentence(next(line for line in lines if line.code == "signed"), "zh")
    assert re.search(r"\d\d:\d\d:\d\d 签名见证", signed), "to the second"


def test_no_more_is_claimed_of_rules_and_decisions_than_that_two_things_agree() -> None:
    assert answer(ask(named("real-witnessed")), "rules") is Answer.CONSISTENT
    for unproven in (ask(named("real-witnessed"), trust=frozenset()), ask(named("real"))):
        assert answer(unproven, "rules") is Answer.TRUSTED, "nothing says that the rules came first"
    for name in ("real-witnessed", "records-of-every-kind"):
        assert answer(ask(named(name)), "decided") is Answer.CONSISTENT, "reasons are as declared"


def test_values_are_more_than_trust_when_the_auditor_brings_them() -> None:
    result = ask(named("real"))
    assert answer(result, "seed") is Answer.TRUSTED
    (value,) = (line.params for one in result.answers for line in one.lines if line.code == "value")
    brought = public_value(f"kl8:{value['issue']}={value['value']}")
    assert answer(ask(named("real"), values=(brought,)), "seed") is Answer.CONSISTENT


def test_what_happened_after_the_draw_is_told_one_by_one() -> None:
    result = ask(named("records-of-every-kind"))
    lines = next(one.lines for one in result.answers if one.question == "decided")
    records = [line.params for line in lines if line.code == "recorded"]
    assert [one["number"] for one in records] == list(range(1, len(records) + 1))
    assert all(one["reason"] and one["approver"] and one["operator"] for one in records)
    assert "record.void" in told(ask(named("records-void")), "decided")
    assert "no_records" in told(ask(named("real")), "decided")


def test_shortages_lists_from_elsewhere_and_changes_are_told() -> None:
    assert "relaxed" in told(ask(named("relaxed")), "same")
    assert "no_teams" in told(ask(named("not-relaxed")), "same")
    assert any(code.startswith("listed.") for code in told(ask(named("listed")), "decided"))
    assert any(code.startswith("change.") for code in told(ask(named("changes")), "lists"))
    assert "frozen_late" in told(ask(named("late")), "lodged")


def test_changes_without_a_reason_or_an_approver_are_told_apart(tmp_path: Path) -> None:
    changes = (
        Change("gone", "E1", reason="注销", approver="王局长"),
        Change("gone", "E2", reason="注销"),
        Change("gone", "E3"),
        Change("new", EVERY, now="1200", reason="并入", approver="王局长"),
    )
    path = tmp_path / "bundle.zip"
    whole = members(district(20), Session(changes=changes_member(changes)))
    path.write_bytes(archive.write(archive.AUDITOR, whole))
    found = audit_report(path, None, rehearsal=True)
    lines = {line.code: line for one in found.answers for line in one.lines}
    assert lines["change.gone"].params == {"count": 3, "unexplained": 1, "approved": 1}
    assert lines["change.new"].params == {"count": 1200, "unexplained": 0, "approved": 1200}
    assert "有批准人 1）" in sentence(lines["change.gone"], "zh")


def test_a_commitment_from_outside_must_be_the_bundles() -> None:
    held = ask(named("real-witnessed"))
    own = next(step.facts["targets"] for step in held.report.steps if step.name == "commitment")
    assert ask(named("real-witnessed"), commitments=(str(own),)).exit_code == held.exit_code == 0
    assert ask(named("real-witnessed"), commitments=("00" * 32,)).exit_code == 1


def view(*sentences: str, checks: int = 0) -> QuestionView:
    return QuestionView("问", "凭信", "trusted", sentences, checks)


def test_the_longest_answers_give_way_when_printed() -> None:
    short, long, longer = view("一"), view(*"一二三四五"), view(*"一二三四五六七八九")
    assert printed([short, long, longer], 15) == (1, 5, 9)
    assert printed([short, long, longer], 14) == (1, 5, 7), "two give way to the line that says so"
    assert printed([short, long, longer], 8) == (1, 2, 2)
    assert printed([short, view("一" * 200, "二")], 4) == (1, 0), "a long sentence takes several lines"
    html = questions_page({}, [view(*map(str, range(ROOM + 5)))], "通过", "zh").decode()
    assert html.count('class="rest"') == 6
    assert "另有 6 条" in html


def test_what_has_to_be_checked_is_never_cut() -> None:
    assert printed([view(*"一二三四五六", checks=4), view(*"一二三四五六")], 6) == (4, 0)
    assert printed([view("一" * 200, "二", checks=1), view("三")], 1) == (1, 1), (
        "not even where it does not fit"
    )


@pytest.mark.parametrize(("name", "code"), [("fallback", "not_held"), ("real", "hour.before")])
def test_what_has_to_be_checked_comes_first_in_its_answer(name: str, code: str) -> None:
    result = ask(named(name))
    seed = next(one.lines for one in result.answers if one.question == "seed")
    assert code in [line.code for line in seed if to_check(line)]
    for one in result.answers:
        marks = [to_check(line) for line in one.lines]
        assert marks == sorted(marks, reverse=True)


def test_the_page_names_its_file_by_the_digest(tmp_path: Path) -> None:
    page, case = tmp_path / "page.html", named("real")
    ask(case, page)
    digits = sha256((VECTORS / case["bundle"]).read_bytes()).hexdigest()
    assert f"{digits[:8]} {digits[8:16]} {digits[16:24]}" in page.read_text(encoding="utf-8")


def test_printed_the_report_is_one_page_however_long_the_answers(tmp_path: Path) -> None:
    found: dict[str, int] = {}
    (case,) = (one for one in HOLDING if one["bundle"].endswith("records-of-every-kind.zip"))
    many = [
        view(*(f"第 {number} 条记录：操作人甲，批准人局长，原因：{'调离' * 20}" for number in range(9)))
    ] * 10
    (tmp_path / "many.html").write_bytes(questions_page({"编号": "某" * 90}, many, "通过", "zh"))
    void = {"机关": "某" * 60, "作废": "名册有误，" * 400}
    (tmp_path / "void.html").write_bytes(questions_page(void, many, "通过", "zh"))
    for lang in LANGUAGES:
        ask(case, tmp_path / f"{lang}.html", lang=lang)
    for path in tmp_path.glob("*.html"):
        found[path.stem] = pages(path)
    assert found == dict.fromkeys(("many", "void", *LANGUAGES), 1)
