"""Papers of a calendar (检查任务书, 现场检查记录表) from a matched draw: names, addresses and teams put together.

The registry of the freeze has no addresses unless the plan asks for them; a paper takes them from the registry as it
stands now, because somebody has to find the door.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from shuangsuiji.bundle.disclose import disclose_head
from shuangsuiji.bundle.public import PublicHead
from shuangsuiji.core.records import Inspector
from shuangsuiji.followup.schedule import Schedule, Visit
from shuangsuiji.plan.texts import Texts
from shuangsuiji.publish.content import Document
from shuangsuiji.publish.papers import Duty, FormWords, Inspection, Person, record_form, task_sheet
from shuangsuiji.quarter.dossier import read_frozen
from shuangsuiji.quarter.export import read_batch
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow

ADDRESS: Final = "住所"
"""The roster's column."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What the papers of a calendar are made from: the visits in its order."""

    head: PublicHead
    inspections: tuple[Inspection, ...]

    def districts(self) -> list[tuple[str, "Papers"]]:
        """The papers of each district (片区) apart, by its name: what one office prints."""
        names = sorted({one.district for one in self.inspections})
        return [
            (name, Papers(self.head, tuple(one for one in self.inspections if one.district == name)))
            for name in names
        ]

    def task_sheets(self) -> list[Document]:
        """检查任务书: one for each block (检查组), ascending."""
        ordered = sorted(self.inspections, key=lambda one: (one.block, one.day, one.id))
        return [
            task_sheet(self.head, block, list(own)) for block, own in groupby(ordered, lambda one: one.block)
        ]

    def record_forms(self, choices: FormWords) -> list[Document]:
        """现场检查记录表: one for each target, in the order of the calendar."""
        return [record_form(self.head, one, choices) for one in self.inspections]


def read_papers(reader: Reader, draw: DrawRow, schedule: Schedule, now: datetime) -> Papers:
    """What the papers of a calendar say. Raises as `read_frozen`."""
    batch = read_batch(reader, draw, now)
    frozen = read_frozen(reader, draw)
    names = {one.id: one.name for one in frozen.registry.entities}
    people = {one.id: one for one in frozen.pool.inspectors}
    duties = {
        task.id: Duty(task.name, task.items, batch.texts.tasks[task.id].method) for task in batch.plan.tasks
    }
    addresses = _addresses(reader)
    inspections = tuple(
        Inspection(
            block=visit.block,
            id=visit.target,
            name=names.get(visit.target, ""),
            address=addresses.get(visit.target, ""),
            district=visit.district,
            day=visit.day,
            appointed=visit.appointed,
            duties=tuple(duties[task] for task in visit.tasks),
            team=_team(visit, people, batch.texts),
        )
        for visit in schedule.visits
    )
    return Papers(disclose_head(batch), inspections)


def _addresses(reader: Reader) -> Mapping[str, str]:
    row = reader.current_import("entities")
    frame = None if row is None else reader.snapshot(row.digest)
    if frame is None or ADDRESS not in frame.columns:
        return {}
    return dict(zip(frame["id"].tolist(), frame[ADDRESS].tolist(), strict=True))


def _team(visit: Visit, people: Mapping[str, Inspector], texts: Texts) -> tuple[Person, ...]:
    return tuple(
        Person(
            place=texts.slots.get(slot, slot),
            name=people[identifier].name,
            unit=people[identifier].unit,
            certificate=_certificate(people[identifier], visit.day.isoformat()),
        )
        for slot, identifier in visit.team
    )


def _certificate(inspector: Inspector, day: str) -> str:
    """The number of a certificate that is valid on a day, empty if there is none (an expert has none)."""
    valid = (
        one.number
        for one in inspector.certificates
        if one.cancelled is None and (one.begins or "") <= day and (one.ends is None or day <= one.ends)
    )
    return next(valid, "")
