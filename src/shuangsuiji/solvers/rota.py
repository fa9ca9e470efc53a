"""A calendar as integers (排期问题): jobs, what stands already, and what a calendar costs.

A job is a run of consecutive visit days of one team in one place. What costs is a trip (a run of visit days of one
person in one place), a further place of a person on one day, and a visit above a level on a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise


@dataclass(frozen=True, slots=True)
class Job:
    """Persons who are together in a place on consecutive days, with so many visits on each; where it may begin."""

    members: tuple[int, ...]
    place: int
    demand: tuple[int, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A visit whose day stands; `foreign` ones are not of this calendar, and weigh on persons alone, not on the day."""

    members: tuple[int, ...]
    place: int
    day: int
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Rota:
    """So many visit days; nobody makes more than `limit` visits on one; above `level` visits in all a day costs.

    `withheld` are a person, a day, and so many visits fewer than the limit that he may make on it.
    """

    days: int
    limit: int
    level: int
    jobs: tuple[Job, ...]
    fixed: tuple[Fixed, ...] = ()
    withheld: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a calendar costs, by part."""

    trips: int
    clashes: int
    excess: int

    @property
    def total(self) -> int:
        """All parts alike."""
        return self.trips + self.clashes + self.excess


@dataclass(slots=True)
class State:
    """Who is where on which day; jobs are put in and taken out."""

    rota: Rota
    used: dict[int, list[int]] = field(default_factory=dict)
    there: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    places: dict[int, list[int]] = field(default_factory=dict)
    load: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.load = [0] * self.rota.days
        for one in self.rota.fixed:
            self._put(one.members, one.place, one.day, 1, 1)
            self.load[one.day] += not one.foreign
        for person, day, visits in self.rota.withheld:
            self.used.setdefault(person, [0] * self.rota.days)[day] += visits

    def put(self, number: int, start: int, sign: int = 1) -> None:
        """A job in (or, with -1, out) at its first day."""
        job = self.rota.jobs[number]
        for offset, visits in enumerate(job.demand):
            self._put(job.members, job.place, start + offset, visits, sign)
            self.load[start + offset] += sign * visits

    def room(self, job: Job, start: int) -> bool:
        """Whether nobody would have more visits than the limit."""
        limit = self.rota.limit
        for one in job.members:
            own = self.used.get(one)
            if own is not None and any(
                own[start + offset] + visits > limit for offset, visits in enumerate(job.demand)
            ):
                return False
        return True

    def price(self, job: Job, start: int) -> int:
        """What it costs to put a job in."""
        end = start + len(job.demand)
        price = 0
        for day, visits in zip(range(start, end), job.demand, strict=True):
            over = self.load[day] - self.rota.level
            price += max(0, over + visits) - max(0, over)
        return price + sum(self.person_price(one, job, start) for one in job.members)

    def person_price(self, one: int, job: Job, start: int) -> int:
        """What it costs of one member's trips and places."""
        end = start + len(job.demand)
        here, elsewhere = self.there.get((one, job.place)), self.places.get(one)
        price = 1 if here is None else 1 - runs(here[max(0, start - 1) : end + 1])
        if elsewhere is not None:
            price += sum(elsewhere[day] > 0 and not (here and here[day]) for day in range(start, end))
        return price

    def cost(self) -> Cost:
        """What all costs that is in."""
        trips = sum(map(runs, self.there.values()))
        clashes = sum(max(0, count - 1) for own in self.places.values() for count in own)
        return Cost(trips, clashes, sum(max(0, one - self.rota.level) for one in self.load))

    def _put(self, members: Sequence[int], place: int, day: int, visits: int, sign: int) -> None:
        days = self.rota.days
        for one in members:
            self.used.setdefault(one, [0] * days)[day] += sign * visits
            here = self.there.setdefault((one, place), [0] * days)
            before = here[day]
            here[day] += sign
            if (before > 0) != (here[day] > 0):
                self.places.setdefault(one, [0] * days)[day] += sign


def bound(rota: Rota) -> int:
    """Every person comes at least once to each of his places."""
    places = chain(
        ((job.members, job.place) for job in rota.jobs), ((one.members, one.place) for one in rota.fixed)
    )
    return len({(person, place) for members, place in places for person in members})


def cost(rota: Rota, starts: Sequence[int]) -> Cost:
    """What a calendar costs."""
    return filled(rota, starts).cost()


def filled(rota: Rota, starts: Sequence[int]) -> State:
    """Everything in its place: job by job, the first days."""
    state = State(rota)
    for number, day in enumerate(starts):
        state.put(number, day)
    return state


def runs(here: Sequence[int]) -> int:
    """How many runs of days these are, on which something is."""
    return sum(now > 0 and before == 0 for before, now in pairwise((0, *here)))
