"""The command line as a user meets it: another process, its exit code and both streams."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click

from shuangsuiji.cli import root
from shuangsuiji.cli.framework import Documented, Group

# Nothing of the developer's own settings reaches a run; the locale is Chinese where it is not said otherwise.
CLEAN: Final = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("SHUANGSUIJI_", "LC_", "LANG", "COLUMNS"))
} | {"LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"}


def run(
    *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `shuangsuiji` with these arguments."""
    return subprocess.run(
        [sys.executable, "-m", "shuangsuiji", *map(str, arguments)],
        cwd=cwd,
        env={**CLEAN, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def walk() -> Iterator[tuple[tuple[str, ...], Documented]]:
    """Every command of the program with the words that call it, the program itself first."""

    def below(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], Documented]]:
        assert isinstance(command, Documented)
        yield words, command
        if isinstance(command, Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                member = command.get_command(context, name)
                assert member is not None
                yield from below((*words, name), member)

    return below((), root())
