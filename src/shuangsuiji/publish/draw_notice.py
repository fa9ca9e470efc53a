"""抽查对象抽取结果公示: what the notice of a draw's result says, with the list of targets as its annex."""

from collections.abc import Iterator, Mapping

from shuangsuiji.bundle.public import PublicDraw, PublicEvidence, PublicList, PublicTarget
from shuangsuiji.publish import words
from shuangsuiji.publish.content import (
    Annex,
    Block,
    Cell,
    Column,
    Commands,
    Document,
    Fact,
    Facts,
    Paragraph,
    Section,
    Span,
    Table,
)
from shuangsuiji.publish.notices import fingerprints
from shuangsuiji.publish.phrases import (
    digest,
    document,
    enumerated,
    fact,
    paragraphs,
    people,
    rich,
    said,
    successor,
    tiers,
    window,
)
from shuangsuiji.publish.words import zh


def draw_content(view: PublicDraw, verifier: str = "") -> Document:
    """抽查对象抽取结果公示, with the list of targets as its annex unless it is held back."""
    head = view.head
    body = paragraphs(view.body) or (
        said(rich("notices.draw.body", authority=head.authority, title=head.title)),
    )
    void = (Paragraph(rich("notices.draw.void", reason=view.void), "warning"),) if view.void else ()
    sections = [
        Section(zh("notices.draw.result"), tuple(_result(view))),
        Section(zh("notices.draw.people"), tuple(_people(view))),
    ]
    if view.replacements:
        what = words.replaced(view.replacements)
        told = said(rich("notices.draw.replacements_said", what=what))
        sections.append(Section(zh("notices.draw.replacements"), (told,)))
    sections += [
        Section(zh("notices.draw.evidence"), tuple(_evidence(view.evidence))),
        Section(zh("notices.draw.checking"), _checking(view)),
        Section(zh("notices.draw.unproven"), (said(rich("notices.draw.unproven_said")),)),
    ]
    ending = (
        () if view.embargo is None else (said(rich("notices.draw.embargo", embargo=words.day(view.embargo))),)
    )
    return document(
        head,
        "draw",
        (head.title, zh("notices.draw.kind")),
        opening=(*void, *body, *successor(view.predecessor)),
        sections=sections,
        ending=ending,
        annexes=() if view.list is None else (_annex(view, view.list),),
        verifier=verifier,
    )


def _result(view: PublicDraw) -> Iterator[Block]:
    several = rich("notices.one_visit") if view.visits > view.targets else ()
    counts = rich(
        "notices.draw.result_said", targets=view.targets, visits=view.visits, window=window(view.window)
    )
    yield said(counts, several, rich("notices.draw.innocent"))
    for task in view.tasks:
        yield from tiers(task)
        items = zh("notices.join").join(task.items)
        told = rich(
            "notices.draw.task_note", kind=words.kind(task), items=items, source=words.source(task.source)
        )
        yield Paragraph(told, "note")
    if view.districts:
        columns = (
            Column(zh("notices.draw.district")),
            Column(zh("notices.draw.targets"), "number"),
            Column(zh("notices.draw.blocks"), "number"),
        )
        rows: list[tuple[Cell, ...]] = [
            (one.name or zh("notices.unmarked_district"), one.targets, one.blocks) for one in view.districts
        ]
        total: tuple[Cell, ...] = (zh("notices.total"), view.targets, view.blocks)
        yield Table(columns, tuple(rows), zh("notices.draw.districts"), total)


def _people(view: PublicDraw) -> Iterator[Block]:
    roster = (Span(people(view.people)),)
    if view.blocks and not view.inspectors:
        yield said(roster, rich("notices.draw.short_relaxed" if view.relaxed else "notices.draw.short"))
        return
    yield said(roster, rich("notices.draw.teams", inspectors=view.inspectors, blocks=view.blocks))
    if view.relaxed:
        yield said(rich("notices.draw.relaxed", what=zh("notices.join").join(view.relaxed)))


def _evidence(evidence: PublicEvidence) -> Iterator[Block]:
    late = evidence.late_closing
    yield said(rich("notices.draw.evidence_said_late" if late else "notices.draw.evidence_said"))
    yield fingerprints(evidence.targets, evidence.inspectors)
    facts = [
        Fact(
            words.drawing(value.source, value.issue),
            (
                (
                    Span(
                        " ".join(words.drawn_value(value.source, value.value)),
                        "digest" if value.source == "explicit" else "code",
                    ),
                ),
            ),
        )
        for value in evidence.values
    ]
    facts.append(digest("notices.closing_digest", evidence.closing))
    if late:
        facts.append(digest("notices.late_closing_digest", late))
    facts += [
        digest("notices.draw.targets_seed", evidence.targets_seed),
        digest("notices.draw.inspectors_seed", evidence.inspectors_seed),
        digest("notices.draw.digest", evidence.result),
        fact("notices.spec", zh("notices.spec_value", spec=evidence.spec)),
    ]
    yield Facts(tuple(facts), zh("notices.draw.values"))
    if evidence.not_held:
        drawings = enumerated(words.drawing(one.source, one.issue) for one in evidence.not_held)
        why = evidence.not_held_reason
        code = "notices.draw.not_held_because" if why else "notices.draw.not_held"
        yield said(rich(code, drawings=drawings, reason=why))


def _checking(view: PublicDraw) -> tuple[Block, ...]:
    spec, option = view.evidence.spec, " --rehearsal" if view.head.rehearsal else ""
    return (
        said(rich("notices.draw.checking_public", spec=spec)),
        said(rich("notices.draw.checking_audit")),
        Commands(
            (
                zh("notices.draw.command_engine", rehearsal=option),
                zh("notices.draw.command_verifier", rehearsal=option, spec=spec),
            )
        ),
        said(rich("notices.draw.checking_agrees")),
    )


def _annex(view: PublicDraw, listing: PublicList) -> Annex:
    named = any(target.team for target in listing.targets)
    columns = [Column(zh("notices.draw.number"), "number")]
    columns += [Column(zh("notices.draw.name"), share=5), Column(zh("notices.draw.code"), "code")]
    columns += [Column(zh("notices.draw.task"), "lines", 3)] if listing.by_task else []
    columns += [Column(zh("notices.draw.team"), "lines", 5)] if named else []
    names = {task.id: task.name for task in listing.tasks}
    rows = [
        tuple(_row(number, target, names if listing.by_task else {}, named=named))
        for number, target in enumerate(listing.targets, start=1)
    ]
    note = Paragraph(_note(view, listing), "note")
    return Annex(zh("notices.draw.list"), (note, Table(tuple(columns), tuple(rows), long=True)))


def _row(number: int, target: PublicTarget, tasks: Mapping[str, str], *, named: bool) -> Iterator[Cell]:
    yield number
    change = words.change(target.change) if target.change else ""
    yield zh("notices.draw.changed", name=target.name, change=change) if change else target.name
    yield target.id
    if tasks:
        yield tuple(tasks[one] for one in target.tasks)
    if named:
        yield tuple(
            zh("notices.draw.inspector", name=one.name, unit=one.unit) if one.unit else one.name
            for one in target.team
        )


def _note(view: PublicDraw, listing: PublicList) -> tuple[Span, ...]:
    count = len(listing.targets)
    told = (
        zh("notices.draw.list_count_replaced", count=count, targets=view.targets)
        if count > view.targets
        else zh("notices.draw.list_count", count=count)
    )
    if listing.by_task:
        tasks = [zh("notices.draw.list_task", id=task.id, name=task.name) for task in view.tasks]
        told += zh("notices.draw.list_tasks", tasks=zh("notices.join").join(tasks))
    else:
        told += zh("notices.draw.list_together")
    return (Span(told),)
