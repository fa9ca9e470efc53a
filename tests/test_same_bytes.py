"""A result is a function of frozen input, plan, seed and specification: not of row order, file format, hash seed."""

import csv
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from shuangsuiji import sample
from shuangsuiji.config import shipped

ROOT: Final = Path(__file__).parents[1]
KINDS: Final = ("entities", "risk", "inspectors", "review", "conflicts", "visits")
# Other quotas than the shipped plan's, which are for 48,000 enterprises.
QUOTAS: Final = {"147": "6", "172": "7", "1507": "60", "129": "5", "270": "11", "60": "3"}

Rows = list[list[str]]
Write = Callable[[Path, Rows], Path]


def as_csv(path: Path, rows: Rows) -> Path:
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path.with_suffix(".csv")


def as_gbk(path: Path, rows: Rows) -> Path:
    shuffled = [rows[0], *random.Random(7).sample(rows[1:], len(rows) - 1)]
    out = io.StringIO()
    csv.writer(out).writerows(shuffled)
    path.with_suffix(".csv").write_bytes(out.getvalue().encode("gb18030"))
    return path.with_suffix(".csv")


def as_xlsx(path: Path, rows: Rows) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(["（标题行）" + path.stem])
    for row in rows:
        sheet.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def of_kind(table: sample.Table) -> str:
    return table.name.partition(".")[0].partition("-")[0]


def batch(
    folder: Path, plan: Path, tables: Sequence[sample.Table], write: Write, hash_seed: str
) -> dict[str, str]:
    folder.mkdir()
    paths: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for table in tables:
        rows = [list(table.headings), *map(list, table.rows)]
        paths[of_kind(table)].append(str(write(folder / table.name.removesuffix(".csv"), rows)))
    words = [f"{kind}={','.join(names)}" for kind, names in paths.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.batch", str(folder / "workspace"), str(plan), *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    digests: dict[str, str] = json.loads(done.stdout)
    return digests


@pytest.fixture(scope="module")
def tables() -> Sequence[sample.Table]:
    return sample.district(seed=3, size=3_000)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (shipped("config") / "plans" / "founding-2021.toml").read_text(encoding="utf-8")
    for count, smaller in QUOTAS.items():
        text = text.replace(f"count = {count}\n", f"count = {smaller}\n")
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_same_batch_has_the_same_bytes(
    tmp_path: Path, plan: Path, tables: Sequence[sample.Table]
) -> None:
    plain = batch(tmp_path / "plain", plan, tables, as_csv, "1")
    assert {
        "entities.jsonl",
        "blocks.jsonl",
        "public/result.html",
        "public/result.csv",
        "exported",
    } <= plain.keys()
    assert batch(tmp_path / "shuffled", plan, tables, as_gbk, "2") == plain
    assert batch(tmp_path / "workbooks", plan, tables, as_xlsx, "3") == plain
