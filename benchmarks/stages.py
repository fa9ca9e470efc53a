"""Time and peak memory of the stages of a run."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: wall-clock seconds, those of all processor cores together, and the peak of resident memory.

    Memory is in MB, None where it is not measured.
    """

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: int | None


@dataclass(slots=True)
class Stages:
    """The stages measured so far."""

    done: list[Stage] = field(default_factory=list)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Measure the block as one stage."""
        _reset_peak()
        begun, worked = time.perf_counter(), _cpu_seconds()
        yield
        self.done.append(Stage(name, time.perf_counter() - begun, _cpu_seconds() - worked, _peak_mb()))


def _cpu_seconds() -> float:
    """Of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _reset_peak() -> None:
    if _RESET.exists():
        _RESET.write_text("5", encoding="ascii")  # Linux: forget the peak of resident memory so far


def _peak_mb() -> int | None:
    if not _STATUS.exists():
        return None
    lines = (line.split() for line in _STATUS.read_text(encoding="ascii").splitlines())
    return next(int(words[1]) // 1024 for words in lines if words[0] == "VmHWM:")
