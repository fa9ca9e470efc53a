"""`--as-of` (演练时刻): a rehearsal may run at a time of its own, nothing real may."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.cli.test_mistakes import CODE, HEADINGS, PEOPLE, PLAN, on_disk, say
from tests.witness.world import NOTICE, REHEARSAL, write

SPRING: Final = "2021-04-01T09:00"
OFFICE: Final = ("--authority", "某某区市场监督管理局", "--region", "410102", "--operator", "张三")

Say = Callable[..., str]


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """What a command answers in this test's workspace: stdout or, where it is refused, stderr."""

    def answer(*words: str | Path, code: int = 0) -> str:
        found, out, err = say(capsys, "zh", "--workspace", tmp_path / "workspace", *words)
        assert found == code, (words, out, err)
        return err if code else out

    return answer


def plan(folder: Path, number: str) -> Path:
    path = folder / f"{number}.toml"
    path.write_text(PLAN.replace("410102-2021-01", f"410102-2021-{number}"), encoding="utf-8")
    return path


def test_a_rehearsal_bears_the_time_given_and_its_workspace_takes_no_real_plan(
    said: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "对象.csv").write_text(f"{HEADINGS}\n{CODE},甲公司,存续,城关镇\n", encoding="utf-8")
    (tmp_path / "人员.csv").write_text(PEOPLE, encoding="utf-8")
    said("init", *OFFICE, "--as-of", SPRING)
    said("import", "entities", tmp_path / "对象.csv")
    said("import", "inspectors", tmp_path / "人员.csv")
    monkeypatch.setenv("SHUANGSUIJI_AS_OF", SPRING)
    said("plan", "adopt", plan(tmp_path, "01"), "--rehearsal")
    said("freeze", "--as-of", "2021-04-01T03:30:30+02:00")
    monkeypatch.delenv("SHUANGSUIJI_AS_OF")
    said("publish", "--as-of", "2021-04-02T08:00")
    notice = json.loads(next((tmp_path / "workspace" / "published").rglob("notice.json")).read_bytes())
    assert notice["time"] == "2021-04-01T01:30:30Z"
    before = on_disk(tmp_path / "workspace")
    for words in ([], ["--as-of", SPRING]):
        assert "--as-of" in said("plan", "adopt", plan(tmp_path, "02"), *words, code=4)
        assert on_disk(tmp_path / "workspace") == before
    said("plan", "adopt", plan(tmp_path, "02"), "--rehearsal")


def test_the_very_entry_that_would_make_a_real_draw_may_not_be_made_at_a_time_given(
    said: Say, tmp_path: Path
) -> None:
    said("init", *OFFICE)
    said("plan", "adopt", plan(tmp_path, "01"), "--as-of", SPRING, code=4)
    said("plan", "adopt", plan(tmp_path, "01"))


def test_a_workspace_with_a_real_draw_takes_no_such_time(
    said: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("init", *OFFICE)
    said("plan", "adopt", plan(tmp_path, "01"))
    before = on_disk(tmp_path / "workspace")
    for words in (["status"], ["freeze"], ["publish"], ["void", "--reason", "x", "--approver", "y"]):
        assert "第 1 次" in said(*words, "--as-of", SPRING, code=4)
    monkeypatch.setenv("SHUANGSUIJI_AS_OF", SPRING)
    assert "SHUANGSUIJI_AS_OF" in said("status", code=4)
    assert on_disk(tmp_path / "workspace") == before
    monkeypatch.delenv("SHUANGSUIJI_AS_OF")
    said("status")


def test_no_witness_signs_a_real_notice_at_a_time_given(said: Say, tmp_path: Path) -> None:
    home = ["--home", tmp_path / "见证"]
    time = ["--as-of", "2099-01-01T00:00"]
    said("witness", "keygen", "--name", "公证处", *home)
    (tmp_path / "real").mkdir()
    (tmp_path / "rehearsal").mkdir()
    real, rehearsal = (write(tmp_path / one["mode"], one) for one in (NOTICE, REHEARSAL))
    before = on_disk(tmp_path)
    said("witness", "sign", real, *home, *time, code=4)
    assert on_disk(tmp_path) == before
    said("witness", "sign", rehearsal, *home, "--rehearsal", *time)


@pytest.mark.parametrize("text", ["2021-04-01", "昨天", "2021-13-01T09:00", "T", "2021-04-01T25:00"])
def test_what_is_no_instant_is_a_mistake_in_usage(said: Say, text: str) -> None:
    assert SPRING in said("status", "--as-of", text, code=2)


def test_a_copy_of_a_workspace_does_not_forget(said: Say, tmp_path: Path) -> None:
    said("init", *OFFICE, "--as-of", SPRING)
    shutil.copytree(tmp_path / "workspace", tmp_path / "copy")
    said("--workspace", tmp_path / "copy", "plan", "adopt", plan(tmp_path, "01"), code=4)
