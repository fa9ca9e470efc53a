"""A task whose list comes from elsewhere: its targets are those of the list, checked against the registry."""

from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.quarter.dossier import read_plan
from shuangsuiji.quarter.imports import ImportResult, ListedTask, import_roster
from shuangsuiji.quarter.plan import adopt
from shuangsuiji.quarter.records import current_rosters, lists
from shuangsuiji.rosters.reading import Rules
from shuangsuiji.store import Store
from tests.quarter.workspace import ENTITIES, FIRMS, INSPECTORS, LATER, give, new_store

PLAN: Final = """
[plan]
id = "990121-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "派发任务"
window = { from = 2026-02-01, to = 2026-06-30 }

[publish]
deadline = 2026-01-31

[columns]

[[slot]]
id = "lead"
name = "组长"
pool = ["and"]

[[slot]]
id = "member"
name = "组员"
pool = ["and"]

[blocks]
max_targets = 10
max_per_inspector = 8

[[task]]
id = "dispatched"
name = "派发检查"
kind = "定向"
list_source = "上级派发"
slots = ["lead", "member"]
items = ["专项检查"]
"""
HEAD: Final = "统一社会信用代码,企业名称\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path)
    give(made, "entities", ENTITIES)
    give(made, "inspectors", INSPECTORS)
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    adopt(made, path, salt_key=bytes(32), operator="张三", now=LATER)
    return made


def give_list(
    store: Store, text: str, task: str = "dispatched", *, accept_gone: bool = False
) -> ImportResult:
    path = store.layout.root.parent / "名单.csv"
    path.write_text(text, encoding="utf-8")
    return import_roster(
        store, "list", [path], task=ListedTask(task), accept_gone=accept_gone, operator="张三", now=LATER
    )


def named(store: Store) -> dict[str, tuple[str, ...]]:
    """The lists that each entity is in, as a freeze would seal them."""
    with store.read() as reader:
        plan = read_plan(reader, reader.open_draw(None))
        held = lists(plan, current_rosters(reader, plan), Rules.load().headings)
    return {one.id: one.lists for one in held.entities}


def test_entities_of_the_list_belong_to_the_task_and_strangers_are_refused(store: Store) -> None:
    result = give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n91990121MAB46UBF8X,乙公司\n{FIRMS[2]},甲公司\n")
    assert (result.kind, result.size, result.refused_rows, len(result.reports)) == ("list", 2, 1, 2)
    assert named(store) == {FIRMS[0]: ("dispatched",), FIRMS[1]: (), FIRMS[2]: ("dispatched",)}
    with store.read() as reader:
        entry = reader.log()[-1]
    assert entry.details["list"] == "list:990121-2026-01:dispatched"
    assert entry.details["files"][0]["name"] == "名单.csv"  # type: ignore[index, call-overload]


def test_a_target_of_the_list_that_is_out_of_business_is_told(store: Store) -> None:
    assert give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n").notes == ()
    give(store, "entities", ENTITIES.replace(f"{FIRMS[1]},甲公司,存续", f"{FIRMS[1]},甲公司,注销"))
    (note,) = give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n{FIRMS[1]},甲公司\n").notes
    assert (note.code, note.params) == ("quarter.note.listed_gone", {"count": 1, "examples": FIRMS[1]})


def test_a_shorter_list_needs_the_operator_s_word(store: Store) -> None:
    give_list(store, HEAD + "".join(f"{one},甲公司\n" for one in FIRMS))
    with pytest.raises(InputRefused) as caught:
        give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n")
    assert caught.value.code == "quarter.too_many_gone"
    assert give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n", accept_gone=True).gone == 2


def test_an_entity_that_left_the_registry_after_the_list_is_named(store: Store) -> None:
    give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n")
    give(store, "entities", ENTITIES.replace(f"{FIRMS[0]},甲公司,存续\n", ""), accept_gone=True)
    with pytest.raises(InputRefused) as caught:
        named(store)
    assert (caught.value.code, caught.value.params["entity"]) == ("quarter.list_stranger", FIRMS[0])


@pytest.mark.parametrize("task", ["other", ""])
def test_only_a_listed_task_of_the_plan_has_a_list(store: Store, task: str) -> None:
    with pytest.raises(InputRefused) as caught:
        give_list(store, f"{HEAD}{FIRMS[0]},甲公司\n", task)
    assert caught.value.code == "quarter.no_listed_task"
    assert caught.value.params["known"] == "dispatched"


def test_without_a_registry_or_a_plan_there_is_nothing_to_hold_a_list_against(tmp_path: Path) -> None:
    bare = new_store(tmp_path)
    with pytest.raises(ShuangsuijiError) as caught:
        give_list(bare, f"{HEAD}{FIRMS[0]},甲公司\n")
    assert isinstance(caught.value, WrongState)


def test_leave_limits_and_experts_reach_the_records(store: Store) -> None:
    people = (
        "姓名,单位,人员编号,执法证编号,执法证有效期,休假自,休假至,最多任务数,是否专家\n"
        "甲,局,R1,C1,长期,2026-01-01,2026-06-30,,\n"
        "乙,局,R2,C2,长期,2026-03-01,2026-06-30,2,否\n"
        "丙,局,R3,,,2026-01-01,,,是\n"
        "丁,局,R4,C4,长期,,2026-06-29,0,\n"
    )
    give(store, "inspectors", people, accept_gone=True)
    with store.read() as reader:
        plan = read_plan(reader, reader.open_draw(None))
        held = lists(plan, current_rosters(reader, plan), Rules.load().headings)
    found = {one.id: (one.undrawable, one.most, one.expert) for one in held.inspectors if one.unit == "局"}
    assert found == {
        "R1": ("休假", None, False),
        "R2": (None, 2, False),
        "R3": ("休假", None, True),
        "R4": (None, 0, False),
    }
