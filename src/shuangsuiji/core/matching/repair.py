"""§15.3 Repair: rounds, none of which adds a clash, lead the start to where incompatible inspectors are apart."""

from collections.abc import Iterable
from typing import Final

from shuangsuiji.core.matching.mixing import EVEN, exchange, rotate
from shuangsuiji.core.matching.problem import Short
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.stream import Stream

_ROUNDS: Final = 64
_TRIES: Final = 8


def repair(state: State, stream: Stream) -> Short | None:
    """§15.3 Get incompatible inspectors apart; the slots that still clash, if it takes too long.

    If keeping the balance leads nowhere it is given up, and regained, when all are apart, as far as it goes.
    """
    if not state.component.rivals:
        return None
    most = len(state.own)
    if not _get_apart(state, stream, EVEN):
        return None
    if clashing := _get_apart(state, stream, range(-most, most + 1)):
        return Short("clash", tuple(sorted(clashing)), tuple(sorted({state.own[slot] for slot in clashing})))
    for _ in range(_most_rounds(state)):
        _round(state, stream, range(1, most + 1))
    return None


def _get_apart(state: State, stream: Stream, gaps: range) -> set[int]:
    """Rounds while there are clashes; the slots with a clash that are left."""
    clashing = set(_clashing(state, range(len(state.own))))
    for _ in range(_most_rounds(state)):
        if not clashing:
            break
        for moved in _round(state, stream, gaps):
            around = (moved, *state.component.mates[moved])
            clashing.difference_update(around)
            clashing.update(_clashing(state, around))
    return clashing


def _most_rounds(state: State) -> int:
    return _ROUNDS * (len(state.own) + len(state.held))


def _round(state: State, stream: Stream, gaps: range) -> tuple[int, ...]:
    """The slots that change hands."""
    return exchange(state, stream, gaps) + rotate(state, stream, _TRIES)


def _clashing(state: State, slots: Iterable[int]) -> Iterable[int]:
    return (slot for slot in slots if state.clashes(state.own[slot], slot))
