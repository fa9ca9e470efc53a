"""§13, §14 Eligible inspectors; blocks, slots, pools."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.eligibility import eligible, left_out, standing
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.plan import Slot
from shuangsuiji.core.records import Certificate, Entity, GroupRecusal, Inspector, PairRecusal, Recusal
from shuangsuiji.core.teams import Block, make_blocks, make_problem
from tests.core.protocol import GENEROUS, frozen, plan_with, seeds
from tests.district import UNITS, WINDOW, World, district, inspector, worlds

FROM, TO = WINDOW


@st.composite
def planned(draw: st.DrawFn) -> World:
    """Worlds whose blocks are small, with a slot for people of the block's district or for people of others."""
    changes = {
        "blocks.max_targets": draw(st.integers(1, 5)),
        "slots.1.district": draw(st.sampled_from(["home", "away"])),
    }
    return replace(draw(worlds(max_entities=40, max_inspectors=8)), plan=plan_with(GENEROUS | changes))


def blocks_of(world: World) -> tuple[Block, ...]:
    sealed = frozen(world)
    own = seeds(sealed)
    return make_blocks(sealed, draw_targets(sealed, own).targets, own)


def recused(one: Inspector, entities: Sequence[Entity], recusals: Sequence[Recusal]) -> bool:
    """Whether a recusal keeps a person from one of these entities."""
    return any(
        rule.inspector == one.id
        and (
            (isinstance(rule, PairRecusal) and rule.entity == entity.id)
            or (isinstance(rule, GroupRecusal) and (rule.column, rule.value) in entity.columns.items())
        )
        for rule in recusals
        for entity in entities
    )


def may_take(one: Inspector, slot: Slot, block: Block) -> bool:
    """Whether an eligible person is in the pool of one of the simulator's slots."""
    unit = {"lead": one.unit == UNITS[0], "home": True, "partner": one.unit == UNITS[1]}
    same = one.district == block.district
    return unit[slot.id] and {"any": True, "home": same, "away": not same}[slot.district]


class TestEligible:
    """§13 An inspector is left out for the first reason that applies, and otherwise eligible."""

    @pytest.mark.parametrize(
        ("certificates", "reason"),
        [
            ([], "no_certificate"),
            ([Certificate("1")], ""),
            ([Certificate("1", FROM, TO)], ""),
            ([Certificate("1", "2021-03-02", TO)], "expired"),
            ([Certificate("1", FROM, "2021-06-29")], "expired"),
            ([Certificate("1", None, None, "退休")], "cancelled"),
            ([Certificate("1", None, None, "退休"), Certificate("2", None, TO)], ""),
            ([Certificate("1", None, None, "退休"), Certificate("2", None, "2020-12-31")], "expired"),
            # Two that cover the window only together: neither is good for every visit.
            ([Certificate("1", FROM, "2021-04-30"), Certificate("2", "2021-05-01", TO)], "expired"),
        ],
    )
    def test_a_certificate_must_cover_the_whole_window(
        self, certificates: list[Certificate], reason: str
    ) -> None:
        one = replace(inspector(1), certificates=tuple(certificates))
        assert standing(one, *WINDOW) == reason
        assert standing(replace(one, undrawable="领导岗位"), *WINDOW) == "undrawable"

    @given(worlds(max_inspectors=10))
    def test_everybody_is_eligible_or_counted_under_one_reason(self, world: World) -> None:
        able = eligible(world.plan, world.inspectors)
        assert len(able) + sum(left_out(world.plan, world.inspectors).values()) == len(world.inspectors)
        for one in world.inspectors:
            good = any(
                paper.cancelled is None and (paper.begins or "") <= FROM and (paper.ends or "9999") >= TO
                for paper in one.certificates
            )
            assert (one in able) == (one.undrawable is None and good)


class TestBlocks:
    """§14 Targets with the same district and the same tasks form a group, cut into blocks of at most M targets."""

    @given(planned())
    def test_every_target_is_in_one_block_of_its_district_and_tasks(self, world: World) -> None:
        sealed = frozen(world)
        own = seeds(sealed)
        targets = draw_targets(sealed, own).targets
        blocks = make_blocks(sealed, targets, own)
        visited = [target for block in blocks for target in block.targets]
        assert sorted(visited, key=lambda one: one.entity.id) == list(targets)
        for block in blocks:
            for target in block.targets:
                assert target.tasks == block.tasks
                assert target.entity.columns.get("district", "") == block.district

    @pytest.mark.parametrize("most", range(1, 9))
    def test_blocks_are_numbered_few_and_even(self, most: int) -> None:
        blocks = blocks_of(replace(district(120), plan=plan_with(GENEROUS | {"blocks.max_targets": most})))
        assert [block.number for block in blocks] == list(range(1, len(blocks) + 1))
        by_group = groupby(blocks, key=lambda block: canonical_json([block.district, list(block.tasks)]))
        groups = [(name, [len(block.targets) for block in members]) for name, members in by_group]
        assert all(before < after for (before, _), (after, _) in pairwise(groups))
        for _, sizes in groups:
            assert len(sizes) == -(-sum(sizes) // most)
            assert sizes == sorted(sizes, reverse=True)
            assert sizes[0] - sizes[-1] <= 1

    def test_without_districts_all_targets_are_of_one(self) -> None:
        plan = plan_with({"district": None})
        blocks = blocks_of(replace(district(120), plan=plan))
        assert {block.district for block in blocks} == {""}

    def test_the_order_within_a_group_is_that_of_the_inspectors_seed(self) -> None:
        sealed = frozen(district(120))
        own = seeds(sealed)
        targets = draw_targets(sealed, own).targets
        orders = {
            tuple(target.entity.id for block in make_blocks(sealed, targets, one) for target in block.targets)
            for one in (own, replace(own, inspectors=bytes(32)), replace(own, targets=bytes(32)))
        }
        assert len(orders) == 2


class TestSlotsAndPools:
    """§14 A block's slots are those that at least one of its tasks names; the pool of a slot; the recusal set."""

    @given(planned())
    def test_each_place_has_its_pool_and_each_block_its_recusals(self, world: World) -> None:
        blocks = blocks_of(world)
        candidates, problem = make_problem(world.plan, blocks, frozen(world).pool)
        assert candidates == eligible(world.plan, world.inspectors)
        assert set(problem.caps) <= {world.plan.max_per_inspector}
        rules = {slot.id: slot for slot in world.plan.slots}
        places = iter(problem.slots)
        for block, barred in zip(blocks, problem.recused, strict=True):
            needed = {slot for task in world.plan.tasks if task.id in block.tasks for slot in task.slots}
            assert list(block.slots) == [slot for slot in rules if slot in needed]
            entities = [target.entity for target in block.targets]
            assert barred == {
                at for at, one in enumerate(candidates) if recused(one, entities, world.recusals)
            }
            for slot_id in block.slots:
                slot, place = rules[slot_id], next(places)
                assert place.block == block.number - 1
                assert list(place.pool) == [
                    at for at, one in enumerate(candidates) if may_take(one, slot, block)
                ]
        assert next(places, None) is None

    def test_a_recusal_by_column_covers_every_entity_with_the_value(self) -> None:
        world = district(120)
        people = world.inspectors[:2]
        rules = (GroupRecusal(people[0].id, "district", "东镇"), PairRecusal(people[1].id, "E0000"))
        blocks = blocks_of(world)
        _, problem = make_problem(world.plan, blocks, replace(frozen(world).pool, recusals=rules))
        assert {block.district for block in blocks} >= {"东镇", "西乡"}
        for block, barred in zip(blocks, problem.recused, strict=True):
            assert barred == ({0} if block.district == "东镇" else set())
