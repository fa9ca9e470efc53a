"""The calendar of visits by commands: made, shown, handed out; refused with who is short, and nothing left behind."""

import json
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter as letter

from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.rosters.workbook_out import A3
from tests.cli.test_batch import Command, command, prepared

__all__ = ["command"]

HEX = "0123456789abcdef" * 4


def test_what_an_officer_reads_of_a_calendar(command: Command, tmp_path: Path) -> None:
    workspace, plan = prepared(command, tmp_path), tmp_path / "plan.toml"

    def do(*arguments: str | Path, code: int = 0, lang: Lang = "zh") -> str:
        acting = [] if arguments[0] == "status" or "show" in arguments else ["--operator", "张三"]
        done, out = command("--workspace", workspace, *arguments, *acting, lang=lang)
        assert done == code, out
        return out

    do("plan", "adopt", plan, "--rehearsal")
    do("freeze", "--value", "explicit:1")
    do("publish")
    do("seed", "--explicit", HEX)
    do("draw")
    do("schedule", "make", code=4)
    do("match")
    assert "schedule make --plan 990121-2021-07" in do("status")
    do("schedule", "show", code=4)
    do("schedule", "make", "--appoint", "无此企业=2021-05-06", code=3)
    made = json.loads(do("schedule", "make", "--json"))
    assert (made["number"], made["mode"], made["max_per_day"]) == (1, "rehearsal", 4)
    assert made["first"] >= "2021-04-19"
    assert made["last"] <= "2021-06-30"
    assert made["bound"] <= made["cost"]
    again = do("schedule", "make")
    assert "schedule export DIR" in again
    assert "OR-Tools" in again
    assert "schedule make" not in do("status")
    shown = json.loads(do("schedule", "show", "--json"))
    assert (shown["number"], shown["total"], shown["visits"]) == (2, made["visits"], [])
    assert sum(day["visits"] for day in shown["days"]) == made["visits"]
    first = json.loads(do("schedule", "show", "--day", made["first"], "--json"))["visits"]
    assert {one["day"] for one in first} == {made["first"]}
    for lang in LANGUAGES:
        assert first[0]["name"] in do("schedule", "show", "--day", made["first"], lang=lang)
        assert made["last"] in do("schedule", "show", lang=lang)
        assert "schedule export DIR --plan 990121-2021-07 --operator" in do("schedule", "make", lang=lang)
    folder = tmp_path / "检查安排"
    assert str(folder) in do("schedule", "export", folder, "--no-papers")
    do("schedule", "export", folder, code=4)
    assert {path.name for path in folder.iterdir()} == {
        "单位",
        "日历",
        "检查安排.csv",
        "检查安排.xlsx",
        "每日户数.svg",
    }
    page = openpyxl.load_workbook(folder / "检查安排.xlsx").worksheets[0]
    assert page.page_setup.paperSize == A3
    folded = [
        page.cell(4, column).value for column in range(1, 20) if page.column_dimensions[letter(column)].hidden
    ]
    assert "抽查事项" in folded
    before = sorted(path.name for path in (workspace / "objects").iterdir())
    do("schedule", "make", "--add-day", "2021-13-01", code=3)
    assert sorted(path.name for path in (workspace / "objects").iterdir()) == before
