"""A notice of inspection results made anew on any later day: what it says is true of what was told and what is left."""

import re
from datetime import date
from typing import Final

from hypothesis import assume, given
from hypothesis import strategies as st

from shuangsuiji.bundle.disclose_results import Term, take_down
from shuangsuiji.publish import html
from shuangsuiji.publish.results_notice import results_content
from tests.bundle.test_disclose_results import World, worlds
from tests.publish.test_notices import Page

TERMS: Final = (Term(date(2020, 1, 1), 5, 2),)


@given(worlds(), st.dates(date(2021, 6, 1), date(2030, 1, 1)))
def test_a_notice_tells_how_far_the_list_has_come_and_what_was_taken_down(world: World, today: date) -> None:
    told = world.told()
    assume(told.news)
    view = take_down(told, TERMS, today)
    said = Page(html.page(results_content(view, told=told))).text
    rows = {one.id: [bool(row.categories) for row in told.rows if row.id == one.id] for one in told.rows}
    whole, some = sum(map(all, rows.values())), sum(map(any, rows.values()))
    assert f"名单共{len(rows)}户" in said
    assert ("检查结果已经全部公示过" in said) == (whole == len(rows))
    if whole < len(rows):
        assert f"检查结果全部公示的{whole}户" in said
        assert (f"公示了部分任务的{some - whole}户" in said) == (some > whole)
        assert f"其余{len(rows) - some}户尚未检查" in said
    left = {row.id for row in view.news}
    gone = {row.id for row in told.news} - left
    assert re.findall(r"(\d+)户检查结果，公示期已满", said) == ([str(len(gone))] if gone else [])
    assert re.findall(r"本次公示(\d+)户", said) == ([str(len(left))] if left else [])
    assert ("抽查检查结果更正公示" in said) == all(row.news == "corrected" for row in told.news)
    # Who was never told is not inspected; whoever's results came down was.
    assert "从未公示过检查结果的检查对象为未检查" in said
    assert "没有列入" not in said
