"""One system in one case, in a process of its own: `python -m benchmarks.measure CASE SYSTEM PROFILE` prints JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any, Final, cast

from benchmarks.cases import Batch, Calendar, Case, Draw, Load, Profile, Teams, Tickets, case_of
from benchmarks.jobs import Job, OutOfReachError
from benchmarks.stages import Stages

MOST: Final = 5
ENOUGH: Final[dict[Profile, float]] = {"smoke": 0.0, "quick": 1.0, "full": 5.0}
"""A work is done again, up to five times, until so many seconds are spent on it; the shortest time counts."""
BEGUN: Final = "begun"
"""Printed when the input is ready: from here on it is the system's time."""


def systems(case: Case) -> dict[str, Callable[[Any], Job[Any]]]:
    """Who can do a case of this kind at all. Only what the kind needs is imported: it would count as memory."""
    match case:
        case Teams():
            from benchmarks.teams import SYSTEMS as TEAMS

            return dict(TEAMS)
        case Draw():
            from benchmarks.draws import DRAWS

            return dict(DRAWS)
        case Tickets():
            from benchmarks.draws import TICKETS

            return dict(TICKETS)
        case Batch():
            from benchmarks.batch import BATCHES

            return dict(BATCHES)
        case Calendar():
            from benchmarks.calendars import CALENDARS

            return dict(CALENDARS)
        case Load():
            from benchmarks.loading import LOADS

            return dict(LOADS)


def measure(case: Case, system: str, enough: float, begun: Callable[[], None]) -> dict[str, object]:
    """Seconds, those of all cores, peak of resident memory in MB with the input, and what is to be said of the result.

    `begun` is called when the input is ready.
    """
    try:
        job = systems(case)[system](case)
    except OutOfReachError as reason:
        return {"note": str(reason)}
    begun()
    stages, result = Stages(), None
    for _ in range(1 if job.once else MOST):
        with stages.measure("work"):
            result = job.work()
        if sum(stage.seconds for stage in stages.done) >= enough:
            break
    note = job.note(result)
    job.cleanup()
    seconds = min(stage.seconds for stage in stages.done)
    cpu_seconds = min(stage.cpu_seconds for stage in stages.done)
    if job.seconds is not None:
        seconds = cpu_seconds = job.seconds(result)
    peak = max(stage.peak_mb or 0 for stage in stages.done)
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": peak, "note": note}


if __name__ == "__main__":
    name, who, size = sys.argv[1:]
    profile = cast(Profile, size)
    found = measure(case_of(name, profile), who, ENOUGH[profile], lambda: print(BEGUN, flush=True))
    print(json.dumps(found, ensure_ascii=False))
