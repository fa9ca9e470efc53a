"""`schedule make` (检查安排): dates for the visits of a matched draw, anew after replacements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.hashing import salt
from shuangsuiji.errors import Shortage, WrongState
from shuangsuiji.followup import timetable
from shuangsuiji.followup.schedule import Schedule, moves, parse_schedule
from shuangsuiji.followup.timetable import Elsewhere, Problem
from shuangsuiji.followup.workdays import read_workdays
from shuangsuiji.quarter.batches import read_batches
from shuangsuiji.quarter.chronicle import Chronicle, read_chronicle, record_count
from shuangsuiji.quarter.results import read_entries, scheduled_draw
from shuangsuiji.quarter.visit_problem import Wishes, pose
from shuangsuiji.solvers import calendars
from shuangsuiji.solvers.calendars import Tell, Unplaced
from shuangsuiji.store import instants
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

_PREFIX: Final = "schedule-"
"""What the names of a draw's files with its calendars begin with; the number and `.json` follow."""
_NAMED: Final = 5


NO_WISHES: Final = Wishes()


@dataclass(frozen=True, slots=True)
class MadeResult:
    """A calendar: its number among those of the draw, what it holds, how good it is.

    `visits` in all, `appointed` and `kept` of them with a day that stood before, `moved` with another day than the
    calendar before gave them; days that officers `added` or `skipped`; the `reason` why it was made again; `persons`
    who visit; the `first` and `last` day of a visit; `days` it could choose from; visits of a day at `least` and
    `most`; `elsewhere` are visits that other batches plan for some of them within its window; the rest as in `Figures`.
    """

    plan: str
    mode: str
    draw: int
    number: int
    visits: int
    appointed: int
    kept: int
    moved: int
    added: tuple[str, ...]
    skipped: tuple[str, ...]
    reason: str
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
    elsewhere: int


def schedule_count(draw: DrawRow) -> int:
    """How many calendars a draw has had."""
    return sum(name.startswith(_PREFIX) for name in draw.files)


def read_schedule(reader: Reader, draw: DrawRow, number: int = 0) -> Schedule | None:
    """A draw's calendar of that number, without one the latest; None if there is none yet."""
    wanted = number or schedule_count(draw)
    name = _file_name(wanted)
    return parse_schedule(members.read_json(name, reader.file(draw, name))) if name in draw.files else None


def made_at(reader: Reader, draw: DrawRow) -> dict[int, datetime]:
    """When each calendar of a draw was made, by its number, as the log has it."""
    own = {"draw": draw.number, "mode": draw.mode}
    found = (one for one in reader.log() if one.verb == "schedule")
    return {
        int(str(one.details["number"])): instants.from_text(one.time)
        for one in found
        if own.items() <= dict(one.details).items()
    }


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

    The day of a visit that nothing changed stays, as far as all rules can still be kept, unless it is wished `again`;
    that of a visit which took place or is over stays in any case. Visits that other batches plan count for the day of
    each inspector. Calendars made before are kept. The solver works between the reading and the transaction, which
    goes on only if the draw is still as it was read, and no other batch plans more. Raises WrongState as
    `scheduled_draw` and `pose`, `schedule.changed_meanwhile`; InputRefused as `pose` and `read_workdays`; Shortage as
    `check_standing` and `shortage`.
    """
    workdays = read_workdays(workspace=store.layout.root, override=config)
    with store.read() as reader:
        reader.check_operator(operator)
        draw = scheduled_draw(reader, plan_id)
        chronicle = read_chronicle(reader, draw)
        before = read_schedule(reader, draw)
        elsewhere = frozenset(_elsewhere(reader, chronicle))
        posed = pose(reader, chronicle, before, workdays, wishes, now, elsewhere)
        names = _names(chronicle)
        salted = _salted(reader, draw)
    timetable.check_standing(posed.problem, names, posed.until)
    schedule = replace(
        _solve(posed.problem, posed.over, salted, names, tell),
        number=schedule_count(draw) + 1,
        added=posed.added,
        skipped=posed.skipped,
        reason=wishes.reason.strip(),
        records=record_count(draw),
    )
    moved = moves(before, schedule)
    data = canonical_json(schedule.object())
    with store.begin(operator, "schedule", now) as transaction:
        unseen = not elsewhere.issuperset(_elsewhere(transaction, chronicle))
        if unseen or transaction.draw(draw.mode, draw.number) != draw:
            raise WrongState("schedule.changed_meanwhile", plan=draw.plan_id)
        transaction.put_files(draw, {_file_name(schedule.number): data})
        transaction.details(
            draw=draw.number,
            mode=draw.mode,
            plan=draw.plan_id,
            number=schedule.number,
            visits=len(schedule.visits),
            moved=moved,
            reason=schedule.reason,
            sha256=sha256(data).hexdigest(),
        )
    return _result(draw, schedule, moved, len(posed.problem.elsewhere))


def _elsewhere(reader: Reader, chronicle: Chronicle) -> Iterator[Elsewhere]:
    """The visits that other batches of the draw's mode plan within its window and that have no result yet."""
    plan = chronicle.grounds.frozen.plan
    first, last = (date.fromisoformat(day) for day in (plan.window_from, plan.window_to))
    for other in read_batches(reader, chronicle.draw.mode).counted:
        if other.plan_id != chronicle.draw.plan_id:
            yield from planned(reader, other, first, last)


def planned(reader: Reader, draw: DrawRow, first: date, last: date) -> Iterator[Elsewhere]:
    """The visits that a draw's latest calendar plans within some days and that have no result yet."""
    schedule = read_schedule(reader, draw)
    if schedule is None:
        return
    visits = [one for one in schedule.visits if first <= one.day <= last]
    visited = {entry.target for entry in read_entries(reader, draw)} if visits else set()
    yield from (Elsewhere(one, schedule.max_per_day) for one in visits if one.target not in visited)


def _result(draw: DrawRow, schedule: Schedule, moved: int, elsewhere: int) -> MadeResult:
    own = schedule.figures
    return MadeResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        number=schedule.number,
        visits=len(schedule.visits),
        appointed=sum(visit.appointed for visit in schedule.visits),
        kept=own.kept,
        moved=moved,
        added=tuple(day.isoformat() for day in schedule.added),
        skipped=tuple(day.isoformat() for day in schedule.skipped),
        reason=schedule.reason,
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
        elsewhere=elsewhere,
    )


def _file_name(number: int) -> str:
    return f"{_PREFIX}{number}.json"


@dataclass(frozen=True, slots=True)
class _Short:
    """No calendar: who has visits without a day, and what is to be said of it."""

    persons: frozenset[str]
    why: Shortage


def _solve(
    problem: Problem,
    over: Mapping[str, date],
    salted: timetable.Salted,
    names: Mapping[str, str],
    tell: Tell,
) -> Schedule:
    """The calendar of a problem. Where days that were kept leave no room, those nearby are given up, then all ahead."""
    found = _attempt(problem, salted, names, tell)
    if isinstance(found, _Short):
        found = _attempt(replace(problem, kept=_away_from(problem, over, found.persons)), salted, names, tell)
    if isinstance(found, _Short):
        found = _attempt(replace(problem, kept=over), salted, names, tell)
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


def _away_from(problem: Problem, over: Mapping[str, date], persons: frozenset[str]) -> dict[str, date]:
    """The kept visits without those to come of certain persons."""
    with_them = {one.target for one in problem.due if persons & set(one.persons)}
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
