"""A simulation as a picture (SVG, opens in any browser): how often entities were drawn, how far off cells and persons.

Written by hand, so that it needs no plotting package and the same figures give the same bytes.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from shuangsuiji import messages
from shuangsuiji.audit.evenness import binomial
from shuangsuiji.audit.fairness import Fairness, TierFairness
from shuangsuiji.messages import Lang

_WIDTH: Final = 960
_MARGIN: Final = 40
_PER_ROW: Final = 3
_PANEL: Final = (280, 190)
_MOST_BARS: Final = 40
_MOST_ROWS: Final = 12
_TALLEST: Final = 100
_PERSONS: Final = 220
_EDGE: Final = 5.0
"""The z at which a strip ends; what lies beyond is shown at its end."""
_STYLE: Final = """
text { font-family: system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; font-size: 12px; fill: #333 }
.title { font-size: 18px; font-weight: 600; fill: #111 } .head { font-size: 13px; font-weight: 600; fill: #111 }
.small { font-size: 11px; fill: #666 } .bar { fill: #9db8d9 } .law { fill: #c0392b } .dot { fill: #31689e }
.axis { stroke: #999; stroke-width: 1 } .band { fill: #eef2f7 } .far { fill: #c0392b }
.reach { fill: #d5e0ee } .reach.lone { fill: #e4e4e4 } .mean { fill: #c0392b }
.person { fill: #31689e } .person.lone { fill: #777 }
"""


def plot(fairness: Fairness, title: str, lang: Lang) -> bytes:
    """The picture, under a title."""

    def say(code: str, **params: str | int) -> str:
        return messages.text(f"audit.plot.{code}", lang, **params)

    parts = [_text(_MARGIN, 40, title, "title")]
    parts += [_text(_MARGIN, 64, say("draws", seeds=fairness.seeds, matched=fairness.matched))]
    parts += [_text(_MARGIN, 96, say("times"), "head")]
    top = 112
    for number, tier in enumerate(fairness.tiers):
        row, column = divmod(number, _PER_ROW)
        left, below = _MARGIN + column * (_PANEL[0] + 20), top + row * (_PANEL[1] + 26)
        caption = say("tier", quota=tier.quota, base=tier.base, z=f"{tier.evenness.z:+.2f}")
        parts += _panel(tier, _short(tier.name(fairness.tasks), 20), fairness.seeds, (left, below), caption)
    top += -(-len(fairness.tiers) // _PER_ROW) * (_PANEL[1] + 26) + 30
    strips = list(_strips(fairness, say("cells"), lang))
    parts += [_text(_MARGIN, top, say("off"), "head"), _text(_MARGIN, top + 18, say("note"), "small")]
    top += 34
    for name, note, zs in strips[:_MOST_ROWS]:
        height, drawn = _strip(name, note, zs, top)
        parts += drawn
        top += height + 14
    parts += _scale(top)
    top += 50
    if fairness.groups:
        parts += _persons(fairness, top, say("persons"), say("persons_note"))
        top += _PERSONS + 70
    height = top
    size = f'width="{_WIDTH}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {size}>'
    lines = [head, f"<style>{_STYLE}</style>", f'<rect {size} fill="#fff"/>', *parts, "</svg>"]
    return "".join(f"{line}\n" for line in lines).encode()


def _panel(tier: TierFairness, name: str, draws: int, at: tuple[int, int], caption: str) -> Iterator[str]:
    """Bars: entities by how often they were drawn. Dots: what the binomial law of a single entity makes of them."""
    (left, top), (width, height) = at, _PANEL
    chance = float(tier.probability)
    spread = 4 * math.sqrt(draws * chance * (1 - chance))
    low = max(0, min([*tier.times, math.floor(draws * chance - spread)]))
    high = min(draws, max([*tier.times, math.ceil(draws * chance + spread)]))
    step = -(-(high - low + 1) // _MOST_BARS)
    bins = range(low, high + 1, step)
    found = [sum(tier.times.get(n, 0) for n in range(one, one + step)) for one in bins]
    law = [tier.base * sum(binomial(draws, chance, n) for n in range(one, one + step)) for one in bins]
    floor, tallest = top + height - 28, max([*found, *law])
    yield _text(left, top + 12, name, "head")
    yield _text(left, top + 28, caption, "small")
    each = width / len(bins)
    for number, (bar, dot) in enumerate(zip(found, law, strict=True)):
        x, tall = left + number * each, (height - 72) * bar / tallest
        place = f'x="{x + each * 0.1:.1f}" y="{floor - tall:.1f}"'
        yield f'<rect class="bar" {place} width="{each * 0.8:.1f}" height="{tall:.1f}"/>'
        y = floor - (height - 72) * dot / tallest
        yield f'<circle class="law" cx="{x + each / 2:.1f}" cy="{y:.1f}" r="2"/>'
    yield f'<line class="axis" x1="{left}" y1="{floor}" x2="{left + width}" y2="{floor}"/>'
    for number in range(0, len(bins), max(1, len(bins) // 6)):
        yield _text(left + (number + 0.5) * each, floor + 15, str(bins[number]), "small", "middle")


def _strips(fairness: Fairness, cells: str, lang: Lang) -> Iterator[tuple[str, str, Sequence[float]]]:
    """Rows of z: the cells of each divided tier, the persons of each group of more than one."""
    for tier in fairness.tiers:
        if len(tier.cells) > 1:
            yield (
                f"{_short(tier.name(fairness.tasks), 18)} {cells}",
                str(len(tier.cells)),
                [one.z for one in tier.cells],
            )
    for group in fairness.groups:
        if len(group.persons) > 1:
            names = messages.text("where.join", lang).join(group.places)
            yield _short(names, 18), str(len(group.persons)), [one.band.z for one in group.persons]


def _strip(name: str, note: str, zs: Iterable[float], top: int) -> tuple[int, list[str]]:
    """A row of stacked dots, one for each z; its height and its elements."""
    stacks: Counter[int] = Counter()
    spots = []
    for z in sorted(zs):
        place = round(max(-_EDGE, min(_EDGE, z)) * 5)
        spots.append((place, stacks[place], abs(z) > 4))
        stacks[place] += 1
    radius = min(3.2, _TALLEST / 2 / max(stacks.values()))
    height = max(24, round(2 * radius * max(stacks.values())) + 8)
    base = top + height
    parts = [
        f'<rect class="band" x="{_at(-2):.1f}" y="{top}" width="{_at(2) - _at(-2):.1f}" height="{height}"/>',
        f'<line class="axis" x1="{_at(-_EDGE):.1f}" y1="{base}" x2="{_at(_EDGE):.1f}" y2="{base}"/>',
        _text(_MARGIN, base - 8, f"{name} ({note})"),
    ]
    for place, above, far in spots:
        y = base - radius - 1 - above * 2 * radius
        kind = "far" if far else "dot"
        parts.append(f'<circle class="{kind}" cx="{_at(place / 5):.1f}" cy="{y:.1f}" r="{radius:.2f}"/>')
    return height, parts


def _persons(fairness: Fairness, top: int, title: str, note: str) -> Iterator[str]:
    """Every inspector's mean load of one draw (dot) in the band that it is held against, by what is expected."""
    everybody = sorted(
        (one for group in fairness.groups for one in group.persons),
        key=lambda one: (one.band.exact, one.band.expected, one.id),
    )
    tallest = max(max(one.band.high, float(one.mean)) for one in everybody) or 1.0
    left, width, base = _MARGIN + 20, _WIDTH - 2 * _MARGIN - 20, top + 30 + _PERSONS
    each = width / len(everybody)

    def level(load: float) -> float:
        return base - _PERSONS * load / tallest

    yield _text(_MARGIN, top, title, "head")
    yield _text(_MARGIN, top + 18, note, "small")
    for number, one in enumerate(everybody):
        x, lone = left + number * each, "" if one.band.exact else " lone"
        high, low = level(one.band.high), level(one.band.low)
        size = f'width="{max(each * 0.9, 0.5):.2f}" height="{max(low - high, 0.5):.1f}"'
        yield f'<rect class="reach{lone}" x="{x:.2f}" y="{high:.1f}" {size}/>'
        if one.band.exact:
            mean = f'y="{level(one.band.expected) - 0.5:.1f}" width="{max(each, 0.5):.2f}" height="1"'
            yield f'<rect class="mean" x="{x:.2f}" {mean}/>'
        radius = min(3.0, max(1.2, each * 0.35))
        place = f'cx="{x + each / 2:.2f}" cy="{level(float(one.mean)):.1f}" r="{radius:.2f}"'
        yield f'<circle class="person{lone}" {place}/>'
    yield f'<line class="axis" x1="{left}" y1="{base}" x2="{left + width}" y2="{base}"/>'
    for load in (0.0, tallest / 2, tallest):
        yield _text(left - 4, level(load) + 4, f"{load:.1f}", "small", "end")


def _scale(top: int) -> list[str]:
    return [_text(_at(z), top + 6, f"{z:+d}" if z else "0", "small", "middle") for z in range(-4, 5, 2)]


def _at(z: float) -> float:
    """The place of a z on the strips."""
    left, right = 330, _WIDTH - _MARGIN
    return left + (right - left) * (z + _EDGE) / (2 * _EDGE)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{name} text-anchor="{anchor}">{escape(text)}</text>'
