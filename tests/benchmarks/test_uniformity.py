"""The published matrices are those of the engine's own moves; the chain favours no assignment (§15.4, §15.5)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from benchmarks.uniformity.exact import chain, distance, of_teams
from benchmarks.uniformity.families import FAMILIES, FIXED_TEAMS, Family, Own
from benchmarks.uniformity.peers import PEERS, draws_of
from benchmarks.uniformity.sampling import engine, frequencies, problem
from shuangsuiji.core.matching import run
from shuangsuiji.core.matching.mixing import exchange, rotate
from shuangsuiji.core.matching.problem import components
from shuangsuiji.core.matching.state import State

SMALL = [family for family in FAMILIES if len(family.lawful()) <= 100]


class Choices:
    """In the place of a stream: goes through all that `below` can answer, with the probability of each course."""

    def __init__(self) -> None:
        self.course: list[tuple[int, int]] = []
        self.at = 0

    def below(self, n: int) -> int:
        if self.at == len(self.course):
            self.course.append((0, n))
        chosen, among = self.course[self.at]
        assert among == n
        self.at += 1
        return chosen

    def courses(self) -> Iterator[Fraction]:
        """Before each course its start; after it, when asked for the next, its probability."""
        while True:
            self.at = 0
            yield Fraction(0)
            probability = Fraction(1)
            for _, n in self.course:
                probability /= n
            yield probability
            while self.course and self.course[-1][0] == self.course[-1][1] - 1:
                self.course.pop()
            if not self.course:
                return
            chosen, n = self.course.pop()
            self.course.append((chosen + 1, n))


def outcomes(family: Family, own: Own, move: Callable[[State, Any], object]) -> dict[Own, Fraction]:
    """What one move of the engine makes of an assignment, with exact probabilities."""
    (component,) = components(problem(family))
    found: dict[Own, Fraction] = defaultdict(Fraction)
    choices = Choices()
    courses = choices.courses()
    for _ in courses:
        state = State(component)
        for slot, inspector in enumerate(own):
            state.give(slot, inspector)
        move(state, choices)
        found[tuple(state.own)] += next(courses)
    return found


def rotate_twice(state: State, stream: Any) -> None:
    rotate(state, stream, 2)


@pytest.mark.parametrize("family", SMALL, ids=lambda family: family.name)
def test_the_matrix_is_that_of_the_engines_moves(family: Family) -> None:
    own = chain(family)
    short = own.rotate(2)
    for number, state in enumerate(own.states):
        for matrix, move in ((own.exchange, exchange), (short, rotate_twice)):
            found = outcomes(family, state, move)
            assert sum(found.values()) == 1
            assert np.allclose(matrix[number], [float(found[after]) for after in own.states], atol=1e-12)


@pytest.mark.parametrize("family", SMALL, ids=lambda family: family.name)
def test_a_move_is_as_likely_as_its_reverse_and_all_assignments_come_equally_near(family: Family) -> None:
    own = chain(family)
    for matrix in (own.exchange, own.rotate(8)):
        assert np.allclose(matrix, matrix.T, atol=1e-12)
    assert distance(own.rotations() @ own.exchanges()) < 1e-10


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_engine_draws_lawful_and_equally_loaded_teams_only(family: Family) -> None:
    counts, other = frequencies(engine(family, run), family.lawful(), 20)
    assert other == 0
    assert sum(counts) == 20


def test_teams_and_the_ways_to_send_them_are_equally_likely_in_the_end_and_nothing_else_is_drawn() -> None:
    before, after, off = of_teams(FIXED_TEAMS)
    assert before > 0.9
    assert max(after, off) < 1e-10
    counts, other = frequencies(engine(FIXED_TEAMS, run), FIXED_TEAMS.law(), 20)
    assert (sum(counts), other) == (20, 0)


def test_turn_taking_leaves_most_assignments_without_a_chance() -> None:
    symmetric = FAMILIES[0]
    states = symmetric.lawful()
    counts, _ = frequencies(draws_of(PEERS["round robin"][1], symmetric), states, 200)
    assert sum(count > 0 for count in counts) <= symmetric.inspectors < len(states)
