"""§15.4, §15.5 The moves of the second draw: symmetric, and together able to reach every assignment."""

from collections import Counter
from collections.abc import Callable
from math import sqrt

import pytest

from shuangsuiji.core.matching.mixing import exchange, mix, rotate
from shuangsuiji.core.matching.problem import Problem, components
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.stream import Stream
from tests.core.chances import Law, law
from tests.core.problems import DERANGEMENT, FAMILIES, Assignment, all_balanced

Move = Callable[[State, Stream], object]
MOVES: dict[str, Move] = {
    "exchange": exchange,
    "rotation of 1": lambda state, stream: rotate(state, stream, 1),
    "rotation of 2": lambda state, stream: rotate(state, stream, 2),
}


def state_of(family: Problem, owners: Assignment, backwards: bool = False) -> State:
    """The state in which each slot has this inspector, the slots of each in ascending or descending order."""
    (component,) = components(family)
    state = State(component)
    slots = list(enumerate(owners))
    for slot, one in reversed(slots) if backwards else slots:
        state.give(slot, one)
    return state


def after(family: Problem, owners: Assignment, move: Move, backwards: bool = False) -> Law[Assignment]:
    """The exact law of the assignment after one move."""

    def moved(stream: Stream) -> Assignment:
        state = state_of(family, owners, backwards)
        move(state, stream)
        assert sorted(slot for held in state.held for slot in held) == list(range(len(owners)))
        assert all(state.own[slot] == one for one, held in enumerate(state.held) for slot in held)
        return tuple(state.own)

    return law(moved)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("family", FAMILIES)
class TestSymmetry:
    """§15.4, §15.5 A move is exactly as likely as its reverse, so that no assignment is favoured."""

    def test_each_way_is_as_likely_as_back(self, family: str, move: str) -> None:
        states = all_balanced(FAMILIES[family])
        laws = {one: after(FAMILIES[family], one, MOVES[move]) for one in states}
        for one in states:
            assert laws[one].keys() <= states
            assert sum(laws[one].values()) == 1
            assert all(laws[other].get(one, 0) == chance for other, chance in laws[one].items())

    def test_the_order_of_somebody_s_slots_does_not_matter(self, family: str, move: str) -> None:
        for one in sorted(all_balanced(FAMILIES[family]))[:6]:
            forwards = after(FAMILIES[family], one, MOVES[move])
            assert after(FAMILIES[family], one, MOVES[move], backwards=True) == forwards


class TestReach:
    """§15.4 Rotations reach every balanced lawful assignment; exchanges alone do not."""

    def test_three_persons_each_recused_from_the_own_village(self) -> None:
        first, second = all_balanced(DERANGEMENT)
        assert after(DERANGEMENT, first, exchange) == {first: 1}
        assert second not in after(DERANGEMENT, first, lambda state, stream: rotate(state, stream, 2))
        around = after(DERANGEMENT, first, lambda state, stream: rotate(state, stream, 3))
        assert around[second] > 0
        assert (
            around[second]
            == after(DERANGEMENT, second, lambda state, stream: rotate(state, stream, 3))[first]
        )


@pytest.mark.parametrize("family", ["derangement", "recusals", "leads", "apart"])
def test_mixing_leads_from_one_assignment_to_all_about_equally_often(family: str) -> None:
    """§15 12 streams for each assignment, always the same: chi-square less than 4 deviations above its mean."""
    states = sorted(all_balanced(FAMILIES[family]))
    expected = 12
    counts: Counter[Assignment] = Counter()
    for number in range(expected * len(states)):
        state = state_of(FAMILIES[family], states[0])
        mix(state, Stream(number.to_bytes(32, "big")))
        counts[tuple(state.own)] += 1
    assert sorted(counts) == states
    free = len(states) - 1
    chi_square = sum((counts[one] - expected) ** 2 / expected for one in states)
    assert (chi_square - free) / sqrt(2 * free) < 4
