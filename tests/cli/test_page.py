"""A result for machines: the fields of the dataclass under their own names, nothing translated, nothing lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import pytest

from shuangsuiji.cli.page import Page, to_json


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    drawn: int
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Result:
    commitment: bytes
    when: datetime
    day: date
    bundle: Path
    cells: tuple[Cell, ...]
    excluded: Mapping[str, int]
    tasks: frozenset[str]
    note: str | None


def test_a_result_becomes_json_field_by_field() -> None:
    result = Result(
        commitment=bytes.fromhex("00ff"),
        when=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        day=date(2026, 1, 2),
        bundle=Path("审计包.zip"),
        cells=(Cell("城关镇", 3, Fraction(1, 20)),),
        excluded=MappingProxyType({"not_in_business": 2}),
        tasks=frozenset({"乙", "甲"}),
        note=None,
    )
    assert json.loads(to_json(result)) == {
        "commitment": "00ff",
        "when": "2026-01-02T03:04:05Z",
        "day": "2026-01-02",
        "bundle": "审计包.zip",
        "cells": [{"name": "城关镇", "drawn": 3, "rate": "1/20"}],
        "excluded": {"not_in_business": 2},
        "tasks": sorted({"甲", "乙"}),
        "note": None,
    }
    assert "城关镇" in to_json(result)


def test_what_has_no_form_is_not_printed_and_an_estimate_is_one_to_four_places() -> None:
    with pytest.raises(TypeError):
        to_json({"value": object()})
    assert json.loads(to_json({"z": 2 / 3})) == {"z": 0.6667}


def test_parts_of_a_page_are_set_apart_by_one_empty_line() -> None:
    page = Page("zh")
    page.gap()
    page.say("cli.exit.0")
    page.gap()
    page.gap()
    page.table(["cli.exit.1", "cli.exit.2"], [("甲", 1200)])
    assert page.lines == [
        "完成",
        "",
        "验证不通过  命令行写法不对",
        "──────────  ──────────────",
        "甲                   1,200",
    ]
