"""§15.3 Repair: exchanges, none of which adds a clash, lead the start to where incompatible inspectors are apart."""

from collections.abc import Iterable
from typing import Final

from shuangsuiji.core.matching.mixing import exchange
from shuangsuiji.core.matching.problem import Short
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.stream import Stream

_EXCHANGES: Final = 64


def repair(state: State, stream: Stream) -> Short | None:
    """§15.3 Exchange until no block has two incompatible inspectors; the slots that still clash, if it takes too long.

    Loads stay what they are, but for who carries them: balance is not given up.
    """
    if not state.component.rivals:
        return None
    clashing = set(_clashing(state, range(len(state.own))))
    for _ in range(_EXCHANGES * (len(state.own) + len(state.held))):
        if not clashing:
            return None
        for moved in exchange(state, stream):
            around = (moved, *state.component.mates[moved])
            clashing.difference_update(around)
            clashing.update(_clashing(state, around))
    if not clashing:
        return None
    return Short("clash", tuple(sorted(clashing)), tuple(sorted({state.own[slot] for slot in clashing})))


def _clashing(state: State, slots: Iterable[int]) -> Iterable[int]:
    return (slot for slot in slots if state.clashes(state.own[slot], slot))
