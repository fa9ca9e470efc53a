"""When the lotteries are drawn (开奖时间): `config/lotteries.toml`, for people to read; no draw depends on it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from shuangsuiji import config
from shuangsuiji.core.seed import Announced, PublicValue
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.messages import text
from shuangsuiji.plan.drawings import issue_of_year
from shuangsuiji.publish.words import BEIJING
from shuangsuiji.quarter.preview import Warned
from shuangsuiji.rosters.settings import Table

NAME: Final = "lotteries.toml"
LOTTERIES: Final = ("kl8", "fc3d", "pl5", "qxc", "ssq", "dlt")
"""The sources of specification §11 that are drawn at an hour; dice are thrown in the room."""
_DAYS: Final = ("一", "二", "三", "四", "五", "六", "日")
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


_CLOSED: Final = (((1, 20), 0), ((10, 1), 10), ((13, 1), 14))
"""How many days of a year all lotteries may have been closed (春节、国庆休市) at most, before a month and day."""


def known_from(
    values: Iterable[PublicValue], typed: str, *, workspace: Path | None = None, override: Path | None = None
) -> dict[str, str]:
    """From when each value could be known: its lottery's hours in words, else the instant at which it was typed in."""
    schedule = hours(workspace=workspace, override=override)
    return {str(one.drawing): schedule.get(one.source, typed) for one in values}


def held_already(
    values: Iterable[Announced],
    now: datetime,
    *,
    workspace: Path | None = None,
    override: Path | None = None,
) -> Iterator[Warned]:
    """Drawings of daily lotteries whose issue of the year must be past, as far as the number and the calendar say.

    Issue N comes on the N-th day of the year at the earliest, and later by the days on which lotteries were closed: one
    that should have been held even so is warned of, one of the last days may pass.
    """
    top = Table.load(config.locate(NAME, workspace=workspace, override=override))
    here = now.astimezone(BEIJING)
    closed = next(days for before, days in _CLOSED if (here.month, here.day) < before)
    for drawing in (one for value in values for one in value.drawings):
        number = issue_of_year(drawing, here.date())
        if number is None or drawing.source not in LOTTERIES:
            continue
        days, hour = _days_and_hour(top.table(drawing.source))
        held = here.timetuple().tm_yday - (f"{here:%H:%M}" < hour)
        if set(days) == set(_DAYS) and number <= held - closed:
            yield Warned("quarter.warning.held_already", {"drawing": str(drawing), "day": f"{here:%Y-%m-%d}"})


def hours(*, workspace: Path | None = None, override: Path | None = None) -> Mapping[str, str]:
    """Days and hour of each lottery in Chinese: `{"ssq": "每周二、四、日21:15开奖"}`.

    Raises InputRefused `config.missing`, `rosters.settings_*` for a file that is not of the shipped file's form.
    """
    top = Table.load(config.locate(NAME, workspace=workspace, override=override))
    top.only(LOTTERIES)
    return {source: _hour(top.table(source)) for source in LOTTERIES}


def _hour(table: Table) -> str:
    days, hour = _days_and_hour(table)
    if set(days) == set(_DAYS):
        return text("publish.drawn_daily", "zh", hour=hour)
    return text("publish.drawn_weekly", "zh", days="、".join(days), hour=hour)


def _days_and_hour(table: Table) -> tuple[Sequence[str], str]:
    table.only(("days", "hour"))
    days, hour = table.texts("days"), table.text("hour")
    for day in days:
        if day not in _DAYS:
            raise InputRefused(
                "rosters.settings_choice", table.place("days"), value=day, known=Listing(_DAYS)
            )
    if not days or not _HOUR.fullmatch(hour):
        raise InputRefused("rosters.settings_type", table.place("hour"), wanted='"21:30"')
    return days, hour
