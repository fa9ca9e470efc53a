"""From a result to the list of abnormal operations: in order, with its days, and only on an approved ground."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.followup.abnormal import (
    DUE,
    STEPS,
    AbnormalStep,
    NewStep,
    Proposal,
    content,
    fault,
    parse_step,
    proposals,
    second_letter,
    undecided,
)
from shuangsuiji.followup.results import Standing
from shuangsuiji.store.rows import AbnormalRow
from tests.followup.inspected import VOCABULARY
from tests.followup.test_results import KEYS, approved, entry

CHECKED = date(2026, 3, 18)
TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, tzinfo=UTC)
DATED = {"decided": "异列〔2026〕1号", "removed": "异出〔2026〕1号"}


def standing(category: str, state: str = "approved", place: int = 0) -> Standing:
    one = replace(entry(place + 1, KEYS[place]), category=category)
    return Standing(*KEYS[place], state, one, approved(one.id))  # type: ignore[arg-type]


def recorded(found: Proposal, new: NewStep) -> AbnormalStep:
    row = AbnormalRow(
        found.target, new.step, new.day.isoformat(), content(new, found, VOCABULARY), "张三", NOW, 7
    )
    return parse_step(row)


def only(standings: list[Standing], steps: list[AbnormalStep]) -> Proposal:
    (found,) = proposals(standings, steps, VOCABULARY)
    return found


def test_lost_contact_is_proposed_and_what_found_nothing_is_not() -> None:
    lost, nothing = standing("lost_contact"), standing("no_problem", place=2)
    found = only([lost, nothing], [])
    assert (found.target, found.ground, found.stage, found.letters) == ("91A", "lost_contact", DUE, True)
    assert found.checked == CHECKED


@pytest.mark.parametrize(
    ("state", "wanted"), [("pending", 0), ("returned", 0), ("approved", 1), ("published", 1)]
)
def test_only_an_approved_result_is_a_ground(state: str, wanted: int) -> None:
    assert len(proposals([standing("lost_contact", state)], [], VOCABULARY)) == wanted
    under_correction = replace(standing("no_problem", "pending"), public=standing("lost_contact").entry)
    assert only([under_correction], []).ground == "lost_contact"


def test_what_is_dated_before_the_check_is_told_of_the_check() -> None:
    wrong = fault(
        only([standing("lost_contact")], []),
        NewStep("proposed", CHECKED - timedelta(days=1)),
        TODAY,
        VOCABULARY,
    )
    assert wrong is not None
    assert (wrong.code, wrong.params) == ("abnormal.before_check", {"before": CHECKED.isoformat()})


def test_a_ground_that_falls_away_leaves_only_the_end() -> None:
    first = only([standing("lost_contact")], [])
    steps = [recorded(first, NewStep("proposed", CHECKED))]
    corrected = only([standing("no_problem")], steps)
    assert (corrected.ground, corrected.allowed) == ("", ("dropped",))
    wrong = fault(corrected, NewStep("letter_1", CHECKED), TODAY, VOCABULARY)
    assert wrong is not None
    assert wrong.code == "abnormal.no_ground"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewStep("letter_2", CHECKED), "abnormal.wrong_step"),
        (NewStep("letter_1", CHECKED - timedelta(days=1)), "abnormal.day_before"),
        (NewStep("letter_1", TODAY + timedelta(days=1)), "abnormal.day_future"),
        (NewStep("dropped", CHECKED), "abnormal.reason_needed"),
    ],
)
def test_what_is_out_of_order_or_not_yet_is_refused(new: NewStep, code: str) -> None:
    found = only([standing("lost_contact")], [])
    found = only([standing("lost_contact")], [recorded(found, NewStep("proposed", CHECKED))])
    wrong = fault(found, new, TODAY, VOCABULARY)
    assert wrong is not None
    assert wrong.code == code


@given(st.integers(0, 60))
def test_the_letters_are_as_far_apart_as_configured(apart: int) -> None:
    standings = [standing("lost_contact")]
    steps: list[AbnormalStep] = []
    for step in ("proposed", "letter_1"):
        steps.append(recorded(only(standings, steps), NewStep(step, CHECKED)))
    new = NewStep("letter_2", CHECKED + timedelta(days=apart))
    wrong = fault(only(standings, steps), new, TODAY, VOCABULARY)
    assert (wrong is None) == (15 <= apart <= 30)
    span = second_letter(only(standings, steps), VOCABULARY)
    assert span is not None
    assert (wrong is None) == (span[0] <= new.day <= span[1])
    wide = replace(VOCABULARY, least=0, most=60)
    assert fault(only(standings, steps), new, TODAY, wide) is None


def test_a_decision_needs_its_document_and_the_reason_is_the_ground_s_name() -> None:
    standings = [standing("annual_report_missing")]
    steps = [recorded(only(standings, []), NewStep("proposed", CHECKED))]
    steps.append(recorded(only(standings, steps), NewStep("verified", CHECKED)))
    assert list(undecided(steps)) == [("91A", CHECKED)]
    wrong = fault(only(standings, steps), NewStep("decided", CHECKED), TODAY, VOCABULARY)
    assert wrong is not None
    assert wrong.code == "abnormal.reference_needed"
    steps.append(recorded(only(standings, steps), NewStep("decided", CHECKED, "", "异列1号")))
    assert steps[-1].reason == VOCABULARY.grounds["annual_report"].name
    assert list(undecided(steps)) == []


LETTERS = {
    "proposed": "p", "letter_1": "1", "letter_2": "2", "verified": "v", "decided": "d", "removed": "r", "dropped": "x"
}  # fmt: skip
ORDER = {
    "lost_contact": re.compile(r"((p(1(2v?)?)?x)*)(p(1(2(v(dr?)?)?)?)?)?"),
    "annual_report_missing": re.compile(r"((pv?x)*)(p(v(dr?)?)?)?"),
}


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(ORDER)),
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), max_size=25),
)
def test_whatever_is_tried_only_lawful_sequences_are_recorded(
    category: str, tried: list[tuple[str, int]]
) -> None:
    standings, steps, day = [standing(category)], list[AbnormalStep](), CHECKED
    for step, later in tried:
        found = only(standings, steps)
        new = NewStep(step, day + timedelta(days=later), "理由", DATED.get(step, ""))
        if fault(found, new, TODAY, VOCABULARY) is None:
            assert step in found.allowed
            steps.append(recorded(found, new))
            day = new.day
    taken = "".join(LETTERS[one.step] for one in steps)
    assert ORDER[category].fullmatch(taken), taken
    assert [one.day for one in steps] == sorted(one.day for one in steps)
    for before, after in pairwise(steps):
        if after.step == "letter_2":
            assert 15 <= (after.day - before.day).days <= 30
