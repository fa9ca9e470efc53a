"""`plan relax`: the cheapest relaxations that end a shortage, ready to paste, the same every time."""

from pathlib import Path
from typing import Any, Final

import pytest

from shuangsuiji.cli import failures, language, run
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import AnyDistrict, Neighbours, OtherPool, RaiseCap, Relaxation
from shuangsuiji.core.predicates import parse_predicate
from shuangsuiji.errors import Shortage
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.plan import read_plan
from shuangsuiji.plan.toml import relaxation_lines
from shuangsuiji.quarter.plan import check
from shuangsuiji.quarter.relax import Proposal, relax
from shuangsuiji.store import Store
from tests.quarter.test_match import PLAN, drawn

HOPELESS: Final = ('"eq", "department", "特设"', '"and", ["eq", "unit", "无"], ["eq", "name", "无"]')
"""One step wider, and there is still nobody."""


def plan(tmp_path: Path, more: str = "", *changes: tuple[str, str]) -> Path:
    text = PLAN.format(more=more)
    for old, new in (("2026-01", "2026-02"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "另一份.toml"
    path.write_text(text, encoding="utf-8")
    return path


def proposals(store: Store, path: Path) -> tuple[Proposal, ...]:
    return relax(store, path).proposals


class TestProposals:
    """Fourteen firms of 万龙镇, three specialists there with four blocks each, one more in 东关镇."""

    def test_they_end_the_shortage_when_pasted_and_no_rule_less_does(self, tmp_path: Path) -> None:
        store = drawn(tmp_path)
        found = proposals(store, plan(tmp_path))
        assert [one.cost for one in found] == [1, 2, 4, 6, 8]
        near, cap, everywhere, also, anybody = found
        assert 'neighbours = { "万龙镇" = ["东关镇"] }' in near.lines
        assert "cap = 5" in cap.lines
        assert 'district = "any"' in everywhere.lines
        assert 'pool = ["in", "department", ["特设", "综合"]]' in also.lines
        assert 'pool = ["and"]' in anybody.lines
        for one in found:
            enough = check(store, plan(tmp_path, one.lines)).sufficiency
            assert enough is not None
            assert enough.relaxations == 1
            assert proposals(store, plan(tmp_path, one.lines)) == ()
        assert proposals(store, plan(tmp_path)) == found

    def test_they_come_after_the_plan_s_own(self, tmp_path: Path) -> None:
        store, own = drawn(tmp_path), "[[relaxation]]\ncap = 3\n"
        first = proposals(store, plan(tmp_path, own))[0]
        enough = check(store, plan(tmp_path, own + first.lines)).sufficiency
        assert enough is not None
        assert enough.relaxations == 2

    def test_two_together_where_one_does_not_suffice(self, tmp_path: Path) -> None:
        store = drawn(tmp_path)
        path = plan(tmp_path, "", ("max_per_inspector = 4", "max_per_inspector = 3"))
        found = proposals(store, path)
        assert "cap = 4" in found[0].lines
        assert "东关镇" in found[0].lines
        assert found[0].cost == 3

    def test_a_condition_and_a_district_together_where_neither_alone_suffices(self, tmp_path: Path) -> None:
        """Nobody meets the condition; one who would meet a wider one works next door."""
        store = drawn(tmp_path)
        found = proposals(store, plan(tmp_path, "", ('"特设"', '"没有"')))
        assert [one.cost for one in found] == sorted(one.cost for one in found)
        (both,) = (one for one in found if 'neighbours = { "万龙镇" = ["东关镇"] }' in one.lines)
        assert 'pool = ["in", "department", ["没有", "特设"]]' in both.lines
        assert both.cost == 7
        enough = check(store, plan(tmp_path, both.lines, ('"特设"', '"没有"'))).sufficiency
        assert enough is not None
        assert enough.relaxations == 2

    def test_one_of_two_conditions_is_dropped(self, tmp_path: Path) -> None:
        asked = '"and", ["eq", "department", "特设"], ["prefix", "name", "没有"]'
        found = proposals(drawn(tmp_path), plan(tmp_path, "", ('"eq", "department", "特设"', asked)))
        assert any('pool = ["eq", "department", "特设"]' in one.lines for one in found)

    def test_fixed_teams_have_no_districts(self, tmp_path: Path) -> None:
        """Four teams of a lead and a specialist, and only four specialists, or three with another condition."""
        teams = ("max_per_inspector = 4", "max_per_inspector = 4\nteams = 5")
        path = plan(tmp_path, "", ('district = "home"\n', ""), teams)
        found = proposals(drawn(tmp_path), path)
        assert 'pool = ["in", "department", ["特设", "综合"]]' in found[0].lines
        assert "cap" not in found[0].lines

    def test_nothing_can_be_done_by_relaxing(self, tmp_path: Path) -> None:
        result = relax(drawn(tmp_path), plan(tmp_path, "", HOPELESS))
        assert (result.proposals, result.helped) == ((), False)

    def test_nothing_need_be_done(self, tmp_path: Path) -> None:
        result = relax(
            drawn(tmp_path), plan(tmp_path, "", ("max_per_inspector = 4", "max_per_inspector = 5"))
        )
        assert (result.proposals, result.helped, result.sufficiency.suffices) == ((), True, True)


@pytest.mark.parametrize(
    "relaxation",
    [
        RaiseCap(7),
        AnyDistrict("special"),
        Neighbours("special", {"万龙镇": ("东关镇", '西"镇'), "": ("东关镇",)}),
        OtherPool("lead", parse_predicate(["or", ["eq", "department", "特设"]], ["department"])),
    ],
)
def test_a_relaxation_is_read_back_as_it_is_written(tmp_path: Path, relaxation: Relaxation) -> None:
    file = read_plan(plan(tmp_path, relaxation_lines(relaxation, "名称“一”\\")))
    assert file.texts.relaxations == ("名称“一”\\",)
    (read,) = file.plan.relaxations
    value: Any = [getattr(one, "pool", None) and one.pool.source for one in (read, relaxation)]  # type: ignore[union-attr]
    sources: list[Json] = value
    assert sources[0] == sources[1]
    assert type(read) is type(relaxation)
    if not isinstance(relaxation, OtherPool):
        assert read == relaxation


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_officer_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    store = drawn(tmp_path)
    language.speak(lang)

    def say(path: Path) -> tuple[int, str]:
        capsys.readouterr()
        words = ["--workspace", str(store.layout.root), "plan", "relax", str(path)]
        return failures.guarded(lambda: run(words), json=False), capsys.readouterr().out

    code, out = say(plan(tmp_path))
    assert code == 0
    assert {"zh": "建议 1（代价 1）：", "en": "Proposal 1 (cost 1): "}[lang] in out
    assert 'slot = "special"\nneighbours = { "万龙镇" = ["东关镇"] }\n' in out
    code, out = say(plan(tmp_path, "", HOPELESS))
    assert code == Shortage.exit_code
    assert {"zh": "没有人可以担任", "en": "nobody who can take them"}[lang] in out
