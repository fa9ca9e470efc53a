"""After the draw, by commands: inspectors sealed late, persons and targets replaced, a void draw and its successor."""

import json
from pathlib import Path

import pytest

from shuangsuiji.messages import LANGUAGES, Lang
from tests.cli.test_batch import Command, command, prepared

__all__ = ["command"]

HEX = "0123456789abcdef" * 4
ASKED = ("--reason", "调离", "--approver", "王局长", "--value", "explicit:1")


def deregistered(rosters: Path, code: str) -> list[Path]:
    """The registry's files, in which one firm is deregistered now."""
    files = sorted(rosters.glob("entities*.csv"))
    for path in files:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        changed = [line.replace(",存续,", ",注销,") if line.startswith(code) else line for line in lines]
        path.write_text("".join(changed), encoding="utf-8")
    return files


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_an_officer_reads_from_the_late_seal_to_the_successor(
    command: Command, tmp_path: Path, lang: Lang
) -> None:
    workspace, plan = prepared(command, tmp_path), tmp_path / "plan.toml"

    def do(*arguments: str | Path, code: int = 0) -> str:
        acting = [] if arguments[0] in ("status", "audit") else ["--operator", "张三"]
        done, out = command("--workspace", workspace, *arguments, *acting, lang=lang)
        assert done == code
        return out

    def state() -> str:
        return do("status").splitlines()[-1]

    do("plan", "adopt", plan, "--rehearsal")
    do("freeze", "--targets-only", "--inspectors", "--value", "explicit:1", code=2)
    assert "--inspectors" in do("freeze", "--targets-only", "--value", "explicit:1")
    do("publish")
    do("seed", "--explicit", HEX)
    do("draw")
    do("match", code=4)
    assert "freeze --inspectors" in state()
    assert "explicit:1" in do("freeze", "--inspectors", "--value", "explicit:1")
    assert "late-notice.json" in do("publish")
    assert "seed" in state()
    do("seed", "--explicit", HEX)
    do("match")
    do("publish")
    table = workspace / "published" / "rehearsal-1" / "result" / "result.csv"
    target = table.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[8].strip()
    do("replace", "target", target, *ASKED, code=3)
    do("import", "entities", *deregistered(tmp_path / "名册", target))
    shown = json.loads(do("replace", "target", target, *ASKED, "--json"))
    assert (shown["number"], shown["what"]) == (1, "target")
    assert "publish" in state()
    assert "result-1" in do("publish", "--plan", "990121-2021-07")
    assert "replace outcome 1" in state()
    assert "status" in do("replace", "outcome", "1", "--explicit", HEX)
    do("replace", "outcome", "1", "--explicit", HEX, code=3)
    do("replace", "无此人", "--all-remaining", *ASKED, code=3)
    do("replace", "--all-remaining", "--urgent", "无此人", *ASKED[:4], code=2)
    do("replace", "--urgent", target, "无此人", *ASKED, code=2)
    do("replace", "无此人", *ASKED, code=2)
    do("replace", target, "无此人", "--all-remaining", *ASKED, code=2)
    do("replace", "vacant", *ASKED, code=3)
    do("replace", "recusal", target, code=2)
    assert "王局长" in do("void", "--reason", "名册有误", "--approver", "王局长")
    do("replace", "target", target, *ASKED, code=4)
    assert "result-3" in do("publish", "--plan", "990121-2021-07")
    bundle = tmp_path / "审计包.zip"
    do("export", "bundle", "-o", bundle)
    assert "名册有误" in do("audit", "verify", bundle, "--rehearsal")
    do("plan", "adopt", plan, "--rehearsal", code=3)
    do("plan", "adopt", plan, "--rehearsal", "--reason", "更正后重抽")
    do("freeze", "--value", "explicit:1", code=4)
    assert "1" in do("freeze", "--value", "explicit:1", "--successor-of", "1")
