"""What a plan file may ask besides reaches the plan, or the texts beside it, as it was written."""

from typing import Final

import pytest

from shuangsuiji.core.plan import AnyDistrict, Bounds, Matching, Neighbours, RaiseCap
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan import PlanFile, parse_plan_file
from tests.plan.test_reader import PLAN

JURISDICTION: Final = '[jurisdiction]\ndistricts = ["城关镇", "东关镇"]\n'


def read(text: str) -> PlanFile:
    return parse_plan_file(text.encode(), "计划.toml")


def with_part(part: str) -> PlanFile:
    return read(PLAN.replace("[blocks]", f"{part}\n[blocks]"))


def test_districts_outside_the_jurisdiction_are_the_first_exclusion() -> None:
    file = with_part(JURISDICTION)
    first, *others = file.plan.exclusions
    assert isinstance(first, Matching)
    assert first.reason == "outside_jurisdiction"
    assert tuple(others) == read(PLAN).plan.exclusions
    for district, outside in (("城关镇", False), ("西关镇", True), (None, True)):
        fields = {"township": district} if district else {}
        assert first.where.holds(fields) is outside
    assert file.texts.jurisdiction == ("城关镇", "东关镇")


def test_who_is_authorised_excludes_nobody_and_says_by_what() -> None:
    file = with_part(JURISDICTION + 'authorisation = "某政文〔2026〕12号"')
    assert plan_object(file.plan) == plan_object(read(PLAN).plan)
    assert file.texts.authorisation == "某政文〔2026〕12号"


def test_a_fault_of_an_exclusion_keeps_its_place_beside_a_jurisdiction() -> None:
    with pytest.raises(InputRefused) as caught:
        read(PLAN.replace("visits = 1", "visits = 0").replace("[blocks]", f"{JURISDICTION}\n[blocks]"))
    assert caught.value.where.key == "exclusion[0].visits"


def test_relaxations_keep_their_order_and_their_names_stay_outside() -> None:
    home = PLAN.replace('id = "member"', 'id = "member"\ndistrict = "home"')
    relaxations = (
        '[[relaxation]]\nname = "借邻镇"\nslot = "member"\nneighbours = { "城关镇" = ["东关镇"] }\n'
        '[[relaxation]]\nslot = "member"\ndistrict = "any"\n[[relaxation]]\nname = "加包"\ncap = 12\n'
    )
    file = read(home.replace("[blocks]", f"{relaxations}\n[blocks]"))
    assert file.plan.relaxations == (
        Neighbours("member", {"城关镇": ("东关镇",)}),
        AnyDistrict("member"),
        RaiseCap(12),
    )
    assert file.texts.relaxations == ("借邻镇", "", "加包")


def test_bounds_are_those_of_the_tier() -> None:
    file = read(PLAN.replace("count = 20", "count = 20\nbounds = { least = 1, most = 20 }"))
    assert [tier.bounds for tier in file.plan.tasks[0].tiers] == [None, Bounds(1, 20)]


def test_a_listed_task_has_a_source_and_no_tiers() -> None:
    listed = PLAN[: PLAN.index("[[task.tier]]")].replace('pool = ["and"]', 'list_source = "上级派发"')
    (task,) = read(listed.replace('key = "township"', "")).plan.tasks
    assert (task.source, task.tiers, task.pool.source) == ("superior", (), ["and"])


def test_no_is_the_same_as_nothing_said() -> None:
    said = PLAN.replace("max_targets = 10", "max_targets = 10\nsubstitutes = false")
    said = said.replace('id = "member"', 'id = "member"\nextra = false')
    assert read(said).plan == read(PLAN).plan
