"""Words that several commands print."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final, Protocol

from shuangsuiji import messages
from shuangsuiji.cli.page import Page

CHINA: Final = timezone(timedelta(hours=8))


class OfDraw(Protocol):
    """A result about one draw."""

    @property
    def plan(self) -> str:
        """The plan's id."""

    @property
    def mode(self) -> str:
        """`real` or `rehearsal`."""

    @property
    def draw(self) -> int:
        """The draw's number."""


def say_draw(page: Page, code: str, result: OfDraw) -> None:
    """What was done (`code`) and with which draw of which plan."""
    page.say(
        "cli.draw_line",
        done=page.text(code),
        mode=page.text(f"cli.mode.{result.mode}"),
        draw=result.draw,
        plan=result.plan,
    )


def say_next(page: Page, command: str) -> None:
    """Which command comes next."""
    page.gap()
    page.say("cli.next", command=f"shuangsuiji {command}")


def civil(instant: datetime) -> str:
    """An instant as a clock in China shows it."""
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"


def counts(page: Page, prefix: str, tally: Mapping[str, int], names: Mapping[str, str] | None = None) -> str:
    """Counts by reason in one line ("证件注销 82，…"): reasons in the words of `names`, else of the catalogue."""
    codes = {reason: f"{prefix}{reason}" for reason in tally}
    named = {reason: page.text(code) if messages.known(code) else reason for reason, code in codes.items()}
    named |= names or {}
    parts = [page.text("cli.count", what=named[reason], count=count) for reason, count in tally.items()]
    return page.text("where.join").join(parts) or page.text("cli.none")
