"""§17, §18 The steps about what happened around a draw: notices, log, seeds, witnesses; of a late seal as well."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuangsuiji.audit.chain import Places, check_chain, check_late, find_places
from shuangsuiji.audit.changed import CHANGES, check_changes
from shuangsuiji.audit.compare import same
from shuangsuiji.audit.steps import Facts, Opened
from shuangsuiji.audit.witnesses import read_testimonies
from shuangsuiji.bundle import archive, members
from shuangsuiji.bundle.closing import parse_closing
from shuangsuiji.bundle.late import LATE, split_late
from shuangsuiji.bundle.notice import (
    Notice,
    is_time,
    late_notice_of,
    notice_of,
    parse_notice,
    targets_notice_of,
)
from shuangsuiji.bundle.witness import SignedStatement, Testimony
from shuangsuiji.core.closing import Absent, Closing
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.encoding import Json, is_date
from shuangsuiji.core.seed import Announced, LateSeed, PublicValue, Seeds, check_values, derive_seeds
from shuangsuiji.errors import InputRefused, Where

LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class LateSeal:
    """What an auditor's bundle says of inspectors sealed late: their notice, its seed not believed yet."""

    changes: bytes
    notice: Notice
    seed: Json


class Proceedings(Opened):
    """An auditor's bundle whose statements are checked, and what these steps add to that."""

    kind = archive.AUDITOR
    frozen: Frozen
    notice: Notice
    late: LateSeal | None
    entries: tuple[Mapping[str, Json], ...]
    places: Places
    late_places: Places | None
    values: tuple[PublicValue, ...]
    closing: bytes
    closing_of_targets: Closing
    late_seed: LateSeed | None
    seeds: Seeds
    testimonies: tuple[Testimony, ...]

    def read_notice(self) -> Facts:
        """§18 `notice`."""
        self.notice = own = _parse_notice(self.json("notice.json"), "notice.json")
        told = check_changes(self.files[CHANGES])
        changes = self.frozen.seal.changes_digest(self.files[CHANGES]).hex()
        make = targets_notice_of if LATE in self.files else notice_of
        expected = make(self.frozen, changes, own.head, own.deadline, own.time, own.contributors, own.hours)
        same(expected.object(), own.object(), "notice.json")
        self.late = None
        if LATE in self.files:
            self.late = self._read_late()
            told += check_changes(self.late.changes, LATE)
        return {
            "draw": own.draw,
            "time": own.time,
            "contributors": len(own.contributors),
            "changes": told,
        }

    def log(self) -> Facts:
        """§18 `log`."""
        entries = list(members.read_lines(LOG, self.files[LOG], lambda value: value))
        check_chain(entries)
        self.entries = tuple(entry for entry in entries if isinstance(entry, Mapping))
        self.places = find_places(self.entries, self.notice)
        self.late_places = None
        if self.late is not None:
            self.late_places = find_places(self.entries, self.late.notice)
            check_late(self.places, self.late_places)
        return {"entries": len(entries), "freeze": self.places.freeze}

    def seed(self) -> Facts:
        """§18 `seed`."""
        value, self.values = members.read_seed(self.files["seed.json"])
        closing = self._check_seed(value, self.notice, self.places, self.frozen.announced, self.values)
        self.closing_of_targets, self.closing = closing, closing.digest(self.mode)
        self.late_seed = None
        given = list(closing.contributions)
        if self.late is not None and self.late_places is not None:
            value, values = members.parse_seed(LATE, self.late.seed)
            own = self._check_seed(value, self.late.notice, self.late_places, self.frozen.late, values)
            self.late_seed = LateSeed(own, values)
            given += own.contributions
        self.seeds = derive_seeds(
            self.mode, closing, self.frozen.inspectors_commitment, self.values, self.late_seed
        )
        values = self.values if self.late_seed is None else (*self.values, *self.late_seed.values)
        return {
            "values": ", ".join(map(str, values)),
            "contributions": sum(not isinstance(one, Absent) for one in given),
        }

    def witness(self) -> Facts:
        """§18 `witness`."""
        late = None
        if self.late is not None and self.late_seed is not None:
            late = self.late.notice, self.late_seed.closing.digest(self.mode)
        self.testimonies = read_testimonies(self.files["witness.jsonl"], self.notice, self.closing, late)
        signed = sum(isinstance(one, SignedStatement) for one in self.testimonies)
        return {"signed": signed, "receipts": len(self.testimonies) - signed}

    def _read_late(self) -> LateSeal:
        """§17 The late notice, equal to the recomputed one."""
        member = split_late(self.json(LATE))
        own = _parse_notice(member.notice, LATE)
        changes = self.frozen.seal.changes_digest(member.changes, late=True).hex()
        expected = late_notice_of(
            self.frozen, changes, own.head, own.deadline, own.time, own.contributors, own.hours
        )
        same(expected.object(), own.object(), LATE)
        return LateSeal(member.changes, own, member.seed)

    def _check_seed(
        self,
        closing_value: Json,
        notice: Notice,
        places: Places,
        announced: tuple[Announced, ...],
        values: tuple[PublicValue, ...],
    ) -> Closing:
        closing = parse_closing(closing_value, self.mode, notice.commitment, notice.contributors)
        if notice.contributors and places.closing != closing.digest(self.mode).hex():
            raise InputRefused("audit.log_closing", Where(file=LOG, line=places.close))
        check_values(self.mode, announced, values)
        return closing


def _parse_notice(value: Json, file: str) -> Notice:
    notice = parse_notice(value)
    if not is_date(notice.deadline) or not is_time(notice.time) or not members.is_digest(notice.head):
        raise InputRefused("bundle.notice", Where(file=file))
    return notice
