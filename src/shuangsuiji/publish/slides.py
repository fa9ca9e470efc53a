"""What stands on each slide of the room's page (抽取现场): nothing is scrolled on a wide screen.

Lengths are in hundredths of a rem; `room.css` sizes the rem so that a wide screen has at least 48 of them in width and
27.7 in height, whatever the resolution, and gives columns the widths named here. Texts are measured by the widths of
their characters, guessed upwards: fonts differ.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from shuangsuiji.bundle.public import PublicFirstDraw, PublicTask, PublicTier
from shuangsuiji.core.seed import EXPLICIT, PublicValue
from shuangsuiji.publish import words
from shuangsuiji.publish.phrases import announced

if TYPE_CHECKING:
    from shuangsuiji.publish.ceremony import Room, Stage

ROOM: Final = 1940
"""The height of a slide below its heading."""
WIDTH: Final = 4500
GIVEN: Final = (1500, 600, 2400)
TASK: Final = (1700, 640, 640, 1520)
TIER: Final = (1820, 1380, 650, 650)
"""The columns of tables."""
_HEADS: Final = {"task": 200, "tier": 200, "given": 200}
"""The height of a table's heading, which stands on each slide that has rows of it."""
_CELL: Final = 95
"""The size of the text in a table."""
_PADDING: Final = 114
_LABEL: Final = 1150
_OPERATOR: Final = 800
_BALL: Final = 290
_COLUMN: Final = 2160
"""One of the two columns of names and of districts."""
_LETTERS: Final = (120, 78)
_WORD: Final = re.compile(r"(?:[!-~]+|.)[，。、；：！？）》”]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one slide undivided: its kind (the template's name for it), its height, its content."""

    kind: str
    height: int
    content: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of one kind that follow one another on a slide, such as rows of a table."""

    kind: str
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide; `number` of `of` slides under one title.

    `key` says what it is about. A slide with another key or `phase` than any before is new to the room; one without a
    phase never is.
    """

    key: str
    phase: str
    about: str
    number: int
    of: int
    groups: tuple[Group, ...]


def slides(room: "Room") -> Iterator[Slide]:
    """All slides, in the order of the session."""
    yield from _steps(room)
    if room.own:
        yield from _stage(room, room.own, "own")
    if room.first:
        yield from _first(room, room.first)
    if room.late:
        yield from _stage(room, room.late, "late")
    if room.draw:
        if room.draw.list:
            names = [one.name for one in room.draw.list.targets]
            yield from _cut("names", "drawn", "names", _names(names))
        embargo = [Part("embargo", _text(50, 80), room.draw.embargo)] if room.draw.embargo else []
        yield from _cut("teams", "drawn", "teams", [Part("teams", 1540), *embargo])


def width(text: str) -> int:
    """Of a text, in hundredths of its size."""
    return sum(map(_character, text))


def lines(text: str, room: int) -> int:
    """How many lines of a width (in hundredths of the text's size) a text takes, broken as a browser breaks it."""
    count, filled = 1, 0
    for word in _WORD.findall(text):
        wide = width(word)
        if filled and filled + wide > room:
            count, filled = count + 1, 0
        more, filled = divmod(filled + wide, room)
        count += more
    return count


def _character(one: str) -> int:
    if unicodedata.east_asian_width(one) in "WFA":
        return 100
    return 72 if one.isupper() else 60


def _text(count: int, size: int) -> int:
    """The height of so many wide characters in a paragraph of a size."""
    return 70 + -(-count * size // WIDTH) * size * 3 // 2


def _row(cells: Iterable[tuple[str, int]]) -> int:
    """The height of a row of a table, whose cells are texts in columns of a width."""
    return 42 + 133 * max(lines(text, (column - _PADDING) * 100 // _CELL) for text, column in cells)


def _cut(key: str, phase: str, about: str, parts: Sequence[Part]) -> Iterator[Slide]:
    """Slides that hold these parts, each as many as it has room for."""
    pages: list[list[Part]] = [[]]
    filled = 0
    for part in parts:
        head = _HEADS.get(part.kind, 0)
        if pages[-1] and pages[-1][-1].kind == part.kind:
            head = 0
        if pages[-1] and filled + head + part.height > ROOM:
            pages.append([])
            filled, head = 0, _HEADS.get(part.kind, 0)
        pages[-1].append(part)
        filled += head + part.height
    for number, page in enumerate(pages, start=1):
        groups = (Group(kind, tuple(one.content for one in found)) for kind, found in groupby(page, _kind_of))
        yield Slide(f"{key}-{number}", phase, about, number, len(pages), tuple(groups))


def _kind_of(part: Part) -> str:
    return part.kind


def _steps(room: "Room") -> Iterator[Slide]:
    steps = [Part("step", 225, one) for one in enumerate(room.steps, start=1)]
    if room.apart:
        yield from _cut("opening", "", "room", [Part("lead", 460), Part("apart", 400)])
        yield from _cut("steps", "", "steps", steps)
    else:
        yield from _cut("opening", "", "room", [Part("lead", 460), *steps])


def _stage(room: "Room", stage: "Stage", name: str) -> Iterator[Slide]:
    """The slides of what was sealed under one notice."""
    commitment = stage.commitment
    yield from _cut(f"{name}-prints", "sealed", "prints", [Part("prints", 1540, stage)])
    tasks = commitment.tasks if commitment.targets else ()
    rows = [Part("task", _row(zip(_task(one), TASK, strict=True)), _task(one)) for one in tasks]
    sealed = [Part("sealed", 540, commitment), *rows]
    if not commitment.inspectors:
        sealed.append(Part("unsealed", _text(40, 80)))
    if commitment.people.left_out:
        told = words.left_out(commitment.people.left_out)
        sealed.append(Part("left_out", _text(20 + len(told), 80), told))
    yield from _cut(f"{name}-sealed", "sealed", "sealed", sealed)
    if stage.given:
        yield from _given(stage, name)
    yield from _values(room, stage, name)


def _task(task: PublicTask) -> tuple[str, str, str, str]:
    """A row of the sealed tasks: name, base, quota, what is excluded."""
    out = words.excluded(task.excluded) or "无"
    if task.in_no_tier:
        out += f"；不属于任何类别{task.in_no_tier}户"
    return task.name, f"{task.base or 0:,}", f"{task.quota or 0:,}", out


def _given(stage: "Stage", name: str) -> Iterator[Slide]:
    """现场投入: who gave something, and what once it is closed."""
    closing = stage.closing
    parts = [Part("given_intro", 220, closing)]
    if closing:
        parts.append(Part("closing", 190, closing))
    for one in closing.contributions if closing else ():
        text = getattr(one, "text", "") or (one.value.hex() if hasattr(one, "value") else "")
        cells = zip((one.person, "签名数值", text), GIVEN, strict=True)
        parts.append(Part("given", _row(cells), (one.person, one, text, None)))
    for given in () if closing else stage.given:
        height = _row(zip((given.person, "签名数值", "两人录入不一致，请核对"), GIVEN, strict=True))
        parts.append(Part("given", height, (given.person, given.contribution, "", given)))
    yield from _cut(f"{name}-given", "closed" if closing else "open", "given", parts)


def _values(room: "Room", stage: "Stage", name: str) -> Iterator[Slide]:
    """公开随机数: those to come, as each operator typed them, and once two persons agree."""
    if stage.values:
        values = [Part("value", _balls(one, 0), (one, "")) for one in stage.values]
        parts = [Part("agreed", 220, stage), Part("computable", 190, stage), *values]
        yield from _cut(f"{name}-drawn", "drawn", "values", parts)
        return
    to_come = [Part("values_intro", _text(52, 100), stage)]
    for number, one in enumerate(stage.commitment.values, start=1):
        told = f"{number}. {announced(one, stage.commitment.hours, room.hours)}"
        height = 70 + 173 * lines(told, WIDTH * 100 // 115)
        to_come.append(Part("announced", height, told))
    yield from _cut(f"{name}-values", "announced", "values", to_come)
    if not stage.typed:
        return
    drawings = list(dict.fromkeys(value.drawing for one in stage.typed for value in one.values))
    rows = [
        Part("value", _balls(value, _OPERATOR), (value, one.operator))
        for drawing in drawings
        for one in stage.typed
        for value in one.values
        if value.drawing == drawing
    ]
    phase = "waiting" if len(stage.typed) == 1 else "differs"
    yield from _cut(f"{name}-typed", phase, "values", [Part("typed", 220, stage), *rows])


def _balls(value: PublicValue, beside: int) -> int:
    """The height of a value's balls beside its name, and beside that of an operator."""
    pieces = words.drawn_value(value.source, value.value)
    room = WIDTH - _LABEL - beside
    if value.source == EXPLICIT:
        return 70 + 150 * lines(value.value, room * 100 // 85)
    rows = -(-len(pieces) // (room // _BALL))
    label = 150 * lines(words.drawing(value.source, value.issue), _LABEL - 100)
    return 60 + max(label, 235 * rows + 30 * (rows - 1))


def _first(room: "Room", first: PublicFirstDraw) -> Iterator[Slide]:
    """What was drawn as counts, by task and tier, then by district."""
    parts = [Part("first", 540, first)]
    for task in first.tasks:
        tiers: list[tuple[str, PublicTier | PublicTask]] = [(one.name, one) for one in task.tiers]
        tiers = tiers or [(words.source(task.source), task)]
        for number, (name, one) in enumerate(tiers):
            cells = (task.name, name, f"{one.base or 0:,}", f"{one.quota or 0:,}")
            height = _row(zip(cells, TIER, strict=True))
            parts.append(Part("tier", height, (number == 0, cells)))
    yield from _cut("first", "drawn", "first", parts)
    if first.districts:
        blocks = {one.name: one.blocks for one in (room.draw.districts if room.draw else ())}
        districts = [(one.name or "未注明", one.targets, blocks.get(one.name, 0)) for one in first.districts]
        heights = [_row(((one[0], _COLUMN - 950),)) for one in districts]
        yield from _cut("districts", "drawn", "districts", _columns("districts", districts, heights, 200))


def _names(names: Sequence[str]) -> list[Part]:
    """The drawn, in large letters if one slide then holds them all."""
    listed = list(enumerate(names, start=1))
    parts: list[Part] = []
    for size in _LETTERS:
        room = _COLUMN * 100 // size - 330
        heights = [12 + 137 * size * lines(one, room) // 100 for one in names]
        found = _columns("names", listed, heights, 0)
        parts = [replace(one, content=(size, one.content)) for one in found]
        if len(parts) <= 1:
            break
    return parts


def _columns(kind: str, items: Sequence[Any], heights: Sequence[int], head: int) -> list[Part]:
    """Lists in two columns, each part a slide of its own."""
    columns: list[list[Any]] = []
    filled = ROOM
    for item, height in zip(items, heights, strict=True):
        if filled + height > ROOM - 30:
            columns.append([])
            filled = head
        columns[-1].append(item)
        filled += height
    return [Part(kind, ROOM, columns[at : at + 2]) for at in range(0, len(columns), 2)]
