"""The README's commands do what it says, in its order, on files as an office would have them."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji import sample
from shuangsuiji.config import shipped
from shuangsuiji.quarter.templates import templates
from tests.cli.runs import run
from tests.test_same_bytes import as_xlsx, of_kind

README: Final = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
NAMES: Final = {
    "entities": "检查对象",
    "risk": "信用风险",
    "inspectors": "检查人员",
    "review": "年度审验",
    "conflicts": "回避",
}


BLOCKS: Final = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)


def tour(block: int = 0) -> Iterator[list[str]]:
    yield from map(shlex.split, BLOCKS[block].splitlines())


def walk(office: Path, steps: Iterable[list[str]]) -> None:
    """Do what a shell would with these lines, each of which has to succeed."""
    env: dict[str, str] = {}
    for words in steps:
        if words[0] == "export":
            env |= dict(word.split("=", 1) for word in words[1:])
            continue
        assert words[0] == "shuangsuiji"
        found = [sorted(office.glob(word)) if "*" in word else [word] for word in words[1:]]
        done = run(*(word for some in found for word in some), cwd=office, env=env)
        assert done.returncode == 0, (words, done.stdout, done.stderr)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with the workbooks and the plan that the tour speaks of."""
    rows: dict[str, list[list[str]]] = {}
    for table in sample.district(seed=5, size=3_000):
        kind = of_kind(table)
        if kind in NAMES:
            rows.setdefault(kind, [list(table.headings)]).extend(map(list, table.rows))
    for kind, own in rows.items():
        as_xlsx(tmp_path / NAMES[kind], own)
    plan = (shipped("config") / "plans" / "founding-2021.toml").read_text(encoding="utf-8")
    smaller = re.sub(r"count = (\d+)", lambda found: f"count = {int(found[1]) // 20}", plan)
    (tmp_path / "计划.toml").write_text(smaller, encoding="utf-8")
    return tmp_path


def test_the_tour_of_the_readme_leads_from_rosters_to_a_verified_bundle(office: Path) -> None:
    walk(office, tour())
    assert (office / "抽查结果.csv").read_bytes().startswith("\ufeff序号".encode())
    assert (office / "审计包.zip").stat().st_mode & 0o077 == 0


def test_contributors_and_a_witness_take_the_place_of_freeze_and_notice(office: Path) -> None:
    steps = list(tour())
    freeze = next(number for number, words in enumerate(steps) if words[1:2] == ["freeze"])
    assert steps[freeze + 1] == ["shuangsuiji", "publish"]
    walk(office, [*steps[:freeze], *tour(1), *steps[freeze + 2 :]])
    verified = run("audit", "verify", "审计包.zip", "--rehearsal", "--json", cwd=office)
    assert json.loads(verified.stdout)["report"]["order"] == "signer_unknown"


def test_the_templates_have_the_names_of_the_tour(tmp_path: Path) -> None:
    made = {path.stem for path in templates(tmp_path / "模板").files}
    assert set(NAMES.values()) <= made


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert not [link for link in links if not (Path(__file__).parents[1] / link).exists()]
