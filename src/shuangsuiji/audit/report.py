"""§18 What a verification answers: step by step recomputed, consistent or trusted; where it failed; its exit code."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shuangsuiji.core.seed import REAL
from shuangsuiji.errors import Where


class Answer(StrEnum):
    """How far a step is proven: 已复算, 有据一致, 凭信."""

    RECOMPUTED = "recomputed"
    CONSISTENT = "consistent"
    TRUSTED = "trusted"


ANSWERS: Final[Mapping[str, Answer]] = {
    "archive": Answer.RECOMPUTED,
    "manifest": Answer.RECOMPUTED,
    "encoding": Answer.RECOMPUTED,
    "plan": Answer.RECOMPUTED,
    "registry": Answer.RECOMPUTED,
    "strata": Answer.RECOMPUTED,
    "pool": Answer.RECOMPUTED,
    "commitment": Answer.RECOMPUTED,
    "notice": Answer.CONSISTENT,
    "log": Answer.CONSISTENT,
    "seed": Answer.RECOMPUTED,
    "targets": Answer.RECOMPUTED,
    "blocks": Answer.RECOMPUTED,
    "assignment": Answer.RECOMPUTED,
    "result": Answer.RECOMPUTED,
}
"""The steps of §18 in their order; the name of a step is its failure class."""

TRUSTED: Final = ("lists", "values", "order")
"""What no bundle proves: that the lists were complete and true, the public values as drawn, the order in time."""

HOLDS, FAILED, NOT_PROVEN, REHEARSAL_ONLY = 0, 1, 10, 11
"""The exit codes of §18."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that holds, and the figures that say what was checked."""

    name: str
    answer: Answer
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Failure:
    """The first step that does not hold: its class, the code and parameters of what is wrong, and where."""

    failure_class: str
    code: str
    params: Mapping[str, str | int]
    where: Where


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one bundle (审计报告).

    `mode` is "" as long as the bundle has not said it; `cross_check` the figures of the independent solver, if asked.
    """

    bundle: str
    mode: str
    steps: tuple[Step, ...]
    failure: Failure | None
    cross_check: Mapping[str, int] | None = None

    def exit_code(self, rehearsal: bool) -> int:
        """§18 The exit code; `rehearsal` says that a rehearsal is what the auditor expects."""
        if self.failure is not None:
            return FAILED
        if self.mode == REAL:
            return NOT_PROVEN
        return HOLDS if rehearsal else REHEARSAL_ONLY
