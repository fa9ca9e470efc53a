"""§18 What a verification answers: step by step recomputed, consistent or trusted; where it failed; order in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shuangsuiji.audit.witnesses import Order, Witness
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
    "witness": Answer.RECOMPUTED,
    "targets": Answer.RECOMPUTED,
    "blocks": Answer.RECOMPUTED,
    "assignment": Answer.RECOMPUTED,
    "result": Answer.RECOMPUTED,
}
"""The steps of §18 in their order; the name of a step is its failure class."""

TRUSTED: Final = ("lists", "values")
"""What no bundle proves: that the lists were complete and true, the public values as drawn in public."""


HOLDS, FAILED, REHEARSAL_ONLY = 0, 1, 11
"""The exit codes of §18 that do not depend on the order in time."""
EXIT_OF_ORDER: Final[Mapping[Order, int]] = {
    Order.WITNESSED: HOLDS,
    Order.NOT_PROVEN: 10,
    Order.RECEIPT: 12,
    Order.SIGNER_UNKNOWN: 13,
}
"""The exit codes of a real draw all of whose steps hold."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What the auditor brought from outside (外部核对): `what` is "commitment" or "value"; what the bundle has instead.

    `bundle` is empty where it has nothing of the kind.
    """

    what: str
    given: str
    bundle: str

    @property
    def agrees(self) -> bool:
        """Whether the bundle has the same."""
        return self.given == self.bundle


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

    `mode` is "" as long as the bundle has not said it; `order` is None unless all steps hold; `not_held` are the
    drawings ("source:issue") of which somebody has to check that they never took place, because a fallback gave the
    value; `cross_check` are the figures of the independent solver, if asked.
    """

    bundle: str
    mode: str
    steps: tuple[Step, ...]
    failure: Failure | None
    order: Order | None = None
    witnesses: tuple[Witness, ...] = ()
    not_held: tuple[str, ...] = ()
    brought: tuple[Brought, ...] = ()
    cross_check: Mapping[str, int] | None = None

    def exit_code(self, rehearsal: bool) -> int:
        """§18 The exit code; `rehearsal` says that a rehearsal is what the auditor expects.

        What was brought from outside and does not agree fails, whatever the steps say.
        """
        if self.failure is not None or self.order is None or not all(one.agrees for one in self.brought):
            return FAILED
        if self.mode == REAL:
            return EXIT_OF_ORDER[self.order]
        return HOLDS if rehearsal else REHEARSAL_ONLY
