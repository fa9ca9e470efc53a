"""名册: files of offices to checked frames. Everything is read as text; what is refused says why and how to mend.

`read` is the door; `model` has what comes out of it; `frames` their order and digest; `changes` what a new
snapshot changes; `report` and `templates` what goes back to the sender.
"""

from shuangsuiji.rosters.changes import Change, compare, merge_people
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.rosters.model import KINDS, ROSTERS, CheckedRoster, Kind, Note, Original, RawTable
from shuangsuiji.rosters.reading import Rules, read
from shuangsuiji.rosters.review import apply_review
from shuangsuiji.rosters.words import Words

__all__ = [
    "KINDS",
    "ROSTERS",
    "Change",
    "CheckedRoster",
    "HeadingMap",
    "Kind",
    "Note",
    "Original",
    "RawTable",
    "Rules",
    "Words",
    "apply_review",
    "compare",
    "merge_people",
    "read",
]
