"""The simulation runs the engine's own draws under seeds that are never those of a draw, and counts them all."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from shuangsuiji.audit.fairness import MATCHED, Fairness, simulate, simulated_seeds
from shuangsuiji.audit.fairness_plot import plot
from shuangsuiji.core.draw import draw_inspectors, draw_targets
from shuangsuiji.core.plan import Slot
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.predicates import parse_predicate
from shuangsuiji.messages import LANGUAGES
from tests.core.protocol import put
from tests.district import district, plan_value, seeds

NAMES: Final = {"lead": "组长", "home": "属地人员", "partner": "部门人员"}
SEEDS: Final = 40
FROZEN: Final = district().freeze()


@pytest.fixture(scope="module")
def found() -> Fairness:
    return simulate(FROZEN, NAMES, SEEDS, lambda _done, _of: None)


def test_simulated_seeds_are_none_of_a_draw_and_none_twice() -> None:
    simulated = [simulated_seeds(FROZEN, number) for number in range(50)]
    keys = {key for one in simulated for key in (one.targets, one.inspectors)}
    assert len(keys) == 100
    real = [seeds(FROZEN, number) for number in range(50)]
    assert keys.isdisjoint(key for one in real for key in (one.targets, one.inspectors))
    assert simulated_seeds(district(seed=2).freeze(), 0).targets != simulated[0].targets


def test_every_draw_is_counted_as_the_core_draws_it(found: Fairness) -> None:
    draws = [draw_targets(FROZEN, simulated_seeds(FROZEN, number)) for number in range(SEEDS)]
    expected = {
        (division.task.name, base.tier.name): (base, division.task.id)
        for division in FROZEN.strata.divisions
        for base in division.bases
        if base.size
    }
    assert {(tier.task, tier.tier) for tier in found.tiers} == set(expected)
    for tier in found.tiers:
        base, task = expected[tier.task, tier.tier]
        drawn = [one for draw in draws for one in draw.strata if (one.task, one.tier) == (task, base.tier.id)]
        counts = Counter(member for one in drawn for member in one.drawn)
        members = [member for cell in base.cells.values() for member in cell]
        assert tier.times == Counter(counts[member] for member in members)
        assert (tier.probability, tier.exact) == (Fraction(base.quota, base.size), SEEDS)
        assert sum(number * of for number, of in tier.times.items()) == SEEDS * base.quota
        assert {one.cell: one.drawn for one in tier.cells} == {
            cell: sum(one.quota for one in drawn if one.stratum.cell == cell) for cell in base.cells
        }


def test_cells_at_a_bound_have_chances_of_their_own() -> None:
    """The largest cell is held down by the bounds: it gets them in every draw, and the others are even."""
    bounded = put(
        put(plan_value(), "tasks.0.tiers.0.bounds", {"least": 0, "most": 8}), "tasks.0.pool", ["and"]
    )
    world = replace(district(200), plan=parse_plan(bounded))
    tier = simulate(world.freeze(), NAMES, SEEDS, lambda _done, _of: None).tiers[0]
    held = [one for one in tier.cells if one.expected == 8]
    assert [(one.cell, one.drawn, one.z) for one in held] == [("西乡", 8 * SEEDS, 0.0)]
    assert sum(one.expected for one in tier.cells) == tier.quota
    free = sum(one.base for one in tier.cells if one not in held)
    assert sum(tier.times.values()) == free
    assert tier.probability == Fraction(tier.quota - 8, free)


def test_a_quarter_of_the_draws_is_matched_and_blocks_add_up(found: Fairness) -> None:
    assert found.matched == SEEDS // MATCHED
    places = 0
    for number in range(found.matched):
        own = simulated_seeds(FROZEN, number)
        teams = draw_inspectors(FROZEN, draw_targets(FROZEN, own).targets, own).teams
        places += sum(len(team.inspectors) for team in teams)
    assert sum(one.blocks for group in found.groups for one in group.persons) == places
    assert sum(load * number for load, number in found.loads.items()) == places
    for group in found.groups:
        assert group.mean * len(group.persons) * found.matched == sum(one.blocks for one in group.persons)


def test_every_inspector_is_held_against_an_expectation(found: Fairness) -> None:
    draws = found.matched - found.short
    for group in found.groups:
        for one in group.persons:
            assert one.mean == Fraction(one.blocks, draws)
            assert one.band.exact == (len(group.persons) > 1)
            assert one.band.expected == pytest.approx(float(group.mean if one.band.exact else one.mean))
            assert 0 <= one.band.low <= one.band.expected <= one.band.high


def test_only_those_exactly_alike_are_compared(found: Fairness) -> None:
    recused = {one.inspector for one in FROZEN.pool.recusals}
    for group in found.groups:
        own = {one.id for one in group.persons}
        assert (group.recusals == 0) == own.isdisjoint(recused)
        assert len({one.unit for one in FROZEN.pool.inspectors if one.id in own}) == 1
        assert len({one.district for one in FROZEN.pool.inspectors if one.id in own}) == 1
    everybody = [one.id for group in found.groups for one in group.persons]
    assert len(everybody) == len(set(everybody))


def test_a_fair_engine_is_not_far_off(found: Fairness) -> None:
    zs = [tier.evenness.z for tier in found.tiers] + [group.evenness.z for group in found.groups]
    zs += [cell.z for tier in found.tiers for cell in tier.cells]
    assert max(map(abs, zs)) < 5


def test_draws_without_a_lawful_team_are_counted() -> None:
    world = district()
    nobody = Slot("lead", parse_predicate(["eq", "unit", "消防队"], {"unit"}), "any")
    plan = replace(world.plan, slots=(nobody, *world.plan.slots[1:]))
    found = simulate(replace(world, plan=plan).freeze(), NAMES, 8, lambda _done, _of: None)
    assert (found.matched, found.short, found.groups, found.loads) == (2, 2, (), {})


def test_it_says_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    simulate(district(size=20).freeze(), NAMES, 3, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_is_sound_xml_with_a_bar_for_every_count(found: Fairness, lang: str) -> None:
    data = plot(found, "<某县> & 演练", "zh" if lang == "zh" else "en")
    picture = ET.fromstring(data)
    kinds = Counter(one.get("class") for one in picture.iter())
    assert kinds["bar"] == kinds["law"] >= sum(len(tier.times) for tier in found.tiers) / 2
    persons = sum(len(group.persons) for group in found.groups if len(group.persons) > 1)
    cells = sum(len(tier.cells) for tier in found.tiers if len(tier.cells) > 1)
    assert kinds["dot"] + kinds["far"] == persons + cells
    assert (kinds["person"], kinds["mean"]) == (persons, persons)
    assert kinds["person lone"] == sum(len(group.persons) == 1 for group in found.groups) > 0
    assert "<某县> & 演练" in {one.text for one in picture.iter()}
    assert plot(found, "<某县> & 演练", "zh" if lang == "zh" else "en") == data
