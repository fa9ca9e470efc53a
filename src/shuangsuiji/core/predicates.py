"""§6 The predicate language over a record's texts: eq, in, prefix, ge, le, and, or, not."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from shuangsuiji.core.encoding import Json

Fields: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""A record as predicates see it: a field is one text or several; a missing one is absent."""
Test: TypeAlias = Callable[[Fields], bool]

_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on a record (条件): the array it was written as, and the function it compiles to."""

    source: Json
    holds: Test = field(compare=False, repr=False)


def parse_predicate(source: Json, fields: Collection[str]) -> Predicate:
    """§6 The predicate that an array stands for, on records with the given fields.

    ValueError, saying in English what is wrong, if it is none.
    """
    return Predicate(source, _compile(source, fields, _DEEPEST))


def _compile(source: Json, fields: Collection[str], deeper: int) -> Test:
    if not isinstance(source, list) or not source or not isinstance(source[0], str):
        raise ValueError("a predicate is an array that begins with its name")
    if deeper == 0:
        raise ValueError(f"nested deeper than {_DEEPEST}")
    name, operands = source[0], source[1:]
    if name in ("and", "or"):
        tests = [_compile(one, fields, deeper - 1) for one in operands]
        return _every(tests) if name == "and" else _any(tests)
    if name == "not":
        if len(operands) != 1:
            raise ValueError('"not" takes one predicate')
        inner = _compile(operands[0], fields, deeper - 1)
        return lambda record: not inner(record)
    if name not in ("eq", "in", "prefix", "ge", "le"):
        raise ValueError(f'no predicate "{name}"; there are eq, in, prefix, ge, le, and, or, not')
    if len(operands) != 2:
        raise ValueError(f'"{name}" takes a field and a value')
    column, value = operands
    if not isinstance(column, str) or column not in fields:
        raise ValueError(f"no field {column!r}; there are {', '.join(sorted(fields))}")
    return _on_field(column, _comparison(name, value))


def _comparison(name: str, value: Json) -> Callable[[str], bool]:
    if name == "in":
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise ValueError('"in" takes a field and an array of texts')
        return frozenset(str(one) for one in value).__contains__
    if not isinstance(value, str):
        raise ValueError(f'"{name}" takes a field and a text')
    bound = value
    # Python orders text by code points, which is the order of UTF-8 bytes.
    match name:
        case "eq":
            return lambda text: text == bound
        case "prefix":
            return lambda text: text.startswith(bound)
        case "ge":
            return lambda text: text >= bound
        case _:
            return lambda text: text <= bound


def _on_field(column: str, holds: Callable[[str], bool]) -> Test:
    def test(record: Fields) -> bool:
        value = record.get(column)
        if value is None:
            return False
        if isinstance(value, str):
            return holds(value)
        return any(map(holds, value))

    return test


def _every(tests: list[Test]) -> Test:
    return lambda record: all(test(record) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda record: any(test(record) for test in tests)
