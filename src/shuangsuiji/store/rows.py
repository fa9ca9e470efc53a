"""What the store's queries answer: frozen values, free of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from shuangsuiji.core.encoding import Json

Mode = Literal["real", "rehearsal"]
"""正式 or 演练; serial numbers run separately in each."""

State = Literal["adopted", "frozen", "seeded", "drawn", "matched", "published"]

STATES: Final[tuple[State, ...]] = ("adopted", "frozen", "seeded", "drawn", "matched", "published")
"""The states of a draw, in the only order in which it passes them."""

DROPPED: Final = "dropped.json"
"""The file of a draw whose plan was given up before a freeze, with the reason."""

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Workspace:
    """工作目录: the authority (抽查机关) it belongs to, its region code, and when it was made (UTC)."""

    authority: str
    region: str
    created: datetime


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was handed in: its name (without folders) and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """导入记录: one import and the snapshot it made.

    `kind` is what was handed in, `roster` the list that `digest` is a full snapshot of: they differ for a
    yearly review, which makes a new snapshot of the inspectors. `source` is the digest of the rows handed in
    alone, `base` the import whose snapshot they were merged into. `reports` are the file names of the reports
    on refused rows. `used`: a freeze rests on it. `withdrawn` is the reason, None while the import stands.
    """

    id: int
    kind: str
    roster: str
    digest: str
    source: str
    base: int | None
    time: datetime
    operator: str
    files: tuple[SourceFile, ...]
    rows_read: int
    accepted: int
    refused: int
    notes: tuple[tuple[str, Params], ...]
    reports: tuple[str, ...]
    used: bool
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """抽查计划: one version of a plan file; `sha256` is that of the file's bytes."""

    plan_id: str
    version: int
    title: str
    reason: str
    sha256: str
    time: datetime
    operator: str


@dataclass(frozen=True, slots=True)
class DrawRow:
    """批次抽取: one draw and the auditor's files it has so far (name to SHA-256); `void`: it was declared 作废."""

    id: int
    mode: Mode
    number: int
    plan_id: str
    plan_version: int
    state: State
    created: datetime
    void: bool
    files: Mapping[str, str]

    @property
    def dropped(self) -> bool:
        """Whether its plan was given up (弃用) before a freeze: the number stays, nothing follows."""
        return DROPPED in self.files


@dataclass(frozen=True, slots=True)
class Typing:
    """录入: what one person typed; two persons' must agree.

    Public values, "source:issue" to value, or what a contributor gave, by the names of specification §11.
    """

    operator: str
    time: datetime
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """操作日志: one entry of the hash-chained log, specification §17."""

    seq: int
    prev: str
    time: str
    operator: str
    verb: str
    details: Mapping[str, Json]
    hash: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """检查结果录入: the result of one target, task and item, as one person entered it.

    `id` is serial in the workspace; `batch` is the number of the log entry that it came with: all of one import have
    the same. `content` is what `followup.results` makes of the rest; `corrects` the id of what it corrects, else 0.
    """

    id: int
    batch: int
    target: str
    task: str
    item: str
    content: Mapping[str, Json]
    corrects: int
    operator: str
    time: datetime


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that is not recorded yet: what `EntryRow` says of it."""

    target: str
    task: str
    item: str
    content: Mapping[str, Json]
    corrects: int = 0


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """审核: of the entry with this id."""

    entry: int
    approved: bool
    reason: str
    operator: str
    time: datetime


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """公示: the entry with this id, when and by whom it was published."""

    entry: int
    operator: str
    time: datetime


@dataclass(frozen=True, slots=True)
class AbnormalRow:
    """经营异常名录: one step about a target; `day` is an ISO date, `content` the rest, `number` its own (from 1)."""

    target: str
    step: str
    day: str
    content: Mapping[str, Json]
    operator: str
    time: datetime
    number: int
