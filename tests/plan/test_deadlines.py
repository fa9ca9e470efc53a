"""How many working days a plan gives: what it says, else the usual; nothing of it changes the draw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.plan.deadlines import USUAL, Deadlines
from shuangsuiji.plan.texts import parse_texts, texts_object
from tests.plan.test_reader import PLAN


def with_deadlines(text: str) -> bytes:
    return PLAN.replace("[blocks]", f"[deadlines]\n{text}\n[blocks]").encode()


@given(st.fixed_dictionaries({}, optional={key: st.integers(1, 250) for key in USUAL.object()}))
def test_each_key_is_read_and_the_others_are_the_usual(given: dict[str, int]) -> None:
    lines = "\n".join(f"{key} = {days}" for key, days in given.items())
    spoken = parse_plan_file(with_deadlines(lines), "计划.toml")
    assert spoken.texts.deadlines.object() == {**USUAL.object(), **given}
    assert plan_object(spoken.plan) == plan_object(parse_plan_file(PLAN.encode(), "计划.toml").plan)
    assert parse_texts(texts_object(spoken.texts)) == spoken.texts


def test_texts_of_an_earlier_version_have_the_usual() -> None:
    value = texts_object(parse_plan_file(PLAN.encode(), "计划.toml").texts)
    del value["deadlines"]
    assert parse_texts(value).deadlines == Deadlines(match=2, publish=20, abnormal=10)


@pytest.mark.parametrize("written", ["0", "251", "-3", '"20"'])
def test_what_is_no_number_of_days_is_refused(written: str) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_plan_file(with_deadlines(f"publish = {written}"), "计划.toml")
    assert (caught.value.code, caught.value.where.key) == ("plan.deadline_days", "deadlines.publish")
