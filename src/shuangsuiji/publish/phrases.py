"""Sentences of a notice as texts of the content model, and what the notices have in common."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from shuangsuiji.bundle.public import PublicHead, PublicPeople, PublicTask, PublicTiming
from shuangsuiji.core.seed import Announced, Drawing
from shuangsuiji.messages import catalogue
from shuangsuiji.publish import words
from shuangsuiji.publish.content import (
    Annex,
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Paragraph,
    Section,
    Span,
    Table,
    Text,
)
from shuangsuiji.publish.words import zh


def rich(code: str, **params: str | int) -> Text:
    """A sentence of the catalogue in Chinese, what stands between two stars in it strong; a parameter never is so."""
    parts = catalogue("notices")[code].text["zh"].split("**")
    spans = (
        Span(part.format(**params), "strong" if number % 2 else "")
        for number, part in enumerate(parts)
        if part
    )
    return tuple(spans)


def said(*texts: Text) -> Paragraph:
    """A paragraph of the body."""
    return Paragraph(tuple(span for text in texts for span in text))


def paragraphs(body: str) -> tuple[Paragraph, ...]:
    """An author's own text, a paragraph for each line."""
    return tuple(Paragraph((Span(line.strip()),)) for line in body.splitlines() if line.strip())


def fact(code: str, *values: str | Text) -> Fact:
    """A fact under a label of the catalogue."""
    return Fact(zh(code), tuple((Span(value),) if isinstance(value, str) else value for value in values))


def digest(code: str, value: str) -> Fact:
    """A digest under a label of the catalogue."""
    return fact(code, (Span(value, "digest"),))


def enumerated(texts: Iterable[str]) -> str:
    """甲、乙、丙."""
    return zh("notices.enumerate").join(texts)


def window(days: tuple[object, object] | Sequence[object]) -> str:
    """The days of the visits in words."""
    first, last = days
    return zh("notices.window", first=words.day(first), last=words.day(last))  # type: ignore[arg-type]


def document(
    head: PublicHead,
    kind: str,
    title: tuple[str, ...],
    *,
    opening: Sequence[Block] = (),
    sections: Sequence[Section] = (),
    ending: Sequence[Block] = (),
    annexes: Sequence[Annex] = (),
    verifier: str = "",
    sheet: bool = False,
) -> Document:
    """A document with the marks, the contact and the closing lines of its head."""
    mark = "notices.mark_draw_rehearsal" if head.rehearsal else "notices.mark_draw"
    contact = (Paragraph((Span(head.contact),)),) if head.contact else ()
    return Document(
        kind=kind,
        authority=head.authority,
        title=title,
        rehearsal=head.rehearsal,
        marks=(
            zh("notices.mark_plan", plan=head.plan, version=head.version),
            zh(mark, draw=head.draw),
        ),
        opening=tuple(opening),
        sections=tuple(sections),
        ending=(*contact, *ending),
        issuer=head.issuer,
        issued=head.issued,
        annexes=tuple(annexes),
        verifier=verifier,
        sheet=sheet,
    )


def successor(predecessor: int) -> tuple[Paragraph, ...]:
    """What a draw that takes a void one's place says of it."""
    return (said(rich("notices.successor", predecessor=predecessor)),) if predecessor else ()


def people(view: PublicPeople) -> str:
    """How many are on the roster, and how many could be drawn."""
    text = zh("notices.people", total=view.total, eligible=view.eligible)
    if view.left_out:
        left = view.total - view.eligible
        text += zh("notices.people_left_out", count=left, reasons=words.left_out(view.left_out))
    return text + zh("notices.full_stop")


def announced(value: Announced, hours: Mapping[str, datetime], usual: Mapping[str, str]) -> str:
    """A public value to come, with its fallbacks, each with its announced hour.

    `usual` are days and hours of lotteries in words, by source, told of a value whose own hour is not announced.
    """
    text = words.drawing_at(value, hours)
    if value.source in usual and str(value.drawings[0]) not in hours:
        text += zh("notices.commitment.hours", hours=usual[value.source])
    for number, one in enumerate(value.fallback):
        code = "notices.fallback_next" if number else "notices.fallback_first"
        text += zh(code, drawing=words.drawing_at(one, hours))
    return text


def values_warning(head: PublicHead, timing: PublicTiming | None) -> str:
    """What is said of public values that are still to come, or that were not when the notice was published."""
    if head.rehearsal:
        return zh("notices.values_rehearsal")
    if timing is None or not (timing.held or timing.perhaps):
        return zh("notices.values_real")
    published = words.instant(timing.published)
    if timing.held:
        return zh("notices.values_held", published=published, drawings=drawings(timing.held))
    return zh("notices.values_perhaps", published=published, drawings=drawings(timing.perhaps))


def overdue(head: PublicHead, timing: PublicTiming | None, *, closing: bool) -> tuple[Paragraph, ...]:
    """What a notice says first of itself if drawings had been held by then; nothing if it came in time."""
    if head.rehearsal or timing is None or not timing.held:
        return ()
    if closing and timing.before_closing:
        return (said(rich("notices.closing.overdue", drawings=drawings(timing.before_closing))),)
    told = {"published": words.instant(timing.published), "drawings": drawings(timing.held)}
    kind = "closing.published_late" if closing else "commitment.overdue"
    return (said(rich(f"notices.{kind}", **told)),)


def drawings(held: Iterable[Drawing]) -> str:
    """Drawings in words."""
    return enumerated(words.drawing(one.source, one.issue) for one in held)


def tiers(task: PublicTask) -> tuple[Block, ...]:
    """A task's tiers with rules and, once the lists are frozen, counts; what of its range could not be drawn."""
    return (_tier_table(task) if task.tiers else _listed(task), *_unlisted(task))


def _listed(task: PublicTask) -> Paragraph:
    given = {"name": task.name, "id": task.id, "source": words.source(task.source)}
    if task.base is None:
        return said(rich("notices.task_sourced", **given))
    return said(rich("notices.task_sourced_count", count=task.base, **given))


def _tier_table(task: PublicTask) -> Table:
    frozen = task.base is not None
    columns = [Column(zh("notices.tier"))]
    columns += [Column(zh("notices.base"), "number")] if frozen else []
    columns += [Column(zh("notices.rate"), "number")]
    columns += [Column(zh("notices.quota"), "number")] if frozen else []
    rows: list[tuple[Cell, ...]] = [
        (tier.name, tier.base or 0, words.rule(tier), tier.quota or 0)
        if frozen
        else (tier.name, words.rule(tier))
        for tier in task.tiers
    ]
    total: tuple[Cell, ...] = ()
    if frozen and len(task.tiers) > 1:
        total = (zh("notices.total"), task.base or 0, "", task.quota or 0)
    caption = zh("notices.task_caption", name=task.name, id=task.id)
    return Table(tuple(columns), tuple(rows), caption, total)


def _unlisted(task: PublicTask) -> tuple[Paragraph, ...]:
    if task.base is None:
        return ()
    parts = []
    if task.excluded:
        count = sum(one.count for one in task.excluded)
        parts.append(zh("notices.unlisted_excluded", count=count, reasons=words.excluded(task.excluded)))
    if task.in_no_tier:
        parts.append(zh("notices.unlisted_no_tier", count=task.in_no_tier))
    what = zh("notices.join").join(parts)
    return (Paragraph(rich("notices.unlisted", what=what), "note"),) if parts else ()
