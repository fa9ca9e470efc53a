"""What is printed of refused rows: the first of them, and where the reports on all lie."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shuangsuiji.cli.page import Page
from shuangsuiji.errors import RefusedRow

SHOWN: Final = 10
"""How many refused rows stand on the terminal; the report has all."""


def say_refused(page: Page, refused: Sequence[RefusedRow], reports: Sequence[Path]) -> None:
    """The first refused rows with their reasons, and the reports; nothing if none was refused."""
    from shuangsuiji.rosters.report import reason

    if not refused:
        return
    page.gap()
    headings = [f"cli.refused.{name}" for name in ("file", "row", "column", "value", "reason")]
    rows = [(one.file, one.row, one.column, one.value, reason(one, page.lang)) for one in refused[:SHOWN]]
    page.table(headings, rows)
    if len(refused) > SHOWN:
        page.say("cli.refused.more", count=len(refused) - SHOWN)
    for path in reports:
        page.say("cli.refused.report", path=str(path))
