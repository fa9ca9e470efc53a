"""Reading the rosters' TOML files: an unknown key, a missing one or a wrong type is refused with its path."""

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from shuangsuiji.errors import InputRefused, Listing, Where


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file with its path (`column[3]`), for errors that name the place."""

    file: str
    path: str
    values: Mapping[str, Any]

    @classmethod
    def load(cls, file: Path) -> Self:
        """The top table. Raises InputRefused `rosters.settings_unreadable`."""
        try:
            return cls(str(file), "", tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            where = Where(file=str(file))
            raise InputRefused("rosters.settings_unreadable", where, reason=str(error)) from error

    def only(self, known: Iterable[str]) -> None:
        """Raises InputRefused `rosters.settings_unknown_key` for the first key that is not `known`."""
        names = list(known)
        for key in self.values:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1, cutoff=0)
                raise InputRefused("rosters.settings_unknown_key", self.place(key), nearest=near[0])

    def text(self, key: str, default: str | None = None) -> str:
        """A string; required without `default`."""
        value = self._value(key, default)
        if not isinstance(value, str):
            raise InputRefused("rosters.settings_type", self.place(key), wanted='"…"')
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str) -> str:
        """A string out of `allowed`."""
        value, known = self.text(key, default), list(allowed)
        if value not in known:
            raise InputRefused("rosters.settings_choice", self.place(key), value=value, known=Listing(known))
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings; required without `default`."""
        value = self._value(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise InputRefused("rosters.settings_type", self.place(key), wanted='["…", "…"]')
        return tuple(value)

    def flag(self, key: str) -> bool:
        """true or false, false if absent."""
        value = self._value(key, False)
        if not isinstance(value, bool):
            raise InputRefused("rosters.settings_type", self.place(key), wanted="true / false")
        return value

    def number(self, key: str, default: int) -> int:
        """A whole number that is not negative."""
        value = self._value(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise InputRefused("rosters.settings_type", self.place(key), wanted="0, 1, 2, …")
        return value

    def table(self, key: str) -> Self:
        """A required table."""
        value = self._value(key, None)
        if not isinstance(value, dict):
            raise InputRefused("rosters.settings_type", self.place(key), wanted="[…]")
        return type(self)(self.file, self._path(key), value)

    def tables(self, key: str) -> Iterator[Self]:
        """A required list of tables (`[[key]]`)."""
        value = self._value(key, None)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InputRefused("rosters.settings_type", self.place(key), wanted="[[…]]")
        for number, item in enumerate(value):
            yield type(self)(self.file, f"{self._path(key)}[{number}]", item)

    def place(self, key: str) -> Where:
        """Where `key` stands."""
        return Where(file=self.file, key=self._path(key))

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise InputRefused("rosters.settings_missing", self.place(key))
        return value

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
