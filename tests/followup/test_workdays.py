"""Working days: the statutory calendar with make-up days, the table for years it lacks, refusal of unknown ones."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.errors import InputRefused
from shuangsuiji.followup.workdays import Workdays, read_workdays

CALENDAR = read_workdays()
DAYS = st.dates(date(2015, 1, 1), date(2025, 6, 30))


def table(folder: Path, text: str) -> Workdays:
    (folder / "workdays.toml").write_text(text, encoding="utf-8")
    return read_workdays(override=folder)


def test_holidays_rest_and_make_up_days_work() -> None:
    assert not CALENDAR.is_working(date(2021, 2, 12))  # a Friday in the Spring Festival
    assert CALENDAR.is_working(date(2021, 2, 20))  # the Saturday worked for it
    assert CALENDAR.between(date(2021, 4, 30), date(2021, 5, 8)) == (
        date(2021, 4, 30),
        date(2021, 5, 6),
        date(2021, 5, 7),
        date(2021, 5, 8),
    )


@given(DAYS, st.integers(1, 40))
def test_so_many_working_days_lie_after_a_day(day: date, count: int) -> None:
    """The deadline is a working day, and the days after the first up to it hold exactly so many."""
    last = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working(last)
    assert len(CALENDAR.between(day + timedelta(days=1), last)) == count


@given(DAYS)
def test_no_working_days_later_is_the_day_itself_or_the_next_that_works(day: date) -> None:
    last = CALENDAR.add_working_days(day, 0)
    assert CALENDAR.between(day, last) == (last,)


def test_an_unknown_year_is_refused_with_the_file_to_mend(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        table(tmp_path, "").is_working(date(2099, 1, 1))
    assert refused.value.code == "schedule.year_unknown"
    assert refused.value.where.file == str(tmp_path / "workdays.toml")
    with pytest.raises(InputRefused):
        CALENDAR.add_working_days(date(2099, 1, 1), 3)


def test_a_year_of_the_table_counts(tmp_path: Path) -> None:
    calendar = table(
        tmp_path,
        """
        [[year]]
        year = "2099"
        off = ["2099-01-01", "2099-10-01/2099-10-07"]
        work = ["2099-10-10"]
        """,
    )
    assert not calendar.is_working(date(2099, 1, 1))
    assert not calendar.is_working(date(2099, 10, 6))
    assert calendar.is_working(date(2099, 10, 8))
    assert calendar.is_working(date(2099, 10, 10))
    assert not calendar.is_working(date(2099, 10, 11))


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("schedule.year_date", 'year = "2099"\noff = ["2098-01-01"]'),
        ("schedule.year_date", 'year = "2099"\noff = ["2099-02-30"]'),
        ("schedule.year_date", 'year = "2099"\noff = ["2099-10-07/2099-10-01"]'),
        ("schedule.year_weekend", 'year = "2099"\noff = []\nwork = ["2099-10-08"]'),
        ("rosters.settings_unknown_key", 'year = "2099"\nof = []'),
        ("rosters.settings_type", 'year = "next"\noff = []'),
        ("rosters.settings_missing", 'year = "2099"'),
    ],
)
def test_a_table_of_another_form_is_refused(tmp_path: Path, code: str, body: str) -> None:
    with pytest.raises(InputRefused) as refused:
        table(tmp_path, f"[[year]]\n{body}\n")
    assert refused.value.code == code
