"""What a scenario is, and the small tools that its cases are made with."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docs.spec.v1 import verify

Record = verify.Record
GONE = object()  # as a new value: the member is taken away


@dataclass(frozen=True)
class Case:
    """Input that is accepted, or refused with the class `fails`; the outputs are computed, never written."""

    case: str
    given: Record
    fails: str = ""


@dataclass(frozen=True)
class Scenario:
    """One file of vectors; `name` is the method of an implementation that is asked."""

    name: str
    section: str
    about: str
    cases: list[Case]


def good(case: str, **given: Any) -> Case:
    return Case(case, given)


def bad(case: str, fails: str, **given: Any) -> Case:
    return Case(case, given, fails)


def changed(value: Any, path: Sequence[str | int], new: Any) -> Any:
    """A copy in which the member at the path is new, or absent (GONE), or appended (an index past the end)."""
    result = copy.deepcopy(value)
    place = result
    for step in path[:-1]:
        place = place[step]
    last = path[-1]
    if new is GONE:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(new)
    else:
        place[last] = new
    return result


def nested(depth: int, inside: Any, wrap: str) -> Any:
    """["not", ["not", ... inside]] for a word, or [[... inside]] for the empty one."""
    for _ in range(depth):
        inside = [wrap, inside] if wrap else [inside]
    return inside


def key_of(number: int) -> bytes:
    """A key for a test, different for every number."""
    return verify.tagged("test/key", verify.u64(number))
