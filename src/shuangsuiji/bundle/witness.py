"""§17 What an outside witness (见证人) states: that it has seen a commit notice or a closing, and when.

The statement is the same whether it is signed with a key or stands on a stamped receipt (盖章回执).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shuangsuiji.bundle import signatures
from shuangsuiji.bundle.notice import Notice, is_time, notice_digest
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.core.seed import REAL, REHEARSAL
from shuangsuiji.errors import InputRefused

NOTICE: Final = "notice"
CLOSING: Final = "closing"
LATE_NOTICE: Final = "late-notice"
LATE_CLOSING: Final = "late-closing"
KINDS: Final = (NOTICE, CLOSING, LATE_NOTICE, LATE_CLOSING)
"""What a statement can be of: a commit notice or its closing, a late notice or its closing."""

_MEMBERS: Final = frozenset({"authority", "digest", "draw", "mode", "name", "of", "time"})


@dataclass(frozen=True, slots=True)
class WitnessStatement:
    """§17 W. `digest` (hex) is that of the notice or closing, as `of` says; `time` is YYYY-MM-DDTHH:MM:SSZ."""

    authority: str
    digest: str
    draw: int
    mode: str
    name: str
    of: str
    time: str

    def object(self) -> dict[str, Json]:
        """§17 As JSON."""
        return {
            "authority": self.authority,
            "digest": self.digest,
            "draw": self.draw,
            "mode": self.mode,
            "name": self.name,
            "of": self.of,
            "time": self.time,
        }

    @property
    def message(self) -> bytes:
        """§17 What is signed, 32 bytes: T("witness", cj(W))."""
        return tagged_hash("witness", canonical_json(self.object()))


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """见证签名: a statement with the witness's public key (32 bytes) and signature (64 bytes)."""

    statement: WitnessStatement
    key: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """§11 The fingerprint of the key, hex: what an auditor trusts."""
        return signatures.fingerprint(self.key)

    @property
    def holds(self) -> bool:
        """§17 Whether the signature is the statement's."""
        return signatures.verify(self.key, self.signature, self.statement.message)

    def object(self) -> dict[str, Json]:
        """§17 As JSON."""
        return self.statement.object() | {"key": self.key.hex(), "signature": self.signature.hex()}


@dataclass(frozen=True, slots=True)
class ReceiptStatement:
    """盖章回执: a statement that stands on a stamped receipt; `receipt` says where it can be seen."""

    statement: WitnessStatement
    receipt: str

    def object(self) -> dict[str, Json]:
        """§17 As JSON."""
        return self.statement.object() | {"receipt": self.receipt}


Testimony = SignedStatement | ReceiptStatement
"""A line of `witness.jsonl`."""


def sign_statement(statement: WitnessStatement, private: bytes) -> SignedStatement:
    """§17 The statement signed with a private key of 32 bytes."""
    key = signatures.public_key(private)
    return SignedStatement(statement, key, signatures.sign(private, statement.message))


def parse_statement(value: Json) -> WitnessStatement:
    """§17 The statement that an object stands for; InputRefused (`bundle.witness`) if it is none."""
    raw: Any = value
    if not isinstance(raw, Mapping) or raw.keys() != _MEMBERS or not _well_formed(raw):
        raise InputRefused("bundle.witness")
    return WitnessStatement(**raw)


def parse_testimony(value: Json) -> Testimony:
    """§17 The line of `witness.jsonl` that an object stands for; InputRefused (`bundle.witness`) if it is none.

    Whether a signature holds is not asked here.
    """
    if not isinstance(value, Mapping):
        raise InputRefused("bundle.witness")
    statement = parse_statement(
        {name: one for name, one in value.items() if name not in ("key", "signature", "receipt")}
    )
    match {name: one for name, one in value.items() if name in ("key", "signature", "receipt")}:
        case {"key": str() as key, "signature": str() as signature, **rest} if not rest:
            if signatures.is_hex(key, signatures.KEY_BYTES) and signatures.is_hex(
                signature, signatures.SIGNATURE_BYTES
            ):
                return SignedStatement(statement, bytes.fromhex(key), bytes.fromhex(signature))
        case {"receipt": str() as receipt, **rest} if receipt and not rest:
            return ReceiptStatement(statement, receipt)
    raise InputRefused("bundle.witness")


def check_testimony(
    testimony: Testimony,
    notice: Notice,
    closing: bytes | None,
    late: tuple[Notice, bytes | None] | None = None,
) -> None:
    """§17 Refuse (InputRefused, `bundle.witness_*`) a statement that is not about this draw, or badly signed.

    `closing` is the closing digest, None as long as there is none; `late` the late notice and its closing digest, if
    the inspectors were sealed late.
    """
    one = testimony.statement
    own: tuple[Notice, bytes | None] | None = (notice, closing)
    if one.of in (LATE_NOTICE, LATE_CLOSING):
        own = late
    if own is None:
        raise InputRefused("bundle.witness_digest", name=one.name, digest=one.digest)
    notice, closing = own
    if (one.authority, one.mode, one.draw) != (notice.authority, notice.mode, notice.draw):
        raise InputRefused("bundle.witness_other", name=one.name, authority=one.authority, draw=one.draw)
    seen = notice_digest(notice) if one.of in (NOTICE, LATE_NOTICE) else closing
    if seen is None or one.digest != seen.hex():
        raise InputRefused("bundle.witness_digest", name=one.name, digest=one.digest)
    if one.time < notice.time:
        raise InputRefused("bundle.witness_early", name=one.name, time=one.time, notice=notice.time)
    if isinstance(testimony, SignedStatement) and not testimony.holds:
        raise InputRefused("bundle.witness_signature", name=one.name)


def _well_formed(raw: Mapping[str, Any]) -> bool:
    texts = all(isinstance(raw[name], str) and raw[name] for name in _MEMBERS - {"draw"})
    return (
        texts
        and isinstance(raw["draw"], int)
        and raw["draw"] >= 1
        and raw["mode"] in (REAL, REHEARSAL)
        and raw["of"] in KINDS
        and signatures.is_hex(raw["digest"], 32)
        and is_time(raw["time"])
    )
