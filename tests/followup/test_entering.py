"""Rows of results held against a draw: nothing accepted breaks a rule, and what is refused says what is wrong."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji import config, messages
from shuangsuiji.errors import InputRefused
from shuangsuiji.followup.expected import Case
from shuangsuiji.followup.results import Entry, Facts, parse_entry
from shuangsuiji.followup.vocabulary import NAME, Category, Vocabulary, find_word
from shuangsuiji.rosters.report import mend, reason
from shuangsuiji.store.rows import EntryRow, NewEntry
from tests.followup.inspected import (
    CASES,
    CHANGED,
    DRAWN,
    EXPECTED,
    FIRMS,
    PEOPLE,
    PLAN,
    TODAY,
    VOCABULARY,
    codes,
    entered,
    row,
    standing,
)
from tests.rosters.offices import credit_code

FACTS = Facts("no_problem", "on_site", date(2026, 3, 18), ("P1", "P2"))
KEY = (FIRMS[0], "nb", "年度报告")


def made(entry: NewEntry, number: int = 1) -> Entry:
    """The entry as the store gives it back."""
    from datetime import UTC, datetime

    row_of = EntryRow(
        number,
        1,
        entry.target,
        entry.task,
        entry.item,
        entry.content,
        entry.corrects,
        "张三",
        datetime(2026, 5, 1, tzinfo=UTC),
    )
    return parse_entry(row_of)


def test_an_empty_item_means_all_items_of_the_only_task() -> None:
    checked = entered([row()])
    assert codes(checked) == []
    assert [(one.target, one.task, one.item) for one in checked.entries] == [
        (FIRMS[0], "nb", "年度报告"),
        (FIRMS[0], "nb", "即时信息"),
    ]
    assert {made(one).facts for one in checked.entries} == {FACTS}
    assert {(made(one).source, made(one).row) for one in checked.entries} == {("结果.xlsx", 2)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"统一社会信用代码": credit_code(9)}, "result.not_a_target"),
        ({"统一社会信用代码": FIRMS[3]}, "result.replaced_target"),
        ({"抽查计划编号": "410102-2026-02"}, "result.other_plan"),
        ({"统一社会信用代码": FIRMS[1], "检查人员": "P1、P4"}, "result.task_needed"),
        ({"抽查任务名称": "食品检查"}, "result.task_unknown"),
        ({"抽查任务名称": "消防检查"}, "result.task_not_of_target"),
        ({"抽查事项": "消防"}, "result.item_unknown"),
        ({"检查结果": "正常"}, "result.unknown_category"),
        ({"检查结果": ""}, "rosters.cell_missing"),
        ({"检查方式": "远程"}, "result.unknown_method"),
        ({"后续处置": "拘留"}, "result.unknown_disposal"),
        ({"检查完成日期": "昨天"}, "rosters.date"),
        ({"检查完成日期": "2026-02-28"}, "result.before_draw"),
        ({"检查完成日期": "2026-05-01"}, "result.outside_window"),
        ({"检查人员": ""}, "result.persons_missing"),
        ({"检查人员": "检查员1、某人"}, "result.person_unknown"),
        ({"检查人员": "检查员1、检查员6"}, "result.person_not_assigned"),
        ({"检查人员": "检查员1、P1、C1"}, "result.too_few_certified"),
        ({"更正原因": "笔误"}, "result.nothing_to_correct"),
        ({"警告日期": "2026-03-20", "警告文书号": "1号"}, "result.enforcement_unfounded"),
        ({"检查结果": "已责令改正", "警告日期": "2026-03-20"}, "rosters.cell_missing"),
        ({"检查结果": "已责令改正", "警告文书号": "1号"}, "rosters.cell_missing"),
        ({"检查结果": "已责令改正", "罚款日期": "2026-03-20", "罚款文书号": "1号"}, "rosters.cell_missing"),
        ({"罚款金额": "一千"}, "rosters.amount"),
        ({"检查结果": "已责令改正", "批评教育日期": "2026-03-17"}, "result.enforcement_day"),
    ],
)
def test_what_may_not_be_entered_is_refused_with_its_cell(changes: dict[str, str], code: str) -> None:
    checked = entered([row(**changes)])
    assert codes(checked) == [code]
    assert (checked.entries, checked.unchanged) == ((), 0)
    (refused,) = checked.roster.refused
    assert refused.column
    for lang in messages.LANGUAGES:
        assert reason(refused, lang)
        assert mend(refused, lang)


def test_a_row_is_told_all_its_faults_at_once() -> None:
    found = codes(
        entered([row(检查结果="正常", 检查完成日期="2026-02-28", 抽查任务名称="食品检查", 检查人员="某人")])
    )
    assert set(found) == {
        "result.task_unknown",
        "result.before_draw",
        "result.unknown_category",
        "result.person_unknown",
    }


def test_a_day_that_has_not_come_is_refused() -> None:
    early = replace(EXPECTED, today=date(2026, 3, 17))
    assert codes(entered([row()], expected=early)) == ["result.in_future"]


def test_an_expired_certificate_and_an_expert_do_not_count() -> None:
    both = row(统一社会信用代码=FIRMS[1], 抽查任务名称="nb", 检查人员="P1、P4、P5")
    assert codes(entered([both])) == []
    assert codes(entered([{**both, "检查完成日期": "2026-04-11"}])) == ["result.too_few_certified"]
    assert codes(entered([{**both, "检查人员": "P1、P5"}])) == ["result.too_few_certified"]


@pytest.mark.parametrize(
    ("heading", "words"), [("检查结果", "categories"), ("检查方式", "methods"), ("后续处置", "disposals")]
)
def test_a_word_may_be_used_on_its_days_only_and_the_others_of_that_day_are_named(
    heading: str, words: str
) -> None:
    old = Category("old", "旧称", begins=date(2026, 3, 10), ends=date(2026, 3, 17))
    vocabulary = replace(VOCABULARY, **{words: {**getattr(VOCABULARY, words), "old": old}})  # type: ignore[arg-type]
    for day, valid in (
        ("2026-03-09", False),
        ("2026-03-10", True),
        ("2026-03-17", True),
        ("2026-03-18", False),
    ):
        checked = entered([row(**{heading: "旧称", "检查完成日期": day})], vocabulary=vocabulary)
        assert codes(checked) == ([] if valid else ["result.word_not_valid"])
        for one in checked.roster.refused:
            assert (one.column, one.params["period"]) == (heading, "2026-03-10/2026-03-17")
            others = [word.name for word in getattr(VOCABULARY, words).values()]
            assert str(one.params["known"]) == "、".join(f"“{name}”" for name in others)


def test_a_method_of_the_plan_that_does_not_hold_any_more_must_be_given() -> None:
    gone = {code: replace(one, ends=date(2026, 3, 17)) for code, one in VOCABULARY.methods.items()}
    vocabulary = replace(VOCABULARY, methods=gone)
    assert codes(entered([row()], vocabulary=vocabulary)) == ["result.method_needed"]
    assert codes(entered([row(检查完成日期="2026-03-17")], vocabulary=vocabulary)) == []


def test_a_period_that_ends_before_it_begins_is_refused_with_its_key(tmp_path: Path) -> None:
    shipped = config.locate(NAME).read_text(encoding="utf-8")
    wrong = shipped.replace('code = "none"', 'code = "none"\nfrom = "2026-01-02"\nto = "2026-01-01"')
    (tmp_path / NAME).write_text(wrong, encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        Vocabulary.load(override=tmp_path)
    assert caught.value.code == "rosters.settings_type"
    assert str(caught.value.where.key).split(".")[-1] == "to"


def test_what_leads_to_the_abnormal_list_is_no_older_than_the_list() -> None:
    found = {one.code: one for one in VOCABULARY.categories.values()}
    for one in found.values():
        assert one.holds(date(2014, 10, 1))
        assert one.holds(date(2014, 9, 30)) == (not one.ground)


def test_who_came_in_by_a_record_may_have_been_there_who_went_may_not() -> None:
    def refused(day: date, people: str) -> list[str]:
        return codes(entered([row(检查完成日期=day.isoformat(), 检查人员=people)]))

    assert refused(CHANGED, "P1、P2") == []  # on the day of the record the old one may have gone
    assert refused(CHANGED, "P1、P3") == []
    assert refused(CHANGED - timedelta(days=3), "P1、P3") == []  # recorded after the visit
    assert refused(CHANGED + timedelta(days=1), "P1、P2") == ["result.person_not_assigned"]


def test_where_nobody_is_named_it_may_be_declared_that_those_drawn_went() -> None:
    for day, team in ((CHANGED - timedelta(days=1), ("P1", "P2")), (CHANGED, ("P1", "P3"))):
        rows = [row(检查人员="", 检查完成日期=day.isoformat())]
        assert codes(entered(rows)) == ["result.persons_missing"]
        facts = {made(one).facts for one in entered(rows, as_drawn=True).entries}
        assert {(one.persons, one.as_drawn) for one in facts} == {(team, True)}
    assert {made(one).as_drawn for one in entered([row()], as_drawn=True).entries} == {False}


def test_the_method_is_the_plan_s_where_the_row_has_none() -> None:
    fire = row(统一社会信用代码=FIRMS[1], 抽查任务名称="消防检查", 检查人员="P1、P4")
    assert codes(entered([fire])) == ["result.method_needed"]
    (entry,) = entered([{**fire, "检查方式": "检验检测"}]).entries
    assert (made(entry).facts.method, made(entry).item) == ("testing", "消防安全责任制、设施落实")


def test_several_items_in_one_cell_are_each_entered() -> None:
    checked = entered([row(抽查事项="即时信息、年度报告")])
    assert [one.item for one in checked.entries] == ["年度报告", "即时信息"]


def test_the_three_steps_are_kept_with_their_documents() -> None:
    steps = {
        "检查结果": "发现问题已责令改正",
        "批评教育日期": "2026-03-18",
        "警告日期": "2026年3月20日",
        "警告文书号": "警〔2026〕1号",
        "罚款日期": "20260401",
        "罚款文书号": "罚〔2026〕1号",
        "罚款金额": "5,000.50元",
    }
    (first, *_) = entered([row(**steps)]).entries
    found = [(one.kind, one.day, one.reference, one.amount) for one in made(first).enforcement]
    assert found == [
        ("education", date(2026, 3, 18), "", 0),
        ("warning", date(2026, 3, 20), "警〔2026〕1号", 0),
        ("fine", date(2026, 4, 1), "罚〔2026〕1号", 500050),
    ]
    assert codes(entered([row(**(steps | {"罚款日期": "2026-03-19"}))])) == ["result.enforcement_order"]


def test_an_old_and_a_new_code_are_one_target() -> None:
    renumbered = replace(EXPECTED, aliases={credit_code(9): FIRMS[0]})
    checked = entered([row(统一社会信用代码=credit_code(9)), row()], expected=renumbered)
    assert {one.target for one in checked.entries} == {FIRMS[0]}
    assert (len(checked.entries), checked.roster.merged) == (2, 1)


def test_two_rows_that_contradict_each_other_are_both_refused() -> None:
    checked = entered([row(), row(检查结果="停业", 抽查事项="年度报告"), row(抽查事项="即时信息")])
    assert codes(checked) == ["rosters.duplicate", "rosters.duplicate"]
    assert [one.item for one in checked.entries] == ["即时信息"]


def test_what_stands_is_left_alone_or_corrected_with_a_reason() -> None:
    before = standing(FACTS, KEY, 7)
    one = row(抽查事项="年度报告")
    same = entered([one], expected=before)
    assert (same.entries, same.unchanged, codes(same)) == ((), 1, [])
    other = {**one, "检查结果": "停业"}
    assert codes(entered([other], expected=before)) == ["result.already_entered"]
    for checked in (
        entered([{**other, "更正原因": "笔误"}], expected=before),
        entered([other], expected=before, reason="笔误"),
    ):
        (entry,) = checked.entries
        assert (entry.corrects, made(entry).reason, checked.corrections) == (7, "笔误", 1)


DAYS = st.dates(DRAWN - timedelta(days=4), TODAY).map(date.isoformat)
WORDS = st.sampled_from([*(one.name for one in VOCABULARY.categories.values()), "正常", ""])
ROWS = st.fixed_dictionaries(
    {
        "统一社会信用代码": st.sampled_from([*FIRMS, credit_code(9), "91"]),
        "抽查任务名称": st.sampled_from(["", "nb", "公示信息检查", "消防检查", "别的"]),
        "抽查事项": st.sampled_from(["", "年度报告", "即时信息", "消防安全责任制、设施落实", "别的"]),
        "检查完成日期": DAYS,
        "检查结果": WORDS,
        "检查人员": st.lists(st.sampled_from(["P1", "检查员2", "C3", "P4", "P5", "P6"]), max_size=4).map(
            "、".join
        ),
        "检查方式": st.sampled_from(["", "实地核查", "远程"]),
        "警告日期": st.one_of(st.just(""), DAYS),
        "警告文书号": st.sampled_from(["", "1号"]),
        "罚款金额": st.sampled_from(["", "100", "0"]),
        "更正原因": st.sampled_from(["", "笔误"]),
    }
)


def lawful(entry: Entry) -> bool:
    """Every rule said again, by the case of the target itself."""
    case: Case = CASES[entry.target]
    category = VOCABULARY.categories[entry.category]
    task = next(task for task in PLAN.tasks if task.id == entry.task)
    certified = [
        one
        for one in entry.persons
        for certificate in PEOPLE[one].certificates
        if (certificate.ends or "9999") >= entry.day.isoformat()
    ]
    return (
        entry.task in case.tasks
        and entry.item in task.items
        and max(case.since.isoformat(), PLAN.window_from) <= entry.day.isoformat() <= PLAN.window_to
        and entry.day <= TODAY
        and category.holds(entry.day)
        and entry.method in VOCABULARY.methods
        and set(entry.persons) <= case.lawful(entry.day)
        and len(certified) >= 2
        and (not entry.enforcement or category.problem)
        and all(entry.day <= step.day <= TODAY for step in entry.enforcement)
        and all(step.reference for step in entry.enforcement if step.kind != "education")
        and all(step.amount > 0 for step in entry.enforcement if step.kind == "fine")
    )


@settings(max_examples=150)
@given(st.lists(ROWS, max_size=6), st.booleans(), st.booleans())
def test_no_accepted_entry_violates_a_rule(rows: list[dict[str, str]], stands: bool, as_drawn: bool) -> None:
    expected = standing(FACTS, KEY) if stands else EXPECTED
    checked = entered(rows, expected=expected, as_drawn=as_drawn) if rows else None
    if checked is None:
        return
    entries = [made(one, number) for number, one in enumerate(checked.entries, start=2)]
    assert all(map(lawful, entries))
    assert len({entry.key for entry in entries}) == len(entries)
    for entry in entries:
        before = expected.standing.get(entry.key)
        assert entry.corrects == (before.id if before else 0)
        assert bool(entry.reason) == bool(before)
        assert before is None or before.facts != entry.facts
    refused = {one.row for one in checked.roster.refused}
    assert len(refused) == len(checked.roster.originals)
    assert {entry.row for entry in entries}.isdisjoint(refused)


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=6), st.integers(0, 99))
def test_the_order_of_the_rows_decides_nothing(rows: list[dict[str, str]], seed: int) -> None:
    mixed = random.Random(seed).sample(rows, len(rows))
    first, second = entered(rows), entered(mixed)
    assert first.digest == second.digest
    assert [(made(one).key, made(one).facts) for one in first.entries] == [
        (made(one).key, made(one).facts) for one in second.entries
    ]
    assert sorted(codes(first)) == sorted(codes(second))


def test_every_spelling_of_the_shipped_words_is_known_and_of_one_meaning() -> None:
    for spelling, category in (
        (spelling, one)
        for one in VOCABULARY.categories.values()
        for spelling in (one.code, one.name, *one.variants, f" {one.name} ")
    ):
        assert find_word(VOCABULARY.categories, spelling) == category
    for words in (VOCABULARY.methods, VOCABULARY.disposals):
        for one in words.values():
            assert all(find_word(words, spelling) == one for spelling in (one.code, one.name, *one.variants))
