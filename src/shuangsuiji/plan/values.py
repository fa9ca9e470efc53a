"""TOML's values as those of the specification's §2: texts and integers, with dates as texts."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from shuangsuiji.core.encoding import DEEPEST, LARGEST
from shuangsuiji.plan.positions import KeyPath
from shuangsuiji.plan.schema import names
from shuangsuiji.plan.source import Places

_YES_OR_NO: Final = frozenset(
    {("task", "tier", "all"), ("slot", "extra"), ("blocks", "substitutes"), ("publish", "inspectors")}
)
_RATE: Final = ("task", "tier", "rate")


def plain(value: Any, path: KeyPath, places: Places) -> Any:
    """The value of a plan file at `path`, with all inside it; yes or no stays where the plan has such a key.

    Raises InputRefused, saying how else to write it: `plan.rate_number`, `plan.fraction`, `plan.yes_or_no`,
    `plan.too_large`, `plan.time_of_day`, `plan.too_deep`.
    """
    if len(path) > DEEPEST:
        raise places.refuse("plan.too_deep", path)
    match value:
        case list():
            return [plain(one, (*path, number), places) for number, one in enumerate(value)]
        case dict():
            return {key: plain(one, (*path, key), places) for key, one in value.items()}
        case datetime() | time():
            raise places.refuse("plan.time_of_day", path, written=str(value))
        case date():
            return value.isoformat()
        case bool() | int() | Decimal():
            return _number(value, path, places)
    return value


def _number(value: bool | int | Decimal, path: KeyPath, places: Places) -> bool | int:
    if isinstance(value, bool):
        if names(path) in _YES_OR_NO:
            return value
        keys = ", ".join(sorted(key[-1] for key in _YES_OR_NO))
        raise places.refuse("plan.yes_or_no", path, written=str(value).lower(), keys=keys)
    if names(path) == _RATE:
        raise places.refuse("plan.rate_number", path, written=str(value), right=_percent(value))
    if isinstance(value, Decimal):
        raise places.refuse("plan.fraction", path, written=str(value))
    if abs(value) > LARGEST:
        raise places.refuse("plan.too_large", path, written=str(value))
    return value


def _percent(value: int | Decimal) -> str:
    """The rate that a number was probably meant to be: .05 and 5 are 5 %; "5%" too where it can be none."""
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= 100:
        return "5%"
    if isinstance(value, Decimal) and value <= 1:
        number *= 100
    return f"{number.normalize():f}%"
