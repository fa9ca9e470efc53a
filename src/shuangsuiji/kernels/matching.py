"""§15 The second draw: twin of `core.matching.runs`, for many slots; components in threads of their own."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from shuangsuiji.core.matching import run as readable
from shuangsuiji.core.matching.problem import Component, Short

if TYPE_CHECKING:
    from shuangsuiji.kernels.matching_loops import Bits, Flags, Given, Numbers, Reached, State, Stream, Work

Progress: TypeAlias = Callable[[int, int], None]

WORTH: Final = 4_000
"""From so many slots on the loops are worth their loading.

A process needs about 0.8 s to load numba and the cached code (some 30 s, once per machine, to compile it), which a
county of 4,450 places saves: the readable twin needs 1.0 s for it in 15 townships, 2.5 s in one pool, the loops 0.04.
"""
_LANES: Final = 128
_BITS: Final = 1 << 23
"""Most words of a table of bits: 64 MiB."""


def runs(
    components: Sequence[Component],
    keys: Sequence[bytes],
    *,
    threads: int = 1,
    progress: Progress | None = None,
    worth: int = WORTH,
) -> Iterator[tuple[int, ...] | Short]:
    """§15.1 What `core.matching.runs` gives, whatever the number of threads.

    After each component `progress` is told how many of all slots are done: of one pool, which is one component, nothing
    until all is done, and only the clock of a bar moves. Less than `worth` slots are left to the readable core.
    """
    slots = [len(component.slots) for component in components]
    how, done = run if sum(slots) >= worth else readable, 0
    with ThreadPoolExecutor(threads) as pool:
        for size, drawn in zip(slots, pool.map(how, components, keys), strict=True):
            done += size
            if progress is not None:
                progress(done, sum(slots))
            yield drawn


def run(component: Component, key: bytes) -> tuple[int, ...] | Short:
    """§15.2 to §15.5 What `core.matching.run` gives, by the loops, whatever the number of slots."""
    from shuangsuiji.kernels import matching_loops as loops

    given, work, reached = flat(component), _room(component), _reached(component)
    greatest = max(len(component.slots), len(component.inspectors))
    own, clashing = np.empty(len(component.slots), np.int32), np.zeros(len(component.slots), np.uint8)
    room, outcome = 2 * -(-len(own) // len(component.inspectors)) + 2, loops.NARROW
    while outcome == loops.NARROW:
        own[:] = -1
        reached.pruned[:] = 0
        state = _empty_state(given, own, room)
        outcome = loops.draw(given, state, reached, work, new_stream(key, greatest), clashing)
        room *= 2
    if outcome == loops.DRAWN:
        return tuple(own.tolist())
    if outcome == loops.CLASH:
        return Short("clash", _places(clashing), tuple(np.unique(own[clashing > 0]).tolist()))
    return Short("search", _places(reached.via != loops.NO_VIA), _places(reached.seen))


def new_stream(key: bytes, greatest: int = 0) -> "Stream":
    """§5 The stream of a key, at its beginning; integers below no more than `greatest` are drawn faster."""
    from shuangsuiji.kernels.matching_loops import Stream

    # Nothing is drawn below 0, and 1 goes into 2^64 once more than there is room for: one share less is corrected.
    shares = np.uint64(2**64 - 1) // np.maximum(np.arange(greatest + 1, dtype=np.uint64), np.uint64(1))
    return Stream(
        key=np.frombuffer(key, ">u4").astype(np.uint32),
        buffer=np.empty((8, _LANES), np.uint32),
        words=np.empty(4 * _LANES, np.uint64),
        next=np.array([4 * _LANES, 0]),
        shares=shares,
    )


def flat(component: Component) -> "Given":
    """A component as flat arrays."""
    from shuangsuiji.kernels.matching_loops import Given

    persons = len(component.inspectors)
    first = (mates[0] if mates and mates[0] < slot else slot for slot, mates in enumerate(component.mates))
    leaders, block = np.unique(np.fromiter(first, np.int64, len(component.slots)), return_inverse=True)
    ends = np.cumsum(np.bincount(block, minlength=len(leaders)))
    begins = np.concatenate(([0], ends[:-1]))
    pool_at, pools = _lists(component.pools)
    recused_at, recused = _sorted_lists([component.recused[leader] for leader in leaders.tolist()], persons)
    rivals_at, rivals = _sorted_lists(component.rivals, persons)
    return Given(
        about=np.stack([component.pool_of, block, begins[block], ends[block]], axis=1, dtype=np.int32),
        slots=np.argsort(block, kind="stable").astype(np.int32),
        caps=np.minimum(component.caps, len(component.slots)).astype(np.int32),
        pool_at=pool_at,
        pools=pools,
        pool_bits=_no_bits(len(component.pools), persons),
        recused_at=recused_at,
        recused=recused,
        recused_bits=_no_bits(len(leaders), persons),
        rivals_at=rivals_at,
        rivals=rivals,
    )


def _no_bits(rows: int, persons: int) -> "Bits":
    """A bit for each person in each row; where that would be too many, half of it, or half of that."""
    words = 1 << max(0, -(-persons // 64) - 1).bit_length()
    while words > 1 and rows * words > _BITS:
        words //= 2
    return np.empty((rows, words), np.uint64)


def _lists(lists: Sequence[Collection[int]]) -> "tuple[Numbers, Numbers]":
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    at = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return at.astype(np.int32), np.fromiter(chain.from_iterable(lists), np.int32, int(at[-1]))


def _sorted_lists(sets: Sequence[Collection[int]], persons: int) -> "tuple[Numbers, Numbers]":
    at, members = _lists(sets)
    rows = np.repeat(np.arange(len(sets)) * persons, np.diff(at))
    return at, (np.sort(members + rows) - rows).astype(np.int32)


def _empty_state(given: "Given", own: "Numbers", room: int) -> "State":
    """No slot has an inspector; each may come to hold at most `room` slots, or all that he could."""
    from shuangsuiji.kernels.matching_loops import State

    wanted = np.repeat(
        np.bincount(given.about[:, 0], minlength=len(given.pool_at) - 1), np.diff(given.pool_at)
    )
    possible = np.zeros(len(given.caps), np.int64)
    np.add.at(possible, given.pools, wanted)
    rooms = np.minimum(np.minimum(possible, given.caps), room)
    at = np.concatenate((np.zeros(1, np.int32), np.cumsum(rooms, dtype=np.int32)))
    return State(own, np.zeros(len(given.caps), np.int32), at, np.empty(int(at[-1]), np.int32))


def _reached(component: Component) -> "Reached":
    from shuangsuiji.kernels.matching_loops import Reached

    slots, inspectors = len(component.slots), len(component.inspectors)
    return Reached(
        queue=np.empty(slots, np.int32),
        via=np.empty(slots, np.int32),
        take=np.empty(inspectors, np.int32),
        seen=np.empty(inspectors, np.uint8),
        pruned=np.empty(inspectors, np.uint8),
        left=np.empty(len(component.pools), np.int32),
        rest=np.empty(sum(map(len, component.pools)), np.int32),
    )


def _room(component: Component) -> "Work":
    from shuangsuiji.kernels.matching_loops import Work

    slots, inspectors = len(component.slots), len(component.inspectors)
    return Work(
        order=np.empty(slots, np.int32),
        blocked=np.empty(slots, np.int32),
        ties=np.empty(inspectors, np.int32),
        barred=np.empty(inspectors, np.int32),
        trail=np.empty(
            (8 * (slots + inspectors), 3), np.int32
        ),  # the last of the tries allowed is below this
    )


def _places(marks: "Flags") -> tuple[int, ...]:
    return tuple(np.flatnonzero(marks).tolist())
