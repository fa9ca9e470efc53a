"""年度总账: a year's account as a document, for the public and, with more in it, for the authority itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from shuangsuiji.bundle.disclose_account import PublicAccount, PublicKind, PublicProgress
from shuangsuiji.followup.figures import hundredths
from shuangsuiji.followup.statistics import Account, Progress
from shuangsuiji.followup.work import Work
from shuangsuiji.publish import charts
from shuangsuiji.publish.content import (
    Annex,
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    words,
)
from shuangsuiji.publish.words import zh

_FEN: Final = 100
_SHARES: Final = {"unit": 10, "section": 6, "name": 5}
"""Of the width of tables of work, where numbers have three."""
_LONG: Final = 40
"""From so many rows on a table is set as a list over pages."""
_STEPS: Final = ("proposed", "letter_1", "letter_2", "verified", "decided", "removed", "dropped")


def percent(part: int, whole: int) -> str:
    """A rate in per cent to two places, halves up; only a whole is 100%, only nothing is 0.00%."""
    if not whole:
        return zh("account.none")
    if part == whole:
        return zh("account.all")
    shown = min(max(hundredths(Fraction(part, whole)), bool(part)), 9_999)
    return zh("account.percent", whole=shown // 100, part=f"{shown % 100:02}")


def account_content(
    view: PublicAccount, names: Mapping[str, str], undrawn: Sequence[str] = (), void: int = 0
) -> Document:
    """年度总账公示. `names` are the words of results by code (of methods, `method.` and the code).

    `undrawn` plans of the year are not counted, nor are the `void` draws.
    """
    measures = _measures(view, zh("account.measures.none_public"))
    return _content(view, names, undrawn, void, measures)


def _content(
    view: PublicAccount, names: Mapping[str, str], undrawn: Sequence[str], void: int, measures: str
) -> Document:
    return Document(
        kind="account",
        authority=view.authority,
        title=(zh("account.title", year=view.year),),
        rehearsal=view.rehearsal,
        marks=(
            zh("account.mark_year", year=view.year),
            zh("account.mark_batches", count=len(view.batches)),
        ),
        opening=(),
        sections=(
            Section(zh("account.whole.heading"), tuple(_whole(view, undrawn, void))),
            Section(zh("account.found.heading"), _found(view, names, "account.found.public")),
            *_followed(view, measures),
            Section(zh("account.groups.heading"), _groups(view)),
        ),
        ending=(),
        issuer=view.authority,
        issued=view.issued,
    )


def internal_content(
    view: PublicAccount, whole: Account, names: Mapping[str, str], undrawn: Sequence[str] = (), void: int = 0
) -> Document:
    """年度总账（内部）: `view` is of the reviewed results here, `whole` has what is never public."""
    measures = _measures(view, zh("account.measures.none"))
    if whole.fines:
        measures += zh("account.measures.fines", amount=yuan(whole.fines))
    public = _content(view, names, undrawn, void, measures)
    first, _, *rest = public.sections
    found = (*_found(view, names, "account.found.internal"), *_kinds(whole, names))
    internal = (_paragraph(zh("account.internal.pending", **_waiting(whole))), *_tiers(whole))
    return Document(
        kind=public.kind,
        authority=public.authority,
        title=(*public.title, zh("account.title_internal")),
        rehearsal=public.rehearsal,
        marks=(*public.marks, zh("account.mark_internal")),
        opening=(),
        sections=(
            first,
            Section(zh("account.found.heading"), found),
            *rest,
            Section(zh("account.internal.heading"), (*internal, *_works(whole))),
        ),
        ending=(_paragraph(zh("account.trace")),),
        issuer=public.issuer,
        issued=public.issued,
        annexes=(
            Annex(zh("account.internal.persons"), (_work(whole.persons, ("unit", "section", "name", "id")),)),
        ),
    )


def kinds_chart(view: PublicAccount, names: Mapping[str, str]) -> str:
    """Results by kind as bars (SVG), the most frequent first."""
    rows = [charts.Bar(_name(names, one.code), one.entities) for one in _most_first(view.categories)]
    return charts.bars(zh("account.found.chart"), rows)


def districts_chart(view: PublicAccount) -> str:
    """Entities by district as stacked bars (SVG): without problem, with one, not to be found."""
    keys = [zh(f"account.groups.key.{key}") for key in ("rest", "problem", "lost")]
    rows = [
        charts.Stack(_label(one), (one.entities - one.problem, one.problem - one.lost, one.lost))
        for one in view.districts
    ]
    return charts.stacked(zh("account.groups.chart"), keys, rows)


def _whole(view: PublicAccount, undrawn: Sequence[str], void: int) -> Iterator[Block]:
    whole = view.whole
    count = {"entities": whole.entities, "due": whole.due, "calls": whole.calls}
    yield _paragraph(
        zh(
            "account.whole.drawn",
            year=view.year,
            authority=view.authority,
            batches=len(view.batches),
            **count,
        )
    )
    tasks: dict[str, list[tuple[str, int]]] = {}
    for _, task, tier, drawn in view.drawn:
        tasks.setdefault(task, []).append((tier, drawn))
    for task, tiers in tasks.items():
        said = [zh("account.whole.tier", tier=tier, count=drawn) for tier, drawn in tiers]
        total = sum(drawn for _, drawn in tiers)
        yield _paragraph(zh("account.whole.tiers", task=task, count=total, tiers=_listed(said)))
    yield _paragraph(
        zh(
            "account.whole.rates",
            due=whole.due,
            checked=whole.checked,
            entered=whole.entered,
            published=whole.published,
            check=percent(whole.checked, whole.due),
            entry=percent(whole.entered, whole.due),
            publication=percent(whole.published, whole.due),
        )
    )
    if undrawn:
        yield _paragraph(zh("account.whole.open", count=len(undrawn), plans=_listed(undrawn)))
    if void:
        yield _paragraph(zh("account.whole.void", count=void))


def _found(view: PublicAccount, names: Mapping[str, str], code: str) -> tuple[Block, ...]:
    columns = (
        Column(zh("account.found.table.kind")),
        Column(zh("account.found.table.entities"), "number"),
        Column(zh("account.found.table.lines"), "number"),
    )
    rows = tuple((_name(names, one.code), one.entities, one.lines) for one in _most_first(view.categories))
    said = _paragraph(zh(code, lines=view.results, problem=view.whole.problem, lost=view.whole.lost))
    if not rows:
        return (said,)
    return (
        said,
        Chart(kinds_chart(view, names), zh("account.found.chart")),
        Table(columns, rows, zh("account.found.caption")),
        Paragraph(words(zh("account.found.note")), "note"),
    )


def _measures(view: PublicAccount, none: str) -> str:
    kinds = [
        zh(
            "account.measures.kind",
            kind=zh(f"account.measures.{one.code}"),
            lines=one.lines,
            entities=one.entities,
        )
        for one in view.enforcement
    ]
    return zh("account.measures.taken", kinds=_listed(kinds)) if kinds else none


def _followed(view: PublicAccount, measures: str) -> tuple[Section, ...]:
    taken = [
        zh(f"account.abnormal.{step}", count=view.steps[step]) for step in _STEPS if view.steps.get(step)
    ]
    listed = zh("account.abnormal.taken", steps=_listed(taken)) if taken else zh("account.abnormal.none")
    left = view.reviewed - view.cancelled
    reviewed = zh("account.people.none")
    if view.reviewed:
        reviewed = zh("account.people.reviewed", reviewed=view.reviewed, cancelled=view.cancelled, left=left)
    return (
        Section(zh("account.measures.heading"), (_paragraph(measures),)),
        Section(zh("account.abnormal.heading"), (_paragraph(listed),)),
        Section(zh("account.people.heading"), (_paragraph(reviewed),)),
    )


def _groups(view: PublicAccount) -> tuple[Block, ...]:
    return (
        progress_table(view.batches, zh("account.groups.batches"), view.whole),
        progress_table(view.tasks, zh("account.groups.tasks")),
        progress_table(view.districts, zh("account.groups.districts"), view.whole),
        *((Chart(districts_chart(view), zh("account.groups.chart")),) if view.districts else ()),
    )


def progress_table(
    groups: Sequence[PublicProgress], caption: str, total: PublicProgress | None = None
) -> Table:
    """完成情况 of groups, one row each."""
    names = ("name", "entities", "due", "checked", "entered", "published", "problem", "lost", "listed")
    columns = [Column(zh(f"account.groups.{name}"), "number", 3) for name in names]
    columns[0] = Column(zh("account.groups.name"), share=8)
    rows = tuple((_label(one), *_numbers(one)) for one in groups)
    last: tuple[Cell, ...] = (zh("account.groups.total"), *_numbers(total)) if total else ()
    return Table(tuple(columns), rows, caption, last)


def _numbers(one: PublicProgress) -> tuple[Cell, ...]:
    rates = (percent(part, one.due) for part in (one.checked, one.entered, one.published))
    return (one.entities, one.due, *rates, one.problem, one.lost, one.listed)


def _kinds(whole: Account, names: Mapping[str, str]) -> Iterator[Table]:
    """Methods and follow-ups of reviewed results."""
    for code, kind, found in (
        ("account.found.methods", "method", whole.methods),
        ("account.found.disposals", "disposal", whole.disposals),
    ):
        columns = (
            Column(zh(code)),
            Column(zh("account.found.table.entities"), "number"),
            Column(zh("account.found.table.lines"), "number"),
        )
        rows = tuple((_name(names, f"{kind}.{key}"), one.entities, one.lines) for key, one in found.items())
        if rows:
            yield Table(columns, rows, zh(code))


def _waiting(whole: Account) -> Mapping[str, int]:
    missing = whole.whole.due.visits - whole.whole.entered.visits
    return {"pending": whole.pending.lines, "returned": whole.returned.lines, "missing": missing}


def _tiers(whole: Account) -> tuple[Block, ...]:
    own = [_own(one) for one in whole.tiers]
    note = Paragraph(words(zh("account.internal.tiers")), "note")
    return (progress_table(own, zh("account.groups.tiers")), note) if own else ()


def _own(one: Progress) -> PublicProgress:
    """A group of the internal account, in the shape of a public one."""
    counts = (one.due.visits, one.checked.visits, one.entered.visits, one.published.visits)
    found = (one.problem.entities, one.lost.entities, one.listed.entities)
    return PublicProgress(one.key, one.names, one.due.entities, one.due.calls, *counts, *found)


def _works(whole: Account) -> tuple[Block, ...]:
    note = Paragraph(words(zh("account.internal.work.note")), "note")
    units = _work(whole.units, ("unit",), zh("account.internal.units"))
    return (units, _work(whole.sections, ("unit", "section"), zh("account.internal.sections")), note)


def _work(rows: Sequence[Work], names: Sequence[str], caption: str = "") -> Table:
    columns = [
        Column(zh(f"account.internal.work.{name}"), "code" if name == "id" else "word", _SHARES.get(name, 0))
        for name in names
    ]
    counted = ("due", "came", "rate", "visits", "entered", "problem", "listed")
    columns += [
        Column(zh(f"account.internal.work.{name}"), "number", 4 if name == "rate" else 3) for name in counted
    ]
    made = tuple((*map(_named, one.names), *_done(one)) for one in rows)
    return Table(tuple(columns), made, caption, long=len(rows) > _LONG)


def _done(one: Work) -> tuple[Cell, ...]:
    due, came = one.due.lines, one.came.lines
    found = (one.problem.entities, one.listed.entities)
    return (due, came, percent(came, due), one.visits.calls, one.entered.lines, *found)


def _most_first(kinds: Iterable[PublicKind]) -> list[PublicKind]:
    return sorted(kinds, key=lambda one: -one.entities)


def yuan(fen: int) -> str:
    """An amount in yuan, without a fraction where there is none."""
    whole, rest = divmod(fen, _FEN)
    return f"{whole}.{rest:02}" if rest else str(whole)


def _label(one: PublicProgress) -> str:
    return _listed(map(_named, one.names))


def _named(name: str) -> str:
    return name or zh("account.unmarked")


def _name(names: Mapping[str, str], code: str) -> str:
    return names.get(code) or zh("account.other", what=code)


def _listed(texts: Iterable[str]) -> str:
    return zh("notices.enumerate").join(texts)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(words(text))
