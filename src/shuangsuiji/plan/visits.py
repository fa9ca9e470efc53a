"""On which days visits may take place (检查日), as a plan says it: outside the commitment, and outside the draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shuangsuiji.core.encoding import Json, is_date
from shuangsuiji.plan.positions import KeyPath
from shuangsuiji.plan.source import Places

WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
"""Days of the week as they are written; a place in it is `date.weekday()`."""
MAX_PER_DAY: Final = 4
"""Visits of one inspector on one day where the plan says nothing: two in the morning, two in the afternoon."""

_MOST_PER_DAY: Final = 50
_MOST_LAST_DAYS: Final = 31


@dataclass(frozen=True, slots=True)
class VisitRules:
    """检查日和每日户数: where all is left out, every working day of the window.

    `last_days` are the last days of each month, by the calendar (0: all), `weekdays` places in WEEKDAYS (none: all);
    both must hold. `days` (ISO) come in addition; without a rule they are the only ones. `appointed` maps a target to
    the day (ISO) agreed upon with it.
    """

    max_per_day: int = MAX_PER_DAY
    last_days: int = 0
    weekdays: tuple[int, ...] = ()
    days: tuple[str, ...] = ()
    appointed: tuple[tuple[str, str], ...] = ()

    def allows(self, day: date, days_of_month: int) -> bool:
        """Whether a day, of a month of so many, may be a visit day; working day or not is not asked here."""
        if day.isoformat() in self.days:
            return True
        if not (self.last_days or self.weekdays):
            return not self.days
        late = not self.last_days or day.day > days_of_month - self.last_days
        return late and (not self.weekdays or day.weekday() in self.weekdays)

    def object(self) -> dict[str, Json]:
        """Its part of `texts.json`."""
        return {
            "appointed": [list(one) for one in self.appointed],
            "days": list(self.days),
            "last_days": self.last_days,
            "max_per_day": self.max_per_day,
            "weekdays": list(self.weekdays),
        }


EVERY_WORKING_DAY: Final = VisitRules()
"""What holds where the plan says nothing."""


def parse_visits(value: Mapping[str, Any]) -> VisitRules:
    """The rules of an object that `VisitRules.object` made."""
    return VisitRules(
        value["max_per_day"],
        value["last_days"],
        tuple(value["weekdays"]),
        tuple(value["days"]),
        tuple((target, day) for target, day in value["appointed"]),
    )


def read_visits(content: Mapping[str, Any], places: Places) -> VisitRules:
    """The table `[visits]` of a plan file, the rules without it where there is none.

    InputRefused with line and key: `plan.visits_number`, `plan.choice`, `plan.texts`, `plan.date`,
    `plan.visits_window`, `plan.visits_twice`, `plan.text`.
    """
    table = content.get("visits", {})
    window = (content["plan"]["window"]["from"], content["plan"]["window"]["to"])
    appointed: dict[str, str] = {}
    for number, one in enumerate(table.get("appointed", [])):
        path: KeyPath = ("visits", "appointed", number)
        target = one["target"]
        if not isinstance(target, str) or not target.strip():
            raise places.refuse("plan.text", (*path, "target"))
        if target in appointed:
            raise places.refuse("plan.visits_twice", (*path, "target"), target=target)
        appointed[target] = _day(one["day"], (*path, "day"), window, places)
    return VisitRules(
        max_per_day=_number(table, "max_per_day", MAX_PER_DAY, (1, _MOST_PER_DAY), places),
        last_days=_number(table, "last_days_of_month", 0, (1, _MOST_LAST_DAYS), places),
        weekdays=tuple(sorted(set(_weekdays(table, places)))),
        days=tuple(
            sorted(
                {
                    _day(one, ("visits", "days", number), window, places)
                    for number, one in enumerate(_array(table, "days", places))
                }
            )
        ),
        appointed=tuple(sorted(appointed.items())),
    )


def _number(
    table: Mapping[str, Any], key: str, default: int, allowed: tuple[int, int], places: Places
) -> int:
    value = table.get(key, default)
    if key not in table:
        return default
    least, most = allowed
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise places.refuse("plan.visits_number", ("visits", key), written=str(value), most=most)
    return value


def _array(table: Mapping[str, Any], key: str, places: Places) -> Sequence[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise places.refuse("plan.texts", ("visits", key))
    return value


def _weekdays(table: Mapping[str, Any], places: Places) -> list[int]:
    found = []
    for number, name in enumerate(_array(table, "weekdays", places)):
        if name not in WEEKDAYS:
            path: KeyPath = ("visits", "weekdays", number)
            raise places.refuse("plan.choice", path, written=str(name), choices=", ".join(WEEKDAYS))
        found.append(WEEKDAYS.index(name))
    return found


def _day(value: Any, path: KeyPath, window: tuple[str, str], places: Places) -> str:
    if not isinstance(value, str) or not is_date(value):
        raise places.refuse("plan.date", path)
    if not window[0] <= value <= window[1]:
        raise places.refuse("plan.visits_window", path, written=value, first=window[0], last=window[1])
    return value
