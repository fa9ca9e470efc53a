"""Enterprises by the end of their codes: which page has whom, and the lists that the search reads.

One page per enterprise would be a hundred thousand small files for a province, one page for all too large for a
telephone. The end of a code (its check digit and the serial number before it) is spread evenly, everybody who looks for
an enterprise without a script can read it off, and it stays the same however many others join: an address changes only
when the site grows from one length of endings to the next.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from shuangsuiji.bundle.disclose_results import PublicResult
from shuangsuiji.bundle.public import PublicTarget, PublicTask
from shuangsuiji.publish.site.model import SiteDraw

FULL: Final = 400
"""So many enterprises a page has on average before endings get longer."""
CHUNK: Final = 4000
"""So many enterprises the search reads at a time."""
_SIGNS: Final = 31
"""Different signs of a credit code at one place."""
_LONGEST: Final = 4
_PLAIN: Final = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Visit:
    """被抽中: one row of a draw's list."""

    draw: SiteDraw
    target: PublicTarget
    tasks: tuple[PublicTask, ...]
    result: PublicResult | None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise of some list: its name there, the last one if it changed, and its rows, the latest draw first."""

    id: str
    name: str
    visits: tuple[Visit, ...]

    @property
    def anchor(self) -> str:
        """Its place on its page."""
        return anchor(self.id)


def enterprises(draws: Sequence[SiteDraw]) -> tuple[Enterprise, ...]:
    """All who stand on a published list, ascending by id."""
    found: dict[str, list[Visit]] = {}
    for draw in reversed(draws):
        for target, tasks, result in draw.rows():
            found.setdefault(target.id, []).append(Visit(draw, target, tasks, result))
    return tuple(Enterprise(one, found[one][0].target.name, tuple(found[one])) for one in sorted(found))


def length(count: int) -> int:
    """How many signs of a code's end name a page."""
    wanted = 1
    while wanted < _LONGEST and count > FULL * _SIGNS**wanted:
        wanted += 1
    return wanted


def ending(code: str, signs: int) -> str:
    """The end of a code, in ASCII letters and digits; `_` for what is neither."""
    return "".join(one if re.fullmatch("[0-9A-Z]", one) else "_" for one in code.upper())[-signs:] or "_"


def shards(found: Iterable[Enterprise], signs: int) -> Mapping[str, tuple[Enterprise, ...]]:
    """The enterprises by the end of their codes, ascending."""
    pages: dict[str, list[Enterprise]] = {}
    for one in found:
        pages.setdefault(ending(one.id, signs), []).append(one)
    return {name: tuple(pages[name]) for name in sorted(pages)}


def anchor(code: str) -> str:
    """The place of an enterprise on its page: its code, or a digest of one that an address cannot hold."""
    return f"e-{code}" if _PLAIN.fullmatch(code) else f"h-{sha256(code.encode()).hexdigest()[:16]}"


def chunks(pages: Mapping[str, Sequence[Enterprise]]) -> Iterator[dict[str, list[list[str]]]]:
    """Code and name of all, by page, in parts that the search reads one after the other; third an odd anchor."""
    part: dict[str, list[list[str]]] = {}
    count = 0
    for name, members in pages.items():
        for one in members:
            row = [one.id, one.name]
            part.setdefault(name, []).append(row if _PLAIN.fullmatch(one.id) else [*row, one.anchor])
            count += 1
            if count == CHUNK:
                yield part
                part, count = {}, 0
    if part:
        yield part
