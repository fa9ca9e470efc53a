"""Working days (工作日) by China's statutory calendar: weekends, public holidays, make-up days (调休).

`chinesecalendar` knows the years that the State Council has announced up to its own release; `config/workdays.toml`
adds later ones. A year that neither knows is refused: a date guessed wrong would be a wrong deadline.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import chinese_calendar

from shuangsuiji import config
from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.rosters.settings import Table

NAME: Final = "workdays.toml"
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the table: its holidays (放假) and its weekend days of work (调休上班)."""

    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Workdays:
    """The statutory calendar (法定工作日历). `file` is the table that a missing year has to be written into."""

    file: str
    years: Mapping[int, Year]

    def is_working(self, day: date) -> bool:
        """Whether it is a working day. Raises InputRefused `schedule.year_unknown`."""
        own = self.years.get(day.year)
        if own is not None:
            return day in own.work or (day.weekday() < _SATURDAY and day not in own.off)
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            raise InputRefused("schedule.year_unknown", Where(file=self.file), year=day.year) from None

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count; with 0 `day`, or the next that works.

        Raises InputRefused `schedule.year_unknown`.
        """
        found = day
        if count == 0:
            while not self.is_working(found):
                found += _DAY
        for _ in range(count):
            found += _DAY
            while not self.is_working(found):
                found += _DAY
        return found

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """The working days from `first` to `last`, both included. Raises InputRefused `schedule.year_unknown`."""
        return tuple(day for day in span(first, last) if self.is_working(day))


def read_workdays(*, workspace: Path | None = None, override: Path | None = None) -> Workdays:
    """The calendar with the years of `config/workdays.toml`.

    Raises InputRefused `config.missing`; `rosters.settings_*` for a file of another form, `schedule.year_date` for a
    day that is none, or of another year, `schedule.year_weekend` for a make-up day that is no weekend.
    """
    file = config.locate(NAME, workspace=workspace, override=override)
    top = Table.load(file)
    top.only(("year",))
    years: dict[int, Year] = {}
    for table in top.tables("year") if "year" in top.values else ():
        table.only(("year", "off", "work"))
        number = table.text("year")
        if not (number.isascii() and number.isdigit()) or int(number) in years:
            raise InputRefused("rosters.settings_type", table.place("year"), wanted='"2027"')
        years[int(number)] = _year(table, int(number))
    return Workdays(str(file), years)


def span(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (first + number * _DAY for number in range((last - first).days + 1))


def _year(table: Table, number: int) -> Year:
    off = frozenset(_dates(table, "off", number))
    work = frozenset(_dates(table, "work", number, ()))
    for day in sorted(work):
        if day.weekday() < _SATURDAY:
            raise InputRefused("schedule.year_weekend", table.place("work"), day=day.isoformat())
    return Year(off, work)


def _dates(table: Table, key: str, year: int, default: tuple[str, ...] | None = None) -> Iterator[date]:
    for text in table.texts(key, default):
        first, _, last = text.partition("/")
        try:
            begins, ends = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise InputRefused("schedule.year_date", table.place(key), value=text, year=year) from None
        if {begins.year, ends.year} != {year} or begins > ends:
            raise InputRefused("schedule.year_date", table.place(key), value=text, year=year)
        yield from span(begins, ends)
