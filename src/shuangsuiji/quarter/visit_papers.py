"""Papers of the visits (检查文书): orders of each team, record forms of each target, for each district apart; and for
each team the sheets (回执单) that it hands over."""

from collections.abc import Iterator, Sequence
from datetime import date

from shuangsuiji.bundle.public import PublicHead
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.publish.content import Document
from shuangsuiji.publish.papers import Duty, FormWords, Inspection, Person, record_form, task_sheet
from shuangsuiji.publish.visit_tables import VisitRow


def papers(
    head: PublicHead, rows: Sequence[VisitRow], choices: FormWords
) -> Iterator[tuple[str, str, list[Document]]]:
    """Kind and district of what one office prints at a time, and the papers."""
    for district in sorted({row.district for row in rows}):
        own = [inspection(row) for row in rows if row.district == district]
        yield "tasks", district, list(_task_sheets(head, own))
        yield "forms", district, [record_form(head, one, choices) for one in sorted(own, key=_in_hand)]


def teams(rows: Sequence[VisitRow]) -> Iterator[tuple[int, str, list[str]]]:
    """Number and district of each team, and its targets in the order of its visits, as its task sheet has them."""
    own: dict[int, list[VisitRow]] = {}
    for row in rows:
        own.setdefault(row.block, []).append(row)
    for block, visits in sorted(own.items()):
        yield block, visits[0].district, [row.target for row in visits]


def form_words(vocabulary: Vocabulary, first: date, last: date) -> FormWords:
    """What may be chosen on a record form: the results that can be used on some day of a window."""
    names = tuple(
        one.name
        for one in vocabulary.categories.values()
        if (one.begins is None or one.begins <= last) and (one.ends is None or one.ends >= first)
    )
    return FormWords(
        names,
        tuple(one.name for one in vocabulary.methods.values()),
        tuple(one.name for one in vocabulary.disposals.values()),
    )


def _in_hand(one: Inspection) -> tuple[int, date, str]:
    """The order in which a team takes its forms along."""
    return one.block, one.day, one.id


def inspection(row: VisitRow) -> Inspection:
    """A visit as papers have it: nothing is known there of tiers and grades."""
    return Inspection(
        block=row.block,
        id=row.target,
        name=row.name,
        address=row.address,
        district=row.district,
        day=row.day,
        appointed=row.appointed,
        duties=tuple(Duty(one.name, one.items, one.method) for one in row.duties),
        team=tuple(Person(one.place, one.name, one.unit, one.certificate) for one in row.team),
    )


def _task_sheets(head: PublicHead, inspections: Sequence[Inspection]) -> Iterator[Document]:
    blocks: dict[int, list[Inspection]] = {}
    for one in inspections:
        blocks.setdefault(one.block, []).append(one)
    return (task_sheet(head, block, blocks[block]) for block in sorted(blocks))
