"""What can be witnessed: a commit or late notice (§17) or the closing (§11) of one that was; the form is checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from shuangsuiji.bundle import signatures
from shuangsuiji.bundle.closing import parse_closing
from shuangsuiji.bundle.notice import Notice, is_time, notice_digest, parse_notice
from shuangsuiji.bundle.witness import CLOSING, LATE_CLOSING, LATE_NOTICE, NOTICE
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.encoding import Json, is_date
from shuangsuiji.core.seed import REAL, REHEARSAL, Drawing, check_announced, check_seedable
from shuangsuiji.errors import InputRefused

_PLAN: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Passed:
    """Drawings of one announced value whose hours (UTC) have passed; `whole`: no fallback is left to come."""

    drawings: tuple[tuple[Drawing, str], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A notice, or the closing of the notice."""

    notice: Notice
    closing: Closing | None = None

    @property
    def of(self) -> str:
        """§17 What a statement about it is of: one of `KINDS`."""
        if self.notice.covers == "inspectors":
            return LATE_NOTICE if self.closing is None else LATE_CLOSING
        return NOTICE if self.closing is None else CLOSING

    @property
    def digest(self) -> str:
        """§17 The digest that a statement about it carries, hex."""
        digest = notice_digest(self.notice) if self.closing is None else self.closing.digest(self.notice.mode)
        return digest.hex()

    def passed(self, now: str) -> tuple["Passed", ...]:
        """Of the values to come, those of which an announced hour (of a fallback, too) is not after `now` (UTC)."""
        found = []
        for value in self.notice.values:
            hours = [self.notice.hours.get(str(one), "") for one in value.drawings]
            gone = [
                (one, hour) for one, hour in zip(value.drawings, hours, strict=True) if hour and hour <= now
            ]
            if gone:
                found.append(Passed(tuple(gone), whole=len(gone) == len(hours)))
        return tuple(found)

    def object(self) -> dict[str, Json]:
        """The document as JSON."""
        return self.notice.object() if self.closing is None else self.closing.object()


def civil(time: str) -> str:
    """An instant of §17 as a clock in China shows it, to the second."""
    return f"{datetime.fromisoformat(time) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"


def is_closing(value: Json) -> bool:
    """Whether a value means to be a closing: only that has contributions."""
    return isinstance(value, dict) and "contributions" in value


def read_notice(value: Json) -> Document:
    """§17 A commit notice. Raises InputRefused `bundle.notice`, `core.seed_*` (values that no draw may announce)."""
    notice = parse_notice(value)
    hexes = (*notice.commitments.values(), notice.changes, notice.head)
    if not (
        notice.authority
        and _PLAN.fullmatch(notice.plan)
        and notice.mode in (REAL, REHEARSAL)
        and notice.draw >= 1
        and all(signatures.is_hex(digest, _DIGEST_BYTES) for digest in hexes)
        and min(notice.sizes.values()) >= 0
        and is_time(notice.time)
        and is_date(notice.deadline)
    ):
        raise InputRefused("bundle.notice")
    check_announced(notice.values)
    check_seedable(notice.mode, notice.values)
    return Document(notice)


def read_closing(value: Json, notices: Sequence[Notice]) -> Document:
    """§11 The closing of one of the witnessed `notices`, every signature in it verified.

    Raises InputRefused `witness.no_notice` if it belongs to none of them, `bundle.closing*`, `bundle.contribution*`.
    """
    raw: Any = value
    notice = next((one for one in notices if one.commitment.hex() == raw.get("commitment")), None)
    if notice is None:
        raise InputRefused("witness.no_notice")
    return Document(notice, parse_closing(value, notice.mode, notice.commitment, notice.contributors))
