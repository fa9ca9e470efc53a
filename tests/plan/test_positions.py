"""Every key and array element of a TOML file is found on its line, whatever the way it is written in."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.plan.positions import KeyPath, locate, path_text

ROOT: Final = Path(__file__).parents[2]
FILES: Final = (
    ROOT / "pyproject.toml",
    *sorted(ROOT.glob("src/**/*.toml")),
    *sorted(ROOT.glob("config/**/*.toml")),
)

# Ways to write a pair. Each value begins with, or is, the number of the line it stands on (@); & is a fresh name.
PAIRS: Final = (
    "& = @",
    "& = @.5  # [not a table] = {",
    "  & = @@@@-01-01",
    '"a.[&] #" = @',
    "'&' = \"@ ] } # \\\" '''\"",
    '&.b."c d" = @',
    "& = { a = @, 'b.c' = @, d.e = [@, [@]], f = {} }",
    "& = '@ [\"'",
    '& = """@ ]\n[[x]]\n# = \\""" ""\n"""',
    "& = '''@\n[x]\n'''",
    '& = [ # ]\n  @, # [[\n\n  [@, @],\n  [\n    @\n  ], {a = @},\n  "@ ], #",\n  \'@ "\' ]',
    "& = []",
    '# & = """',
    "",
)
HEADERS: Final = (
    "[&]",
    "[ & . 'x y' ]",
    "[[&]]",
    "[[&]]\n[[&.inner]]\n[&.table]",
    "[[&]]\na = @\n[[&]]\na = @",
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A TOML document whose values are the numbers of their own lines."""
    names = (f"k{number}" for number in range(1000))
    lines: list[str] = []
    for _ in range(draw(st.integers(0, 5))):
        if lines:
            _write(lines, draw(st.sampled_from(HEADERS)), next(names))
        for pair in draw(st.lists(st.sampled_from(PAIRS), max_size=4)):
            _write(lines, pair, next(names))
        lines.append("# end of a part")
    return "\n".join(lines)


def _write(lines: list[str], written: str, name: str) -> None:
    for line in written.replace("&", name).split("\n"):
        number = len(lines) + 1
        lines.append(line.replace("@@@@", f"{number:04}").replace("@", str(number)))


def values(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """All paths of a document with what stands there."""
    if path:
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from values(one, (*path, key))


def own_line(value: Any) -> int | None:
    match value:
        case str():
            return int(value.split()[0])
        case date():
            return value.year
        case int() | float():
            return int(value)
    return None


@given(documents())
def test_every_value_is_found_on_the_line_that_it_names(text: str) -> None:
    lines = locate(text)
    found = dict(values(tomllib.loads(text)))
    assert lines.keys() == found.keys()
    for path, value in found.items():
        assert lines[path] == own_line(value) or own_line(value) is None, path_text(path)


def test_tables_stand_where_their_header_does_and_array_elements_on_their_own_line() -> None:
    text = "\n".join(
        (
            "[a]",
            "b = [",
            "  1,",
            "  [2,",
            "   3], # ]",
            "]",
            "[[t]]",
            "[[t.u]]",
            "x.y = 1",
            "[[t]]",
            "v = { w = [1, 2] }",
        )
    )
    assert {path_text(path): line for path, line in locate(text).items()} == {
        "a": 1,
        "a.b": 2,
        "a.b[0]": 3,
        "a.b[1]": 4,
        "a.b[1][0]": 4,
        "a.b[1][1]": 5,
        "t": 7,
        "t[0]": 7,
        "t[0].u": 8,
        "t[0].u[0]": 8,
        "t[0].u[0].x": 9,
        "t[0].u[0].x.y": 9,
        "t[1]": 10,
        "t[1].v": 11,
        "t[1].v.w": 11,
        "t[1].v.w[0]": 11,
        "t[1].v.w[1]": 11,
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_all_paths_of_real_files_are_found(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert locate(text).keys() == dict(values(tomllib.loads(text))).keys()


@given(st.text(alphabet="[]{}=,.\"'#\n a1", max_size=40))
def test_the_walk_ends_on_any_text(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in locate(text).values())
