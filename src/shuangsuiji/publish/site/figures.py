"""统计: counts of what was published, and charts of them. Tiers only as the notices have them: base and quota.

The unit is the enterprise of a draw (户): with several tasks it counts once, and once under each kind of result that it
has; where a problem was found, not under 未发现问题. Over several draws the same enterprise counts each time (次).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shuangsuiji.bundle.disclose_results import PublicCategory, PublicResult
from shuangsuiji.publish import words
from shuangsuiji.publish.charts import FILLS, OPEN, Bar, Stack, bars, columns, stacked
from shuangsuiji.publish.site.model import SiteDraw
from shuangsuiji.publish.words import rule, zh


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, and the same numbers as a table: its headings, its rows."""

    title: str
    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was published of the results of draws: enterprises (户) drawn, told, taken down, with problems.

    `kinds` counts by kind of result, in the order in which the kinds were first met; `days` by the day of completion.
    """

    drawn: int
    told: int
    down: int
    problems: int
    kinds: tuple[tuple[PublicCategory, int], ...]
    days: tuple[tuple[date, int], ...]

    @property
    def open(self) -> int:
        """未检查, or not published yet."""
        return self.drawn - self.told - self.down


def count(draws: Sequence[SiteDraw]) -> Counts:
    """The counts of draws; void ones do not count."""
    drawn = told = down = problems = 0
    kinds: Counter[PublicCategory] = Counter()
    days: Counter[date] = Counter()
    for draw in draws:
        if draw.void or draw.view is None:
            continue
        own = _by_enterprise(draw)
        drawn += len(own) if own else draw.view.targets
        for rows in own.values():
            if any(one is not None and one.down for one in rows):
                down += 1
            elif all(one is not None and one.categories for one in rows):
                told += 1
                found = [one for one in rows if one is not None]
                problems += any(one.problem for one in found)
                kinds.update(words.kinds(found))
                days[max(one.day for one in found if one.day)] += 1
    ordered = sorted(kinds.items(), key=lambda one: (one[0].problem, -one[1], one[0].code))
    return Counts(drawn, told, down, problems, tuple(ordered), tuple(sorted(days.items())))


def _by_enterprise(draw: SiteDraw) -> dict[str, list[PublicResult | None]]:
    """The rows of those who are on the list and were not replaced."""
    found: dict[str, list[PublicResult | None]] = {}
    for target, _, result in draw.rows():
        if target.change != "replaced":
            found.setdefault(target.id, []).append(result)
    return found


def of_draw(draw: SiteDraw) -> Iterator[Figure]:
    """The figures of one draw."""
    if draw.view is None:
        return
    yield from _tasks(draw)
    if draw.view.districts:
        yield _districts(draw)
    counts = count([draw])
    if counts.told:
        yield results(counts)
        yield days(counts)


def _tasks(draw: SiteDraw) -> Iterator[Figure]:
    assert draw.view is not None  # noqa: S101 - what `of_draw` saw
    for task in draw.view.tasks:
        tiers = [one for one in task.tiers if one.quota is not None]
        if len(tiers) < 2:
            continue
        title = zh("site.figure.tiers", task=task.name)
        yield Figure(
            title,
            bars(
                title,
                [Bar(one.name, one.quota or 0, zh("publish.count", count=one.quota or 0)) for one in tiers],
            ),
            (zh("site.tier"), zh("site.base"), zh("site.rate"), zh("site.quota")),
            tuple((one.name, one.base or 0, rule(one), one.quota or 0) for one in tiers),
        )


def _districts(draw: SiteDraw) -> Figure:
    assert draw.view is not None  # noqa: S101 - what `of_draw` saw
    title = zh("site.figure.districts")
    named = [(one.name or zh("site.unnamed"), one.targets, one.blocks) for one in draw.view.districts]
    named.sort(key=lambda one: -one[1])
    return Figure(
        title,
        bars(title, [Bar(name, targets, zh("publish.count", count=targets)) for name, targets, _ in named]),
        (zh("site.district"), zh("site.targets"), zh("site.blocks")),
        tuple(named),
    )


def results(counts: Counts, unit: str = "publish.count") -> Figure:
    """检查结果 by kind; `unit` is the code of 户 or 次."""
    title = zh("site.figure.results")
    rows = [(one.name, number) for one, number in counts.kinds]
    rows += [(zh("publish.taken_down"), counts.down)] if counts.down else []
    rows += [(zh("site.open"), counts.open)] if counts.open else []
    said = [Bar(name, number, zh(unit, count=number) + share(number, counts.drawn)) for name, number in rows]
    return Figure(title, bars(title, said), (zh("site.kind"), zh("site.count")), tuple(rows))


def days(counts: Counts) -> Figure:
    """How many were completed on which day."""
    title = zh("site.figure.days")
    rows = tuple((day.isoformat(), number) for day, number in counts.days)
    return Figure(title, columns(title, counts.days), (zh("site.day"), zh("site.count")), rows)


def progress(draws: Sequence[SiteDraw]) -> Figure:
    """Results published by draw: without problems, with problems, not yet."""
    title = zh("site.figure.progress")
    keys = [zh("site.without"), zh("site.problems"), zh("site.open")]
    parts = [(draw, count([draw])) for draw in draws if draw.view is not None and not draw.void]
    keys += [zh("publish.taken_down")] if any(one.down for _, one in parts) else []
    stacks: list[Stack] = []
    rows: list[tuple[str | int, ...]] = []
    for draw, own in parts:
        values = (own.told - own.problems, own.problems, own.open, own.down)[: len(keys)]
        stacks.append(Stack(draw.title, values, zh("publish.count", count=own.drawn)))
        rows.append((draw.title, own.drawn, *values))
    svg = stacked(title, keys, stacks, fills=(*FILLS[:2], OPEN, FILLS[3]))
    return Figure(title, svg, (zh("site.draw"), zh("site.targets"), *keys), tuple(rows))


def share(number: int, whole: int) -> str:
    """（11.1%）, rounded half up without floats."""
    if not whole:
        return ""
    tenths = (2000 * number + whole) // (2 * whole)
    return zh("site.share", percent=f"{tenths // 10}.{tenths % 10}")
