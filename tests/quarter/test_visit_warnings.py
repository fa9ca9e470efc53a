"""What a plan says of visit days is held against the calendar before it is frozen."""

from pathlib import Path

import pytest

from shuangsuiji.quarter.plan import check
from tests.quarter.small_plan import plan_file

WINDOW = "window = { from = 2026-03-01, to = 2026-06-30 }"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ((), set()),
        ((("[blocks]", "[visits]\nweekdays = ['周二']\n[blocks]"),), set()),
        (
            (("[blocks]", "[visits]\nweekdays = ['周六']\nlast_days_of_month = 3\n[blocks]"),),
            {"no_visit_day"},
        ),
        (
            (("[blocks]", "[visits]\ndays = [2026-03-02, 2026-05-01]\n[blocks]"),),
            {"no_working_day"},
        ),
        (((WINDOW, "window = { from = 2098-12-01, to = 2099-06-30 }"),), {"year_unknown"}),
    ],
)
def test_days_that_cannot_be_meant_are_warned_of(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], codes: set[str]
) -> None:
    warned = {one.code for one in check(None, plan_file(tmp_path, *changes)).warnings}
    assert {code.rpartition(".")[2] for code in warned} == codes
