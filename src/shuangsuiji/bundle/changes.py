"""§16 `changes.jsonl`: what the frozen lists have become since the authority's preceding freeze (名册变动)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shuangsuiji.core.encoding import Json, canonical_json

GONE: Final = "gone"
RETURNED: Final = "returned"
NEW: Final = "new"
STATUS: Final = "status"
RENAMED: Final = "renamed"
COLUMN: Final = "column"
EXCLUDED: Final = "excluded"
INCLUDED: Final = "included"
RECUSAL: Final = "recusal"
INSPECTOR_GONE: Final = "inspector_gone"
INSPECTOR_NEW: Final = "inspector_new"
INSPECTOR_LEFT_OUT: Final = "inspector_left_out"
INSPECTOR_CHANGED: Final = "inspector_changed"
EVERY: Final = "*"
"""The id of a line that stands for all changes of its kind, `now` saying how many."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A change (变动) of the entity or inspector `id`: what was and what is now, why, and who approved it.

    `column` is the plan's alias of the value that changed, or the field of an inspector's record. Without a reason it
    is unexplained (未说明理由).
    """

    kind: str
    id: str
    column: str | None = None
    was: str | None = None
    now: str | None = None
    reason: str = ""
    approver: str = ""

    def object(self) -> dict[str, Json]:
        """§16 As JSON."""
        given = {"column": self.column, "now": self.now, "was": self.was}
        value: dict[str, Json] = {name: text for name, text in given.items() if text is not None}
        return value | {
            "approver": self.approver,
            "id": self.id,
            "kind": self.kind,
            "reason": self.reason,
        }


def changes_member(changes: Iterable[Change]) -> bytes:
    """§16 `changes.jsonl`: the lines in the order of their bytes, none twice."""
    return b"".join(sorted({canonical_json(one.object()) + b"\n" for one in changes}))


def read_changes(data: bytes) -> tuple[Change, ...]:
    """The changes of a member that this program wrote."""
    return tuple(Change(**json.loads(line)) for line in data.splitlines())
