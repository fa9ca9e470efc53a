"""Whose turn to write it is (正在写入): a note beside the database, so that who waits in vain knows for whom.

The right to write is SQLite's lock alone. The note only says who has it; where none can be written, or a crash left an
old one behind, nothing else depends on it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from shuangsuiji.core.encoding import NotCanonical, canonical_json, parse_json
from shuangsuiji.store import files

_CIVIL: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Turn:
    """Who writes: the operator, what is being done, the number of the process, since when (civil time, +08:00)."""

    operator: str
    verb: str
    process: int
    since: str


@contextmanager
def note(database: Path) -> Iterator[Callable[[str, str], None]]:
    """A function that notes operator and verb, for whoever has the right to write; the note goes with the block."""
    path, taken = _path(database), list[bytes]()

    def take(operator: str, verb: str) -> None:
        said = canonical_json({"operator": operator, "verb": verb, "process": os.getpid()})
        try:
            path.touch(files.PRIVATE)
            path.write_bytes(said)
            taken.append(said)
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    try:
        yield take
    finally:
        with suppress(OSError):
            if taken and path.read_bytes() == taken[-1]:  # else the next one's already
                path.unlink()


def holder(database: Path) -> Turn | None:
    """Who noted that he writes; None if nobody did, or it cannot be read."""
    path = _path(database)
    with suppress(OSError, NotCanonical):
        match parse_json(path.read_bytes()):
            case {"operator": str(operator), "verb": str(verb), "process": int(process)}:
                since = datetime.fromtimestamp(path.stat().st_mtime, _CIVIL)
                return Turn(operator, verb, process, since.strftime("%Y-%m-%d %H:%M:%S"))
    return None


def _path(database: Path) -> Path:
    return database.with_name(f".{database.name}.writer")
