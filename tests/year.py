"""The sample's year, run once in a session, by whichever of its processes asks first; nobody changes it."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.cli.runs import run

_SAID: Final = "said.txt"


@dataclass(frozen=True, slots=True)
class YearRun:
    """The demo's workspace as it left it, and what it said."""

    workspace: Path
    said: str


def run_once(factory: pytest.TempPathFactory) -> YearRun:
    """The year in the folder that all processes of the session share."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "year"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / _SAID).exists():
            done = run("demo", "--workspace", "演示", cwd=folder)
            assert (done.returncode, done.stderr) == (0, ""), (done.stdout[-3000:], done.stderr)
            (folder / _SAID).write_text(done.stdout, encoding="utf-8")
    return YearRun(folder / "演示", (folder / _SAID).read_text(encoding="utf-8"))
