"""年度统计: what became of a year's batches, in figures that know the records behind them.

A figure is nothing but its records: 户, 户次 and 条 are counted from them when asked for, so that a number and what
it is made of cannot disagree. Of a target without result nothing is said but that it was due (未检查).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Final

from shuangsuiji.followup import abnormal
from shuangsuiji.followup.figures import Figure, Record
from shuangsuiji.followup.results import CLEAN, STEPS, Enforcement, Entry, Standing
from shuangsuiji.followup.work import (
    SETTLED,
    Meaning,
    Person,
    Result,
    Visited,
    Work,
    reached,
    record,
    work,
)

ENTERED: Final = SETTLED | {"pending"}
"""The states of a result that is entered (录入): one that was returned has to be entered again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """完成情况 of a group, by target and task (户次). `names` say whose: a batch's title, a district, task and tier.

    `due` were drawn; of `checked` every result speaks of a check that took place, of `entered` every one is in and not
    returned, of `published` every one was published. `problem` and `lost` (无法联系) are results that were reviewed,
    `listed` decisions to put a target on the list of abnormal operations (列入经营异常名录).
    """

    key: str
    names: tuple[str, ...]
    due: Figure
    checked: Figure
    entered: Figure
    published: Figure
    problem: Figure
    lost: Figure
    listed: Figure

    def rate(self, part: Figure) -> Fraction | None:
        """`part` over `due`, both in 户次; None where nothing was due."""
        return Fraction(part.visits, self.due.visits) if self.due.records else None

    def figures(self) -> tuple[Figure, ...]:
        """All of its figures."""
        return (self.due, self.checked, self.entered, self.published, self.problem, self.lost, self.listed)


@dataclass(frozen=True, slots=True)
class ReviewedCertificate:
    """年度审验: a certificate that was reviewed, its inspector, and whether it was cancelled (注销)."""

    inspector: str
    certificate: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Year:
    """What is counted: all visits of a year's batches, in the plans' order, and the review of its inspectors.

    `batches`, `tasks`, `tiers` name what the visits speak of by code, in the order of the account.
    """

    visited: Sequence[Visited]
    batches: Mapping[str, str]
    tasks: Mapping[str, str]
    tiers: Mapping[tuple[str, str], str]
    persons: Mapping[str, Person]
    reviewed: Sequence[ReviewedCertificate] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """年度总账. `categories`, `methods`, `disposals` count reviewed `results` by code, `enforcement` measures by step.

    A measure that stands with several items of a visit is one. 未发现问题 is counted, as it is told, of visits without
    any problem alone. `pending` and `returned` results wait for review or for a new entry; `steps` are targets that
    reached a step of the proposal for the abnormal-operations list; `reviewed` and `cancelled` are of inspectors (人).
    """

    whole: Progress
    batches: tuple[Progress, ...]
    tasks: tuple[Progress, ...]
    districts: tuple[Progress, ...]
    tiers: tuple[Progress, ...]
    results: Figure
    categories: Mapping[str, Figure]
    methods: Mapping[str, Figure]
    disposals: Mapping[str, Figure]
    enforcement: Mapping[str, Figure]
    pending: Figure
    returned: Figure
    steps: Mapping[str, Figure]
    units: tuple[Work, ...]
    sections: tuple[Work, ...]
    persons: tuple[Work, ...]
    reviewed: Figure
    cancelled: Figure

    @property
    def fines(self) -> int:
        """What all fines come to, in fen (分)."""
        return sum(one.amount for one in self.enforcement.values())

    def figures(self) -> Iterator[Figure]:
        """Every figure, each under a key of its own."""
        for part in (getattr(self, one.name) for one in fields(self)):
            match part:
                case Figure():
                    yield part
                case Progress():
                    yield from part.figures()
                case tuple():
                    for one in part:
                        yield from one.figures()
                case Mapping():
                    yield from part.values()


_Group = Callable[[str, tuple[str, ...], Sequence[Visited]], Progress]


def account(
    year: Year, categories: Mapping[str, Meaning], clean: Collection[str] = frozenset({CLEAN})
) -> Account:
    """Count a year. `categories` are those of `results.toml` by code; an entry of any other is a KeyError.

    `clean` are the codes of 未发现问题.
    """
    every = ((one, at) for one in year.visited for at in one.standings)
    results = [(one, at, at.entry) for one, at in every if at.entry is not None]
    settled = [result for result in results if result[1].state in SETTLED]
    told = _told_once(settled, categories, clean)

    def counted(
        name: str,
        code: Callable[[Entry], str],
        codes: Iterable[str] = (),
        own: Iterable[Result] = settled,
    ) -> dict[str, Figure]:
        found: dict[str, list[Record]] = {known: [] for known in codes}
        for result in own:
            if key := code(result[2]):
                found.setdefault(key, []).append(record(result))
        return {key: Figure(f"{name}.{key}", tuple(records)) for key, records in found.items()}

    def waiting(state: str) -> Figure:
        waits = (record(result) for result in results if result[1].state == state)
        return Figure(f"results.{state}", tuple(waits))

    def done(name: str, names: Callable[[Person], tuple[str, ...]]) -> tuple[Work, ...]:
        return work(name, year.visited, year.persons, categories, names)

    def group(key: str, names: tuple[str, ...], visited: Sequence[Visited]) -> Progress:
        return _progress(key, names, visited, categories)

    return Account(
        whole=group("whole", (), year.visited),
        batches=_groups(year.visited, lambda one: [one.batch], "batch", year.batches, group),
        tasks=_tasks(year, group),
        districts=_groups(year.visited, lambda one: [one.district], "district", {}, group),
        tiers=_tiers(year, group),
        results=Figure("results.reviewed", tuple(map(record, settled))),
        categories=counted("category", lambda entry: entry.category, categories, told),
        methods=counted("method", lambda entry: entry.method),
        disposals=counted("disposal", lambda entry: entry.disposal),
        enforcement={kind: _measures(kind, settled) for kind in STEPS},
        pending=waiting("pending"),
        returned=waiting("returned"),
        steps={step: Figure(f"abnormal.{step}", reached(step, year.visited)) for step in abnormal.STEPS},
        units=done("unit", lambda one: (one.unit,)),
        sections=done("section", lambda one: (one.unit, one.department)),
        persons=done("person", lambda one: (one.unit, one.department, one.name, one.id)),
        reviewed=_reviewed("review.reviewed", year.reviewed),
        cancelled=_reviewed("review.cancelled", [one for one in year.reviewed if one.cancelled]),
    )


def _told_once(
    settled: Sequence[Result], categories: Mapping[str, Meaning], clean: Collection[str]
) -> list[Result]:
    """The results without 未发现问题 of visits at which something was found."""
    troubled = {(one.batch, one.target) for one, _, entry in settled if categories[entry.category].problem}
    return [
        (one, at, entry)
        for one, at, entry in settled
        if entry.category not in clean or (one.batch, one.target) not in troubled
    ]


def _measures(kind: str, settled: Iterable[Result]) -> Figure:
    """The measures of a step; one that was entered with several items of a visit is counted with the first."""
    found: dict[tuple[str, str, Enforcement], Record] = {}
    for one, at, entry in settled:
        for step in entry.enforcement:
            if step.kind == kind:
                made = Record(one.batch, one.target, at.task, entry.id, step.reference, step.amount)
                found.setdefault((one.batch, one.target, step), made)
    return Figure(f"enforcement.{kind}", tuple(found.values()))


def as_told(year: Year) -> Year:
    """The same visits with their results as they were published: what was not is missing."""
    return replace(
        year, visited=[replace(one, standings=tuple(map(_told, one.standings))) for one in year.visited]
    )


def _told(at: Standing) -> Standing:
    if at.public is None:
        return Standing(*at.key, "missing")
    return Standing(*at.key, "published", at.public, None, at.public, at.told)


def _progress(
    key: str, names: tuple[str, ...], visited: Sequence[Visited], categories: Mapping[str, Meaning]
) -> Progress:
    def visits(name: str, holds: Callable[[Standing], bool]) -> Figure:
        found: dict[Record, bool] = {}
        for one in visited:
            for at in one.standings:
                visit = Record(one.batch, one.target, at.task)
                found[visit] = holds(at) and found.get(visit, True)
        return Figure(f"{key}.{name}", tuple(visit for visit, whole in found.items() if whole))

    def results(name: str, holds: Callable[[Meaning], bool]) -> Figure:
        found = (
            record((one, at, at.entry))
            for one in visited
            for at in one.standings
            if at.entry is not None and at.state in SETTLED and holds(categories[at.entry.category])
        )
        return Figure(f"{key}.{name}", tuple(found))

    return Progress(
        key=key,
        names=names,
        due=visits("due", lambda _: True),
        checked=visits("checked", lambda at: at.entry is not None and categories[at.entry.category].checked),
        entered=visits("entered", lambda at: at.state in ENTERED),
        published=visits("published", lambda at: at.public is not None),
        problem=results("problem", lambda category: category.problem),
        lost=results("lost", lambda category: category.lost_contact),
        listed=Figure(f"{key}.listed", reached(abnormal.DECIDED, visited)),
    )


def _groups(
    visited: Sequence[Visited],
    keys: Callable[[Visited], Iterable[str]],
    name: str,
    names: Mapping[str, str],
    group: _Group,
) -> tuple[Progress, ...]:
    """One Progress for each key of a visit; named ones in the order of `names`, others ascending, none last."""
    found: dict[str, list[Visited]] = {key: [] for key in names}
    for one in visited:
        for key in keys(one):
            found.setdefault(key, []).append(one)
    others = sorted((key for key in found if key not in names), key=lambda key: (not key, key))
    order = [*names, *others]
    return tuple(group(f"{name}.{key}", (names.get(key, key),), found[key]) for key in order)


def _tasks(year: Year, group: _Group) -> tuple[Progress, ...]:
    """By task: of a visit only the results of that task count."""
    made = []
    for task, name in year.tasks.items():
        own = [(one, tuple(at for at in one.standings if at.task == task)) for one in year.visited]
        made.append(
            group(f"task.{task}", (name,), [replace(one, standings=kept) for one, kept in own if kept])
        )
    return tuple(made)


def _tiers(year: Year, group: _Group) -> tuple[Progress, ...]:
    """By tier of a task: of a visit only the results of that task count."""
    made = []
    for (task, tier), name in year.tiers.items():
        own = [
            replace(one, standings=tuple(at for at in one.standings if at.task == task))
            for one in year.visited
            if (task, tier) in one.tiers
        ]
        made.append(group(f"tier.{task}.{tier}", (year.tasks[task], name), own))
    return tuple(made)


def _reviewed(key: str, reviewed: Iterable[ReviewedCertificate]) -> Figure:
    """Of inspectors: one record each, the target column empty and the person's id beside the certificate."""
    persons: dict[str, list[str]] = {}
    for one in reviewed:
        persons.setdefault(one.inspector, []).append(one.certificate)
    return Figure(
        key,
        tuple(Record("", "", other="、".join([person, *held])) for person, held in sorted(persons.items())),
    )
