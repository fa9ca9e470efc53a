"""Every outcome of a step that draws: a stream that follows a script, and the exact law of what comes of it.

Exact means fractions, not samples: a step that asks for `below(n)` is run once for each of the n answers.
"""

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

from shuangsuiji.core.stream import Stream

T = TypeVar("T", bound=Hashable)
Law = dict[T, Fraction]


class Undecided(Exception):
    """The script has no answer to `below(n)`."""

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.n = n


class Scripted(Stream):
    """A stream whose integers are written beforehand; `probability` is that of the answers given so far."""

    def __init__(self, script: Sequence[int]) -> None:
        super().__init__(bytes(32))
        self.script = list(reversed(script))
        self.probability = Fraction(1)

    def below(self, n: int) -> int:
        if not self.script:
            raise Undecided(n)
        self.probability /= n
        return self.script.pop()


def law(step: Callable[[Stream], T]) -> Law[T]:
    """The probability of each result of a step, over all answers of its stream."""
    found: Law[T] = {}
    pending: list[tuple[int, ...]] = [()]
    while pending:
        script = pending.pop()
        stream = Scripted(script)
        try:
            result = step(stream)
        except Undecided as question:
            pending += [(*script, answer) for answer in range(question.n)]
        else:
            found[result] = found.get(result, Fraction(0)) + stream.probability
    return found
