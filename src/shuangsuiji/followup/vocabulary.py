"""结果用语: the words of results, methods, follow-ups and grounds, read from `config/results.toml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self, TypeVar

from shuangsuiji import config
from shuangsuiji.errors import InputRefused, Listing, Where
from shuangsuiji.rosters.normal import squeeze
from shuangsuiji.rosters.settings import Table

NAME: Final = "results.toml"
LEAST: Final = 15
MOST: Final = 30
"""Days between two special letters (专用信函) where the file does not say: a default."""

_WORD: Final = ("code", "name", "variants", "from", "to")


@dataclass(frozen=True, slots=True)
class Word:
    """A method (检查方式) or a follow-up (后续处置): code, name, the days on which it may be used (None: open)."""

    code: str
    name: str
    variants: tuple[str, ...] = ()
    begins: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it may be used for a check completed on this day."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)

    @property
    def period(self) -> str:
        """The days on which it may be used, as "from/to", with "…" for a side that is open."""
        return "/".join(one.isoformat() if one else "…" for one in (self.begins, self.ends))


@dataclass(frozen=True, slots=True)
class Category(Word):
    """检查结果: a category, and what it means.

    `problem` 发现问题, `lost_contact` 失联; `checked`: it is in the check rate; `ground`: the code of the ground on
    which the target may be proposed for the abnormal-operations list, or "".
    """

    problem: bool = False
    lost_contact: bool = False
    checked: bool = True
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """列入情形: a ground of the abnormal-operations list; `letters`: two special letters are sent first."""

    code: str
    name: str
    letters: bool


Coded = TypeVar("Coded", Word, Category)


class Categories(dict[str, Category]):
    """Categories by code. One that is gone, though a result has it, is refused (InputRefused, `result.code_gone`)."""

    def __init__(self, words: Mapping[str, Category], where: Where) -> None:
        super().__init__(words)
        self.where = where

    def __missing__(self, code: str) -> Category:
        raise InputRefused("result.code_gone", self.where, value=code)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The whole of `results.toml`, checked, by code; `least` and `most` days lie between two letters."""

    categories: Mapping[str, Category]
    methods: Mapping[str, Word]
    disposals: Mapping[str, Word]
    grounds: Mapping[str, Ground]
    least: int
    most: int

    @classmethod
    def load(cls, *, workspace: Path | None = None, override: Path | None = None) -> Self:
        """The file that holds for a workspace. Raises InputRefused `config.missing`, `rosters.settings_*`."""
        top = Table.load(config.locate(NAME, workspace=workspace, override=override))
        top.only(("category", "method", "disposal", "ground", "letters"))
        grounds = {}
        for table in top.tables("ground"):
            table.only(("code", "name", "letters"))
            grounds[table.text("code")] = Ground(
                table.text("code"), table.text("name"), table.flag("letters")
            )
        letters = top.table("letters")
        letters.only(("least", "most"))
        least, most = letters.number("least", LEAST), letters.number("most", MOST)
        if most < least:
            raise InputRefused("rosters.settings_type", letters.place("most"), wanted=f">= {least}")
        return cls(
            categories=Categories(
                _by_code(top, "category", [_category(one, grounds) for one in top.tables("category")]),
                top.place("category"),
            ),
            methods=_by_code(top, "method", [_word(one) for one in top.tables("method")]),
            disposals=_by_code(top, "disposal", [_word(one) for one in top.tables("disposal")]),
            grounds=grounds,
            least=least,
            most=most,
        )


def find_word(words: Mapping[str, Coded], written: str) -> Coded | None:
    """What a written word means: by code, name or variant; None if nothing does."""
    wanted = squeeze(written)
    for one in words.values():
        if wanted in set(map(squeeze, _spellings(one))):
            return one
    return None


def known_words(words: Iterable[Word]) -> Listing:
    """The names for a message; in quotation marks, for some have commas of their own."""
    return Listing(f"“{one.name}”" for one in words)


def _spellings(one: Word) -> tuple[str, ...]:
    return (one.code, one.name, *one.variants)


def _by_code(top: Table, key: str, made: Iterable[Coded]) -> dict[str, Coded]:
    """The words by code. Raises InputRefused `rosters.settings_word` for one spelling of two."""
    found: dict[str, Coded] = {}
    taken: set[str] = set()
    for one in made:
        own = set(map(squeeze, _spellings(one)))
        if own & taken:
            raise InputRefused("rosters.settings_word", top.place(key), word=one.name)
        taken |= own
        found[one.code] = one
    return found


def _word(table: Table) -> Word:
    table.only(_WORD)
    return Word(
        table.text("code"),
        table.text("name"),
        table.texts("variants", ()),
        *_period(table),
    )


def _category(table: Table, grounds: Mapping[str, Ground]) -> Category:
    table.only((*_WORD, "problem", "lost_contact", "checked", "ground"))
    ground = table.text("ground", "")
    if ground and ground not in grounds:
        raise InputRefused(
            "rosters.settings_choice", table.place("ground"), value=ground, known=Listing(grounds)
        )
    return Category(
        table.text("code"),
        table.text("name"),
        table.texts("variants", ()),
        *_period(table),
        problem=table.flag("problem"),
        lost_contact=table.flag("lost_contact"),
        checked=table.flag("checked") if "checked" in table.values else True,
        ground=ground,
    )


def _period(table: Table) -> tuple[date | None, date | None]:
    """The days on which a word may be used, both included."""
    begins, ends = _day(table, "from"), _day(table, "to")
    if begins is not None and ends is not None and ends < begins:
        raise InputRefused("rosters.settings_type", table.place("to"), wanted=f">= {begins}")
    return begins, ends


def _day(table: Table, key: str) -> date | None:
    """A day written "2026-01-15" or as TOML's own date; None if it is not given."""
    if key not in table.values:
        return None
    value = table.values[key]
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(table.text(key))
    except ValueError:
        raise InputRefused("rosters.settings_type", table.place(key), wanted='"2026-01-15"') from None
