"""Papers of the visits (检查文书): orders of each team, record forms of each target, in PDFs for each district."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from shuangsuiji.bundle.public import PublicHead
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.publish.content import Document
from shuangsuiji.publish.papers import Duty, FormWords, Inspection, Person, record_form, task_sheet
from shuangsuiji.publish.visit_tables import VisitRow

Tell = Callable[[int, int], None]
"""Told how many of how many files are set."""


def papers(
    head: PublicHead, rows: Sequence[VisitRow], choices: FormWords, fonts: Path, tell: Tell
) -> Iterator[tuple[str, str, bytes]]:
    """Kind, district and bytes of each PDF. Raises EnvironmentRefused `publish.no_chinese_font`."""
    from shuangsuiji.publish.pdf import render

    districts = sorted({row.district for row in rows})
    for number, district in enumerate(districts):
        tell(number, len(districts))
        own = [inspection(row) for row in rows if row.district == district]
        yield "tasks", district, render(list(_task_sheets(head, own)), fonts, tags=False).data
        forms = [record_form(head, one, choices) for one in sorted(own, key=_in_hand)]
        yield "forms", district, render(forms, fonts, tags=False).data
    tell(1, 1)


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
