"""Results by commands, as an officer reads them: imported, returned, corrected, reviewed, and the way to the list."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.cli import failures, language, run
from shuangsuiji.followup.results import STATES
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.quarter.chronicle import read_chronicle
from shuangsuiji.store import Store
from tests.cli.test_batch import PLAN, prepared

HEX: Final = "0123456789abcdef" * 4
BEGINS: Final = "2021-04-01T09:00"
VISIT: Final = "2021-05-12"
HEAD: Final = "raninsTaskName,raninsItemName,entName,uniscId,insDate,raninsCheckResName,检查人员,检查方式"
LOST: Final = "通过登记的住所（经营场所）无法联系"

Rows = list[list[str]]
Do = Callable[..., str]


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal of 2021 with teams, published, made once."""
    folder = tmp_path_factory.mktemp("matched")
    language.speak("zh")

    def call(*arguments: str | Path) -> tuple[int, str]:
        at = ["--as-of", BEGINS, *map(str, arguments)]
        return failures.guarded(lambda: run(at), json=False), ""

    workspace = prepared(call, folder)
    plan = folder / "plan.toml"
    plan.write_text(PLAN.replace('"dice:1"', '"explicit:1"'), encoding="utf-8")
    for step in (
        ["plan", "adopt", plan, "--rehearsal"],
        ["freeze"],
        ["publish"],
        ["seed", "--explicit", HEX],
        ["draw"],
        ["match"],
        ["publish"],
    ):
        assert call(*step, "--workspace", workspace, "--operator", "张三")[0] == 0
    return workspace


@pytest.fixture
def do(matched: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Do:
    """Runs one command in a copy of the workspace on 30 May 2021; what it prints, or says when it refuses."""
    workspace = Path(shutil.copytree(matched, tmp_path / "工作目录"))

    def call(
        *arguments: str | Path,
        operator: str = "张三",
        code: int = 0,
        lang: Lang = "zh",
        now: str = "2021-05-30T09:00",
    ) -> str:
        language.speak(lang)
        acting = [] if {"list", "status"} & set(arguments) else ["--operator", operator]
        words = ["--workspace", workspace, "--as-of", now, *arguments, *acting]
        done = failures.guarded(lambda: run(list(map(str, words))), json="--json" in words)
        said = capsys.readouterr()
        assert done == code, said.err
        assert bool(said.err) == (code != 0), said.err
        return said.out if code == 0 else said.err

    return call


def rows(matched: Path, **changes: str) -> Rows:
    """A row of each target by its own team, as the platform exports it; the first two have lost contact."""
    with Store.open(matched, as_of=True).read() as reader:
        found = read_chronicle(reader, reader.draws()[-1])
    people = {one.id: one.name for one in found.grounds.frozen.pool.inspectors}
    return [
        [
            "公示信息检查",
            "",
            one.target.entity.name,
            target,
            changes.get("day", VISIT),
            LOST if place < 2 else changes.get("result", "未发现问题"),
            "、".join(people[person] for person in one.team.values()),
            "实地核查",
        ]
        for place, (target, one) in enumerate(sorted(found.state.targets.items()))
    ]


def hint(told: str) -> list[str]:
    """The command that an output says comes next; it names its plan, for there may be several."""
    words = told.splitlines()[-1].split("shuangsuiji ")[1].split()
    assert words[words.index("--plan") + 1] == "990121-2021-07"
    return words


def written(folder: Path, table: Rows, name: str = "检查结果.csv") -> Path:
    """The rows as an office's computer writes them (GBK)."""
    path = folder / name
    path.write_text("\r\n".join([HEAD, *map(",".join, table)]), encoding="gb18030")
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_an_officer_reads_from_the_export_to_the_list(
    do: Do, matched: Path, tmp_path: Path, lang: Lang
) -> None:
    table = rows(matched)
    words = {
        "zh": ("检查结果", "张三", "退回", "逾期", "两次专用信函", "信函过期", "另一名操作人"),
        "en": (
            "results import",
            "张三",
            "returned",
            "Overdue",
            "the letters",
            "Letters lapsed",
            "Another operator",
        ),
    }[lang]

    def said(*arguments: str | Path, **how: Any) -> str:
        return do(*arguments, lang=lang, **how)

    assert "schedule make" in said("status").splitlines()[-1]
    bad = [[*row[:4], "2021-03-12", *row[5:]] if place == 3 else row for place, row in enumerate(table)]
    told = said("results", "import", written(tmp_path, bad))
    assert "2021-03-12" in told
    assert "-refused.xlsx" in told
    assert hint(told)[:2] == ["results", "review"]
    assert words[6] in told
    assert "--operator 李四" in said("status").splitlines()[-1]
    assert words[1] in said("results", "review", "--all", "--approve", code=3)
    said("results", "review", "--all", "--approve", "--return", operator="李四", code=2)
    said("results", "review", "--approve", operator="李四", code=2)
    said("results", "review", "1", "--return", operator="李四", code=3)
    assert words[2] in said("results", "review", "1", "--return", "--reason", "缺笔录", operator="李四")
    assert "缺笔录" in said("results", "list", "--state", "returned")
    one = table[0]
    entered = ["results", "enter", one[3], "--result", "失联", "--date", VISIT]
    people = [word for name in one[6].split("、") for word in ("--person", name)]
    said(*entered, *people, code=3)
    said(*entered, *people, "--reason", "补笔录", "--evidence", "笔录1号")
    assert "results review" in said("status")
    said("results", "review", "--all", "--approve", operator="李四")
    assert "publish" in said("status").splitlines()[-1]
    assert "2021-05-12" in said("results", "list", "--target", one[3])
    said("abnormal", "step", "proposed", code=2)
    assert hint(said("abnormal", "step", "proposed", "--all"))[2] == "letter_1"
    assert one[2] in said("abnormal", "list", "--stage", "proposed")
    said("abnormal", "step", "letter_1", one[3], "--date", "2021-05-20", code=3)
    letter = said("abnormal", "step", "letter_1", one[3], "--date", "2021-05-30")
    assert hint(letter)[2] == "letter_2"
    assert [day in letter for day in ("2021-06-14", "2021-06-29")] == [True, True]
    late = {"now": "2021-07-20T09:00"}
    assert words[4] in said(
        "abnormal", "step", "letter_2", one[3], "--date", "2021-06-09", code=3, **late
    ).replace("The letters", "the letters")
    overdue = said("status", **late)
    assert overdue.count(words[3]) == 2  # one target was never entered, the others are not published
    late_lines = [line for line in overdue.splitlines() if words[3] in line or words[5] in line]
    assert len(late_lines) == 3
    # The day itself is in time; who lacks one item of several was inspected; commands are no words of an officer's.
    assert not [line for line in late_lines if re.search(r"日? 前|未检查|not inspected|（[a-z]+）", line)]


def test_machines_get_states_counts_and_what_is_overdue(do: Do, matched: Path, tmp_path: Path) -> None:
    table = rows(matched)
    done = json.loads(do("results", "import", written(tmp_path, table[1:]), "--json"))
    assert (done["entries"], done["targets"], done["refused"]) == (len(table) - 1, len(table) - 1, [])
    assert done["categories"] == {"未发现问题": len(table) - 2, "通过登记的住所(经营场所)无法联系": 1}
    found = json.loads(do("results", "list", "--json"))
    assert (found["targets"], found["unchecked"], len(found["chosen"])) == (len(table), 1, len(table))
    assert found["states"] == {
        state: {"missing": 1, "pending": len(table) - 1}.get(state, 0) for state in STATES
    }
    status = json.loads(do("status", "--json", now="2021-07-20T09:00"))
    assert [(one["kind"], one["count"], one["due"]) for one in status["overdue"]] == [
        ("check", 1, "2021-06-30"),
        ("publish", len(table) - 1, "2021-06-09"),
    ]
    assert status["followed"][0]["command"] == "results review"
    assert status["next"]["command"] == "results review"


def test_what_is_refused_leaves_the_workspace_as_it_was(do: Do, matched: Path, tmp_path: Path) -> None:
    before = do("status", "--json")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing of it")
    do("results", "import", broken, code=3)
    do("results", "import", tmp_path / "无.xlsx", code=3)
    do("results", "import", written(tmp_path, rows(matched, day="2021-03-12")), code=3)
    do("results", "import", written(tmp_path, rows(matched)), "--plan", "无此计划", code=4)
    do("results", "import", written(tmp_path, rows(matched)), operator="王五", code=3)
    do("results", "enter", "无此户", "--result", "未发现问题", "--date", VISIT, code=3)
    do("results", "review", "--all", "--approve", operator="李四", code=4)
    do("abnormal", "step", "proposed", "--all", code=3)
    assert do("status", "--json") == before
