"""The charts: drawings of the numbers and of nothing else, legible, told to who cannot see them."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.publish import charts
from shuangsuiji.publish.charts import Bar, Level, Stack, bars, columns, stacked
from tests.contrast import contrast

SVG: Final = "{http://www.w3.org/2000/svg}"
LABELS: Final = st.text("未按规定公示年度报告<&>\"'a1（）", min_size=1, max_size=40)
DAYS: Final = st.lists(st.integers(0, 400), min_size=1, max_size=120).map(
    lambda values: [(date(2021, 4, 1) + timedelta(number), value) for number, value in enumerate(values)]
)


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return root


def rectangles(svg: str, fill: str) -> list[tuple[float, ...]]:
    return [
        tuple(float(one.attrib[name]) for name in ("x", "y", "width", "height"))
        for one in parsed(svg).iter(f"{SVG}rect")
        if one.attrib["fill"] == fill
    ]


def texts(svg: str) -> str:
    return "".join(one.text or "" for one in parsed(svg).iter(f"{SVG}text"))


@given(st.lists(st.tuples(LABELS, st.integers(0, 10**6)), max_size=8))
def test_bars_are_as_long_as_their_numbers(rows: list[tuple[str, int]]) -> None:
    svg = bars("图", [Bar(*row) for row in rows])
    drawn = [width for _, _, width, _ in rectangles(svg, charts.FILLS[0])]
    values = [value for _, value in rows if value]
    assert len(drawn) == len(values)
    for width, value in zip(drawn, values, strict=True):
        assert width == pytest.approx(max(charts.WIDTH * value / max(values), 1), abs=0.01)
    for label, value in rows:
        assert label in texts(svg)
        assert f"{label} {value}" in parsed(svg)[1].text  # type: ignore[operator]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), max_size=6))
def test_parts_of_a_bar_do_not_overlap_and_end_within(rows: list[tuple[int, int, int]]) -> None:
    svg = stacked("图", ["甲", "乙", "丙"], [Stack("行", row) for row in rows])
    parts = sorted(
        (top, left, left + width)
        for fill in charts.FILLS[:3]
        for left, top, width, high in rectangles(svg, fill)
        if high > 12  # a mark of the legend is 12
    )
    assert len(parts) == sum(bool(value) for row in rows for value in row)
    for (top, _, end), (other, begin, _) in pairwise(parts):
        assert top != other or begin >= end - 0.02
    assert all(end <= charts.WIDTH + 1.02 for *_, end in parts)


@given(DAYS)
def test_columns_stand_on_the_axis_and_are_as_high_as_their_numbers(days: list[tuple[date, int]]) -> None:
    drawn = rectangles(columns("图", days), charts.FILLS[0])
    values = [value for _, value in days if value]
    assert len(drawn) == len(values)
    assert len({round(top + high, 1) for _, top, _, high in drawn}) <= 1
    most = max(values, default=0)
    for (*_, high), value in zip(drawn, values, strict=True):
        assert high == pytest.approx(max(one[3] for one in drawn) * value / most, abs=0.02)


@given(DAYS, st.one_of(st.none(), st.just(Level(37, "平均"))))
def test_nothing_of_a_chart_lies_outside_it_nor_do_dates_touch(
    days: list[tuple[date, int]], level: Level | None
) -> None:
    svg = columns(
        "图", days, level=level, heading=["每日检查户数（户）", "二〇二一年度第一批随机抽查计划" * 3]
    )
    root = parsed(svg)
    begin, roof, width, height = map(float, root.attrib["viewBox"].split())
    # A file of its own has a margin all round.
    assert begin == roof < 0
    for one in root.iter(f"{SVG}rect"):
        left, top, wide, high = (float(one.attrib[name]) for name in ("x", "y", "width", "height"))
        assert min(left, top) >= 0
        assert left + wide <= charts.WIDTH + 0.02 < begin + width
        assert top + high < roof + height
    lines = [float(one.attrib["y"]) for one in root.iter(f"{SVG}text") if one.attrib.get("x") == "0"]
    assert lines == sorted(set(lines))
    assert len(lines) > 2, "a long line of the heading is broken"
    above = min(float(one.attrib["y"]) for one in root.iter(f"{SVG}text") if one.attrib.get("x") != "0")
    assert lines[-1] < above - 14
    spans = []
    for one in root.iter(f"{SVG}text"):
        if re.fullmatch(r"\d+月\d+日", one.text or ""):
            wide = sum(14 if ord(c) > 255 else 8 for c in one.text or "")
            shift = {"end": wide, "middle": wide / 2}.get(one.attrib.get("text-anchor", ""), 0)
            spans.append((float(one.attrib["x"]) - shift, float(one.attrib["x"]) - shift + wide))
    spans.sort()
    assert spans
    assert all(end < begin for (_, end), (begin, _) in pairwise(spans))


def test_a_chart_says_what_it_shows_and_asks_nothing_of_the_page() -> None:
    for svg in (
        bars("检查结果", [Bar("甲", 3)]),
        stacked("进度", ["已公示", "未检查"], [Stack("东镇", (3, 1))], desc="东镇三户已公示"),
        columns("每日", [(date(2021, 4, 1), 3)]),
        columns("空", []),
    ):
        root = parsed(svg)
        names = root.attrib["aria-labelledby"].split()
        assert root.attrib["role"] == "img"
        assert [one.attrib.get("id") for one in root[:2]] == names
        assert not re.search(r"style|href|url\(|<script", svg)
    assert "东镇 已公示 3，未检查 1" in stacked("进度", ["已公示", "未检查"], [Stack("东镇", (3, 1))])


def test_colours_have_the_contrast_of_wcag() -> None:
    for fill in charts.FILLS:
        assert contrast(fill, "#ffffff") >= 3, fill
        assert contrast(fill, charts.TRACK) >= 3, fill
    for ink in (charts.INK, charts.QUIET, charts.FILLS[1]):
        assert contrast(ink, "#ffffff") >= 4.5, ink


def test_more_keys_than_fills_are_refused() -> None:
    with pytest.raises(ValueError, match="keys"):
        stacked("图", [str(number) for number in range(7)], [])
