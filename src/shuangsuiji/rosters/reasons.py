"""变动理由: why the lists changed since the preceding freeze, and who approved it."""

from collections.abc import Mapping
from typing import Final

from shuangsuiji.errors import Listing
from shuangsuiji.messages import LANGUAGES, Lang, text
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.headings import Role
from shuangsuiji.rosters.model import CheckedRoster
from shuangsuiji.rosters.normal import squeeze

CHANGES: Final = (
    "gone", "returned", "new", "status", "renamed", "column", "excluded", "included", "recusal",
    "inspector_gone", "inspector_new", "inspector_left_out", "inspector_changed",
)  # fmt: skip
"""The kinds of changes (specification §16) that a freeze writes down."""
_ROLES: Final[Mapping[str, Role]] = {
    "kind": "change_kind", "id": "change_id", "reason": "reason", "approver": "approver"
}  # fmt: skip
EVERY: Final = "*"
"""In the place of an id: all changes of the kind."""


def kind_word(kind: str, lang: Lang) -> str:
    """A kind of change as people call it."""
    return text(f"rosters.change.{kind}", lang)


def check_reasons(draft: Draft) -> CheckedRoster:
    """变动理由 to frame: `kind` (a code of `CHANGES`), `id` or `*`, `reason`, `approver`.

    A row without reason and approver says nothing and is left out; one with only one of them is refused.
    """
    words = {squeeze(kind_word(kind, lang)): kind for kind in CHANGES for lang in LANGUAGES}
    words |= {kind: kind for kind in CHANGES}
    known = Listing(kind_word(kind, "zh") for kind in CHANGES)
    cells = {name: list(draft.cells(role)) for name, role in _ROLES.items()}
    kinds = [words.get(squeeze(cell), "") for cell in cells["kind"]]
    for row in draft.good():
        if not kinds[row]:
            draft.refuse(row, draft.heading("change_kind"), "rosters.unknown_word", known=known)
        elif not cells["id"][row]:
            draft.refuse(row, draft.heading("change_id"), "rosters.change_id")
        elif bool(cells["reason"][row]) != bool(cells["approver"][row]):
            heading = draft.heading("approver" if cells["reason"][row] else "reason")
            draft.refuse(row, heading, "rosters.cell_missing", wanted=heading)
    silent = [row for row in draft.good() if not cells["reason"][row]]
    draft.bad.update(silent)
    columns = {**cells, "kind": kinds}
    keys = ["\x1f".join(pair) for pair in zip(kinds, cells["id"], strict=True)]
    merged = draft.refuse_duplicates(keys, draft.heading("change_id"), columns)
    return draft.finish(draft.accepted(columns), merged + len(silent))
