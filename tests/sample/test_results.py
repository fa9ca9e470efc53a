"""The platform's invented export: every visit has its results, so many are lost, private cells bear the mark."""

from collections import Counter
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji import sample
from shuangsuiji.errors import InputRefused
from shuangsuiji.sample.results import LOST, PlannedVisit, results, weekly

ITEMS: Final = ("年度报告公示信息检查", "即时公示信息检查", "登记事项检查")
PRIVATE: Final = {"现场检查笔录编号", "扫码入企记录号", "备注"}
TARGET: Final = "统一社会信用代码/注册号"


def visits(number: int, plan: str = "990121-2021-11") -> list[PlannedVisit]:
    made = []
    for one in range(number):
        tasks = [("公示信息检查", ITEMS), ("联合检查", ("农资检查",))][: 1 + (one % 4 == 0)]
        for task, items in tasks:
            made.append(
                PlannedVisit(
                    plan, task, "不定向", items, f"T{one}", f"{one}号店", "2021-03-23", ("甲1", "乙2")
                )
            )
    return made


@given(st.integers(0, 2**32), st.integers(0, 40), st.data())
@settings(max_examples=20)
def test_each_visit_has_a_row_for_each_item_and_exactly_so_many_are_lost(
    seed: int, number: int, data: st.DataObject
) -> None:
    lost = data.draw(st.integers(0, number))
    planned = visits(number)
    made = results(planned, seed=seed, lost=lost)
    assert made == results(planned[::-1], seed=seed, lost=lost)
    keys = list(zip(made.column(TARGET), made.column("抽查任务名称"), made.column("抽查事项"), strict=True))
    assert sorted(keys) == sorted((one.target, one.task, item) for one in planned for item in one.items)
    found = list(zip(made.column(TARGET), made.column("检查结果"), strict=True))
    gone = {target for target, result in found if result == LOST}
    assert len(gone) == lost
    assert not [result for target, result in found if target in gone and result != LOST]
    assert set(made.column("检查人员")) <= {"甲1、乙2"}


def test_the_mark_is_in_every_private_cell_and_in_no_other() -> None:
    made = results(visits(400), seed=1, lost=30)
    for row in made.rows:
        for heading, cell in zip(made.headings, row, strict=True):
            assert (sample.MARK in cell) == (heading in PRIVATE and bool(cell)), (heading, cell)
    assert all(any(made.column(heading)) for heading in PRIVATE)


def test_measures_follow_what_was_corrected_and_their_numbers_are_distinct() -> None:
    made = results(visits(3000), seed=3, lost=0)
    corrected = [result == "发现问题已责令改正" for result in made.column("检查结果")]
    steps = [made.column(name) for name in ("批评教育记录号", "警告文书号", "罚款文书号")]
    assert [bool(cell) for cell in steps[0]] == corrected
    for before, after in ((steps[0], steps[1]), (steps[1], steps[2])):
        assert all(a or not b for a, b in zip(before, after, strict=True))
    assert sum(map(bool, steps[2])) > 0
    numbers = [cell for column in steps for cell in column if cell]
    other = results(visits(3000, "990121-2021-12"), seed=3, lost=0)
    numbers += [cell for cell in other.column("批评教育记录号") if cell]
    assert len(set(numbers)) == len(numbers)
    assert len(Counter(made.column("检查结果"))) > 6


def test_the_weekly_exports_are_the_whole_one_with_few_targets_a_week_late() -> None:
    days = ("2021-03-22", "2021-03-26", "2021-03-29", "2021-03-31")
    planned = [replace(one, day=days[int(one.target[1:]) % 4]) for one in visits(1000)]
    whole = results(planned, seed=2, lost=20)
    first, second = weekly(whole, seed=2)
    assert (first.name, second.name) == ("results-1.csv", "results-2.csv")
    assert sorted((*first.rows, *second.rows)) == sorted(whole.rows)
    assert set(first.column("检查完成日期")) == {"2021-03-22", "2021-03-26"}
    entered = list(zip(second.column(TARGET), second.column("检查完成日期"), strict=True))
    late = {target for target, day in entered if day < "2021-03-29"}
    assert 0 < len(late) < 25
    assert {day for target, day in entered if target in late} == {"2021-03-22"}
    assert late.isdisjoint(first.column(TARGET))


def test_more_lost_than_there_are_targets_is_refused() -> None:
    with pytest.raises(InputRefused) as refusal:
        results(visits(4), seed=1, lost=5)
    assert refusal.value.code == "sample.lost"
