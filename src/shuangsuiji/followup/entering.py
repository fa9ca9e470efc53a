"""录入核验: what rows of results say about a draw, and which of them may be entered.

A row may have several faults, each told with its cell. What is left is as many entries as it has items: an empty item
means all of the task's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.plan import Task
from shuangsuiji.core.records import Inspector
from shuangsuiji.errors import Listing, first_of
from shuangsuiji.followup.enforcing import enforcement
from shuangsuiji.followup.expected import Case, Expected
from shuangsuiji.followup.results import Entry, Facts, Key, content
from shuangsuiji.followup.vocabulary import Coded, Vocabulary, find_word, known_words
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.headings import Role
from shuangsuiji.rosters.model import CheckedRoster
from shuangsuiji.rosters.normal import clean_code, squeeze
from shuangsuiji.rosters.results import result_columns
from shuangsuiji.store.rows import NewEntry

LEAST_CERTIFIED: Final = 2
"""检查时执法人员不得少于两人: so many holders of a certificate are present at every check."""
_NAMED: Final = 5
"""Names in a note."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the rows: the entries to make, ascending by target, task and item; of `roster` only the refused.

    `unchanged` are rows that repeat what stands, `corrections` entries that correct one. `digest` is the SHA-256 (hex)
    of what is entered, whatever the order of the rows and the names of the files.
    """

    roster: CheckedRoster
    entries: tuple[NewEntry, ...]
    unchanged: int
    corrections: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says, if nothing is wrong with it: of what it is the result."""

    keys: tuple[Key, ...]
    facts: Facts
    reason: str


def check(
    draft: Draft, expected: Expected, vocabulary: Vocabulary, *, reason: str = "", as_drawn: bool = False
) -> Checked:
    """Hold the rows against the draw.

    A row that says other than what stands is a correction, for the reason in its own cell or else `reason`; without
    one it is refused. `as_drawn`: rows that name no persons have those who were assigned.
    """
    rows = _Rows(draft, expected, vocabulary, as_drawn=as_drawn)
    said = rows.read()
    merged = _settle_duplicates(draft, said)
    made: list[NewEntry] = []
    unchanged = 0
    for row, one in said.items():
        entries = list(_entries(draft, row, one, expected.standing, reason))
        if row not in draft.bad:
            made += entries
            unchanged += not entries
    order = {task.id: number for number, task in enumerate(expected.plan.tasks)}
    items = {(task.id, item): n for task in expected.plan.tasks for n, item in enumerate(task.items)}
    made.sort(key=lambda one: (one.target, order[one.task], items[one.task, one.item]))
    count, persons = expected.unsettled(one.target for one in made)
    if count:
        draft.note("result.note.replacement_open", count=count, persons=first_of(persons, _NAMED))
    return Checked(
        roster=draft.finish(draft.accepted(rows.columns), merged),
        entries=tuple(made),
        unchanged=unchanged,
        corrections=sum(one.corrects > 0 for one in made),
        digest=digest(made),
    )


def digest(entries: Sequence[NewEntry]) -> str:
    """SHA-256 (hex) of what entries say: not of the files that they come from, nor of their order."""
    lines = sorted(
        canonical_json(
            {
                "content": {key: value for key, value in one.content.items() if key not in ("row", "source")},
                "corrects": one.corrects,
                "item": one.item,
                "target": one.target,
                "task": one.task,
            }
        )
        for one in entries
    )
    return sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def _settle_duplicates(draft: Draft, said: dict[int, _Said]) -> int:
    """Rows about the same item: those that say the same count once, any others are all refused.

    Takes what is not to be entered out of `said`; returns how many rows only repeat others.
    """
    by_key: dict[Key, list[int]] = {}
    for row, one in said.items():
        for key in one.keys:
            by_key.setdefault(key, []).append(row)
    for rows in by_key.values():
        if len({(said[row].facts, said[row].reason) for row in rows}) > 1:
            for row in set(rows) - draft.bad:
                others = draft.places(other for other in rows if other != row)
                draft.refuse(row, draft.mapping.entity_key[0], "rosters.duplicate", others=others)
    for row in [row for row in said if row in draft.bad]:
        del said[row]
    taken: set[Key] = set()
    merged: list[int] = []
    for row, one in list(said.items()):
        own = tuple(key for key in one.keys if key not in taken)
        taken.update(own)
        if own:
            said[row] = _Said(own, one.facts, one.reason)
        else:
            merged.append(row)
            del said[row]
    if merged:
        draft.note("rosters.note.identical_rows", count=len(merged), places=draft.places(merged))
    draft.bad.update(merged)
    return len(merged)


def _entries(
    draft: Draft, row: int, said: _Said, standing: Mapping[Key, Entry], reason: str
) -> Iterator[NewEntry]:
    """The entries of a row that say something new; refuses one that silently contradicts what stands."""
    table, place = draft.origins[row]
    for key in said.keys:
        before = standing.get(key)
        why = said.reason or (reason if before is not None else "")
        if before is not None and before.facts == said.facts:
            continue
        if before is None and why:
            draft.refuse(row, draft.heading("correction"), "result.nothing_to_correct")
            return
        elif before is not None and not why:
            draft.refuse(
                row,
                draft.heading("result"),
                "result.already_entered",
                id=before.id,
                operator=before.operator,
                day=before.day.isoformat(),
            )
            return
        else:
            found = content(said.facts, reason=why, source=table.file, row=table.numbers[place])
            yield NewEntry(*key, found, 0 if before is None else before.id)


class _Rows:
    """The rows of a draft, read one by one; each method refuses the cell that it is about."""

    def __init__(self, draft: Draft, expected: Expected, vocabulary: Vocabulary, *, as_drawn: bool) -> None:
        self.draft: Final = draft
        self.expected: Final = expected
        self.vocabulary: Final = vocabulary
        self.as_drawn: Final = as_drawn
        self.columns: Final = result_columns(draft)
        self._called: Final = _by_name(expected.inspectors.values())
        # The same few words stand in thousands of rows: each is looked up once.
        self._meanings: Final[dict[tuple[Role, str], str]] = {}
        self._tasks: Final[dict[tuple[str, str], list[Task]]] = {}
        self._named: Final[dict[tuple[str, str], tuple[str, ...]]] = {}

    def read(self) -> dict[int, _Said]:
        """What the rows say that have no fault so far."""
        found: dict[int, _Said] = {}
        for row in self.draft.good():
            code = self.columns["id"][row]
            target = self.expected.aliases.get(code, code)
            case = self.expected.cases.get(target)
            if target in self.expected.requested:
                self._refuse_code(row, "result.target_requested")
                continue
            if case is None:
                former = target in self.expected.replaced
                self._refuse_code(row, "result.replaced_target" if former else "result.not_a_target")
                continue
            self._check_plan(row)
            task = self._task(row, case)
            items = self._items(row, task) if task else ()
            facts = self._facts(row, case, task)
            if row not in self.draft.bad and task and facts:
                keys = tuple((target, task.id, item) for item in items)
                found[row] = _Said(keys, facts, self._cell("correction", row))
        return found

    def _cell(self, role: Role, row: int) -> str:
        return self.columns[role][row]

    def _refuse(self, row: int, role: Role, code: str, /, **params: str | int) -> None:
        heading = self.draft.heading(role) or self.draft.mapping.with_role("results", role)
        self.draft.refuse(row, heading, code, **params)

    def _refuse_code(self, row: int, code: str) -> None:
        keys = [key for key in self.draft.mapping.entity_key if key in self.draft.columns]
        under = next((key for key in keys if self.draft.columns[key][row]), keys[0])
        self.draft.refuse(row, under, code, plan=self.expected.plan.id)

    def _check_plan(self, row: int) -> None:
        """A plan's number of our own, of another batch: the wrong file, or the wrong `--plan`."""
        written = self._cell("plan_id", row)
        if written != self.expected.plan.id and written in self.expected.other_plans:
            self._refuse(row, "plan_id", "result.other_plan", plan=self.expected.plan.id)

    def _task(self, row: int, case: Case) -> Task | None:
        tasks = self.expected.plan.tasks
        own = [task for task in tasks if task.id in case.tasks]
        number, name = self._cell("task_id", row), self._cell("task_name", row)
        role: Role = "task_name" if name else "task_id"
        if not (number or name):
            if len(own) == 1:
                return own[0]
            self._refuse(row, "task_name", "result.task_needed", known=_names(own))
            return None
        if (number, name) not in self._tasks:
            self._tasks[number, name] = _tasks_called(tasks, squeeze(number), squeeze(name))
        found = self._tasks[number, name]
        if not found:
            self._refuse(row, role, "result.task_unknown", known=_names(tasks))
            return None
        mine = [task for task in found if task in own]
        if not mine:
            self._refuse(row, role, "result.task_not_of_target", known=_names(own))
            return None
        if len(mine) > 1:
            self._refuse(row, role, "result.task_needed", known=Listing(task.id for task in mine))
            return None
        return mine[0]

    def _items(self, row: int, task: Task) -> tuple[str, ...]:
        """The plan's items that a cell names: all for an empty one, several where it divides into them."""
        written = self._cell("item", row)
        if not written:
            return task.items
        if (task.id, written) not in self._named:
            known = {squeeze(item): item for item in task.items}
            whole = known.get(squeeze(written), "")
            parts = [known.get(squeeze(part), "") for part in self.draft.words.split(written)]
            named = (whole,) if whole else tuple(dict.fromkeys(parts)) if all(parts) else ()
            self._named[task.id, written] = named
        if not self._named[task.id, written]:
            self._refuse(row, "item", "result.item_unknown", task=task.name, known=Listing(task.items))
        return self._named[task.id, written]

    def _facts(self, row: int, case: Case, task: Task | None) -> Facts | None:
        day = date.fromisoformat(self._cell("checked_on", row))
        lawful = case.lawful(day) if self._check_day(row, case, day) else case.ever
        category = self._word(row, "result", self.vocabulary.categories, day)
        method = self._method(row, task, day)
        disposal = ""
        if self._cell("disposal", row):
            found = self._word(row, "disposal", self.vocabulary.disposals, day)
            disposal = found.code if found else ""
        persons, as_drawn = self._persons(row, case, day, lawful)
        steps = enforcement(self.draft, self.columns, row, day, self.expected.today, category)
        if category is None or row in self.draft.bad:
            return None
        evidence, scan, note = (self._cell(role, row) for role in _REFERENCES)
        return Facts(
            category.code, method, day, persons, disposal, evidence, scan, note, steps, as_drawn=as_drawn
        )

    def _check_day(self, row: int, case: Case, day: date) -> bool:
        plan, today = self.expected.plan, self.expected.today
        begins, ends = date.fromisoformat(plan.window_from), date.fromisoformat(plan.window_to)
        if day < case.since:
            self._refuse(row, "checked_on", "result.before_draw", since=case.since.isoformat())
        elif not begins <= day <= ends:
            window = {"begins": plan.window_from, "ends": plan.window_to}
            self._refuse(row, "checked_on", "result.outside_window", **window)
        elif day > today:
            self._refuse(row, "checked_on", "result.in_future", today=today.isoformat())
        else:
            return True
        return False

    def _word(self, row: int, role: Role, words: Mapping[str, Coded], day: date) -> Coded | None:
        """What a cell means, refused if it is no word, or none of that day."""
        found = self._meaning(role, words, self._cell(role, row))
        if found is None:
            self._refuse(row, role, _UNKNOWN[role], known=known_words(words.values()))
        elif not found.holds(day):
            known = known_words(one for one in words.values() if one.holds(day))
            said = {"day": day.isoformat(), "period": found.period, "known": known}
            self._refuse(row, role, "result.word_not_valid", **said)
        return found

    def _meaning(self, role: Role, words: Mapping[str, Coded], written: str) -> Coded | None:
        if (role, written) not in self._meanings:
            meant = find_word(words, written)
            self._meanings[role, written] = meant.code if meant else ""
        return words.get(self._meanings[role, written])

    def _method(self, row: int, task: Task | None, day: date) -> str:
        """The cell's method; for an empty one the plan's, where it names one that is known."""
        methods = self.vocabulary.methods
        if self._cell("method", row):
            found = self._word(row, "method", methods, day)
            return found.code if found else ""
        planned = self.expected.methods.get(task.id, "") if task else ""
        known = self._meaning("method", methods, planned) if planned else None
        if known is not None and known.holds(day):
            return known.code
        if task is not None:
            self._refuse(row, "method", "result.method_needed", known=known_words(methods.values()))
        return ""

    def _persons(
        self, row: int, case: Case, day: date, lawful: frozenset[str]
    ) -> tuple[tuple[str, ...], bool]:
        """The ids of those present, ascending, and whether that is only declared; refuses who was not assigned."""
        written = self.draft.words.split(self._cell("persons", row))
        persons = {self._person(row, one, lawful) for one in written}
        if not written and self.as_drawn:
            persons = set(case.assigned(day))
        elif not written:
            self._refuse(row, "persons", "result.persons_missing")
            return (), False
        if "" in persons:
            return (), False
        certified = sum(_certified(self.expected.inspectors[one], day) for one in persons)
        if certified < LEAST_CERTIFIED:
            self._refuse(row, "persons", "result.too_few_certified", count=certified, day=day.isoformat())
        return tuple(sorted(persons)), not written

    def _person(self, row: int, written: str, lawful: frozenset[str]) -> str:
        """The one person meant by an id, a certificate's number or a name; "" if the row is refused for it."""
        people = self.expected.inspectors
        called = self._called.get(written, frozenset()) | self._called.get(clean_code(written), frozenset())
        found = sorted(called & lawful)
        if len(found) == 1:
            return found[0]
        if found:
            known = Listing(f"{one} ({people[one].unit})" for one in found)
            self._refuse(row, "persons", "result.person_namesakes", person=written, known=known)
        elif called:
            team = Listing(people[one].name for one in sorted(lawful))
            self._refuse(row, "persons", "result.person_not_assigned", person=written, team=team)
        else:
            self._refuse(row, "persons", "result.person_unknown", person=written)
        return ""


_UNKNOWN: Final[Mapping[Role, str]] = {
    "result": "result.unknown_category",
    "method": "result.unknown_method",
    "disposal": "result.unknown_disposal",
}
_REFERENCES: Final[tuple[Role, ...]] = ("evidence", "scan", "remark")


def _names(tasks: Sequence[Task]) -> Listing:
    return Listing(task.name for task in tasks)


def _tasks_called(tasks: Sequence[Task], number: str, name: str) -> list[Task]:
    """The tasks with this id or, failing that, this name; both squeezed, the id also where the name should be."""
    found = [task for task in tasks if number and squeeze(task.id) == number]
    return found or [task for task in tasks if name and name in (squeeze(task.name), squeeze(task.id))]


def _by_name(people: Iterable[Inspector]) -> dict[str, frozenset[str]]:
    """Whom a name, an id or a certificate's number may mean."""
    found: dict[str, frozenset[str]] = {}
    for one in people:
        numbers = (clean_code(certificate.number) for certificate in one.certificates)
        for called in {one.name, clean_code(one.id), *numbers}:
            found[called] = found.get(called, frozenset()) | {one.id}
    return found


def _certified(one: Inspector, day: date) -> bool:
    """Whether a person may inspect on a day: no expert, and a certificate that holds."""
    text = day.isoformat()
    return not one.expert and any(
        certificate.cancelled is None and certificate.covers(text, text) for certificate in one.certificates
    )
