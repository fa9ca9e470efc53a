"""From visits that need a day to a calendar (排期): the problem, its integers for the solver, the check, who is short.

The rules: a visit takes place on one of the days, when none of its team is on leave; nobody makes more visits on a day
than the limit, those of other open batches counted, nor than the least limit of those of them in which he has visits
that day; the visits of a block with one team take as few consecutive visit
days as the limit allows, as even as can be; a visit that was appointed, or has its day from an earlier calendar, keeps
it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final, TypeVar

from shuangsuiji.errors import Listing, Shortage, first_of
from shuangsuiji.followup.schedule import Figures, Visit
from shuangsuiji.solvers.calendars import SOLVER, Solved, Unplaced
from shuangsuiji.solvers.rota import Fixed, Job, Rota

Salted = Callable[..., bytes]
"""HMAC of some texts under a key that nobody outside knows: what breaks ties."""
_NAMED: Final = 5

T = TypeVar("T", str, date)


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that is to be made (待检查): as `Visit`, without its day."""

    target: str
    block: int
    district: str
    tasks: tuple[str, ...]
    team: tuple[tuple[str, str], ...]

    @property
    def persons(self) -> tuple[str, ...]:
        """The ids of the team's members, ascending."""
        return tuple(sorted({person for _, person in self.team}))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A visit of another batch (其他批次的检查), and the limit of a day in that batch."""

    visit: Visit
    limit: int


@dataclass(frozen=True, slots=True)
class Problem:
    """排期问题: visits, the days to choose from (ascending), the limit, who is on leave on which days.

    `appointed` and `kept` are the targets whose day stands. `elsewhere` are visits of other batches.
    """

    due: tuple[Due, ...]
    days: tuple[date, ...]
    max_per_day: int
    away: Mapping[str, frozenset[date]]
    appointed: Mapping[str, date]
    kept: Mapping[str, date]
    elsewhere: tuple[Elsewhere, ...] = ()

    def taken(self) -> Counter[tuple[str, date]]:
        """How many visits of other batches each person makes on each day."""
        return Counter((person, one.visit.day) for one in self.elsewhere for person in {*one.visit.persons})

    def limits(self) -> dict[tuple[str, date], int]:
        """How many visits a person may make on a day at most, where that is another batch's limit."""
        return {
            place: least for place, least in least_limits(self.elsewhere).items() if least < self.max_per_day
        }

    def stands(self, target: str) -> date | None:
        """The day of a target, if it stands."""
        return self.appointed.get(target) or self.kept.get(target)

    def is_away(self, person: str, day: date) -> bool:
        """Whether somebody is on leave."""
        return day in self.away.get(person, ())

    def groups(self, salted: Salted) -> tuple[tuple[Due, ...], ...]:
        """The visits without a day, by block and team, in an order that only the key tells."""
        found: dict[tuple[int, tuple[tuple[str, str], ...]], list[Due]] = {}
        for one in sorted(self.due, key=lambda due: salted("visit", due.target)):
            if self.stands(one.target) is None:
                found.setdefault((one.block, one.team), []).append(one)
        return tuple(tuple(found[name]) for name in sorted(found))


def least_limits(visits: Iterable[Elsewhere]) -> dict[tuple[str, date], int]:
    """By person and day, the least limit of the batches in which he has visits that day."""
    found: dict[tuple[str, date], int] = {}
    for one in visits:
        for person in one.visit.persons:
            place = person, one.visit.day
            found[place] = min(one.limit, found.get(place, one.limit))
    return found


def shares(visits: int, limit: int) -> tuple[int, ...]:
    """So many visits on as few days as the limit allows, as even as can be, the larger days first."""
    days = -(-visits // limit)
    return tuple(visits // days + (number < visits % days) for number in range(days))


def rota(problem: Problem, groups: Sequence[Sequence[Due]]) -> Rota:
    """The problem in integers: persons and districts in ascending order, days by their place."""
    persons = _numbers(person for one in problem.due for person in one.persons)
    foreign_visits = [one.visit for one in problem.elsewhere]
    districts = chain((one.district for one in problem.due), (one.district for one in foreign_visits))
    places = _numbers(districts)
    days = _numbers(problem.days)
    jobs = []
    for group in groups:
        first, demand = group[0], shares(len(group), problem.max_per_day)
        free = [not any(problem.is_away(one, day) for one in first.persons) for day in problem.days]
        starts = tuple(
            start for start in range(len(free) - len(demand) + 1) if all(free[start : start + len(demand)])
        )
        members = tuple(persons[one] for one in first.persons)
        jobs.append(Job(members, places[first.district], demand, starts))
    fixed = tuple(
        Fixed(tuple(persons[person] for person in one.persons), places[one.district], days[day])
        for one in problem.due
        if (day := problem.stands(one.target)) in days
    )
    foreign = (
        Fixed(members, places[one.district], days[one.day], foreign=True)
        for one in foreign_visits
        if one.day in days
        and (members := tuple(persons[person] for person in sorted({*one.persons}) if person in persons))
    )
    visits = sum(sum(job.demand) for job in jobs) + len(fixed)
    busiest = max((max(job.demand) for job in jobs), default=0)
    level = max(-(-visits // max(1, len(days))), busiest)
    # Where another batch allows fewer, the difference is no room either.
    withheld = tuple(
        (persons[person], days[day], problem.max_per_day - limit)
        for (person, day), limit in sorted(problem.limits().items())
        if person in persons and day in days
    )
    return Rota(len(days), problem.max_per_day, level, tuple(jobs), (*fixed, *foreign), withheld)


def visits(problem: Problem, groups: Sequence[Sequence[Due]], starts: Sequence[int]) -> tuple[Visit, ...]:
    """The calendar that the first days of the groups make."""
    day_of = {one.target: day for one in problem.due if (day := problem.stands(one.target)) is not None}
    for group, start in zip(groups, starts, strict=True):
        left = iter(group)
        for offset, count in enumerate(shares(len(group), problem.max_per_day)):
            for _ in range(count):
                day_of[next(left).target] = problem.days[start + offset]
    made = [
        Visit(
            one.target, one.block, one.district, one.tasks, one.team, day_of[one.target],
            one.target in problem.appointed,
        )
        for one in problem.due
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda visit: (visit.day, visit.block, visit.target)))


def figures(problem: Problem, made: Sequence[Visit], solved: Solved, level: int) -> Figures:
    """How good a calendar is."""
    loads = Counter(visit.day for visit in made)
    each = [loads[day] for day in problem.days]
    return Figures(
        cost=solved.cost.total,
        bound=solved.bound,
        trips=solved.cost.trips,
        excess=solved.cost.excess,
        level=level,
        least=min(each, default=0),
        most=max(each, default=0),
        kept=len(problem.kept),
        solver=SOLVER,
    )


def faults(problem: Problem, made: Sequence[Visit]) -> Iterator[str]:
    """What is unlawful in a calendar, in English, for a programme's log: nothing, unless the program is wrong."""
    due = {one.target: one for one in problem.due}
    if sorted(visit.target for visit in made) != sorted(due):
        yield "not every target once"
        return
    placed: dict[tuple[int, tuple[tuple[str, str], ...]], list[date]] = {}
    loads, limits = problem.taken(), problem.limits()
    new: set[tuple[str, date]] = set()
    for visit in made:
        one, stands = due[visit.target], problem.stands(visit.target)
        if (visit.block, visit.team, visit.tasks) != (one.block, one.team, one.tasks):
            yield f"{visit.target}: another team"
        loads.update((person, visit.day) for person in one.persons)
        if stands is not None:
            if visit.day != stands:
                yield f"{visit.target}: not on its day"
            continue
        new.update((person, visit.day) for person in one.persons)
        placed.setdefault((visit.block, visit.team), []).append(visit.day)
        if visit.day not in problem.days:
            yield f"{visit.target}: on a day that is not allowed"
        yield from (
            f"{visit.target}: {person} on leave"
            for person in one.persons
            if problem.is_away(person, visit.day)
        )
    for person, day in sorted(new):
        if loads[person, day] > limits.get((person, day), problem.max_per_day):
            yield f"{person}: {loads[person, day]} visits on {day}"
    yield from (
        f"block {block}: not on end" for (block, _), own in placed.items() if not _on_end(problem, own)
    )


def _on_end(problem: Problem, own: Sequence[date]) -> bool:
    """Whether the days of a group are consecutive visit days, filled as they should be."""
    counts = Counter(own)
    positions = sorted(number for number, day in enumerate(problem.days) if day in counts)
    given = tuple(counts[problem.days[number]] for number in positions)
    consecutive = bool(positions) and positions == list(range(positions[0], positions[0] + len(positions)))
    return consecutive and given == shares(len(own), problem.max_per_day)


def check_standing(problem: Problem, names: Mapping[str, str], until: date = date.min) -> None:
    """Refuse appointments after `until` that cannot be kept: Shortage `schedule.appointed_leave`, `appointed_limit`.

    `names` are those of persons and targets by id.
    """
    loads, limits = problem.taken(), problem.limits()
    appointed = [one for one in problem.due if problem.appointed.get(one.target, until) > until]
    for one in sorted(appointed, key=lambda due: (problem.appointed[due.target], due.target)):
        day = problem.appointed[one.target]
        for person in one.persons:
            if problem.is_away(person, day):
                raise Shortage(
                    "schedule.appointed_leave",
                    target=names.get(one.target, one.target),
                    person=names.get(person, person),
                    day=day.isoformat(),
                )
            loads[person, day] += 1
            limit = limits.get((person, day), problem.max_per_day)
            if loads[person, day] > limit:
                raise Shortage(
                    "schedule.appointed_limit",
                    person=names.get(person, person),
                    day=day.isoformat(),
                    limit=limit,
                )


def shortage(
    problem: Problem, groups: Sequence[Sequence[Due]], given: Rota, left: Unplaced, names: Mapping[str, str]
) -> Shortage:
    """Who is short of days: a team without common days, a person with too many visits, or some together."""
    standing: Counter[str] = Counter()
    taken, limits = problem.taken(), problem.limits()
    for one in problem.due:
        day = problem.stands(one.target)
        if day is not None:
            taken.update((person, day) for person in one.persons)
        else:
            standing.update(one.persons)
    for group, job in zip(groups, given.jobs, strict=True):
        if not job.starts:
            return Shortage(
                "schedule.no_common_days",
                persons=Listing(names.get(one, one) for one in group[0].persons),
                visits=len(group),
                days=len(job.demand),
                block=group[0].block,
            )
    for person, count in sorted(standing.items(), key=lambda item: (-item[1], item[0])):
        free = [day for day in problem.days if not problem.is_away(person, day)]
        most = [limits.get((person, day), problem.max_per_day) for day in free]
        room = sum(max(0, limit - taken[person, day]) for limit, day in zip(most, free, strict=True))
        if count > room:
            return Shortage(
                "schedule.too_many",
                person=names.get(person, person),
                visits=count,
                days=len(free),
                room=room,
                limit=problem.max_per_day,
            )
    jobs = [groups[number] for number in left.jobs]
    persons = sorted({person for group in jobs for person in group[0].persons})
    return Shortage(
        "schedule.together" if left.settled else "schedule.unsettled",
        visits=sum(map(len, jobs)),
        persons=first_of([names.get(one, one) for one in persons], _NAMED),
        days=len(problem.days),
        limit=problem.max_per_day,
    )


def _numbers(values: Iterable[T]) -> dict[T, int]:
    """Different values, numbered in ascending order."""
    return {value: number for number, value in enumerate(sorted(set(values)))}
