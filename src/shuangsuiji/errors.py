"""The one family of exceptions: a code, the place, the parameters.

No prose lives here: the texts in both languages, and how to mend what is refused, are in `messages/*.toml`
under the code. Bad rows of a roster are not exceptions but values (`RefusedRow`), collected into a report.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self


@dataclass(frozen=True, slots=True)
class Where:
    """出错位置: the place in the user's input; empty fields are unknown.

    `row` counts from 1 as the spreadsheet shows it, `line` from 1 in a text file; `key` is a path such as
    `task[2].tier[1].rate` in a TOML or JSON file.
    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None
    key: str = ""


NOWHERE: Final = Where()


class Listing(str):
    """Several texts in one parameter of a message, which puts its language's own mark between the `parts`.

    Where no language is known, as in the log, it is a text with the Chinese mark.
    """

    __slots__ = ("parts",)

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Self:
        """The listing of the parts, in order."""
        given = tuple(parts)
        made = super().__new__(cls, "、".join(given))
        made.parts = given
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[str, ...]]]:
        """What a copy is made from."""
        return type(self), (self.parts,)


def first_of(values: Sequence[str], most: int) -> Listing:
    """The first texts of many, with an ellipsis if there are more than `most`."""
    shown = list(values[:most])
    return Listing([*shown[:-1], f"{shown[-1]}…"] if len(values) > most else shown)


@dataclass(frozen=True, slots=True)
class Detail:
    """One of several things that a refusal is about: a code of the catalogue and its parameters."""

    code: str
    params: Mapping[str, str | int]


class ShuangsuijiError(Exception):
    """Base of everything that the engine refuses; only its subclasses are raised.

    `details` are told one by one below the text, where a refusal is about several things at once.
    """

    exit_code: ClassVar[int] = 3
    details: tuple[Detail, ...] = ()

    def __init__(self, code: str, /, where: Where = NOWHERE, **params: str | int) -> None:
        # Code and place are the exception's args, so that it survives pickling between processes.
        super().__init__(code, where)
        self.code = code
        self.where = where
        self.params = params


class InputRefused(ShuangsuijiError):
    """A file, plan or value is not acceptable as it is."""

    exit_code = 3


class WrongState(ShuangsuijiError):
    """It is not this command's turn: the batch stands at another step."""

    exit_code = 4


class Shortage(ShuangsuijiError):
    """人员不足: no lawful assignment of inspectors exists."""

    exit_code = 5


class EnvironmentRefused(ShuangsuijiError):
    """The machine refuses: disk full, no rights, workspace missing or locked."""

    exit_code = 6


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """退回行: one row of a roster that was not accepted, with the cell and the reason."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    code: str
    params: Mapping[str, str | int]
