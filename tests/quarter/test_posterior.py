"""What a list gives away: the measure against the enumeration of every offset, the refusal, and the merge it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji import messages
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.plan import show_preview
from shuangsuiji.core.allocation import systematic_rounding
from shuangsuiji.core.encoding import Json, canonical_json, json_lines
from shuangsuiji.core.plan import ENTITY_FIELDS, Plan
from shuangsuiji.core.plan_format import parse_plan, plan_object
from shuangsuiji.core.predicates import parse_predicate
from shuangsuiji.core.records import Entity
from shuangsuiji.core.strata import Base, divide
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan import parse_plan_file
from shuangsuiji.quarter.exposure import _exposed, earlier_lists
from shuangsuiji.quarter.merges import NO_MERGE, Merge, join, passing_merges, undivide
from shuangsuiji.quarter.plan import adopt, check
from shuangsuiji.quarter.posterior import LEAST_GROUP, EarlierList, Finding, World, observe, worst
from shuangsuiji.sample.numbers import credit_code
from shuangsuiji.store import Store
from tests.district import entity, plan_value
from tests.quarter.workspace import LATER, OPERATORS, give, new_store

HALF: Final = Fraction(1, 2)
EVERYONE: Final = parse_predicate(["and"], ())
GRADED: Final = ("高", "中", "低")


def plan_of(quotas: Mapping[str, Json], key: str | None = "district", **others: Json) -> Plan:
    """A plan of one task with a tier for each grade, divided by `key`."""
    tiers: list[Json] = [
        {"id": f"t{n}", "name": grade, "where": ["eq", "grade", grade], "quota": quota}
        | ({} if key is None else {"key": key})
        for n, (grade, quota) in enumerate(quotas.items())
    ]
    task = {**cast("dict[str, Any]", plan_value()["tasks"][0]), "tiers": tiers}  # type: ignore[index]
    return parse_plan({**plan_value(), "exclusions": [], "tasks": [task], **others})


def asking(plan: Plan, condition: Json) -> Plan:
    """The plan of one tier with another condition of that tier."""
    (task,) = plan.tasks
    where = parse_predicate(condition, {*ENTITY_FIELDS, *plan.columns})
    return replace(plan, tasks=(replace(task, tiers=(replace(task.tiers[0], where=where),)),))


def firms(mix: Mapping[tuple[str, str], int]) -> tuple[Entity, ...]:
    """So many firms of each district and grade."""
    kinds = [pair for pair, count in mix.items() for _ in range(count)]
    return tuple(entity(number, *_place(*pair)) for number, pair in enumerate(kinds, start=1))


def _place(district: str, grade: str) -> tuple[str, str, str]:
    return district, "有限责任公司", grade


def seen(plan: Plan, some: Sequence[Entity], earlier: Sequence[EarlierList] = ()) -> World:
    return observe(plan, None, True, divide(plan, some), some, earlier)


def all_quotas(base: Base) -> Iterator[dict[str, int]]:
    """The quotas by cell under every offset."""
    for offset in range(base.size):
        quotas = systematic_rounding(base.quota, [len(one) for one in base.cells.values()], offset)
        yield dict(zip(base.cells, quotas, strict=True))


def shares(found: Sequence[Finding]) -> dict[tuple[str, str], Fraction]:
    return {(one.group, one.tier): one.share for one in found}


mixes: Final = st.dictionaries(
    st.tuples(st.sampled_from(("东镇", "西乡")), st.sampled_from(GRADED)), st.integers(1, 9), min_size=2
)
quotas: Final = st.fixed_dictionaries(
    {grade: st.builds(lambda n: {"rate": f"{n}/9"}, st.integers(1, 9)) for grade in GRADED}
)


class TestMeasure:
    """share(g, t) = most(g, t) / (most(g, t) + least(g, others)), the worst of all that systematic rounding can do."""

    @given(mixes, quotas)
    def test_it_is_the_largest_share_over_all_offsets_of_all_tiers(
        self, mix: Mapping[tuple[str, str], int], rates: Mapping[str, Json]
    ) -> None:
        plan, some = plan_of(rates), firms(mix)
        bases = {base.tier.name: list(all_quotas(base)) for base in divide(plan, some)[0].bases if base.size}
        found = shares(worst(seen(plan, some)))
        for town in {town for town, _ in mix}:
            outcomes = [dict(zip(bases, one, strict=True)) for one in _distinct(bases, town)]
            for grade in bases:
                drawn = [one for one in outcomes if one[grade]]
                got = {share for (group, tier), share in found.items() if tier == grade and town in group}
                if not drawn:
                    assert got == set()
                    continue
                # A town is a group, and each tier's cell in it lies in the group whole.
                assert got == {max(Fraction(one[grade], sum(one.values())) for one in drawn)}

    @given(mixes, quotas)
    def test_without_second_keys_it_is_the_expected_share(
        self, mix: Mapping[tuple[str, str], int], rates: Mapping[str, Json]
    ) -> None:
        plan, some = plan_of(rates, key=None), firms({place: LEAST_GROUP * n for place, n in mix.items()})
        (division,) = divide(plan, some)
        rate = {base.tier.name: Fraction(base.quota, base.size) for base in division.bases if base.size}
        found = shares(worst(seen(plan, some)))
        for (town, grade), count in mix.items():
            together = sum(n * rate[other] for (place, other), n in mix.items() if place == town)
            assert found[f"乡镇={town}, 企业类型=有限责任公司", grade] == count * rate[grade] / together

    def test_a_group_too_small_to_be_known_is_looked_at_with_the_others(self) -> None:
        plan = plan_of({"高": {"count": 2}, "低": {"count": 1}}, key=None)
        small = firms({("东镇", "高"): 1, ("西乡", "低"): 3})
        (high, low) = (
            one for tier in "高低" for one in worst(seen(plan, small[:1] + small)) if one.tier == tier
        )
        assert (high.group, low.group) == ("乡镇=*, 企业类型=*",) * 2
        assert (high.share, high.before) == (Fraction(2, 3), Fraction(2, 5))

    def test_the_published_counts_of_a_cell_are_not_what_was_known_before(self) -> None:
        some = firms({("东镇", "高"): 20, ("西乡", "低"): 20})
        by_town, whole = (
            worst(seen(plan_of({"高": {"count": 4}, "低": {"count": 4}}, key=key), some))[0]
            for key in ("district", None)
        )
        assert (by_town.share, by_town.before, by_town.exceeds(HALF)) == (Fraction(1), HALF, True)
        # Undivided, nothing public says that the town has one class only, and to who knows it the list is no news.
        assert (whole.share, whole.before, whole.exceeds(HALF)) == (Fraction(1), Fraction(1), False)

    def test_a_class_that_is_rarer_on_the_list_than_in_the_group_is_no_finding(self) -> None:
        some = firms({("东镇", "低"): 90, ("东镇", "高"): 10})
        (first, _) = worst(seen(plan_of({"低": {"rate": "10%"}, "高": {"rate": "30%"}}, key=None), some))
        assert (first.tier, first.share, first.before) == ("低", Fraction(3, 4), Fraction(9, 10))
        assert not first.exceeds(HALF)

    def test_tiers_that_everyone_can_tell_are_no_finding(self) -> None:
        plan = asking(plan_of({"高": {"count": 1}}), ["eq", "kind", "有限责任公司"])
        assert worst(seen(plan, firms({("东镇", "高"): 20}))) == ()

    def test_a_range_by_class_makes_every_name_one(self) -> None:
        plan = plan_of({"高": {"count": 1}})
        (task,) = plan.tasks
        task = replace(task, pool=task.tiers[0].where, tiers=(replace(task.tiers[0], where=EVERYONE),))
        (found,) = worst(seen(replace(plan, tasks=(task,)), firms({("东镇", "高"): 20, ("东镇", "低"): 20})))
        assert (found.share, found.before) == (Fraction(1), HALF)

    def test_what_the_plan_asks_of_codes_can_be_seen(self) -> None:
        high: Json = ["and", ["prefix", "id", "E"], ["eq", "grade", "高"]]
        (found,) = worst(seen(asking(plan_of({"高": {"count": 1}}), high), firms({("东镇", "高"): 20})))
        assert found.group == "乡镇=东镇, 企业类型=有限责任公司, id=E*"


def _distinct(bases: Mapping[str, Sequence[Mapping[str, int]]], town: str) -> Iterator[tuple[int, ...]]:
    """Every combination of the tiers' quotas in a town: tiers have offsets of their own."""
    yield from product(*({one.get(town, 0) for one in outcomes} for outcomes in bases.values()))


class TestSeveralLists:
    """Who is seen on earlier lists too is weighed by the chances that led there."""

    SOME: Final = firms({("东镇", "高"): 20, ("东镇", "低"): 180})
    PLAN: Final = plan_of({"高": {"rate": "20%"}, "低": {"rate": "5%"}}, key=None)

    def list_of(self, *names: int) -> EarlierList:
        high, low = Fraction(1, 5), Fraction(1, 20)
        chances = {one.id: high if one.columns["grade"] == "高" else low for one in self.SOME}
        return EarlierList("甲", frozenset(self.SOME[number].id for number in names), chances)

    def test_chances_multiply_where_a_name_can_be_on_both(self) -> None:
        found = [one for one in worst(seen(self.PLAN, self.SOME, [self.list_of(0)])) if one.tier == "高"]
        both, alone = found
        assert (both.lists, both.most, both.rest) == (("甲",), Fraction(20, 25), Fraction(180, 400))
        assert (both.share, alone.share) == (Fraction(16, 25), Fraction(4, 13))
        assert (both.before, alone.before) == (alone.share, Fraction(1, 10))

    def test_of_a_void_draw_no_inspection_is_asked_for(self) -> None:
        found = worst(seen(self.PLAN, self.SOME, [self.list_of(0)]))
        limit = Fraction(1, 2)
        both = next(one for one in found if one.lists and one.exceeds(limit))
        assert _exposed(self.PLAN, both, limit, NO_MERGE, frozenset()).mend == "again"
        assert _exposed(self.PLAN, both, limit, NO_MERGE, frozenset({"甲"})).mend == "void"

    def test_a_list_nobody_of_whom_can_be_drawn_again_adds_nothing(self) -> None:
        listed = replace(self.SOME[0], visits=("2021-02-01",))
        value = plan_object(self.PLAN) | {"exclusions": plan_value()["exclusions"]}
        found = worst(seen(parse_plan(value), (listed, *self.SOME[1:]), [self.list_of(0)]))
        assert {one.lists for one in found} == {()}


class TestMerge:
    """The merge that a refusal names does pass, and a lesser one would not."""

    @given(mixes, quotas, st.sampled_from((Fraction(1, 3), HALF, Fraction(2, 3))))
    def test_what_is_named_passes(
        self, mix: Mapping[tuple[str, str], int], rates: Mapping[str, Json], limit: Fraction
    ) -> None:
        plan, some = plan_of(rates), firms(mix)
        world = seen(plan, some)
        merge = passing_merges(world, limit).whole
        if merge == NO_MERGE:
            return
        assert not any(one.exceeds(limit) for one in worst(_merged(world, merge)))
        if merge.joined:
            assert any(one.exceeds(limit) for one in worst(_merged(world, replace(merge, joined=()))))

    @given(mixes, quotas, st.sampled_from((Fraction(1, 3), HALF, Fraction(2, 3))))
    def test_each_finding_has_its_own(
        self, mix: Mapping[tuple[str, str], int], rates: Mapping[str, Json], limit: Fraction
    ) -> None:
        world = seen(plan_of(rates), firms(mix))
        merges = passing_merges(world, limit)
        assert list(merges.single) == [one for one in worst(world) if one.exceeds(limit)]
        for finding, merge in merges.single.items():
            if merge == NO_MERGE:
                assert merges.whole == NO_MERGE, "what passes for all passes for each"
                continue
            names = merge.joined if finding.tier in merge.joined else (finding.tier,)
            after = [one for one in worst(_merged(world, merge)) if one.tier == "、".join(names)]
            assert not any(one.exceeds(limit) and one.traits & finding.traits for one in after)

    def test_one_may_pass_with_less_than_all_together(self) -> None:
        some = firms({("东镇", "高"): 30, ("东镇", "低"): 60, ("西乡", "高"): 4, ("西乡", "低"): 25})
        rates: dict[str, Json] = {"高": {"all": 1}, "低": {"rate": "10%"}}
        world = seen(plan_of(rates), some)
        merges = passing_merges(world, Fraction(13, 20))
        mends = {one.group.split(",")[0]: merge for one, merge in merges.single.items()}
        assert merges.whole == mends["乡镇=东镇"] == Merge(("高", "低"), ("高", "低"))
        assert mends["乡镇=西乡"] == Merge(("高", "低"), ())

    def test_all_tiers_joined_tell_nothing(self) -> None:
        some = firms({("东镇", "高"): 30, ("东镇", "低"): 60})
        world = seen(plan_of({"高": {"all": 1}, "低": {"rate": "10%"}}, key=None), some)
        assert worst(world)[0].share == Fraction(5, 6)
        assert passing_merges(world, Fraction(2, 3)).whole.joined == ("高", "低")


def _merged(world: World, merge: Merge) -> World:
    keys = {base.tier.name: key for key, base in world.tiers.items()}
    merged = undivide(world, [keys[name] for name in merge.undivided])
    return join(merged, [keys[name] for name in merge.joined]) if merge.joined else merged


PLAN: Final = """
[plan]
id = "410102-2026-01"
version = 1
authority = "某区市场监督管理局"
title = "抽查计划"
window = { from = 2026-03-01, to = 2026-06-30 }
district = "town"

[seed]
values = ["kl8:2026040"]

[publish]
deadline = 2026-02-28

[columns]
town = "所属乡镇"
grade = "信用风险等级"

[[slot]]
id = "lead"
name = "组长"
pool = ["and"]

[[slot]]
id = "member"
name = "组员"
pool = ["and"]

[blocks]
max_targets = 10
max_per_inspector = 8

[[task]]
id = "publicity"
name = "公示信息检查"
kind = "不定向"
pool = ["and"]
slots = ["lead", "member"]
items = ["年度报告公示信息检查"]
key = "town"

[[task.tier]]
id = "high"
name = "高风险"
where = ["eq", "grade", "高"]
rate = "20%"

[[task.tier]]
id = "low"
name = "低风险"
where = ["eq", "grade", "低"]
rate = "10%"
"""
# 60 firms: in 西乡 a cell of each tier gets one place or none.
MIX: Final = {("东镇", "高"): 9, ("西乡", "高"): 4, ("东镇", "低"): 40, ("西乡", "低"): 7}
CODES: Final = tuple(credit_code("91", serial) for serial in range(1, sum(MIX.values()) + 1))


def with_rosters(tmp_path: Path) -> Store:
    store = new_store(tmp_path)
    places = [place for place, count in MIX.items() for _ in range(count)]
    rows = list(zip(CODES, places, strict=True))
    head = "统一社会信用代码,企业名称,登记状态,所属乡镇\n"
    give(store, "entities", head + "".join(f"{code},甲,存续,{town}\n" for code, (town, _) in rows))
    give(
        store, "risk", "统一社会信用代码,信用风险等级\n" + "".join(f"{c},{grade}\n" for c, (_, grade) in rows)
    )
    give(store, "inspectors", "姓名,单位,身份证号,执法证编号,执法证有效期\n王一,市场监管局,ID-1,A1,长期\n")
    return store


def plan_file(tmp_path: Path, text: str = PLAN) -> Path:
    path = tmp_path / "计划.toml"
    path.write_text(text, encoding="utf-8")
    return path


def adopted(store: Store, path: Path, *, rehearsal: bool = False) -> tuple[str, ...]:
    result = adopt(store, path, rehearsal=rehearsal, salt_key=bytes(32), operator=OPERATORS[0], now=LATER)
    return tuple(one.code for one in result.warnings)


class TestPlan:
    """`plan check` and the adoption of a real draw refuse alike; a rehearsal warns; the merge named passes."""

    def test_the_same_refusal_by_both_and_the_named_merge_passes(self, tmp_path: Path) -> None:
        store, path = with_rosters(tmp_path), plan_file(tmp_path)
        with pytest.raises(InputRefused) as checked:
            check(store, path)
        with pytest.raises(InputRefused) as real:
            adopted(store, path)
        assert (checked.value.code, checked.value.where.key) == ("plan.posterior.undivided", "task[0]")
        assert (real.value.code, real.value.params) == (checked.value.code, checked.value.params)
        assert checked.value.params["undivided"] == "高风险、低风险"
        assert [one.code for one in checked.value.details] == ["plan.posterior.finding.undivided"] * 2
        assert [one.params["tier"] for one in checked.value.details] == ["低风险", "高风险"]
        for lang in messages.LANGUAGES:
            listed = {"zh": "高风险、低风险", "en": "高风险, 低风险"}[lang]
            assert messages.render(checked.value, lang).count(listed) == 3, "of each finding, and of all"
        assert adopted(store, path, rehearsal=True) == ("plan.warning.posterior",)
        merged = plan_file(tmp_path, PLAN.replace('key = "town"\n', "").replace("2026-01", "2026-02"))
        preview = check(store, merged)
        exposure = preview.exposure
        assert exposure is not None
        assert (exposure.exceeding, exposure.refusal, exposure.limit) == (0, None, "2/3")
        page, many = Page("zh"), exposure.worst * 9
        show_preview(replace(preview, exposure=replace(exposure, worst=many)), page)
        assert f"另有 {len(many) - 5} 处" in "\n".join(page.lines), (
            "people see five, and how many more there are"
        )
        assert adopted(store, merged) == ()

    def test_a_plan_that_only_a_rehearsal_could_adopt_is_warned(self, tmp_path: Path) -> None:
        path = plan_file(tmp_path, PLAN.replace("kl8:2026040", "explicit:1"))
        codes = [one.code for one in check(with_rosters(tmp_path), path).warnings]
        assert codes[:2] == ["plan.warning.seed", "plan.warning.posterior"]

    @pytest.mark.parametrize("line", ['max_posterior = "100%"', "confidential = []"])
    def test_the_plan_sets_the_limit_and_what_is_confidential(self, tmp_path: Path, line: str) -> None:
        path = plan_file(tmp_path, PLAN.replace("[publish]", f"[publish]\n{line}"))
        assert check(with_rosters(tmp_path), path).exposure is not None
        file = parse_plan_file(path.read_bytes(), "")
        assert (file.texts.max_posterior, file.texts.confidential) in (("100%", None), ("2/3", ()))

    @pytest.mark.parametrize(
        ("line", "code"),
        [('max_posterior = "110%"', "plan.share"), ('confidential = ["level"]', "plan.choice")],
    )
    def test_another_spelling_is_refused(self, tmp_path: Path, line: str, code: str) -> None:
        path = plan_file(tmp_path, PLAN.replace("[publish]", f"[publish]\n{line}"))
        with pytest.raises(InputRefused) as caught:
            check(None, path)
        assert caught.value.code == code

    def test_an_earlier_batch_of_the_year_is_counted_from_its_files(self, tmp_path: Path) -> None:
        store = with_rosters(tmp_path)
        text = PLAN.replace('key = "town"\n', "")
        first = plan_file(tmp_path, text.replace('"10%"', '"20%"').replace("2026-01", "2026-02"))
        file = parse_plan_file(first.read_bytes(), "")
        assert adopted(store, first) == ()
        places = [place for place, count in MIX.items() for _ in range(count)]
        some = [
            Entity(code, "甲", "in_business", {"town": town, "grade": grade})
            for code, (town, grade) in zip(CODES, places, strict=True)
        ]
        strata: list[Json] = [
            {"cell": "", "quota": 8, "size": 13, "task": "publicity", "tier": "high"},
            {"cell": "", "quota": 1, "size": 47, "task": "publicity", "tier": "low"},
        ]
        files = {
            "plan.json": canonical_json(plan_object(file.plan)),
            "entities.jsonl": json_lines(one.object() for one in sorted(some, key=lambda one: one.id)),
            "strata.jsonl": json_lines(strata),
            "targets.jsonl": json_lines([{"id": CODES[0], "tasks": ["publicity"]}]),
        }
        with store.begin(OPERATORS[0], "test", LATER) as transaction:
            transaction.put_files(transaction.draw("real", 1), files)
        plan = parse_plan_file(text.encode(), "").plan
        with store.read() as reader:
            (earlier,) = earlier_lists(reader, plan)
            other_year = replace(plan, window_from="2027-01-01")
            assert list(earlier_lists(reader, other_year)) == []
        assert (earlier.plan, earlier.listed) == ("410102-2026-02", frozenset({CODES[0]}))
        assert {earlier.chances[code] for code in CODES} == {Fraction(8, 13), Fraction(1, 47)}
        with pytest.raises(InputRefused) as caught:
            check(store, plan_file(tmp_path, text))
        assert (caught.value.code, caught.value.params["lists"]) == ("plan.posterior.again", "410102-2026-02")
