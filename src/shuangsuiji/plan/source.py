"""A plan file's text and places: every refusal says the file, the line and the key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.plan.positions import KeyPath, locate, path_text

_POSITION: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")
# What tomllib's reasons begin with when the text can be told apart but says something twice.
_STRUCTURE: Final = ("Cannot ", "Duplicate ")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the keys of one plan file stand."""

    file: str
    lines: Mapping[KeyPath, int]

    def where(self, path: KeyPath) -> Where:
        """The place of a key; of the table around it if the key itself is not in the file."""
        line = next((self.lines[prefix] for prefix in _prefixes(path) if prefix in self.lines), None)
        return Where(file=self.file, line=line, key=path_text(path))

    def refuse(self, code: str, path: KeyPath, **params: str | int) -> InputRefused:
        """The refusal of what stands at `path`."""
        return InputRefused(code, self.where(path), **params)


@dataclass(frozen=True, slots=True)
class Document:
    """A plan file read as TOML. `twice`, if set, is the refusal of a key or table that stands there twice.

    That refusal waits until the keys have been looked at: a misspelt header is often its cause.
    """

    content: Mapping[str, Any]
    places: Places
    twice: InputRefused | None


def read_document(data: bytes, file: str) -> Document:
    """The TOML document of a file's bytes; fractional numbers come as Decimal.

    Raises InputRefused `plan.encoding`, `plan.syntax`, `plan.syntax_end`, `plan.too_deep`.
    """
    text = _decode(data, file)
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as why:
        refusal = _syntax(str(why), text, file)
        if not str(why).startswith(_STRUCTURE):
            raise refusal from None
        return Document({}, Places(file, locate(text)), refusal)
    except RecursionError:
        raise InputRefused("plan.too_deep", Where(file=file)) from None
    return Document(content, Places(file, locate(text)), None)


def _decode(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = data[: why.start].count(b"\n") + 1
        raise InputRefused("plan.encoding", Where(file=file, line=line)) from None
    return text.replace("\r\n", "\n")


def _syntax(why: str, text: str, file: str) -> InputRefused:
    found = _POSITION.search(why)
    lines = text.rstrip("\n").split("\n")
    if found is None:
        return InputRefused("plan.syntax_end", Where(file=file, line=len(lines)))
    number = int(found[1])
    written = lines[number - 1].strip() if number <= len(lines) else ""
    where = Where(file=file, line=number)
    if why.startswith(_STRUCTURE):
        return InputRefused("plan.twice", where, written=written)
    if why.startswith("Invalid date"):
        return InputRefused("plan.date", where)
    return InputRefused("plan.syntax", where, written=written, position=int(found[2]))


def _prefixes(path: KeyPath) -> Iterator[KeyPath]:
    return (path[:length] for length in range(len(path), 0, -1))
