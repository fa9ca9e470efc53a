"""What the store's tests share: an instant, two operators, small frames, and what lies on the disk."""

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from shuangsuiji.store import ImportRow, PlanRow, SourceFile, Transaction

NOW: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OPERATORS: Final = ("张三", "李四")
KEY: Final = bytes(range(32))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def frame(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"id": list(ids), "地区": ["N/A" for _ in ids]}, dtype="str")


def put_roster(
    transaction: Transaction, text: str, roster: str = "entities", base: int | None = None
) -> ImportRow:
    """An import of one row whose id is `text`."""
    transaction.put_snapshot(roster, digest_of(text), frame(text))
    return transaction.add_import(
        roster,
        roster=roster,
        digest=digest_of(text),
        source=digest_of(text),
        files=[SourceFile(f"{text}.csv", digest_of(text + ".csv"))],
        rows_read=1,
        accepted=1,
        refused=0,
        notes=[("rosters.example", {"count": 1, "column": "地区"})],
        base=base,
    )


def put_plan(transaction: Transaction, version: int = 1) -> PlanRow:
    return transaction.add_plan(
        "410100-2026-1", version, f"version = {version}".encode(), title="年报公示信息抽查"
    )


def files_below(root: Path) -> dict[str, str]:
    """Every file below a directory, hidden ones too, with the SHA-256 of its bytes; the database apart."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "shuangsuiji.db"
    }


def tables(root: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """All rows of all tables, read past the store."""
    with sqlite3.connect(root / "shuangsuiji.db") as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}
    connection.close()
    return found
