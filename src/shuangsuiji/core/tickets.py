"""§12 Tickets (抽签号): one hash per entity, which alone decides its place in every task's draw."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

TAG: Final = b"shuangsuiji/v1/ticket".ljust(32, b"\x00")
"""What a ticket is a hash of before the key: 32 bytes."""


def tickets(key: bytes, leaves: Iterable[bytes]) -> Iterator[bytes]:
    """§12 The 32-byte ticket of each leaf, in the same order, under the 32-byte key of the target draw."""
    prefix = hashlib.sha256(TAG + key)  # one whole block: hashed once, copied for every leaf
    for leaf in leaves:
        ticket = prefix.copy()
        ticket.update(leaf)
        yield ticket.digest()
