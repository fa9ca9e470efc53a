"""The benchmarks run, on tiny sizes, and a whole batch on another registry than it is measured on; nothing is timed."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.__main__ import main as measure_all
from benchmarks.cases import CASES, Batch, case_of
from benchmarks.measure import measure, systems
from benchmarks.quarter import LOST, main
from benchmarks.report import Row
from shuangsuiji import sample
from shuangsuiji.config import shipped
from tests.browser import find_chromium


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
    batch, after = run["batch"], run["after"]
    assert (batch["refused"], batch["verified"]) == (0, 0)
    assert batch["targets"] == sum(batch["drawn"].values()) > 0
    # Every target is visited on a day, by those who were drawn, and what was found is public.
    assert after["visits"] == after["done"] == batch["targets"]
    assert after["kept"] == after["places"] == 2 * after["visits"]
    assert after["entries"] == after["approved"] == 2 * after["visits"]
    assert after["results_refused"] == 0
    assert "2021-04-19" <= after["first"] <= after["last"] <= "2021-06-30"
    assert "inspection-1.csv" in after["published"]
    assert after["listed"] >= batch["targets"] * LOST[0] / LOST[1]
    assert min(after["account"], after["site"]) > 0
    assert [stage["name"] for stage in run["stages"]][-1] == "publish site"


def test_a_column_that_the_registry_has_not_is_told(
    registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--registry", str(registry), "--inspectors", "200"]) == 3
    assert "地区" in capsys.readouterr().err


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize(
    ("name", "system"),
    [
        (name, system)
        for name, case in CASES.items()
        if not isinstance(case, Batch)
        for system in systems(case)
    ],
)
def test_every_system_does_its_case_on_a_tiny_size(name: str, system: str) -> None:
    try:
        begun: list[str] = []
        found = measure(case_of(name, "smoke"), system, 0, lambda: begun.append(system))
    except ModuleNotFoundError as absent:
        pytest.skip(f"only with the packages of the group `bench`: {absent.name}")
    assert begun == [system]
    if name.startswith("match/") and system.startswith("shuangsuiji"):
        assert found["note"] == "lawful and balanced"
    if name.startswith("schedule/"):
        assert str(found["note"]).startswith("lawful")


def test_the_page_is_measured_to_its_verdict() -> None:
    """In a process of its own, since that of the tests has a browser."""
    if find_chromium() is None:
        pytest.skip("no chromium on the path")
    words = [sys.executable, "-m", "benchmarks.page", "--entities", "300"]
    found = json.loads(subprocess.run(words, capture_output=True, check=True, encoding="utf-8").stdout)
    assert list(found["steps"])[-1] == "records"
    assert found["seconds"] >= found["steps"]["records"] >= found["steps"]["archive"]


def test_what_was_measured_is_written_as_json_and_as_a_table(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    only = ["--only", "match/county-blocks shuangsuiji", "draw/1e5 shuangsuiji"]
    assert measure_all(["--profile", "smoke", "--output", str(tmp_path), *only]) == 0
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert found["machine"]["cores"] >= 1
    rows = {(row["case"], row["system"]): row for row in found["rows"]}
    assert rows["match/county-blocks", "shuangsuiji"]["ratio_to_ours"] == 1
    assert rows["match/county-blocks", "shuangsuiji, readable"]["seconds"] > 0
    table = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| draw/1e5 | shuangsuiji |" in table
    assert (tmp_path / "match-county-blocks.svg").exists()


def test_what_is_not_begun_in_time_says_so_and_the_page_gets_the_table(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    words = ["--profile", "smoke", "--output", str(tmp_path), "--within", "0", "--page", str(page)]
    assert measure_all([*words, "--only", "draw/1e5"]) == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{report.BEGIN}\nOn ")
    assert text.endswith(f" |\n{report.END}\nafter\n")
    assert "| draw/1e5 | duckdb | - | - | - | - | - | not begun within 0 s |\n" in text
    assert "old" not in text


def test_what_a_target_costs_stands_on_the_page_as_a_curve_if_it_was_measured(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    page = tmp_path / "page.md"
    page.write_text(f"{report.BEGIN}\n{report.END}\n", encoding="utf-8")
    cases = {size: Row(f"match/curve-{size}", report.OURS, seconds=size / 1000) for size in (20, 100)}
    stopped = Row("match/curve-300", report.OURS, seconds=1, at_least=True)
    report.publish(page, [*cases.values(), stopped], 1, None)
    assert page.read_text(encoding="utf-8").endswith(f"](page/{report.CURVE})\n{report.END}\n")
    assert (tmp_path / "page" / report.CURVE).stat().st_size > 0
    assert "earlier run" not in page.read_text(encoding="utf-8")
    report.publish(page, [replace(cases[20], case="draw/1e5", run="before"), stopped], 1, None)
    text = page.read_text(encoding="utf-8")
    assert report.CURVE not in text
    assert "earlier run" in text


def test_what_an_earlier_run_measured_is_kept_and_the_rest_is_added(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    profile, kept = (
        ["--profile", "smoke", "--output", str(tmp_path)],
        Row("draw/1e5", "hashlib", seconds=12.5),
    )
    report.write(tmp_path, "smoke", [kept, Row("draw/1e5", "duckdb", note="failed (1): out of memory")])
    assert measure_all([*profile, "--resume", "--only", "draw/1e5 shuangsuiji"]) == 0
    rows = {row.system: row for row in report.read(tmp_path, "smoke")}
    assert rows.keys() == {"shuangsuiji", "hashlib"}
    assert rows["hashlib"].seconds == 12.5
    assert rows["hashlib"].ratio_to_ours == pytest.approx(12.5 / rows["shuangsuiji"].seconds)  # type: ignore[operator]
    assert (rows["shuangsuiji"].note, rows["hashlib"].note) == ("", report.OTHER_RUN)
    assert report.read(tmp_path, "quick") == []


def test_what_was_stopped_took_at_least_so_long() -> None:
    """By the clock and, since others may use the machine, by the processor's time."""
    stopped = Row("c", "slow", seconds=600, cpu_seconds=300, at_least=True)
    ours, other = report.with_ratios([Row("c", report.OURS, seconds=2, cpu_seconds=0.5), stopped])
    assert (ours.ratio_to_ours, other.ratio_to_ours, other.cpu_ratio_to_ours) == (1, 300, 600)
    assert "| c | slow | >= 600 | >= 300 | - | >= 300 | >= 600 |" in report.markdown("full", [ours, other])


def test_a_system_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    words = ["--profile", "quick", "--output", str(tmp_path), "--limit", "0", "--only", "draw/1e5 hashlib"]
    assert measure_all(words) == 0
    (row,) = report.read(tmp_path, "quick")
    assert (row.at_least, row.note) == (True, "not done within 0 s")
