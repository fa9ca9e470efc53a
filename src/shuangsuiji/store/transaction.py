"""One verb's changes to a workspace: all of them with one log entry, or none."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shuangsuiji.core.encoding import Json
from shuangsuiji.errors import EnvironmentRefused, InputRefused, Where, WrongState
from shuangsuiji.store import files, instants, log, models, rows, snapshots
from shuangsuiji.store.layout import Layout
from shuangsuiji.store.queries import KEY_LENGTH, Reader

_AS_OF: Final = "as_of"  # what an entry's details say of a time that was no clock's


class Transaction(Reader):
    """Changes by one operator's verb (操作), seen by nobody else until the `with` block that gave it ends.

    Files are written before the commit that points to them, and removed if it does not come.
    """

    def __init__(
        self,
        session: Session,
        layout: Layout,
        operator: str,
        verb: str,
        now: datetime,
        written: list[Path],
        as_of: bool = False,
    ) -> None:
        super().__init__(session, layout)
        self.operator: Final = operator
        self.now: Final = now
        self._verb = verb
        self._as_of = as_of
        self._details: dict[str, Json] = {_AS_OF: 1} if as_of else {}
        # The caller's list, so that it knows what to remove when this does not come to its commit.
        self._written: Final = written

    def details(self, **values: Json) -> None:
        """Set what the log entry records besides operator, verb and time; later values win."""
        self._details.update(values)

    def becomes(self, verb: str) -> None:
        """Say under which verb the entry stands, where only the work itself shows what it comes to."""
        self._verb = verb

    def put_snapshot(self, kind: str, digest: str, frame: pd.DataFrame) -> None:
        """Keep a roster frame under the digest of its canonical rows. Raises TypeError as `write_frame`."""
        if self._session.get(models.Snapshot, digest) is not None:
            return
        path = self._new_file(self.layout.snapshot(digest))
        with files.replacing(path) as stream:
            snapshots.write_frame(frame, stream)
        self._add(models.Snapshot(digest=digest, kind=kind, rows=len(frame), sha256=files.sha256_of(path)))

    def add_import(
        self,
        kind: str,
        *,
        roster: str,
        digest: str,
        source: str,
        files: Sequence[rows.SourceFile],
        rows_read: int,
        accepted: int,
        refused: int,
        notes: Sequence[tuple[str, rows.Params]] = (),
        reports: Sequence[str] = (),
        base: int | None = None,
    ) -> rows.ImportRow:
        """Record an import whose snapshots are put already; the fields are those of `ImportRow`."""
        row = models.Import(
            kind=kind,
            roster=roster,
            digest=digest,
            source=source,
            base=base,
            time=self.now,
            operator=self.operator,
            files=[{"name": file.name, "sha256": file.sha256} for file in files],
            rows_read=rows_read,
            accepted=accepted,
            refused=refused,
            notes=[{"code": code, "params": dict(params)} for code, params in notes],
            reports=list(reports),
            used=False,
            withdrawn=None,
        )
        self._add(row)
        return self.find_import(row.id)

    def withdraw_import(self, import_id: int, reason: str) -> rows.ImportRow:
        """Withdraw an import (撤回): the one before it becomes current again.

        Raises WrongState: `store.no_such_import`, `store.import_withdrawn`, `store.import_used` (a freeze
        rests on it), `store.import_followed` (a later import was merged into its snapshot).
        """
        row = self._import(import_id)
        if row.withdrawn is not None:
            raise WrongState("store.import_withdrawn", id=import_id)
        if row.used:
            raise WrongState("store.import_used", id=import_id)
        follows = select(models.Import.id).where(
            models.Import.base == import_id, models.Import.withdrawn.is_(None)
        )
        if (follower := self._session.scalars(follows).first()) is not None:
            raise WrongState("store.import_followed", id=import_id, follower=follower)
        row.withdrawn = reason
        self._session.flush()
        return self.find_import(import_id)

    def mark_used(self, import_ids: Sequence[int]) -> None:
        """Bind imports to a freeze: no longer to be withdrawn. Raises WrongState as `withdraw_import`."""
        for import_id in import_ids:
            row = self._import(import_id)
            if row.withdrawn is not None:
                raise WrongState("store.import_withdrawn", id=import_id)
            row.used = True
        self._session.flush()

    def add_plan(
        self, plan_id: str, version: int, source: bytes, *, title: str = "", reason: str = ""
    ) -> rows.PlanRow:
        """Keep one version of a plan file; the same bytes again change nothing.

        `reason` says why a later version was needed. Raises InputRefused `store.plan_version_taken` if the
        version is known with other bytes.
        """
        sha256 = hashlib.sha256(source).hexdigest()
        known = self._session.get(models.Plan, (plan_id, version))
        if known is not None and known.sha256 != sha256:
            raise InputRefused("store.plan_version_taken", plan=plan_id, version=version)
        if known is None:
            self._put_blob(source, sha256)
            self._add(
                models.Plan(
                    plan_id=plan_id,
                    version=version,
                    title=title,
                    reason=reason,
                    sha256=sha256,
                    time=self.now,
                    operator=self.operator,
                )
            )
        return self.plan(plan_id, version)

    def add_draw(self, mode: rows.Mode, plan: rows.PlanRow, key: bytes) -> rows.DrawRow:
        """A new draw in state `adopted`, under the next number of its mode.

        Its salt key, 32 random bytes, goes to a file outside the database that only the owner may read. Raises
        WrongState `store.as_of_before` for a real draw where anything was done at a time that was no clock's.
        """
        if len(key) != KEY_LENGTH:
            raise ValueError(f"a salt key has {KEY_LENGTH} bytes, not {len(key)}")
        if mode == "real" and any(_AS_OF in entry.details for entry in (*self.log(), self.entry())):
            raise WrongState("store.as_of_before")
        latest = self._session.scalar(select(func.max(models.Draw.number)).where(models.Draw.mode == mode))
        number = (latest or 0) + 1
        draw = models.Draw(
            mode=mode,
            number=number,
            plan_id=plan.plan_id,
            plan_version=plan.version,
            state=rows.STATES[0],
            created=self.now,
        )
        self._add(draw)
        files.write(self._new_file(self.layout.key(mode, number)), key)
        return self._draw_row(draw)

    def change_plan(self, draw: rows.DrawRow, plan: rows.PlanRow) -> rows.DrawRow:
        """Give a draw that is not frozen yet another version of its plan.

        Raises WrongState `store.state_order` once the draw is frozen: what it drew from was that plan.
        """
        row = self._session.get_one(models.Draw, draw.id)
        if row.state != rows.STATES[0]:
            raise WrongState(
                "store.state_order",
                number=draw.number,
                mode=draw.mode,
                state=row.state,
                wanted=rows.STATES[0],
            )
        row.plan_version = plan.version
        self._session.flush()
        return self._draw_row(row)

    def put_files(self, draw: rows.DrawRow, members: Mapping[str, bytes]) -> rows.DrawRow:
        """Keep files of a draw, by their names in the auditor's bundle.

        Raises WrongState `store.file_written` for one that the draw has already: what was committed to stays.
        """
        for name, data in members.items():
            if self._session.get(models.DrawFile, (draw.id, name)) is not None:
                raise WrongState("store.file_written", name=name, mode=draw.mode, number=draw.number)
            sha256 = hashlib.sha256(data).hexdigest()
            self._put_blob(data, sha256)
            self._add(models.DrawFile(draw_id=draw.id, name=name, sha256=sha256))
        return self.draw(draw.mode, draw.number)

    def set_state(self, draw: rows.DrawRow, state: rows.State) -> rows.DrawRow:
        """Take a draw one step further. Raises WrongState `store.state_order` for any other step."""
        row = self._session.get_one(models.Draw, draw.id)
        if rows.STATES.index(state) != rows.STATES.index(row.state) + 1:
            raise WrongState(
                "store.state_order", number=draw.number, mode=draw.mode, state=row.state, wanted=state
            )
        row.state = state
        self._session.flush()
        return self._draw_row(row)

    def declare_void(self, draw: rows.DrawRow) -> rows.DrawRow:
        """Make a draw void (作废): it stays so, in whatever state it is."""
        row = self._session.get_one(models.Draw, draw.id)
        row.void = True
        self._session.flush()
        return self._draw_row(row)

    def add_typing(
        self,
        draw: rows.DrawRow,
        operator: str,
        values: Mapping[str, str],
        subject: str = "",
        occasion: str = "",
    ) -> rows.Typing:
        """Record what one person typed: public values, "source:issue" to value, or the contribution of `subject`.

        `occasion` as for `typings`.
        """
        self.check_operator(operator)
        typing = {"operator": operator, "time": self.now, "values": dict(values)}
        self._add(models.Typing(draw_id=draw.id, subject=subject, occasion=occasion, **typing))
        return self.typings(draw, subject, occasion)[-1]

    def add_entries(self, draw: rows.DrawRow, entries: Sequence[rows.NewEntry]) -> tuple[int, ...]:
        """Record results of a draw's targets; their ids, in the order given.

        A second first result of an item, and a correction of what was corrected already or is of another item, are
        refused by the database: verbs check before.
        """
        batch = self.entry().seq
        made = [
            models.Result(
                draw_id=draw.id,
                batch=batch,
                target=one.target,
                task=one.task,
                item=one.item,
                content=dict(one.content),
                corrects=one.corrects,
                operator=self.operator,
                time=self.now,
            )
            for one in entries
        ]
        self._session.add_all(made)
        self._session.flush()
        return tuple(one.id for one in made)

    def add_review(self, entries: Sequence[int], *, approved: bool, reason: str = "") -> None:
        """Approve or return entries; the database refuses a second review, and one by who entered it."""
        self._session.add_all(
            models.Review(
                entry_id=entry, approved=approved, reason=reason, operator=self.operator, time=self.now
            )
            for entry in entries
        )
        self._session.flush()

    def mark_published_entries(self, entries: Sequence[int]) -> None:
        """Say that entries are published now; the database refuses those not approved or published already."""
        self._session.add_all(
            models.PublishedResult(entry_id=entry, operator=self.operator, time=self.now) for entry in entries
        )
        self._session.flush()

    def add_abnormal(
        self, draw: rows.DrawRow, targets: Sequence[str], step: str, day: str, content: Mapping[str, Json]
    ) -> None:
        """Record one step of the proposals about some targets for the abnormal-operations list (经营异常名录)."""
        self._session.add_all(
            models.AbnormalStep(
                draw_id=draw.id,
                target=target,
                step=step,
                day=day,
                content=dict(content),
                operator=self.operator,
                time=self.now,
            )
            for target in targets
        )
        self._session.flush()

    def write_report(self, name: str, data: bytes) -> Path:
        """Write a report under `reports/` that exists only if the transaction does; the import names it."""
        path = self._new_file(self.layout.report(name))
        files.write(path, data)
        return path

    def start(self) -> None:
        """Check the operator and the log's end before anything else is done.

        Raises InputRefused `store.operator_unknown`, EnvironmentRefused `store.log_damaged`, WrongState `store.as_of`.
        """
        if self._as_of:
            self.check_rehearsing()
        self.check_operator(self.operator)
        last = self._last_entry()
        if last is not None and last.hash != log.entry_hash(last):
            raise EnvironmentRefused("store.log_damaged", Where(file=str(self.layout.database)), seq=last.seq)

    def entry(self) -> rows.LogEntry:
        """The verb's entry as the log will have it, if no details are set any more."""
        last = self._last_entry()
        entry = rows.LogEntry(
            seq=1 if last is None else last.seq + 1,
            prev=log.GENESIS if last is None else last.hash,
            time=instants.to_text(self.now),
            operator=self.operator,
            verb=self._verb,
            details=self._details,
            hash="",
        )
        return replace(entry, hash=log.entry_hash(entry))

    def finish(self) -> rows.LogEntry:
        """Append the verb's entry to the log: the last change before the commit."""
        entry = self.entry()
        self._add(models.Log(**log.entry_object(entry), hash=entry.hash))
        return entry

    def _add(self, row: models.Base) -> None:
        self._session.add(row)
        self._session.flush()

    def _new_file(self, path: Path) -> Path:
        self._written.append(path)
        return path

    def _put_blob(self, data: bytes, sha256: str) -> None:
        path = self.layout.blob(sha256)
        if not (path.is_file() and files.sha256_of(path) == sha256):
            files.write(self._new_file(path), data)
