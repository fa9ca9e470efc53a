"""One system in one case, in a process of its own: `python -m benchmarks.measure CASE SYSTEM PROFILE` prints JSON."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from benchmarks.cases import Batch, Calendar, Case, Draw, Teams, Tickets, case_of
from benchmarks.jobs import Job, OutOfReachError
from benchmarks.stages import Stages

MOST = 5
ENOUGH = 2.0
"""A work is done again, up to five times, until two seconds are spent on it; the shortest time counts."""


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


def measure(case: Case, system: str) -> dict[str, object]:
    """Seconds, peak of resident memory in MB with the input, and what is to be said of the result."""
    try:
        job = systems(case)[system](case)
    except OutOfReachError as reason:
        return {"seconds": None, "peak_mb": None, "note": str(reason)}
    stages, result = Stages(), None
    while len(stages.done) < MOST and sum(stage.seconds for stage in stages.done) < ENOUGH:
        with stages.measure("work"):
            result = job.work()
    note = job.note(result)
    job.cleanup()
    best = asdict(min(stages.done, key=lambda stage: stage.seconds))
    seconds = best["seconds"] if job.seconds is None else job.seconds(result)
    return {"seconds": seconds, "peak_mb": max(stage.peak_mb or 0 for stage in stages.done), "note": note}


if __name__ == "__main__":
    name, who, profile = sys.argv[1:]
    print(json.dumps(measure(case_of(name, profile), who), ensure_ascii=False))  # type: ignore[arg-type]
