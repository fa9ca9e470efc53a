"""Which days a plan allows for visits, and that the draw knows nothing of them."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.plan.visits import MAX_PER_DAY, VisitRules
from tests.plan.test_reader import PLAN

DAYS = st.dates(date(2021, 1, 1), date(2021, 12, 31))


def allows(rules: VisitRules, day: date) -> bool:
    return rules.allows(day, monthrange(day.year, day.month)[1])


@given(DAYS, st.integers(1, 31))
def test_the_last_days_of_a_month_are_so_many(day: date, last: int) -> None:
    length = monthrange(day.year, day.month)[1]
    month = [day.replace(day=number) for number in range(1, length + 1)]
    allowed = [one for one in month if allows(VisitRules(last_days=last), one)]
    assert allowed == month[-last:]


@given(DAYS, st.integers(1, 31), st.sets(st.integers(0, 6), min_size=1))
def test_two_rules_hold_together_and_named_days_come_in_addition(
    day: date, last: int, weekdays: set[int]
) -> None:
    week = tuple(sorted(weekdays))
    both = allows(VisitRules(last_days=last, weekdays=week), day)
    assert both == (allows(VisitRules(last_days=last), day) and day.weekday() in weekdays)
    assert allows(VisitRules(last_days=last, weekdays=week, days=(day.isoformat(),)), day)


@given(DAYS, DAYS)
def test_without_a_rule_every_day_is_allowed_or_those_that_are_named(day: date, named: date) -> None:
    assert allows(VisitRules(), day)
    assert allows(VisitRules(days=(named.isoformat(),)), day) == (day == named)


def test_the_table_is_read_and_stands_outside_the_commitment() -> None:
    silent = parse_plan_file(PLAN.encode(), "计划.toml")
    written = (
        '[visits]\nmax_per_day = 6\nlast_days_of_month = 10\nweekdays = ["周四", "周二"]\n'
        'days = [2021-03-15]\nappointed = [{ target = "B", day = 2021-04-20 }, { target = "A", day = 2021-04-21 }]\n'
    )
    spoken = parse_plan_file(PLAN.replace("[blocks]", written + "[blocks]").encode(), "计划.toml")
    assert plan_object(spoken.plan) == plan_object(silent.plan)
    assert silent.texts.visits == VisitRules(max_per_day=MAX_PER_DAY)
    appointed = (("A", "2021-04-21"), ("B", "2021-04-20"))
    assert spoken.texts.visits == VisitRules(6, 10, (1, 3), ("2021-03-15",), appointed)


def test_a_target_has_one_appointment() -> None:
    twice = '[visits]\nappointed = [{ target = "A", day = 2021-04-20 }, { target = "A", day = 2021-04-21 }]\n[blocks]'
    with pytest.raises(InputRefused) as refused:
        parse_plan_file(PLAN.replace("[blocks]", twice).encode(), "计划.toml")
    assert refused.value.code == "plan.visits_twice"
    assert refused.value.where.key == "visits.appointed[1].target"
