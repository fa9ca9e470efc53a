"""`audit execution` (执行核查): what was drawn against what was done and entered, over batches."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from shuangsuiji.audit.executed import Batch, Execution, Limits, Person, Place, Replaced
from shuangsuiji.audit.execution import examine
from shuangsuiji.core.decisions import PersonsOutcome, PersonsRequest, Urgent
from shuangsuiji.core.decisions import Place as RecordedPlace
from shuangsuiji.core.records import Inspector
from shuangsuiji.core.seed import REAL, REHEARSAL
from shuangsuiji.core.standing import NOBODY, State
from shuangsuiji.errors import WrongState
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.followup.workdays import Workdays, read_workdays
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.batches import read_batches
from shuangsuiji.quarter.chronicle import Chronicle, read_chronicle
from shuangsuiji.quarter.dossier import read_plan, read_texts
from shuangsuiji.quarter.leaves import read_away
from shuangsuiji.quarter.results import read_entries, read_standings
from shuangsuiji.quarter.schedule import made_at, read_schedule
from shuangsuiji.quarter.visitors import day_of, read_cases, steps
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, Mode
from shuangsuiji.store.workspace import Store


def execution(
    store: Store,
    *,
    plan_id: str | None = None,
    year: int | None = None,
    rehearsal: bool = False,
    limits: Limits,
    config: Path | None = None,
) -> Execution:
    """Examine the matched batches of a plan, of those whose visits begin in `year`, or of all.

    `rehearsal`: rehearsals and no real draw; of several of one plan the last. Raises WrongState
    `quarter.execution.no_batches`, those of `read_chronicle`; InputRefused as `Vocabulary.load`, `read_workdays`,
    `result.code_gone`.
    """
    root = store.layout.root
    vocabulary = Vocabulary.load(workspace=root, override=config)
    workdays = read_workdays(workspace=root, override=config)
    mode: Mode = REHEARSAL if rehearsal else REAL
    with store.read() as reader:
        chosen = read_batches(reader, mode, year=year, plan_id=plan_id).counted
        if not chosen:
            raise WrongState("quarter.execution.no_batches", mode=mode)
        batches = [_batch(reader, draw) for draw in chosen]
    entered = {one.entry.category for batch in batches for one in batch.standings if one.entry is not None}
    meant = {code: vocabulary.categories[code] for code in entered}
    return examine(
        batches,
        limits=limits,
        problem={code: one.problem for code, one in meant.items()},
        checked={code: one.checked for code, one in meant.items()},
        working_days=lambda first, until: _working_days(workdays, first, until),
        civil_day=civil_day,
    )


def _working_days(workdays: Workdays, first: date, until: datetime) -> int:
    """Working days after `first` up to the civil day of an instant."""
    return sum(day > first for day in workdays.between(first, civil_day(until)))


def _batch(reader: Reader, draw: DrawRow) -> Batch:
    chronicle, entries = read_chronicle(reader, draw), read_entries(reader, draw)
    away = read_away(reader, sorted({entry.day for entry in entries}))
    standings = read_standings(reader, draw)
    visited: dict[str, date] = {}
    for one in standings:
        if one.entry is not None:
            visited[one.target] = min(visited.get(one.target, one.entry.day), one.entry.day)
    blocks = chronicle.grounds.blocks
    rules = read_schedule(reader, draw) or read_texts(reader, draw).visits
    return Batch(
        plan=draw.plan_id,
        drawn=_places(chronicle.grounds.first()),
        cases=read_cases(reader, chronicle),
        districts={target: blocks[own.block].district for target, own in chronicle.state.targets.items()},
        planned=_planned(reader, draw, visited),
        replaced=tuple(_replaced(chronicle)),
        standings=standings,
        first=[entry for entry in entries if not entry.corrects],
        persons={
            one.id: _person(one, away.get(one.id, frozenset()))
            for one in chronicle.grounds.frozen.pool.inspectors
        },
        a_day=rules.max_per_day,
    )


def _planned(reader: Reader, draw: DrawRow, visited: Mapping[str, date]) -> Mapping[str, date]:
    """The days for which visits were planned by the last calendar made before they took place, up to their day.

    What was planned afterwards says nothing of a visit. A rehearsal's calendar may be of a window that is over.
    """
    over = draw.mode == REHEARSAL
    ends = date.fromisoformat(read_plan(reader, draw).window_to)
    planned: dict[str, date] = {}
    for number, time in sorted(made_at(reader, draw).items()):
        made, schedule = civil_day(time), read_schedule(reader, draw, number)
        for visit in () if schedule is None else schedule.visits:
            day = visited.get(visit.target)
            if day is not None and (made <= day or (over and made > ends)):
                planned[visit.target] = visit.day
    return planned


def _person(one: Inspector, away: frozenset[date]) -> Person:
    def certified(day: date) -> bool:
        return any(held.covers(day.isoformat(), day.isoformat()) for held in one.certificates)

    return Person(one.id, one.name, one.unit, away, certified, one.expert)


def _places(state: State) -> Mapping[Place, str]:
    return {
        (target, slot): person
        for target, own in state.targets.items()
        for slot, person in own.team.items()
        if person != NOBODY
    }


def _replaced(chronicle: Chronicle) -> Iterator[Replaced]:
    """Every place whose person a record replaced, or is asked to, by whom it was held before."""
    for record, before, _ in steps(chronicle):
        came = day_of(record)
        match record.decision:
            case PersonsOutcome(request, _, inspectors) if inspectors:
                asked = before.requests[request]
                if isinstance(asked.decision, PersonsRequest):
                    kind = asked.decision.because
                    yield from _held(before, asked.decision.places, kind, day_of(asked), came)
            case Urgent(places):
                yield from _held(before, places, Urgent.kind, came, came)
            case _:
                continue
    for number in chronicle.state.open:
        record = chronicle.state.requests[number]
        if isinstance(record.decision, PersonsRequest):
            asked_for = record.decision
            yield from _held(chronicle.state, asked_for.places, asked_for.because, day_of(record), None)


def _held(
    state: State, places: Sequence[RecordedPlace], kind: str, asked: date, came: date | None
) -> Iterator[Replaced]:
    for place in places:
        for target in place.targets:
            person = state.targets[target].team[place.slot] if target in state.targets else NOBODY
            if person != NOBODY:
                yield Replaced((target, place.slot), person, kind, asked, came)
