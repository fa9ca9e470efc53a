"""执行情况: a batch as drawn, planned and entered, and what may be asked about it; `audit.execution` compares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from shuangsuiji.followup.expected import Case
from shuangsuiji.followup.results import Entry, Standing

Place = tuple[str, str]
"""席位: target (entity id) and slot."""


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector: name, unit, the days of leave (休假) that matter here, and whether a certificate covers a day.

    An `expert` (专家) has no certificate, and does not count among the two.
    """

    id: str
    name: str
    unit: str
    away: frozenset[date]
    certified: Callable[[date], bool]
    expert: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """更换: a place whose person was replaced by record; `kind` is "unable", "recusal" or "urgent".

    `asked` is the day on which it was asked for, `came` that of the record which did it, None where it is not decided.
    """

    place: Place
    person: str
    kind: str
    asked: date
    came: date | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as drawn, as it stands after its records, as planned, as entered.

    `drawn` gives the person of each place, those without anybody left out; `cases` the present targets with their teams
    day by day, `districts` theirs, `planned` their days in the calendar. `standings` are the results that stand,
    `first` the entries that correct nothing. `persons` are those of its pool, `a_day` the visits that its calendar, or
    without one its plan, allows each of them on a day.
    """

    plan: str
    drawn: Mapping[Place, str]
    cases: Mapping[str, Case]
    districts: Mapping[str, str]
    planned: Mapping[str, date]
    replaced: Sequence[Replaced]
    standings: Sequence[Standing]
    first: Sequence[Entry]
    persons: Mapping[str, Person]
    a_day: int

    @property
    def decided(self) -> Sequence[Replaced]:
        """The replacements that took place, without those only asked for."""
        return [one for one in self.replaced if one.came is not None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked about, beyond these: `late` working days from the check to its entry, `bulk` days of checks
    entered at once, `a_day` visits of one person on a day (None: what each batch allows); and `least` visits of a unit
    that never found anything.
    """

    late: int = 5
    bulk: int = 5
    a_day: int | None = None
    least: int = 10


@dataclass(frozen=True, slots=True)
class Attendance:
    """到场: a person and a visit: drawn and absent, or present and not drawn, or present who should not have been."""

    plan: str
    target: str
    day: date
    person: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Overtaken:
    """更换未定先检查: a visit that took place before the record that replaced `person` there, asked for on `asked`.

    `came` is the day of that record, None where the request is still open.
    """

    plan: str
    target: str
    day: date
    person: str
    name: str
    unit: str
    asked: date
    came: date | None


@dataclass(frozen=True, slots=True)
class Alone:
    """A visit at which fewer than two of the persons present were inspectors of the pool."""

    plan: str
    target: str
    day: date
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crowded:
    """时间重叠: a person's visits of one day, where they are in several districts, or more than the limit."""

    person: str
    name: str
    unit: str
    day: date
    visits: tuple[tuple[str, str], ...]
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit that took place on another day than the calendar's."""

    plan: str
    target: str
    planned: date
    day: date


@dataclass(frozen=True, slots=True)
class Late:
    """补录: results of one check entered `days` working days after it (over the limit), and by whom."""

    plan: str
    target: str
    day: date
    entered: datetime
    days: int
    operator: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """集中录入: what one operator entered on one day (at +08:00), of the checks of many days, in so many `goes` (批).

    `entered` is when it began.
    """

    plan: str
    operator: str
    entered: datetime
    goes: int
    visits: int
    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Turnover:
    """更换率 of a unit or a person: places drawn, and how many of them were replaced, by kind."""

    key: str
    name: str
    unit: str
    drawn: int
    unable: int
    recusal: int
    urgent: int

    @property
    def replaced(self) -> int:
        """Places replaced, whatever the kind."""
        return self.unable + self.recusal + self.urgent

    @property
    def rate(self) -> Fraction:
        """Places replaced of those drawn."""
        return Fraction(self.replaced, max(self.drawn, 1))


@dataclass(frozen=True, slots=True)
class Silent:
    """从未发现问题: a unit with its visits whose results are reviewed, none of them a problem.

    If each of its visits found something as often as those of all units do, independently, `expected` would have found
    something, and `chance` is how likely it is that none did.
    """

    unit: str
    visits: int
    expected: Fraction
    chance: Fraction


@dataclass(frozen=True, slots=True)
class Execution:
    """执行核查: what was looked at, in numbers, and what to ask about.

    `due` visits were drawn and not replaced, `done` of them have a result, `declared` of these without saying who was
    there: it was declared that those drawn went, so that there is nothing to compare. `places` are those of visits with
    a result by the team of their day, `kept` of them had the very person drawn, or drawn in his place by record;
    `drawn_places` are all, and `replaced_places` how often one was replaced. Of the `reviewed` checks `problems` had
    one. `tried` units made enough visits to be asked why they never found anything, and by chance alone `by_chance` of
    them would find nothing.
    """

    batches: tuple[str, ...]
    due: int
    done: int
    declared: int
    places: int
    kept: int
    drawn_places: int
    replaced_places: int
    reviewed: int
    problems: int
    absent: tuple[Attendance, ...]
    strangers: tuple[Attendance, ...]
    overtaken: tuple[Overtaken, ...]
    alone: tuple[Alone, ...]
    crowded: tuple[Crowded, ...]
    on_leave: tuple[Attendance, ...]
    uncertified: tuple[Attendance, ...]
    scheduled: int
    moved: tuple[Moved, ...]
    late: tuple[Late, ...]
    bulk: tuple[Bulk, ...]
    units: tuple[Turnover, ...]
    persons: tuple[Turnover, ...]
    silent: tuple[Silent, ...]
    tried: int
    by_chance: Fraction
