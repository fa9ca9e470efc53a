"""§11, §17 Ed25519 (RFC 8032) for contributions and witnesses; trust is in a key's fingerprint (指纹), never in a name.

Private keys are 32 random bytes that the caller brings.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shuangsuiji.core.hashing import tagged_hash

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

_HEX: Final = frozenset("0123456789abcdef")
_FIELD: Final = 2**255 - 19
_EIGHTH: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER: Final = frozenset({0, 1, _FIELD - 1, _EIGHTH, _FIELD - _EIGHTH})
"""The y of the eight points of small order, under which one signature can be good for many messages."""


def public_key(private: bytes) -> bytes:
    """The public key (32 bytes) of a private one (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(private: bytes, message: bytes) -> bytes:
    """The signature (64 bytes) of a message; the same key and message give the same one."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def verify(key: bytes, signature: bytes, message: bytes) -> bool:
    """§11 Whether `signature` is the message's under the public `key`; also false for bytes that are no key."""
    if len(key) != KEY_BYTES or not _proper(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(key: bytes) -> str:
    """§11 The fingerprint of a public key, T("key", key), hex."""
    return tagged_hash("key", key).hex()


def is_hex(text: str, size: int) -> bool:
    """§1 Whether a text is `size` bytes in hex."""
    return len(text) == 2 * size and _HEX.issuperset(text)


def _proper(key: bytes) -> bool:
    """§11 A canonical encoding, not of small order: OpenSSL, whose equation is the specification's, asks for neither.

    x is 0 for points of small order only, so that a sign without x need not be looked for.
    """
    y = int.from_bytes(key, "little") & (2**255 - 1)
    return y < _FIELD and y not in _SMALL_ORDER
