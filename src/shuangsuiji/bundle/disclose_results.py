"""The part of `disclose` about inspection results (检查结果): what is public of what was entered and reviewed.

A row of the published list is told as a whole, once each of its results was approved by a second person; until then it
is 未检查, which is not the same as without problems. Public of it are the kinds of result, the day on which the check
was completed, and those measures (执法) that the authority's rules make public; who was there only where the list names
teams; never notes, evidence, reasons, or who entered and approved. Where the list does not say which task drew whom, a
row is an enterprise, and neither tasks nor items are told apart. What was told comes down after its term (公示期限).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, Protocol

from shuangsuiji.bundle.disclose import Batch
from shuangsuiji.bundle.public import PublicHead, PublicInspector, PublicList, PublicTarget, PublicTask

News = Literal["", "new", "corrected"]
"""What a publication says of a row: nothing new, told for the first time, told otherwise than before."""

Key = tuple[str, str]
_APPROVED: Final = frozenset({"approved", "published"})
_CREDIT_CODE: Final = 18
_NUMBER: Final = 15


class Measure(Protocol):
    """执法三步: one step, as `followup.results.Enforcement` has it."""

    @property
    def kind(self) -> str:
        """Which step."""

    @property
    def day(self) -> date:
        """When it was taken."""

    @property
    def reference(self) -> str:
        """The number of its document."""


class Entry(Protocol):
    """What was entered (录入) of one target, task and item, as `followup.results.Entry` has it."""

    @property
    def id(self) -> int:
        """Its number in the workspace."""

    @property
    def category(self) -> str:
        """The code of its kind."""

    @property
    def day(self) -> date:
        """When the check was completed."""

    @property
    def persons(self) -> tuple[str, ...]:
        """The ids of the inspectors who were there."""

    @property
    def enforcement(self) -> Sequence[Measure]:
        """The measures taken."""

    @property
    def public_part(self) -> object:
        """What of it may be public: a correction of anything else is told to nobody."""


class Standing(Protocol):
    """Where one result stands (结果现状), as `followup.results.Standing` has it."""

    @property
    def target(self) -> str:
        """The enterprise's id."""

    @property
    def task(self) -> str:
        """The task's id."""

    @property
    def item(self) -> str:
        """抽查事项."""

    @property
    def state(self) -> str:
        """missing, pending, returned, approved, published."""

    @property
    def entry(self) -> Entry | None:
        """What was entered last."""

    @property
    def public(self) -> Entry | None:
        """What was published last."""


@dataclass(frozen=True, slots=True)
class PublicCategory:
    """A kind of result (检查结果): its code and name, and whether it is a problem (发现问题)."""

    code: str
    name: str
    problem: bool


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """A measure (执法): its kind, its day, the number of its document."""

    kind: str
    day: date
    reference: str


@dataclass(frozen=True, slots=True)
class PublicResult:
    """检查结果 of one row of the list: an enterprise in one task, or in all where tasks are not told apart.

    `tasks` are the ids of the tasks, empty where they are not told apart. Without `categories` and `day` it is 未检查,
    or came down after its term (`down`). `items` say which item had which result, where that may be told. `told` is the
    day of the first publication, `before` what was told of a row that is `corrected`.
    """

    id: str
    name: str
    tasks: tuple[str, ...]
    day: date | None = None
    categories: tuple[PublicCategory, ...] = ()
    items: tuple[tuple[str, PublicCategory], ...] = ()
    measures: tuple[PublicMeasure, ...] = ()
    team: tuple[PublicInspector, ...] = ()
    news: News = ""
    before: tuple[PublicCategory, ...] = ()
    told: date | None = None
    down: bool = False

    @property
    def key(self) -> Key:
        """Of what it is a row: the enterprise's id, and the task's unless they are not told apart."""
        return self.id, self.tasks[0] if self.tasks else ""

    @property
    def problem(self) -> bool:
        """Whether some result of the row is a problem."""
        return any(one.problem for one in self.categories)


@dataclass(frozen=True, slots=True)
class PublicResults:
    """抽查结果公示: the rows of the list, ascending by the enterprise's id, then in the plan's order of tasks.

    `number` counts the publications of a draw's results, from 1; `entries` are the numbers of what it publishes first.
    """

    head: PublicHead
    tasks: tuple[PublicTask, ...]
    by_task: bool
    number: int
    rows: tuple[PublicResult, ...]
    entries: tuple[int, ...] = ()

    @property
    def news(self) -> tuple[PublicResult, ...]:
        """The rows that this publication tells something new of."""
        return tuple(one for one in self.rows if one.news)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the authority publishes of results: the kinds by code in their order, and the measures (codes).

    `clean` are the codes of 未发现问题, which is not said beside a problem found with another item;
    `people` are inspectors by id, for rows of which the list names the team.
    """

    categories: Mapping[str, PublicCategory]
    clean: Collection[str] = ()
    measures: Collection[str] = ()
    people: Mapping[str, PublicInspector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """公示期限, in force from a day on: years for enterprises, and for natural persons and individual businesses."""

    begins: date
    years: int
    person_years: int

    def ends(self, row: PublicResult) -> date | None:
        """The first day on which a row is not public any more; None as long as it never was."""
        years = self.person_years if is_person(row.id) else self.years
        return None if row.told is None else term_ends(row.told, years)


def disclose_results(
    batch: Batch,
    listing: PublicList,
    standings: Iterable[Standing],
    rules: Rules,
    earlier: PublicResults | None = None,
) -> PublicResults:
    """What may be told of results now, after what was published `earlier`.

    InputRefused (`bundle.list_held_back`) while the plan holds the names back.
    """
    batch.check_names_public()
    first = {one.key: one.told for one in earlier.rows} if earlier else {}
    by_row: dict[Key, list[Standing]] = {}
    for standing in standings:
        by_row.setdefault((standing.target, standing.task if listing.by_task else ""), []).append(standing)
    rows: list[PublicResult] = []
    entries: list[int] = []
    for target, task in _rows(listing):
        own = by_row.get((target.id, task), [])
        row = _row(target, task, own, rules)
        if row.categories:
            row = replace(row, told=first.get(row.key) or batch.issued)
        rows.append(row)
        if row.news:
            entries += [one.entry.id for one in own if one.entry is not None and one.state == "approved"]
    number = earlier.number + 1 if earlier else 1
    head = replace(listing.head, issued=batch.issued)
    return PublicResults(head, listing.tasks, listing.by_task, number, tuple(rows), tuple(entries))


def take_down(results: PublicResults, terms: Sequence[Term], today: date) -> PublicResults:
    """The results without those whose term is over on a day; the term is the one that is in force then."""
    term = in_force(terms, today)
    if term is None:
        return results
    rows = (
        PublicResult(one.id, one.name, one.tasks, told=one.told, down=True)
        if (end := term.ends(one)) is not None and end <= today
        else one
        for one in results.rows
    )
    return replace(results, rows=tuple(rows))


def in_force(terms: Iterable[Term], today: date) -> Term | None:
    """The term that holds on a day: the latest begun; None before the first."""
    return max((one for one in terms if one.begins <= today), key=lambda one: one.begins, default=None)


def term_ends(told: date, years: int) -> date:
    """The first day on which something told on a day is not public any more."""
    try:
        return told.replace(year=told.year + years)
    except ValueError:  # 29 February
        return date(told.year + years, 3, 1)


def is_person(code: str) -> bool:
    """Whether an identifier is that of an individual business (个体工商户).

    A unified social credit code says so in its second character; a registration number of 15 digits in its seventh.
    """
    if len(code) == _CREDIT_CODE:
        return code.startswith("92")
    return len(code) == _NUMBER and code.isdigit() and code[6] in "6789"


def _rows(listing: PublicList) -> Iterator[tuple[PublicTarget, str]]:
    """The rows of the list: enterprise and task, or enterprise alone."""
    for target in listing.targets:
        if listing.by_task:
            yield from ((target, task.id) for task in listing.tasks if task.id in target.tasks)
        else:
            yield target, ""


def _row(target: PublicTarget, task: str, standings: Sequence[Standing], rules: Rules) -> PublicResult:
    bare = PublicResult(target.id, target.name, (task,) if task else ())
    now = [(one.item, _approved(one)) for one in standings]
    found = [(item, entry) for item, entry in now if entry is not None]
    if not found or len(found) < len(now):
        return bare
    before = [one.public for one in standings if one.public is not None]
    entries = [entry for _, entry in found]
    news = _news(before, entries)
    return replace(
        bare,
        day=max(entry.day for entry in entries),
        categories=_categories(entries, rules),
        items=tuple((item, _category(entry, rules)) for item, entry in found) if task else (),
        measures=_measures(entries, rules),
        team=_people(entries, rules) if target.team else (),
        news=news,
        before=_categories(before, rules) if news == "corrected" else (),
    )


def _approved(standing: Standing) -> Entry | None:
    """What stands with approval: the entry itself, or what was published before a correction that has none yet."""
    return standing.entry if standing.state in _APPROVED else standing.public


def _news(before: Sequence[Entry], now: Sequence[Entry]) -> News:
    if len(before) < len(now):
        return "new"
    return "" if [one.public_part for one in before] == [one.public_part for one in now] else "corrected"


def _category(entry: Entry, rules: Rules) -> PublicCategory:
    return rules.categories.get(entry.category) or PublicCategory(
        entry.category, entry.category, problem=False
    )


def _categories(entries: Sequence[Entry], rules: Rules) -> tuple[PublicCategory, ...]:
    """The kinds of result, each once, in the rules' order; beside a problem nothing is said to be without one."""
    order = list(rules.categories)
    found = {entry.category: _category(entry, rules) for entry in entries}
    kinds = sorted(found.values(), key=lambda one: order.index(one.code) if one.code in order else len(order))
    if any(one.problem for one in kinds):
        kinds = [one for one in kinds if one.code not in rules.clean]
    return tuple(kinds)


def _measures(entries: Sequence[Entry], rules: Rules) -> tuple[PublicMeasure, ...]:
    """The measures that the rules make public, by day; one that stands with several items once."""
    found = {
        PublicMeasure(one.kind, one.day, one.reference)
        for entry in entries
        for one in entry.enforcement
        if one.kind in rules.measures
    }
    return tuple(sorted(found, key=lambda one: (one.day, one.kind, one.reference)))


def _people(entries: Sequence[Entry], rules: Rules) -> tuple[PublicInspector, ...]:
    ids = dict.fromkeys(person for entry in entries for person in entry.persons)
    return tuple(rules.people[one] for one in ids if one in rules.people)
