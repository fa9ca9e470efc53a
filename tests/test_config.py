"""Configuration: whole files, `--config` over the workspace over what is shipped; and the wheel ships it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shuangsuiji.config import locate, shipped
from shuangsuiji.errors import InputRefused

ROOT = Path(__file__).parents[1]


def test_the_nearest_whole_file_wins(tmp_path: Path) -> None:
    workspace, override = tmp_path / "workspace", tmp_path / "override"
    for folder in (workspace / "config", override):
        folder.mkdir(parents=True)
    packaged = shipped("config") / "README.md"
    assert locate("README.md", workspace=workspace, override=override) == packaged
    (workspace / "config" / "README.md").touch()
    assert locate("README.md", workspace=workspace, override=override) == workspace / "config" / "README.md"
    (override / "README.md").touch()
    assert locate("README.md", workspace=workspace, override=override) == override / "README.md"
    assert locate("README.md") == packaged


def test_a_file_that_nobody_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        locate("plans/nowhere.toml", workspace=tmp_path)
    assert refused.value.code == "config.missing"


def test_the_wheel_carries_configuration_texts_and_types(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    shipped_files = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "config").rglob("*") if path.is_file()
    }
    assert {f"shuangsuiji/_shipped/{name}" for name in shipped_files} <= packed
    sources = {
        path.relative_to(ROOT / "src").as_posix()
        for kind in ("*.toml", "*.html", "*.css", "*.js", "*.typ")
        for path in (ROOT / "src").rglob(kind)
    }
    assert sources - {"shuangsuiji/core/ruff.toml"} | {"shuangsuiji/py.typed"} <= packed
