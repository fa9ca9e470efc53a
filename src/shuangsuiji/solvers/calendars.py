"""Days for visits (检查安排): a salted start, which CP-SAT improves part by part; the caller checks the result.

All ties of the start are broken by the caller's ranks, and CP-SAT keeps what it is given unless it finds better: so the
calendar follows no pattern but the ranks', and is the same every time under one version of the solver.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from shuangsuiji.solvers.calendar_models import SOLVER, Part, Unplaced, feasible
from shuangsuiji.solvers.rota import Cost, Rota, State, bound, filled, runs

__all__ = ["SOLVER", "Rank", "Solved", "Tell", "Unplaced", "solve"]

Days = tuple[int, ...]
"""The first day of each job."""
Rank = Callable[[int, int], bytes]
"""What breaks ties: a job, a day (-1: the job itself)."""
Tell = Callable[[int, int, int, int], None]
"""Told as the work goes on: steps done, steps in all, the cost so far, the bound."""

_WHOLE: Final = 6_000
"""So many pairs of job and day are solved in one model; of more, small parts are."""
_WHOLE_SECONDS: Final = 0.5
_PART_SECONDS: Final = 0.1
"""Of the solver's deterministic time."""
_PASSES: Final = 4
_PARTS: Final = 28
_PART_JOBS: Final = 16


@dataclass(frozen=True, slots=True)
class Solved:
    """The first day of each job, what it costs, and a bound that no calendar of the rota goes below."""

    starts: Days
    cost: Cost
    bound: int


def silent(*_: int) -> None:
    """Tells nobody."""


def solve(rota: Rota, rank: Rank, tell: Tell = silent) -> Solved | Unplaced:
    """The best calendar found within a limit that no clock decides, or the jobs for which there is none."""
    starts = _start(rota, rank)
    if starts is None:
        found = feasible(rota)
        if isinstance(found, Unplaced):
            return found
        starts = list(found)
    return _improve(rota, starts, rank, tell)


def _start(rota: Rota, rank: Rank) -> list[int] | None:
    """Job by job, the hard ones first, each on its cheapest day; None if some job finds none."""
    state = State(rota)
    starts = [0] * len(rota.jobs)
    ranks = [rank(number, -1) for number in range(len(rota.jobs))]
    order = sorted(
        range(len(rota.jobs)),
        key=lambda number: (-len(rota.jobs[number].demand), len(rota.jobs[number].starts), ranks[number]),
    )
    for number in order:
        job = rota.jobs[number]
        priced = [(state.price(job, day), day) for day in job.starts if state.room(job, day)]
        if not priced:
            return None
        least = min(priced)[0]
        starts[number] = min(
            (day for price, day in priced if price == least), key=lambda day: rank(number, day)
        )
        state.put(number, starts[number])
    return starts


def _improve(rota: Rota, starts: list[int], rank: Rank, tell: Tell) -> Solved:
    """Jobs one by one to a cheaper day; then CP-SAT over all jobs if they are few, else over small parts of them."""
    state, least = filled(rota, starts), bound(rota)
    order = sorted(range(len(rota.jobs)), key=lambda number: rank(number, -1))
    for _ in range(_PASSES):
        if not _reinsert(state, starts, order, rank):
            break
    if state.cost().total <= least:
        pass
    elif sum(len(job.starts) for job in rota.jobs) <= _WHOLE:
        gap = _solve_part(state, starts, order, _WHOLE_SECONDS)
        least = max(least, state.cost().total - gap)
    else:
        for step, part in enumerate(islice(_troubled(state, starts, order), _PARTS)):
            now = state.cost().total
            tell(step, _PARTS, now, least)
            if now <= least:
                break
            _solve_part(state, starts, part, _PART_SECONDS)
    made = state.cost()
    tell(1, 1, made.total, least)
    return Solved(tuple(starts), made, least)


def _reinsert(state: State, starts: list[int], order: Sequence[int], rank: Rank) -> bool:
    """Each job out and in again on its cheapest day; whether any day is another now, and cheaper."""
    better = False
    for number in order:
        job, now = state.rota.jobs[number], starts[number]
        state.put(number, now, -1)
        price = state.price(job, now)
        if price > 0:
            priced = [(state.price(job, day), day) for day in job.starts if state.room(job, day)]
            least = min(priced)[0]
            if least < price:
                starts[number] = min(
                    (day for one, day in priced if one == least), key=lambda day: rank(number, day)
                )
                better = True
        state.put(number, starts[number])
    return better


def _solve_part(state: State, starts: list[int], part: Sequence[int], seconds: float) -> int:
    """CP-SAT over some jobs while the others stand; how far they may still be from their best."""
    for number in part:
        state.put(number, starts[number], -1)
    gap = Part(state.rota, state, part).solve(starts, seconds)
    for number in part:
        state.put(number, starts[number])
    return gap


def _troubled(state: State, starts: Sequence[int], order: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The jobs around each person who makes a trip too many, and around each day above the level.

    With a job those of the same place that share a person with it, or with one of these.
    """
    jobs = state.rota.jobs
    of_person: dict[int, list[int]] = {}
    for number in order:
        for one in jobs[number].members:
            of_person.setdefault(one, []).append(number)
    for number in order:
        job = jobs[number]
        days = range(starts[number], starts[number] + len(job.demand))
        over = any(state.load[day] > state.rota.level for day in days)
        torn = [one for one in job.members if runs(state.there[one, job.place]) > 1]
        if not (over or torn):
            continue
        part, people = {number: None}, dict.fromkeys(torn or job.members)
        for _ in range(2):
            near = [other for one in people for other in of_person[one] if jobs[other].place == job.place]
            part |= dict.fromkeys(near[:_PART_JOBS])
            people |= {one: None for other in part for one in jobs[other].members}
        found = list(part)[:_PART_JOBS]
        rest = (one for one in order if one not in part) if over else iter(())
        yield (*found, *islice(rest, _PART_JOBS - len(found)))
