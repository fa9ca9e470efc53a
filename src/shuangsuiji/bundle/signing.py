"""§16, §21 Who made a bundle or a receipt: key files (密钥文件), and signatures of manifests and receipts.

A key file is one canonical JSON object, mode 0600; it says what its key is for, and no tool takes a key of another
purpose: an authority's key must not pass for a witness's. The witness's page may protect a file with a passphrase; only
the page opens such a one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from shuangsuiji.bundle import signatures
from shuangsuiji.core.encoding import Json, NotCanonical, canonical_json, parse_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.errors import EnvironmentRefused, InputRefused, Where
from shuangsuiji.owned import read_owned

WITNESS: Final = "shuangsuiji witness key, v1"
"""What a witness's key file says it is (见证密钥)."""
SIGNING: Final = "shuangsuiji signing key, v1"
"""What the key file of an authority or of a contributor says it is (签名密钥)."""


@dataclass(frozen=True, slots=True)
class SecretKey:
    """密钥: its owner's name, the Ed25519 private key (32 bytes, never shown), what it is for."""

    name: str
    secret: bytes = field(repr=False)
    what: str

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return signatures.public_key(self.secret)

    @property
    def fingerprint(self) -> str:
        """§11 The fingerprint of the public key, hex: what others trust."""
        return signatures.fingerprint(self.public)

    def file(self) -> bytes:
        """The bytes of the key file."""
        return canonical_json(
            {"name": self.name, "public": self.public.hex(), "secret": self.secret.hex(), "what": self.what}
        )

    def sign(self, message: bytes) -> "Signature":
        """§11 The signature of a message."""
        return Signature(self.public, signatures.sign(self.secret, message))


@dataclass(frozen=True, slots=True)
class Signature:
    """签名: a public key (32 bytes) and its signature (64 bytes)."""

    key: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """§11 The fingerprint of the key, hex."""
        return signatures.fingerprint(self.key)

    def object(self) -> dict[str, Json]:
        """§16 As JSON."""
        return {"key": self.key.hex(), "signature": self.signature.hex()}


def bundle_message(manifest: bytes) -> bytes:
    """§16 What is signed of a bundle, 32 bytes."""
    return tagged_hash("bundle", manifest)


def receipt_message(receipt: Mapping[str, Json]) -> bytes:
    """§21 What is signed of a receipt, 32 bytes; a signature that it has already is no part of it."""
    own = {name: value for name, value in receipt.items() if name != "signature"}
    return tagged_hash("receipt", canonical_json(own))


def parse_signature(value: Json, message: bytes, file: str) -> Signature:
    """§16 The signature that an object stands for, which holds of the message.

    InputRefused `bundle.signature` if it is none or does not; `file` is where it stands.
    """
    raw: Any = value
    if isinstance(raw, dict) and raw.keys() == {"key", "signature"}:
        key, signature = raw["key"], raw["signature"]
        if _is_hex(key, signatures.KEY_BYTES) and _is_hex(signature, signatures.SIGNATURE_BYTES):
            found = Signature(bytes.fromhex(key), bytes.fromhex(signature))
            if signatures.verify(found.key, found.signature, message):
                return found
    raise InputRefused("bundle.signature", Where(file=file))


def read_key(path: Path, what: str) -> SecretKey:
    """The key of a key file that its owner alone can read; `what` it is for.

    Raises EnvironmentRefused `bundle.key_missing`, `bundle.key_link`, `bundle.key_open`; InputRefused
    `bundle.key_sealed` (protected by a passphrase), `bundle.key_other` (a key for something else),
    `bundle.key_file` (no key file).
    """
    where = Where(file=str(path))
    if not path.is_file():
        raise EnvironmentRefused("bundle.key_missing", where)
    data = read_owned(path, link="bundle.key_link", shared="bundle.key_open")
    try:
        value: Any = parse_json(data)
    except NotCanonical:
        raise InputRefused("bundle.key_file", where) from None
    if isinstance(value, dict) and "sealed" in value:
        raise InputRefused("bundle.key_sealed", where)
    if not isinstance(value, dict) or value.keys() != {"name", "public", "secret", "what"}:
        raise InputRefused("bundle.key_file", where)
    if value["what"] != what and value["what"] in (WITNESS, SIGNING):
        raise InputRefused("bundle.key_other", where)
    name, secret = value["name"], value["secret"]
    if value["what"] == what and isinstance(name, str) and name and _is_hex(secret, signatures.KEY_BYTES):
        key = SecretKey(name, bytes.fromhex(secret), what)
        if key.public.hex() == value["public"]:
            return key
    raise InputRefused("bundle.key_file", where)


def _is_hex(value: Any, size: int) -> bool:
    return isinstance(value, str) and signatures.is_hex(value, size)
