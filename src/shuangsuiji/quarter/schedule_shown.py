"""`schedule show` (查看检查安排): a draw's calendar day by day, or the visits of a person or a day."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuangsuiji.bundle import members
from shuangsuiji.errors import WrongState
from shuangsuiji.followup.schedule import Schedule, Visit
from shuangsuiji.quarter.results import names_of, scheduled_draw
from shuangsuiji.quarter.schedule import read_schedule
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A visit day: how many visits and persons, in which districts; `weekday` counts from 0 (周一)."""

    day: str
    weekday: int
    visits: int
    persons: int
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A visit: the target's id and name, its district, the names of its team."""

    day: str
    weekday: int
    target: str
    name: str
    district: str
    team: tuple[str, ...]
    appointed: bool


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A calendar: `total` visits of so many `persons`, by day; `visits` are those asked for, empty where none were.

    `reason` is why it was made again, "" where nobody had to say.
    """

    plan: str
    mode: str
    draw: int
    number: int
    total: int
    persons: int
    first: str
    last: str
    reason: str
    days: tuple[ShownDay, ...]
    visits: tuple[ShownVisit, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Names of targets and of inspectors by id, the inspectors' units."""

    targets: dict[str, str]
    inspectors: dict[str, str]
    units: dict[str, str]


def standing_schedule(reader: Reader, plan_id: str | None, number: int = 0) -> tuple[DrawRow, Schedule]:
    """The draw and its calendar. WrongState as `scheduled_draw`, `schedule.none` without one (of that number)."""
    draw = scheduled_draw(reader, plan_id)
    schedule = read_schedule(reader, draw, number)
    if schedule is None:
        raise WrongState("schedule.none", plan=draw.plan_id)
    return draw, schedule


def read_people(reader: Reader, draw: DrawRow, schedule: Schedule) -> People:
    """The names of a calendar's targets and of all inspectors, as they were frozen."""
    names = names_of(reader, draw, {visit.target for visit in schedule.visits})
    inspectors = members.read_inspectors(reader.file(draw, "inspectors.jsonl"))
    return People(
        {target: name or target for target, name in names.items()},
        {one.id: one.name for one in inspectors},
        {one.id: one.unit for one in inspectors},
    )


def show(
    store: Store, *, plan_id: str | None = None, number: int = 0, person: str = "", day: str = ""
) -> ShownResult:
    """The latest calendar, or that of a number; visits of a person (id or name) or of a day if one is named.

    Raises WrongState as `standing_schedule`.
    """
    with store.read() as reader:
        draw, schedule = standing_schedule(reader, plan_id, number)
        people = read_people(reader, draw, schedule)
    wanted = [
        visit
        for visit in schedule.visits
        if (not day or visit.day.isoformat() == day.strip())
        and (not person or any(person.strip() in (one, people.inspectors[one]) for one in visit.persons))
    ]
    return ShownResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        number=schedule.number,
        total=len(schedule.visits),
        persons=len({one for visit in schedule.visits for one in visit.persons}),
        first=schedule.visits[0].day.isoformat(),
        last=schedule.visits[-1].day.isoformat(),
        reason=schedule.reason,
        days=_days(schedule.visits),
        visits=tuple(_visit(visit, people) for visit in wanted) if person or day else (),
    )


def _days(visits: Sequence[Visit]) -> tuple[ShownDay, ...]:
    found = []
    for day in sorted({visit.day for visit in visits}):
        own = [visit for visit in visits if visit.day == day]
        persons = {one for visit in own for one in visit.persons}
        districts = tuple(sorted({visit.district for visit in own}))
        found.append(ShownDay(day.isoformat(), day.weekday(), len(own), len(persons), districts))
    return tuple(found)


def _visit(visit: Visit, people: People) -> ShownVisit:
    return ShownVisit(
        day=visit.day.isoformat(),
        weekday=visit.day.weekday(),
        target=visit.target,
        name=people.targets[visit.target],
        district=visit.district,
        team=tuple(people.inspectors[one] for one in visit.persons),
        appointed=visit.appointed,
    )
