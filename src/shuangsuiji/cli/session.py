"""What the command line tells every command: where, in which language, for whom, by whose hand, at what time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shuangsuiji.messages import Lang


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command. `operator` is empty where none was named; `now` is UTC, whole seconds."""

    workspace: Path
    config: Path | None
    lang: Lang
    quiet: bool
    json: bool
    operator: str
    now: datetime


def clock() -> datetime:
    """The present instant, UTC, whole seconds: the only place that reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)
