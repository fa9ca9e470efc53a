"""§15 Whether there is a draw, how even it can be, who is short: the core against a flow, HiGHS, and trying everything.

The core's part is done by the compiled loops, which draw what it draws (tests/kernels). `make crosscheck` asks for many
times as many instances, from other numbers. Here it is bounded to some ten seconds, compiling aside.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import pytest

from benchmarks.uniformity.apart import least_apart
from shuangsuiji.core.matching import assign
from shuangsuiji.core.matching.problem import Component, Problem, Short
from shuangsuiji.kernels.matching import run
from shuangsuiji.solvers.flows import least_sum_of_squares
from tests.core.problems import all_lawful, keys, lawful, squares
from tests.solvers.exact import instance, least

pytestmark = pytest.mark.usefixtures("loops")

TIMES: Final = int(os.environ.get("SHUANGSUIJI_CROSSCHECK", "1"))
FIRST: Final = int(os.environ.get("SHUANGSUIJI_CROSSCHECK_FROM", "1"))


def numbers(count: int) -> range:
    return range(FIRST, FIRST + count * TIMES)


def loops(components: Sequence[Component], given: Sequence[bytes]) -> Iterable[tuple[int, ...] | Short]:
    return map(run, components, given)


def drawn(problem: Problem, number: int) -> tuple[int, ...] | Short:
    return assign(problem, keys(number), loops)


def able(problem: Problem, slots: Iterable[int]) -> set[int]:
    """Who may take one of these slots."""
    found = set()
    for slot in slots:
        found |= set(problem.slots[slot].pool) - problem.recused[problem.slots[slot].block]
    return found


def only(problem: Problem, slots: Sequence[int]) -> Problem:
    """These slots and no others."""
    return replace(problem, slots=tuple(problem.slots[slot] for slot in slots))


def check(problem: Problem, number: int) -> bool:
    """Hold one draw against the flow and HiGHS; whether there is one."""
    found, best = drawn(problem, number), least_sum_of_squares(problem)
    assert best == least(problem), number
    if isinstance(found, Short):
        assert found.why == ("search" if all(slot.pool for slot in problem.slots) else "pool"), number
        assert best is None, number
        # A Hall set: these slots alone, with nothing else to fill, are too many for those who may take them.
        assert least_sum_of_squares(only(problem, found.slots)) is None, number
        assert set(found.inspectors) <= able(problem, found.slots), number
        return False
    assert lawful(problem, found), number
    assert squares(found) == best, number
    return True


def test_thousands_of_small_ones() -> None:
    answers = [check(instance(number, people=9, blocks=9), number) for number in numbers(2000)]
    assert 0.2 < sum(answers) / len(answers) < 0.9  # both kinds are common


def test_hundreds_of_larger_ones() -> None:
    answers = [check(instance(number, people=40, blocks=45), number) for number in numbers(120)]
    assert any(answers)


def test_tiny_ones_against_trying_everything() -> None:
    for number in numbers(150):
        problem = instance(number, people=4, blocks=3)
        best = min(map(squares, all_lawful(problem)), default=None)
        assert best == least_sum_of_squares(problem) == least(problem), number
        assert check(problem, number) == (best is not None)


def test_those_who_may_not_work_together() -> None:
    """Where CP-SAT finds a lawful assignment, so does the draw, and one as even; a search finds short what is short."""
    kinds = Counter[str]()
    for number in numbers(300):
        problem = instance(number, people=5, blocks=4, pairs=4)
        found, best = drawn(problem, number), least_apart(problem)
        if isinstance(found, Short):
            kinds[found.why if best is None else "false"] += 1
            assert best is None or found.why == "clash", number
        else:
            kinds["drawn" if squares(found) == best else "uneven"] += 1
            assert lawful(problem, found), number
            assert best is not None, number
            assert squares(found) >= best, number
    assert min(kinds["search"], kinds["clash"], kinds["drawn"]) > 0
    assert kinds["false"] + kinds["uneven"] <= TIMES - 1  # none of the first three hundred
