"""House style as a test: what neither ruff (docstrings, print, names) nor import-linter (layers) can say."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "shuangsuiji"
SPEC: Final = ROOT / "docs" / "spec" / "v1" / "spec.md"
MODULES: Final = sorted(path for folder in ("src", "docs") for path in (ROOT / folder).rglob("*.py"))
CORE: Final = sorted((PACKAGE / "core").rglob("*.py"))

LONGEST_FUNCTION: Final = 60
LONGEST_MODULE: Final = 400

# Exceptions by name, each with its reason.
LONG_FUNCTIONS: Final[dict[str, str]] = {
    "docs/spec/v1/scenarios/plans.py:plan_faults": "a table, one line for each fault",
}
LONG_MODULES: Final[dict[str, str]] = {
    "src/shuangsuiji/kernels/matching_loops.py": "a cache of compiled code sees changes of its own file only",
    "docs/spec/v1/verify.py": "one file on purpose: a stranger reads it and runs it without the package",
}
# Functions of the core that decide no bytes, so that no section of the specification speaks of them.
UNSPECIFIED: Final[dict[str, str]] = {}

# Sections that demand nothing of the engine.
WITHOUT_CODE: Final[dict[str, str]] = {"22": "the vectors, which verify.py makes"}

# Each third-party package has a home; only there may it be imported.
HOMES: Final[dict[str, frozenset[str]]] = {
    "alembic": frozenset({"store"}),
    "chinese_calendar": frozenset({"followup"}),
    "click": frozenset({"cli"}),
    "cryptography": frozenset({"bundle"}),
    "jinja2": frozenset({"publish"}),
    "llvmlite": frozenset({"kernels"}),  # numba's own lower half
    "numba": frozenset({"kernels"}),
    "numpy": frozenset({"core", "kernels", "solvers", "rosters", "store", "sample", "audit"}),
    "openpyxl": frozenset({"rosters", "sample", "publish", "quarter"}),
    "ortools": frozenset({"solvers"}),
    "pandas": frozenset({"rosters", "store", "sample", "quarter"}),
    "pyarrow": frozenset({"store"}),
    "python_calamine": frozenset({"rosters"}),
    "segno": frozenset({"publish"}),
    "sqlalchemy": frozenset({"store"}),
    "stdnum": frozenset({"rosters", "sample"}),
    "typst": frozenset({"publish"}),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_MODULE or name_of(path) in LONG_MODULES
    long = {
        f"{name_of(path)}:{node.name}": lines
        for node in functions(ast.parse(source))
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long.keys() <= LONG_FUNCTIONS.keys(), long


def test_third_party_packages_stay_at_home() -> None:
    strays = set()
    for path in PACKAGE.rglob("*.py"):
        layer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for module in imports(parse(path)):
            package = module.partition(".")[0]
            if package in sys.stdlib_module_names or package == "shuangsuiji":
                continue
            if layer not in HOMES.get(package, ()):
                strays.add((name_of(path), package))
    assert not strays


def test_the_core_knows_only_itself_and_the_errors() -> None:
    for path in CORE:
        inner = {module for module in imports(parse(path)) if module.startswith("shuangsuiji")}
        allowed = {"shuangsuiji.errors", "shuangsuiji.core"}
        strays = {
            module for module in inner if module not in allowed and not module.startswith("shuangsuiji.core.")
        }
        assert not strays, name_of(path)


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_no_float_decides(path: Path) -> None:
    found = [
        node.lineno
        for node in ast.walk(parse(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Name) and node.id in {"float", "round", "complex"})
    ]
    assert not found, f"float literal, float function or true division in lines {found}"


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_is_pure(path: Path) -> None:
    # `hash` differs from run to run; ruff's banned-api sees modules but not built-in functions.
    impure = {"eval", "exec", "hash", "input", "open", "print"}
    used = {node.id for node in ast.walk(parse(path)) if isinstance(node, ast.Name)}
    assert not used & impure


def spec_sections() -> frozenset[str]:
    """Numbers of the specification's headings: `## 4.2 Seed` or `## §4.2 Seed` gives `4.2`."""
    headings = re.findall(r"^#+ +§?(\d+(?:\.\d+)*)[. ]", SPEC.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return frozenset(headings)


def public_functions(path: Path) -> Iterator[tuple[str, str]]:
    """Name and docstring of each public function and method of a module."""
    for top in parse(path).body:
        inside = top.body if isinstance(top, ast.ClassDef) and not top.name.startswith("_") else [top]
        for node in inside:
            if isinstance(node, Function) and not node.name.startswith("_"):
                owner = f"{top.name}." if isinstance(top, ast.ClassDef) else ""
                yield f"{path.stem}.{owner}{node.name}", ast.get_docstring(node) or ""


@pytest.mark.skipif(not SPEC.exists(), reason="the specification is not in this checkout")
@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_functions_that_decide_bytes_name_their_section(path: Path) -> None:
    sections = spec_sections()
    assert sections
    for name, docstring in public_functions(path):
        if name in UNSPECIFIED:
            continue
        assert docstring.startswith("§"), f"{name}: the docstring does not begin with its §"
    source = path.read_text(encoding="utf-8")
    cited = set(re.findall(r"§(\d+(?:\.\d+)*)", source))
    assert cited <= sections, f"sections that the specification does not have: {sorted(cited - sections)}"


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_every_section_of_the_specification_has_code_and_tests(folder: str) -> None:
    """What a section demands is carried out somewhere, and tried somewhere, under its number."""
    cited = {
        section
        for path in (ROOT / folder).rglob("*.py")
        for section in re.findall(r"§(\d+(?:\.\d+)*)", path.read_text(encoding="utf-8"))
    }
    assert not spec_sections() - cited - WITHOUT_CODE.keys()


def test_exceptions_are_still_needed() -> None:
    long = {
        name_of(path)
        for path in MODULES
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE
    }
    assert long >= {name for name in LONG_MODULES if (ROOT / name).exists()}
    named = {name for path in CORE for name, _ in public_functions(path)}
    assert UNSPECIFIED.keys() <= named
