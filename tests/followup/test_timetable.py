"""Every calendar is lawful, and the same for the same problem, in whatever order it is told; nobody is left out."""

import hmac
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.errors import Shortage
from shuangsuiji.followup import timetable
from shuangsuiji.followup.schedule import Figures, Schedule, Visit, parse_schedule
from shuangsuiji.followup.timetable import Due, Elsewhere, Problem, Salted
from shuangsuiji.solvers import calendars, rota
from shuangsuiji.solvers.calendars import Solved, Unplaced

MONDAY = date(2021, 3, 1)
PEOPLE = ("P1", "P2", "P3", "P4", "P5")


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def salt_of(key: bytes) -> Salted:
    return lambda *texts: hmac.digest(key, "\x1f".join(texts).encode(), "sha256")


def solved(problem: Problem, key: bytes = b"key") -> Solved | Unplaced:
    groups = problem.groups(salt_of(key))
    given = timetable.rota(problem, groups)

    def rank(job: int, at: int) -> bytes:
        return salt_of(key)("job", groups[job][0].target, str(at))

    return calendars.solve(given, rank)


def calendar(problem: Problem, key: bytes = b"key") -> tuple[Visit, ...] | None:
    found = solved(problem, key)
    if isinstance(found, Unplaced):
        return None
    return timetable.visits(problem, problem.groups(salt_of(key)), found.starts)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Blocks of one to five visits of two persons each, a week or two with gaps, leave, appointments, other batches."""
    numbers = draw(st.sets(st.integers(0, 13), min_size=2, max_size=8))
    days = tuple(map(day, sorted(numbers)))
    due: list[Due] = []
    for block in range(draw(st.integers(1, 5))):
        held = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True))
        district = draw(st.sampled_from(("东镇", "西乡", "")))
        slots = tuple(zip(("lead", "member"), held, strict=True))
        for _ in range(draw(st.integers(1, 5))):
            due.append(Due(f"E{len(due):02}", block, district, ("task",), slots))
    away = {
        person: frozenset(map(day, draw(st.sets(st.integers(0, 13), max_size=3))))
        for person in draw(st.sets(st.sampled_from(PEOPLE), max_size=2))
    }
    limit = draw(st.integers(1, 4))
    problem = Problem(tuple(due), days, limit, away, {}, {})
    appointed = {}
    if draw(st.booleans()):
        one = draw(st.sampled_from(due))
        on = day(draw(st.integers(0, 13)))
        if not any(problem.is_away(person, on) for person in one.persons):
            appointed[one.target] = on
    elsewhere = tuple(
        Elsewhere(
            Visit(
                f"F{number}", 1, draw(st.sampled_from(("东镇", "西乡"))), ("other",), team("P9", one), day(on)
            ),
            draw(st.sampled_from((1, 1, 2, 4))),
        )
        for number, (one, on) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from((*numbers, 13))), max_size=9))
        )
    )
    return replace(problem, appointed=appointed, elsewhere=elsewhere)


def brute(problem: Problem) -> bool:
    """Whether there is a calendar at all, by trying every day of every group."""
    groups = problem.groups(salt_of(b"key"))
    given = timetable.rota(problem, groups)
    return any(
        next(timetable.faults(problem, timetable.visits(problem, groups, starts)), None) is None
        for starts in product(*(job.starts for job in given.jobs))
    )


@settings(max_examples=60, deadline=None)
@given(problems())
def test_every_calendar_is_lawful_and_there_is_one_whenever_there_can_be(problem: Problem) -> None:
    made = calendar(problem)
    if made is None:
        assert not brute(problem)
        return
    assert list(timetable.faults(problem, made)) == []
    new = {(person, one.day) for one in made if not one.appointed for person in one.persons}
    foreign = [one.visit for one in problem.elsewhere]
    loads = Counter((person, one.day) for one in (*made, *foreign) for person in one.persons)
    assert all(loads[one] <= problem.max_per_day for one in new)
    # Nor more than any other batch allows in which the person has a visit that day.
    for one in problem.elsewhere:
        places = {(person, one.visit.day) for person in one.visit.persons}
        assert all(loads[place] <= one.limit for place in places & new)
    assert {visit.target: visit.day for visit in made if visit.appointed} == dict(problem.appointed)


@settings(max_examples=20, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_the_same_comes_again(
    problem: Problem, chance: random.Random
) -> None:
    rows = list(problem.due)
    chance.shuffle(rows)
    assert calendar(replace(problem, due=tuple(rows))) == calendar(problem) == calendar(problem)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_cost_is_what_it_is_said_to_be_and_not_below_the_bound(problem: Problem) -> None:
    found = solved(problem)
    if isinstance(found, Unplaced):
        return
    given = timetable.rota(problem, problem.groups(salt_of(b"key")))
    made = timetable.visits(problem, problem.groups(salt_of(b"key")), found.starts)
    assert found.cost == rota.cost(given, found.starts)
    assert found.cost.total >= found.bound >= rota.bound(given)
    persons = {person for one in problem.due for person in one.persons}
    others = (
        replace(visit, team=tuple(held for held in visit.team if held[1] in persons))
        for visit in (one.visit for one in problem.elsewhere)
    )
    assert found.cost.trips == trips(problem, [*made, *others])
    loads = Counter(visit.day for visit in made)
    assert found.cost.excess == sum(max(0, loads[one] - given.level) for one in problem.days)


def trips(problem: Problem, made: Sequence[Visit]) -> int:
    """Counted anew: the first days of runs of visit days of a person in a district."""
    there = {(person, visit.district, visit.day) for visit in made for person in visit.persons}
    place = {one: number for number, one in enumerate(problem.days)}
    before = {one: problem.days[number - 1] if number else None for one, number in place.items()}
    return sum(on in place and (person, district, before[on]) not in there for person, district, on in there)


@settings(max_examples=12, deadline=None)
@given(problems())
def test_small_problems_are_solved_to_the_best(problem: Problem) -> None:
    groups = problem.groups(salt_of(b"key"))
    given = timetable.rota(problem, groups)
    found = solved(problem)
    choices = 1
    for job in given.jobs:
        choices *= max(1, len(job.starts))
    if isinstance(found, Unplaced) or choices > 3000:
        return
    lawful = (
        starts
        for starts in product(*(job.starts for job in given.jobs))
        if next(timetable.faults(problem, timetable.visits(problem, groups, starts)), None) is None
    )
    assert found.cost.total == found.bound == min(rota.cost(given, starts).total for starts in lawful)


def test_which_day_a_business_gets_only_the_key_tells() -> None:
    """Over many keys every visit day comes to a given target, about as often as any other."""
    due = tuple(
        Due(f"E{n}", n, "东镇", ("task",), (("lead", f"P{n}"), ("member", f"Q{n}"))) for n in range(6)
    )
    problem = Problem(due, tuple(map(day, range(6))), 4, {}, {}, {})
    seen: Counter[date] = Counter()
    for number in range(300):
        made = calendar(problem, number.to_bytes(4, "big"))
        assert made is not None
        seen[next(visit.day for visit in made if visit.target == "E0")] += 1
    assert set(seen) == set(problem.days)
    assert max(seen.values()) < 2 * min(seen.values())


def test_a_day_of_another_batch_with_a_smaller_limit_has_only_so_much_room() -> None:
    one = Due("E1", 1, "东镇", ("task",), team("P1", "P2"))
    away = {"P2": frozenset({day(1)})}
    problem = Problem((one,), (day(0), day(1), day(2)), 4, away, {}, {})
    beside = Visit("F1", 1, "东镇", ("other",), team("P9", "P1"), day(0))

    def chosen(limit: int) -> date:
        made = calendar(replace(problem, elsewhere=(Elsewhere(beside, limit),)))
        assert made is not None
        return made[0].day

    # The day of the other visit is the better one, where P1 is in the district anyhow.
    assert [chosen(limit) for limit in (4, 2, 1)] == [day(0), day(0), day(2)]
    strict = replace(problem, elsewhere=(Elsewhere(beside, 1), Elsewhere(replace(beside, target="F2"), 3)))
    full = refused(replace(strict, days=(day(0),)))
    assert (full.code, full.params["room"]) == ("schedule.too_many", 0)
    with pytest.raises(Shortage) as appointed:
        timetable.check_standing(replace(strict, appointed={"E1": day(0)}), {})
    assert (appointed.value.code, appointed.value.params["limit"]) == ("schedule.appointed_limit", 1)


def team(*persons: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"slot{number}", person) for number, person in enumerate(persons))


def refused(problem: Problem) -> Shortage:
    names = {person: f"{person}号" for person in PEOPLE}
    groups = problem.groups(salt_of(b"key"))
    given = timetable.rota(problem, groups)
    found = solved(problem)
    assert isinstance(found, Unplaced)
    assert found.settled
    return timetable.shortage(problem, groups, given, found, names)


def test_a_team_without_days_on_end_is_named() -> None:
    due = tuple(Due(f"E{n}", 1, "东镇", ("task",), team("P1", "P2")) for n in range(3))
    away = {"P2": frozenset({day(1)})}
    why = refused(Problem(due, (day(0), day(1), day(2)), 2, away, {}, {}))
    assert why.code == "schedule.no_common_days"
    assert (why.params["persons"], why.params["days"], why.params["visits"]) == ("P1号、P2号", 2, 3)


def test_a_person_with_too_many_visits_is_named_with_the_room_there_is() -> None:
    due = tuple(Due(f"E{n}", n, "东镇", ("task",), team("P1", PEOPLE[1 + n % 4])) for n in range(7))
    why = refused(Problem(due, (day(0), day(1)), 3, {}, {}, {}))
    assert why.code == "schedule.too_many"
    assert (why.params["person"], why.params["visits"], why.params["room"]) == ("P1号", 7, 6)


def test_those_who_are_short_together_are_named() -> None:
    """Each has enough days for his own visits, but the three teams of three persons need three days of two."""
    pairs = (("P1", "P2"), ("P2", "P3"), ("P1", "P3"))
    due = tuple(Due(f"E{n}", n, "东镇", ("task",), team(*pair)) for n, pair in enumerate(pairs))
    why = refused(Problem(due, (day(0), day(1)), 1, {}, {}, {}))
    assert why.code == "schedule.together"
    assert why.params["visits"] == 1


@pytest.mark.parametrize("on_leave", [True, False])
def test_an_appointment_that_cannot_be_kept_is_refused_with_the_day(on_leave: bool) -> None:
    due = tuple(Due(f"E{n}", n, "东镇", ("task",), team("P1", "P2")) for n in range(2))
    away = {"P1": frozenset({day(0)})} if on_leave else {}
    problem = Problem(due, (day(0), day(1)), 1, away, {"E0": day(0), "E1": day(0)}, {})
    with pytest.raises(Shortage) as caught:
        timetable.check_standing(problem, {})
    assert caught.value.code == ("schedule.appointed_leave" if on_leave else "schedule.appointed_limit")
    assert caught.value.params["day"] == "2021-03-01"
    assert caught.value.params["person"] == "P1"


@settings(max_examples=30, deadline=None)
@given(problems())
def test_a_calendar_survives_the_way_through_its_file(problem: Problem) -> None:
    made = calendar(problem) or ()
    schedule = Schedule(3, problem.days, problem.max_per_day, made, Figures(1, 2, 3, 4, 5, 6, 7, 8, "solver"))
    assert parse_schedule(schedule.object()) == schedule


@settings(max_examples=30, deadline=None)
@given(problems(), st.sampled_from(PEOPLE))
def test_after_a_replacement_the_other_days_can_stay(problem: Problem, gone: str) -> None:
    """With the days of all visits that the gone person was not in: lawful again, and they stay as they were."""
    before = calendar(problem)
    if before is None:
        return
    due = tuple(
        replace(one, team=tuple((slot, "P6" if person == gone else person) for slot, person in one.team))
        for one in problem.due
    )
    kept = {visit.target: visit.day for visit in before if gone not in visit.persons and not visit.appointed}
    after = replace(problem, due=due, kept=kept)
    made = calendar(after)
    assert made is not None  # the new person was free on all the days of the one who is gone
    assert list(timetable.faults(after, made)) == []
    assert {visit.target: visit.day for visit in made if visit.target in kept} == kept
