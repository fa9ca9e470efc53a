"""The real registry (not part of the repository): 147,885 rows, one with a wrong check digit, `N/A` a real value."""

from pathlib import Path

import pytest

from shuangsuiji.rosters import read
from tests.rosters.offices import RULES, assert_accounted, noted

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real registry under {DATA}")


def test_every_row_of_the_real_registry_is_read_or_refused() -> None:
    roster = read("entities", [DATA / "henan_registry.csv"], RULES)
    assert_accounted(roster)
    assert (roster.rows_read, len(roster.frame)) == (147_885, 147_884)
    assert [row.code for row in roster.refused] == ["rosters.code_check_digit"]
    assert noted(roster) == {"rosters.note.no_status_column"}
    assert (
        roster.frame["企业类型"] == "N/A"
    ).sum() == 131_901  # 131,902 in the file, one of them in the refused row
    assert roster.frame["地区"].nunique() == 19


def test_the_risk_grades_belong_to_it() -> None:
    roster = read("risk", [DATA / "henan_risk.csv"], RULES)
    assert_accounted(roster)
    assert sorted(set(roster.frame["信用风险等级"])) == ["A", "B", "C", "D"]
    assert [row.code for row in roster.refused] == ["rosters.code_check_digit"]
