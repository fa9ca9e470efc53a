"""verify.py as an auditor has it: one file, the standard library, the sections of the specification, its exit codes."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.spec.v1.make_vectors import VECTORS

FOLDER = VECTORS.parent
VERIFY = FOLDER / "verify.py"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Isolated, without site-packages: nothing but the standard library can be imported."""
    command = [sys.executable, "-I", "-S", str(VERIFY), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


class TestExitCodes:
    """§18: exit codes of the command-line verifiers."""

    @pytest.mark.parametrize(
        ("bundle", "options", "code"),
        [
            ("rehearsal.zip", ["--rehearsal"], 0),
            ("rehearsal.zip", [], 11),
            ("real.zip", [], 10),
            ("real.zip", ["--rehearsal"], 10),
            ("result-digest.zip", ["--rehearsal"], 1),
            ("archive-nothing.zip", [], 1),
        ],
    )
    def test_of_bundles(self, bundle: str, options: list[str], code: int) -> None:
        result = run(VECTORS / "bundles" / bundle, *options)
        assert (result.returncode, result.stderr) == (code, "")
        assert result.stdout.endswith(f"[{code}]\n")

    @pytest.mark.parametrize("arguments", [[], ["--unknown"], ["no-such-file.zip"], [str(FOLDER)]])
    def test_of_usage(self, arguments: list[str]) -> None:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "Traceback" not in result.stderr


class TestReport:
    """§18: each step says what it is, and what is not proven is said too."""

    def test_in_both_languages(self) -> None:
        lines = run(VECTORS / "bundles" / "rehearsal.zip", "--rehearsal").stdout.splitlines()
        assert [line.split(" ", 1)[0] for line in lines] == (
            ["已复算"] * 8 + ["有据一致"] * 2 + ["已复算"] * 5 + ["凭信"] * 3 + ["全部步骤成立（演练）"]
        )
        assert all(re.search(r"[a-z]{4}", line) for line in lines)

    def test_in_json(self) -> None:
        report = json.loads(run(VECTORS / "bundles" / "pool-digest.zip", "--json").stdout)
        assert report["exit"] == 1
        assert report["failure"]["class"] == "pool"
        assert report["failure"]["place"] == {
            "file": "commitment.json",
            "path": ".inspectors.recusals.digest",
        }
        assert [step["step"] for step in report["steps"]] == [
            *("archive", "manifest", "encoding", "plan", "registry", "strata")
        ]

    def test_a_record_is_named(self) -> None:
        report = json.loads(run(VECTORS / "bundles" / "targets-target-replaced.zip", "--json").stdout)
        assert report["failure"]["place"] == {
            "file": "targets.jsonl",
            "line": 2,
            "id": "91-06",
            "path": ".id",
        }


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(VERIFY.read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


@pytest.mark.parametrize("file", [VERIFY, FOLDER / "spec.md", *(FOLDER / "scenarios").glob("*.py")], ids=str)
def test_every_section_that_is_named_exists(file: Path) -> None:
    headings = re.findall(r"^#+ (§[0-9.]+)", (FOLDER / "spec.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"§[0-9]+(?:\.[0-9]+)?", file.read_text(encoding="utf-8"))
    assert set(named) <= set(headings)


def test_every_section_up_to_18_has_its_part_of_the_verifier_in_order() -> None:
    banners = re.findall(r"^# -+ §([0-9]+) ", VERIFY.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number in banners] == list(range(1, 19))
