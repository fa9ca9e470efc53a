"""What the command line tells every command: where, in which language, for whom, by whose hand, at what time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shuangsuiji.messages import Lang


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command. `operator` is empty where none was named; `now` is UTC, whole seconds.

    `as_of`: `now` is no clock's but was given with `--as-of` (演练时刻), which only rehearsals may.
    """

    workspace: Path
    config: Path | None
    lang: Lang
    quiet: bool
    json: bool
    operator: str
    now: datetime
    as_of: bool


def clock() -> datetime:
    """The present instant, UTC, whole seconds: the only place that reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)
