"""Where each key and each array element of a TOML file stands: path to line.

`tomllib` gives values without places, and no maintained library gives both. This walk only tells the parts of valid
TOML apart, judging is `tomllib`'s work; on other text it ends too, with places that may be wrong.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and array indexes (from 0) from the root of a document to a value."""

_TOKEN: Final = re.compile(
    r'''
      (?P<skip> [ \t\r]+ | \#[^\n]* )
    | (?P<newline> \n )
    | (?P<string> """ (?: \\. | [^\\] )*? """ "{0,2} | \'\'\' .*? \'\'\' \'{0,2}
                | " (?: \\. | [^"\\\n] )* " | ' [^'\n]* ' )
    | (?P<bare> [A-Za-z0-9_-]+ )
    | (?P<sign> . )
    ''',
    re.VERBOSE | re.DOTALL,
)


def locate(text: str) -> Mapping[KeyPath, int]:
    """The line (from 1) of every key, table header and array element of a valid TOML document.

    A key written once for several tables (`[a.b]` makes `a` too) stands where it is first met.
    """
    return _Walk(text).lines


def path_text(path: KeyPath) -> str:
    """A path as it is shown: `task[0].tier[1].rate`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


class _Walk:
    """One pass over the tokens; `lines` is complete after construction."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._tokens = list(_tokens(text))
        self._at = 0
        self._sizes: dict[KeyPath, int] = {}  # arrays of tables: how many so far
        self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        while self._skip_newlines() != "":
            table = self._header() if self._peek() == "[" else self._pair(table)

    def _header(self) -> KeyPath:
        self._take()
        repeated = self._peek() == "["
        if repeated:
            self._take()
        line = self._line()
        path: KeyPath = ()
        names = self._key()
        for name in names[:-1]:
            path = self._latest(self._mark((*path, name), line))
        path = self._mark((*path, names[-1]), line)
        for _ in range(1 + repeated):
            self._take()
        if not repeated:
            return path
        number = self._sizes.get(path, 0)
        self._sizes[path] = number + 1
        return self._mark((*path, number), line)

    def _latest(self, path: KeyPath) -> KeyPath:
        """The table that a further key belongs to: the last one of an array of tables."""
        return (*path, self._sizes[path] - 1) if path in self._sizes else path

    def _pair(self, table: KeyPath) -> KeyPath:
        line = self._line()
        path = table
        for name in self._key():
            path = self._mark((*path, name), line)
        self._take()  # the equals sign
        self._value(path)
        return table

    def _key(self) -> list[str]:
        names = [self._name()]
        while self._peek() == ".":
            self._take()
            names.append(self._name())
        return names

    def _name(self) -> str:
        token = self._take()
        return _unquoted(token) if token.startswith(('"', "'")) else token

    def _value(self, path: KeyPath) -> None:
        if self._peek() == "[":
            self._take()
            number = 0
            while self._skip_newlines() not in ("]", ""):
                self._mark((*path, number), self._line())
                self._value((*path, number))
                number += 1
                self._skip_comma()
            self._take()
        elif self._peek() == "{":
            self._take()
            while self._skip_newlines() not in ("}", ""):
                self._pair(path)
                self._skip_comma()
            self._take()
        else:
            self._take()
            while self._peek() not in ("\n", ",", "]", "}", ""):
                self._take()

    def _skip_comma(self) -> None:
        if self._skip_newlines() == ",":
            self._take()

    def _skip_newlines(self) -> str:
        while self._peek() == "\n":
            self._take()
        return self._peek()

    def _mark(self, path: KeyPath, line: int) -> KeyPath:
        self.lines.setdefault(path, line)
        return path

    def _peek(self) -> str:
        return self._tokens[self._at][0]

    def _line(self) -> int:
        return self._tokens[self._at][1]

    def _take(self) -> str:
        token = self._peek()
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token


def _unquoted(token: str) -> str:
    try:
        return str(tomllib.loads(f"name = {token}")["name"])
    except tomllib.TOMLDecodeError:
        return token


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Tokens that are neither space nor comment, each with its line; at the end an empty one."""
    line = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if match.lastgroup != "skip":
            yield token, line
        line += token.count("\n")
    yield "", line
