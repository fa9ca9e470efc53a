"""§12 Tickets and the first draw."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.allocation import systematic_rounding
from shuangsuiji.core.draw import TargetDraw, draw_targets
from shuangsuiji.core.selection import draw_task
from shuangsuiji.core.tickets import tickets
from tests.core.chances import law
from tests.core.protocol import GENEROUS, frozen, plan_with, seeds
from tests.district import World, district, worlds

tiers = st.lists(st.integers(1, 9), min_size=1, max_size=7).flatmap(
    lambda sizes: st.tuples(st.integers(0, sum(sizes)), st.just(sizes))
)
large_tiers = st.lists(st.integers(1, 10**8), min_size=1, max_size=30).flatmap(
    lambda sizes: st.tuples(st.integers(0, sum(sizes)), st.just(sizes), st.integers(0, sum(sizes) - 1))
)


def drawn(world: World, number: int = 0) -> TargetDraw:
    sealed = frozen(world)
    return draw_targets(sealed, seeds(sealed, number))


class TestSystematicRounding:
    """§12 The quotas add up to n, no quota exceeds its v, each stratum's mean over the N offsets is exactly n v / N."""

    @given(tiers)
    def test_every_entity_of_a_tier_is_equally_likely_over_all_offsets(
        self, tier: tuple[int, list[int]]
    ) -> None:
        quota, sizes = tier
        total = sum(sizes)
        quotas = [list(systematic_rounding(quota, sizes, offset)) for offset in range(total)]
        for stratum, size in enumerate(sizes):
            mean = Fraction(sum(one[stratum] for one in quotas), total)
            assert mean / size == Fraction(quota, total)

    @given(large_tiers)
    def test_the_quotas_are_exact_whatever_the_offset(self, tier: tuple[int, list[int], int]) -> None:
        quota, sizes, offset = tier
        total = sum(sizes)
        quotas = list(systematic_rounding(quota, sizes, offset))
        assert sum(quotas) == quota
        for size, own in zip(sizes, quotas, strict=True):
            assert 0 <= own <= size
            assert quota * size // total <= own <= -(-quota * size // total)

    def test_the_offset_is_uniform_over_the_entities_of_the_tier(self) -> None:
        """The law of the quotas (1 of 4 entities in cells of 1 and 3), offset and all: 1/4 and 3/4."""
        quotas = law(lambda stream: tuple(systematic_rounding(1, [1, 3], stream.below(4))))
        assert quotas == {(1, 0): Fraction(1, 4), (0, 1): Fraction(3, 4)}

    def test_a_tier_without_entities_has_no_strata(self) -> None:
        assert drawn(World(plan_with({}), (), (), ())) == TargetDraw((), ())


class TestTickets:
    """§12 ticket = H(P || leaf), P = "shuangsuiji/v1/ticket" and zero bytes to 32 bytes, then the key."""

    @given(st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=32, max_size=32), max_size=4))
    def test_the_bytes_hashed(self, key: bytes, leaves: list[bytes]) -> None:
        tag = b"shuangsuiji/v1/ticket" + bytes(11)
        assert list(tickets(key, leaves)) == [sha256(tag + key + leaf).digest() for leaf in leaves]


class TestSelection:
    """§12 In each stratum with quota q the q smallest tickets are drawn; the cut is the largest ticket drawn."""

    @given(worlds(max_entities=40))
    def test_exact_quotas_by_smallest_tickets(self, world: World) -> None:
        sealed = frozen(replace(world, plan=plan_with(GENEROUS)))
        own = seeds(sealed)
        key = own.key("targets", "tickets")
        for task, numbered in zip(world.plan.tasks, sealed.strata.tiers, strict=True):
            strata = list(draw_task(task.id, numbered, own))
            for tier in numbered:
                mine = [one for one in strata if one.tier == tier.tier.id]
                assert sum(one.quota for one in mine) == tier.quota
                assert [one.stratum for one in mine] == list(tier.strata)
            for one in strata:
                ticket = dict(zip(one.stratum.members, tickets(key, one.stratum.leaves), strict=True))
                others = [ticket[member] for member in one.stratum.members if member not in one.drawn]
                assert len(set(one.drawn)) == one.quota <= len(one.stratum.members)
                assert one.cut == max((ticket[member] for member in one.drawn), default=None)
                assert all(one.cut is None or one.cut < other for other in others)

    @given(worlds())
    def test_who_is_excluded_or_in_no_tier_is_never_drawn(self, world: World) -> None:
        plan = plan_with({"tasks.0.tiers.2.where": ["eq", "district", "东镇"]})
        for target in drawn(replace(world, plan=plan)).targets:
            one = target.entity
            assert one.status == "in_business"
            assert not any(day >= "2021-01-01" for day in one.visits)
            for task in target.tasks:
                high = one.columns.get("grade") in {"高", "中高"}
                individual, town = one.columns["kind"] == "个体工商户", one.columns.get("district") == "东镇"
                assert high or (task == "public" and (individual or town))

    @given(worlds())
    def test_targets_are_the_drawn_entities_ascending_with_their_tasks(self, world: World) -> None:
        result = drawn(world)
        ids = [target.entity.id for target in result.targets]
        assert ids == sorted(set(ids))
        pairs = {
            (world.entities[position].id, stratum.task)
            for stratum in result.strata
            for position in stratum.drawn
        }
        assert {(target.entity.id, task) for target in result.targets for task in target.tasks} == pairs
        assert sum(len(target.tasks) for target in result.targets) == sum(one.quota for one in result.strata)

    def test_every_entity_of_a_stratum_is_drawn_as_often_as_another(self) -> None:
        """400 seeds, 2 of 6: each of the six about 133 times; |z| below 4 (fixed seeds: never another outcome)."""
        world = world_of_one_tier()
        sealed = frozen(world)
        size, quota, draws = 6, 2, 400
        counts = dict.fromkeys((one.id for one in world.entities), 0)
        for number in range(draws):
            for target in draw_targets(sealed, seeds(sealed, number)).targets:
                counts[target.entity.id] += 1
        assert len(counts) == size
        assert sum(counts.values()) == draws * quota
        share = quota / size
        deviation = (draws * share * (1 - share)) ** 0.5
        assert all(abs(count - draws * share) < 4 * deviation for count in counts.values())


def world_of_one_tier() -> World:
    tier = {"id": "all", "name": "全部", "where": ["and"], "quota": {"count": 2}}
    whole = district(20)
    in_business = [one for one in whole.entities if one.status == "in_business" and not one.visits]
    plan = plan_with({"tasks.0.tiers": [tier], "tasks.1.tiers.0.quota": {"count": 0}})
    return replace(whole, plan=plan, entities=tuple(in_business[:6]))


class TestWaves:
    """§12 A full permutation: all entities by their tickets, cut into consecutive parts; the least wave counts."""

    @given(worlds(max_entities=30), st.integers(2, 7), st.integers(0, 9))
    def test_waves_are_a_partition_in_the_order_of_tickets(
        self, world: World, waves: int, number: int
    ) -> None:
        tier = {"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}, "waves": waves}
        plan = plan_with({"tasks.0.tiers": [tier], "tasks.1.tiers.0.quota": {"count": 0}})
        sealed = frozen(replace(world, plan=plan))
        own = seeds(sealed, number)
        targets = draw_targets(sealed, own).targets
        assert len(targets) == sum(base.size for base in sealed.strata.divisions[0].bases)
        ticket = {
            one.id: next(iter(tickets(own.key("targets", "tickets"), [leaf])))
            for one, leaf in zip(sealed.registry.entities, sealed.registry.leaves, strict=True)
        }
        ordered = [one.wave for one in sorted(targets, key=lambda one: ticket[one.entity.id])]
        assert ordered == sorted(ordered)
        sizes = [ordered.count(wave) for wave in range(1, waves + 1)]
        assert sum(sizes) == len(targets)
        assert max(sizes) - min(sizes) <= 1
        assert sizes == sorted(sizes, reverse=True)

    def test_every_entity_comes_in_every_wave_as_often_as_another(self) -> None:
        """300 seeds, six entities in three waves: each about 100 times in each; |z| below 4 (fixed seeds)."""
        tier = {"id": "all", "name": "全部", "where": ["and"], "quota": {"all": 1}, "waves": 3}
        plan = plan_with({"tasks.0.tiers": [tier], "tasks.1.tiers.0.quota": {"count": 0}})
        sealed = frozen(replace(world_of_one_tier(), plan=plan))
        places = Counter(
            (one.entity.id, one.wave)
            for number in range(300)
            for one in draw_targets(sealed, seeds(sealed, number)).targets
        )
        assert len(places) == 18
        assert all(abs(count - 100) < 4 * (300 * 1 / 3 * 2 / 3) ** 0.5 for count in places.values())

    def test_the_least_of_two_tasks_counts_and_a_target_of_no_permutation_has_none(self) -> None:
        world = district(60)
        tier = {"id": "high", "name": "高", "where": ["and"], "quota": {"all": 1}, "waves": 2}
        plan = plan_with(
            {
                "tasks.0.pool": ["in", "grade", ["高", "中高"]],
                "tasks.0.tiers": [tier],
                "tasks.1.tiers": [tier | {"waves": 5}],
            }
        )
        assert {one.wave for one in drawn(replace(world, plan=plan)).targets} == {1, 2}
        other = plan_with({"tasks.1.tiers": [tier | {"waves": 5}]})
        for target in drawn(replace(world, plan=other)).targets:
            assert ("wave" in target.object()) == (target.wave > 0) == ("safety" in target.tasks)


class TestLists:
    """§12 Every listed entity of a listed task is drawn in it, drawn elsewhere or not, excluded or not."""

    @given(worlds())
    def test_whoever_is_on_the_list_is_a_target(self, world: World) -> None:
        listed = {"id": "sent", "name": "上级派发", "items": ["专项"], "pool": ["and"], "source": "superior"}
        plan = plan_with(GENEROUS | {"tasks.1": listed | {"slots": ["lead", "home"]}})
        marked = tuple(
            replace(one, lists=("sent",)) if number % 3 == 0 else one
            for number, one in enumerate(world.entities)
        )
        targets = drawn(replace(world, plan=plan, entities=marked)).targets
        sent = [one.entity.id for one in targets if "sent" in one.tasks]
        assert sent == [one.id for one in marked[::3]]
        assert all(one.tasks in {("public",), ("sent",), ("public", "sent")} for one in targets)


class TestTasksShareTickets:
    """§12 The ticket of an entity depends on its leaf alone, so an entity that is in several tasks has one ticket."""

    @given(worlds(max_entities=30), st.integers(0, 8), st.integers(0, 8))
    def test_a_smaller_task_on_the_same_tier_visits_only_targets_of_the_larger(
        self, world: World, more: int, fewer: int
    ) -> None:
        fewer, more = sorted((fewer, more))
        high = {"id": "high", "name": "高", "where": ["in", "grade", ["高", "中高"]]}
        world = replace(world, plan=plan_with({"tasks.0.tiers": [high | {"quota": {"all": 1}}]}))
        size = frozen(world).strata.divisions[0].bases[0].size
        joint = {"id": "high", "name": "高", "where": ["and"], "quota": {"count": min(fewer, size)}}
        plan = plan_with(
            {
                "tasks.0.tiers": [high | {"quota": {"count": min(more, size)}}],
                "tasks.1.tiers": [joint],
            }
        )
        tasks = [target.tasks for target in drawn(replace(world, plan=plan)).targets]
        assert sum("safety" in one for one in tasks) == min(fewer, size)
        assert all("public" in one for one in tasks)
        assert len(tasks) == min(more, size)


class TestWhatDecides:
    """§12 The first draw follows from the frozen lists, the plan and the seed of its own stage."""

    @given(worlds(), st.binary(min_size=32, max_size=32))
    def test_the_seed_of_the_other_stage_does_not_matter(self, world: World, other: bytes) -> None:
        sealed = frozen(world)
        own = seeds(sealed)
        assert draw_targets(sealed, own) == draw_targets(sealed, replace(own, inspectors=other))

    @given(worlds())
    def test_people_and_recusals_do_not_matter(self, world: World) -> None:
        bare = replace(world, inspectors=world.inspectors[:1], recusals=())
        assert drawn(world) == drawn(bare)

    def test_each_task_rounds_by_an_offset_of_its_own(self) -> None:
        """Two tasks on the same tier and cells: their tickets are the same, their quotas per cell not always."""
        tier = {"id": "all", "name": "全部", "where": ["and"], "key": "district", "quota": {"count": 4}}
        changes = {"tasks.0.tiers": [tier], "tasks.1.tiers": [tier], "tasks.1.pool": ["and"]}
        world = replace(district(60), plan=plan_with(changes))
        quotas = [[one.quota for one in drawn(world, number).strata] for number in range(10)]
        assert any(both[: len(both) // 2] != both[len(both) // 2 :] for both in quotas)

    def test_another_seed_draws_others(self) -> None:
        world = district(200)
        assert len({drawn(world, number).targets_lines() for number in range(4)}) == 4
