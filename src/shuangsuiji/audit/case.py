"""What the auditor's questions are asked about, and what an answer to them is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuangsuiji.audit.chain import entries_of
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.closing import Contribution
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.decisions import Record
from shuangsuiji.core.draw import InspectorDraw, TargetDraw
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import PublicValue

Entry = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an answer: its code under `audit.answered`, and its parameters; words in both languages apart."""

    code: str
    params: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Case:
    """What a verification that holds has recomputed of an auditor's bundle, for the questions.

    `entries` is the log, `changes` the lines of `changes.jsonl`, `notices` the commit notice and that of a late seal;
    `contributions` and `values` are of both; `records` are those after the seed.
    """

    frozen: Frozen
    drawn: TargetDraw
    matching: InspectorDraw
    entries: Sequence[Entry]
    changes: Sequence[Entry]
    notices: tuple[Notice, ...]
    contributions: tuple[Contribution, ...]
    values: tuple[PublicValue, ...]
    result: str
    records: tuple[Record, ...]


def of_draw(case: Case, verb: str) -> Iterator[Entry]:
    """The log's entries about the draw itself, of this verb."""
    return (entry for entry in entries_of(case.entries, case.notices[0]) if entry["verb"] == verb)
