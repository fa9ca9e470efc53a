"""The flow's optimum, against trying everything, and at the size of a county and of a province's plan."""

import pytest
from hypothesis import given

from shuangsuiji.core.matching.problem import Problem
from shuangsuiji.core.stream import Stream
from shuangsuiji.solvers.flows import least_sum_of_squares
from tests.core.problems import all_lawful, problem, problems, squares


class TestLeastSumOfSquares:
    """§15 The least sum of squares of loads over all lawful assignments; None if there is none."""

    @given(problems(people=4, blocks=4, slots=2, spare=(-1, 2)))
    def test_it_is_the_least_of_all_lawful_assignments(self, small: Problem) -> None:
        assert least_sum_of_squares(small) == min(map(squares, all_lawful(small)), default=None)

    @pytest.mark.parametrize(
        ("given_", "least"),
        [
            (problem([[0]], []), 0),
            (problem([[]], [[0]]), None),
            (problem([[0, 1], []], [[0], [1]]), None),
            (problem([[0, 1]], [[0]] * 3, cap=1), None),
            (problem([[0]], [[0, 0]]), None),
            (problem([[0, 1]], [[0, 0]] * 3), 18),
            (problem([[0, 1]], [[0]] * 3, {0: [0], 1: [0], 2: [0]}), 9),
            (problem([[0, 1], [1]], [[0], [1], [1]]), 5),
        ],
        ids=["no slots", "nobody", "nobody for one", "cap", "one person twice", "even", "recused", "forced"],
    )
    def test_small_cases(self, given_: Problem, least: int | None) -> None:
        assert least_sum_of_squares(given_) == least

    @pytest.mark.parametrize(("blocks", "people"), [(230, 982), (480, 3000)], ids=["county", "Henan"])
    def test_a_real_size(self, blocks: int, people: int) -> None:
        """One pool for all leads, one for all members, recusals that make nearly every person a case of their own."""
        stream = Stream(bytes(32))
        recused = {block: [stream.below(people) for _ in range(12)] for block in range(blocks)}
        least = least_sum_of_squares(problem([range(people), range(people // 3)], [[0, 1]] * blocks, recused))
        assert least == 2 * blocks  # nobody needs two
