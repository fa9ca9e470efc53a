"""§11, §17 Ed25519 (RFC 8032) for contributions and witnesses; trust is in a key's fingerprint (指纹), never in a name.

Private keys are 32 random bytes that the caller brings.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shuangsuiji.core.hashing import tagged_hash

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

_FIELD: Final = 2**255 - 19
_WITHOUT_X: Final = (1, _FIELD - 1)


def public_key(private: bytes) -> bytes:
    """The public key (32 bytes) of a private one (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(private: bytes, message: bytes) -> bytes:
    """The signature (64 bytes) of a message; the same key and message give the same one."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def verify(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the message's under the public `key`; also false for bytes that are no key."""
    if len(key) != KEY_BYTES or not _canonical(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(key: bytes) -> str:
    """§11 The fingerprint of a public key, T("key", key), hex."""
    return tagged_hash("key", key).hex()


def _canonical(key: bytes) -> bool:
    """RFC 8032, 5.1.3: y below the field's order, no sign where x is 0; OpenSSL takes such encodings."""
    number = int.from_bytes(key, "little")
    y, sign_of_x = number & (2**255 - 1), number >> 255
    return y < _FIELD and not (sign_of_x and y in _WITHOUT_X)
