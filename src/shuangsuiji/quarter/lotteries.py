"""When the lotteries are drawn (开奖时间): `config/lotteries.toml`, and the day that an issue's number comes to.

No draw depends on it: it says what can no longer be announced, or closed, because its outcome is known.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from shuangsuiji import config
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.seed import Announced, Drawing, PublicValue
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.messages import text
from shuangsuiji.plan.drawings import issue_of, year_and_number
from shuangsuiji.publish.words import BEIJING, civil_day
from shuangsuiji.quarter.preview import Warned
from shuangsuiji.rosters.settings import Table
from shuangsuiji.store import instants

NAME: Final = "lotteries.toml"
LOTTERIES: Final = ("kl8", "fc3d", "pl5", "qxc", "ssq", "dlt")
"""The sources of specification §11 that are drawn at an hour; dice are thrown in the room."""
DAILY: Final = "kl8"
"""The daily lottery that alone has the least entropy of a real draw."""
_DAYS: Final = ("一", "二", "三", "四", "五", "六", "日")
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SPAN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")

_PAUSES: Final = (((1, 19), 10), ((10, 1), 7))
"""The pauses of a year (春节、国庆休市): not before this month and day, and never longer than so many days."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a drawing takes place, as its issue's number says: at the earliest, at the latest (both +08:00).

    `unsure`: its year may be over before its number is reached, so that no such issue ever comes.
    """

    drawing: Drawing
    earliest: datetime
    latest: datetime
    unsure: bool = False

    @property
    def hour(self) -> datetime | None:
        """The hour, if it is known."""
        return self.earliest if self.earliest == self.latest else None

    def perhaps_held(self, now: datetime) -> bool:
        """Whether it may have taken place: only the closed days of the year could tell."""
        return self.earliest <= now < self.latest

    def words(self) -> dict[str, str]:
        """For a message: the drawing and both hours at +08:00."""
        first, last = f"{self.earliest:%Y-%m-%d %H:%M}", f"{self.latest:%Y-%m-%d %H:%M}"
        return {"drawing": str(self.drawing), "first": first, "last": last}


@dataclass(frozen=True, slots=True)
class Lotteries:
    """Days of the week (0 is Monday) and hour of each lottery, and the days on which all of them are closed (休市)."""

    held: Mapping[str, tuple[tuple[int, ...], str]]
    closed: frozenset[date]

    @classmethod
    def load(cls, *, workspace: Path | None = None, override: Path | None = None) -> Self:
        """Raises InputRefused `config.missing`, `rosters.settings_*` for a file not of the shipped file's form."""
        top = Table.load(config.locate(NAME, workspace=workspace, override=override))
        top.only((*LOTTERIES, "closed"))
        held = {source: _days_and_hour(top.table(source)) for source in LOTTERIES}
        return cls(held, frozenset(_closed(top)))

    def words(self) -> dict[str, str]:
        """Days and hour of each lottery in Chinese: `{"ssq": "每周二、四、日21:15开奖"}`."""
        return {source: _words(days, hour) for source, (days, hour) in self.held.items()}

    def due(self, drawing: Drawing, day: date) -> Due | None:
        """When a lottery's issue is drawn; None for other sources, and where its number says no day.

        The N-th issue of a year comes on its N-th day of drawing. Where the year's closed days are not configured, it
        comes later by the drawings that fall into pauses: known is then only the earliest and the latest hour.
        """
        found = year_and_number(drawing, day)
        if found is None or drawing.source not in self.held:
            return None
        year, number = found
        days, hour = self.held[drawing.source]
        exact = any(one.year == year for one in self.closed)
        dates = [one for one in _dates(year) if one.weekday() in days and one not in self.closed]
        if not 1 <= number <= len(dates):
            return None
        first, last, end = number - 1, number - 1, len(dates) - 1
        for begin, longest in () if exact else _PAUSES:
            reached = dates[min(last, end)]
            if (reached.month, reached.day) >= begin:
                last += _most_of(days, longest)
        return Due(drawing, _at(dates[first], hour), _at(dates[min(last, end)], hour), last > end)

    def example(self, source: str, day: date) -> Drawing:
        """An issue of a lottery about a day, to show how its issues are written."""
        days, _ = self.held[source]
        passed = sum(one.weekday() in days and one <= day for one in _dates(day.year))
        return issue_of(source, day.year, max(passed, 1))

    def coming(self, source: str, now: datetime) -> Drawing | None:
        """The next drawing of a lottery; None where the calendar cannot tell the number of its issue.

        That is so on the last day of a year, and after the first pause of one whose closed days are not configured.
        """
        day = civil_day(now)
        for number in range(1, 367):
            due = self.due(issue_of(source, day.year, number), day)
            if due is None or due.latest > now:
                return None if due is None or due.hour is None else due.drawing
        return None

    def of(self, values: Iterable[Announced], now: datetime) -> Iterator[Due]:
        """Of all drawings, fallbacks included, that have a day."""
        day = civil_day(now)
        for drawing in (one for value in values for one in value.drawings):
            if (due := self.due(drawing, day)) is not None:
                yield due

    def held_already(self, values: Iterable[Announced], now: datetime) -> tuple[Due, ...]:
        """The drawings that have taken place, whatever the pauses were."""
        return tuple(one for one in self.of(values, now) if one.latest <= now)

    def perhaps_held(self, values: Iterable[Announced], now: datetime) -> Iterator[Warned]:
        """The drawings that may have taken place: only the closed days of the year could tell."""
        for one in self.of(values, now):
            if one.perhaps_held(now):
                yield Warned("quarter.warning.perhaps_held", one.words())

    def hours(self, values: Iterable[Announced], now: datetime) -> dict[str, str]:
        """For the notice (§17): the instant (UTC) of each drawing whose hour is known."""
        return {
            str(one.drawing): instants.to_text(one.hour)
            for one in self.of(values, now)
            if one.hour is not None
        }

    def spans(self, values: Iterable[Announced], now: datetime) -> dict[str, Json]:
        """For the log: the earliest and latest instant (UTC) of each drawing of which only these are known."""
        return {
            str(one.drawing): [instants.to_text(one.earliest), instants.to_text(one.latest)]
            for one in self.of(values, now)
            if one.hour is None
        }


def known_from(values: Iterable[PublicValue], typed: str, lotteries: Lotteries) -> dict[str, str]:
    """From when each value could be known: its lottery's hours in words, else the instant at which it was typed in."""
    words = lotteries.words()
    return {str(one.drawing): words.get(one.source, typed) for one in values}


def _dates(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))


def _at(day: date, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour}").replace(tzinfo=BEIJING)


def _most_of(days: Sequence[int], length: int) -> int:
    """How many of `length` days on end can be days of drawing."""
    return max(sum((start + n) % 7 in days for n in range(length)) for start in range(7))


def _words(days: Sequence[int], hour: str) -> str:
    if len(set(days)) == len(_DAYS):
        return text("publish.drawn_daily", "zh", hour=hour)
    return text("publish.drawn_weekly", "zh", days="、".join(_DAYS[day] for day in days), hour=hour)


def _closed(top: Table) -> Iterator[date]:
    for span in top.texts("closed", ()):
        try:
            first, last = map(date.fromisoformat, span.split("/"))
        except ValueError:
            first, last = date.max, date.min
        if not _SPAN.fullmatch(span) or first > last:
            raise InputRefused(
                "rosters.settings_type", top.place("closed"), wanted='["2019-02-04/2019-02-10"]'
            )
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _days_and_hour(table: Table) -> tuple[tuple[int, ...], str]:
    table.only(("days", "hour"))
    days, hour = table.texts("days"), table.text("hour")
    for day in days:
        if day not in _DAYS:
            raise InputRefused(
                "rosters.settings_choice", table.place("days"), value=day, known=Listing(_DAYS)
            )
    if not days or not _HOUR.fullmatch(hour):
        raise InputRefused("rosters.settings_type", table.place("hour"), wanted='"21:30"')
    return tuple(map(_DAYS.index, days)), hour
