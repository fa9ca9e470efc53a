"""§19 What is decided once a seed is known: replacements by fresh entropy, urgent ones, recusals asked for, void."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.records import read_records
from shuangsuiji.core.decisions import (
    RECUSAL,
    UNABLE,
    Decision,
    PersonsOutcome,
    PersonsRequest,
    Place,
    Record,
    TargetRequest,
    Void,
)
from shuangsuiji.core.draw import draw_inspectors, draw_targets, result_digest
from shuangsuiji.core.encoding import json_lines
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.records import PairRecusal
from shuangsuiji.core.seed import Announced, PublicValue
from shuangsuiji.core.standing import NOBODY, Grounds, State
from shuangsuiji.core.succession import (
    next_record,
    persons_outcome,
    succeed,
    target_outcome,
    urgent,
    waiting,
)
from shuangsuiji.errors import InputRefused
from tests.core.protocol import frozen, seeds
from tests.district import World, district

VALUES: Final = (Announced("explicit", "1"),)
TIME: Final = "2021-03-02T01:00:00Z"


def public(number: int) -> tuple[PublicValue, ...]:
    return (PublicValue("explicit", "1", f"{number:064x}"),)


@dataclass(frozen=True)
class Story:
    """A draw and what was recorded about it so far."""

    grounds: Grounds
    state: State
    records: tuple[Record, ...] = ()

    def then(self, decision: Decision, reason: str = "调离", time: str = TIME) -> "Story":
        record = next_record(
            self.grounds, self.state, decision, reason=reason, approver="局长", operator="张三", time=time
        )
        return Story(self.grounds, succeed(self.grounds, self.state, record), (*self.records, record))

    def ask(self, places: Sequence[Place], because: str = UNABLE) -> "Story":
        return self.then(PersonsRequest(VALUES, tuple(places), because))

    def answer(self, number: int) -> "Story":
        last = self.state.last
        assert last is not None
        if isinstance(last.decision, TargetRequest):
            return self.then(target_outcome(self.grounds, self.state, last.seq, public(number)))
        return self.then(persons_outcome(self.grounds, self.state, last.seq, public(number)))

    def places_of(self, person: str) -> tuple[Place, ...]:
        """Every place that a person has now."""
        found = [
            Place(block, slot, own)
            for block, targets in self.state.blocks.items()
            for slot in self.grounds.blocks[block].slots
            if (own := tuple(one for one in targets if self.state.targets[one].team[slot] == person))
        ]
        return tuple(found)

    @property
    def busy(self) -> list[str]:
        return sorted(
            {one for standing in self.state.targets.values() for one in standing.team.values()} - {""}
        )


def story(world: World, number: int = 0) -> Story:
    sealed = frozen(world)
    own = seeds(sealed, number)
    drawn = draw_targets(sealed, own)
    matching = draw_inspectors(sealed, drawn.targets, own)
    digest = result_digest(sealed.seal, drawn.strata_lines(), drawn.targets_lines(), matching.blocks_lines())
    rules = Rules(sealed.plan, sealed.pool.inspectors, sealed.pool.recusals)
    grounds = Grounds(sealed, own, matching.teams, digest, rules)
    return Story(grounds, grounds.first())


WORLD: Final = district(80, more_staff=10)
WORLD_WITH_SUBSTITUTES: Final = replace(WORLD, plan=replace(WORLD.plan, substitutes=True))


def check_lawful(one: Story) -> None:
    """No target has anybody recused or gone, or one person twice; nobody is over the cap."""
    recusals = {(it.inspector, it.entity) for it in WORLD.recusals if isinstance(it, PairRecusal)}
    for name, standing in one.state.targets.items():
        persons = [person for person in standing.team.values() if person != NOBODY]
        assert len(persons) == len(set(persons))
        assert not one.state.gone & set(persons)
        assert not {(person, name) for person in persons} & (
            recusals | {(p, t) for t, p in one.state.objections}
        )
        for slot, person in standing.team.items():
            block = one.grounds.blocks[standing.block]
            assert person == NOBODY or person in one.grounds.rules.pool(block, slot)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 2**64)), min_size=1, max_size=4))
def test_who_comes_in_is_lawful_and_nobody_comes_back(steps: list[tuple[int, int]]) -> None:
    one = story(WORLD)
    for person, number in steps:
        if not one.busy:
            break
        gone = one.busy[person % len(one.busy)]
        one = one.ask(one.places_of(gone)).answer(number)
        assert gone in one.state.gone
        assert gone not in one.busy
        check_lawful(one)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 2**64))
def test_an_enterprise_asks_once_for_a_slot_and_the_person_goes_on_elsewhere(
    which: int, slot: int, number: int
) -> None:
    one = story(WORLD)
    target = sorted(one.state.targets)[which % len(one.state.targets)]
    standing = one.state.targets[target]
    slots = sorted(standing.team)
    place = Place(standing.block, slots[slot % len(slots)], (target,))
    old = standing.team[place.slot]
    after = one.ask([place], RECUSAL).answer(number)
    check_lawful(after)
    assert after.state.targets[target].team[place.slot] != old
    assert old not in after.state.gone
    others = {name: it for name, it in one.state.targets.items() if name != target}
    assert {name: it for name, it in after.state.targets.items() if name != target} == others
    with pytest.raises(InputRefused, match="record_recusal_twice"):
        after.ask([place], RECUSAL)


@given(st.integers(0, 99), st.integers(0, 2**64))
def test_the_substitute_does_not_depend_on_when_or_why_but_on_the_draws_own_stream(
    person: int, number: int
) -> None:
    one = story(WORLD_WITH_SUBSTITUTES, number)
    gone = one.busy[person % len(one.busy)]
    places = one.places_of(gone)[:1]
    decision = urgent(one.grounds, one.state, places)
    after = one.then(decision)
    check_lawful(after)
    assert (
        one.then(decision, reason="突发疾病", time="2021-03-03T01:00:00Z").state.targets
        == after.state.targets
    )


def test_a_plan_without_substitutes_allows_no_urgent_replacement() -> None:
    one = story(WORLD)
    with pytest.raises(InputRefused, match="record_substitutes"):
        urgent(one.grounds, one.state, one.places_of(one.busy[0])[:1])


@given(st.integers(0, 99), st.integers(0, 2**64))
def test_a_target_is_replaced_from_its_own_strata_and_takes_over_everything(which: int, number: int) -> None:
    one = story(WORLD)
    target = sorted(one.state.targets)[which % len(one.state.targets)]
    before = one.state.targets[target]
    after = one.then(TargetRequest(VALUES, target)).answer(number)
    (new,) = after.state.targets.keys() - one.state.targets.keys() or {target}
    assert after.state.targets[new].team == before.team
    assert after.state.targets[new].target.tasks == before.target.tasks
    assert len(after.state.targets) == len(one.state.targets)
    assert after.state.blocks[before.block].index(new) == one.state.blocks[before.block].index(target)
    check_lawful(after)
    if new != target:
        assert target in after.state.were
        with pytest.raises(InputRefused, match="record_target"):
            after.then(TargetRequest(VALUES, target))


def test_whoever_is_drawn_is_one_of_those_least_loaded_and_each_of_them_can_be() -> None:
    one = story(WORLD)
    places = one.places_of(one.busy[0])[:1]
    asked = one.ask(places)
    came = Counter(
        persons_outcome(asked.grounds, asked.state, 1, public(number)).inspectors[0] for number in range(60)
    )
    least = {one.state.loads.get(person, 0) for person in came}
    assert len(least) == 1
    assert len(came) > 1


def test_without_candidates_the_place_stays_empty_and_can_be_asked_for_again() -> None:
    people = tuple(one for one in WORLD.inspectors if one.unit == "应急管理局")
    lone = replace(WORLD, inspectors=tuple(it for it in WORLD.inspectors if it not in people[1:]))
    one = story(lone)
    partner = people[0].id
    places = one.places_of(partner)
    assert places
    after = one.ask(places).answer(1)
    assert {
        after.state.targets[t].team["partner"]
        for place in places
        for t in place.targets
        if place.slot == "partner"
    } == {NOBODY}
    after.ask([place for place in places if place.slot == "partner"])


def test_nobody_is_over_the_cap() -> None:
    world = replace(WORLD, plan=replace(WORLD.plan, max_per_inspector=3))
    one = story(world)
    for number in range(3):
        one = one.ask(one.places_of(one.busy[0])).answer(number)
        assert max(one.state.loads.values()) <= 3


def test_after_void_there_is_nothing_more() -> None:
    one = story(WORLD).then(Void(), reason="名册有误")
    assert one.state.void
    with pytest.raises(InputRefused, match="record_void"):
        one.then(Void())


def test_records_recomputed_from_their_bytes_come_to_the_same() -> None:
    one = story(WORLD_WITH_SUBSTITUTES)
    one = one.ask(one.places_of(one.busy[0])).answer(3)
    one = one.then(TargetRequest(VALUES, min(one.state.targets))).answer(4)
    one = one.then(urgent(one.grounds, one.state, one.places_of(one.busy[0])[:1])).then(Void())
    state = one.grounds.first()
    for record in read_records(json_lines(it.object() for it in one.records)):
        state = succeed(one.grounds, state, record)
    assert state == one.state


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seq": 3}, "record_chain"),
        ({"prev": "00" * 32}, "record_chain"),
        ({"time": "2021-03-01T00:00:00Z"}, "record_time"),
        ({"reason": ""}, "record_blank"),
        ({"approver": ""}, "record_blank"),
    ],
)
def test_a_record_that_does_not_continue_the_chain_is_refused(
    changes: dict[str, str | int], code: str
) -> None:
    one = story(WORLD)
    one = one.ask(one.places_of(one.busy[0]))
    record = next_record(one.grounds, one.state, Void(), reason="a", approver="b", operator="c", time=TIME)
    with pytest.raises(InputRefused, match=code):
        succeed(one.grounds, one.state, replace(record, **changes))  # type: ignore[arg-type]


def test_an_outcome_that_does_not_follow_is_refused() -> None:
    one = story(WORLD)
    one = one.ask(one.places_of(one.busy[0]))
    own = persons_outcome(one.grounds, one.state, 1, public(1))
    with pytest.raises(InputRefused, match="record_outcome"):
        one.then(PersonsOutcome(1, public(1), tuple(reversed((*own.inspectors, NOBODY)))))


def test_a_drawing_stands_once_in_a_draw_and_its_requests() -> None:
    one = story(WORLD)
    kl8 = (Announced("kl8", "2026001"),)
    places = one.places_of(one.busy[0])
    one = one.then(PersonsRequest(kl8, places, UNABLE))
    with pytest.raises(InputRefused, match="seed_known"):
        one.then(PersonsRequest(kl8, places, UNABLE))


def test_a_request_whose_places_others_have_divided_lapses_and_the_next_is_answered() -> None:
    one = story(WORLD)
    block, targets = next((block, targets) for block, targets in one.state.blocks.items() if len(targets) > 1)
    slot = one.grounds.blocks[block].slots[0]
    asked = one.ask([Place(block, slot, targets[:1])], RECUSAL).ask([Place(block, slot, targets)])
    asked = asked.ask([Place(block, slot, targets[1:])])
    divided = asked.then(persons_outcome(asked.grounds, asked.state, 1, public(1)))
    outcome = persons_outcome(divided.grounds, divided.state, 2, public(2))
    assert outcome.inspectors == ()
    lapsed = divided.then(outcome)
    assert (lapsed.state.targets, lapsed.state.loads) == (divided.state.targets, divided.state.loads)
    assert (lapsed.state.gone, lapsed.state.open) == (divided.state.gone, (3,))
    after = lapsed.then(persons_outcome(lapsed.grounds, lapsed.state, 3, public(3)))
    assert after.state.targets[targets[1]].team[slot] != one.state.targets[targets[1]].team[slot]


def test_a_request_about_somebody_who_was_replaced_meanwhile_lapses_in_all_its_places() -> None:
    one = story(WORLD)
    first, second = one.busy[:2]
    asked = one.ask(one.places_of(first)[:1])
    asked = asked.ask([*one.places_of(first)[:1], *one.places_of(second)[:1]])
    came = asked.then(persons_outcome(asked.grounds, asked.state, 1, public(1)))
    for number in range(20):
        assert persons_outcome(came.grounds, came.state, 2, public(number)).inspectors == ()
    after = came.then(persons_outcome(came.grounds, came.state, 2, public(2)))
    assert (after.state.targets, after.state.loads) == (came.state.targets, came.state.loads)
    assert after.state.gone == {first}
    assert after.ask(after.places_of(second)[:1]).answer(3).state.gone == {first, second}


def test_an_urgent_replacement_does_not_take_a_place_that_waits_for_fresh_values() -> None:
    one = story(WORLD_WITH_SUBSTITUTES)
    person, other = one.busy[:2]
    places, elsewhere = one.places_of(person)[:1], one.places_of(other)[:1]
    asked = one.ask(places).ask(places)
    assert waiting(asked.grounds, asked.state) == {
        (target, place.slot): 1 for place in places for target in place.targets
    }
    for some in (places, [*elsewhere, *places]):
        with pytest.raises(InputRefused, match="record_waiting") as caught:
            urgent(asked.grounds, asked.state, some)
        assert caught.value.params["number"] == 1
    asked.then(urgent(asked.grounds, asked.state, elsewhere))
    came = asked.then(persons_outcome(asked.grounds, asked.state, 1, public(1)))
    assert (came.state.open, waiting(came.grounds, came.state)) == ((2,), {})  # the second has lapsed
    came.then(urgent(came.grounds, came.state, places))


def test_a_second_request_for_a_target_that_was_replaced_lapses() -> None:
    def twice(target: str) -> Story:
        asked = story(WORLD).then(TargetRequest(VALUES, target)).then(TargetRequest(VALUES, target))
        return asked.then(target_outcome(asked.grounds, asked.state, 1, public(1)))

    targets = sorted(story(WORLD).state.targets)
    after = next(after for target in targets if target not in (after := twice(target)).state.targets)
    outcome = target_outcome(after.grounds, after.state, 2, public(2))
    assert outcome.target == NOBODY
    assert after.then(outcome).state.targets == after.state.targets


def test_targets_of_a_place_share_their_inspector_and_stand_in_the_blocks_order() -> None:
    one = story(WORLD)
    block, targets = next((block, targets) for block, targets in one.state.blocks.items() if len(targets) > 1)
    slot = one.grounds.blocks[block].slots[0]
    for wrong in (targets[::-1], (targets[0], targets[0]), ("E9999",)):
        with pytest.raises(InputRefused, match="record_place"):
            one.ask([Place(block, slot, wrong)])
    after = one.ask([Place(block, slot, targets[:1])], RECUSAL).answer(1)
    with pytest.raises(InputRefused, match="record_place"):
        after.ask([Place(block, slot, targets)])
