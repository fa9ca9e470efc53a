"""`schedule make` (检查安排): dates for the visits of a matched draw, anew after replacements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.core.encoding import canonical_json, is_date
from shuangsuiji.core.hashing import salt
from shuangsuiji.core.seed import REHEARSAL
from shuangsuiji.core.standing import NOBODY
from shuangsuiji.errors import InputRefused, Shortage, WrongState, first_of
from shuangsuiji.followup import timetable
from shuangsuiji.followup.schedule import Schedule, parse_schedule
from shuangsuiji.followup.timetable import Due, Problem
from shuangsuiji.followup.visit_days import visit_days
from shuangsuiji.followup.workdays import Workdays, read_workdays
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.chronicle import Chronicle, find_target, read_chronicle, recorded_draw
from shuangsuiji.quarter.dossier import read_texts
from shuangsuiji.quarter.leaves import read_away
from shuangsuiji.solvers import calendars
from shuangsuiji.solvers.calendars import Tell, Unplaced
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

_PREFIX: Final = "schedule-"
"""What the names of a draw's files with its calendars begin with; the number and `.json` follow."""
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an officer may add to the plan's rules: appointments as "code=day", days, another limit."""

    appoint: Sequence[str] = ()
    add_days: Sequence[str] = ()
    max_per_day: int | None = None


NO_WISHES: Final = Wishes()


@dataclass(frozen=True, slots=True)
class MadeResult:
    """A calendar: its number among those of the draw, what it holds, how good it is.

    `visits` in all, `appointed` and `kept` of them with a day that stood before; `persons` who visit; the `first` and
    `last` day of a visit; `days` it could choose from; visits of a day at `least` and `most`; the rest as in `Figures`.
    """

    plan: str
    mode: str
    draw: int
    number: int
    visits: int
    appointed: int
    kept: int
    persons: int
    first: str
    last: str
    days: int
    max_per_day: int
    least: int
    most: int
    trips: int
    cost: int
    bound: int
    solver: str


def schedule_count(draw: DrawRow) -> int:
    """How many calendars a draw has had."""
    return sum(name.startswith(_PREFIX) for name in draw.files)


def read_schedule(reader: Reader, draw: DrawRow, number: int = 0) -> Schedule | None:
    """A draw's calendar of that number, without one the latest; None if there is none yet."""
    wanted = number or schedule_count(draw)
    name = _file_name(wanted)
    return parse_schedule(members.read_json(name, reader.file(draw, name))) if name in draw.files else None


def make(
    store: Store,
    wishes: Wishes = NO_WISHES,
    *,
    plan_id: str | None = None,
    config: Path | None = None,
    operator: str,
    now: datetime,
    tell: Tell = calendars.silent,
) -> MadeResult:
    """Give every target of a matched draw a day, in a calendar with the next number.

    The day of a visit that nothing changed stays, as far as all rules can still be kept. The solver works between the
    reading and the transaction, which goes on only if the draw is still as it was read. Raises WrongState as
    `recorded_draw`, `schedule.unmanned`, `schedule.vacant`, `schedule.changed_meanwhile`; InputRefused
    `schedule.appointment`, `schedule.appointed_day`, `schedule.no_days`, those of `read_workdays` and `find_target`;
    Shortage as `check_standing` and `shortage`.
    """
    workdays = read_workdays(workspace=store.layout.root, override=config)
    with store.read() as reader:
        reader.check_operator(operator)
        draw = recorded_draw(reader, plan_id)
        chronicle = read_chronicle(reader, draw)
        before = read_schedule(reader, draw)
        problem = _problem(reader, chronicle, before, workdays, wishes, now)
        names = _names(chronicle)
        salted = _salted(reader, draw)
    timetable.check_standing(problem, names)
    made = _solve(problem, salted, names, tell)
    schedule = replace(made, number=schedule_count(draw) + 1)
    data = canonical_json(schedule.object())
    with store.begin(operator, "schedule", now) as transaction:
        if transaction.draw(draw.mode, draw.number) != draw:
            raise WrongState("schedule.changed_meanwhile", plan=draw.plan_id)
        transaction.put_files(draw, {_file_name(schedule.number): data})
        transaction.details(
            draw=draw.number,
            mode=draw.mode,
            plan=draw.plan_id,
            number=schedule.number,
            visits=len(schedule.visits),
            sha256=sha256(data).hexdigest(),
        )
    return _result(draw, schedule)


def _result(draw: DrawRow, schedule: Schedule) -> MadeResult:
    own = schedule.figures
    return MadeResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        number=schedule.number,
        visits=len(schedule.visits),
        appointed=sum(visit.appointed for visit in schedule.visits),
        kept=own.kept,
        persons=len({person for visit in schedule.visits for person in visit.persons}),
        first=min(visit.day for visit in schedule.visits).isoformat(),
        last=max(visit.day for visit in schedule.visits).isoformat(),
        days=len(schedule.days),
        max_per_day=schedule.max_per_day,
        least=own.least,
        most=own.most,
        trips=own.trips,
        cost=own.cost,
        bound=own.bound,
        solver=own.solver,
    )


def _file_name(number: int) -> str:
    return f"{_PREFIX}{number}.json"


def _problem(
    reader: Reader,
    chronicle: Chronicle,
    before: Schedule | None,
    workdays: Workdays,
    wishes: Wishes,
    now: datetime,
) -> Problem:
    """The visits as they stand after all records, and what the plan, the officer and the roster say of days."""
    draw, plan = chronicle.draw, chronicle.grounds.frozen.plan
    rules = read_texts(reader, draw).visits
    window = (date.fromisoformat(plan.window_from), date.fromisoformat(plan.window_to))
    allowed = visit_days(rules, window, workdays, {_day(one) for one in wishes.add_days})
    today = civil_day(now)
    to_come = tuple(day for day in allowed if day > today)
    # A rehearsal may be of a window that is over; then its days are taken as if they lay ahead.
    days = allowed if draw.mode == REHEARSAL and not to_come else to_come
    if not days:
        raise InputRefused("schedule.no_days", first=plan.window_from, last=plan.window_to)
    due = _due(chronicle)
    limit = wishes.max_per_day or rules.max_per_day
    away = read_away(reader, [*workdays.between(*window)])
    appointed = _appointed(chronicle, before, rules.appointed, wishes.appoint)
    for target, day in appointed.items():
        if not (window[0] <= day <= window[1] and workdays.is_working(day)):
            raise InputRefused(
                "schedule.appointed_day",
                target=target,
                day=day.isoformat(),
                first=plan.window_from,
                last=plan.window_to,
            )
    problem = Problem(due, days, limit, away, appointed, {})
    return replace(problem, kept=_kept(problem, before))


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
        found[find_target(chronicle.state, target).id] = _day(day)
    return found


def _day(text: str) -> date:
    if not is_date(text.strip()):
        raise InputRefused("schedule.appointment", value=text)
    return date.fromisoformat(text.strip())


def _kept(problem: Problem, before: Schedule | None) -> dict[str, date]:
    """The days of an earlier calendar that can stay: of visits that are over, or that nothing has changed."""
    if before is None:
        return {}
    due = {one.target: one for one in problem.due}
    same = {
        visit.target: visit.day
        for visit in before.visits
        if visit.target in due
        and visit.target not in problem.appointed
        and (visit.block, visit.team) == (due[visit.target].block, due[visit.target].team)
    }
    ahead = {target: day for target, day in same.items() if day >= problem.days[0]}
    crowded = _crowded(problem, due, ahead)
    return {
        target: day
        for target, day in same.items()
        if target not in ahead
        or (
            day in problem.days
            and not any(
                problem.is_away(person, day) or (person, day) in crowded for person in due[target].persons
            )
        )
    }


def _crowded(problem: Problem, due: Mapping[str, Due], ahead: Mapping[str, date]) -> set[tuple[str, date]]:
    """On which days somebody would have too many visits: with appointments, or since the limit is lower."""
    loads: Counter[tuple[str, date]] = Counter()
    for target, day in (*ahead.items(), *problem.appointed.items()):
        loads.update((person, day) for person in due[target].persons)
    return {one for one, count in loads.items() if count > problem.max_per_day}


@dataclass(frozen=True, slots=True)
class _Short:
    """No calendar: who has visits without a day, and what is to be said of it."""

    persons: frozenset[str]
    why: Shortage


def _solve(problem: Problem, salted: timetable.Salted, names: Mapping[str, str], tell: Tell) -> Schedule:
    """The calendar of a problem. Where days that were kept leave no room, those nearby are given up, then all."""
    found = _attempt(problem, salted, names, tell)
    if isinstance(found, _Short):
        found = _attempt(replace(problem, kept=_away_from(problem, found.persons)), salted, names, tell)
    if isinstance(found, _Short):
        found = _attempt(replace(problem, kept=_over(problem)), salted, names, tell)
    if isinstance(found, _Short):
        raise found.why
    return found


def _attempt(
    problem: Problem, salted: timetable.Salted, names: Mapping[str, str], tell: Tell
) -> Schedule | _Short:
    groups = problem.groups(salted)
    given = timetable.rota(problem, groups)

    def rank(job: int, day: int) -> bytes:
        return salted("job", groups[job][0].target, problem.days[day].isoformat() if day >= 0 else "")

    solved = calendars.solve(given, rank, tell)
    if isinstance(solved, Unplaced):
        persons = frozenset(person for number in solved.jobs for person in groups[number][0].persons)
        return _Short(persons, timetable.shortage(problem, groups, given, solved, names))
    made = timetable.visits(problem, groups, solved.starts)
    wrong = next(timetable.faults(problem, made), None)
    if wrong is not None:
        raise AssertionError(wrong)
    figures = timetable.figures(problem, made, solved, given.level)
    return Schedule(0, problem.days, problem.max_per_day, made, figures)


def _over(problem: Problem) -> dict[str, date]:
    """The kept visits that are over."""
    return {target: day for target, day in problem.kept.items() if day < problem.days[0]}


def _away_from(problem: Problem, persons: frozenset[str]) -> dict[str, date]:
    """The kept visits without those to come of certain persons."""
    with_them = {one.target for one in problem.due if persons & set(one.persons)}
    over = _over(problem)
    return {target: day for target, day in problem.kept.items() if target in over or target not in with_them}


def _names(chronicle: Chronicle) -> dict[str, str]:
    """Names of persons and targets by id, as messages have them."""
    frozen = chronicle.grounds.frozen
    found = {one.id: f"{one.name}({one.unit})" for one in frozen.pool.inspectors}
    targets = (standing.target.entity for standing in chronicle.state.targets.values())
    return found | {one.id: one.name or one.id for one in targets}


def _salted(reader: Reader, draw: DrawRow) -> timetable.Salted:
    """§8's HMAC under the draw's salt key: the seed is public, and a business must not foresee its day from it."""
    key = reader.key(draw)

    def salted(*texts: str) -> bytes:
        return salt(key, draw.mode, draw.number, "calendar", canonical_json(list(texts)).decode())

    return salted
