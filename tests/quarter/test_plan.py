"""`plan show`, `plan adopt`: a plan read out, and how it becomes the plan of a draw."""

import stat
from functools import partial
from pathlib import Path

import pytest

from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.quarter.dossier import read_plan, read_texts
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.plan import adopt, show
from shuangsuiji.quarter.publish import publish
from shuangsuiji.store import STATES
from tests.quarter.small_plan import (
    KEY,
    adopted,
    plan_file,
    refused,
    with_rosters,
)
from tests.quarter.workspace import LATER, NOW, new_store, on_disk

# --- show ---


def test_a_plan_is_shown_as_it_would_be_committed_to(tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    shown = show(path)
    assert shown.plan["id"] == "410102-2026-01"
    assert shown.texts.title == "2026年度第一批抽查计划"
    assert shown.digest == adopted(new_store(tmp_path), path).digest
    assert shown.digest != show(plan_file(tmp_path, ("count = 2", "count = 3"))).digest


# --- adopt ---


def test_an_adopted_plan_has_a_number_and_a_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    store, path = new_store(tmp_path), plan_file(tmp_path)
    result = adopted(store, path)
    assert (result.plan, result.version, result.mode, result.draw, result.replaced) == (
        "410102-2026-01",
        1,
        "real",
        1,
        0,
    )
    key = store.layout.key("real", 1)
    assert key.read_bytes() == KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    file = parse_plan_file(path.read_bytes(), "")
    with store.read() as reader:
        draw = reader.open_draw()
        assert (draw.state, draw.mode, draw.number) == ("adopted", "real", 1)
        assert reader.plan_source(reader.plan(draw.plan_id, 1)) == path.read_bytes()
        assert (read_plan(reader, draw), read_texts(reader, draw)) == (file.plan, file.texts)
        entry = reader.log()[-1]
    assert (entry.operator, entry.verb, entry.time) == ("张三", "plan adopt", "2026-01-02T03:05:05Z")
    assert entry.details == {
        "digest": result.digest,
        "draw": 1,
        "mode": "real",
        "plan": "410102-2026-01",
        "reason": "",
        "version": 1,
    }


def test_numbers_are_serial_in_each_mode(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    numbers = []
    for serial, rehearsal in enumerate((False, True, False, True, True)):
        path = plan_file(tmp_path, ("2026-01", f"2026-1{serial}"))
        numbers.append(adopted(store, path, rehearsal=rehearsal).draw)
    assert numbers == [1, 1, 2, 2, 3]


def test_a_later_version_takes_the_place_of_the_plan_before_the_freeze(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path))
    publish(store, operator="张三", now=NOW)
    other = bytes(32)
    path = plan_file(tmp_path, ("version = 1", "version = 2"), ("count = 2", "count = 3"))
    refused("plan.reason_needed", lambda: adopted(store, path, reason=" "))
    result = adopt(store, path, reason="上级调整", salt_key=other, operator="李四", now=LATER)
    assert (result.draw, result.version, result.replaced) == (1, 2, 1)
    assert store.layout.key("real", 1).read_bytes() == KEY
    assert [one.path.parent.name for one in publish(store, operator="张三", now=NOW).artefacts] == ["plan-2"]
    with store.read() as reader:
        assert [(row.version, row.reason) for row in reader.plans()] == [(1, ""), (2, "上级调整")]
        assert read_plan(reader, reader.open_draw()).tasks[0].tiers[0].quota.of(9) == 3
    assert refused("plan.version_behind", lambda: adopted(store, plan_file(tmp_path))).exit_code == 4


def test_the_same_version_is_neither_adopted_again_nor_with_other_content(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    adopted(store, plan_file(tmp_path))
    refused("plan.already_adopted", lambda: adopted(store, plan_file(tmp_path)))
    refused(
        "store.plan_version_taken", lambda: adopted(store, plan_file(tmp_path, ("count = 2", "count = 3")))
    )


def test_a_frozen_plan_stays_and_a_published_one_is_used_up(tmp_path: Path) -> None:
    store = with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path))
    freeze(store, operator="张三", now=LATER)
    path = plan_file(tmp_path, ("version = 1", "version = 2"))
    for state in STATES[2:]:
        assert isinstance(refused("plan.frozen", lambda: adopted(store, path, reason="改")), WrongState)
        with store.begin("张三", "test", LATER) as transaction:
            transaction.set_state(transaction.open_draw(), state)
    refused("plan.used_up", lambda: adopted(store, path, reason="改"))
    with store.begin("张三", "test", LATER) as transaction:
        draw, row = transaction.draw("real", 1), transaction.add_plan("410102-2026-01", 3, b"")
        refused("store.state_order", lambda: transaction.change_plan(draw, row))
    file = parse_plan_file(plan_file(tmp_path).read_bytes(), "")
    with store.read() as reader:
        (draw,) = reader.draws()
        assert (read_plan(reader, draw), read_texts(reader, draw)) == (file.plan, file.texts)


def test_a_rehearsal_can_be_repeated_but_not_beside_another_draw_of_the_plan(tmp_path: Path) -> None:
    store, path = with_rosters(tmp_path), plan_file(tmp_path)
    assert adopted(store, path, rehearsal=True).draw == 1
    refused("plan.rehearsal_open", lambda: adopted(store, path))
    with store.begin("张三", "test", LATER) as transaction:
        for state in STATES[1:]:
            transaction.set_state(transaction.draw("rehearsal", 1), state)
    assert adopted(store, path, rehearsal=True).draw == 2
    with store.begin("张三", "test", LATER) as transaction:
        for state in STATES[1:]:
            transaction.set_state(transaction.draw("rehearsal", 2), state)
    assert adopted(store, path).draw == 1
    refused("plan.real_open", lambda: adopted(store, path, rehearsal=True))


def test_a_real_draw_is_the_workspace_s_own_and_seeded_in_public(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    foreign = plan_file(tmp_path, ("某区市场", "某县市场"))
    assert refused("plan.authority", lambda: adopted(store, foreign)).where.line == 4
    assert adopted(store, foreign, rehearsal=True).mode == "rehearsal"
    for value, code in (("explicit:1", "core.seed_explicit"), ("ssq:2026040", "core.seed_entropy")):
        path = plan_file(tmp_path, ("kl8:2026040", value), ("2026-01", "2026-02"))
        assert refused(code, partial(adopted, store, path)).where.key == "seed.values"
    silent = plan_file(tmp_path, ('[seed]\nvalues = ["kl8:2026040"]\n', ""), ("2026-01", "2026-03"))
    assert adopted(store, silent).draw == 1


def test_a_refused_adoption_leaves_the_workspace_as_it_was(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    adopted(store, plan_file(tmp_path))
    before = on_disk(store.layout.root)
    for changes in (
        [],
        [("count = 2", "count = 3")],
        [("count = 2", "count = 0")],
        [("[blocks]", "[block]")],
    ):
        with pytest.raises((InputRefused, WrongState)):
            adopted(store, plan_file(tmp_path, *changes))
    assert on_disk(store.layout.root) == before
