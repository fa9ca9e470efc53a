"""Attacks on who is drawn: each comes to nothing here, and is first shown to work on what a naive system does."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import chain, product
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from shuangsuiji.core.allocation import systematic_rounding
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.merkle import root
from shuangsuiji.core.records import Entity, Seal
from shuangsuiji.core.seed import (
    Announced,
    PublicValue,
    check_announced,
    check_seedable,
    check_values,
    derive_seeds,
)
from shuangsuiji.core.strata import number
from shuangsuiji.core.tickets import tickets
from shuangsuiji.errors import InputRefused
from shuangsuiji.rosters import Rules, read
from tests.district import SEAL, World, district

FAVOURED: Final = 7
"""The position of the firm that the attacker wants to spare."""


def naive_draw(seed: bytes, firms: int, quota: int) -> list[int]:
    """What a careful but lonely programmer writes: a seeded shuffle of a list by position."""
    return random.Random(seed).sample(range(firms), quota)


class TestSeedShopping:
    """The operator draws again until the favoured firm is spared."""

    def test_works_where_the_operator_makes_the_seed(self) -> None:
        spared = (
            seed
            for seed in range(1_000)
            if FAVOURED not in naive_draw(bytes([seed % 256, seed // 256]), 10, 5)
        )
        assert next(spared) < 20

    def test_here_a_real_draw_has_no_seed_by_hand(self) -> None:
        with pytest.raises(InputRefused) as refused:
            check_seedable("real", [Announced("explicit", "1")])
        assert refused.value.code == "core.seed_explicit"

    @pytest.mark.parametrize(
        "given",
        [
            [PublicValue("kl8", "2021052", "".join(f"{n:02}" for n in range(1, 21)))],
            [PublicValue("pl5", "2021051", "12345")],
            [],
        ],
    )
    def test_here_only_the_announced_drawing_counts(self, given: list[PublicValue]) -> None:
        with pytest.raises(InputRefused) as refused:
            check_values("real", [Announced("kl8", "2021051")], given)
        assert refused.value.code == "core.seed_not_announced"


class TestGrinding:
    """The operator may choose among many registries (salts, orders, spellings) before the seed is drawn.

    The favoured firm's fate under each of S seeds is a coin of chance p; the operator takes the registry under which
    it is drawn least often. With few seeds and many registries the best is far from p, with many seeds close to it.
    """

    @staticmethod
    def best_of(registries: int, seeds: int, rate: float) -> float:
        """The least share of seeds, over registries, under which the firm is drawn; each ticket a hash of its own."""
        shares = []
        for registry in range(registries):
            stream = hashlib.shake_256(str(registry).encode()).digest(4 * seeds)
            shares.append(np.mean(np.frombuffer(stream, ">u4") < rate * 2**32))
        return float(min(shares))

    def test_works_against_a_lottery_of_few_outcomes(self) -> None:
        assert (
            self.best_of(registries=4_096, seeds=100, rate=0.02) == 0
        )  # should be drawn with 2 %, and never is

    def test_has_little_to_gain_from_one_of_many(self) -> None:
        assert self.best_of(registries=256, seeds=100_000, rate=0.02) > 0.02 * 0.9

    @pytest.mark.parametrize("source", ["fc3d", "pl5", "qxc", "ssq", "dlt"])
    def test_here_such_a_lottery_alone_seeds_nothing_real(self, source: str) -> None:
        values = {
            "fc3d": "052",
            "pl5": "01234",
            "qxc": "12345614",
            "ssq": "01020304050616",
            "dlt": "01020304050102",
        }
        one = PublicValue(source, "2021051", values[source])
        with pytest.raises(InputRefused) as refused:
            check_values("real", [Announced(one.source, one.issue)], [one])
        assert refused.value.code == "core.seed_entropy"

    def test_here_the_same_drawing_counts_once(self) -> None:
        with pytest.raises(InputRefused) as refused:
            check_announced([Announced("dlt", "2021051"), Announced("dlt", "2021051")])
        assert refused.value.code == "core.seed_twice"


class TestZeroProbability:
    """A cell too small for its share is never inspected, and its firms know it."""

    SIZES: Final = (400, 300, 200, 50, 30, 15, 5)

    @staticmethod
    def largest_remainder(quota: int, sizes: tuple[int, ...]) -> list[int]:
        total = sum(sizes)
        shares = [divmod(quota * size, total) for size in sizes]
        left = quota - sum(whole for whole, _ in shares)
        by_remainder = sorted(range(len(sizes)), key=lambda cell: -shares[cell][1])
        return [whole + (cell in by_remainder[:left]) for cell, (whole, _) in enumerate(shares)]

    def test_works_with_largest_remainders(self) -> None:
        assert self.largest_remainder(20, self.SIZES)[-2:] == [0, 0]

    def test_here_every_firm_has_its_chance(self) -> None:
        total = sum(self.SIZES)
        drawn = Counter[int]()
        for offset in range(total):
            drawn.update(dict(enumerate(systematic_rounding(20, self.SIZES, offset))))
        for cell, size in enumerate(self.SIZES):
            assert Fraction(drawn[cell], total * size) == Fraction(20, total)


class TestTwoSpellings:
    """An entity stands in the list twice and is drawn twice as often, or spared as the one that was not drawn."""

    ROWS: Final = (
        ["统一社会信用代码", "企业名称"],
        ["91990121MA3YKQL313", "甲公司"],
        ["９１990121ma3ykql313", "甲公司分身"],
    )

    def test_works_on_a_list_of_texts(self) -> None:
        assert len({code for code, _ in self.ROWS[1:]}) == 2

    def test_here_both_rows_go_back_to_the_sender(self, tmp_path: Path) -> None:
        path = tmp_path / "名录.csv"
        path.write_text("\n".join(map(",".join, self.ROWS)), encoding="utf-8")
        checked = read("entities", [path], Rules.load())
        assert {row.row for row in checked.refused} == {2, 3}
        assert checked.frame.empty

    def test_here_the_freeze_refuses_an_id_twice(self) -> None:
        world = district(20)
        twice = tuple(sorted((*world.entities, world.entities[3]), key=lambda one: one.id))
        with pytest.raises(InputRefused) as refused:
            freeze(
                world.plan, SEAL, Lists(twice, world.inspectors, world.recusals), [Announced("explicit", "1")]
            )
        assert refused.value.code == "core.order"


class TestOrderOfTheList:
    """Whoever orders the list decides who stands where the draw will strike, or tells who stands where."""

    def test_works_where_positions_are_drawn(self) -> None:
        seed, firms = b"known", list("abcdefghij")
        spared = set(range(10)) - set(naive_draw(seed, 10, 5))
        firms.remove("d")
        firms.insert(min(spared), "d")
        assert "d" not in {firms[position] for position in naive_draw(seed, 10, 5)}

    def test_here_order_has_no_effect(self) -> None:
        world = district(60)
        leaves = dict(
            zip((one.id for one in world.entities), map(SEAL.entity_leaf, world.entities), strict=True)
        )
        shuffled = random.Random(1).sample(list(world.entities), len(world.entities))
        key = b"k" * 32
        own = dict(zip((one.id for one in world.entities), tickets(key, leaves.values()), strict=True))
        again = dict(
            zip((one.id for one in shuffled), tickets(key, (leaves[one.id] for one in shuffled)), strict=True)
        )
        assert own == again

    @pytest.mark.parametrize("within", ["stratum", "tier"])
    def test_here_the_frozen_roots_do_not_tell_whose_leaf_is_whose(
        self, monkeypatch: pytest.MonkeyPatch, within: str
    ) -> None:
        # Firms of one stratum, or of one tier, exchange leaves: its root and those around it stay, the naive one not.
        world = district(60)
        lists = Lists(world.entities, world.inspectors, world.recusals)

        def frozen() -> Frozen:
            return freeze(world.plan, SEAL, lists, [Announced("explicit", "1")])

        first = frozen()
        leaves = list(first.registry.leaves)
        (task,) = first.strata.tiers[:1]
        groups = [[one.members for one in tier.strata] for tier in task]
        if within == "tier":
            groups = [[tuple(chain.from_iterable(cells))] for cells in groups]
        for members in (sorted(cell) for cells in groups for cell in cells):
            for position, other in zip(members, reversed(members), strict=True):
                leaves[position] = first.registry.leaves[other]
        by_id = {one.id: leaf for one, leaf in zip(world.entities, leaves, strict=True)}
        monkeypatch.setattr(Seal, "entity_leaf", lambda _, one: by_id[one.id])
        second = frozen()
        assert root(second.registry.leaves) != root(first.registry.leaves)
        assert second.registry.root == first.registry.root
        for tier, again in zip(task, second.strata.tiers[0], strict=True):
            assert again.root == tier.root
            if within == "stratum":
                assert [one.root for one in again.strata] == [one.root for one in tier.strata]


def spared(world: World, firm: str, seed: str, change: Callable[[Entity], Entity]) -> bool:
    """Whether a change of one firm's record before the freeze keeps it out of the draw of a given seed."""
    entities = tuple(change(one) if one.id == firm else one for one in world.entities)
    value = PublicValue("explicit", "1", seed)
    lists = Lists(entities, world.inspectors, world.recusals)
    frozen = freeze(world.plan, world.seal, lists, [Announced("explicit", "1")])
    closing = Closing(frozen.targets_commitment)
    seeds = derive_seeds("rehearsal", closing, frozen.inspectors_commitment, [value])
    return firm not in {one.entity.id for one in draw_targets(frozen, seeds).targets}


class TestLateChange:
    """Somebody who knows the public value changes a record until the firm comes out right."""

    def test_works_if_the_list_may_still_change(self) -> None:
        world = district(40)
        firm = next(one.id for one in world.entities if one.status == "in_business" and not one.visits)
        fates = set()
        for attempt in range(60):

            def renamed(one: Entity, attempt: int = attempt) -> Entity:
                return replace(one, name=f"{one.name}{attempt}")

            fates.add(spared(world, firm, "ab" * 32, renamed))
        assert fates == {True, False}

    def test_here_each_change_is_another_commitment(self) -> None:
        world = district(40)

        def commitment(entities: tuple[Entity, ...]) -> bytes:
            lists = Lists(entities, world.inspectors, world.recusals)
            return freeze(world.plan, world.seal, lists, [Announced("explicit", "1")]).targets_commitment

        first = world.entities[0]
        changes = (
            replace(first, name=first.name + "\u200b"),
            replace(first, status="moved_out" if first.status == "in_business" else "in_business"),
            replace(first, columns={**first.columns, "district": "别处"}),
            replace(first, visits=(*first.visits, "2021-02-01")),
        )
        commitments = {commitment((change, *world.entities[1:])) for change in (first, *changes)}
        assert len(commitments) == 1 + len(changes)


class TestStratumReassigned:
    """A firm is moved to a tier of lower rate after the freeze."""

    @staticmethod
    def naive_tiers(high: set[int], quotas: tuple[int, int]) -> set[int]:
        """Who is drawn of 100 firms under a known seed, of tiers cut at draw time by the grades of that hour."""
        stream = random.Random(b"known")
        low = set(range(100)) - high
        return {
            firm
            for tier, quota in zip((high, low), quotas, strict=True)
            for firm in stream.sample(sorted(tier), quota)
        }

    def test_works_where_tiers_are_cut_at_draw_time(self) -> None:
        high = set(range(10))
        assert FAVOURED in self.naive_tiers(high, (10, 1))
        assert FAVOURED not in self.naive_tiers(high - {FAVOURED}, (9, 1))

    def test_here_tiers_and_cells_are_in_the_commitment(self) -> None:
        world = district(60)
        lists = Lists(world.entities, world.inspectors, world.recusals)
        frozen = freeze(world.plan, world.seal, lists, [Announced("explicit", "1")])
        moves = 0
        for division, tiers in zip(frozen.strata.divisions, frozen.strata.tiers, strict=True):
            for tier, other in product(tiers, tiers):
                if tier is other or not tier.strata:
                    continue
                moved = tier.strata[0].members[0]
                entered = other.strata[0].cell
                bases = []
                for base in division.bases:
                    cells = {
                        cell: tuple(one for one in ones if one != moved) for cell, ones in base.cells.items()
                    }
                    if base.tier is other.tier:
                        cells[entered] = tuple(sorted((*cells[entered], moved)))
                    bases.append(replace(base, cells=cells, size=sum(map(len, cells.values()))))
                changed = replace(division, bases=tuple(bases))
                roots = {one.tier.id: one.root for one in number(changed, frozen.registry.leaves)}
                assert roots[other.tier.id] != other.root
                assert roots.get(tier.tier.id) != tier.root
                moves += 1
        assert moves
