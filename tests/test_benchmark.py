"""The benchmark does a whole batch on a registry with other columns than the one it is measured on."""

import json
from pathlib import Path

import pytest

from benchmarks.quarter import main
from shuangsuiji import sample
from shuangsuiji.config import shipped


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A small district: its enterprises, whose districts are under 所属乡镇."""
    sample.write(sample.district(seed=7, size=3_000), tmp_path)
    return tmp_path / "entities-enterprises.csv"


def test_a_batch_on_any_registry_is_measured_and_verified(
    registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = registry.with_name("plan.toml")
    text = (shipped("config") / "plans" / "henan-registry.toml").read_text(encoding="utf-8")
    plan.write_text(text.replace('"地区"', '"所属乡镇"'), encoding="utf-8")
    risk = registry.with_name("risk.csv")
    words = ["--registry", registry, "--risk", risk, "--plan", plan, "--inspectors", "200", "--json"]
    assert main([str(word) for word in words]) == 0
    run = json.loads(capsys.readouterr().out)
    assert (run["refused"], run["verified"]) == (0, 0)
    assert run["targets"] == sum(run["drawn"].values()) > 0
    assert [stage["name"] for stage in run["stages"]][-1] == "verify"


def test_a_column_that_the_registry_has_not_is_told(
    registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--registry", str(registry), "--inspectors", "200"]) == 3
    assert "地区" in capsys.readouterr().err
