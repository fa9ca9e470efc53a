"""Each import is a snapshot of what it covers; what is gone is counted, nobody is moved silently."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.errors import InputRefused
from shuangsuiji.rosters import compare, frames, merge_people
from tests.rosters.offices import RULES, read_rows, words_of


def registry(links: dict[str, str]) -> pd.DataFrame:
    """Entities by code with their previous codes."""
    blank = [""] * len(links)
    ids, previous = list(links), list(links.values())
    return frames.make("entities", {"id": ids, "previous_code": previous, "name": blank, "status": blank})


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_gone_and_new_are_the_differences(before: set[int], after: set[int]) -> None:
    change = compare(*(registry({f"{one:02}": "" for one in side}) for side in (before, after)))
    assert {int(code) for code in change.gone} == before - after
    assert {int(code) for code in change.new} == after - before
    assert change.gone_share == (Fraction(len(before - after), len(before)) if before else 0)
    assert change.needs_consent == (20 * len(before - after) > len(before))


def test_an_entity_with_a_new_code_is_not_gone() -> None:
    change = compare(registry({"OLD": "", "X": ""}), registry({"NEW": "OLD", "X": "", "Y": "Z"}))
    assert (change.gone, change.new, change.renumbered) == ((), ("Y",), (("OLD", "NEW"),))


def people(folder: Path, *rows: list[str]) -> pd.DataFrame:
    return read_rows("inspectors", folder, [["工号", "姓名", "单位", "身份证号", "执法证编号"], *rows]).frame


def test_units_that_send_a_roster_replace_their_people_and_no_others(tmp_path: Path) -> None:
    before = people(
        tmp_path,
        ["R1", "张三", "甲局", "", "C1"],
        ["R2", "李四", "甲局", "", "C2"],
        ["R3", "王五", "乙局", "", "C3"],
    )
    after, change = merge_people(
        before,
        people(tmp_path, ["R2", "李四", "甲局", "", "C2"], ["R4", "赵六", "甲局", "", "C4"]),
        RULES.headings,
    )
    assert after["id"].tolist() == ["R2", "R3", "R4"]
    assert (change.before, change.gone, change.new) == (2, ("R1",), ("R4",))
    assert change.needs_consent
    again, change = merge_people(after, after, RULES.headings)
    assert frames.digest("inspectors", again) == frames.digest("inspectors", after)
    assert change.gone_share == 0


def test_the_first_roster_meets_nobody(tmp_path: Path) -> None:
    incoming = people(tmp_path, ["R1", "张三", "甲局", "", "C1"])
    after, change = merge_people(None, incoming, RULES.headings)
    assert after.equals(incoming)
    assert (change.before, change.needs_consent) == (0, False)


@pytest.mark.parametrize(
    "moved",
    [
        ["R3", "王五", "甲局", "", "C9"],
        ["R9", "王五", "甲局", "", "C3"],
        ["R9", "王五", "甲局", "11010519491231002X", "C9"],
    ],
)
def test_a_person_in_two_units_is_refused_until_both_send_theirs(tmp_path: Path, moved: list[str]) -> None:
    before = people(
        tmp_path, ["R1", "张三", "甲局", "", "C1"], ["R3", "王五", "乙局", "11010519491231002X", "C3"]
    )
    with pytest.raises(InputRefused) as caught:
        merge_people(before, people(tmp_path, moved), RULES.headings)
    assert caught.value.code == "rosters.person_in_two_units"
    assert "王五(乙局)" in words_of(caught.value)
    after, _ = merge_people(before, people(tmp_path, moved, ["R8", "钱七", "乙局", "", "C8"]), RULES.headings)
    assert after["name"].tolist().count("王五") == 1
