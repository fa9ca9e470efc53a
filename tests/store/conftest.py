"""A fresh workspace for each test, copied from one that is made once."""

import shutil
from pathlib import Path

import pytest

from shuangsuiji.store import Store
from tests.store.world import NOW, OPERATORS


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "workspace"
    Store.create(path, "某区市场监督管理局", "410100", OPERATORS, NOW)
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Store:
    return Store.open(Path(shutil.copytree(template, tmp_path / "workspace")), busy_timeout=0.05)
