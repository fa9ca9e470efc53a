"""Whatever is done, in whatever order, and wherever it fails: database, files and log belong together."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shuangsuiji.errors import WrongState
from shuangsuiji.store import STATES, Store, Transaction
from shuangsuiji.store.log import first_fault
from tests.store.world import KEY, NOW, OPERATORS, digest_of, files_below, put_plan, put_roster, tables

TEXTS = st.sampled_from(["甲", "乙", "丙"])
ROSTERS = st.sampled_from(["entities", "inspectors"])
NAMES = st.sampled_from(["plan.json", "notice.json", "targets.jsonl"])


class Interrupted(Exception):
    """What stops a verb: any exception, this one for instance."""


def interrupt(store: Store, change: Callable[[Transaction], object]) -> None:
    with store.begin("张三", "verb", NOW) as transaction:
        change(transaction)
        raise Interrupted


class Verb:
    """A few changes of one transaction, drawn by hypothesis; some are refused by the store, which is fine."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def change(self, transaction: Transaction) -> None:
        for _ in range(self.data.draw(st.integers(0, 3))):
            self.data.draw(st.sampled_from([self.roster, self.plan, self.files, self.step, self.withdraw]))(
                transaction
            )

    def roster(self, transaction: Transaction) -> None:
        put_roster(transaction, self.data.draw(TEXTS), self.data.draw(ROSTERS))

    def plan(self, transaction: Transaction) -> None:
        plan = put_plan(transaction, self.data.draw(st.integers(1, 2)))
        transaction.add_draw(self.data.draw(st.sampled_from(["real", "rehearsal"])), plan, KEY)

    def files(self, transaction: Transaction) -> None:
        for draw in transaction.draws()[:2]:
            name = self.data.draw(NAMES)
            if name not in draw.files:
                transaction.put_files(draw, {name: self.data.draw(TEXTS).encode()})

    def step(self, transaction: Transaction) -> None:
        for draw in transaction.draws()[:1]:
            transaction.set_state(draw, self.data.draw(st.sampled_from(STATES)))

    def withdraw(self, transaction: Transaction) -> None:
        transaction.withdraw_import(self.data.draw(st.integers(1, 3)), "误导入")


class Workspace(RuleBasedStateMachine):
    """Verbs that come to their commit and verbs that do not."""

    template: Path

    @initialize()
    def open(self) -> None:
        self.root = Path(shutil.copytree(self.template, tempfile.mkdtemp(), dirs_exist_ok=True))
        self.store = Store.open(self.root)
        self.commits = 1

    @rule(data=st.data(), operator=st.sampled_from(OPERATORS))
    def verb(self, data: st.DataObject, operator: str) -> None:
        before = tables(self.root), files_below(self.root)
        try:
            with self.store.begin(operator, "verb", NOW) as transaction:
                transaction.details(note=data.draw(TEXTS))
                Verb(data).change(transaction)
        except WrongState:
            assert (tables(self.root), files_below(self.root)) == before
        else:
            self.commits += 1

    @rule(data=st.data())
    def interrupted(self, data: st.DataObject) -> None:
        before = tables(self.root), files_below(self.root)
        with pytest.raises((Interrupted, WrongState)):
            interrupt(self.store, Verb(data).change)
        assert (tables(self.root), files_below(self.root)) == before

    @invariant()
    def the_log_has_one_sound_entry_per_commit(self) -> None:
        with self.store.read() as reader:
            entries = reader.log()
            assert first_fault(entries) is None
            assert [entry.verb for entry in entries] == ["init"] + ["verb"] * (self.commits - 1)
            assert reader.log_head() == entries[-1].hash

    @invariant()
    def the_files_are_just_those_that_the_database_points_to(self) -> None:
        with self.store.read() as reader:
            assert {str(path.relative_to(self.root)) for path in reader.known_files()} == set(
                files_below(self.root)
            )

    def teardown(self) -> None:
        shutil.rmtree(self.root)


def test_database_files_and_log_belong_together(template: Path) -> None:
    machine = type("Machine", (Workspace,), {"template": template})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=8, deadline=None)
    )


def test_an_orphan_of_a_crash_does_no_harm_and_becomes_the_file_it_is(store: Store) -> None:
    """A crash between file and commit cannot be cleaned up; the next transaction writes the same name again."""
    path = store.layout.snapshot(digest_of("甲"))
    path.write_bytes(b"half of a file")
    with store.begin("张三", "import", NOW) as transaction:
        put_roster(transaction, "甲")
    with store.read() as reader:
        assert list(reader.snapshot(digest_of("甲"))["id"]) == ["甲"]


def test_a_failed_transaction_removes_no_file_that_another_points_to(store: Store) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), KEY)
        draw = transaction.put_files(draw, {"plan.json": b"same"})
    blob = store.layout.blob(draw.files["plan.json"])
    blob.unlink()  # so that the next transaction writes it anew
    with pytest.raises(Interrupted):
        interrupt(store, lambda transaction: transaction.put_files(draw, {"notice.json": b"same"}))
    with store.read() as reader:
        assert reader.file(draw, "plan.json") == b"same"
