"""§9 Exclusions, tiers, strata, quotas."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given

from shuangsuiji.core.commitment import Lists, freeze
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.merkle import root
from shuangsuiji.core.records import Entity
from shuangsuiji.core.strata import divide
from shuangsuiji.errors import InputRefused
from tests.core.protocol import ANNOUNCED, frozen, plan_with
from tests.district import World, district, entity, worlds

QUOTA = "tasks.0.tiers.0.quota"
SHARE = {"high": Fraction(1, 2), "individual": Fraction(1, 5), "other": Fraction(1, 10)}


def tier_of(task: str, one: Entity) -> str:
    """In words of §9, the one place of an entity in a task of the simulator's plan."""
    high = one.columns.get("grade") in {"高", "中高"}
    if task == "safety" and not high:
        return "outside the pool"
    if one.status != "in_business":
        return "not_in_business"
    if any(day >= "2021-01-01" for day in one.visits):
        return "visited"
    if high:
        return "high"
    return "individual" if one.columns["kind"] == "个体工商户" else "other"


class TestOnePlaceForEveryEntity:
    """§9 Excluded for the first reason that applies, else in the first tier whose `where` holds, else in no tier."""

    @given(worlds())
    def test_every_entity_is_in_exactly_one_place(self, world: World) -> None:
        for division in divide(world.plan, world.entities):
            places = Counter(tier_of(division.task.id, one) for one in world.entities)
            counted = Counter(dict(division.excluded)) + Counter({"in no tier": division.in_no_tier})
            for base in division.bases:
                members = [position for cell in base.cells.values() for position in cell]
                assert len(members) == len(set(members)) == base.size
                for cell, positions in base.cells.items():
                    for position in positions:
                        one = world.entities[position]
                        assert tier_of(division.task.id, one) == base.tier.id
                        assert cell == ("" if base.tier.key is None else one.columns.get(base.tier.key, ""))
                counted[base.tier.id] += base.size
            del places["outside the pool"]
            assert counted == places

    def test_the_first_reason_counts(self) -> None:
        rules = [
            {"reason": "case", "where": ["eq", "kind", "个体工商户"]},
            {"reason": "visited", "visits": 2, "since": "2021-01-01"},
        ]
        some = [
            entity(1, status="revoked"),
            replace(entity(2), visits=("2021-01-01", "2021-01-01")),
            replace(entity(3, kind="有限责任公司"), visits=("2021-01-01", "2021-01-01")),
            replace(entity(4, kind="有限责任公司"), visits=("2020-12-31", "2021-01-01")),
        ]
        first, _ = divide(plan_with({"exclusions": rules}), some)
        assert first.excluded == {"case": 1, "not_in_business": 1, "visited": 1}
        assert sum(base.size for base in first.bases) == 1

    def test_what_falls_in_no_tier_is_counted(self) -> None:
        tier = {"id": "x", "name": "x", "where": ["eq", "grade", "高"], "quota": {"all": 1}}
        some = [entity(1, grade="高"), entity(2, grade="低"), entity(3)]
        first, _ = divide(plan_with({"tasks.0.tiers": [tier]}), some)
        assert (first.bases[0].size, first.in_no_tier) == (1, 2)


class TestQuotas:
    """§9 The quota n is the count; or ceil(N x rate), exactly; or N. A count above N makes the freeze invalid."""

    @given(worlds())
    def test_a_rate_is_rounded_up_per_tier(self, world: World) -> None:
        for base in divide(world.plan, world.entities)[0].bases:
            assert base.quota == ceil(base.size * SHARE[base.tier.id])

    def test_a_count_above_the_base_is_refused(self) -> None:
        some = (entity(1, grade="高"), entity(2, grade="高", status="revoked"))
        for count in (0, 1):
            world = World(plan_with({QUOTA: {"count": count}}), some, (), ())
            assert frozen(world).strata.divisions[0].bases[0].quota == count
        with pytest.raises(InputRefused) as caught:
            frozen(World(plan_with({QUOTA: {"count": 2}}), some, (), ()))
        assert caught.value.code == "core.quota_above_base"
        assert caught.value.params["quota"] == 2
        assert caught.value.params["size"] == 1


class TestBounds:
    """§9 A quota that the bounds of its strata do not allow makes the freeze invalid."""

    @pytest.mark.parametrize(
        ("least", "most", "allowed"), [(1, 2, range(2, 4)), (0, 1, range(3)), (3, 3, [4])]
    )
    def test_the_bounds_are_those_of_cells_that_may_be_smaller(
        self, least: int, most: int, allowed: range | list[int]
    ) -> None:
        """Two cells, of 3 and of 1."""
        some = tuple(entity(number, "东镇" if number < 4 else "西乡", grade="高") for number in range(1, 5))
        for count in range(5):
            plan = plan_with(
                {QUOTA: {"count": count}, "tasks.0.tiers.0.bounds": {"least": least, "most": most}}
            )
            world = World(plan, some, (), ())
            if count in allowed:
                stated = canonical_json({"least": least, "most": most})
                assert stated in canonical_json(frozen(world).targets)
                continue
            with pytest.raises(InputRefused) as caught:
                frozen(world)
            assert caught.value.code == "core.quota_out_of_bounds"


class TestListed:
    """§9, §10 The listed entities are those whose lists has the task's id; exclusions do not apply to them."""

    @given(worlds())
    def test_the_list_stands_in_the_statement_by_its_root(self, world: World) -> None:
        task = {"id": "sent", "name": "上级派发", "items": ["专项"], "pool": ["and"], "source": "superior"}
        plan = plan_with({"tasks.1": task | {"slots": ["lead", "home"]}})
        marked = tuple(
            replace(one, lists=("sent",)) if number % 3 == 0 else one
            for number, one in enumerate(world.entities)
        )
        sealed = frozen(replace(world, plan=plan, entities=marked))
        (none, listed), leaves = sealed.strata.listed, sealed.registry.leaves
        assert none is None
        assert listed is not None
        assert sorted(listed.members) == list(range(0, len(marked), 3))
        assert list(listed.leaves) == sorted(leaves[::3]) == [leaves[at] for at in listed.members]
        _, second = sealed.strata.object()
        named = {"root": root(listed.leaves).hex(), "size": len(listed.members)}
        assert second == {"id": "sent", "listed": named, "source": "superior"}


class TestNumbering:
    """§9 Tiers in ascending order of their roots, strata in ascending order of theirs: not in the plan's order."""

    @given(worlds())
    def test_roots_ascend_and_leaves_too(self, world: World) -> None:
        sealed = frozen(world)
        for division, tiers in zip(sealed.strata.divisions, sealed.strata.tiers, strict=True):
            assert sorted(tier.root for tier in tiers) == [tier.root for tier in tiers]
            assert {tier.tier.id for tier in tiers} == {base.tier.id for base in division.bases if base.size}
            for tier in tiers:
                roots = [stratum.root for stratum in tier.strata]
                assert roots == sorted(set(roots))
                assert tier.size == sum(len(stratum.members) for stratum in tier.strata)
                for stratum in tier.strata:
                    assert stratum.members
                    assert list(stratum.leaves) == sorted(
                        world.seal.entity_leaf(world.entities[position]) for position in stratum.members
                    )

    def test_the_names_of_tiers_and_cells_decide_nothing(self) -> None:
        """Renaming every tier of the plan leaves roots, sizes and quotas of the statement as they were."""
        world = district(60)
        renamed = replace(
            world.plan,
            tasks=tuple(
                replace(
                    task,
                    tiers=tuple(replace(tier, id=f"t{n}", name="层") for n, tier in enumerate(task.tiers)),
                )
                for task in world.plan.tasks
            ),
        )
        assert frozen(replace(world, plan=renamed)).targets["tasks"] == frozen(world).targets["tasks"]


class TestOrderOfTheLists:
    """§8 Identifiers are distinct and ascending: there is one order, so that of the input cannot matter."""

    @pytest.mark.parametrize("which", ["entities", "inspectors"])
    def test_any_other_order_is_refused(self, which: str) -> None:
        world = district(5)
        whole: dict[str, Any] = {"entities": world.entities, "inspectors": world.inspectors}
        records = whole[which]
        for wrong in (records[::-1], records[1:] + records[:1], records[:1] + records):
            lists = Lists(**(whole | {which: wrong}), recusals=())
            with pytest.raises(InputRefused) as caught:
                freeze(world.plan, world.seal, lists, ANNOUNCED)
            assert (caught.value.code, caught.value.params["list"]) == ("core.order", which)
