"""§13 to §15 Each rule of a draw has its line in the explanation, and the lines together say what the pools say."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given

from shuangsuiji import messages
from shuangsuiji.audit.explain import Facts, Verdict, lawful, of_block, of_person, of_slot, places
from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.plan import Slot
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.predicates import parse_predicate
from shuangsuiji.core.records import (
    Certificate,
    Entity,
    GroupRecusal,
    Incompatible,
    Inspector,
    PairRecusal,
    Recusal,
)
from shuangsuiji.core.teams import Block, Target, make_blocks, make_problem
from tests.district import UNITS, WINDOW, World, entity, inspector, plan_value, seeds, worlds

TARGET: Final = entity(1, "东镇")
SECOND: Final = entity(2, "东镇")
ONE: Final = replace(inspector(1, "东镇"), name="王一")
OTHER: Final = replace(inspector(2, "东镇"), name="赵二")
NAMES: Final = {"lead": "组长", "home": "属地人员", "partner": "联合人员"}
AWAY: Final = f"请假：{WINDOW[0]} 至 {WINDOW[1]} 整个检查期间都在休假，不参加抽取。"


def facts(*recusals: Recusal, **changes: Any) -> Facts:
    targets = tuple(Target(one, ("public",)) for one in (TARGET, SECOND))
    return replace(
        Facts(
            plan=parse_plan(plan_value()),
            inspectors=(ONE, OTHER),
            recusals=recusals,
            block=Block(1, "东镇", ("public",), targets, ("lead", "home")),
            team=(),
            loads=None,
            met={},
            names=NAMES,
            leave="休假",
        ),
        **changes,
    )


def said(verdicts: Iterator[Verdict], rule: str) -> list[tuple[bool, str]]:
    """The lines of one rule, in Chinese; the English ones must be complete too."""
    found = [one for one in verdicts if one.rule == rule]
    for one in found:
        messages.text(f"explain.{one.code}", "en", **one.params)
    return [(one.holds, messages.text(f"explain.{one.code}", "zh", **one.params)) for one in found]


def cert(ends: str | None, cancelled: str | None = None) -> tuple[Certificate, ...]:
    return (Certificate("A1", "2019-01-01", ends, cancelled),)


class TestPerson:
    """§13 Pool, leave, certificate; §15 caps."""

    @pytest.mark.parametrize(
        ("rule", "change", "holds", "line"),
        [
            ("pool", {}, True, "人员名录：在册，参加抽取。"),
            ("pool", {"undrawable": "领导岗位"}, False, "人员名录：不参加抽取，原因是“领导岗位”。"),
            ("leave", {"undrawable": "休假"}, False, AWAY),
            ("certificate", {}, True, f"执法证：P0001 在 {WINDOW[0]} 至 {WINDOW[1]} 整个检查期间有效。"),
            ("certificate", {"certificates": ()}, False, "执法证：没有执法证。"),
            ("certificate", {"certificates": (), "expert": True}, True, "执法证：专家，只作协助，不要求执法证。"),
            ("certificate", {"certificates": cert(None, "退休")}, False, "执法证：A1 已注销（退休）。"),
            (
                "certificate",
                {"certificates": cert("2021-06-29")},
                False,
                f"执法证：A1（有效期 2019-01-01–2021-06-29）不能覆盖 {WINDOW[0]} 至 {WINDOW[1]} 整个检查期间。",
            ),
            ("cap", {}, True, "次数上限：每人至多 1000 个任务包。"),
            ("cap", {"most": 3}, True, "次数上限：本人至多 3 个任务包。"),
            ("cap", {"most": 0}, False, "次数上限：本人至多 0 个任务包。"),
        ],
    )  # fmt: skip
    def test_each_rule_has_its_line(
        self, rule: str, change: Mapping[str, Any], holds: bool, line: str
    ) -> None:
        assert said(of_person(facts(), replace(ONE, **change)), rule) == [(holds, line)]

    @pytest.mark.parametrize(
        ("load", "line"),
        [
            (1, "次数上限：至多 2 个任务包，本次承担 1 个。"),
            (2, "次数上限：至多 2 个任务包，本次已承担 2 个，达到上限。"),
        ],
    )
    def test_once_it_is_drawn_the_load_is_told(self, load: int, line: str) -> None:
        drawn = facts(loads={ONE.id: load})
        assert said(of_person(drawn, replace(ONE, most=2)), "cap") == [(True, line)]


class TestBlock:
    """§14 Recusals by pair, by relation, by rotation, against any target of the block; §8 incompatible colleagues."""

    def test_none(self) -> None:
        assert said(of_block(facts(PairRecusal(OTHER.id, TARGET.id)), ONE), "recusal") == [
            (True, "回避：与同一任务包的 2 户都没有回避关系。")
        ]

    @pytest.mark.parametrize("target", [TARGET, SECOND])
    def test_pair(self, target: Entity) -> None:
        line = f"回避：与“{target.name}”（{target.id}）已申报回避。"
        assert said(of_block(facts(PairRecusal(ONE.id, target.id)), ONE), "recusal") == [(False, line)]

    def test_relation_with_column_and_value(self) -> None:
        own = facts(GroupRecusal(ONE.id, "district", "东镇"))
        lines = [
            (False, f"回避：申报的关系“乡镇＝东镇”涉及“{one.name}”（{one.id}）。") for one in (TARGET, SECOND)
        ]
        assert said(of_block(own, ONE), "recusal") == lines

    def test_rotation(self) -> None:
        own = facts(PairRecusal(ONE.id, TARGET.id), met={(ONE.id, TARGET.id): 3})
        line = f"轮换：第 3 号抽取中查过“{TARGET.name}”（E0001），这次回避。"
        assert said(of_block(own, ONE), "rotation") == [(False, line)]
        assert said(of_block(own, ONE), "recusal") == [(True, "回避：与同一任务包的 2 户都没有回避关系。")]
        assert said(of_block(own, OTHER), "rotation") == [
            (True, "轮换：近几次抽取中没有查过同一任务包的 2 户。")
        ]

    @pytest.mark.parametrize("pair", [("P0001", "P0002"), ("P0002", "P0001")])
    def test_incompatible(self, pair: tuple[str, str]) -> None:
        own = facts(Incompatible(max(pair), min(pair)))
        apart = "同组限制：不得与 赵二（P0002）同组；对方不在这个组。"
        assert said(of_block(own, ONE), "incompatible") == [(True, apart)]
        inside = "同组限制：不得与 赵二（P0002）同组；对方已抽进这个组。"
        verdicts = list(of_block(replace(own, team=(OTHER, inspector(3))), ONE))
        assert said(iter(verdicts), "incompatible") == [(False, inside)]
        assert lawful(verdicts)  # could have been drawn instead
        assert said(of_block(facts(), ONE), "incompatible") == [(True, "同组限制：没有不得同组的人员。")]

    def test_who_is_kept_apart_from_all_who_could_take_a_place(self) -> None:
        pair = Incompatible(OTHER.id, ONE.id)
        elsewhere = replace(ONE, unit=UNITS[1])  # leads come from the bureau, where OTHER is the only one
        line = "同组限制：这个组有一个席位，能担任的人都不得与本人同组，所以本人不能进这个组。"
        forced = facts(pair, inspectors=(elsewhere, OTHER))
        verdicts = list(of_block(forced, elsewhere))
        assert said(iter(verdicts), "forced") == [(False, line)]
        assert not lawful(verdicts)
        assert not said(of_block(facts(pair), ONE), "forced")


class TestTheDrawItself:
    """§15 What the draw heeds that no list does: distinct members, balance."""

    def test_before_and_after(self) -> None:
        line = "同组不重复：检查组的 2 个席位由不同的人担任，一人不占两席。"
        assert said(of_block(facts(), ONE), "distinct") == [(True, line)]
        rule = "均衡：在各条规则之内，各人承担的任务包数尽量均匀。"
        assert said(of_block(facts(), ONE), "balance") == [(True, rule)]
        drawn = "均衡：抽中的人各承担 1 至 3 个任务包，本人 0 个，在各条规则之内已最均匀。"
        own = facts(loads={OTHER.id: 3, "P0003": 1})
        assert said(of_block(own, ONE), "balance") == [(True, drawn)]

    @given(worlds(max_entities=4))
    def test_every_rule_is_classified(self, world: World) -> None:
        own = replace(facts(), inspectors=world.inspectors, recusals=world.recusals)
        for one in world.inspectors:
            found = [*of_person(own, one), *of_block(own, one), *of_slot(own, own.plan.slots[0], one)]
            assert {verdict.kind for verdict in found} <= {"pool", "recusal", "cap", "draw"}


def slot(pool: Any, district: str = "any", **more: Any) -> Slot:
    return Slot("lead", parse_predicate(pool, ["department", "qualifications", "unit"]), district, **more)


class TestSlot:
    """§14 Predicates (department, qualification), district, experts; §15.6 neighbours."""

    @pytest.mark.parametrize(
        ("pool", "person", "holds"),
        [
            (["eq", "department", "登记股"], {"department": "登记股"}, True),
            (["eq", "department", "登记股"], {"department": "法规股"}, False),
            (["eq", "qualifications", "特种设备"], {"qualifications": ("特种设备", "药品")}, True),
            (["eq", "qualifications", "特种设备"], {"qualifications": ("药品",)}, False),
            (["not", ["eq", "qualifications", "见习"]], {"qualifications": ("见习",)}, False),
            (["eq", "qualifications", "见习"], {"qualifications": ("见习",)}, True),
        ],
    )
    def test_department_qualification_and_trainees(self, pool: Any, person: Any, holds: bool) -> None:
        line = "席位条件：符合。" if holds else "席位条件：不符合。"
        found = said(of_slot(facts(), slot(pool), replace(ONE, **person)), "predicate")
        assert found == [(holds, line)]

    @pytest.mark.parametrize(
        ("rule", "own", "near", "holds", "line"),
        [
            ("any", "西乡", {}, True, "地区：这个席位不限地区。"),
            ("home", "东镇", {}, True, "地区：属地席位，本人在“东镇”，与检查对象同一片。"),
            ("home", "西乡", {}, False, "地区：属地席位，本人在“西乡”，检查对象在“东镇”。"),
            ("home", "西乡", {"东镇": ("西乡",)}, True, "地区：属地席位，按放宽办法“东镇”可以从“西乡”借人。"),
            ("away", "西乡", {}, True, "地区：异地席位，本人在“西乡”，检查对象在“东镇”。"),
            ("away", "东镇", {}, False, "地区：异地席位，本人与检查对象同在“东镇”。"),
        ],
    )
    def test_district(self, rule: str, own: str, near: Any, holds: bool, line: str) -> None:
        place = slot(["and"], rule, neighbours=near)
        assert said(of_slot(facts(), place, replace(ONE, district=own)), "district") == [(holds, line)]

    @pytest.mark.parametrize(
        ("extra", "line"),
        [
            (True, "专家席位：可由专家担任。"),
            (False, "专家席位：本人是专家，只作协助，不能担任执法人员的席位。"),
        ],
    )
    def test_expert(self, extra: bool, line: str) -> None:
        place = slot(["and"], extra=extra)
        assert said(of_slot(facts(), place, replace(ONE, expert=True)), "expert") == [(extra, line)]
        assert not said(of_slot(facts(), place, ONE), "expert")


class TestTogether:
    """§14 The verdicts together let in exactly those whom the draw may take for a place."""

    @given(worlds(max_entities=12))
    def test_able_are_the_pool_without_the_recused(self, world: World) -> None:
        frozen = world.freeze()
        own = seeds(frozen)
        blocks = make_blocks(frozen, draw_targets(frozen, own).targets, own)
        candidates, problem = make_problem(frozen.plan, blocks, frozen.pool)
        apart = widened(problem)
        slots = iter(problem.slots)
        for position, block in enumerate(blocks[:3]):
            given_ = replace(facts(), plan=frozen.plan, inspectors=frozen.pool.inspectors)
            given_ = replace(given_, recusals=frozen.pool.recusals, block=block)
            wanted = [set(next(slots).pool) - apart.recused[position] for _ in block.slots]
            for one in frozen.pool.inspectors:
                verdicts = [*of_person(given_, one), *of_block(given_, one)]
                found = list(places(given_, one, lawful=lawful(verdicts)))
                able = [any(candidates[at] == one for at in pool) for pool in wanted]
                assert [place.able for place in found] == able
                for place, pool in zip(found, wanted, strict=True):
                    assert [other.id for other in place.candidates] == [
                        candidates[at].id for at in sorted(pool)
                    ]


def test_an_inspector_s_record_can_be_anything() -> None:
    """Whoever is asked about, every line can be said."""
    strange = Inspector("P1", "", "", "", "", (), cert("2018-01-01", "退休") + cert("2018-01-01"))
    own = facts(loads={})
    verdicts = [*of_person(own, strange), *of_block(own, strange)]
    assert all(
        messages.text(f"explain.{one.code}", lang, **one.params)
        for one in verdicts
        for lang in messages.LANGUAGES
    )
