"""A batch that asks for all that a plan may ask for besides, from rosters to a verified bundle, and the next one."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.cli import failures, language, run
from tests.cli.test_batch import PLAN, VALUE

EXPERT: Final = """
[[slot]]
id = "expert"
name = "专家"
pool = ["and"]
extra = true

[[relaxation]]
name = "加包"
cap = 90
"""
ASKS: Final = (
    ('rate = "10%"', 'all = true\nkey = ""\nwaves = 3'),
    ("count = 40", "count = 40\nbounds = { least = 1, most = 30 }"),
    ("max_per_inspector = 4", "max_per_inspector = 60\nsubstitutes = true\n\n[rotation]\ndraws = 1"),
    (
        "[blocks]",
        EXPERT + "\n[blocks]",
    ),
)
LISTED: Final = """
[[task]]
id = "dispatched"
name = "上级派发的专项检查"
kind = "定向"
list_source = "上级派发"
slots = ["lead", "member", "expert"]
items = ["专项检查"]
"""

Do = Callable[..., str]


@pytest.fixture
def do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Do:
    """Runs one command in the workspace as 张三; its exit code is checked, its output comes back."""
    workspace = tmp_path / "工作目录"

    def call(*words: str | Path, code: int = 0, operator: str = "张三") -> str:
        given = ["--workspace", workspace, *words]
        if not {"sample", "audit", "init", "changes", "check"} & {str(word) for word in words}:
            given += ["--operator", operator]
        language.speak("zh")
        done = failures.guarded(lambda: run([str(word) for word in given]), json=False)
        said = capsys.readouterr()
        assert done == code, said.err
        return said.out + said.err

    return call


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    text = PLAN
    for old, new in ASKS:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "plan.toml"
    path.write_text(text + LISTED, encoding="utf-8")
    return path


def prepare(do: Do, folder: Path, plan: Path) -> Path:
    """Rosters and an adopted rehearsal; the file of the list for its task."""
    do("sample", "district", folder / "名册", "--size", "400")
    do(
        "init",
        "--authority",
        "拟安县市场监督管理局",
        "--region",
        "990121",
        "--operator",
        "张三",
        "--operator",
        "李四",
    )
    for kind in ("entities", "risk", "inspectors", "conflicts"):
        do("import", kind, *sorted((folder / "名册").glob(f"{kind}*.csv")))
    do("plan", "adopt", plan, "--rehearsal")
    entities = folder / "名册" / "entities-enterprises.csv"
    rows = list(csv.reader(entities.read_text("utf-8-sig").splitlines()))
    chosen = [row for row in rows[1:] if len(row[0]) == 18][:5]
    path = folder / "名单.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *chosen, ["91990121MAB46UBF8X", *rows[1][1:]]])
    return path


def drawn(do: Do) -> None:
    """From the commit notice to the published result."""
    do("publish")
    do("seed", "--value", VALUE)
    do("seed", "--value", VALUE, operator="李四")
    for step in ("draw", "match", "publish"):
        do(step)


def test_a_batch_that_asks_for_everything_verifies_and_the_next_tells_what_changed(
    do: Do, plan: Path, tmp_path: Path
) -> None:
    named = prepare(do, tmp_path, plan)
    assert "名单还没有导入" in do("freeze", code=4)
    assert "退回 1" in do("import", "list", "dispatched", named)
    assert "名单 5 户" in do("plan", "check", plan)
    assert "随机数" in do("freeze")
    drawn(do)
    (notice,) = (tmp_path / "工作目录" / "published").glob("*/commitment/commitment.html")
    page = notice.read_text("utf-8")
    assert all(said in page for said in ("（分3批）", "（每单元1至30户）", "名单所列5户", "只抽取检查人员"))
    bundle = tmp_path / "审计包.zip"
    do("export", "bundle", "-o", bundle)
    do("audit", "verify", bundle, "--rehearsal", "--cross-check")

    again = tmp_path / "again.toml"
    again.write_text(plan.read_text("utf-8").replace("990121-2021-07", "990121-2021-08"), encoding="utf-8")
    (people,) = (tmp_path / "名册").glob("inspectors*.csv")
    lines = people.read_text("utf-8-sig").splitlines(keepends=True)
    people.write_text("".join(lines[:-1]), encoding="utf-8")
    do("import", "inspectors", people)
    do("plan", "adopt", again, "--rehearsal")
    do("import", "list", "dispatched", named)
    table = tmp_path / "变动.xlsx"
    assert str(table) in do("changes", "-o", table)
    assert table.stat().st_size
    reasons = tmp_path / "理由.csv"
    reasons.write_text(
        "变动类型,变动对象,变动理由,批准人\n人员不再在册,*,退休,李局长\n新在册,*,新设,李局长\n",
        encoding="utf-8",
    )
    out = do("freeze", "--reasons", reasons)
    assert "与上次冻结相比：人员不再在册 1" in out
    assert "未说明理由" not in out
    assert "有 1 条理由没有对应的变动" in out
    drawn(do)
