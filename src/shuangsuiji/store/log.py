"""The operation log (操作日志): a chain of hashes, specification §17."""

from collections.abc import Iterable
from typing import Final

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.store.rows import LogEntry

GENESIS: Final = "0" * 64
"""What the first entry names as its predecessor, and the head of an empty log."""


def entry_object(entry: LogEntry) -> dict[str, Json]:
    """§17 The object that is hashed, and a line of `log.jsonl`."""
    return {
        "details": dict(entry.details),
        "operator": entry.operator,
        "prev": entry.prev,
        "seq": entry.seq,
        "time": entry.time,
        "verb": entry.verb,
    }


def entry_hash(entry: LogEntry) -> str:
    """§17 T("log", entry), hex; what the entry itself states as its hash plays no part."""
    return tagged_hash("log", canonical_json(entry_object(entry))).hex()


def first_fault(entries: Iterable[LogEntry]) -> int | None:
    """The place (from 1) of the first entry that does not continue the chain; None if all do.

    A log cut short at its end is a valid chain: the heads in published notices tell that one.
    """
    head = GENESIS
    for place, entry in enumerate(entries, start=1):
        if entry.seq != place or entry.prev != head or entry.hash != entry_hash(entry):
            return place
        head = entry.hash
    return None
