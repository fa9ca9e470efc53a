"""Before any seed: whether the pool suffices for the worst draw; who is short and by how much, in plain words."""

from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from shuangsuiji.cli import failures, language, run
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import GroupRecusal, Incompatible, PairRecusal
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.strata import divide
from shuangsuiji.core.teams import Block, Target, make_blocks, make_problem, team_slots
from shuangsuiji.messages import LANGUAGES, Lang
from shuangsuiji.quarter.demand import drawable, pooled
from shuangsuiji.quarter.stranded import alike, stranded
from shuangsuiji.quarter.sufficiency import Sufficiency, simulate, sufficiency
from tests.district import UNITS, World, entity, inspector, plan_value, seeds, worlds
from tests.quarter.test_match import BORROW, FIRMS, MORE, PLAN, drawn

NAMES = {"lead": "组长", "home": "属地人员", "partner": "联合人员"}


def found(world: World) -> Sufficiency:
    held = Lists(world.entities, world.inspectors, world.recusals)
    divisions = divide(world.plan, world.entities)
    return sufficiency(world.plan, divisions, held, NAMES, alike(world.plan, divisions, held))


def world(firms: int, people: int, tiers: list[Json] | None = None, **changes: Json) -> World:
    """Firms of 东镇, all drawn if `tiers` do not say otherwise, a block each; inspectors of that township."""
    value: dict[str, Any] = plan_value() | {"blocks": {"max_targets": 1, "max_per_inspector": 4}} | changes
    all_: list[Json] = [{"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}}]
    value["tasks"] = [value["tasks"][0] | {"tiers": tiers or all_}]
    inspectors = tuple(inspector(number, "东镇") for number in range(1, people + 1))
    return World(parse_plan(value), tuple(entity(n) for n in range(1, firms + 1)), inspectors, ())


class TestWorstDraw:
    """§14 No draw has more blocks of a district, or more places of a slot, than the bounds say."""

    @given(worlds())
    def test_no_draw_has_more(self, small: World) -> None:
        frozen = small.freeze()
        held = Lists(small.entities, small.inspectors, small.recusals)
        supply = pooled(small.plan, frozen.strata.divisions, held).supply
        for number in range(3):
            own = seeds(frozen, number)
            blocks = make_blocks(frozen, draw_targets(frozen, own).targets, own)
            assert len(blocks) <= supply.all_blocks
            for district in {one.district for one in blocks}:
                assert sum(one.district == district for one in blocks) <= supply.blocks[district]
            for slot in NAMES:
                having = [one.district for one in blocks if slot in one.slots]
                assert len(having) <= supply.totals[slot]
                assert all(having.count(name) <= supply.places[slot, name] for name in having)

    def test_one_place_too_many(self) -> None:
        assert found(world(6, 3)).suffices  # 12 places, 3 x 4
        short = found(world(7, 3))
        (only,) = short.lacking
        assert (only.places, only.room, only.missing, only.persons, only.cap) == (14, 12, 2, 3, 4)
        assert (short.relaxations, short.settled) == (None, True)

    def test_a_relaxation_that_ends_it(self) -> None:
        assert found(world(7, 3, relaxations=[{"cap": 4}, {"cap": 5}, {"cap": 9}])).relaxations == 2

    def test_nobody_twice_in_a_block(self) -> None:
        alone = found(world(1, 1))
        assert [(one.places, one.room) for one in alone.lacking] == [(2, 1)]

    def test_who_is_recused_from_the_whole_district(self) -> None:
        given_ = world(1, 2)
        assert found(given_).suffices
        assert not found(replace(given_, recusals=(GroupRecusal("P0001", "district", "东镇"),))).suffices

    def test_targets_that_cannot_all_lie_in_every_district(self) -> None:
        """Two firms of twenty are drawn, wherever they lie: two persons in each township suffice, each for one."""
        tiers: list[Json] = [{"id": "all", "name": "全部", "where": ["and"], "quota": {"count": 2}}]
        own = world(0, 0, blocks={"max_targets": 1, "max_per_inspector": 1}, tiers=tiers)
        firms = tuple(entity(n, ("东镇", "西乡")[n % 2]) for n in range(1, 21))
        people = tuple(inspector(n, ("西乡", "东镇")[n % 2]) for n in range(1, 5))
        assert found(replace(own, entities=firms, inspectors=people)).suffices
        east = found(replace(own, entities=firms, inspectors=(*people[:2], people[3]))).lacking[0]
        assert [(one.district, one.slot, one.count) for one in east.vacancies] == [("东镇", "属地人员", 2)]
        assert (east.persons, east.room, east.missing) == (1, 1, 1)

    def test_whether_chance_decides_where_targets_lie(self) -> None:
        """Not where all are drawn, or only those of one district; nor where a second key shares them out."""
        tier: dict[str, Json] = {"id": "all", "name": "全部", "where": ["and"], "quota": {"rate": "50%"}}
        both = tuple(entity(n, ("东镇", "西乡")[n % 2]) for n in range(1, 5))
        assert found(replace(world(0, 2, [tier]), entities=both)).varies
        assert not found(replace(world(0, 2), entities=both)).varies
        assert not found(world(4, 2, [tier])).varies
        assert not found(replace(world(0, 2, [tier | {"key": "district"}]), entities=both)).varies

    def test_fixed_teams(self) -> None:
        value: dict[str, Any] = plan_value()
        slots: Json = [one | {"district": "any"} for one in value["slots"]]
        enough = found(world(8, 4, slots=slots, teams=2))
        assert (enough.suffices, enough.fixed, enough.certain) == (True, True, False)
        (full,) = found(world(9, 4, slots=slots, teams=2)).lacking
        assert (full.vacancies[0].count, full.persons) == (9, 4)
        few = world(8, 3, slots=slots, teams=2)
        (none,) = found(few).lacking
        assert none.why == "teams"
        lacking = simulate(
            few.plan, Lists(few.entities, few.inspectors, ()), NAMES, 1, lambda *_: None
        ).lacking
        assert lacking is not None
        assert (lacking.why, lacking.places, lacking.persons, lacking.missing) == ("teams", 4, 3, 1)

    def test_who_may_not_work_together_is_told(self) -> None:
        """The only lead may not work with the only one of the district: what a draw would say of it."""
        two = replace(world(3, 2), inspectors=(inspector(1, "西乡"), inspector(2, "东镇", UNITS[1])))
        pair = replace(two, recusals=(Incompatible("P0002", "P0001"),))
        assert (found(two).suffices, found(pair).suffices) == (True, False)
        held = Lists(pair.entities, pair.inspectors, pair.recusals)
        lacking = simulate(pair.plan, held, NAMES, 1, lambda *_: None).lacking
        assert lacking is not None
        assert (lacking.why, lacking.persons) == ("apart", 0)


class TestAlike:
    """What can be drawn is walked over once; persons, teams and who is left without one are asked of its few kinds."""

    @given(worlds(max_entities=8, max_inspectors=4))
    def test_each_target_is_of_one_kind_whatever_relaxations_are_in_force(self, small: World) -> None:
        held = Lists(small.entities, small.inspectors, small.recusals)
        divisions = divide(small.plan, small.entities)
        found = alike(small.plan, divisions, held)
        rules = Rules(small.plan, small.inspectors, small.recusals)
        of = {at: one for one in found for at in one.targets}
        assert sum(len(one.targets) for one in found) == len(of)
        assert {at: one.tasks for at, one in of.items()} == drawable(divisions, small.entities)
        for at, one in of.items():
            entity = small.entities[at]
            assert (one.district, one.recused) == (rules.district(entity), rules.recused(entity))
        kinds = {(one.tasks, one.district, one.recused) for one in found}
        assert len(kinds) == len(found)
        assert found == alike(relaxed(small.plan, len(small.plan.relaxations)), divisions, held)


class TestAlone:
    """§14, §15 A target whom no team can visit, whatever else is drawn, is found before any seed."""

    @given(worlds(max_entities=8, max_inspectors=4))
    def test_those_and_no_others_for_whom_no_team_is_lawful(self, small: World) -> None:
        held = Lists(small.entities, small.inspectors, small.recusals)
        divisions = divide(small.plan, small.entities)
        targets = alike(small.plan, divisions, held)
        told = {one.id for own in stranded(small.plan, held, targets) for one in own.targets}
        frozen = small.freeze()
        for at, tasks in drawable(divisions, small.entities).items():
            names = tuple(small.plan.tasks[task].id for task in sorted(tasks))
            one = small.entities[at]
            district = one.columns.get("district", "")
            block = Block(1, district, names, (Target(one, names),), team_slots(small.plan, names))
            _, problem = make_problem(small.plan, [block], frozen.pool)
            pools = [set(slot.pool) - problem.recused[0] for slot in problem.slots]
            lawful = any(
                len({*team}) == len(team) and problem.incompatible.isdisjoint(combinations(sorted(team), 2))
                for team in product(*pools)
            )
            assert (one.id in told) != lawful

    def test_the_officer_reads_whom_and_which_place(self) -> None:
        own = world(3, 4, tiers=[{"id": "all", "name": "全部", "where": ["and"], "quota": {"count": 1}}])
        assert found(own).suffices
        barred = tuple(PairRecusal(f"P{number:04}", "E0002") for number in (1, 2, 3))
        short = found(replace(own, recusals=barred))
        (only,) = short.lacking
        assert (only.why, only.targets, only.persons) == ("alone", ("东镇第2家",), 1)
        assert {one.slot for one in only.vacancies} == {"组长", "属地人员"}
        assert not short.certain

    def test_a_couple_of_whom_both_would_be_needed(self) -> None:
        own = replace(world(1, 2), recusals=(Incompatible("P0002", "P0001"),))
        (only,) = found(own).lacking
        assert (only.why, only.persons, only.targets) == ("alone", 2, ("东镇第1家",))
        assert found(replace(world(1, 3), recusals=(Incompatible("P0002", "P0001"),))).suffices


class TestSimulated:
    """The draws of made-up seeds are short as the core says."""

    @pytest.mark.parametrize(("firms", "short"), [(6, 0), (7, 5)])
    def test_how_many_are_short(self, firms: int, short: int) -> None:
        small, told = world(firms, 3), list[int]()
        held = Lists(small.entities, small.inspectors, ())
        simulated = simulate(small.plan, held, NAMES, 5, lambda done, _: told.append(done))
        assert (simulated.draws, simulated.short, simulated.void) == (5, short, short)
        assert told == [1, 2, 3, 4, 5]
        assert (simulated.lacking is None) == (short == 0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_officer_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    store = drawn(tmp_path)
    path = tmp_path / "另一份.toml"
    path.write_text(PLAN.format(more=BORROW + MORE).replace("2026-01", "2026-02"), encoding="utf-8")
    language.speak(lang)
    capsys.readouterr()
    words = ["--workspace", str(store.layout.root), "plan", "check", str(path), "--simulate", "3"]
    assert failures.guarded(lambda: run(words), json=False) == 0
    out = capsys.readouterr().out
    for said in {
        "zh": (
            f"人员可能不足：检查任务包最多 {FIRMS} 个",
            "  万龙镇“特种设备”席位要 14 个，能担任的 3 人 × 每人 4 个 = 12，缺 2 个。",
            "放宽办法用到第 1 项就够用",
            "模拟抽取 3 次（不用真正的种子）：按原计划人员不足 3 次，全部放宽后仍不足 0 次。",
        ),
        "en": (
            f"at most {FIRMS} blocks",
            "  万龙镇 特种设备: 14 places, but 3 inspectors x 4 each = 12: 2 too few.",
            "relaxations suffice; needed of them at most: 1",
            "3 short as planned, 0 even with",
        ),
    }[lang]:
        assert said in out
