"""The catalogues are complete: both languages, the same placeholders, every code known, every entry used."""

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji import messages
from shuangsuiji.bundle.members import read_json
from shuangsuiji.errors import InputRefused, Listing, Where, WrongState, first_of

SOURCES: Final = sorted((Path(__file__).parents[1] / "src" / "shuangsuiji").rglob("*.py"))
ENTRIES: Final = {
    code: entry for area in messages.areas() for code, entry in messages.catalogue(area).items()
}
CODE: Final = re.compile(rf"(?:{'|'.join(messages.areas())})(?:\.[a-z0-9_-]+)+")
REFUSALS: Final = frozenset({"InputRefused", "WrongState", "Shortage", "EnvironmentRefused"})
PLACE: Final = frozenset({"file", "sheet", "row", "column", "line", "key"})


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, node


def constants() -> Iterator[str]:
    return (
        node.value for _, node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def whole_areas() -> frozenset[str]:
    """Areas whose catalogue is walked through as a whole: `messages.catalogue("click")`."""
    calls = (node for _, node in nodes() if isinstance(node, ast.Call) and len(node.args) == 1)
    names = ((call.args[0], call.func) for call in calls)
    return frozenset(
        name.value
        for name, function in names
        if isinstance(function, ast.Attribute) and function.attr == "catalogue"
        if isinstance(name, ast.Constant) and isinstance(name.value, str)
    )


def prefixes() -> frozenset[str]:
    """Beginnings of codes that are completed at run time: `f"plan.reason.{reason}"` uses `plan.reason.*`."""
    starts = (node.values[0] for _, node in nodes() if isinstance(node, ast.JoinedStr) and node.values)
    texts = (
        start.value for start in starts if isinstance(start, ast.Constant) and isinstance(start.value, str)
    )
    return frozenset(text for text in texts if text.endswith(".") and CODE.fullmatch(text + "x"))


def refusals() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Code, place in the source and parameters (None: not to be read off) of each refusal in the source."""
    for path, node in nodes():
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        given: list[ast.expr] = []
        if node.func.id in REFUSALS:
            given = node.args[:1]
        elif node.func.id == "RefusedRow":
            given = node.args[5:6] + [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        for code in given:
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                spread = any(keyword.arg is None for keyword in node.keywords)
                readable = node.func.id in REFUSALS and not spread
                yield code.value, f"{path}:{node.lineno}", frozenset(names) if readable else None


@pytest.mark.parametrize("code", ENTRIES)
def test_both_languages_say_the_same_with_the_same_placeholders(code: str) -> None:
    entry = ENTRIES[code]
    for texts in (entry.text, entry.mend):
        assert not texts or texts.keys() == {"zh", "en"}
        assert all(text.strip() or code == "where.join" for text in texts.values())
        assert len({messages.placeholders(text) for text in texts.values()}) <= 1


def test_every_code_in_the_source_is_in_a_catalogue() -> None:
    unknown = {text for text in constants() if CODE.fullmatch(text)} - ENTRIES.keys()
    files = {text for text in unknown if text.endswith((".toml", ".json", ".jsonl", ".md", ".csv", ".html"))}
    assert not unknown - files


def test_every_entry_is_used_in_the_source() -> None:
    used, starts = set(constants()), (*prefixes(), *(f"{area}." for area in whole_areas()))
    assert not {code for code in ENTRIES if code not in used and not code.startswith(starts)}


def test_every_refusal_has_a_mend_and_its_parameters() -> None:
    for code, place, names in refusals():
        assert code in ENTRIES, f"{place}: {code} is in no catalogue"
        entry = ENTRIES[code]
        assert entry.mend, f"{place}: {code} does not say how to mend it"
        if names is not None:
            wanted = messages.placeholders(entry.text["zh"]) | messages.placeholders(entry.mend["zh"])
            assert wanted - PLACE <= names, f"{place}: {code} lacks parameters"


def test_an_error_reads_as_place_text_and_mend() -> None:
    error = InputRefused(
        "config.missing", Where(file="计划.toml", line=3, key="task[0]"), name="a.toml", known="b"
    )
    assert messages.render(error, "zh").splitlines() == [
        "计划.toml，第 3 行，键 task[0]：配置中没有 a.toml。",
        "请检查 --config 和工作目录下 config/ 中的文件名；随程序提供的有：b。",
    ]
    assert messages.render(error, "en").startswith("计划.toml, line 3, key task[0]: There is no a.toml")


def test_states_and_rosters_are_called_by_their_words_where_they_are_no_part_of_a_command() -> None:
    late = WrongState("quarter.too_late", plan="1", state="frozen")
    assert "“已冻结”" in messages.render(late, "zh")
    assert '"frozen"' in messages.render(late, "en")
    missing, mend = messages.render(
        WrongState("quarter.roster_missing", roster="inspectors"), "zh"
    ).splitlines()
    assert "执法人员名录" in missing
    assert "import inspectors" in mend


def test_what_a_terminal_would_obey_is_written_out() -> None:
    error = InputRefused(
        "core.order", Where(file="a\x1b[2J.jsonl"), list="entities", id="91\x1b[2J\u202e\x9b31m\u3000店"
    )
    text = messages.render(error, "zh")
    assert text.replace("\n", "").replace("\u3000", "").isprintable()
    assert "a\\u001b[2J.jsonl" in text
    assert "91\\u001b[2J\\u202e\\u009b31m\u3000店" in text


def test_a_listing_is_joined_as_the_language_does_and_survives_the_way_between_processes() -> None:
    error = InputRefused("config.missing", name="a.toml", known=Listing(["甲", "乙\x1b", "丙"]))
    copy = pickle.loads(pickle.dumps(error))
    for one in (error, copy):
        assert one.params["known"] == "甲、乙\x1b、丙"
        assert "甲、乙\\u001b、丙" in messages.render(one, "zh")
        assert "甲, 乙\\u001b, 丙" in messages.render(one, "en")
    assert first_of(["甲", "乙", "丙"], 2) == "甲、乙…"
    assert first_of(["甲", "乙"], 2) == "甲、乙"
    assert first_of([], 2) == ""


def test_an_error_survives_the_way_between_processes() -> None:
    error = InputRefused("config.missing", Where(row=7), name="a.toml", known="b")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.code, copy.where, copy.params) == (error.code, error.where, error.params)


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        (b"[" * 100_000, "嵌套太深"),
        (b"[" * 65 + b"]" * 65, "嵌套太深"),
        (b"{", "不合 JSON 的语法"),
        (b"\xff", "不是 UTF-8 文字"),
        (b"1.5", "有不是整数的数"),
        (b"true", "有文字、整数、数组、对象以外的值"),
        (b"9007199254740993", "整数超过 2^53 - 1"),
        (b'{"a":1,"a":1}', "同一个键写了两次"),
        ('{"键":1}'.encode(), "键不是 ASCII 文字"),
        (b'"\\ud800"', "文字中有不成对的代理码"),
        (b" 1", "写法不是规范的写法（次序、空格或转义）"),
    ],
)
def test_what_is_no_canonical_json_is_told_in_words_of_our_own(data: bytes, zh: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_json("plan.json", data)
    assert messages.render(refused.value, "zh").startswith(f"plan.json 不是规范的 JSON：{zh}。\n")
