"""What can be asked of a workspace, within one consistent state of it."""

import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd
from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from shuangsuiji.errors import EnvironmentRefused, InputRefused, Listing, Where, WrongState
from shuangsuiji.owned import read_owned
from shuangsuiji.store import log, models, rows, snapshots
from shuangsuiji.store.files import sha256_of
from shuangsuiji.store.layout import Layout

KEY_LENGTH: Final = 32
"""Bytes of a draw's salt key (specification §8)."""


class Reader:
    """Queries on one state of the workspace, valid inside the `with` block that gave it."""

    def __init__(self, session: Session, layout: Layout) -> None:
        self._session = session
        self.layout = layout

    def workspace(self) -> rows.Workspace:
        """Whose workspace this is."""
        found = self._session.scalars(select(models.Workspace)).one()
        return rows.Workspace(found.authority, found.region, found.created)

    def operators(self) -> tuple[str, ...]:
        """操作人, in the order of registration."""
        return tuple(self._session.scalars(select(models.Operator.name).order_by(models.Operator.id)))

    def check_operator(self, name: str) -> None:
        """Raises InputRefused `store.operator_unknown`, with those who are registered."""
        known = self.operators()
        if name not in known:
            raise InputRefused("store.operator_unknown", operator=name, known=Listing(known))

    def imports(self) -> tuple[rows.ImportRow, ...]:
        """All imports, oldest first, withdrawn ones too."""
        return tuple(
            map(_import_row, self._session.scalars(select(models.Import).order_by(models.Import.id)))
        )

    def find_import(self, import_id: int) -> rows.ImportRow:
        """One import. Raises WrongState `store.no_such_import`."""
        return _import_row(self._import(import_id))

    def current_import(self, roster: str) -> rows.ImportRow | None:
        """The import whose snapshot is the roster as it stands; None if there is none."""
        query = select(models.Import).where(models.Import.roster == roster, models.Import.withdrawn.is_(None))
        found = self._session.scalars(query.order_by(models.Import.id.desc()).limit(1)).first()
        return None if found is None else _import_row(found)

    def snapshot(self, digest: str) -> pd.DataFrame:
        """The roster frame of a digest. Raises EnvironmentRefused as `file` does."""
        known = self._session.get_one(models.Snapshot, digest)
        path = self.layout.snapshot(digest)
        if not path.is_file():
            raise EnvironmentRefused("store.file_missing", Where(file=str(path)))
        if sha256_of(path) != known.sha256:
            raise EnvironmentRefused("store.file_damaged", Where(file=str(path)))
        return snapshots.read_frame(path)

    def snapshot_size(self, digest: str) -> int:
        """How many rows the roster frame of a digest has."""
        return self._session.get_one(models.Snapshot, digest).rows

    def plans(self) -> tuple[rows.PlanRow, ...]:
        """All versions of all plans, by id and version."""
        query = select(models.Plan).order_by(models.Plan.plan_id, models.Plan.version)
        return tuple(map(_plan_row, self._session.scalars(query)))

    def plan(self, plan_id: str, version: int) -> rows.PlanRow:
        """One version of a plan. Raises WrongState `store.no_such_plan`."""
        found = self._session.get(models.Plan, (plan_id, version))
        if found is None:
            raise WrongState("store.no_such_plan", plan=plan_id, version=version)
        return _plan_row(found)

    def plan_source(self, plan: rows.PlanRow) -> bytes:
        """The plan file as it was adopted. Raises EnvironmentRefused as `file` does."""
        return self._blob(plan.sha256)

    def draws(self) -> tuple[rows.DrawRow, ...]:
        """All draws, in the order in which they were adopted."""
        return tuple(map(self._draw_row, self._session.scalars(select(models.Draw).order_by(models.Draw.id))))

    def check_rehearsing(self) -> None:
        """Raises WrongState `store.as_of` if there is a real draw: its times are the clock's."""
        real = select(models.Draw.number).where(models.Draw.mode == "real").order_by(models.Draw.number)
        if (number := self._session.scalars(real).first()) is not None:
            raise WrongState("store.as_of", number=number)

    def draw(self, mode: rows.Mode, number: int) -> rows.DrawRow:
        """One draw by its number. Raises WrongState `store.no_such_draw`."""
        query = select(models.Draw).where(models.Draw.mode == mode, models.Draw.number == number)
        found = self._session.scalars(query).one_or_none()
        if found is None:
            raise WrongState("store.no_such_draw", mode=mode, number=number)
        return self._draw_row(found)

    def open_draw(self, plan_id: str | None = None) -> rows.DrawRow:
        """The only draw not yet published, among those of one plan if it is named.

        Of a plan the latest counts: one before it is void or a rehearsal that came to nothing. One that was given up
        never counts; one that is void, and only waits to be published, is passed over while there is another. Raises
        WrongState `store.no_open_draw` if there is none, `store.unknown_plan` for a plan that never was adopted,
        `store.several_open_draws` with their plans.
        """
        found = [d for d in self.draws() if d.state != "published" and not d.dropped]
        found = [draw for draw in found if plan_id in (None, draw.plan_id)]
        found = [draw for draw in found if not draw.void] or found
        found = list({draw.plan_id: draw for draw in found}.values())
        if not found and plan_id is not None and all(one.plan_id != plan_id for one in self.plans()):
            known = Listing(dict.fromkeys(one.plan_id for one in self.plans()))
            raise WrongState(
                "store.unknown_plan" if known else "store.no_open_draw", plan=plan_id, known=known
            )
        if not found:
            raise WrongState("store.no_open_draw", plan=plan_id or "")
        if len(found) > 1:
            raise WrongState("store.several_open_draws", draws=Listing(draw.plan_id for draw in found))
        return found[0]

    def file(self, draw: rows.DrawRow, name: str) -> bytes:
        """A draw's file by its name in the auditor's bundle.

        Raises WrongState `store.no_such_file` if the draw has not come that far; EnvironmentRefused
        `store.file_missing` or `store.file_damaged` if what is on disk is not what was recorded.
        """
        return self._blob(self._file_sha256(draw, name))

    def path(self, draw: rows.DrawRow, name: str) -> Path:
        """Where a draw's file lies, to be mapped; what is there is what was recorded, else it raises as `file`."""
        sha256 = self._file_sha256(draw, name)
        path = self.layout.blob(sha256)
        if not path.is_file():
            raise EnvironmentRefused("store.file_missing", Where(file=str(path)))
        if sha256_of(path) != sha256:
            raise EnvironmentRefused("store.file_damaged", Where(file=str(path)))
        return path

    def key(self, draw: rows.DrawRow) -> bytes:
        """The draw's salt key, 32 bytes, from its file outside the database.

        Raises EnvironmentRefused `store.file_missing`, `store.key_link`, `store.key_open` as `read_owned`;
        InputRefused `store.key_length` for a key of another length.
        """
        path = self.layout.key(draw.mode, draw.number)
        if not path.is_file():
            raise EnvironmentRefused("store.file_missing", Where(file=str(path)))
        key = read_owned(path, link="store.key_link", shared="store.key_open")
        if len(key) != KEY_LENGTH:
            raise InputRefused("store.key_length", Where(file=str(path)), length=len(key), wanted=KEY_LENGTH)
        return key

    def typings(self, draw: rows.DrawRow, subject: str = "", occasion: str = "") -> tuple[rows.Typing, ...]:
        """What was typed in for a draw, oldest first: public values, or the contribution of the person `subject`.

        `occasion` is what they are for: "" the commit notice, "late" the late one, otherwise a request's number.
        """
        query = (
            select(models.Typing)
            .where(
                models.Typing.draw_id == draw.id,
                models.Typing.subject == subject,
                models.Typing.occasion == occasion,
            )
            .order_by(models.Typing.id)
        )
        return tuple(
            rows.Typing(one.operator, one.time, MappingProxyType(one.values))
            for one in self._session.scalars(query)
        )

    def entries(self, draw: rows.DrawRow) -> tuple[rows.EntryRow, ...]:
        """检查结果录入: all entries of a draw, in the order in which they were made, corrected ones too."""
        own = models.Result
        # Columns, as below: there are tens of thousands, and rows to be changed would take twice the time.
        query = (
            select(
                own.id, own.batch, own.target, own.task, own.item, own.content, own.corrects, own.operator, own.time
            )
            .where(own.draw_id == draw.id)
            .order_by(own.id)
        )  # fmt: skip
        return tuple(
            rows.EntryRow(
                number, batch, target, task, item, MappingProxyType(content), corrects, operator, time
            )
            for number, batch, target, task, item, content, corrects, operator, time in self._session.execute(
                query
            )
        )

    def standing_values(self, mode: rows.Mode, name: str) -> tuple[tuple[str, str], ...]:
        """Of all entries that stand, in draws of a mode: the target, and what its content has under a name; each once.

        The database looks into them: over the years they are too many to be parsed for one value.
        """
        own, later = models.Result, select(models.Result.corrects)
        value = func.json_extract(type_coerce(own.content, Text), f'$."{name}"')
        query = (
            select(own.target, value)
            .join(models.Draw, models.Draw.id == own.draw_id)
            .where(models.Draw.mode == mode, own.id.not_in(later))
            .order_by(own.target, value)
            .distinct()
        )
        return tuple((target, found) for target, found in self._session.execute(query))

    def reviews(self, draw: rows.DrawRow) -> tuple[rows.ReviewRow, ...]:
        """审核: all reviews of a draw's entries, by entry."""
        own = models.Review
        query = (
            select(own.entry_id, own.approved, own.reason, own.operator, own.time)
            .join(models.Result)
            .where(models.Result.draw_id == draw.id)
            .order_by(own.entry_id)
        )
        return tuple(
            rows.ReviewRow(entry, approved, reason, operator, time)
            for entry, approved, reason, operator, time in self._session.execute(query)
        )

    def published_entries(self, draw: rows.DrawRow) -> tuple[rows.PublishedRow, ...]:
        """公示: which of a draw's entries were published, by entry."""
        own = models.PublishedResult
        query = (
            select(own.entry_id, own.operator, own.time)
            .join(models.Result)
            .where(models.Result.draw_id == draw.id)
            .order_by(own.entry_id)
        )
        return tuple(
            rows.PublishedRow(entry, operator, time) for entry, operator, time in self._session.execute(query)
        )

    def has_untold(self, draw: rows.DrawRow) -> bool:
        """Whether an entry of a draw was approved and not published."""
        query = (
            select(models.Review.entry_id)
            .join(models.Result)
            .outerjoin(models.PublishedResult, models.PublishedResult.entry_id == models.Review.entry_id)
            .where(
                models.Result.draw_id == draw.id,
                models.Review.approved.is_(True),
                models.PublishedResult.entry_id.is_(None),
            )
        )
        return self._session.execute(query.limit(1)).first() is not None

    def abnormal(self, draw: rows.DrawRow) -> tuple[rows.AbnormalRow, ...]:
        """经营异常名录: the steps of all proposals of a draw, in the order in which they were recorded."""
        query = (
            select(models.AbnormalStep)
            .where(models.AbnormalStep.draw_id == draw.id)
            .order_by(models.AbnormalStep.id)
        )
        return tuple(
            rows.AbnormalRow(
                one.target,
                one.step,
                one.day,
                MappingProxyType(one.content),
                one.operator,
                one.time,
                one.id,
            )
            for one in self._session.scalars(query)
        )

    def log(self) -> list[rows.LogEntry]:
        """操作日志: all entries, in order."""
        return list(map(_log_entry, self._session.scalars(select(models.Log).order_by(models.Log.seq))))

    def log_head(self) -> str:
        """The hash of the last entry, hex; 64 zeros for an empty log."""
        last = self._last_entry()
        return log.GENESIS if last is None else last.hash

    def known_files(self) -> frozenset[Path]:
        """Every file that the database points to, salt keys too; any other in its folders is an orphan."""
        layout, select_all = self.layout, self._session.scalars
        digests = select_all(select(models.Snapshot.digest))
        blobs = [*select_all(select(models.DrawFile.sha256)), *select_all(select(models.Plan.sha256))]
        reports = [name for names in select_all(select(models.Import.reports)) for name in names]
        keys = [layout.key(draw.mode, draw.number) for draw in select_all(select(models.Draw))]
        found = [*map(layout.snapshot, digests), *map(layout.blob, blobs), *map(layout.report, reports)]
        return frozenset([*found, *keys])

    def _last_entry(self) -> rows.LogEntry | None:
        last = self._session.scalars(select(models.Log).order_by(models.Log.seq.desc()).limit(1)).first()
        return None if last is None else _log_entry(last)

    def _import(self, import_id: int) -> models.Import:
        found = self._session.get(models.Import, import_id)
        if found is None:
            raise WrongState("store.no_such_import", id=import_id)
        return found

    def _file_sha256(self, draw: rows.DrawRow, name: str) -> str:
        found = self._session.get(models.DrawFile, (draw.id, name))
        if found is None:
            raise WrongState("store.no_such_file", name=name, mode=draw.mode, number=draw.number)
        return found.sha256

    def _blob(self, sha256: str) -> bytes:
        path = self.layout.blob(sha256)
        if not path.is_file():
            raise EnvironmentRefused("store.file_missing", Where(file=str(path)))
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EnvironmentRefused("store.file_damaged", Where(file=str(path)))
        return data

    def _draw_row(self, draw: models.Draw) -> rows.DrawRow:
        query = (
            select(models.DrawFile).where(models.DrawFile.draw_id == draw.id).order_by(models.DrawFile.name)
        )
        return rows.DrawRow(
            id=draw.id,
            mode=draw.mode,
            number=draw.number,
            plan_id=draw.plan_id,
            plan_version=draw.plan_version,
            state=draw.state,
            created=draw.created,
            void=draw.void,
            files=MappingProxyType({file.name: file.sha256 for file in self._session.scalars(query)}),
        )


def _import_row(one: models.Import) -> rows.ImportRow:
    return rows.ImportRow(
        id=one.id,
        kind=one.kind,
        roster=one.roster,
        digest=one.digest,
        source=one.source,
        base=one.base,
        time=one.time,
        operator=one.operator,
        files=tuple(rows.SourceFile(file["name"], file["sha256"]) for file in one.files),
        rows_read=one.rows_read,
        accepted=one.accepted,
        refused=one.refused,
        notes=tuple((note["code"], MappingProxyType(note["params"])) for note in one.notes),
        reports=tuple(one.reports),
        used=one.used,
        withdrawn=one.withdrawn,
    )


def _plan_row(one: models.Plan) -> rows.PlanRow:
    return rows.PlanRow(one.plan_id, one.version, one.title, one.reason, one.sha256, one.time, one.operator)


def _log_entry(one: models.Log) -> rows.LogEntry:
    details = MappingProxyType(one.details)
    return rows.LogEntry(one.seq, one.prev, one.time, one.operator, one.verb, details, one.hash)
