"""A condition reads as what it says."""

from typing import Any

import pytest
from hypothesis import given

from shuangsuiji.core.plan import Plan
from shuangsuiji.messages import LANGUAGES
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.plan.wording import entity_condition, inspector_condition
from tests.plan.test_reader import PLAN
from tests.plan.written import plans

HIGH = ["in", "grade", ["高", "中高"]]
TOWN = ["eq", "township", "东镇"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (["and"], "全部"),
        (["or"], "没有"),
        (TOWN, "所属乡镇是东镇"),
        (HIGH, "信用风险等级是高、中高之一"),
        (["prefix", "id", "92"], "编号以 92 开头"),
        (["prefix", "grade", ""], "填有信用风险等级"),
        (["and", TOWN], "所属乡镇是东镇"),
        (
            ["or", TOWN, ["and", HIGH, ["not", TOWN]]],
            "所属乡镇是东镇，或者（信用风险等级是高、中高之一，并且不满足（所属乡镇是东镇））",
        ),
    ],
)
def test_conditions_on_entities_name_their_columns_by_heading(source: Any, words: str) -> None:
    plan = parse_plan_file(PLAN.encode(), "计划.toml").plan
    assert entity_condition(source, plan, "zh") == words


@given(plans())
def test_every_condition_can_be_read_in_both_languages(plan: Plan) -> None:
    for lang in LANGUAGES:
        for slot in plan.slots:
            assert inspector_condition(slot.pool.source, lang)
        for task in plan.tasks:
            assert all(entity_condition(tier.where.source, plan, lang) for tier in task.tiers)
