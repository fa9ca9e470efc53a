"""§17, §18 Witness statements of a bundle, and what they prove of the order in time (先后次序)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shuangsuiji.bundle import members
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.witness import (
    CLOSING,
    LATE_CLOSING,
    LATE_NOTICE,
    NOTICE,
    SignedStatement,
    Testimony,
    check_testimony,
)
from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.persons import same_name

_FILE = "witness.jsonl"


class Order(StrEnum):
    """How far it is proven that notice and closing stood before the public values."""

    WITNESSED = "witnessed"
    SIGNER_UNKNOWN = "signer_unknown"
    RECEIPT = "receipt"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, slots=True)
class Witness:
    """见证: who has seen what (`bundle.witness.KINDS`) when (UTC); `fingerprint` of the key, or where the receipt is.

    `trusted` says that the auditor trusts the key, `own` that the name is the authority's own, which is no outside
    witness: the order in time counts it, the reader is warned. A statement that does not count (`counts`) was not made
    before the announced `hour` of a drawing, or after public values had been typed in, at `after`, or there is no entry
    in the log by which it could be known.
    """

    name: str
    of: str
    time: str
    fingerprint: str
    receipt: str
    trusted: bool
    counts: bool = True
    after: str = ""
    hour: str = ""
    own: bool = False


def read_testimonies(
    data: bytes, notice: Notice, closing: bytes, late: tuple[Notice, bytes] | None = None
) -> tuple[Testimony, ...]:
    """§17 The statements of `witness.jsonl`, each about this notice or closing (digest) and well signed.

    `late` are the late notice and its closing digest, if the inspectors were sealed late. InputRefused as
    `members.read_witness` and `check_testimony`, with file and line.
    """
    testimonies = members.read_witness(data)
    for line, one in enumerate(testimonies, start=1):
        try:
            check_testimony(one, notice, closing, late)
        except InputRefused as error:
            raise InputRefused(error.code, Where(file=_FILE, line=line), **error.params) from None
    return testimonies


def witness_of(
    testimony: Testimony,
    trust: frozenset[str],
    hours: tuple[str, str],
    seeded: Mapping[str, str] | None = None,
) -> Witness:
    """§18 The statement as the report says it.

    `trust` are the fingerprints of keys that the auditor trusts; `hours` the first announced hour (`Notice.hour`) of
    the values, and of those of inspectors sealed late, "" where none is told; `seeded` is when the log's first entries
    were made, by verb: what no public bundle or receipt tells.
    """
    one = testimony.statement
    late = one.of in (LATE_NOTICE, LATE_CLOSING)
    hour = hours[late]
    missed = hour if hour and one.time >= hour else ""
    typed = "" if seeded is None else seeded.get("late-seed" if late else "seed", "")
    timely = seeded is None or one.time <= typed
    mark = testimony.fingerprint if isinstance(testimony, SignedStatement) else ""
    return Witness(
        name=one.name,
        of=one.of,
        time=one.time,
        fingerprint=mark,
        receipt="" if isinstance(testimony, SignedStatement) else testimony.receipt,
        trusted=mark in trust,
        counts=timely and not missed,
        after="" if timely else typed,
        hour=missed,
        own=same_name(one.name, one.authority),
    )


def order_in_time(witnesses: Sequence[Witness], notice: Notice, late: Notice | None = None) -> Order:
    """§18 What the statements come to: of the notice and, where it has contributors, of the closing.

    And the same of the late notice, if the inspectors were sealed late. A statement that was not made before
    the announced hours, or after the values were typed in, does not count.
    """
    needed = [NOTICE, *([CLOSING] if notice.contributors else [])]
    if late is not None:
        needed += [LATE_NOTICE, *([LATE_CLOSING] if late.contributors else [])]

    def each(holds: Callable[[Witness], bool]) -> bool:
        return all(any(one.of == of and one.counts and holds(one) for one in witnesses) for of in needed)

    if each(lambda one: one.trusted):
        return Order.WITNESSED
    if each(lambda one: one.fingerprint != ""):
        return Order.SIGNER_UNKNOWN
    return Order.RECEIPT if each(lambda _: True) else Order.NOT_PROVEN
