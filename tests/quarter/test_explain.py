"""`explain`: one pair of a draw, before the seed, after the match, in the officer's words, as often as simulated."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from shuangsuiji.cli import failures, language, run
from shuangsuiji.cli.explain import show
from shuangsuiji.cli.page import Page
from shuangsuiji.messages import LANGUAGES, Lang, text
from shuangsuiji.quarter.explain import ExplainResult, explain
from shuangsuiji.quarter.freeze import freeze
from shuangsuiji.quarter.match import match
from shuangsuiji.quarter.plan import Simulation, adopt
from shuangsuiji.store import Store
from tests.quarter.small_plan import CODES, KEY, plan_file, refused, with_rosters
from tests.quarter.test_records import LATER, WIDE, seeded
from tests.quarter.workspace import NOW, on_disk

EAST: Final = CODES[0]
"""A firm of 东镇 of high risk, in business, not visited."""
ROTATION: Final = ("[blocks]", "[rotation]\ndraws = 1\n\n[blocks]")
ALL_HIGH: Final = ("count = 2", "count = 3")
PLACED: Final = (
    'where = ["eq", "grade", "中"]',
    'where = ["and", ["eq", "grade", "中"], ["prefix", "town", ""]]',
)
ABROAD: Final = '[jurisdiction]\ndistricts = ["西乡"]\n{more}\n[[exclusion]]'


def lines(result: ExplainResult, rule: str) -> list[str]:
    return [text(f"explain.{one.code}", "zh", **one.params) for one in result.verdicts if one.rule == rule]


def frozen(store: Store, tmp_path: Path, *changes: tuple[str, str]) -> None:
    """A rehearsal of another plan, frozen."""
    path = plan_file(tmp_path, ("410102-2026-01", "410102-2026-02"), PLACED, ALL_HIGH, *changes)
    adopt(store, path, rehearsal=True, salt_key=KEY, operator="张三", now=LATER)
    freeze(store, plan_id="410102-2026-02", values=["explicit:1"], operator="张三", now=LATER)


@pytest.fixture
def matched(tmp_path: Path) -> Store:
    """A real draw of all firms of high risk, matched."""
    store = with_rosters(tmp_path)
    seeded(store, plan_file(tmp_path, WIDE, ALL_HIGH, PLACED))
    match(store, operator="张三", now=NOW)
    return store


class TestAfterTheMatch:
    """The team that was drawn, and who could have been."""

    def test_every_outcome_is_told(self, matched: Store) -> None:
        before = on_disk(matched.layout.root)
        people = [f"{town}{number}" for town in ("东镇", "西乡") for number in range(1, 7)]
        found = {name: explain(matched, EAST, name) for name in people}
        drawn = [name for name, one in found.items() if one.outcome == "drawn"]
        assert len(drawn) == 2
        first = found[drawn[0]]
        assert {place.drawn.name for place in first.places if place.drawn} == set(drawn)
        assert {one.outcome for name, one in found.items() if name not in drawn} == {"possible"}
        assert [len(place.candidates) for place in first.places] == [
            12,
            7,
        ]  # 孙四 of another unit is of 东镇 too
        assert lines(first, "target") == ["任务“公示信息检查”抽中了这一户。"]
        assert on_disk(matched.layout.root) == before

    def test_how_probable_it_is(self, matched: Store) -> None:
        told: list[int] = []
        chance = explain(
            matched, EAST, "东镇1", simulation=Simulation(60, lambda done, _: told.append(done))
        ).chance
        assert chance is not None
        assert (chance.draws, chance.target, chance.short, told[-1]) == (60, 60, 0, 60)
        assert 5 <= chance.together <= 35  # 1/6 of home places, 1/12 of leads or so

    def test_a_target_that_could_not_be_drawn(self, matched: Store) -> None:
        revoked = explain(matched, CODES[3], "东镇1")
        assert (revoked.outcome, lines(revoked, "target")) == (
            "excluded",
            ["任务“公示信息检查”不列入抽取：非存续状态。"],
        )
        visited = explain(matched, CODES[4], "东镇1")
        assert lines(visited, "target") == ["任务“公示信息检查”不列入抽取：本年度已检查。"]
        untiered = explain(matched, CODES[9], "东镇1")
        assert lines(untiered, "target") == ["这一户不属于任务“公示信息检查”的任何一层。"]


class TestBeforeTheSeed:
    """What is sealed says already who can be drawn for whom."""

    def test_rotation_keeps_apart_who_met(self, matched: Store, tmp_path: Path) -> None:
        met = next(
            name for name in ("东镇1", "东镇2", "东镇3", "东镇4", "东镇5", "东镇6", "西乡1", "西乡2")
            if explain(matched, EAST, name).outcome == "drawn"
        )  # fmt: skip
        frozen(matched, tmp_path, ROTATION)
        found = explain(matched, EAST, met, plan_id="410102-2026-02")
        assert found.outcome == "impossible"
        assert lines(found, "rotation") == [f"轮换：第 1 号抽取中查过“甲”（{EAST}），这次回避。"]
        assert not any(place.able for place in found.places)
        assert explain(matched, EAST, met, number=1, plan_id="410102-2026-01").outcome == "drawn"

    def test_crossing_the_jurisdiction(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        frozen(store, tmp_path, ("[[exclusion]]", ABROAD.format(more='authorisation = "某政文〔2026〕12号"')))
        found = explain(store, EAST, "赵二")
        assert found.outcome == "before"
        assert lines(found, "jurisdiction") == [
            "“东镇”在本机关辖区外，凭授权（某政文〔2026〕12号）可以检查。"
        ]

    def test_not_crossing_it(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        frozen(store, tmp_path, ("[[exclusion]]", ABROAD.format(more="")), ("count = 3", "count = 2"))
        found = explain(store, EAST, "赵二")
        assert found.outcome == "excluded"
        assert lines(found, "target")[0].endswith("在本机关辖区外，计划没有写明授权。")

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        refused("quarter.not_sealed", lambda: explain(store, EAST, "王一"))
        frozen(store, tmp_path)
        refused("quarter.not_sealed", lambda: explain(store, EAST, "王一", number=9))
        refused("quarter.which_entity", lambda: explain(store, "甲", "王一"))
        refused("quarter.no_such_inspector", lambda: explain(store, EAST, "无人"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_of_candidates_tells_who_is_never_drawn(matched: Store, lang: Lang) -> None:
    found = explain(matched, EAST, "东镇1")
    first, *others = found.places
    some = tuple(
        replace(one, never=("", "balance", "complete")[number % 3])
        for number, one in enumerate(first.candidates)
    )
    page = Page(lang)
    show(replace(found, places=(replace(first, candidates=some), *others)), page)
    lists = [line for line in page.lines if line.count(" (") + line.count("（") >= 4]
    for why in ("", "balance", "complete"):
        own = {one.name for one in some if one.never == why}
        (line,) = (line for line in lists if all(f"{name} (" in line for name in own))
        assert len(own) == 4
        assert not [one.name for one in some if one.never != why and f"{one.name} (" in line]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_officer_reads(matched: Store, capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    language.speak(lang)
    words = ["--workspace", str(matched.layout.root), "explain", EAST, "西乡1"]

    def say(*more: str) -> str:
        capsys.readouterr()
        assert failures.guarded(lambda: run([*words, *more]), json=False) == 0
        return capsys.readouterr().out

    out = say("--simulate", "4")
    for line in {
        "zh": (
            "仅供内部使用",
            "  [符合] 执法证：西乡1 在 2026-03-01 至 2026-06-30 整个检查期间有效。",
            "席位“属地人员”（条件：全部）",
            "  [不符合] 地区：属地席位，本人在“西乡”，检查对象在“东镇”。",
            "  结论：不能担任。",
            "模拟抽取 4 次",
        ),
        "en": (
            "For internal use",
            "  [yes] Certificate: 西乡1 is valid",
            "  [NO] District: a home place, but the inspector is of 西乡",
            "4 simulated draws",
        ),
    }[lang]:
        assert line in out
    found = json.loads(say("--json"))
    assert [place["able"] for place in found["places"]] == [True, False]
    assert found["chance"] is None
    assert {one["kind"] for one in found["verdicts"]} == {"", "pool", "recusal", "cap", "draw"}
