"""工作量: who was to go to the visits of a year, who was there, and what came of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from shuangsuiji.followup.abnormal import DECIDED, AbnormalStep
from shuangsuiji.followup.figures import Figure, Record
from shuangsuiji.followup.results import Entry, Standing

SETTLED: Final = frozenset({"approved", "published"})
"""The states of a result that was reviewed and found right: problems are counted of these alone."""


class Meaning(Protocol):
    """What a category of `results.toml` stands for."""

    @property
    def problem(self) -> bool:
        """The check found a problem."""

    @property
    def lost_contact(self) -> bool:
        """通过登记的住所（经营场所）无法联系."""

    @property
    def checked(self) -> bool:
        """A check took place."""


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector as the draw knew him."""

    id: str
    name: str
    unit: str
    department: str


@dataclass(frozen=True, slots=True)
class Visited:
    """上门检查: one target of one batch, its results, the steps of a proposal about it, and who was to go there.

    `tiers` are (task id, tier id) of every task that drew it (listed tasks have none). `team` are the ids of those who
    held its places on the day of the check, or hold them if there was none.
    """

    batch: str
    target: str
    district: str
    tiers: tuple[tuple[str, str], ...]
    standings: tuple[Standing, ...]
    steps: tuple[AbnormalStep, ...] = ()
    team: Collection[str] = ()

    @property
    def present(self) -> frozenset[str]:
        """Who was there, by all of its results."""
        return frozenset(one for at in self.standings if at.entry is not None for one in at.entry.persons)


@dataclass(frozen=True, slots=True)
class Work:
    """工作量 of a unit (单位), a section of one (部门), or one inspector: places, visits and what came of them.

    `names` are unit, section, the person's name and id. `due` are places (席位) of its people in the teams of visits,
    `came` those of them whose person was there; `entered` are results of checks at which it was present, `problem`
    those of them that are problems and reviewed, `listed` decisions about the targets of these checks (列入).
    """

    key: str
    names: tuple[str, ...]
    due: Figure
    came: Figure
    visits: Figure
    entered: Figure
    problem: Figure
    listed: Figure

    def figures(self) -> tuple[Figure, ...]:
        """All of its figures."""
        return (self.due, self.came, self.visits, self.entered, self.problem, self.listed)


Result = tuple[Visited, Standing, Entry]


def record(result: Result) -> Record:
    """The line of a result behind a figure."""
    one, at, entry = result
    return Record(one.batch, one.target, at.task, entry.id)


def reached(step: str, visited: Sequence[Visited]) -> tuple[Record, ...]:
    """The steps of a kind that were taken."""
    return tuple(
        Record(one.batch, one.target, other=step, step=done.number)
        for one in visited
        for done in one.steps
        if done.step == step
    )


def work(
    name: str,
    visited: Sequence[Visited],
    persons: Mapping[str, Person],
    categories: Mapping[str, Meaning],
    names: Callable[[Person], tuple[str, ...]],
) -> tuple[Work, ...]:
    """By unit, section or person, ascending by name: of all who were to go or were present."""
    due: dict[tuple[str, ...], list[Record]] = {}
    came: dict[tuple[str, ...], list[Record]] = {}
    seen: dict[tuple[str, ...], list[tuple[Visited, list[Result]]]] = {}
    for one in visited:
        present = one.present
        for person in sorted(one.team):
            if person in persons:
                place, group = Record(one.batch, one.target, other=person), names(persons[person])
                due.setdefault(group, []).append(place)
                if person in present:
                    came.setdefault(group, []).append(place)
        for group, own in _present(one, persons, names).items():
            seen.setdefault(group, []).append((one, own))
    made = []
    for group in sorted({*due, *seen}):
        key = f"{name}.{group[-1] if name == 'person' else '.'.join(group)}"
        results = [result for _, own in seen.get(group, ()) for result in own]
        figures = {
            "due": tuple(due.get(group, ())),
            "came": tuple(came.get(group, ())),
            "visits": tuple(dict.fromkeys(Record(one.batch, one.target, at.task) for one, at, _ in results)),
            "entered": tuple(map(record, results)),
            "problem": tuple(_problems(results, categories)),
            "listed": reached(DECIDED, [one for one, _ in seen.get(group, ())]),
        }
        made.append(Work(key, group, *(Figure(f"{key}.{code}", own) for code, own in figures.items())))
    return tuple(made)


def _present(
    one: Visited, persons: Mapping[str, Person], names: Callable[[Person], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Result]]:
    """The results of a visit by the groups of those present."""
    found: dict[tuple[str, ...], list[Result]] = {}
    for at in one.standings:
        if at.entry is not None:
            for group in sorted({names(persons[person]) for person in at.entry.persons if person in persons}):
                found.setdefault(group, []).append((one, at, at.entry))
    return found


def _problems(results: Sequence[Result], categories: Mapping[str, Meaning]) -> Iterator[Record]:
    for one, at, entry in results:
        if at.state in SETTLED and categories[entry.category].problem:
            yield record((one, at, entry))
