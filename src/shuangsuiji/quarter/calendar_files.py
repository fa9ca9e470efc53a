"""`schedule export` (导出检查安排): calendars, tables and papers of a draw's visits, for its people alone."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.disclose import disclose_head
from shuangsuiji.bundle.public import PublicHead
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Inspector
from shuangsuiji.errors import InputRefused, ShuangsuijiError, WrongState
from shuangsuiji.followup import ics
from shuangsuiji.followup.schedule import Schedule, Visit
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.plan.texts import Texts
from shuangsuiji.publish import charts, words
from shuangsuiji.publish.visit_tables import (
    Duty,
    Member,
    VisitRow,
    unit_xlsx,
    units,
    visits_csv,
    visits_xlsx,
)
from shuangsuiji.publish.words import zh
from shuangsuiji.quarter import visit_papers
from shuangsuiji.quarter.dossier import read_plan, read_texts
from shuangsuiji.quarter.export import read_batch
from shuangsuiji.quarter.prove import Proofs, file_name, refuse_public
from shuangsuiji.quarter.results import names_of
from shuangsuiji.quarter.schedule import made_at, read_schedule
from shuangsuiji.quarter.schedule_shown import standing_schedule
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

Tell = Callable[[int, int], None]
"""Told of how many of how many targets the papers are set."""

_ADDRESS: Final = "住所"
"""The registry's column that says where a target is; a draw freezes only the columns of its plan."""
_UNFIT: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class FilesResult:
    """The folder, the calendar's number, how many files of each kind (`cli.schedule.kind.*`).

    `no_receipts` says why there are none though papers were asked for: the code of what refused them, with the day
    (`held_until`) on which an embargo ends.
    """

    plan: str
    mode: str
    draw: int
    number: int
    folder: Path
    counts: Mapping[str, int]
    no_receipts: str = ""
    held_until: str = ""


def export(
    store: Store,
    folder: Path,
    *,
    papers: bool = True,
    receipts: bool = True,
    plan_id: str | None = None,
    config: Path | None = None,
    operator: str,
    now: datetime,
    tell: Tell = lambda *_: None,
) -> FilesResult:
    """Write the calendar that stands into a new folder: readable by its owner only, since it tells who is visited when.

    With `papers` there are PDFs to print, which need a Chinese font; with `receipts` as well, for each team the sheets
    that it hands over, and the receipts. Raises WrongState as `standing_schedule`, `quarter.folder_taken`,
    `quarter.salt_key_other`; InputRefused `quarter.public_folder` and as `Vocabulary.load`; EnvironmentRefused as
    `environment`, `publish.no_chinese_font`.
    """
    refuse_public(store, folder)
    if folder.exists():
        raise WrongState("quarter.folder_taken", folder=str(folder))
    with store.read() as reader:
        reader.check_operator(operator)
        draw, schedule = standing_schedule(reader, plan_id)
        vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
        work = _Work.begin(reader, draw, schedule, vocabulary)
        proofs, refused = _proofs(reader, draw, now) if papers and receipts else (None, None)
    made = list(work.files())
    if papers:
        made += work.papers(store.layout.fonts, tell)
    if proofs is not None:
        made += work.receipts(proofs, store.layout.fonts, tell)
    counts = Counter(kind for kind, _, _ in made)
    with (
        environment(folder),
        files.new_folder(folder, ((name, data) for _, name, data in made)) as place,
        store.begin(operator, "schedule export", now) as transaction,
    ):
        transaction.details(
            draw=draw.number, mode=draw.mode, plan=draw.plan_id, number=schedule.number, files=len(made)
        )
        if counts["receipts"]:
            transaction.details(receipts=counts["receipts"])
        place()
    return FilesResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        number=schedule.number,
        folder=folder,
        counts=dict(counts),
        no_receipts=refused.code if refused else "",
        held_until=str(refused.params.get("date", "")) if refused else "",
    )


def _proofs(reader: Reader, draw: DrawRow, now: datetime) -> tuple[Proofs | None, ShuangsuijiError | None]:
    """What receipts are made from, or why none can be now: the calendar and its papers come out all the same."""
    try:
        return Proofs.begin(reader, draw, now), None
    except (InputRefused, WrongState) as why:
        if why.code not in ("bundle.list_held_back", "quarter.salt_key_lost"):
            raise
        return None, why


@dataclass(frozen=True, slots=True)
class _Work:
    """What the files are made from."""

    draw: DrawRow
    schedule: Schedule
    head: PublicHead
    rows: tuple[VisitRow, ...]
    cancelled: tuple[Visit, ...]
    inspectors: Mapping[str, Inspector]
    made: datetime
    vocabulary: Vocabulary

    @classmethod
    def begin(cls, reader: Reader, draw: DrawRow, schedule: Schedule, vocabulary: Vocabulary) -> "_Work":
        """All names of a draw's calendar, and what earlier ones had that it has no more."""
        plan, texts = read_plan(reader, draw), read_texts(reader, draw)
        inspectors = {one.id: one for one in members.read_inspectors(reader.file(draw, "inspectors.jsonl"))}
        rows = tuple(visit_rows(reader, draw, plan, texts, schedule, inspectors))
        earlier = (read_schedule(reader, draw, number) for number in range(1, schedule.number))
        former = [visit for one in earlier if one is not None for visit in one.visits]
        made = made_at(reader, draw)[schedule.number]
        head = disclose_head(
            read_batch(reader, draw, made)
        )  # dated when the calendar was made: the same bytes again
        return cls(draw, schedule, head, rows, tuple(former), inspectors, made, vocabulary)

    def files(self) -> Iterator[tuple[str, str, bytes]]:
        """Kind, name and bytes of each file."""
        title = self.head.title
        about = zh(
            "schedule.about", number=self.schedule.number, visits=len(self.rows), plan=self.draw.plan_id
        )
        if self.draw.mode != "real":
            about += zh("schedule.rehearsal")
        yield "tables", "检查安排.csv", visits_csv(self.rows)
        yield "tables", "检查安排.xlsx", visits_xlsx(title, about, self.rows)
        for unit in units(self.rows):
            data = unit_xlsx(title, about, unit, self.rows, self.schedule.days)
            yield "units", f"单位/{_name(unit)}.xlsx", data
        yield from self._calendars()
        yield "plot", "每日户数.svg", self._plot().encode()

    def papers(self, fonts: Path, tell: Tell) -> Iterator[tuple[str, str, bytes]]:
        """Kind, name and bytes of each PDF: of each district, or of a part of a large one's."""
        from shuangsuiji.publish.pdf import part_names, parts

        choices = visit_papers.form_words(self.vocabulary, self.rows[0].day, self.rows[-1].day)
        made = 0
        for kind, district, documents in visit_papers.papers(self.head, self.rows, choices):
            title = zh(f"schedule.paper.{kind}")
            stem = f"文书/{title}-{_name(district or zh('schedule.no_district'))}"
            for name, printed in zip(part_names(stem, len(documents)), parts(documents, fonts), strict=True):
                yield kind, name, printed.data
            made += len(documents) if kind == "forms" else 0
            tell(made, len(self.rows))

    def receipts(self, proofs: Proofs, fonts: Path, tell: Tell) -> Iterator[tuple[str, str, bytes]]:
        """Kind, name and bytes of each team's sheets, one PDF in the order of its visits, and of each receipt."""
        from shuangsuiji.publish.pdf import part_names, parts

        receipts = {one.id: one for one in proofs.made([row.target for row in self.rows])}
        made, width = 0, len(str(max(row.block for row in self.rows)))
        for block, district, targets in visit_papers.teams(self.rows):
            team = zh("schedule.team_file", block=f"{block:0{width}}")
            stem = f"回执单/{team}-{_name(district or zh('schedule.no_district'))}"
            sheets = (proofs.content(receipts[one]) for one in targets)
            for name, printed in zip(part_names(stem, len(targets)), parts(sheets, fonts), strict=True):
                yield "sheets", name, printed.data
            for one in targets:
                yield "receipts", f"回执文件/{file_name(one)}.json", receipts[one].data
            made += len(targets)
            tell(made, len(self.rows))

    def _calendars(self) -> Iterator[tuple[str, str, bytes]]:
        own: dict[str, list[ics.Event]] = {}
        standing = {(row.target, one.id) for row in self.rows for one in row.team}
        for row in self.rows:
            for one in row.team:
                own.setdefault(one.id, []).append(self._event(row, one.id))
        gone = {
            (visit.target, person): visit
            for visit in self.cancelled
            for person in visit.persons
            if (visit.target, person) not in standing
        }
        for (target, person), visit in sorted(gone.items()):
            summary = zh("schedule.event.cancelled", target=target)
            uid = self._uid(target, person)
            own.setdefault(person, []).append(ics.Event(uid, visit.day, summary, "", "", cancelled=True))
        for person, events in sorted(own.items()):
            who = self.inspectors[person]
            name = f"日历/{_name(who.unit)}-{_name(who.name)}-{_name(person)}.ics"
            said = zh("schedule.event.calendar", name=who.name)
            yield "ics", name, ics.calendar(said, self.made, self.schedule.number, events)

    def _event(self, row: VisitRow, person: str) -> ics.Event:
        cells = row.cells()
        description = zh(
            "schedule.event.description",
            target=row.target,
            block=row.block,
            persons=cells["persons"],
            tasks=cells["tasks"],
            items=cells["items"],
        )
        code = "schedule.event.appointed" if row.appointed else "schedule.event.visit"
        summary = zh(code, name=row.name)
        return ics.Event(
            self._uid(row.target, person), row.day, summary, place(row.district, row.address), description
        )

    def _uid(self, target: str, person: str) -> str:
        text = "\n".join((self.draw.mode, str(self.draw.number), self.draw.plan_id, target, person))
        return f"{sha256(text.encode()).hexdigest()[:32]}@shuangsuiji"

    def _plot(self) -> str:
        loads = Counter(row.day for row in self.rows)
        days: Sequence[tuple[date, int]] = [
            (day, loads[day]) for day in sorted({*self.schedule.days, *loads})
        ]
        own = self.schedule.figures
        title = zh("schedule.plot.title")
        desc = zh("schedule.plot.desc", days=len(days), least=own.least, most=own.most)
        first, last = words.day(days[0][0]), words.day(days[-1][0])
        about = zh("schedule.plot.about", plan=self.draw.plan_id, first=first, last=last)
        return charts.columns(
            title,
            days,
            desc=desc,
            heading=(title, self.head.title, about, desc),
            level=charts.Level(own.level, zh("schedule.plot.level", level=own.level)),
        )


def place(district: str, address: str) -> str:
    """Where to go: the district before an address that does not begin with it."""
    return address if address.startswith(district) else district + address


def visit_rows(
    reader: Reader,
    draw: DrawRow,
    plan: Plan,
    texts: Texts,
    schedule: Schedule,
    inspectors: Mapping[str, Inspector],
) -> Iterator[VisitRow]:
    """The visits of a calendar with all names, in its order."""
    names = names_of(reader, draw, {visit.target for visit in schedule.visits})
    addresses = _addresses(reader)
    tasks = {one.id: one for one in plan.tasks}
    for visit in schedule.visits:
        duties = tuple(
            Duty(one, tasks[one].name, tasks[one].items, texts.tasks[one].method) for one in visit.tasks
        )
        team = tuple(_member(inspectors[person], slot, texts, plan) for slot, person in visit.team)
        yield VisitRow(
            day=visit.day,
            target=visit.target,
            name=names[visit.target] or visit.target,
            address=addresses.get(visit.target, ""),
            district=visit.district,
            block=visit.block,
            duties=duties,
            team=team,
            appointed=visit.appointed,
        )


def _member(one: Inspector, slot: str, texts: Texts, plan: Plan) -> Member:
    valid = [
        certificate.number
        for certificate in one.certificates
        if certificate.covers(plan.window_from, plan.window_to)
    ]
    return Member(one.id, one.name, one.unit, texts.slots.get(slot, slot), valid[0] if valid else "")


def _addresses(reader: Reader) -> Mapping[str, str]:
    """Where targets are, by id, as the registry imported last has it."""
    latest = reader.current_import("entities")
    if latest is None:
        return {}
    frame = reader.snapshot(latest.digest)
    if _ADDRESS not in frame.columns:
        return {}
    return dict(zip(frame["id"].tolist(), frame[_ADDRESS].tolist(), strict=True))


def _name(text: str) -> str:
    """A text as part of a file's name."""
    return _UNFIT.sub("_", text).strip(" .")[:_LONGEST] or "_"
