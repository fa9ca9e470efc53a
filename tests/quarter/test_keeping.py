"""A process of many commands recomputes a frozen draw once, and still sees what happens to its files."""

from pathlib import Path

import pytest

from shuangsuiji.errors import EnvironmentRefused
from shuangsuiji.quarter.dossier import keeping_frozen, read_frozen
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.store import Store
from tests.quarter.small_plan import adopted, plan_file, with_rosters
from tests.quarter.workspace import LATER


def frozen(tmp_path: Path) -> Store:
    store = with_rosters(tmp_path)
    adopted(store, plan_file(tmp_path), rehearsal=True)
    freeze(store, values=("explicit:1",), operator="张三", now=LATER)
    return store


def test_within_the_block_the_same_files_are_recomputed_once(tmp_path: Path) -> None:
    store = frozen(tmp_path)
    with store.read() as reader:
        draw = reader.draws()[-1]
        alone = read_frozen(reader, draw)
        assert read_frozen(reader, draw) is not alone
        with keeping_frozen():
            first = read_frozen(reader, draw)
            assert read_frozen(reader, draw) is first
            assert first.object() == alone.object()
        assert read_frozen(reader, draw) is not first


def test_a_file_or_key_that_was_altered_meanwhile_is_seen(tmp_path: Path) -> None:
    store = frozen(tmp_path)
    with keeping_frozen(), store.read() as reader:
        draw = reader.draws()[-1]
        first = read_frozen(reader, draw)
        key = store.layout.key(draw.mode, draw.number)
        right = key.read_bytes()
        key.write_bytes(bytes(32))
        with pytest.raises(Exception, match="not_as_committed"):
            read_frozen(reader, draw)
        key.write_bytes(right)
        assert read_frozen(reader, draw).object() == first.object()
        store.layout.blob(draw.files["entities.jsonl"]).write_bytes(b"")
        with pytest.raises(EnvironmentRefused) as refusal:
            read_frozen(reader, draw)
        assert refusal.value.code == "store.file_damaged"
