"""One verb, one transaction, one log entry: what is kept, what is refused, and that records stay."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial

import pandas as pd
import pytest

from shuangsuiji.errors import EnvironmentRefused, InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.store import STATES, DrawRow, State, Store, Transaction
from shuangsuiji.store.log import GENESIS, first_fault
from tests.store.world import KEY, NOW, OPERATORS, digest_of, files_below, frame, put_plan, put_roster, tables


def refused(
    code: str, kind: type[ShuangsuijiError], store: Store, work: Callable[[Transaction], object]
) -> None:
    """`work` is refused with `code`, and the workspace is what it was."""
    before = tables(store.layout.root), files_below(store.layout.root)
    with pytest.raises(kind) as found, store.begin("张三", "test", NOW) as transaction:
        work(transaction)
    assert found.value.code == code
    assert (tables(store.layout.root), files_below(store.layout.root)) == before


def adopted(store: Store) -> DrawRow:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        return transaction.add_draw("real", put_plan(transaction), KEY)


def test_a_verb_is_one_entry_with_its_details_and_its_time_in_utc(store: Store) -> None:
    with store.read() as reader:
        head = reader.log_head()
    beijing = datetime(2026, 1, 2, 11, 4, 5, 999, tzinfo=timezone(timedelta(hours=8)))
    with store.begin("李四", "freeze", beijing) as transaction:
        assert transaction.log_head() == head
        transaction.details(draw=1, mode="real")
        transaction.details(draw=2)
    with store.read() as reader:
        first, entry = reader.log()
    assert (first.seq, first.prev, first.verb) == (1, GENESIS, "init")
    assert (entry.seq, entry.prev, entry.verb, entry.operator) == (2, head, "freeze", "李四")
    assert entry.time == "2026-01-02T03:04:05Z"
    assert entry.details == {"draw": 2, "mode": "real"}
    assert first_fault([first, entry]) is None


def test_an_operator_who_is_not_registered_is_refused_with_those_who_are(store: Store) -> None:
    with pytest.raises(InputRefused) as found, store.begin("王五", "freeze", NOW):
        pytest.fail("the block must not be entered")
    assert (found.value.code, found.value.params["known"]) == ("store.operator_unknown", "、".join(OPERATORS))


def test_a_time_without_zone_is_a_fault_of_the_program(store: Store) -> None:
    with (
        pytest.raises(ValueError, match="time zone"),
        store.begin("张三", "freeze", NOW.replace(tzinfo=None)),
    ):
        pass


def test_a_snapshot_comes_back_as_it_was(store: Store) -> None:
    roster = frame("1", "", "甲")
    with store.begin("张三", "import", NOW) as transaction:
        transaction.put_snapshot("entities", digest_of("x"), roster)
        transaction.put_snapshot("entities", digest_of("x"), roster)
        transaction.put_snapshot("conflicts", digest_of("empty"), frame())
    with store.read() as reader:
        pd.testing.assert_frame_equal(reader.snapshot(digest_of("x")), roster)
        pd.testing.assert_frame_equal(reader.snapshot(digest_of("empty")), frame())


@pytest.mark.parametrize("bad", [pd.DataFrame({"id": [1]}), pd.DataFrame({"id": ["a", None]}, dtype="str")])
def test_a_frame_that_is_not_text_is_a_fault_of_the_program(store: Store, bad: pd.DataFrame) -> None:
    before = files_below(store.layout.root)
    with pytest.raises(TypeError), store.begin("张三", "import", NOW) as transaction:
        transaction.put_snapshot("entities", digest_of("x"), bad)
    assert files_below(store.layout.root) == before


def test_a_snapshot_that_was_altered_or_lost_is_refused(store: Store) -> None:
    with store.begin("张三", "import", NOW) as transaction:
        put_roster(transaction, "a")
    path = store.layout.snapshot(digest_of("a"))
    path.write_bytes(path.read_bytes() + b" ")
    with store.read() as reader, pytest.raises(EnvironmentRefused) as found:
        reader.snapshot(digest_of("a"))
    assert (found.value.code, found.value.where.file) == ("store.file_damaged", str(path))
    path.unlink()
    with store.read() as reader, pytest.raises(EnvironmentRefused) as found:
        reader.snapshot(digest_of("a"))
    assert found.value.code == "store.file_missing"


def test_the_latest_import_that_stands_is_the_current_one(store: Store) -> None:
    with store.begin("张三", "import", NOW) as transaction:
        assert transaction.current_import("entities") is None
        first = put_roster(transaction, "a")
        other = put_roster(transaction, "b", roster="risk")
        second = put_roster(transaction, "c")
    with store.read() as reader:
        assert reader.current_import("entities") == second
        assert reader.current_import("risk") == other
        assert reader.imports() == (first, other, second)
        assert first.notes == (("rosters.example", {"count": 1, "column": "地区"}),)
    with store.begin("张三", "import.withdraw", NOW) as transaction:
        assert transaction.withdraw_import(second.id, "误导入").withdrawn == "误导入"
    with store.read() as reader:
        assert reader.current_import("entities") == first


def test_an_import_is_withdrawn_once_and_not_after_it_was_used_or_built_upon(store: Store) -> None:
    with store.begin("张三", "import", NOW) as transaction:
        used, base = put_roster(transaction, "a"), put_roster(transaction, "b", roster="inspectors")
        follower = put_roster(transaction, "c", roster="inspectors", base=base.id)
        gone = put_roster(transaction, "d", roster="risk")
        transaction.withdraw_import(gone.id, "误导入")
        transaction.mark_used([used.id])
    refused("store.import_used", WrongState, store, lambda t: t.withdraw_import(used.id, "x"))
    refused("store.import_followed", WrongState, store, lambda t: t.withdraw_import(base.id, "x"))
    refused("store.import_withdrawn", WrongState, store, lambda t: t.withdraw_import(gone.id, "x"))
    refused("store.import_withdrawn", WrongState, store, lambda t: t.mark_used([gone.id]))
    refused("store.no_such_import", WrongState, store, lambda t: t.withdraw_import(99, "x"))
    with store.begin("张三", "import.withdraw", NOW) as transaction:
        transaction.withdraw_import(follower.id, "x")
        transaction.withdraw_import(base.id, "x")


def test_draws_are_numbered_without_gaps_in_each_mode(store: Store) -> None:
    for _ in range(2):
        adopted(store)
    refused("store.no_such_draw", WrongState, store, _draw_then_fail)
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        rehearsal = transaction.add_draw("rehearsal", put_plan(transaction), KEY)
        third = transaction.add_draw("real", put_plan(transaction), KEY)
    assert (rehearsal.number, third.number) == (1, 3)
    assert store.layout.key("real", 3).stat().st_mode & 0o777 == 0o600
    with store.read() as reader:
        assert reader.key(reader.draw("real", 3)) == KEY
        assert [(draw.mode, draw.number) for draw in reader.draws()] == [
            ("real", 1),
            ("real", 2),
            ("rehearsal", 1),
            ("real", 3),
        ]


def _draw_then_fail(transaction: Transaction) -> None:
    draw = transaction.add_draw("real", put_plan(transaction), KEY)
    transaction.put_files(draw, {"plan.json": b"new"})
    transaction.draw("real", 99)


def test_a_plan_version_is_one_file_for_ever(store: Store) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        plan = put_plan(transaction)
        assert put_plan(transaction) == plan
        later = put_plan(transaction, version=2)
    refused(
        "store.plan_version_taken",
        InputRefused,
        store,
        lambda t: t.add_plan(plan.plan_id, plan.version, b"other"),
    )
    refused("store.no_such_plan", WrongState, store, lambda t: t.plan(plan.plan_id, 9))
    with store.read() as reader:
        assert reader.plans() == (plan, later)
        assert reader.plan_source(later) == b"version = 2"


def test_a_draw_keeps_its_files_and_writes_each_once(store: Store) -> None:
    draw = adopted(store)
    with store.begin("张三", "freeze", NOW) as transaction:
        draw = transaction.put_files(draw, {"plan.json": b"{}", "notice.json": b"{}", "targets.jsonl": b""})
    assert list(draw.files) == ["notice.json", "plan.json", "targets.jsonl"]
    with store.read() as reader:
        assert reader.draw("real", 1) == draw
        assert reader.file(draw, "plan.json") == b"{}"
        assert reader.file(draw, "targets.jsonl") == b""
    refused(
        "store.file_written", WrongState, store, lambda t: t.put_files(draw, {"a": b"1", "plan.json": b"{}"})
    )
    refused("store.no_such_file", WrongState, store, lambda t: t.file(draw, "seed.json"))
    store.layout.blob(draw.files["plan.json"]).write_bytes(b"{ }")
    refused("store.file_damaged", EnvironmentRefused, store, lambda t: t.file(draw, "plan.json"))


def step(draw: DrawRow, state: State, transaction: Transaction) -> None:
    transaction.set_state(draw, state)


def test_a_draw_goes_one_step_at_a_time_and_never_back(store: Store) -> None:
    draw = adopted(store)
    for following in STATES[1:]:
        for wrong in STATES:
            if wrong != following:
                refused("store.state_order", WrongState, store, partial(step, draw, wrong))
        with store.begin("张三", "step", NOW) as transaction:
            assert transaction.open_draw() == draw
            draw = transaction.set_state(draw, following)
    refused("store.state_order", WrongState, store, partial(step, draw, STATES[0]))
    refused("store.no_open_draw", WrongState, store, lambda t: t.open_draw())


def test_the_open_draw_is_named_by_its_plan_if_there_are_several(store: Store) -> None:
    draw = adopted(store)
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        other = transaction.add_draw("real", transaction.add_plan("410100-2026-2", 1, b"x"), KEY)
    refused("store.several_open_draws", WrongState, store, lambda t: t.open_draw())
    refused("store.unknown_plan", WrongState, store, lambda t: t.open_draw("410100-2026-3"))
    with store.read() as reader:
        assert reader.open_draw(draw.plan_id) == draw
        assert reader.open_draw(other.plan_id) == other


def test_typings_are_kept_with_their_operators(store: Store) -> None:
    draw = adopted(store)
    values = {"kl8:2026318": "01" * 20}
    with store.begin("张三", "seed", NOW) as transaction:
        transaction.add_typing(draw, "张三", values)
        transaction.add_typing(draw, "李四", values)
    refused("store.operator_unknown", InputRefused, store, lambda t: t.add_typing(draw, "王五", values))
    with store.read() as reader:
        assert [(typing.operator, typing.values) for typing in reader.typings(draw)] == [
            ("张三", values),
            ("李四", values),
        ]


def test_a_salt_key_that_is_lost_or_cut_short_is_refused(store: Store) -> None:
    draw = adopted(store)
    path = store.layout.key("real", 1)
    path.write_bytes(KEY[:31])
    refused("store.key_length", InputRefused, store, lambda t: t.key(draw))
    path.unlink()
    refused("store.file_missing", EnvironmentRefused, store, lambda t: t.key(draw))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET operator = '李四' WHERE seq = 1",
        "DELETE FROM log WHERE seq = 2",
        "INSERT INTO log SELECT 9, hash, time, operator, verb, details, 'f' FROM log WHERE seq = 2",
        "INSERT INTO log SELECT 3, prev, time, operator, verb, details, 'f' FROM log WHERE seq = 2",
        "REPLACE INTO log SELECT 2, prev, time, '李四', verb, details, 'f' FROM log WHERE seq = 2",
        "UPDATE draw_files SET sha256 = 'f'",
        "UPDATE plans SET sha256 = 'f'",
        "UPDATE snapshots SET sha256 = 'f'",
        "UPDATE imports SET withdrawn = 'x'",
        "UPDATE imports SET used = 0",
        "DELETE FROM imports",
        "DELETE FROM draws",
    ],
)
def test_records_are_kept_even_against_plain_sql(store: Store, statement: str) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), KEY)
        transaction.put_files(draw, {"plan.json": b"{}"})
        transaction.mark_used([put_roster(transaction, "a").id])
    before = tables(store.layout.root)
    connection = sqlite3.connect(store.layout.database)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
    assert tables(store.layout.root) == before


def test_a_log_altered_past_all_guards_stops_the_next_verb(store: Store) -> None:
    with store.begin("张三", "freeze", NOW):
        pass
    connection = sqlite3.connect(store.layout.database)
    connection.execute("DROP TRIGGER log_no_update")
    connection.execute("UPDATE log SET operator = '李四' WHERE seq = 2")
    connection.commit()
    connection.close()
    refused("store.log_damaged", EnvironmentRefused, store, lambda t: t.details(x=1))
    with store.read() as reader:
        assert first_fault(reader.log()) == 2


def test_readers_cannot_write(store: Store) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    with store.read() as reader, pytest.raises(OperationalError, match="readonly"):
        reader._session.execute(text("INSERT INTO operators (name) VALUES ('王五')"))
