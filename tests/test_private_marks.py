"""Nothing of the rosters' private columns is in anything public: the sample marks every private cell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shuangsuiji import sample
from shuangsuiji.config import shipped
from shuangsuiji.store import Store
from tests import batch


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole batch on the shipped sample and its plan, list published."""
    folder = tmp_path_factory.mktemp("batch") / "workspace"
    files = {
        kind: sorted(shipped("sample_data").glob(f"{kind}*.csv"))
        for kind in ("entities", "risk", "inspectors", "review", "conflicts", "visits")
    }
    batch.run(folder, shipped("config") / "plans" / "founding-2021.toml", files)
    return folder


def public_files(workspace: Path) -> Iterator[Path]:
    yield from (path for path in (workspace / "published").rglob("*") if path.is_file())
    yield workspace / "result.csv"


def test_no_public_artefact_holds_a_private_mark(workspace: Path) -> None:
    mark = sample.MARK.encode()
    assert mark in (shipped("sample_data") / "inspectors.csv").read_bytes()
    found = {path.suffix: path.read_bytes() for path in public_files(workspace)}
    assert found.keys() == {".html", ".csv", ".json"}
    assert not [path for path in public_files(workspace) if mark in path.read_bytes()]


def test_no_file_of_the_bundle_holds_a_private_mark(workspace: Path) -> None:
    mark = sample.MARK.encode()
    with Store.open(workspace).read() as reader:
        draw = reader.draws()[-1]
        assert not [
            name for name in draw.files if mark in reader.file(draw, name) and name.endswith(".jsonl")
        ]


def test_the_sample_plan_draws_the_founding_figures(workspace: Path) -> None:
    with Store.open(workspace).read() as reader:
        draw = reader.draws()[-1]
        targets = reader.file(draw, "targets.jsonl").splitlines()
        result = reader.file(draw, "public/result.html").decode()
    assert len(targets) == 147 + 172 + 1_507 + 129 + 270 == 2_225
    assert "2225户" in result
    assert "982人" in result
