"""When the lotteries are drawn (开奖时间): `config/lotteries.toml`, for people to read; no draw depends on it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shuangsuiji import config
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.messages import text
from shuangsuiji.rosters.settings import Table

NAME: Final = "lotteries.toml"
LOTTERIES: Final = ("kl8", "fc3d", "pl5", "qxc", "ssq", "dlt")
"""The sources of specification §11 that are drawn at an hour; dice are thrown in the room."""
_DAYS: Final = ("一", "二", "三", "四", "五", "六", "日")
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def hours(*, workspace: Path | None = None, override: Path | None = None) -> Mapping[str, str]:
    """Days and hour of each lottery in Chinese: `{"ssq": "每周二、四、日21:15开奖"}`.

    Raises InputRefused `config.missing`, `rosters.settings_*` for a file that is not of the shipped file's form.
    """
    top = Table.load(config.locate(NAME, workspace=workspace, override=override))
    top.only(LOTTERIES)
    return {source: _hour(top.table(source)) for source in LOTTERIES}


def _hour(table: Table) -> str:
    table.only(("days", "hour"))
    days, hour = table.texts("days"), table.text("hour")
    for day in days:
        if day not in _DAYS:
            raise InputRefused(
                "rosters.settings_choice", table.place("days"), value=day, known=Listing(_DAYS)
            )
    if not days or not _HOUR.fullmatch(hour):
        raise InputRefused("rosters.settings_type", table.place("hour"), wanted='"21:30"')
    if set(days) == set(_DAYS):
        return text("publish.drawn_daily", "zh", hour=hour)
    return text("publish.drawn_weekly", "zh", days="、".join(days), hour=hour)
