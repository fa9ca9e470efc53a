"""The witness's key file (密钥文件), the same for this tool and for the page: one canonical JSON object, mode 0600.

The page may protect a file with a passphrase; only the page opens such a one.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shuangsuiji.bundle import signatures
from shuangsuiji.core.encoding import NotCanonical, canonical_json, parse_json
from shuangsuiji.errors import EnvironmentRefused, InputRefused, Where

WHAT: Final = "shuangsuiji witness key, v1"
"""What a key file says it is."""


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """见证密钥: the witness's name and Ed25519 private key (32 bytes, never shown)."""

    name: str
    secret: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return signatures.public_key(self.secret)

    @property
    def fingerprint(self) -> str:
        """§11 The fingerprint of the public key, hex: what auditors name with `--trust`."""
        return signatures.fingerprint(self.public)

    def file(self) -> bytes:
        """The bytes of the key file."""
        return canonical_json(
            {"name": self.name, "public": self.public.hex(), "secret": self.secret.hex(), "what": WHAT}
        )


def read_key(path: Path) -> WitnessKey:
    """The key of a key file that its owner alone can read.

    Raises EnvironmentRefused `witness.key_missing`, `witness.key_open`; InputRefused `witness.key_sealed` (protected by
    a passphrase), `witness.key_file` (no key file).
    """
    where = Where(file=str(path))
    if not path.is_file():
        raise EnvironmentRefused("witness.key_missing", where)
    if path.stat().st_mode & 0o077:
        raise EnvironmentRefused("witness.key_open", where)
    try:
        value = parse_json(path.read_bytes())
    except NotCanonical:
        raise InputRefused("witness.key_file", where) from None
    match value:
        case {"sealed": _}:
            raise InputRefused("witness.key_sealed", where)
        case {
            "name": str() as name,
            "public": str() as public,
            "secret": str() as secret,
            "what": what,
            **rest,
        }:
            if what == WHAT and name and not rest and signatures.is_hex(secret, signatures.KEY_BYTES):
                key = WitnessKey(name, bytes.fromhex(secret))
                if key.public.hex() == public:
                    return key
    raise InputRefused("witness.key_file", where)
