"""§1, §2 Byte strings of fixed meaning: 64-bit integers, length prefixes, canonical JSON, JSON Lines, dates.

Canonical JSON is RFC 8785 without fractions, true, false and null; a missing value is an absent key.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NoReturn, TypeAlias

Json: TypeAlias = str | int | Sequence["Json"] | Mapping[str, "Json"]
"""A value that canonical JSON can carry."""

LARGEST = 2**53 - 1
"""The largest integer of canonical JSON (RFC 8785, section 3.2.2.3: the range doubles carry exactly)."""
DEEPEST = 64
"""The deepest nesting that a reader accepts (§18)."""
LONGEST = 2**26
"""The most bytes of one value that a reader accepts (§18)."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotCanonical(ValueError):
    """Bytes or a value outside canonical JSON; `str()` is the code of what is wrong, whose words are the messages'."""


def u64(number: int) -> bytes:
    """§1 An integer from 0 to 2^64 - 1 as 8 bytes, most significant first."""
    return number.to_bytes(8, "big")


def lp(data: bytes) -> bytes:
    """§1 A byte string with its length before it."""
    return u64(len(data)) + data


def is_date(text: str) -> bool:
    """§1 Whether a text is a date: YYYY-MM-DD, a real day."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def canonical_json(value: Json) -> bytes:
    """§2 The canonical JSON of a value, UTF-8; NotCanonical if it has none."""
    _check(value, DEEPEST)
    return _dump(value)


def parse_json(data: bytes) -> Json:
    """§2 The value that canonical JSON stands for; NotCanonical unless `data` equals its own re-encoding."""
    if len(data) > LONGEST:
        raise NotCanonical("too_long")
    value = _load(data)
    if canonical_json(value) != data:
        raise NotCanonical("other_form")
    return value


def parse_checked(data: bytes) -> Json:
    """§2 As `parse_json`, of bytes that it has taken before: they are not compared with their re-encoding again."""
    value: Json = json.loads(data)
    return value


def json_lines(values: Iterable[Json]) -> bytes:
    """§2 JSON Lines: each value's canonical JSON and a line feed."""
    return b"".join(canonical_json(value) + b"\n" for value in values)


def parse_lines(data: bytes) -> Iterator[Json]:
    """§2 The values of JSON Lines, one at a time; NotCanonical, with the number of the line, where it is not."""
    if data and not data.endswith(b"\n"):
        raise NotCanonical("last_line")
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            yield parse_json(line)
        except NotCanonical as why:
            raise NotCanonical(f"line {number}: {why}") from None


def _dump(value: Json) -> bytes:
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("surrogate") from None


def _check(value: object, deeper: int) -> None:
    """Whether `_dump` may have a value; it looks into texts itself. Done for every record, so without a `match`."""
    if isinstance(value, str):
        return
    if isinstance(value, dict | list):
        if deeper == 0:
            raise NotCanonical("too_deep")
        if isinstance(value, dict):
            _check_keys(value)
        for one in value.values() if isinstance(value, dict) else value:
            if type(one) is not str:
                _check(one, deeper - 1)
    elif not isinstance(value, int) or isinstance(value, bool):
        raise NotCanonical("wrong_type")
    elif not -LARGEST <= value <= LARGEST:
        raise NotCanonical("too_large")


def _check_keys(value: dict[object, object]) -> None:
    for key in value:
        if not isinstance(key, str) or not key.isascii():
            raise NotCanonical("key_form")


def _load(data: bytes) -> Json:
    try:
        value: Json = _DECODER.decode(data.decode("utf-8"))
    except NotCanonical:
        raise
    except RecursionError:
        raise NotCanonical("too_deep") from None
    except UnicodeDecodeError:
        raise NotCanonical("not_utf8") from None
    except ValueError:
        raise NotCanonical("not_json") from None
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("key_twice")
    return value


def _refuse(_text: str) -> NoReturn:
    raise NotCanonical("not_integer")


# Python's encoder writes just RFC 8785's escapes when ensure_ascii is off; keys are ASCII, so its order by code points
# is also RFC 8785's by UTF-16 units.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse)
