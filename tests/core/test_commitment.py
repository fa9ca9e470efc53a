"""§10 Commitments."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from shuangsuiji.core.commitment import Frozen, Lists, freeze, seal_registry
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.records import PairRecusal, Seal
from shuangsuiji.core.seed import Announced
from shuangsuiji.errors import InputRefused
from tests.core.protocol import ANNOUNCED, frozen, plan_with
from tests.district import World, district, entity, inspector, worlds

WORLD = district(24)
SEALED = frozen(WORLD)


def announcing(sealed: Frozen, *values: Announced) -> Frozen:
    lists = Lists(sealed.registry.entities, sealed.pool.inspectors, sealed.pool.recusals)
    return freeze(sealed.plan, sealed.seal, lists, values)


class TestStatements:
    """§10 Two statements and their commitments; the second names the first."""

    @given(worlds())
    def test_sizes_and_quotas_add_up(self, world: World) -> None:
        statement = frozen(world).object()
        targets, inspectors = statement["targets"], statement["inspectors"]
        assert isinstance(targets, dict)
        assert isinstance(inspectors, dict)
        assert targets["registry"]["size"] == len(world.entities)
        assert inspectors["pool"]["size"] == len(world.inspectors)
        assert inspectors["recusals"]["size"] == len(world.recusals)
        for task in targets["tasks"]:
            for tier in task["tiers"]:
                assert tier["size"] == sum(stratum["size"] for stratum in tier["strata"])
                assert 0 <= tier["quota"] <= tier["size"]

    @given(worlds())
    def test_records_at_hand_seal_the_same_registry(self, world: World) -> None:
        records = [canonical_json(one.object()) for one in world.entities]
        sealed = seal_registry(world.seal, world.entities)
        assert seal_registry(world.seal, world.entities, records) == sealed
        if records:
            assert seal_registry(world.seal, world.entities, [*records[1:], b"{}"]).root != sealed.root

    def test_a_commitment_is_the_hash_of_its_statement(self) -> None:
        targets = draw_hash("rehearsal", "commitment/targets", canonical_json(SEALED.targets))
        assert SEALED.targets_commitment == targets
        assert SEALED.inspectors["targets"] == targets.hex()
        assert SEALED.inspectors_commitment == draw_hash(
            "rehearsal", "commitment/inspectors", canonical_json(SEALED.inspectors)
        )

    @pytest.mark.parametrize(
        "change",
        [
            lambda world: replace(world, entities=world.entities[1:]),
            lambda world: replace(world, entities=(*world.entities, entity(9999))),
            lambda world: replace(world, entities=(entity(1, name="另一名称"), *world.entities[1:])),
            lambda world: replace(world, seal=Seal(bytes(31) + b"\x01", "rehearsal", 1)),
            lambda world: replace(world, seal=Seal(bytes(32), "rehearsal", 2)),
            lambda world: replace(world, plan=plan_with({"version": 2})),
            lambda world: replace(world, plan=plan_with({"blocks.max_targets": 5})),
            lambda world: replace(world, plan=plan_with({"tasks.0.items": ["住所"]})),
        ],
    )
    def test_registry_plan_or_draw_change_both(self, change: Callable[[World], World]) -> None:
        other = frozen(change(WORLD))
        assert other.targets_commitment != SEALED.targets_commitment
        assert other.inspectors_commitment != SEALED.inspectors_commitment

    @pytest.mark.parametrize(
        "change",
        [
            lambda world: replace(world, inspectors=world.inspectors[1:]),
            lambda world: replace(world, inspectors=(inspector(1, "西乡"), *world.inspectors[1:])),
            lambda world: replace(world, recusals=world.recusals[1:]),
            lambda world: replace(world, recusals=(PairRecusal("P0001", "E0001"),)),
        ],
    )
    def test_people_change_the_inspectors_commitment_alone(self, change: Callable[[World], World]) -> None:
        other = frozen(change(WORLD))
        assert other.targets_commitment == SEALED.targets_commitment
        assert other.inspectors_commitment != SEALED.inspectors_commitment

    def test_the_drawings_to_come_are_committed_in_their_order(self) -> None:
        dice, lottery = Announced("dice", "1"), Announced("kl8", "2021001")
        commitments = [
            announcing(SEALED, *values).targets_commitment
            for values in (ANNOUNCED, (dice,), (lottery,), (dice, lottery), (lottery, dice))
        ]
        assert len(set(commitments)) == len(commitments)

    @pytest.mark.parametrize("source", ["fc3d", "explicit"])
    def test_a_real_draw_is_not_sealed_for_drawings_that_can_never_seed_it(self, source: str) -> None:
        real = replace(SEALED, seal=replace(SEALED.seal, mode="real"))
        with pytest.raises(InputRefused):
            announcing(real, Announced(source, "1"))
        assert announcing(SEALED, Announced(source, "1")).announced == (Announced(source, "1"),)

    def test_nothing_of_a_rehearsal_is_of_a_real_draw(self) -> None:
        lottery = Announced("kl8", "2021001")
        rehearsal = announcing(SEALED, lottery)
        real = announcing(replace(SEALED, seal=replace(SEALED.seal, mode="real")), lottery)
        assert real.targets_commitment != rehearsal.targets_commitment
        assert set(real.registry.leaves).isdisjoint(rehearsal.registry.leaves)
        assert real.pool.root != rehearsal.pool.root
        assert real.pool.digest != rehearsal.pool.digest
