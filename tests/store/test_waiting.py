"""Who waits for whom: a reader of ours stops nobody, a writer the next one, who is told whose turn it is."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.messages import LANGUAGES, render
from shuangsuiji.store import Store
from tests.store.world import KEY, NOW, files_below, put_plan, tables


def freeze(store: Store) -> None:
    with store.begin("张三", "freeze", NOW) as transaction:
        transaction.add_draw("real", put_plan(transaction), KEY)


def refused(store: Store) -> EnvironmentRefused:
    with pytest.raises(EnvironmentRefused) as found:
        freeze(store)
    assert all(render(found.value, lang) for lang in LANGUAGES)
    return found.value


def test_a_reader_stops_no_writer_and_sees_its_own_state_to_the_end(store: Store) -> None:
    with store.read() as first:
        freeze(store)
        with store.read() as second:
            freeze(store)
            assert (len(first.draws()), len(second.draws())) == (0, 1)
    with store.read() as third:
        assert len(third.draws()) == 2


def test_while_somebody_reads_the_workspace_is_copied_as_files(store: Store, tmp_path: Path) -> None:
    with store.read():
        freeze(store)
        copy = Store.open(Path(shutil.copytree(store.layout.root, tmp_path / "copy")))
    assert tables(copy.layout.root) == tables(store.layout.root)
    assert {path.name for path in copy.layout.root.iterdir() if path.is_file()} == {"shuangsuiji.db"}


def test_another_program_that_reads_all_the_while_is_told_of_and_nothing_is_changed(store: Store) -> None:
    root = store.layout.root
    viewer = sqlite3.connect(store.layout.database)
    viewer.execute("BEGIN")
    viewer.execute("SELECT * FROM log").fetchone()
    before = tables(root), files_below(root)
    assert refused(store).code == "store.held_open"
    assert (tables(root), files_below(root)) == before
    with store.read() as reader:
        assert reader.draws() == ()
    viewer.close()
    freeze(store)


def test_a_writer_is_named_to_who_waited_for_him_in_vain(store: Store) -> None:
    with store.begin("李四", "match", NOW):
        found = refused(store)
    assert (found.code, found.params["operator"], found.params["verb"]) == (
        "store.locked_by",
        "李四",
        "match",
    )
    assert list(store.layout.root.glob(".*")) == []


@pytest.mark.parametrize("said", [None, b"", b"\xff", b'{"operator":1}', b"[]"])
def test_without_a_note_that_can_be_read_nobody_is_named(store: Store, said: bytes | None) -> None:
    with store.begin("李四", "match", NOW):
        (note,) = store.layout.root.glob(".*")
        if said is None:
            note.unlink()
        else:
            note.write_bytes(said)
        assert refused(store).code == "store.locked"


def test_a_note_that_a_crash_left_behind_is_believed_by_nobody(store: Store) -> None:
    with store.begin("李四", "match", NOW):
        (note,) = store.layout.root.glob(".*")
        left = note.read_bytes()
    note.write_bytes(left)
    freeze(store)
    assert list(store.layout.root.glob(".*")) == []
