"""What a command prints: sentences from the catalogue and aligned tables for people, JSON for machines."""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from shuangsuiji import messages
from shuangsuiji.cli import cells
from shuangsuiji.messages import Lang


class Page:
    """The lines of one result in one language; a render function fills it, the runner prints it."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.lines: list[str] = []

    def text(self, code: str, /, **params: str | int) -> str:
        """The catalogue's text, for a cell of a table or as a parameter of another text."""
        return messages.text(code, self.lang, **params)

    def say(self, code: str, /, **params: str | int) -> None:
        """One sentence (or several lines) of the catalogue."""
        self.lines += self.text(code, **params).splitlines()

    def gap(self) -> None:
        """An empty line between parts; none at the top, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        """Rows under headings, which are codes of the catalogue."""
        self.lines += cells.table([self.text(code) for code in headings], list(rows))


def to_json(result: object) -> str:
    """A result as indented JSON: dataclasses become objects whose keys are the field names, never translated."""
    return json.dumps(_plain(result), ensure_ascii=False, indent=2)


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float() | datetime() | date() | Path() | Fraction() | bytes():
            return _scalar(value)
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case AbstractSet():
            return sorted(map(_plain, value))
        case Sequence():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            raise TypeError(type(value).__name__)


def _scalar(value: float | datetime | date | Path | Fraction | bytes) -> float | str:
    match value:
        case float():  # a statistic to look at; no such figure decides anything
            return round(value, 4)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case bytes():
            return value.hex()
        case _:
            return str(value)
