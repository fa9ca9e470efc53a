"""Small charts as SVG text: 条形图, 堆叠条形图, 按日柱形图. The same values give the same bytes.

A chart is 400 units wide and as high as it needs to be; shown 360 to 480 pixels wide its words are as large as the text
around it. Labels stand above their bars, because Chinese names of categories are long and telephones narrow. Each says
by `title` and `desc` what it shows; whoever prints one puts the same numbers beside it as a table.
Only attributes are used, no style sheet, so that a page's policy need not allow any; a file of its own works too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html import escape
from typing import Final

from shuangsuiji.publish.words import zh

WIDTH: Final = 400
INK: Final = "#1d1d1f"
QUIET: Final = "#55565a"
GRID: Final = "#d4d4d8"
TRACK: Final = "#ecebe7"
FILLS: Final = ("#1f4e79", "#bd5518", "#3f7d58", "#6b4c8a", "#8a6d1f", "#6f7076")
"""The fills of bars, in order; each has 3:1 and more against white, as WCAG asks of graphics."""
OPEN: Final = FILLS[-1]
"""The fill of what is not there yet."""

_FONT: Final = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
_SIZE: Final = 14
_LINE: Final = 19
_BAR: Final = 16
_GAP: Final = 12
_PLOT: Final = 150
"""Height of the columns' area."""
_LEFT: Final = 40
_MARGIN: Final = 12
"""Around a chart that stands in a file of its own."""
_WIDE: Final = 0x2E80
"""From this code point on a character is as wide as it is high, before it about half."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its number, and how the number reads (`246户（11.1%）`; empty: the number itself)."""

    label: str
    value: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar in parts, one number for each of the chart's keys, and how it reads (empty: the numbers' sum)."""

    label: str
    values: tuple[int, ...]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A line across a chart of columns: its height, and what it says."""

    value: int
    label: str


def bars(title: str, rows: Sequence[Bar], *, desc: str = "") -> str:
    """Horizontal bars (条形图) in the order given, against the longest."""
    return stacked(title, (), [Stack(one.label, (one.value,), one.said) for one in rows], desc=desc)


def stacked(
    title: str, keys: Sequence[str], rows: Sequence[Stack], *, desc: str = "", fills: Sequence[str] = FILLS
) -> str:
    """Horizontal bars in parts (堆叠条形图) with a legend of the keys; ValueError for more keys than fills."""
    if len(keys) > len(fills):
        raise ValueError("more keys than fills")
    most = max((sum(one.values) for one in rows), default=0) or 1
    parts, top = _legend(keys, fills)
    for row in rows:
        said = row.said or str(sum(row.values))
        lines = _wrapped(row.label, WIDTH - _width(said) - 12)
        parts.append(_text(WIDTH, top + _SIZE, said, anchor="end", weight=600))
        for line in lines:
            parts.append(_text(0, top + _SIZE, line))
            top += _LINE
        parts.append(_rect(0, top + 2, WIDTH, _BAR, TRACK))
        left = 0.0
        for fill, value in zip(fills, row.values, strict=False):
            wide = WIDTH * value / most
            if value:
                seam = 1.5 if left else 0
                parts.append(_rect(left + seam, top + 2, max(wide - seam, 1), _BAR, fill))
            left += wide
        top += _BAR + _GAP
    return _svg(title, desc or _spoken(keys, rows), top, parts)


def columns(
    title: str,
    days: Sequence[tuple[date, int]],
    *,
    desc: str = "",
    level: Level | None = None,
    heading: Sequence[str] = (),
) -> str:
    """Columns over days (按日柱形图), ascending; only the days given have a place on the axis.

    `heading` are lines above the chart, for one that stands in a file of its own; the first is its title.
    """
    most = max([value for _, value in days] + ([level.value] if level else []), default=0)
    step = _step(most)
    roof = max(-(-most // step), 1) * step
    parts, top = _heading(heading)
    top += _LINE if level else _SIZE
    floor = top + _PLOT
    for value in range(0, roof + 1, step):
        height = floor - _PLOT * value / roof
        parts.append(_rect(_LEFT, height, WIDTH - _LEFT, 1, GRID if value else QUIET))
        parts.append(_text(_LEFT - 6, height + 5, str(value), anchor="end", fill=QUIET))
    wide = (WIDTH - _LEFT) / max(len(days), 1)
    for number, (_, value) in enumerate(days):
        high = _PLOT * value / roof
        if value:
            broad = min(wide * 0.76, 40)
            left = _LEFT + wide * (number + 0.5) - broad / 2
            parts.append(_rect(left, floor - high, broad, high, FILLS[0]))
    if level is not None:
        height = floor - _PLOT * level.value / roof
        parts.append(_rect(_LEFT, height - 0.75, WIDTH - _LEFT, 1.5, FILLS[1]))
        parts.append(_text(WIDTH, top - _LINE + _SIZE - 2, level.label, anchor="end", fill=FILLS[1]))
    parts += _dates([day for day, _ in days], wide, floor + _LINE)
    spoken = zh("publish.remark_join").join(f"{_day(day)} {value}" for day, value in days if value)
    return _svg(title, desc or spoken, floor + _LINE + 6, parts, margin=_MARGIN if heading else 0)


def _heading(lines: Sequence[str]) -> tuple[list[str], int]:
    """The lines above a chart, and where it begins."""
    parts: list[str] = []
    top = 0
    for number, line in enumerate(lines):
        for part in _wrapped(line, WIDTH):
            fill, weight = (QUIET, 400) if number else (INK, 600)
            parts.append(_text(0, top + _SIZE, part, fill=fill, weight=weight))
            top += _LINE
    return parts, top + _GAP if parts else 0


def _legend(keys: Sequence[str], fills: Sequence[str]) -> tuple[list[str], int]:
    """The legend's marks and words, as many in a line as fit, and where the bars begin."""
    parts: list[str] = []
    left = top = 0
    for fill, key in zip(fills, keys, strict=False):
        wide = 18 + _width(key) + 16
        if left and left + wide - 16 > WIDTH:
            left, top = 0, top + _LINE + 2
        parts += [_rect(left, top + 3, 12, 12, fill), _text(left + 18, top + _SIZE, key)]
        left += wide
    return parts, top + _LINE + 10 if keys else 0


def _dates(days: Sequence[date], wide: float, baseline: float) -> list[str]:
    """Dates under the columns: all if they have room, else the first, the last, and as many between as have room.

    The first days of months come before others.
    """
    said = [_day(day) for day in days]
    centres = [_LEFT + wide * (number + 0.5) for number in range(len(days))]
    if all(_width(text) + 8 < wide for text in said):
        marks = [(centre, text, "middle") for centre, text in zip(centres, said, strict=True)]
    else:
        marks = [(_LEFT, said[0], "start"), (WIDTH, said[-1], "end")]
        taken = [(_LEFT, _LEFT + _width(said[0])), (WIDTH - _width(said[-1]), WIDTH)]
        between = range(1, len(days) - 1)
        for number in sorted(between, key=lambda at: days[at].month == days[at - 1].month):
            half = _width(said[number]) / 2 + 6
            begin, end = centres[number] - half, centres[number] + half
            if all(end < left or begin > right for left, right in taken):
                taken.append((int(begin), int(end) + 1))
                marks.append((centres[number], said[number], "middle"))
    return [_text(left, baseline, text, anchor=anchor, fill=QUIET) for left, text, anchor in marks]


def _step(most: int) -> int:
    """The distance of the lines of a scale: 1, 2 or 5 times a power of ten, five lines at most."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * 5 >= most:
                return factor * power
        power *= 10


def _day(day: date) -> str:
    return zh("publish.month_day", month=day.month, day=day.day)


def _spoken(keys: Sequence[str], rows: Sequence[Stack]) -> str:
    """All numbers in words, for who cannot see the bars."""

    def one(row: Stack) -> str:
        if not keys:
            return f"{row.label} {row.said or row.values[0]}"
        numbers = [f"{key} {value}" for key, value in zip(keys, row.values, strict=True)]
        return f"{row.label} {zh('publish.tally_join').join(numbers)}"

    return zh("publish.remark_join").join(map(one, rows))


def _width(text: str) -> int:
    """The width of a text in units."""
    return sum(_SIZE if ord(one) >= _WIDE else 8 for one in text)


def _wrapped(text: str, room: int) -> list[str]:
    """A label in lines of that width."""
    lines = [""]
    for one in text:
        if lines[-1] and _width(lines[-1] + one) > room:
            lines.append("")
        lines[-1] += one
    return lines


def _svg(title: str, desc: str, height: float, parts: Sequence[str], *, margin: int = 0) -> str:
    body = "".join(parts)
    wide, high = WIDTH + 2 * margin, _number(height + 2 * margin)
    name = "c" + sha256(f"{title}\n{desc}\n{body}".encode()).hexdigest()[:10]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-margin} {-margin} {wide} {high}" width="{wide}" '
        f'height="{high}" class="chart" role="img" aria-labelledby="{name}t {name}d" '
        f'font-family="{_FONT}" font-size="{_SIZE}">'
        f'<title id="{name}t">{escape(title)}</title><desc id="{name}d">{escape(desc)}</desc>{body}</svg>'
    )


def _rect(left: float, top: float, wide: float, high: float, fill: str) -> str:
    x, y, width, height = map(_number, (left, top, wide, high))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'


def _text(
    left: float, baseline: float, text: str, *, anchor: str = "start", fill: str = INK, weight: int = 400
) -> str:
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    heavy = "" if weight == 400 else f' font-weight="{weight}"'
    x, y = _number(left), _number(baseline)
    return f'<text x="{x}" y="{y}" fill="{fill}"{place}{heavy}>{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
