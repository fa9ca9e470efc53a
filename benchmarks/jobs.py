"""What a system does in a case: `work`, which is timed, and what is to be said about what came out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Made outside the measured time, with the input in the form that the system has it in anyway."""

    work: Callable[[], T]
    note: Callable[[T], str] = lambda _: ""
    seconds: Callable[[T], float] | None = None
    """What it took, on one core, if that is not the time of `work`."""
    cleanup: Callable[[], None] = lambda: None
    once: bool = False
    """Whether doing it again in the same process would be another thing."""


class OutOfReachError(Exception):
    """A system that cannot do a case of this size at all, and why."""
