"""What goes wrong is told in the user's language with its exit code, and to machines as one object."""

import errno
import json
import os
import pickle
from collections.abc import Callable

import click
import pytest

from shuangsuiji.cli import failures, language
from shuangsuiji.errors import Detail, EnvironmentRefused, InputRefused, Where


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


def os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number), "公示.csv")


@pytest.mark.parametrize(
    ("error", "exit_code", "said"),
    [
        (os_error(errno.ENOSPC), 6, "公示.csv：磁盘已满"),
        (os_error(errno.EACCES), 6, "公示.csv：没有权限"),
        (os_error(errno.EROFS), 6, "公示.csv：只读文件系统"),
        (os_error(errno.EIO), 6, "公示.csv：系统拒绝了操作"),
        (
            InputRefused("config.missing", Where(line=3), name="a.toml", known="b.toml"),
            3,
            "第 3 行：配置中没有 a.toml",
        ),
        (EnvironmentRefused("cli.environment.read_only", reason="只读"), 6, "只读文件系统"),
        (click.Abort(), 130, "已中断"),
        (click.UsageError("写法"), 2, "错误：写法"),
        (ZeroDivisionError(), 70, "这是程序的错误"),
        (MemoryError(), 70, "这是程序的错误"),
        (InputRefused("config.missing"), 70, "这是程序的错误"),  # a text that cannot be filled in
    ],
)
def test_each_failure_has_its_exit_code_and_says_why_on_stderr(
    error: BaseException, exit_code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    language.speak("zh")
    assert failures.guarded(raising(error), json=False) == exit_code
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_a_machine_gets_one_object_with_untranslated_keys(capsys: pytest.CaptureFixture[str]) -> None:
    language.speak("en")
    error = InputRefused("config.missing", Where(file="plan.toml", row=0), name="a.toml", known="b.toml")
    assert failures.guarded(raising(error), json=True) == 3
    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "error": {
            "code": "config.missing",
            "exit_code": 3,
            "where": {"file": "plan.toml", "row": 0},
            "params": {"name": "a.toml", "known": "b.toml"},
            "message": err.rstrip("\n"),
        }
    }


def test_each_of_several_things_is_told_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    language.speak("en")
    error = InputRefused("config.missing", name="a.toml", known="b.toml")
    error.details = tuple(
        Detail(
            "plan.posterior.finding.joined",
            {"group": one, "tier": "T", "share": "1", "before": "0", "joined": "T"},
        )
        for one in ("A\x1b", "B")
    )
    assert failures.guarded(raising(pickle.loads(pickle.dumps(error))), json=True) == 3
    out, err = capsys.readouterr()
    told = json.loads(out)["error"]
    assert [one["params"]["group"] for one in told["details"]] == ["A\x1b", "B"]
    first, *lines, mend = err.splitlines()
    assert lines == [f"  {one['message']}" for one in told["details"]]
    assert ("A\\u001b" in lines[0], told["message"]) == (True, "\n".join([first, *lines, mend]))


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (click.UsageError("?"), "usage", 2),
        (click.Abort(), "interrupted", 130),
        (ZeroDivisionError(), "fault", 70),
        (os_error(errno.ENOSPC), "cli.environment.disk_full", 6),
    ],
)
def test_a_machine_gets_one_object_whatever_goes_wrong(
    error: BaseException, code: str, exit_code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failures.guarded(raising(error), json=True) == exit_code
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["code"], told["exit_code"]) == (code, exit_code)
    assert told["message"]


def test_the_exit_code_of_what_goes_well_is_its_own() -> None:
    assert failures.guarded(lambda: 10, json=True) == 10
