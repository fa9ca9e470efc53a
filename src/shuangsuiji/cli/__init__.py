"""The command line: parse, call one verb, render. Nothing heavy is imported at the top of any module here."""

import io
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from shuangsuiji import __version__
from shuangsuiji.cli import failures, language
from shuangsuiji.cli.framework import Group

PROGRAM: Final = "shuangsuiji"

# In the order of the work; each command is imported only when it is called.
_COMMANDS: Final = {
    "init": "shuangsuiji.cli.init:init",
    "import": "shuangsuiji.cli.imports:GROUP",
    "plan": "shuangsuiji.cli.plan:GROUP",
    "changes": "shuangsuiji.cli.freeze:changes",
    "freeze": "shuangsuiji.cli.freeze:freeze",
    "contribute": "shuangsuiji.cli.close:contribute",
    "close": "shuangsuiji.cli.close:close",
    "seed": "shuangsuiji.cli.seed:seed",
    "draw": "shuangsuiji.cli.draw:draw",
    "match": "shuangsuiji.cli.match:match",
    "explain": "shuangsuiji.cli.explain:explain",
    "publish": "shuangsuiji.cli.publish:GROUP",
    "ceremony": "shuangsuiji.cli.ceremony:ceremony",
    "replace": "shuangsuiji.cli.replace:GROUP",
    "void": "shuangsuiji.cli.void:void",
    "schedule": "shuangsuiji.cli.schedule:GROUP",
    "results": "shuangsuiji.cli.results:GROUP",
    "abnormal": "shuangsuiji.cli.abnormal:GROUP",
    "export": "shuangsuiji.cli.export:GROUP",
    "audit": "shuangsuiji.cli.audit:GROUP",
    "report": "shuangsuiji.cli.report:report",
    "keys": "shuangsuiji.cli.keys:GROUP",
    "witness": "shuangsuiji.cli.witness:GROUP",
    "status": "shuangsuiji.cli.status:status",
    "sample": "shuangsuiji.cli.sample:GROUP",
    "demo": "shuangsuiji.cli.demo:demo",
}

_EXITS: Final = (0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 70, 130)


def root() -> Group:
    """The command `shuangsuiji` with all below it."""
    group = Group("main", _EXITS, _COMMANDS)
    return click.version_option(__version__, prog_name=PROGRAM)(group)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; `arguments` default to those of the process."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character still gets the rest
    language.speak(language.choose(given, os.environ))
    sys.exit(failures.guarded(lambda: run(given), json="--json" in given))


def run(arguments: Sequence[str]) -> int:
    """The exit code of one run; refusals and usage errors are raised."""
    code: int = root().main(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    return code
