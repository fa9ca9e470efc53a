"""§18 What a verification answers: step by step recomputed, consistent or trusted; where it failed; order in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shuangsuiji.audit.timing import Follows
from shuangsuiji.audit.witnesses import Order, Witness
from shuangsuiji.bundle.signing import Signature
from shuangsuiji.core.seed import REAL, Drawing
from shuangsuiji.errors import Where


class Answer(StrEnum):
    """How far a step is proven: 已复算, 有据一致, 凭信."""

    RECOMPUTED = "recomputed"
    CONSISTENT = "consistent"
    TRUSTED = "trusted"


AUDITOR_STEPS: Final = (
    "archive",
    "manifest",
    "signature",
    "encoding",
    "plan",
    "registry",
    "strata",
    "pool",
    "commitment",
    "notice",
    "log",
    "seed",
    "witness",
    "targets",
    "blocks",
    "assignment",
    "result",
    "records",
)
"""The steps of §18 in their order; the name of a step is its failure class."""

_CONSISTENT: Final = frozenset({"notice", "log"})


def answer_to(step: str) -> Answer:
    """§18 How far a step that holds is proven."""
    return Answer.CONSISTENT if step in _CONSISTENT else Answer.RECOMPUTED


TRUSTED: Final[Mapping[str, tuple[str, ...]]] = {
    "auditor": ("lists", "values", "changes", "requests"),
    "public": ("lists", "values", "rules", "inspectors", "names", "untold", "later"),
    "receipt": ("lists", "values", "rules", "cuts", "outside", "later"),
}
"""What a bundle or receipt does not prove, by its kind."""

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

    `bundle` is empty where it has nothing of the kind. `noticed` says that the file only repeats it, in its notice
    (有据一致), and has nothing to compute it from.
    """

    what: str
    given: str
    bundle: str
    noticed: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the bundle has the same."""
        return self.given == self.bundle


@dataclass(frozen=True, slots=True)
class Signer:
    """签署人: the fingerprint (hex) of the key that signed the file, and whether the auditor trusts it."""

    fingerprint: str
    trusted: bool


def signer_of(signature: Signature | None, signers: frozenset[str]) -> Signer | None:
    """§18 Who signed; `signers` are the fingerprints that the auditor trusts."""
    if signature is None:
        return None
    return Signer(signature.fingerprint, signature.fingerprint in signers)


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
class Recorded:
    """抽取后记录: whether the draw is void, and why; records by kind; requests without outcome.

    `not_held` are the drawings of requests whose place a fallback took.
    """

    void: bool
    reason: str
    counts: Mapping[str, int]
    open: tuple[int, ...]
    not_held: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What a task came to for the entity of a receipt: drawn or not, or the reason why it lies outside."""

    task: str
    drawn: bool
    outside: str


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt that holds shows: whose it is, its ticket (hex), task by task."""

    id: str
    name: str
    ticket: str
    outcomes: tuple[TaskOutcome, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one bundle or receipt (审计报告): `kind` is "auditor", "public" or "receipt".

    `mode` is "" as long as the bundle has not said it; `order` is None unless all steps hold; `signer` is None where
    the file is not signed; `not_held` are the drawings ("source:issue") of which somebody has to check that they never
    took place, because a fallback gave the value; `follows` are those that somebody has to check were held late
    enough; `cross_check` are the figures of the independent solver, if asked;
    `recorded` is what an auditor's bundle says of the time after the draw.
    """

    bundle: str
    mode: str
    steps: tuple[Step, ...]
    failure: Failure | None
    order: Order | None = None
    witnesses: tuple[Witness, ...] = ()
    not_held: tuple[str, ...] = ()
    follows: tuple[Follows, ...] = ()
    brought: tuple[Brought, ...] = ()
    cross_check: Mapping[str, int] | None = None
    kind: str = "auditor"
    signer: Signer | None = None
    recorded: Recorded | None = None
    receipt: ReceiptFacts | None = None

    def exit_code(self, rehearsal: bool) -> int:
        """§18 The exit code; `rehearsal` says that a rehearsal is what the auditor expects.

        What was brought from outside and does not agree fails, whatever the steps say.
        """
        if self.failure is not None or self.order is None or not all(one.agrees for one in self.brought):
            return FAILED
        if self.mode == REAL:
            return EXIT_OF_ORDER[self.order]
        return HOLDS if rehearsal else REHEARSAL_ONLY
