"""执行核查: whether those drawn went, when, and what was entered, batch by batch, from what the office recorded itself.

Nothing here is proven by the draw: entries and calendars are the office's word. A finding is a question to put to
somebody, not a verdict.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Final

from shuangsuiji.audit.executed import (
    Alone,
    Attendance,
    Batch,
    Bulk,
    Crowded,
    Execution,
    Late,
    Limits,
    Moved,
    Overtaken,
    Person,
    Replaced,
    Silent,
    Turnover,
)
from shuangsuiji.followup.results import Entry, Standing
from shuangsuiji.followup.work import SETTLED

_MILLION: Final = 1_000_000
LEAST_PERSONS: Final = 2
"""At least two inspectors at every visit (行政处罚法, 国办发〔2015〕58号)."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A target's check on one day: all who were present, by any of its results."""

    batch: Batch
    target: str
    day: date
    persons: tuple[str, ...]
    results: tuple[Standing, ...]


def examine(
    batches: Sequence[Batch],
    *,
    limits: Limits,
    problem: Mapping[str, bool],
    checked: Mapping[str, bool],
    working_days: Callable[[date, datetime], int],
    civil_day: Callable[[datetime], date],
) -> Execution:
    """Compare what was drawn with what was done.

    `problem` and `checked` say of each category's code whether it is a problem, and whether a check took place;
    `working_days` counts those after a day up to the `civil_day` of an instant.
    """
    visits = [visit for batch in batches for visit in _visits(batch, checked)]
    done = {(visit.batch.plan, visit.target) for visit in visits}
    reviewed = [one for one in visits if all(at.state in SETTLED for at in one.results)]
    found = [one for one in reviewed if _problem(one, problem)]
    expected: dict[tuple[str, str], set[str]] = {}
    present: dict[tuple[str, str], set[str]] = {}
    for visit in visits:
        expected.setdefault((visit.batch.plan, visit.target), set()).update(_team(visit))
        present.setdefault((visit.batch.plan, visit.target), set()).update(visit.persons)
    late = (one for batch in batches for one in _late(batch, limits.late, working_days))
    silent, tried, by_chance = _silent(reviewed, problem, limits.least)
    return Execution(
        batches=tuple(batch.plan for batch in batches),
        due=sum(len(batch.districts) for batch in batches),
        done=len(done),
        declared=len({(visit.batch.plan, visit.target) for visit in visits if _declared(visit)}),
        places=sum(len(team) for team in expected.values()),
        kept=sum(person in present[key] for key, team in expected.items() for person in team),
        drawn_places=sum(len(batch.drawn) for batch in batches),
        replaced_places=sum(len(batch.decided) for batch in batches),
        reviewed=len(reviewed),
        problems=len(found),
        absent=tuple(_absent(visits, expected, present)),
        strangers=_attended(visits, lambda one, who: who not in _team(one)),
        overtaken=tuple(_overtaken(batches, visits)),
        alone=tuple(_alone(visits)),
        crowded=tuple(_crowded(visits, limits.a_day)),
        on_leave=_attended(visits, lambda one, who: _known(one, who, lambda person: one.day in person.away)),
        uncertified=_attended(
            visits,
            lambda one, who: _known(
                one, who, lambda person: not (person.expert or person.certified(one.day))
            ),
        ),
        scheduled=sum(visit.target in visit.batch.planned for visit in visits),
        moved=tuple(_moved(visits)),
        late=tuple(sorted(late, key=lambda one: (-one.days, one.plan, one.target))),
        bulk=tuple(one for batch in batches for one in _bulk(batch, limits.bulk, civil_day)),
        units=_turnover(batches, lambda person: (person.unit, person.unit, person.unit)),
        persons=_turnover(batches, lambda person: (person.id, person.name, person.unit)),
        silent=silent,
        tried=tried,
        by_chance=by_chance,
    )


def _visits(batch: Batch, checked: Mapping[str, bool]) -> Iterator[_Visit]:
    """The checks that took place, ascending by target and day."""

    def key(one: Standing) -> tuple[str, str]:
        return one.target, "" if one.entry is None else one.entry.day.isoformat()

    entered = [one for one in batch.standings if one.entry is not None and checked[one.entry.category]]
    for (target, day), group in groupby(sorted(entered, key=key), key=key):
        results = tuple(group)
        persons = sorted({who for one in results if one.entry is not None for who in one.entry.persons})
        yield _Visit(batch, target, date.fromisoformat(day), tuple(persons), results)


def _team(visit: _Visit) -> frozenset[str]:
    """Who was to be there on the visit's day, not who would be there now."""
    return visit.batch.cases[visit.target].nearest(visit.day, frozenset(visit.persons))


def _declared(visit: _Visit) -> bool:
    return all(one.entry is not None and one.entry.as_drawn for one in visit.results)


def _problem(visit: _Visit, problem: Mapping[str, bool]) -> bool:
    return any(one.entry is not None and problem[one.entry.category] for one in visit.results)


def _known(visit: _Visit, who: str, asked: Callable[[Person], bool]) -> bool:
    person = visit.batch.persons.get(who)
    return person is not None and asked(person)


def _attendance(visit: _Visit, who: str) -> Attendance:
    person = visit.batch.persons.get(who)
    name, unit = ("", "") if person is None else (person.name, person.unit)
    return Attendance(visit.batch.plan, visit.target, visit.day, who, name, unit)


def _attended(visits: Iterable[_Visit], asked: Callable[[_Visit, str], bool]) -> tuple[Attendance, ...]:
    return tuple(_attendance(one, who) for one in visits for who in one.persons if asked(one, who))


def _absent(
    visits: Iterable[_Visit],
    expected: Mapping[tuple[str, str], set[str]],
    present: Mapping[tuple[str, str], set[str]],
) -> Iterator[Attendance]:
    """Who was drawn and present on no day of the target's check, once for each target, under its last day."""
    last = {(visit.batch.plan, visit.target): visit for visit in visits}
    for key, visit in last.items():
        for who in sorted(expected[key] - present[key]):
            yield _attendance(visit, who)


def _overtaken(batches: Iterable[Batch], visits: Sequence[_Visit]) -> Iterator[Overtaken]:
    """Visits that had taken place when the record came that replaced one of their persons, or is still to come."""
    replaced: dict[tuple[str, str], list[Replaced]] = {}
    for batch in batches:
        for record in batch.replaced:
            replaced.setdefault((batch.plan, record.place[0]), []).append(record)
    for visit in visits:
        for one in replaced.get((visit.batch.plan, visit.target), ()):
            went = one.person in visit.persons
            if one.came is None or visit.day < one.came or (visit.day == one.came and went):
                about = _attendance(visit, one.person)
                yield Overtaken(
                    about.plan,
                    about.target,
                    about.day,
                    about.person,
                    about.name,
                    about.unit,
                    one.asked,
                    one.came,
                )


def _alone(visits: Iterable[_Visit]) -> Iterator[Alone]:
    for one in visits:
        if sum(_known(one, who, lambda person: not person.expert) for who in one.persons) < LEAST_PERSONS:
            yield Alone(one.batch.plan, one.target, one.day, one.persons)


def _crowded(visits: Iterable[_Visit], limit: int | None) -> Iterator[Crowded]:
    """Days of one person, over all batches, in several districts or with too many visits.

    Without a limit that of the day's batches, the highest if they differ: the calendar made last counted them all.
    """
    days: dict[tuple[str, date], list[_Visit]] = {}
    for visit in visits:
        for who in visit.persons:
            days.setdefault((who, visit.day), []).append(visit)
    for (who, day), own in sorted(days.items(), key=lambda item: item[0]):
        districts = sorted({visit.batch.districts.get(visit.target, "") for visit in own})
        if len(districts) > 1 or len(own) > (limit or max(visit.batch.a_day for visit in own)):
            about = _attendance(own[-1], who)
            places = tuple((visit.batch.plan, visit.target) for visit in own)
            yield Crowded(who, about.name, about.unit, day, places, tuple(districts))


def _moved(visits: Iterable[_Visit]) -> Iterator[Moved]:
    for one in visits:
        planned = one.batch.planned.get(one.target)
        if planned is not None and planned != one.day:
            yield Moved(one.batch.plan, one.target, planned, one.day)


def _late(batch: Batch, limit: int, working_days: Callable[[date, datetime], int]) -> Iterator[Late]:
    """Checks whose first result came too late, once for each target and day."""
    told: set[tuple[str, date]] = set()
    for entry in sorted(batch.first, key=lambda one: (one.target, one.day, one.id)):
        if (entry.target, entry.day) in told:
            continue
        told.add((entry.target, entry.day))
        days = working_days(entry.day, entry.time)
        if days > limit:
            yield Late(batch.plan, entry.target, entry.day, entry.time, days, entry.operator)


def _bulk(batch: Batch, limit: int, civil_day: Callable[[datetime], date]) -> Iterator[Bulk]:
    """By operator and day of entering: whether at one go or in many makes no difference."""
    entered: dict[tuple[date, str], list[Entry]] = {}
    for entry in batch.first:
        entered.setdefault((civil_day(entry.time), entry.operator), []).append(entry)
    for (_, operator), own in sorted(entered.items()):
        days = sorted({entry.day for entry in own})
        if len(days) > limit:
            visits = len({(entry.target, entry.day) for entry in own})
            begun, goes = min(entry.time for entry in own), len({entry.batch for entry in own})
            yield Bulk(batch.plan, operator, begun, goes, visits, len(days), days[0], days[-1])


def _turnover(
    batches: Iterable[Batch], named: Callable[[Person], tuple[str, str, str]]
) -> tuple[Turnover, ...]:
    """Of whom places were replaced, the highest rate first; those who gave up none are left out."""
    drawn: Counter[tuple[str, str, str]] = Counter()
    replaced: Counter[tuple[tuple[str, str, str], str]] = Counter()
    for batch in batches:
        drawn.update(named(batch.persons[person]) for person in batch.drawn.values())
        replaced.update((named(batch.persons[one.person]), one.kind) for one in batch.decided)
    made = [
        Turnover(*key, drawn[key], *(replaced[(key, kind)] for kind in ("unable", "recusal", "urgent")))
        for key in {key for key, _ in replaced}
    ]
    return tuple(sorted(made, key=lambda one: (-one.rate, one.key)))


def _silent(
    reviewed: Sequence[_Visit], problem: Mapping[str, bool], least: int
) -> tuple[tuple[Silent, ...], int, Fraction]:
    """Units without any problem in at least so many visits, the least likely first.

    With how many units have so many visits, and how many of them would find nothing by chance alone: of many offices
    some never find anything.
    """
    visits: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in reviewed:
        units = {one.batch.persons[who].unit for who in one.persons if who in one.batch.persons}
        visits.update(units)
        if _problem(one, problem):
            found.update(units)
    rate = Fraction(sum(_problem(one, problem) for one in reviewed), max(len(reviewed), 1))
    tried = sorted((unit for unit in visits if visits[unit] >= least), key=lambda unit: (-visits[unit], unit))
    chance = {unit: _rounded((1 - rate) ** visits[unit]) for unit in tried}
    silent = (Silent(one, visits[one], rate * visits[one], chance[one]) for one in tried if not found[one])
    return tuple(silent), len(tried), sum(chance.values(), Fraction())


def _rounded(chance: Fraction) -> Fraction:
    """To millionths: the exact power of a rate has thousands of digits."""
    return Fraction(round(chance * _MILLION), _MILLION)
