"""Papers for inspectors: 检查任务书 of a team and 现场检查记录表 of a target; internal, with places to write.

They know nothing of tiers or risk grades: their types have no field for one, since a form lies open on the counter of
the business that it is about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from shuangsuiji.bundle.public import PublicHead
from shuangsuiji.publish import words
from shuangsuiji.publish.content import (
    Block,
    Cell,
    Choices,
    Column,
    Document,
    Fact,
    Facts,
    Lines,
    Paragraph,
    Section,
    Signatures,
    Span,
    Steps,
    Table,
)
from shuangsuiji.publish.phrases import document, fact, rich, said
from shuangsuiji.publish.words import zh

_LINES: Final = 6
"""Lines for the situation on a form of at most `_ROWS` rows, `_FEWEST` on any; two rows more take `_MORE` of them."""
_LOWER: Final = 2
"""Three lines of words more in a table take two lines for the situation."""
_FACT: Final = 15
_PLACE: Final = 6
_UNIT: Final = 14
_TASK: Final = 8
_ITEM: Final = 14
"""Characters in a line of the columns of a form that hold long words."""
_ROWS: Final = 5
_FEWEST: Final = 2
_MORE: Final = 3


@dataclass(frozen=True, slots=True)
class Person:
    """检查人员 of a team: the place (席位) it was drawn for, name, unit, certificate number (may be empty)."""

    place: str
    name: str
    unit: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A task of a visit: its name, the items to be checked, the method that the plan names (may be empty)."""

    task: str
    items: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """One target's visit as it is planned: whom, where, when, for what, by whom.

    `appointed` is 预约: the business knows the day.
    """

    block: int
    id: str
    name: str
    address: str
    district: str
    day: date
    appointed: bool
    duties: tuple[Duty, ...]
    team: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class FormWords:
    """What may be chosen on a record form: results (检查结果), methods (检查方式), follow-ups (后续处置)."""

    categories: tuple[str, ...]
    methods: tuple[str, ...]
    disposals: tuple[str, ...]


def task_sheet(head: PublicHead, block: int, inspections: Sequence[Inspection]) -> Document:
    """检查任务书: whom a team is to inspect and when; `inspections` (one or more) in the order of the visits.

    The team is that of most of them; those whose team was replaced are marked.
    """
    teams = [one.team for one in inspections]
    team = max(teams, key=teams.count)
    days = sorted(one.day for one in inspections)
    code = "notices.papers.order_said_day" if days[0] == days[-1] else "notices.papers.order_said"
    given = {"first": words.day(days[0])} | ({} if days[0] == days[-1] else {"last": words.day(days[-1])})
    order = rich(code, title=head.title, block=block, count=len(inspections), **given)
    rules = [
        rich("notices.papers.rule_two"),
        rich("notices.papers.rule_once"),
        rich("notices.papers.rule_recuse"),
        rich("notices.papers.rule_day"),
        rich("notices.papers.rule_record"),
    ]
    made = document(
        head,
        "task",
        (head.title, zh("notices.papers.task")),
        opening=(_internal(), said(order), _team(team, signed=False)),
        sections=(
            Section(zh("notices.papers.visits"), tuple(_visits(inspections, team))),
            Section(zh("notices.papers.duties"), (_duties(inspections),)),
            Section(zh("notices.papers.rules"), (Steps(tuple(rules)),)),
        ),
        ending=(Signatures((zh("notices.papers.issuer_signs"), zh("notices.papers.team_signs"))),),
        sheet=True,
    )
    return _marked(made, block, inspections[0].district)


def record_form(head: PublicHead, inspection: Inspection, choices: FormWords) -> Document:
    """现场检查记录表: one target's form to fill in on the spot."""
    made = document(
        head,
        "record",
        (head.title, zh("notices.papers.record")),
        opening=tuple(_form(inspection, choices)),
        sheet=True,
    )
    return _marked(made, inspection.block, inspection.district)


def _internal() -> Paragraph:
    return Paragraph(rich("notices.papers.internal"), "warning")


def _marked(made: Document, block: int, district: str) -> Document:
    """With the marks of a team; a paper has no issuing line, since it is signed by hand."""
    marks = [*made.marks, zh("notices.papers.team_mark", block=block)]
    marks += [zh("notices.papers.district_mark", district=district)] if district else []
    return replace(made, marks=tuple(marks), issuer="")


def _team(team: Sequence[Person], *, signed: bool) -> Table:
    """A team; `signed` with a place for each to sign."""
    columns = [
        Column(zh("notices.papers.place"), share=2),
        Column(zh("notices.papers.person"), share=2),
        Column(zh("notices.papers.unit"), share=4),
        Column(zh("notices.papers.certificate"), "code", 3),
    ]
    columns += [Column(zh("notices.papers.present"), "blank", 3)] if signed else []
    rows: list[tuple[Cell, ...]] = [
        (one.place, one.name, one.unit, one.certificate, *([""] if signed else [])) for one in team
    ]
    return Table(tuple(columns), tuple(rows), zh("notices.papers.team"), tall=signed)


def _visits(inspections: Sequence[Inspection], team: Sequence[Person]) -> Iterator[Block]:
    numbers = _task_numbers(inspections)
    columns = (
        Column(zh("notices.papers.number"), "number"),
        Column(zh("notices.papers.day"), share=4),
        Column(zh("notices.papers.name"), share=6),
        Column(zh("notices.papers.code"), "code"),
        Column(zh("notices.papers.address"), share=5),
        Column(zh("notices.papers.tasks"), "codes"),
    )
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(inspections, start=1):
        mark = "*" if one.team != team else ""
        day = _short_day(one.day) + (zh("notices.papers.appointed") if one.appointed else "")
        own = tuple(str(numbers[duty.task]) for duty in one.duties)
        rows.append((number, day, _name(one) + mark, one.id, one.address, own))
    yield Table(columns, tuple(rows), long=True)
    if any(one.team != team for one in inspections):
        yield Paragraph(rich("notices.papers.changed_team"), "note")


def _task_numbers(inspections: Sequence[Inspection]) -> dict[str, int]:
    """The tasks of some visits, numbered from 1."""
    names = dict.fromkeys(duty.task for one in inspections for duty in one.duties)
    return {name: number for number, name in enumerate(names, start=1)}


def _duties(inspections: Sequence[Inspection]) -> Table:
    duties = dict.fromkeys(duty for one in inspections for duty in one.duties)
    columns = (
        Column(zh("notices.papers.task_column"), share=2),
        Column(zh("notices.papers.item"), "lines", 4),
        Column(zh("notices.papers.method"), share=2),
    )
    numbers = _task_numbers(inspections)
    rows: list[tuple[Cell, ...]] = [
        (zh("notices.papers.numbered", number=numbers[one.task], words=one.task), one.items, one.method)
        for one in duties
    ]
    return Table(columns, tuple(rows))


def _form(one: Inspection, choices: FormWords) -> Iterator[Block]:
    arrangement = "notices.papers.appointed" if one.appointed else "notices.papers.unannounced"
    yield Facts(
        (
            fact("notices.papers.name", _name(one)),
            fact("notices.papers.code", (Span(one.id, "code"),)),
            fact("notices.papers.address", one.address),
            fact("notices.papers.district", one.district),
            fact("notices.papers.planned_day", words.day(one.day)),
            fact("notices.papers.arrangement", zh(arrangement)),
            fact("notices.papers.time", zh("notices.papers.time_blank")),
            Fact(zh("notices.papers.scan"), ()),
        ),
        pairs=True,
    )
    yield _team(one.team, signed=True)
    columns = (
        Column(zh("notices.papers.task_column"), share=3),
        Column(zh("notices.papers.item"), share=5),
        Column(zh("notices.papers.way"), "blank", 2),
        Column(zh("notices.papers.result"), "blank", 2),
        Column(zh("notices.papers.detail"), "blank", 5),
    )
    rows = [(duty.task, item, "", "", "") for duty in one.duties for item in duty.items]
    yield Table(columns, tuple(rows), zh("notices.papers.duties"), tall=True)
    yield Choices(zh("notices.papers.categories"), _numbered(choices.categories), boxes=False)
    yield Choices(zh("notices.papers.methods"), _numbered(choices.methods), boxes=False)
    yield Choices(zh("notices.papers.disposals"), choices.disposals)
    yield Lines(zh("notices.papers.situation"), _lines(len(one.team) + len(rows), _more_lines(one)))
    yield Lines(zh("notices.papers.statement"), 2)
    yield Signatures(
        (
            zh("notices.papers.inspectors_sign"),
            zh("notices.papers.target_signs"),
            zh("notices.papers.witness_signs"),
        )
    )


def _lines(rows: int, more: int) -> int:
    """Lines for the situation: fewer below many rows to write in, or higher ones, so that a form is one page."""
    taken = (_MORE * max(0, rows - _ROWS) + 1) // 2 + (_LOWER * more + 2) // 3
    return max(_FEWEST, _LINES - taken)


def _more_lines(one: Inspection) -> int:
    """How many lines long words take in the tables beyond the one, in rows to write in the two, that have room."""
    more = sum(max(0, _broken((text, _FACT)) - 1) for text in (one.name, one.address))
    more += sum(max(0, _broken((at.place, _PLACE), (at.unit, _UNIT)) - 2) for at in one.team)
    items = ((duty.task, item) for duty in one.duties for item in duty.items)
    return more + sum(max(0, _broken((task, _TASK), (item, _ITEM)) - 2) for task, item in items)


def _broken(*cells: tuple[str, int]) -> int:
    """The lines of a row whose cells have so many characters in a line."""
    return max(-(-len(text) // room) for text, room in cells)


def _short_day(day: date) -> str:
    weekday = zh("notices.papers.weekdays")[day.weekday()]
    return zh("notices.papers.short_day", month=day.month, day=day.day, weekday=weekday)


def _name(one: Inspection) -> str:
    return one.name or zh("notices.papers.no_name")


def _numbered(texts: Sequence[str]) -> tuple[str, ...]:
    """Numbers in front: they are written into the table, so there is nothing to tick."""
    return tuple(
        zh("notices.papers.numbered", number=number, words=text) for number, text in enumerate(texts, start=1)
    )
