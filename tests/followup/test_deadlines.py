"""What is overdue: by working days, not before its day has passed, and asked of the calendar only where it matters."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.errors import InputRefused
from shuangsuiji.followup.deadlines import Situation, overdue
from shuangsuiji.followup.results import Standing
from shuangsuiji.followup.workdays import read_workdays
from shuangsuiji.plan.deadlines import Deadlines
from tests.followup.test_abnormal import standing
from tests.followup.test_results import KEYS

CALENDAR: Final = read_workdays()
USUAL: Final = Deadlines()
CHECKED: Final = date(2026, 3, 18)


def late(case: Situation, today: date) -> dict[str, tuple[int, date]]:
    return {one.kind: (one.count, one.due) for one in overdue(case, today, CALENDAR.add_working_days)}


def test_a_make_up_day_counts_and_a_holiday_does_not() -> None:
    # National Day 2026: off from 1 to 7 October; Saturday the 10th is a working day.
    case = Situation(USUAL, drawn=date(2026, 9, 30))
    assert late(case, date(2026, 10, 9)) == {}
    assert late(case, date(2026, 10, 10)) == {"match": (1, date(2026, 10, 9))}


@settings(max_examples=60)
@given(
    st.integers(1, 40), st.integers(0, 80), st.sampled_from(["pending", "returned", "approved", "published"])
)
def test_a_result_is_due_so_many_working_days_after_its_check(days: int, later: int, state: str) -> None:
    today = CHECKED + timedelta(days=later)
    found = late(Situation(Deadlines(publish=days), standings=(standing("no_problem", state),)), today)
    worked = sum(CALENDAR.is_working(CHECKED + timedelta(days=n)) for n in range(1, later))
    passed = state != "published" and worked >= days  # the very last day itself is no delay
    assert bool(found) == passed
    if passed:
        assert found["publish"] == (1, CALENDAR.add_working_days(CHECKED, days))


def test_targets_are_counted_once_and_what_is_public_is_not_late_while_it_is_corrected() -> None:
    from dataclasses import replace

    one = standing("no_problem", "approved")
    again = standing("no_problem", "pending", place=1)  # the same target's other item
    missing = Standing(*KEYS[2], "missing")
    case = Situation(USUAL, ends=date(2026, 4, 30), standings=(one, again, missing))
    assert late(case, date(2026, 5, 31)) == {
        "check": (1, date(2026, 4, 30)),
        "publish": (1, date(2026, 4, 16)),
    }
    public = tuple(replace(each, public=each.entry) for each in (one, again))
    assert late(Situation(USUAL, standings=public), date(2026, 5, 31)) == {}


def test_who_was_verified_is_to_be_decided_upon() -> None:
    case = Situation(USUAL, verified=(("91A", CHECKED), ("91B", CHECKED + timedelta(days=30))))
    assert late(case, date(2026, 4, 3)) == {"abnormal": (1, date(2026, 4, 1))}


def test_a_year_that_nobody_knows_is_refused_only_if_it_is_asked_for() -> None:
    day = date(2098, 12, 20)
    case = Situation(USUAL, standings=(), verified=(("91A", day),))
    assert late(case, day + timedelta(days=10)) == {}
    with pytest.raises(InputRefused) as caught:
        late(case, day + timedelta(days=11))
    assert caught.value.code == "schedule.year_unknown"
