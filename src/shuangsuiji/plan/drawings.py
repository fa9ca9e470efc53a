"""Public drawings and what they gave, as an officer writes them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from shuangsuiji.core.seed import Announced, Drawing, PublicValue
from shuangsuiji.errors import InputRefused

_YEAR: Final[Mapping[str, int]] = {"kl8": 4, "fc3d": 4, "ssq": 4, "pl5": 2, "qxc": 2, "dlt": 2}
"""With how many digits of its year an issue of a lottery begins; three digits of its number in the year follow."""
_NUMBER: Final = 3


def announced(text: str) -> Announced:
    """A public value to come: `kl8:2021088`, or with fallbacks `kl8:2021088/kl8:2021089`.

    ValueError if it has not that form.
    """
    first, *fallback = map(_drawing, text.split("/"))
    return Announced(first.source, first.issue, tuple(fallback))


def public_value(text: str) -> PublicValue:
    """A public value: `fc3d:2021088=052`. ValueError if it has not that form."""
    drawing, equals, value = text.partition("=")
    if not equals:
        raise ValueError(text)
    own = _drawing(drawing)
    return PublicValue(own.source, own.issue, value.strip())


def check_to_come(values: Iterable[Announced], day: date) -> None:
    """Refuse (InputRefused, `plan.issue_past`) a drawing, or a fallback, of a year before that of `day`.

    Its outcome is known. An issue of another form than its lottery's own says no year, and passes (`own_form`).
    """
    for drawing in (one for value in values for one in value.drawings):
        year = _year(drawing, day)
        if year is not None and year < day.year:
            raise InputRefused("plan.issue_past", drawing=str(drawing), year=year, day=day.isoformat())


def own_form(drawing: Drawing) -> bool:
    """Whether an issue is written as its lottery does; dice and seeds set by hand have no such form."""
    digits = _YEAR.get(drawing.source)
    return digits is None or (len(drawing.issue) == digits + _NUMBER and drawing.issue.isdecimal())


def year_digits(source: str) -> int:
    """With how many digits of its year an issue begins. Raises KeyError for a source that is no lottery."""
    return _YEAR[source]


def year_and_number(drawing: Drawing, day: date) -> tuple[int, int] | None:
    """Which issue of which year it is, two digits in the century of `day`; None for an issue of another form."""
    year = _year(drawing, day)
    return None if year is None else (year, int(drawing.issue[-_NUMBER:]))


def issue_of(source: str, year: int, number: int) -> Drawing:
    """The drawing with this number in a year. Raises KeyError for a source that is no lottery."""
    digits = _YEAR[source]
    return Drawing(source, f"{year % 10**digits:0{digits}}{number:0{_NUMBER}}")


def _year(drawing: Drawing, day: date) -> int | None:
    """The year that an issue speaks of, two digits in the century of `day`."""
    digits = _YEAR.get(drawing.source)
    if digits is None or not own_form(drawing):
        return None
    written = int(drawing.issue[:digits])
    return written if digits == 4 else day.year // 100 * 100 + written


def _drawing(text: str) -> Drawing:
    source, colon, issue = text.strip().partition(":")
    if not colon:
        raise ValueError(text)
    return Drawing(source, issue)
