"""§19 Random stories after a draw, honest and tampered with, put to the engine and to verify.py: both say the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from docs.spec.v1.scenarios.reference import Reference
from shuangsuiji.core.decisions import RECUSAL, Place, TargetRequest, Void
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.records import Incompatible, order_recusals
from shuangsuiji.core.succession import persons_outcome, target_outcome, urgent
from shuangsuiji.errors import InputRefused
from tests.core.protocol import values
from tests.core.test_succession import VALUES, WORLD_WITH_SUBSTITUTES, Story, public, story
from tests.district import World
from tests.spec.engine import Engine
from tests.spec.protocol import Record, Refused

PLAIN: Final = WORLD_WITH_SUBSTITUTES
APART: Final = [
    Incompatible(PLAIN.inspectors[number + 3].id, PLAIN.inspectors[number].id) for number in range(6)
]
WORLD: Final = replace(
    PLAIN,
    plan=replace(PLAIN.plan, max_per_inspector=4),
    recusals=order_recusals([*PLAIN.recusals, *APART]),
    inspectors=tuple(
        replace(one, most=2 if number % 3 == 0 else None) for number, one in enumerate(PLAIN.inspectors)
    ),
)
BEGINNING: Final = story(WORLD)


def one_of(choices: Sequence[Any], number: int) -> Any:
    return choices[number % len(choices)]


def ask(one: Story, number: int) -> Story:
    return one.ask(one.places_of(one_of(one.busy, number)))


def object_to(one: Story, number: int) -> Story:
    target = one_of(sorted(one.state.targets), number)
    standing = one.state.targets[target]
    return one.ask([Place(standing.block, one_of(sorted(standing.team), number), (target,))], RECUSAL)


def replace_target(one: Story, number: int) -> Story:
    return one.then(TargetRequest(VALUES, one_of(sorted(one.state.targets), number)))


def substitute(one: Story, number: int) -> Story:
    return one.then(urgent(one.grounds, one.state, one.places_of(one_of(one.busy, number))))


def answer(one: Story, number: int) -> Story:
    if not one.state.open:
        return one
    asked = one_of(one.state.open, number)
    about_target = isinstance(one.state.requests[asked].decision, TargetRequest)
    outcome = target_outcome if about_target else persons_outcome
    return one.then(outcome(one.grounds, one.state, asked, public(number)))


def declare_void(one: Story, _: int) -> Story:
    return one.then(Void())


STEPS: Final[Sequence[Callable[[Story, int], Story]]] = (
    *(ask, answer, object_to, replace_target, substitute, answer, answer),
    declare_void,
)
TAMPERED: Final = st.sampled_from(
    [
        *(("seq", 2), ("time", "2021-03-01T00:00:00Z"), ("reason", ""), ("prev", "0" * 64), ("kind", "void")),
        *(
            ("request", 1),
            ("inspectors", ["P0001"]),
            ("target", "E0001"),
            ("because", "recusal"),
            ("more", "1"),
        ),
    ]
)


def inputs(world: World) -> Record:
    return {
        "plan": plan_object(world.plan),
        "salt_key": world.seal.key.hex(),
        "mode": world.seal.mode,
        "draw": world.seal.draw,
        "entities": [one.object() for one in world.entities],
        "inspectors": [one.object() for one in world.inspectors],
        "recusals": [one.object() for one in world.recusals],
        "announced": [one.object() for one in VALUES],
        "values": [one.object() for one in values(0)],
        "contributors": [],
        "contributions": [],
    }


def said(implementation: Engine | Reference, records: Sequence[Record]) -> object:
    try:
        return implementation.records(inputs=inputs(WORLD), records=list(records))
    except Refused as refused:
        return refused.failure


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 999)), min_size=1, max_size=8),
    st.none() | st.tuples(st.integers(0, 9), TAMPERED),
)
def test_engine_and_verify_py_agree_on_a_story(
    steps: list[tuple[int, int]], tampered: tuple[int, tuple[str, object]] | None
) -> None:
    one = BEGINNING
    for step, number in steps:
        try:
            one = STEPS[step](one, number)
        except InputRefused:  # void before, or a second recusal
            continue
    records: list[Record] = [dict(record.object()) for record in one.records]
    if tampered is None:
        assert said(Engine(), records) != "records"
    elif records:
        place, (name, value) = tampered
        records[place % len(records)][name] = value
    assert said(Engine(), records) == said(Reference(), records)
