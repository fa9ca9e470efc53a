"""抽查检查结果公示, or 更正公示: what a publication of inspection results says, its annexes those it tells of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from shuangsuiji.bundle.disclose_results import PublicCategory, PublicResult, PublicResults
from shuangsuiji.publish import words
from shuangsuiji.publish.content import Annex, Block, Cell, Column, Document, Paragraph, Section, Table
from shuangsuiji.publish.phrases import document, rich, said
from shuangsuiji.publish.words import zh


def results_content(view: PublicResults, verifier: str = "", told: PublicResults | None = None) -> Document:
    """The notice; all that it tells of is new or corrected since the one before.

    `told` is what it told when it was published, of which `view` leaves out what has come down since.
    """
    head, news, whole = view.head, view.news, (told or view).news
    corrected = [one for one in news if one.news == "corrected"]
    only = all(one.news == "corrected" for one in whole)
    kind = "notices.inspection.kind_correction" if only else "notices.inspection.kind"
    title = (
        zh(kind) if view.number == 1 else zh("notices.inspection.again", kind=zh(kind), number=view.number)
    )
    sections = (
        Section(
            zh("notices.inspection.figures"),
            tuple(_figures(view, len({one.id for one in whole} - {one.id for one in news}))),
        ),
        Section(zh("notices.inspection.remarks"), tuple(_remarks(view))),
    )
    annexes = [Annex(zh("notices.inspection.list"), tuple(_list(view, news)))] if news else []
    if corrected:
        annexes.append(Annex(zh("notices.inspection.corrections"), (_corrections(view, corrected),)))
    return document(
        head,
        "inspection",
        (head.title, title),
        opening=(said(rich("notices.inspection.body", authority=head.authority, title=head.title)),),
        sections=sections,
        annexes=annexes,
        verifier=verifier,
    )


def _figures(view: PublicResults, down: int) -> Iterator[Block]:
    """How many enterprises (户) it tells of, and by kind of result; of how many others the results came down."""
    news = view.news
    targets: dict[str, list[PublicResult]] = {}
    for one in news:
        targets.setdefault(one.id, []).append(one)
    problems = {one.id for one in news if one.problem}
    corrected = {one.id for one in news if one.news == "corrected"}
    if targets:
        yield said(rich("notices.inspection.counts", count=len(targets), problems=len(problems)))
    if down:
        yield said(rich("notices.inspection.down" if targets else "notices.inspection.all_down", count=down))
    if corrected and len(corrected) < len(targets):
        yield said(rich("notices.inspection.corrected", count=len(corrected)))
    yield from _so_far(view)
    by_kind: Counter[PublicCategory] = Counter()
    for own in targets.values():
        by_kind.update(words.kinds(own))
    ordered = sorted(by_kind.items(), key=lambda one: (one[0].problem, -one[1], one[0].code))
    columns = (Column(zh("notices.inspection.result")), Column(zh("notices.inspection.targets"), "number"))
    rows: tuple[tuple[Cell, ...], ...] = tuple((kind.name, count) for kind, count in ordered)
    if rows:
        yield Table(columns, rows, zh("notices.inspection.by_kind"))
    if sum(by_kind.values()) > len(targets):
        yield Paragraph(rich("notices.inspection.several"), "note")


def _so_far(view: PublicResults) -> Iterator[Block]:
    """Of how many on the list all was told, of how many the results of some tasks, of how many nothing."""
    rows: dict[str, list[bool]] = {}
    for one in view.rows:
        rows.setdefault(one.id, []).append(bool(one.categories) or one.down)
    whole = sum(map(all, rows.values()))
    part = sum(map(any, rows.values())) - whole
    given = {"all": len(rows), "told": whole, "part": part, "open": len(rows) - whole - part}
    code = "all_told" if whole == len(rows) else "so_far_part" if part else "so_far"
    yield said(rich(f"notices.inspection.{code}", **given))


def _remarks(view: PublicResults) -> Iterator[Block]:
    yield said(rich("notices.inspection.reviewed"))
    if not view.by_task:
        yield said(rich("notices.inspection.together"))
    yield said(rich("notices.inspection.objections"))


def _list(view: PublicResults, news: Sequence[PublicResult]) -> Iterator[Block]:
    named, tasks = any(one.team for one in news), _tasks(view)
    columns = [Column(zh("notices.draw.number"), "number"), Column(zh("notices.draw.name"), share=5)]
    columns += [Column(zh("notices.draw.code"), "code")]
    columns += [Column(zh("notices.draw.task"), "lines", 3)] if tasks else []
    columns += [
        Column(zh("notices.inspection.day"), "codes"),
        Column(zh("notices.inspection.result"), share=4),
    ]
    columns += [Column(zh("notices.inspection.persons"), "lines", 3)] if named else []
    rows = tuple(
        tuple(_row(number, one, tasks=tasks, named=named)) for number, one in enumerate(news, start=1)
    )
    told = zh("notices.inspection.list_said")
    if tasks:
        known = [zh("notices.draw.list_task", id=task.id, name=task.name) for task in view.tasks]
        told += zh("notices.draw.list_tasks", tasks=zh("notices.join").join(known))
    yield Paragraph(((said(rich("notices.plain", text=told))).text), "note")
    yield Table(tuple(columns), rows, long=True)


def _tasks(view: PublicResults) -> Mapping[str, str]:
    """The names of tasks by id, where rows have to say of which task they are; else nothing."""
    return {one.id: one.name for one in view.tasks} if view.by_task and len(view.tasks) > 1 else {}


def _row(number: int, one: PublicResult, *, tasks: Mapping[str, str], named: bool) -> Iterator[Cell]:
    yield number
    yield one.name
    yield one.id
    if tasks:
        yield tuple(tasks[task] for task in one.tasks)
    yield (one.day.isoformat(),) if one.day else ()
    yield zh("publish.remark_join").join((words.result(one), *words.measures(one)))
    if named:
        yield tuple(
            zh("notices.draw.inspector", name=person.name, unit=person.unit) if person.unit else person.name
            for person in one.team
        )


def _corrections(view: PublicResults, corrected: Sequence[PublicResult]) -> Table:
    tasks = _tasks(view)
    columns = [Column(zh("notices.draw.name"), share=5), Column(zh("notices.draw.code"), "code")]
    columns += [Column(zh("notices.draw.task"), "lines", 3)] if tasks else []
    columns += [
        Column(zh("notices.inspection.before"), share=3),
        Column(zh("notices.inspection.now"), share=3),
    ]
    rows: list[tuple[Cell, ...]] = []
    for one in corrected:
        before = zh("publish.remark_join").join(kind.name for kind in one.before)
        now = zh("notices.inspection.unchanged") if one.before == one.categories else words.result(one)
        own = (tuple(tasks[task] for task in one.tasks),) if tasks else ()
        rows.append((one.name, one.id, *own, before, now))
    return Table(tuple(columns), tuple(rows), long=True)
