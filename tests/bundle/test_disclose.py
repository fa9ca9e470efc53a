"""What is public of a draw: names without tiers, tiers without names, numbers that add up."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.changes import Change
from shuangsuiji.bundle.disclose import disclose_draw, disclose_list, disclose_plan, tasks_confidential
from shuangsuiji.bundle.disclose_counts import changed
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.standing import Standing, State
from shuangsuiji.core.strata import divide, standing
from shuangsuiji.errors import InputRefused
from tests.district import World, entity, plan_value, worlds
from tests.publish.world import TEXTS, drawn

REAL = drawn("real")
VIEW = disclose_draw(REAL.batch, REAL.frozen, REAL.outcome)


@given(st.permutations(REAL.outcome.teams))
def test_the_list_ascends_by_id_whatever_the_order_of_the_teams(teams: list[Any]) -> None:
    listing = disclose_list(REAL.batch, REAL.frozen, teams)
    ids = [one.id for one in listing.targets]
    assert ids == sorted(REAL.ids)
    assert listing == disclose_list(REAL.batch, REAL.frozen, REAL.outcome.teams)


@pytest.mark.parametrize("confidential", [None, ()])
def test_a_list_pairs_nobody_with_the_one_who_came_in_where_a_tier_is_confidential(
    confidential: tuple[str, ...] | None,
) -> None:
    texts = replace(TEXTS, confidential=confidential, publish_inspectors=True)
    one = drawn("real", texts=texts)
    teams = one.outcome.teams
    standing = {
        target.entity.id: Standing(
            target,
            team.block.number,
            {slot: own.id for slot, own in zip(team.block.slots, team.inspectors, strict=True)},
        )
        for team in teams
        for target in team.block.targets
    }
    gone = next(team for team in teams if len(team.block.targets) > 1).block.targets[0]
    spare = next(entity for entity in one.frozen.registry.entities if entity.id not in one.ids)
    own = standing.pop(gone.entity.id)
    came = {spare.id: replace(own, target=replace(own.target, entity=spare))}
    state = State(standing | came, {}, {}, one.ids | {spare.id})
    listing = disclose_list(one.batch, one.frozen, teams, state)
    found = {target.id: target for target in listing.targets}
    assert found.keys() == one.ids | {spare.id}
    assert found[spare.id].change == "replacement"
    before = {target.id: target for target in disclose_list(one.batch, one.frozen, teams).targets}
    if confidential is None:
        assert found[gone.entity.id] == before[gone.entity.id]
    else:
        assert (found[gone.entity.id].change, found[gone.entity.id].team) == ("replaced", ())


def test_the_numbers_add_up() -> None:
    assert VIEW.list is not None
    assert VIEW.targets == len(VIEW.list.targets) == sum(one.targets for one in VIEW.districts)
    assert VIEW.visits == sum(len(one.tasks) for one in VIEW.list.targets)
    assert VIEW.visits == sum(task.quota or 0 for task in VIEW.tasks)
    assert VIEW.blocks == len(REAL.outcome.teams) == sum(one.blocks for one in VIEW.districts)
    assert VIEW.inspectors == len(REAL.people)
    for task, plain in zip(VIEW.tasks, REAL.batch.plan.tasks, strict=True):
        drawn_here = sum(task.id in one.tasks for one in VIEW.list.targets)
        assert task.quota == drawn_here == sum(tier.quota or 0 for tier in task.tiers)
        assert task.base == sum(tier.base or 0 for tier in task.tiers)
        pool = sum(plain.pool.holds(one.fields()) for one in REAL.frozen.registry.entities)
        assert pool == (task.base or 0) + sum(one.count for one in task.excluded) + (task.in_no_tier or 0)


def test_those_left_out_are_counted_by_the_four_reasons_of_the_specification() -> None:
    people = VIEW.people
    assert people.total == len(REAL.frozen.pool.inspectors)
    assert people.eligible + sum(one.count for one in people.left_out) == people.total
    assert {one.code: one.label for one in people.left_out} == {"cancelled": "", "undrawable": ""}


def test_reasons_of_exclusion_are_worded_by_the_plans_author() -> None:
    labels = {one.code: one.label for task in VIEW.tasks for one in task.excluded}
    assert labels == {"not_in_business": "", "visited": "本年度已检查"}


def test_before_the_freeze_there_are_rules_and_no_numbers() -> None:
    for task in disclose_plan(REAL.batch).tasks:
        assert (task.base, task.quota, task.excluded, task.in_no_tier) == (None, None, (), None)
        assert all((tier.base, tier.quota) == (None, None) for tier in task.tiers)


@pytest.mark.parametrize(("embargo", "held"), [("2021-02-04", True), ("2021-02-03", False), (None, False)])
def test_an_embargo_ends_on_its_day(embargo: str | None, held: bool) -> None:
    one = drawn("real", texts=replace(TEXTS, embargo=embargo))
    view = disclose_draw(one.batch, one.frozen, one.outcome)
    assert (view.list is None) == held
    if held:
        with pytest.raises(InputRefused) as caught:
            disclose_list(one.batch, one.frozen, one.outcome.teams)
        assert caught.value.code == "bundle.list_held_back"
        assert caught.value.params == {"date": embargo}


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("平安超市", "平安超市"),
        ("***", "个体工商户"),
        ("张**", "个体工商户（经营者张某）"),
        ("＊＊", "个体工商户"),
        ("五星*****", "五星*****"),
    ],
)
def test_a_hidden_name_is_published_in_the_usual_wording(name: str, public: str) -> None:
    team = REAL.outcome.teams[0]
    target = team.block.targets[0]
    hidden = replace(target, entity=replace(target.entity, name=name))
    teams = [replace(team, block=replace(team.block, targets=(hidden,)))]
    assert disclose_list(REAL.batch, REAL.frozen, teams).targets[0].name == public


class TestConfidentialTasks:
    """A task beside a name must not say what the plan asked of a confidential column."""

    def value(self) -> Any:
        value: Any = plan_value()
        value["tasks"][1]["pool"] = ["and"]
        return value

    def test_tiers_of_both_kinds_say_nothing_for_certain(self) -> None:
        value = self.value()
        value["tasks"][1]["tiers"] = value["tasks"][0]["tiers"]
        assert not tasks_confidential(parse_plan(value), None, (), ())

    @pytest.mark.parametrize(
        "pool",
        [
            ["in", "grade", ["高", "中高"]],
            ["not", ["eq", "grade", "低"]],
            ["and", ["prefix", "id", "9"], ["or", ["eq", "kind", "x"], ["eq", "grade", "高"]]],
        ],
    )
    def test_a_pool_that_asks_for_it_does(self, pool: Any) -> None:
        value = self.value()
        value["tasks"][1]["pool"] = pool
        assert tasks_confidential(parse_plan(value), None, (), ())

    def test_so_does_a_single_tier_that_asks_for_it(self) -> None:
        value = self.value()
        high = value["tasks"][0]["tiers"][0]
        value["tasks"][1]["tiers"] = [high]
        assert tasks_confidential(parse_plan(value), None, (), ())
        rest = {"id": "rest", "name": "其他", "where": ["and"], "quota": {"count": 0}}
        value["tasks"][1]["tiers"] = [high, rest]
        assert tasks_confidential(parse_plan(value), None, (), ())

    def test_so_do_several_if_all_of_them_ask_for_it(self) -> None:
        value = self.value()
        high = value["tasks"][0]["tiers"][0]
        low = high | {"id": "low", "where": ["eq", "grade", "低"]}
        value["tasks"][1]["tiers"] = [high, low]
        assert tasks_confidential(parse_plan(value), None, (), ())

    def test_a_single_task_has_nothing_to_tell_apart(self) -> None:
        value: Any = plan_value()
        value["tasks"] = value["tasks"][1:]
        assert not tasks_confidential(parse_plan(value), None, (), ())

    def test_other_columns_are_no_secret(self) -> None:
        value = self.value()
        value["tasks"][1]["pool"] = ["eq", "kind", "个体工商户"]
        assert not tasks_confidential(parse_plan(value), None, (), ())

    @given(worlds(max_entities=12))
    def test_so_does_one_who_lies_in_a_tier_that_tells_and_in_the_range_of_another_task(
        self, world: World
    ) -> None:
        """Whoever is seen drawn in the other task alone was not drawn in his tier: of the high ones, or of the rest."""
        value = self.value()
        value["tasks"][1]["pool"] = ["eq", "kind", "个体工商户"]
        value["tasks"][1]["tiers"][0]["where"] = ["prefix", "district", "东"]
        plan = parse_plan(value)
        divisions = divide(plan, world.entities)
        both = [
            one
            for one in world.entities
            if not standing(one, plan, one.fields())
            and one.columns.get("kind") == "个体工商户"
            and one.columns.get("district", "").startswith("东")
        ]
        assert tasks_confidential(plan, None, divisions, world.entities) == bool(both)
        assert not tasks_confidential(plan, (), divisions, world.entities)  # no column is confidential

    def test_to_be_on_a_list_drawn_elsewhere_counts_as_a_range(self) -> None:
        value = self.value()
        value["tasks"][1] |= {"pool": ["and"], "source": "superior"}
        del value["tasks"][1]["tiers"]
        plan = parse_plan(value)
        for lists, telling in (((), False), (("safety",), True)):
            high = replace(entity(1, grade="高"), lists=lists)
            ordinary = entity(2, grade="低")
            some = (high, ordinary)
            divisions = divide(plan, some)
            assert tasks_confidential(plan, None, divisions, some) == telling


class TestChanges:
    """What changed in the lists is public in numbers that tell nothing of a class."""

    LINES: Final = (
        Change("gone", "A", was="存续", reason="注销", approver="王局长"),
        Change("new", "*", now="1200", reason="年报", approver="王局长"),
        Change("column", "B", column="risk", was="D", now="A"),
        Change("column", "C", column="kind", was="x", now="y", reason="更正", approver="王局长"),
        Change("recusal", "P", was="{}"),
        Change("recusal", "P", now="{}"),
    )

    def test_numbers_by_kind_and_how_many_have_no_reason(self) -> None:
        found = changed(self.LINES)
        assert {one.code: one.count for one in found.tallies} == {
            "gone": 1,
            "new": 1200,
            "column": 2,
            "recusal_dropped": 1,
            "recusal_new": 1,
        }
        assert found.unexplained == 3

    def test_which_column_changed_and_how_is_not_told(self) -> None:
        """Numbers are the same whichever column changed, up or down."""
        other = [
            replace(one, column="kind", was=one.now, now=one.was) if one.column else one for one in self.LINES
        ]
        assert changed(other) == changed(self.LINES)
