"""§4 The Merkle tree of RFC 6962, section 2.1, with SHA-256."""

import hashlib
from collections.abc import Sequence


def root(leaves: Sequence[bytes]) -> bytes:
    """§4 The 32-byte root over byte strings in the order given; of none, the hash of the empty string.

    Level by level instead of by RFC 6962's recursion: pairs from the left, an odd last node carried up. The two
    agree because the recursion splits at the largest power of two.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(level) & ~1 :]
    return level[0]
