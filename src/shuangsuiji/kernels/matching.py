"""§15 The second draw of one component: twin of `core.matching.run`, for components that are large."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from shuangsuiji.core.matching import run as readable
from shuangsuiji.core.matching.problem import Component, Short

if TYPE_CHECKING:
    from shuangsuiji.kernels.matching_loops import Given, Numbers, State

WORTH: Final = 2_000
"""From so many slots on the loops are worth their loading."""


def run(component: Component, key: bytes) -> tuple[int, ...] | Short:
    """§15.2 to §15.5 What `core.matching.run` gives."""
    return compiled_run(component, key) if len(component.slots) >= WORTH else readable(component, key)


def compiled_run(component: Component, key: bytes) -> tuple[int, ...] | Short:
    """§15.2 to §15.5 `run` by the loops, whatever the number of slots."""
    from shuangsuiji.kernels import matching_loops as loops

    given = flat(component)
    words = np.frombuffer(key, ">u4").astype(np.uint32)
    own = np.empty(len(component.slots), np.int64)
    slots, inspectors = np.zeros(len(own), np.uint8), np.zeros(len(component.inspectors), np.uint8)
    room, outcome = 2 * -(-len(own) // len(inspectors)) + 2, loops.NARROW
    while outcome == loops.NARROW:
        own[:] = -1
        outcome = loops.draw(given, _empty_state(given, own, room), words, slots, inspectors)
        room *= 2
    if outcome == loops.DRAWN:
        return tuple(own.tolist())
    why = {loops.SEARCH: "search", loops.CLASH: "clash"}[outcome]
    return Short(why, *(tuple(np.flatnonzero(marks).tolist()) for marks in (slots, inspectors)))


def flat(component: Component) -> "Given":
    """A component as flat arrays."""
    from shuangsuiji.kernels.matching_loops import Given

    first = (mates[0] if mates and mates[0] < slot else slot for slot, mates in enumerate(component.mates))
    leaders, block = np.unique(np.fromiter(first, np.int64, len(component.slots)), return_inverse=True)
    pool_at, pools = _lists(component.pools)
    block_at = np.concatenate(([0], np.cumsum(np.bincount(block, minlength=len(leaders)))))
    recused_at, recused = _sorted_lists([component.recused[leader] for leader in leaders.tolist()])
    rivals_at, rivals = _sorted_lists(component.rivals)
    return Given(
        pool=np.array(component.pool_of, np.int64),
        block=block.astype(np.int64),
        caps=np.minimum(component.caps, len(component.slots)).astype(np.int64),
        pool_at=pool_at,
        pools=pools,
        block_at=block_at,
        slots=np.argsort(block, kind="stable").astype(np.int64),
        recused_at=recused_at,
        recused=recused,
        rivals_at=rivals_at,
        rivals=rivals,
    )


def _lists(lists: Sequence[Collection[int]]) -> "tuple[Numbers, Numbers]":
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    at = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return at, np.fromiter(chain.from_iterable(lists), np.int64, int(at[-1]))


def _sorted_lists(sets: Sequence[Collection[int]]) -> "tuple[Numbers, Numbers]":
    at, members = _lists(sets)
    number = np.repeat(np.arange(len(sets)), np.diff(at))
    return at, members[np.lexsort((members, number))]


def _empty_state(given: "Given", own: "Numbers", room: int) -> "State":
    """No slot has an inspector; each may come to hold at most `room` slots, or all that he could."""
    from shuangsuiji.kernels.matching_loops import State

    wanted = np.repeat(np.bincount(given.pool, minlength=len(given.pool_at) - 1), np.diff(given.pool_at))
    possible = np.zeros(len(given.caps), np.int64)
    np.add.at(possible, given.pools, wanted)
    rooms = np.minimum(np.minimum(possible, given.caps), room)
    at = np.concatenate((np.zeros(1, np.int64), np.cumsum(rooms)))
    return State(own, np.zeros(len(given.caps), np.int64), at, np.empty(int(at[-1]), np.int64))
