"""What limits a person's tasks: experts (专家), the most tasks of a person, leave (休假)."""

import re
from typing import Final

from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.normal import iso_date, squeeze

EXPERT: Final = "1"
"""The cell of an expert in the people frame; of anybody else it is empty."""
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def experts(draft: Draft) -> list[str]:
    """Per row whether the person is an expert (是否专家)."""
    heading = draft.heading("expert")
    found = []
    for row, cell in enumerate(draft.cells("expert")):
        word = squeeze(cell)
        if word and word not in draft.words.yes | draft.words.no:
            draft.refuse(row, heading, "rosters.yes_or_no")
        found.append(EXPERT if word and word in draft.words.yes else "")
    return found


def mosts(draft: Draft) -> list[str]:
    """Per row the most tasks that the person takes (最多任务数), empty where the plan's number holds."""
    heading = draft.heading("most")
    found = []
    for row, cell in enumerate(draft.cells("most")):
        if cell and not _NUMBER.fullmatch(cell):
            draft.refuse(row, heading, "rosters.most")
        found.append(str(int(cell)) if _NUMBER.fullmatch(cell) else "")
    return found


def leaves(draft: Draft) -> list[str]:
    """Per row the person's leave as `from/to`, each side empty where it is open; empty without one."""
    begins, ends = draft.heading("leave_from"), draft.heading("leave_to")
    found = []
    for row, (first, last) in enumerate(zip(draft.cells("leave_from"), draft.cells("leave_to"), strict=True)):
        for heading, cell in ((begins, first), (ends, last)):
            if cell and iso_date(cell) is None:
                draft.refuse(row, heading, "rosters.leave")
        if first and last and first > last:
            draft.refuse(row, ends, "rosters.leave")
        found.append(f"{first}/{last}" if first or last else "")
    return found
