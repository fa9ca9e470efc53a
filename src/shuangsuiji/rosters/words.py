"""词表: the words of rosters and what they mean, read from `config/words.toml`.

Words are matched by `normal.squeeze` (width, spaces and brackets do not matter).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.rosters.model import STATUSES
from shuangsuiji.rosters.normal import clean_text, squeeze
from shuangsuiji.rosters.settings import Table

Vocabulary = Mapping[str, str]

JOIN: Final = "、"  # how several values of a cell stand in the frame
_SURNAME_LENGTH: Final = 2
_YES: Final = ("是",)
_NO: Final = ("否",)


@dataclass(frozen=True, slots=True)
class Words:
    """The whole of `words.toml`, checked; each vocabulary maps a squeezed word to what it means.

    `status` to a `model.Status`; `duty` to "" (may be drawn) or the reason why not; `certificate` to "" (valid)
    or the reason of its cancellation; `decision` to keep or cancel; `known` has the words as written, for
    messages.
    """

    status: Vocabulary
    duty: Vocabulary
    certificate: Vocabulary
    decision: Vocabulary
    known: Mapping[str, str]
    no_reason: frozenset[str]
    open_ended: frozenset[str]
    totals: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    individual_types: tuple[str, ...]
    individual_prefixes: tuple[str, ...]
    compound_surnames: frozenset[str]
    separators: re.Pattern[str]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Reads and checks a `words.toml`. Raises InputRefused `rosters.settings_*` with the key's path."""
        top = Table.load(file)
        groups = {"status": STATUSES, "duty": _DUTY, "certificate": _CERTIFICATE, "decision": _DECISION}
        lists = ("no_reason", "open_ended", "totals", "individual_types", "individual_prefixes")
        top.only([*groups, *lists, "yes", "no", "compound_surnames", "separators"])
        tables = {name: top.table(name) for name in groups}
        for name, keys in groups.items():
            tables[name].only(keys)
        return cls(
            status=_vocabulary(tables["status"], {code: code for code in STATUSES}),
            duty=_vocabulary(tables["duty"], {"on_duty": "", "undrawable": None}),
            certificate=_vocabulary(tables["certificate"], {"valid": "", "cancelled": None}),
            decision=_vocabulary(tables["decision"], {"keep": "keep", "cancel": "cancel"}),
            known={
                name: Listing(word for key in keys for word in tables[name].texts(key))
                for name, keys in groups.items()
            },
            no_reason=_squeezed(top.texts("no_reason")),
            open_ended=_squeezed(top.texts("open_ended")),
            totals=_squeezed(top.texts("totals")),
            yes=_squeezed(top.texts("yes", _YES)),
            no=_squeezed(top.texts("no", _NO)),
            individual_types=top.texts("individual_types"),
            individual_prefixes=top.texts("individual_prefixes"),
            compound_surnames=frozenset(top.texts("compound_surnames")),
            separators=re.compile(f"[\n{JOIN}{re.escape(top.text('separators'))}]"),
        )

    def split(self, cell: str) -> list[str]:
        """The values of a cell that may hold several; line breaks and 、 always separate."""
        return [part for part in map(clean_text, self.separators.split(cell)) if part]

    def surname(self, person: str) -> str:
        """姓: the surname of a Chinese name (compound ones from the list)."""
        head = person[:_SURNAME_LENGTH]
        return head if head in self.compound_surnames else person[:1]


_DUTY: Final = ("on_duty", "undrawable")
_CERTIFICATE: Final = ("valid", "cancelled")
_DECISION: Final = ("keep", "cancel")


def _squeezed(words: Iterable[str]) -> frozenset[str]:
    return frozenset(squeeze(word) for word in words)


def _vocabulary(table: Table, meanings: Mapping[str, str | None]) -> dict[str, str]:
    """Squeezed word to meaning; None means the word itself. Raises InputRefused `rosters.settings_word`."""
    found: dict[str, str] = {}
    for key, meaning in meanings.items():
        for word in table.texts(key):
            value = word if meaning is None else meaning
            if found.setdefault(squeeze(word), value) != value:
                raise InputRefused("rosters.settings_word", table.place(key), word=word)
    return found
