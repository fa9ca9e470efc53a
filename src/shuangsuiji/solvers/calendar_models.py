"""CP-SAT over some jobs of a calendar while all others stand: their best days, or as many as can be placed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import ceil
from typing import Any, Final, TypeAlias

from ortools.sat.python import cp_model

from shuangsuiji.solvers.rota import Rota, State

SOLVER: Final = f"OR-Tools {version('ortools')} CP-SAT"
Expr: TypeAlias = Any
"""A linear expression of the solver, or an integer."""

_PLACING_SECONDS: Final = 8.0
"""Of the solver's deterministic time."""
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Unplaced:
    """No calendar: jobs that find no day while all others do; `settled` if it is proven that not all can."""

    jobs: tuple[int, ...]
    settled: bool


class Part:
    """The model of some jobs, while all others (in `state`) stand."""

    def __init__(self, rota: Rota, state: State, jobs: Sequence[int]) -> None:
        self.rota, self.state, self.jobs = rota, state, jobs
        self.model = cp_model.CpModel()
        self.begins = {
            (number, day): self.model.new_bool_var("")
            for number in jobs
            for day in rota.jobs[number].starts
            if state.room(rota.jobs[number], day)
        }
        self.days: dict[int, list[int]] = {number: [] for number in jobs}
        for number, day in self.begins:
            self.days[number].append(day)
        self.of_person: dict[int, list[int]] = {}
        for number in jobs:
            for one in rota.jobs[number].members:
                self.of_person.setdefault(one, []).append(number)

    def solve(self, starts: list[int], seconds: float) -> int:
        """Put better first days into `starts`, if some are found; how far what is found may be from the best."""
        for number in self.jobs:
            self.model.add_exactly_one(self.begins[number, day] for day in self.days[number])
        self._limits()
        self.model.minimize(sum([*self._excess(), *self._persons()]))
        for (number, day), begins in self.begins.items():
            self.model.add_hint(begins, starts[number] == day)
        solving = _solver(seconds)
        if solving.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return self.rota.days * len(self.jobs) * self.rota.limit
        for (number, day), begins in self.begins.items():
            if solving.value(begins):
                starts[number] = day
        return round(solving.objective_value) - ceil(solving.best_objective_bound - _ROUNDING)

    def place(self) -> tuple[Mapping[int, int], bool]:
        """As many jobs as can be placed, no matter at what cost: their first days; whether more are proven not to."""
        for number in self.jobs:
            self.model.add_at_most_one(self.begins[number, day] for day in self.days[number])
        self._limits()
        self.model.maximize(sum(self.begins.values()))
        solving = _solver(_PLACING_SECONDS)
        status = solving.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {}, False
        placed = {number: day for (number, day), begins in self.begins.items() if solving.value(begins)}
        return placed, status == cp_model.OPTIMAL

    def _limits(self) -> None:
        """Nobody makes more visits than the limit on any day."""
        for one, jobs in self.of_person.items():
            own = self.state.used.get(one)
            if len(jobs) == 1:
                continue  # a day without room is none of the job's
            for day in range(self.rota.days):
                visits = list(self._visits(jobs, day))
                left = self.rota.limit - (own[day] if own else 0)
                if sum(count for _, count in visits) > left:
                    self.model.add(sum(begins * count for begins, count in visits) <= max(0, left))

    def _excess(self) -> Iterator[Expr]:
        """The visits of each day above the level."""
        for day in range(self.rota.days):
            visits = list(self._visits(self.jobs, day))
            over = self.state.load[day] - self.rota.level
            if visits:
                most = max(0, over + sum(count for _, count in visits))
                excess = self.model.new_int_var(0, most, "")
                self.model.add(excess >= sum(begins * count for begins, count in visits) + over)
                yield excess

    def _persons(self) -> Iterator[Expr]:
        """Trips and further places of everybody who is in some of the jobs."""
        for one, jobs in self.of_person.items():
            if len(jobs) == 1:
                job = self.rota.jobs[jobs[0]]
                for day in self.days[jobs[0]]:
                    if price := self.state.person_price(one, job, day):
                        yield self.begins[jobs[0], day] * price
            else:
                yield from self._person(one, jobs)

    def _person(self, one: int, jobs: Sequence[int]) -> Iterator[Expr]:
        """Of somebody in several jobs: where he is on which day, where a trip begins, where places meet."""
        by_place: dict[int, list[int]] = {}
        for number in jobs:
            by_place.setdefault(self.rota.jobs[number].place, []).append(number)
        days, elsewhere = self.rota.days, self.state.places.get(one, [0] * self.rota.days)
        met: list[list[Expr]] = [[] for _ in range(days)]
        others = list(elsewhere)
        for place, own in by_place.items():
            here = self.state.there.get((one, place), [0] * days)
            before: Expr = 0
            for day in range(days):
                others[day] -= here[day] > 0
                now = self._is_there(own, day, here[day] > 0)
                if not isinstance(now, int) or now:
                    met[day].append(now)
                    begins = self.model.new_bool_var("")
                    self.model.add(begins >= now - before)
                    yield begins
                before = now
        for day in range(days):
            count = len(met[day]) + others[day]
            if count > 1 and met[day]:
                further = self.model.new_int_var(0, count - 1, "")
                self.model.add(further >= sum(met[day]) + others[day] - 1)
                yield further

    def _is_there(self, jobs: Sequence[int], day: int, already: bool) -> Expr:
        """Whether one of the jobs, or what stands already, is on a day."""
        if already:
            return 1
        begun = ([begins for begins, _ in self._visits([job], day)] for job in jobs)
        each: list[Expr] = [sum(own) for own in begun if own]
        if len(each) < 2:
            return each[0] if each else 0
        now = self.model.new_bool_var("")
        for own in each:
            self.model.add(now >= own)
        self.model.add(now <= sum(each))
        return now

    def _visits(self, jobs: Sequence[int], day: int) -> Iterator[tuple[cp_model.IntVar, int]]:
        """What makes visits on a day: the job's beginning so many days before, and how many."""
        for number in jobs:
            for offset, count in enumerate(self.rota.jobs[number].demand):
                begins = self.begins.get((number, day - offset))
                if begins is not None:
                    yield begins, count


def feasible(rota: Rota) -> tuple[int, ...] | Unplaced:
    """Days for all jobs, whatever they cost, each group of jobs that share persons by itself."""
    state, starts, settled = State(rota), dict[int, int](), True
    for group in _groups(rota):
        placed, proven = Part(rota, state, group).place()
        starts |= placed
        settled &= proven or len(placed) == len(group)
    left = tuple(number for number in range(len(rota.jobs)) if number not in starts)
    return Unplaced(left, settled) if left else tuple(starts[one] for one in range(len(rota.jobs)))


def _groups(rota: Rota) -> list[list[int]]:
    """The jobs, divided where no person is in two groups; in ascending order."""
    leader = list(range(len(rota.jobs)))

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    first: dict[int, int] = {}
    for number, job in enumerate(rota.jobs):
        for one in job.members:
            leader[find(number)] = find(first.setdefault(one, number))
    groups: dict[int, list[int]] = {}
    for number in range(len(rota.jobs)):
        groups.setdefault(find(number), []).append(number)
    return list(groups.values())


def _solver(seconds: float) -> cp_model.CpSolver:
    """One that gives the same answer every time: one worker, a fixed seed, a limit that no clock decides."""
    made = cp_model.CpSolver()
    made.parameters.num_workers = 1
    made.parameters.random_seed = 1
    made.parameters.max_deterministic_time = seconds
    return made
