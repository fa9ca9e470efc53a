"""What a calendar of visits is made from: who is to be visited by whom, on which days, and whose day stands.

What an officer said of days holds in later calendars too, until something else is said of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from shuangsuiji.core.encoding import is_date
from shuangsuiji.core.seed import REHEARSAL
from shuangsuiji.core.standing import NOBODY
from shuangsuiji.errors import InputRefused, WrongState, first_of
from shuangsuiji.followup.schedule import Schedule, Visit
from shuangsuiji.followup.timetable import Due, Elsewhere, Problem
from shuangsuiji.followup.visit_days import visit_days
from shuangsuiji.followup.workdays import Workdays
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.chronicle import Chronicle, find_target
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.leaves import read_away
from shuangsuiji.quarter.results import read_entries, standing_entries
from shuangsuiji.store.queries import Reader

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an officer may add to the plan's rules: appointments as "code=day", days, another limit.

    `skip_days` are given up, and what was to be visited then goes to other days; `again`: so does every visit to come
    that nobody has an appointment for. Both need a `reason`.
    """

    appoint: Sequence[str] = ()
    add_days: Sequence[str] = ()
    skip_days: Sequence[str] = ()
    max_per_day: int | None = None
    again: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Posed:
    """排期问题 as it is put: with the visits that took place or are over (`over`), whose days stand in any case.

    Up to `until` days are over. `added` and `skipped` are the days that officers have added to the plan's, or given up.
    """

    problem: Problem
    over: Mapping[str, date]
    until: date
    added: tuple[date, ...]
    skipped: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Days:
    """Days to choose from, the last that is over, and those that officers added or gave up."""

    free: tuple[date, ...]
    until: date
    added: frozenset[date]
    skipped: frozenset[date]


def pose(
    reader: Reader,
    chronicle: Chronicle,
    before: Schedule | None,
    workdays: Workdays,
    wishes: Wishes,
    now: datetime,
    elsewhere: Iterable[Elsewhere] = (),
) -> Posed:
    """The visits as they stand after all records, and what plan, officer, roster and earlier calendar say of days.

    Of visits `elsewhere`, in other batches, those matter that share a person with one of these.

    Raises InputRefused `schedule.reason_needed`, `schedule.appointment`, `schedule.appointed_day`,
    `schedule.appointed_skipped`, `schedule.already_visited`, `schedule.added_day`, `schedule.no_visit_day`,
    `schedule.no_days`, those of `find_target`; WrongState `schedule.unmanned`, `schedule.vacant`, `schedule.none`
    where there is none to make again.
    """
    if (wishes.again or wishes.skip_days) and not wishes.reason.strip():
        raise InputRefused("schedule.reason_needed")
    if wishes.again and before is None:
        raise WrongState("schedule.none", plan=chronicle.draw.plan_id)
    rules = read_texts(reader, chronicle.draw).visits
    due = _due(chronicle)
    days = _days(reader, chronicle, before, workdays, wishes, now)
    visited = _visited(reader, chronicle)
    appointed = _appointed(chronicle, before, rules.appointed, wishes.appoint, visited)
    _check_appointed(chronicle, appointed, days.skipped, workdays, visited)
    plan = chronicle.grounds.frozen.plan
    window = (date.fromisoformat(plan.window_from), date.fromisoformat(plan.window_to))
    away = read_away(reader, [*workdays.between(*window)])
    limit = wishes.max_per_day or (rules.max_per_day if before is None else before.max_per_day)
    persons = {person for one in due for person in one.persons}
    shared = tuple(
        sorted(
            (one for one in elsewhere if persons & {*one.visit.persons}),
            key=lambda one: (one.visit.day, one.visit.target, one.visit.team, one.limit),
        )
    )
    problem = Problem(due, days.free, limit, away, appointed, {}, shared)
    over, ahead = _standing(problem, before, days, visited)
    kept = over if wishes.again else over | _kept(problem, ahead)
    added, skipped = tuple(sorted(days.added)), tuple(sorted(days.skipped))
    return Posed(replace(problem, kept=kept), over, days.until, added, skipped)


def _days(
    reader: Reader,
    chronicle: Chronicle,
    before: Schedule | None,
    workdays: Workdays,
    wishes: Wishes,
    now: datetime,
) -> _Days:
    draw, plan = chronicle.draw, chronicle.grounds.frozen.plan
    rules = read_texts(reader, draw).visits
    window = (date.fromisoformat(plan.window_from), date.fromisoformat(plan.window_to))
    more, fewer = (frozenset(map(_day, days)) for days in (wishes.add_days, wishes.skip_days))
    added = (frozenset(() if before is None else before.added) - fewer) | more
    possible = visit_days(rules, window, workdays, added | fewer)
    known = {*possible, *(() if before is None else (visit.day for visit in before.visits))}
    for code, wrong in (("schedule.added_day", more - {*possible}), ("schedule.no_visit_day", fewer - known)):
        for day in sorted(wrong):
            raise InputRefused(code, day=day.isoformat(), first=plan.window_from, last=plan.window_to)
    skipped = (frozenset(() if before is None else before.skipped) - more) | fewer
    allowed = tuple(day for day in possible if day not in skipped)
    until = civil_day(now)
    if draw.mode == REHEARSAL and not any(day > until for day in allowed):
        until = (
            date.min
        )  # A rehearsal may be of a window that is over: its days are taken as if they lay ahead.
    free = tuple(day for day in allowed if day > until)
    if not free:
        raise InputRefused("schedule.no_days", first=plan.window_from, last=plan.window_to)
    return _Days(free, until, added, skipped)


def _visited(reader: Reader, chronicle: Chronicle) -> dict[str, date]:
    """The targets whose results were entered, with the day of their check."""
    found: dict[str, date] = {}
    for entry in standing_entries(read_entries(reader, chronicle.draw)).values():
        if entry.target in chronicle.state.targets:
            found[entry.target] = min(found.get(entry.target, entry.day), entry.day)
    return found


def _due(chronicle: Chronicle) -> tuple[Due, ...]:
    """The visits of all targets. WrongState `schedule.unmanned`, `schedule.vacant`."""
    state, blocks = chronicle.state, chronicle.grounds.blocks
    if not chronicle.grounds.manned:
        raise WrongState("schedule.unmanned", plan=chronicle.draw.plan_id)
    extra = {slot.id for slot in chronicle.grounds.frozen.plan.slots if slot.extra}
    due, vacant = [], []
    for target, standing in sorted(state.targets.items()):
        block = blocks[standing.block]
        team = [(slot, standing.team[slot]) for slot in block.slots]
        if any(person == NOBODY and slot not in extra for slot, person in team):
            vacant.append(standing.target.entity.name or target)
        manned = tuple((slot, person) for slot, person in team if person != NOBODY)
        due.append(Due(target, standing.block, block.district, standing.target.tasks, manned))
    if vacant:
        raise WrongState("schedule.vacant", targets=first_of(vacant, _NAMED), count=len(vacant))
    return tuple(due)


def _appointed(
    chronicle: Chronicle,
    before: Schedule | None,
    planned: Sequence[tuple[str, str]],
    wished: Sequence[str],
    visited: Mapping[str, date],
) -> dict[str, date]:
    """The appointments of targets: the officer's before those of an earlier calendar before the plan's."""
    targets = chronicle.state.targets
    found = {target: date.fromisoformat(day) for target, day in planned if target in targets}
    if before is not None:
        found |= {one.target: one.day for one in before.visits if one.appointed and one.target in targets}
    for text in wished:
        target, sign, day = text.rpartition("=")
        if not sign:
            raise InputRefused("schedule.appointment", value=text)
        code = find_target(chronicle.state, target).id
        if code in visited:
            raise InputRefused("schedule.already_visited", target=target, day=visited[code].isoformat())
        found[code] = _day(day)
    return found


def _check_appointed(
    chronicle: Chronicle,
    appointed: Mapping[str, date],
    skipped: frozenset[date],
    workdays: Workdays,
    visited: Mapping[str, date],
) -> None:
    """Refuse an appointment on a day that is none for visits; of a visit that took place nothing is asked any more."""
    plan = chronicle.grounds.frozen.plan
    for target, day in appointed.items():
        if target in visited:
            continue
        inside = plan.window_from <= day.isoformat() <= plan.window_to
        if not (inside and workdays.is_working(day)):
            raise InputRefused(
                "schedule.appointed_day",
                target=target,
                day=day.isoformat(),
                first=plan.window_from,
                last=plan.window_to,
            )
        if day in skipped:
            raise InputRefused("schedule.appointed_skipped", target=target, day=day.isoformat())


def _day(text: str) -> date:
    if not is_date(text.strip()):
        raise InputRefused("schedule.appointment", value=text)
    return date.fromisoformat(text.strip())


def _standing(
    problem: Problem, before: Schedule | None, days: _Days, visited: Mapping[str, date]
) -> tuple[dict[str, date], dict[str, date]]:
    """The days of visits that took place or are over, and the days to come that an earlier calendar gave.

    A visit that took place keeps the day for which it was planned, whatever became of its team; where none was, its
    own. Nothing else stands whose team is another now, nor on a day that was given up.
    """
    due = {one.target: one for one in problem.due}
    earlier = {} if before is None else {one.target: one for one in before.visits if one.target in due}
    over = {target: day for target, day in visited.items() if target not in problem.appointed}
    ahead: dict[str, date] = {}
    for target, visit in earlier.items():
        if target in problem.appointed:
            continue
        if target in visited:
            over[target] = visit.day
        elif visit.day not in days.skipped and _same_team(visit, due[target]):
            (over if visit.day <= days.until else ahead)[target] = visit.day
    return over, ahead


def _same_team(visit: Visit, due: Due) -> bool:
    return (visit.block, visit.team) == (due.block, due.team)


def _kept(problem: Problem, ahead: Mapping[str, date]) -> dict[str, date]:
    """The days to come that can stay: still visit days, with nobody on leave and nobody with too many visits."""
    due = {one.target: one for one in problem.due}
    crowded = _crowded(problem, due, ahead)
    return {
        target: day
        for target, day in ahead.items()
        if day in problem.days
        and not any(
            problem.is_away(person, day) or (person, day) in crowded for person in due[target].persons
        )
    }


def _crowded(problem: Problem, due: Mapping[str, Due], ahead: Mapping[str, date]) -> set[tuple[str, date]]:
    """On which days somebody would have too many visits: with appointments, other batches, or a lower limit."""
    loads, limits = problem.taken(), problem.limits()
    for target, day in (*ahead.items(), *problem.appointed.items()):
        loads.update((person, day) for person in due[target].persons)
    return {one for one, count in loads.items() if count > limits.get(one, problem.max_per_day)}
