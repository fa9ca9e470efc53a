"""公示与公告: what the notices of plan, commitment and closing say (`draw_notice` has the result's)."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shuangsuiji.bundle.public import PublicClosing, PublicCommitment, PublicDropped, PublicPlan, PublicTask
from shuangsuiji.bundle.signatures import fingerprint
from shuangsuiji.core.closing import Contribution, SignedValue, Slip
from shuangsuiji.publish import words
from shuangsuiji.publish.content import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Fingerprints,
    Paragraph,
    Section,
    Span,
    Steps,
    Table,
    Text,
)
from shuangsuiji.publish.phrases import (
    announced,
    digest,
    document,
    enumerated,
    fact,
    overdue,
    paragraphs,
    people,
    rich,
    said,
    successor,
    tiers,
    values_warning,
    window,
)
from shuangsuiji.publish.words import zh

_BODIES: Final = {
    "inspectors": "notices.commitment.body_late",
    "targets": "notices.commitment.body_targets",
    "both": "notices.commitment.body_both",
}


def plan_content(view: PublicPlan, verifier: str = "") -> Document:
    """抽查计划公示; `verifier` is the address of the public verifier, here and in the other notices."""
    head = view.head
    named = head.title.endswith(zh("notices.plan.ending"))
    opening = paragraphs(view.body) or (said(rich("notices.plan.body", authority=head.authority)),)
    sections = (
        Section(zh("notices.plan.tasks"), tuple(_plan_tasks(view))),
        Section(zh("notices.plan.manner"), tuple(_plan_manner(view))),
    )
    # What ends in 计划 reads on as 计划公示; to another the kind is a line of its own, as in the other notices.
    title = (head.title + zh("notices.plan.kind_short"),) if named else (head.title, zh("notices.plan.kind"))
    return document(head, "plan", title, opening=opening, sections=sections, verifier=verifier)


def dropped_content(view: PublicDropped, verifier: str = "") -> Document:
    """弃用公告: the number of the draw is not used, and why."""
    told = rich(
        "notices.dropped.body",
        authority=view.head.authority,
        title=view.head.title,
        dropped=words.instant(view.dropped),
        reason=view.reason,
    )
    kept = rich("notices.dropped.number", number=view.head.draw)
    title = (view.head.title, zh("notices.dropped.kind"))
    return document(view.head, "dropped", title, opening=(said(told), said(kept)), verifier=verifier)


def _plan_tasks(view: PublicPlan) -> Iterator[Block]:
    count = len(view.tasks)
    several = rich("notices.one_visit") if count > 1 else ()
    yield said(rich("notices.plan.tasks_said", count=count, window=window(view.window)), several)
    for number, task in enumerate(view.tasks, start=1):
        caption = zh("notices.task_numbered", number=number, name=task.name)
        yield Facts(tuple(_task_facts(view, task)), caption)
    if view.authorisation:
        yield said(rich("notices.plan.authorisation", document=view.authorisation))


def _task_facts(view: PublicPlan, task: PublicTask) -> Iterator[Fact]:
    scope = task.scope or enumerated(tier.name for tier in task.tiers) or zh("notices.plan.scope_list")
    yield fact("notices.plan.plan_id", view.head.plan)
    yield fact("notices.plan.task_id", task.id)
    yield fact("notices.plan.items", zh("notices.join").join(task.items))
    yield fact("notices.plan.kind_of_draw", words.kind(task))
    yield fact("notices.plan.scope", scope)
    yield fact("notices.plan.source", words.source(task.source))
    if task.tiers:
        open_base = zh("notices.plan.base_open")
        base = open_base if task.base is None else zh("notices.plan.base_count", count=task.base)
        yield fact("notices.plan.base", base)
        yield fact("notices.rate", *_tier_rules(task))
    optional = (
        ("notices.plan.risk", task.risk),
        ("notices.plan.agency", task.agency),
        ("notices.plan.lead", task.lead),
        ("notices.plan.partners", enumerated(task.partners)),
        ("notices.plan.method", task.method),
        ("notices.plan.team", zh("notices.plan.team_said", team=task.team)),
        ("notices.plan.window", window(view.window)),
        ("notices.plan.remark", task.remark),
    )
    yield from (fact(code, value) for code, value in optional if value or code == "notices.plan.agency")


def _tier_rules(task: PublicTask) -> Iterator[str]:
    for tier in task.tiers:
        rule = zh("notices.plan.tier_rule", tier=tier.name, rule=words.rule(tier))
        if tier.quota is not None:
            rule += zh("notices.plan.tier_counts", base=tier.base or 0, quota=tier.quota)
        yield rule


def _plan_manner(view: PublicPlan) -> Iterator[Block]:
    # Values of a rehearsal may be made up: of it nothing is said about who could foresee what.
    unforeseen = () if view.head.rehearsal else rich("notices.plan.manner_unforeseen")
    yield said(rich("notices.plan.manner_said"), unforeseen)
    if view.teams:
        yield said(rich("notices.plan.teams_said", teams=view.teams))
    if view.relaxations:
        yield said(rich("notices.plan.relaxations"))
        yield Steps(tuple((Span(one),) for one in view.relaxations))
    if view.substitutes:
        yield said(rich("notices.plan.substitutes"))


def commitment_content(
    view: PublicCommitment, hours: Mapping[str, str] = MappingProxyType({}), verifier: str = ""
) -> Document:
    """抽取承诺公告, published before the public values are drawn.

    `hours` are the days and hours of lotteries in words, by source, for values whose own hour is not announced: readers
    see whether they were too late.
    """
    head, late = view.head, view.covers == "inspectors"
    body: tuple[Block, ...] = (said(rich(_BODIES[view.covers], authority=head.authority)),)
    if view.body and not late:
        body = paragraphs(view.body)
    sections = [
        Section(zh("notices.commitment.fingerprints"), _sealed(view)),
        Section(zh("notices.commitment.values"), _values_to_come(view, hours)),
    ]
    if view.contributors:
        listed = Steps(tuple((Span(person),) for person in view.contributors))
        given = (said(rich("notices.commitment.contributors_said")), listed)
        sections.append(Section(zh("notices.commitment.contributors"), given))
    title = "notices.commitment.people" if late else "notices.commitment.tasks"
    sections += [
        Section(zh(title), tuple(_numbers(view))),
        Section(
            zh("notices.commitment.result"),
            (said(rich("notices.commitment.deadline", deadline=words.day(view.deadline))),),
        ),
    ]
    kind = zh("notices.commitment.kind_late" if late else "notices.commitment.kind")
    opening = (*overdue(head, view.timing, closing=False), *body, *successor(view.predecessor))
    return document(
        head, "commitment", (head.title, kind), opening=opening, sections=sections, verifier=verifier
    )


def _sealed(view: PublicCommitment) -> tuple[Block, ...]:
    facts = [fact("notices.commitment.time", words.instant(view.frozen))]
    if view.covers != "inspectors":
        count = zh("notices.commitment.entities_count", count=view.entities)
        facts.append(fact("notices.commitment.entities", count))
    if view.covers != "targets":
        inspectors = zh("notices.commitment.inspectors_count", count=view.people.total)
        recusals = zh("notices.commitment.recusals_count", count=view.recusals)
        facts.append(fact("notices.commitment.inspectors", inspectors))
        facts.append(fact("notices.commitment.recusals", recusals))
    facts.append(fact("notices.spec", zh("notices.spec_value", spec=view.spec)))
    facts.append(digest("notices.commitment.changes", view.changes))
    facts.append(digest("notices.commitment.log_head", view.log_head))
    late = view.timing is not None and view.timing.held
    return (
        said(
            rich("notices.commitment.fingerprints_late" if late else "notices.commitment.fingerprints_said")
        ),
        fingerprints(view.targets, view.inspectors),
        Facts(tuple(facts), zh("notices.commitment.sealed")),
        *_changed(view),
    )


def _changed(view: PublicCommitment) -> Iterator[Block]:
    """What became of the lists since they were sealed before, and of how much nobody said why."""
    if view.changed is None:
        return
    if not view.changed.tallies:
        yield said(rich("notices.changed.none"))
        return
    columns = (Column(zh("notices.changed.kind")), Column(zh("notices.changed.count"), "number"))
    rows: list[tuple[Cell, ...]] = [
        (zh(f"notices.changed.kinds.{one.code}"), one.count) for one in view.changed.tallies
    ]
    count = sum(one.count for one in view.changed.tallies)
    yield Table(columns, tuple(rows), zh("notices.changed.caption"), (zh("notices.total"), count))
    if view.changed.unexplained:
        yield said(rich("notices.changed.unexplained", count=view.changed.unexplained))
    else:
        yield said(rich("notices.changed.explained"))


def fingerprints(targets: str, inspectors: str) -> Fingerprints:
    """The fingerprints of the two stages, those that there are."""
    pairs = ((zh("notices.fingerprint_targets"), targets), (zh("notices.fingerprint_inspectors"), inspectors))
    return Fingerprints(tuple(pair for pair in pairs if pair[1]))


def _values_to_come(view: PublicCommitment, hours: Mapping[str, str]) -> tuple[Block, ...]:
    items: tuple[Text, ...] = tuple((Span(announced(value, view.hours, hours)),) for value in view.values)
    warning = values_warning(view.head, view.timing)
    told = said(rich("notices.commitment.values_said"), (Span(warning),)), Steps(items)
    if view.hours and not view.head.rehearsal:
        return (*told, said(rich("notices.commitment.hours_said")))
    return told


def _numbers(view: PublicCommitment) -> Iterator[Block]:
    if view.covers != "inspectors":
        for task in view.tasks:
            yield from tiers(task)
    if view.covers != "targets":
        yield said((Span(people(view.people)),))
    if view.pools:
        columns = (
            Column(zh("notices.commitment.slot")),
            Column(zh("notices.commitment.smallest"), "number"),
            Column(zh("notices.commitment.median"), "number"),
            Column(zh("notices.commitment.label")),
        )
        rows: list[tuple[Cell, ...]] = [
            (pool.name, pool.smallest, pool.median, words.scarce(pool.label)) for pool in view.pools
        ]
        yield Table(columns, tuple(rows), zh("notices.commitment.pools"))
    if view.declared:
        count, most = len(view.declared), view.declared[0]
        yield said(rich("notices.commitment.declared", count=count, most=most))


def closing_content(view: PublicClosing, verifier: str = "") -> Document:
    """收集截止公告, published after the last contribution and before the public values."""
    head, late = view.head, view.late
    body = "notices.closing.body_late" if late else "notices.closing.body"
    stage = "notices.fingerprint_inspectors" if late else "notices.fingerprint_targets"
    evidence = Facts(
        (digest(stage, view.commitment), digest("notices.closing_digest", view.closing)),
        zh("notices.closing.evidence"),
    )
    columns = (
        Column(zh("notices.closing.person"), share=5),
        Column(zh("notices.closing.manner"), share=2),
        Column(zh("notices.closing.what"), share=7),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.person, words.contribution(one), _given(one)) for one in view.contributions
    ]
    table = Table(columns, tuple(rows), zh("notices.closing.given_caption"))
    values = (
        said(rich("notices.closing.values_said", when=values_warning(head, view.timing))),
        Steps(tuple((Span(announced(value, view.hours, {})),) for value in view.values)),
    )
    return document(
        head,
        "closing",
        (head.title, zh("notices.closing.kind_late" if late else "notices.closing.kind")),
        opening=(
            *overdue(head, view.timing, closing=True),
            said(rich(body, closed=words.instant(view.closed))),
        ),
        sections=(
            Section(zh("notices.closing.given"), (table, *_keys(view.contributions), evidence)),
            Section(zh("notices.closing.values"), values),
        ),
        verifier=verifier,
    )


def _keys(contributions: Sequence[Contribution]) -> Iterator[Block]:
    """Under which key each signed value is: that it is the person's own only the person can tell."""
    held = tuple(
        Fact(one.person, ((Span(fingerprint(one.key), "digest"),),))
        for one in contributions
        if isinstance(one, SignedValue)
    )
    if held:
        yield Facts(held, zh("notices.closing.keys"))
        yield Paragraph(rich("notices.closing.keys_said"), "note")


def _given(one: Contribution) -> Span:
    match one:
        case Slip():
            return Span(one.text)
        case SignedValue():
            return Span(one.value.hex(), "digest")
        case _:
            return Span("")
