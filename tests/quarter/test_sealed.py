"""The first draw reads the leaves that the freeze kept: the same bytes as from the lists, nothing that was altered."""

from array import array
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from shuangsuiji.kernels import tickets
from shuangsuiji.quarter import draw, freeze, late, publish, seed
from shuangsuiji.quarter.draw import DrawResult
from shuangsuiji.quarter.imports import ListedTask, import_roster
from shuangsuiji.quarter.sealed import LEAVES, MEMBERS, STRATA, sealed_files
from shuangsuiji.store import Store
from tests.quarter.small_plan import CODES, PLAN, adopted, refused, with_rosters
from tests.quarter.workspace import LATER

LISTED: Final = """
[[task]]
id = "dispatched"
name = "派发检查"
kind = "定向"
list_source = "上级派发"
slots = ["lead", "local"]
items = ["专项检查"]
"""
Alter = Callable[[dict[str, bytes]], dict[str, bytes]]


def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alter: Alter, *, alone: bool = False) -> Store:
    """A drawn and a listed task, seeded by hand; what is kept of the strata is altered before it is kept."""
    tmp_path.mkdir()
    store = with_rosters(tmp_path)
    path = tmp_path / "计划.toml"
    path.write_text(PLAN.replace('"kl8:2026040"', '"explicit:1"') + LISTED, encoding="utf-8")
    adopted(store, path, rehearsal=True)
    named = tmp_path / "名单.csv"
    named.write_text(f"统一社会信用代码,企业名称\n{CODES[4]},甲\n{CODES[9]},甲\n", encoding="utf-8")
    import_roster(store, "list", [named], task=ListedTask("dispatched"), operator="张三", now=LATER)
    for module in (freeze, late):
        monkeypatch.setattr(module, "sealed_files", lambda strata: alter(sealed_files(strata)))
    (late.targets_only if alone else freeze.freeze)(store, operator="张三", now=LATER)
    publish.publish(store, operator="张三", now=LATER)
    seed.explicit(store, "20210401" * 8, operator="张三", now=LATER)
    return store


def drawn(store: Store) -> tuple[DrawResult, bytes, bytes]:
    result = draw.draw(store, operator="张三", now=LATER)
    with store.read() as reader:
        row = reader.draws()[-1]
        return result, reader.file(row, "strata.jsonl"), reader.file(row, "targets.jsonl")


@pytest.mark.parametrize(
    ("worth", "alone"), [(0, False), (tickets.WORTH, True)], ids=["compiled", "readable, targets alone"]
)
def test_it_draws_what_the_lists_draw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth: int, alone: bool
) -> None:
    """As in a workspace whose freeze, by an earlier version, kept no leaves."""
    monkeypatch.setattr(tickets, "WORTH", worth)
    kept = seeded(tmp_path / "kept", monkeypatch, lambda files: files, alone=alone)
    without = seeded(tmp_path / "without", monkeypatch, lambda _: {}, alone=alone)
    found = drawn(kept)
    assert found == drawn(without)
    assert found[0].targets > 2
    assert {one.base for one in found[0].tiers} == {3, 4}


def _leaves(files: dict[str, bytes]) -> dict[str, bytes]:
    stream = BytesIO()
    np.save(stream, np.load(BytesIO(files[LEAVES])) ^ np.uint32(1))
    return files | {LEAVES: stream.getvalue()}


def _members(change: Callable[[list[int]], list[int]]) -> Alter:
    return lambda files: (
        files | {MEMBERS: array("I", change(memoryview(files[MEMBERS]).cast("I").tolist())).tobytes()}
    )


@pytest.mark.parametrize(
    "alter",
    [
        _leaves,
        _members(lambda members: [(one + 1) % len(CODES) for one in members]),
        _members(lambda members: members[:1] * len(members)),
        lambda files: files | {STRATA: files[STRATA].replace(b'"high"', b'"medium"', 1)},
    ],
    ids=["leaves", "entities", "one for all", "tiers"],
)
def test_what_was_altered_is_not_drawn_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alter: Alter
) -> None:
    store = seeded(tmp_path / "altered", monkeypatch, alter)
    refused("quarter.not_as_committed", lambda: draw.draw(store, operator="张三", now=LATER))


def test_a_file_damaged_on_disk_is_not_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = seeded(tmp_path / "damaged", monkeypatch, lambda files: files)
    with store.read() as reader:
        path = store.layout.blob(reader.draws()[-1].files[LEAVES])
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    refused("store.file_damaged", lambda: draw.draw(store, operator="张三", now=LATER))
