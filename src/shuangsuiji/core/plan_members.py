"""§7 Reading a plan's JSON: objects with a fixed set of keys, whose wrong values are refused by their path."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from shuangsuiji.core.encoding import Json, is_date
from shuangsuiji.core.predicates import Predicate, parse_predicate
from shuangsuiji.errors import InputRefused, Where

T = TypeVar("T")


def refused(code: str, path: str, **params: str | int) -> InputRefused:
    """§7 The refusal of the value at a path."""
    return InputRefused(code, Where(key=path), path=path, **params)


def distinct(ids: Iterable[str], path: str) -> frozenset[str]:
    """§7 The ids, none of which occurs twice."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise refused("core.plan_repeated", path, value=one)
        seen.add(one)
    return frozenset(seen)


def text_value(
    value: Json, path: str, form: re.Pattern[str] | None = None, among: Collection[str] | None = None
) -> str:
    """§7 A non-empty string, of a form or one of a choice."""
    if not isinstance(value, str) or not value or (form and not form.fullmatch(value)):
        raise refused("core.plan_value", path)
    if among is not None and value not in among:
        raise refused("core.plan_choice", path, value=value, choices=", ".join(sorted(among)))
    return value


class Members:
    """§7 A JSON object with a fixed set of keys; each accessor refuses a wrong value by its path."""

    def __init__(
        self, value: Json, path: str, required: Collection[str], optional: Collection[str] = ()
    ) -> None:
        if not isinstance(value, dict):
            raise refused("core.plan_object", path)
        self._value: Mapping[str, Json] = value
        self._path = path
        for key in required:
            if key not in value:
                raise refused("core.plan_missing", self._at(key))
        for key in value:
            if key not in required and key not in optional:
                raise refused("core.plan_unknown", self._at(key))

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def value(self, key: str) -> Json:
        """§7 The value of a key as it is."""
        return self._value[key]

    def object(self, key: str, required: Collection[str]) -> "Members":
        """§7 An object with these keys."""
        return Members(self._value[key], self._at(key), required)

    def text(
        self, key: str, form: re.Pattern[str] | None = None, among: Collection[str] | None = None
    ) -> str:
        """§7 A non-empty string, of a form or one of a choice."""
        return text_value(self._value[key], self._at(key), form, among)

    def integer(self, key: str, least: int, most: int | None = None) -> int:
        """§7 An integer from `least` to `most`."""
        value = self._value[key]
        if not isinstance(value, int) or value < least:
            raise refused("core.plan_integer", self._at(key), least=least)
        if most is not None and value > most:
            raise refused("core.plan_value", self._at(key))
        return value

    def one(self, key: str) -> bool:
        """§7 A mark: the integer 1, or absent."""
        return key in self and self.integer(key, least=1, most=1) == 1

    def date(self, key: str) -> str:
        """§7 A date."""
        value = self._value[key]
        if not isinstance(value, str) or not is_date(value):
            raise refused("core.plan_date", self._at(key))
        return value

    def predicate(self, key: str, fields: Collection[str]) -> Predicate:
        """§7 A predicate (§6) on these fields."""
        try:
            return parse_predicate(self._value[key], fields)
        except ValueError as why:
            raise refused("core.plan_predicate", self._at(key), why=str(why)) from None

    def array(
        self, key: str, each: Callable[[Json, str], T], least: int = 0, most: int | None = None
    ) -> tuple[T, ...]:
        """§7 An array of so many values, each read with its path."""
        value, path = self._value[key], self._at(key)
        if not isinstance(value, list):
            raise refused("core.plan_array", path)
        if len(value) < least or (most is not None and len(value) > most):
            raise refused("core.plan_length", path, least=least)
        return tuple(each(one, f"{path}[{number}]") for number, one in enumerate(value))
