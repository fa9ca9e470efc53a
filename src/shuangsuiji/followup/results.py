"""检查结果: what was entered about a target's inspection, who reviewed it, and where it stands.

Entries are only added. A correction is a new entry that names the one it corrects; what stands is the last of such a
chain. A target without an entry is 未检查 (`missing`), never without problems.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final, Literal

from shuangsuiji.core.encoding import Json
from shuangsuiji.store.rows import EntryRow, PublishedRow, ReviewRow

STEPS: Final = ("education", "warning", "fine")
"""执法三步: 批评教育, 警告, 罚款, in their order."""

CLEAN: Final = "no_problem"
"""未发现问题, as `config/results.toml` has it: never told, nor counted, beside a problem of the same visit."""

State = Literal["missing", "pending", "returned", "approved", "published"]
STATES: Final[tuple[State, ...]] = ("missing", "pending", "returned", "approved", "published")
"""未录入, 待审核, 退回, 已审核, 已公示."""

Key = tuple[str, str, str]
"""Of what a result is one: target (entity id), task (id), item (抽查事项, as in the plan)."""


@dataclass(frozen=True, slots=True)
class Enforcement:
    """执法三步: one step (`STEPS`), its day, the number of its document, and of a fine the amount in fen (分)."""

    kind: str
    day: date
    reference: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a result says, whoever entered it and when; the fields are those of `Entry`."""

    category: str
    method: str
    day: date
    persons: tuple[str, ...]
    disposal: str = ""
    evidence: str = ""
    scan: str = ""
    note: str = ""
    enforcement: tuple[Enforcement, ...] = ()
    as_drawn: bool = False

    def object(self) -> dict[str, Json]:
        """The facts as JSON."""
        return {
            "as_drawn": int(self.as_drawn),
            "category": self.category,
            "day": self.day.isoformat(),
            "disposal": self.disposal,
            "enforcement": [
                {
                    "amount": one.amount,
                    "day": one.day.isoformat(),
                    "kind": one.kind,
                    "reference": one.reference,
                }
                for one in self.enforcement
            ],
            "evidence": self.evidence,
            "method": self.method,
            "note": self.note,
            "persons": list(self.persons),
            "scan": self.scan,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """检查结果录入: one target's result for one item.

    `id` is serial in the workspace, `batch` (录入批号) the number of the log entry that it came with. `category`,
    `method` and `disposal` (后续处置, may be "") are codes of `results.toml`; `day` is the day on which the check was
    completed, `persons` the ids of the inspectors who were present, ascending; `evidence` and `scan` (扫码入企) are
    references. `as_drawn`: nobody said who was present, the operator declared that those drawn went. `corrects` is the
    id of what it corrects, 0 if nothing, and `reason` why. `source` and `row` say where in which file it stood, "" and
    0 if it was typed.
    """

    id: int
    batch: int
    target: str
    task: str
    item: str
    category: str
    method: str
    day: date
    persons: tuple[str, ...]
    disposal: str
    evidence: str
    scan: str
    note: str
    enforcement: tuple[Enforcement, ...]
    corrects: int
    reason: str
    operator: str
    time: datetime
    source: str
    row: int
    as_drawn: bool = False

    @property
    def key(self) -> Key:
        """Of what it is the result."""
        return (self.target, self.task, self.item)

    @property
    def facts(self) -> Facts:
        """What it says."""
        return Facts(**{one.name: getattr(self, one.name) for one in fields(Facts)})

    @property
    def public_part(self) -> tuple[object, ...]:
        """What of it may be public; method, follow-up, notes and evidence never are."""
        return self.category, self.day, self.persons, self.enforcement


@dataclass(frozen=True, slots=True)
class Review:
    """审核: approved or returned (with a reason), by another person than who entered."""

    entry: int
    approved: bool
    reason: str
    operator: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """结果现状: where the result of one target, task and item stands.

    `entry` is what stands, None if nothing was entered; `review` its review. `public` is the entry that was published
    last and `told` when: a correction that is not published yet leaves both.
    """

    target: str
    task: str
    item: str
    state: State
    entry: Entry | None = None
    review: Review | None = None
    public: Entry | None = None
    told: datetime | None = None

    @property
    def key(self) -> Key:
        """Of what it is the result."""
        return (self.target, self.task, self.item)


def standings(
    expected: Iterable[Key],
    entries: Sequence[Entry],
    reviews: Iterable[Review],
    published: Mapping[int, datetime],
) -> tuple[Standing, ...]:
    """Where the results of all that is `expected` stand, in that order.

    `entries` are in the order of their ids; `published` says which of them were, by id, and when. Results of what is
    not expected (any more: a target replaced by record) are passed over.
    """
    by_key: dict[Key, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    reviewed = {one.entry: one for one in reviews}
    return tuple(_standing(key, by_key.get(key, []), reviewed, published) for key in expected)


def _standing(
    key: Key, entries: Sequence[Entry], reviews: Mapping[int, Review], published: Mapping[int, datetime]
) -> Standing:
    if not entries:
        return Standing(*key, "missing")
    last = entries[-1]
    review = reviews.get(last.id)
    public = next((one for one in reversed(entries) if one.id in published), None)
    told = None if public is None else published[public.id]
    return Standing(*key, _state(last, review, public), last, review, public, told)


def _state(entry: Entry, review: Review | None, public: Entry | None) -> State:
    """An approved correction of what never is public has nothing to wait for: what is public is what stands."""
    if review is None:
        return "pending"
    if not review.approved:
        return "returned"
    return "published" if public is not None and public.public_part == entry.public_part else "approved"


def publishable(found: Iterable[Standing]) -> bool:
    """Whether a target has all its results approved, and one of them tells the public something new."""
    by_target: dict[str, list[Standing]] = {}
    for one in found:
        by_target.setdefault(one.target, []).append(one)
    return any(
        all(one.state in ("approved", "published") or one.public for one in own)
        and any(one.state == "approved" for one in own)
        for own in by_target.values()
    )


def content(facts: Facts, *, reason: str = "", source: str = "", row: int = 0) -> dict[str, Json]:
    """What the store keeps of an entry besides its own columns; `parse_entry` reads it back."""
    return facts.object() | {"reason": reason, "row": row, "source": source}


def parse_entry(row: EntryRow) -> Entry:
    """The entry of a row that the store kept."""
    value: Mapping[str, Any] = row.content
    return Entry(
        id=row.id,
        batch=row.batch,
        target=row.target,
        task=row.task,
        item=row.item,
        category=value["category"],
        method=value["method"],
        day=date.fromisoformat(value["day"]),
        persons=tuple(value["persons"]),
        disposal=value["disposal"],
        evidence=value["evidence"],
        scan=value["scan"],
        note=value["note"],
        enforcement=tuple(
            Enforcement(one["kind"], date.fromisoformat(one["day"]), one["reference"], one["amount"])
            for one in value["enforcement"]
        ),
        corrects=row.corrects,
        reason=value["reason"],
        operator=row.operator,
        time=row.time,
        source=value["source"],
        row=value["row"],
        as_drawn=value["as_drawn"] == 1,
    )


def parse_review(row: ReviewRow) -> Review:
    """The review of a row that the store kept."""
    return Review(row.entry, row.approved, row.reason, row.operator, row.time)


def told_at(rows: Iterable[PublishedRow]) -> dict[int, datetime]:
    """When entries were published, by id."""
    return {one.entry: one.time for one in rows}
