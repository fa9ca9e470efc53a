"""The part of `disclose` about a year's account (年度总账): numbers of groups that anyone can see, and of no other.

Public are how many were due, checked, entered and published, what was found as far as it was published, the measures
that are public with a result, never what was fined (of one fined business the sum would be its fine), and how many
inspectors were reviewed. How many a tier drew was public with each draw; what was found in it is not: beside the
published results it would tell who is in it. Nothing here names an enterprise or a person, nor a single record.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Figure(Protocol):
    """A number and the records that it counts, as `followup.statistics.Figure` has it."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def entities(self) -> int:
        """户."""

    @property
    def visits(self) -> int:
        """户次."""

    @property
    def calls(self) -> int:
        """检查次数（上门）."""

    @property
    def lines(self) -> int:
        """条."""


class Progress(Protocol):
    """完成情况, as `followup.statistics.Progress` has it."""

    @property
    def key(self) -> str:
        """The beginning of the keys of its figures."""

    @property
    def names(self) -> tuple[str, ...]:
        """Whose."""

    @property
    def due(self) -> Figure:
        """应检查."""

    @property
    def checked(self) -> Figure:
        """已检查."""

    @property
    def entered(self) -> Figure:
        """已录入."""

    @property
    def published(self) -> Figure:
        """已公示."""

    @property
    def problem(self) -> Figure:
        """发现问题."""

    @property
    def lost(self) -> Figure:
        """无法联系."""

    @property
    def listed(self) -> Figure:
        """列入经营异常名录."""


class Account(Protocol):
    """年度总账, as `followup.statistics.Account` has it: as far as some of it is public."""

    @property
    def whole(self) -> Progress:
        """The year."""

    @property
    def batches(self) -> Sequence[Progress]:
        """By batch."""

    @property
    def tasks(self) -> Sequence[Progress]:
        """By task."""

    @property
    def districts(self) -> Sequence[Progress]:
        """By district."""

    @property
    def tiers(self) -> Sequence[Progress]:
        """By task and tier."""

    @property
    def results(self) -> Figure:
        """All reviewed results."""

    @property
    def categories(self) -> Mapping[str, Figure]:
        """Results by kind."""

    @property
    def enforcement(self) -> Mapping[str, Figure]:
        """Measures by kind."""

    @property
    def steps(self) -> Mapping[str, Figure]:
        """经营异常名录."""

    @property
    def reviewed(self) -> Figure:
        """审验."""

    @property
    def cancelled(self) -> Figure:
        """注销."""


@dataclass(frozen=True, slots=True)
class PublicProgress:
    """完成情况 of a group: 户 that were due, the calls they took (上门), 户次 due, checked, entered and published.

    `problem` and `lost` are 户 with what was found, `listed` 户 put on the list of abnormal operations. `key` begins
    the keys of its numbers, here as in the internal account.
    """

    key: str
    names: tuple[str, ...]
    entities: int
    calls: int
    due: int
    checked: int
    entered: int
    published: int
    problem: int
    lost: int
    listed: int


@dataclass(frozen=True, slots=True)
class PublicKind:
    """A kind of result or measure: its code, in how many 户, how many 条."""

    code: str
    entities: int
    lines: int


@dataclass(frozen=True, slots=True)
class PublicAccount:
    """年度总账公示. `drawn` are key, task, tier and how many (户次) it drew; `steps` the 户 that reached each step.

    `results` are all results that were published; `reviewed` and `cancelled` are inspectors.
    """

    authority: str
    year: int
    rehearsal: bool
    issued: date
    whole: PublicProgress
    batches: tuple[PublicProgress, ...]
    tasks: tuple[PublicProgress, ...]
    districts: tuple[PublicProgress, ...]
    drawn: tuple[tuple[str, str, str, int], ...]
    results: int
    categories: tuple[PublicKind, ...]
    enforcement: tuple[PublicKind, ...]
    steps: Mapping[str, int]
    reviewed: int
    cancelled: int


def disclose_account(
    whole: Account,
    told: Account,
    *,
    measures: Collection[str],
    authority: str,
    year: int,
    rehearsal: bool,
    issued: date,
) -> PublicAccount:
    """What is public of a year: how far it has come from `whole`, what was found from `told`.

    `told` counts the same visits, but only results as they were published; `measures` are the public ones (codes).
    """
    return PublicAccount(
        authority=authority,
        year=year,
        rehearsal=rehearsal,
        issued=issued,
        whole=_progress(whole.whole, told.whole),
        batches=_groups(whole.batches, told.batches),
        tasks=_groups(whole.tasks, told.tasks),
        districts=_groups(whole.districts, told.districts),
        drawn=tuple((one.due.key, *one.names[:2], one.due.visits) for one in whole.tiers),  # type: ignore[misc]
        results=told.results.lines,
        categories=_kinds(told.categories),
        enforcement=_kinds({code: one for code, one in told.enforcement.items() if code in measures}),
        steps={step: one.entities for step, one in whole.steps.items()},
        reviewed=whole.reviewed.lines,
        cancelled=whole.cancelled.lines,
    )


def _groups(whole: Iterable[Progress], told: Iterable[Progress]) -> tuple[PublicProgress, ...]:
    return tuple(map(_progress, whole, told))


def _progress(whole: Progress, told: Progress) -> PublicProgress:
    return PublicProgress(
        key=whole.key,
        names=whole.names,
        entities=whole.due.entities,
        calls=whole.due.calls,
        due=whole.due.visits,
        checked=whole.checked.visits,
        entered=whole.entered.visits,
        published=whole.published.visits,
        problem=told.problem.entities,
        lost=told.lost.entities,
        listed=whole.listed.entities,
    )


def _kinds(found: Mapping[str, Figure]) -> tuple[PublicKind, ...]:
    return tuple(PublicKind(code, one.entities, one.lines) for code, one in found.items() if one.lines)
