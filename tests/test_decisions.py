"""docs/decisions: every page is listed, every dependency has its line of reason and nothing else has one."""

import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
README: Final = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[;]", requirement)[0] for requirement in requirements}


def test_every_page_is_listed_by_its_title() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    titles = [page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for page in pages]
    assert re.findall(r"^- \[(.+)\]\((.+)\)$", README, flags=re.MULTILINE) == [
        (title, page.name) for title, page in zip(titles, pages, strict=True)
    ]


def test_every_dependency_has_its_reason() -> None:
    rows = set(re.findall(r"^\| ([a-z][a-z0-9-]*) \|", README, flags=re.MULTILINE)) - {"package"}
    assert rows == names(PROJECT["dependencies"])


def test_dependencies_are_ranges_with_an_upper_bound() -> None:
    for requirement in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]:
        assert re.fullmatch(r"[a-z0-9-]+>=[0-9.]+,<[0-9.]+", requirement), requirement


def test_tools_of_development_are_named() -> None:
    assert all(name in README for name in names(PROJECT["optional-dependencies"]["test"]))
