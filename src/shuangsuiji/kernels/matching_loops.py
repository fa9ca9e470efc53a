"""§15 The second draw of one component as compiled loops over flat arrays: twin of `core.matching`, step for step.

All loops are in this one file, because numba's cache of a function does not see a change of what it calls elsewhere.
Lists of lists lie one after the other, `at[k]` being where list k begins.
"""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shuangsuiji.kernels.columns import Words
from shuangsuiji.kernels.compiled import apart, bare, inlined, upper_half, wide
from shuangsuiji.kernels.hashes import blocks

Numbers: TypeAlias = NDArray[np.int32]
"""Of one width, so that each loop is compiled once, and half as wide as usual, so that more of them are near."""
Flags: TypeAlias = NDArray[np.uint8]
Bits: TypeAlias = NDArray[np.uint64]

DRAWN: Final = 0
SEARCH: Final = 1
CLASH: Final = 2
NARROW: Final = 3
"""Somebody holds more slots than there is room for: to be done again with more."""

_VACANT: Final = -1
_NO_ROOM: Final = -2
_ROOT: Final = -1
_HELD: Final = -2
NO_VIA: Final = -3
"""In `via`: the slot has none."""
_GREATEST: Final = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class Given(NamedTuple):
    """A component: what is to be known of each slot, caps, and lists of lists, each ascending.

    `about` has in one row, so in one line of the cache, a slot's pool, its block, and where in `slots` those of the
    block begin and end. `pool_bits` and `recused_bits` have a row for each pool and for each block, in which everybody
    in the list sets a bit; where there is no room for one bit each, several persons share one, and the list decides.
    """

    about: Numbers
    slots: Numbers
    caps: Numbers
    pool_at: Numbers
    pools: Numbers
    pool_bits: Bits
    recused_at: Numbers
    recused: Numbers
    recused_bits: Bits
    rivals_at: Numbers
    rivals: Numbers


POOL: Final = 0
BLOCK: Final = 1
FIRST: Final = 2
LAST: Final = 3
"""The columns of `about`."""


class State(NamedTuple):
    """§15.1 `own`; `held`, of inspector j from `at[j]` on, `load[j]` of them, with room for those up to `at[j + 1]`."""

    own: Numbers
    load: Numbers
    at: Numbers
    held: Numbers


class Reached(NamedTuple):
    """§15.2 A search: its queue; `via`, `take`, `seen`, `pruned`; of each pool the `left` first of `rest` are left."""

    queue: Numbers
    via: Numbers
    take: Numbers
    seen: Flags
    pruned: Flags
    left: Numbers
    rest: Numbers


class Work(NamedTuple):
    """Room to work in: slots in their order and those blocked; inspectors equally loaded and barred; the trail."""

    order: Numbers
    blocked: Numbers
    ties: Numbers
    barred: Numbers
    trail: Numbers


class Stream(NamedTuple):
    """§5 The words of a key, some hundred at a time; `next` the word to be read and the number of the next block.

    `shares[n]` is how often n goes into 2^64: multiplying by it is several times as fast as dividing by n.
    """

    key: Words
    buffer: Words
    words: Bits
    next: NDArray[np.int64]
    shares: Bits


# --- §5 ---


@bare(inner=True)
def refill(stream: Stream) -> None:
    """§5 The next words, each of two that lie in one lane."""
    apart()
    first, lanes = stream.next[1], stream.buffer.shape[1]
    high, low = np.uint32(first >> 32), np.uint32(first & 0xFFFF_FFFF)
    blocks(stream.key.ctypes, high, low, stream.buffer.ctypes, lanes)
    for place in range(4 * lanes):
        row, lane = 2 * (place & 3), place >> 2
        upper, lower = stream.buffer[row, lane], stream.buffer[row + 1, lane]
        stream.words[place] = np.uint64(upper) << np.uint64(32) | np.uint64(lower)
    stream.next[0] = 0
    stream.next[1] += lanes


@bare()
def below(stream: Stream, n: int) -> int:
    """§5 An integer of 0 .. n - 1: the first word whose run of n words is complete, mod n."""
    inlined()
    bound = np.uint64(n)
    while True:
        if stream.next[0] == len(stream.words):
            refill(stream)
        word = stream.words[stream.next[0]]
        stream.next[0] += 1
        if n < len(stream.shares):
            value = word - upper_half(word, stream.shares[n]) * bound
            value = min(value, value - bound)  # the quotient may be one too small; below 0 is above all else
        else:
            value = word % bound
        if word - value <= _GREATEST - (bound - np.uint64(1)):
            return int(np.int64(value))


# --- §15.1 ---


@bare(inner=True)
def holds(numbers: Numbers, begin: int, end: int, one: int) -> bool:
    """Whether the ascending list from `begin` to `end` - 1 has `one`."""
    last = end
    while begin < end:
        middle = (begin + end) >> 1
        if numbers[middle] < one:
            begin = middle + 1
        else:
            end = middle
    return begin < last and numbers[begin] == one


@bare(inner=True)
def word_of(bits: Bits, inspector: int) -> int:
    """In which word of a row an inspector's bit is; a row has 1, 2, 4, ... of them."""
    return int(inspector >> 6 & bits.shape[1] - 1)


@bare(inner=True)
def bit_of(inspector: int) -> np.uint64:
    """Which bit of its word it is."""
    return np.uint64(inspector & 63)


@bare(inner=True)
def in_pool(given: Given, inspector: int, slot: int) -> bool:
    """§14 Whether an inspector is in the pool of a slot."""
    pool = wide(given.about[slot, POOL])
    if not given.pool_bits[pool, word_of(given.pool_bits, inspector)] >> bit_of(inspector) & np.uint64(1):
        return False
    if 64 * given.pool_bits.shape[1] >= len(given.caps):
        return True
    return holds(given.pools, wide(given.pool_at[pool]), wide(given.pool_at[pool + 1]), inspector)


@bare(inner=True)
def recused(given: Given, inspector: int, slot: int) -> bool:
    """§14 Whether an inspector is in the recusal set of a slot's block."""
    block = given.about[slot, BLOCK]
    if not given.recused_bits[block, word_of(given.recused_bits, inspector)] >> bit_of(inspector) & np.uint64(
        1
    ):
        return False
    if 64 * given.recused_bits.shape[1] >= len(given.caps):
        return True
    return holds(given.recused, wide(given.recused_at[block]), wide(given.recused_at[block + 1]), inspector)


@bare(inner=True)
def set_bits(bits: Bits, at: Numbers, lists: Numbers) -> None:
    """A bit for each member of each list."""
    bits[:] = 0
    for row in range(len(at) - 1):
        for place in range(at[row], at[row + 1]):
            bits[row, word_of(bits, wide(lists[place]))] |= np.uint64(1) << bit_of(wide(lists[place]))


@bare(inner=True)
def beside(given: Given, state: State, inspector: int, slot: int, leaving: int) -> bool:
    """§15 Whether an inspector owns a mate of a slot other than the one that he is leaving."""
    found = False  # no early end: which of the mates it is cannot be foreseen, by no processor either
    for place in range(given.about[slot, FIRST], given.about[slot, LAST]):
        mate = given.slots[place]
        found |= (state.own[mate] == inspector) & (mate != slot) & (mate != leaving)
    return found


@bare(inner=True)
def clashes(given: Given, state: State, inspector: int, slot: int) -> int:
    """§15.1 How many mates of a slot have one incompatible with an inspector."""
    if len(given.rivals) == 0:
        return 0
    begin, end = wide(given.rivals_at[inspector]), wide(given.rivals_at[inspector + 1])
    if begin == end:
        return 0
    found = 0
    for place in range(given.about[slot, FIRST], given.about[slot, LAST]):
        mate = wide(given.slots[place])
        if mate != slot and state.own[mate] != _VACANT:
            found += holds(given.rivals, begin, end, wide(state.own[mate]))
    return found


@bare(inner=True)
def give(state: State, slot: int, inspector: int) -> None:
    """§15.1 A vacant slot gets an inspector who has room."""
    state.own[slot] = inspector
    state.held[state.at[inspector] + state.load[inspector]] = slot
    state.load[inspector] += 1


@bare(inner=True)
def drop(state: State, slot: int) -> None:
    """§15.1 A slot becomes vacant; the last of its owner's slots takes its place in the list."""
    owner = wide(state.own[slot])
    place = wide(state.at[owner])
    while state.held[place] != slot:
        place += 1
    state.load[owner] -= 1
    state.held[place] = state.held[state.at[owner] + state.load[owner]]
    state.own[slot] = _VACANT


# --- §15.2 ---


@bare(inner=True)
def search(given: Given, state: State, reached: Reached, tail: int, goal: int) -> int:
    """§15.2 The end of a relay from the first `tail` slots of the queue to a load of at most `goal`, or -1."""
    reached.via[:] = NO_VIA
    copy(reached.seen, reached.pruned)
    reached.left[:] = -1
    for place in range(tail):
        root = wide(reached.queue[place])
        reached.via[root] = _ROOT
        if state.own[root] != _VACANT:
            reached.seen[state.own[root]] = 1
    head = 0
    while head < tail:
        slot = wide(reached.queue[head])
        head += 1
        tail = vacate_mates(given, state, reached, slot, tail)
        end, tail = walk(given, state, reached, slot, tail, goal)
        if end >= 0:
            return end
    return -1


@bare(inner=True)
def copy(into: Flags, flags: Flags) -> None:
    """What a slice would do, if it made no copy between."""
    for place in range(len(flags)):
        into[place] = flags[place]


@bare(inner=True)
def vacate_mates(given: Given, state: State, reached: Reached, slot: int, tail: int) -> int:
    """§15.2 Queue the mates of a slot whose owners could move to it; the new length of the queue."""
    for place in range(given.about[slot, FIRST], given.about[slot, LAST]):
        mate = wide(given.slots[place])
        inspector = wide(state.own[mate])
        if mate == slot or inspector == _VACANT or reached.via[mate] != NO_VIA or reached.pruned[inspector]:
            continue
        if in_pool(given, inspector, slot) and not recused(given, inspector, slot):
            reached.via[mate] = slot
            reached.queue[tail] = mate
            tail += 1
    return tail


@bare(inner=True)
def walk(given: Given, state: State, reached: Reached, slot: int, tail: int, goal: int) -> tuple[int, int]:
    """§15.2 Reach whom the rest of a slot's pool holds: the one at whom the relay ends or -1, the queue's length."""
    pool, kept = given.about[slot, POOL], 0
    begin, size = given.pool_at[pool], reached.left[pool]
    source = reached.rest
    if size < 0:
        source, size = given.pools, given.pool_at[pool + 1] - begin
    for place in range(begin, begin + size):
        inspector = wide(source[place])
        if reached.seen[inspector]:
            continue
        if (
            state.own[slot] == inspector
            or beside(given, state, inspector, slot, slot)
            or recused(given, inspector, slot)
        ):
            reached.rest[begin + kept] = inspector
            kept += 1
            continue
        reached.seen[inspector] = 1
        reached.take[inspector] = slot
        load, first = state.load[inspector], state.at[inspector]
        if load <= goal and load < given.caps[inspector]:
            return inspector, tail
        for other in state.held[first : first + load]:
            if reached.via[other] == NO_VIA:
                reached.via[other] = _HELD
                reached.queue[tail] = other
                tail += 1
    reached.left[pool] = kept
    return -1, tail


@bare(inner=True)
def flip(state: State, reached: Reached, end: int) -> bool:
    """§15.2 Carry out a relay from its end to its root; False if the end, who alone gains a slot, has no room."""
    if state.at[end] + state.load[end] == state.at[end + 1]:
        return False
    inspector, slot = end, wide(reached.take[end])
    while True:
        owner, via = wide(state.own[slot]), wide(reached.via[slot])
        if owner != _VACANT:
            drop(state, slot)
        give(state, slot, inspector)
        if via == _ROOT:
            return True
        inspector = owner
        slot = wide(reached.take[owner]) if via == _HELD else via


# --- §15.3 ---


@bare(inner=True)
def start(given: Given, state: State, reached: Reached, work: Work, stream: Stream) -> int:
    """§15.3 Fill, relay and balance: DRAWN, SEARCH or NARROW."""
    count = fill(given, state, work, stream)
    if count < 0:
        return NARROW
    for place in range(count):
        reached.queue[0] = work.blocked[place]
        end = search(given, state, reached, 1, len(given.about))
        if end < 0:
            return SEARCH
        if not flip(state, reached, end):
            return NARROW
    return balance(given, state, reached)


@bare(inner=True)
def fill(given: Given, state: State, work: Work, stream: Stream) -> int:
    """§15.3 Give each slot one of its least loaded lawful inspectors; how many have none, or -1 if too narrow."""
    slots = len(given.about)
    order = work.order
    for place in range(slots):
        order[place] = place
    for last in range(slots - 1, 0, -1):
        other = below(stream, last + 1)
        order[last], order[other] = order[other], order[last]
    count = 0
    work.barred[:] = -1
    for place in range(slots):
        slot = wide(order[place])
        bar(given, state, slot, work.barred)
        equal = least_loaded(given, state, slot, work.barred, work.ties)
        if equal == 0:
            work.blocked[count] = slot
            count += 1
            continue
        inspector = wide(work.ties[below(stream, equal)])
        if state.at[inspector] + state.load[inspector] == state.at[inspector + 1]:
            return -1
        give(state, slot, inspector)
    return count


@bare(inner=True)
def bar(given: Given, state: State, slot: int, barred: Numbers) -> None:
    """Mark by the slot's number who may not take it: the recused, and the owners of its mates."""
    block = given.about[slot, BLOCK]
    for inspector in given.recused[given.recused_at[block] : given.recused_at[block + 1]]:
        barred[inspector] = slot
    for mate in given.slots[given.about[slot, FIRST] : given.about[slot, LAST]]:
        if state.own[mate] != _VACANT:
            barred[state.own[mate]] = slot


@bare(inner=True)
def least_loaded(given: Given, state: State, slot: int, barred: Numbers, ties: Numbers) -> int:
    """§15.3 The least loaded lawful inspectors of a slot, in order: how many there are."""
    pool, equal, least = given.about[slot, POOL], 0, len(given.about)
    for inspector in given.pools[given.pool_at[pool] : given.pool_at[pool + 1]]:
        load = wide(state.load[inspector])
        if load > least or load >= given.caps[inspector] or barred[inspector] == slot:
            continue
        if load < least:
            least, equal = load, 0
        ties[equal] = inspector
        equal += 1
    return equal


@bare(inner=True)
def balance(given: Given, state: State, reached: Reached) -> int:
    """§15.3 Relay from the most loaded to those with at least two fewer until no such relay is left."""
    level = 0
    for load in state.load:
        level = max(level, load)
    while level >= 2:
        tail = 0
        for inspector in range(len(state.load)):
            if state.load[inspector] == level and not reached.pruned[inspector]:
                first = state.at[inspector]
                for slot in state.held[first : first + level]:
                    reached.queue[tail] = slot
                    tail += 1
        end = search(given, state, reached, tail, level - 2)
        if end < 0:
            copy(reached.pruned, reached.seen)
            level -= 1
        elif not flip(state, reached, end):
            return NARROW
    return DRAWN


@bare(inner=True)
def mark_clash(given: Given, state: State, slot: int, marks: Flags) -> int:
    """Mark whether a slot's owner clashes; by how much the number of marks changes."""
    clash, before = clashes(given, state, wide(state.own[slot]), slot) > 0, marks[slot] > 0
    marks[slot] = clash
    return int(clash) - int(before)


@bare(inner=True)
def mark_block(given: Given, state: State, slot: int, marks: Flags) -> int:
    """Mark which slots of a slot's block clash; by how much the number of marks changes."""
    change = 0
    for mate in given.slots[given.about[slot, FIRST] : given.about[slot, LAST]]:
        change += mark_clash(given, state, wide(mate), marks)
    return change


@bare(inner=True)
def repair(given: Given, state: State, trail: Numbers, stream: Stream, marks: Flags) -> int:
    """§15.3 Get incompatible inspectors apart, if need be at the cost of balance: DRAWN; CLASH, marked; or NARROW."""
    slots = len(given.about)
    if len(given.rivals) == 0:
        return DRAWN
    outcome = rounds(given, state, trail, stream, marks, 1, 1, True)
    if outcome != CLASH:
        return outcome
    outcome = rounds(given, state, trail, stream, marks, -slots, slots, True)
    if outcome != DRAWN:
        return outcome
    return rounds(given, state, trail, stream, marks, 1, slots, False)


@bare(inner=True)
def rounds(
    given: Given,
    state: State,
    trail: Numbers,
    stream: Stream,
    marks: Flags,
    least: int,
    most: int,
    end_early: bool,
) -> int:
    """§15.3 Rounds, or while there are clashes only: DRAWN; CLASH, with the slots marked; NARROW."""
    apart()
    count = 0
    marks[:] = 0
    for slot in range(len(given.about)):
        count += mark_clash(given, state, slot, marks)
    for _ in range(64 * (len(given.about) + len(given.caps))):
        if end_early and count == 0:
            break
        one, other = exchange(given, state, stream, least, most)
        if one == _NO_ROOM:
            return NARROW
        if one != _VACANT:
            count += mark_block(given, state, one, marks)
        if other != _VACANT:
            count += mark_block(given, state, other, marks)
        for place in range(rotate(given, state, stream, 8, trail)):
            count += mark_block(given, state, wide(trail[place, 0]), marks)
    return CLASH if count > 0 else DRAWN


# --- §15.4, §15.5 ---


@bare(inner=True)
def mix(given: Given, state: State, trail: Numbers, stream: Stream) -> None:
    """§15.4, §15.5 All rotations, then all exchanges."""
    slots, inspectors = len(given.about), len(given.caps)
    tries = 8
    while True:
        for _ in range(max(16, -(-max(4 * slots, 4096) // tries))):
            rotate(given, state, stream, tries, trail)
        if tries >= 4 * (slots + inspectors):
            break
        tries *= 2
    for _ in range(16 * slots):
        exchange(given, state, stream, 1, 1)


@bare(inner=True)
def rotate(given: Given, state: State, stream: Stream, tries: int, trail: Numbers) -> int:
    """§15.4 One rotation: a vacancy wanders until someone can keep it, or all is undone.

    Returns how many slots change hands; these are the first of the trail.
    """
    inlined()
    first = below(stream, len(given.caps))
    if state.load[first] == 0:
        return 0
    place = state.at[first] + below(stream, wide(state.load[first]))
    origin = wide(state.held[place])
    drop(state, origin)
    slot, left_with, relays = origin, wide(state.load[first]), 0
    for _ in range(tries):
        inspector, given_up, choice = take(given, state, stream, slot, left_with)
        if inspector == _VACANT:
            continue
        if given_up == _VACANT:
            give(state, slot, inspector)
            trail[relays, 0] = slot
            return relays + 1
        state.held[choice] = slot
        state.own[slot], state.own[given_up] = inspector, _VACANT
        trail[relays, 0], trail[relays, 1], trail[relays, 2] = slot, inspector, choice - state.at[inspector]
        relays += 1
        slot = given_up
    for relay in range(relays - 1, -1, -1):
        before, inspector, back = wide(trail[relay, 0]), wide(trail[relay, 1]), wide(trail[relay, 2])
        state.own[before] = _VACANT
        state.held[state.at[inspector] + back] = slot
        state.own[slot] = inspector
        slot = before
    give(state, origin, first)
    end = state.at[first] + state.load[first] - 1
    state.held[place], state.held[end] = origin, state.held[place]
    return 0


@bare(inner=True)
def take(given: Given, state: State, stream: Stream, slot: int, left_with: int) -> tuple[int, int, int]:
    """§15.4 One try: who takes the vacancy (or none), the slot given up (or none), and where that is held."""
    inlined()
    pool = wide(given.about[slot, POOL])
    begin = wide(given.pool_at[pool])
    inspector = wide(given.pools[begin + below(stream, wide(given.pool_at[pool + 1]) - begin)])
    load = wide(state.load[inspector])
    choices = load
    if load == left_with and load < given.caps[inspector]:
        choices += 1
    if choices == 0:
        return _VACANT, _VACANT, 0
    choice = below(stream, choices)
    place = state.at[inspector] + choice
    given_up = wide(state.held[place]) if choice < load else _VACANT
    if beside(given, state, inspector, slot, given_up) or recused(given, inspector, slot):
        return _VACANT, _VACANT, 0
    if clashes(given, state, inspector, slot) > 0:
        return _VACANT, _VACANT, 0
    return inspector, given_up, place


@bare(inner=True)
def exchange(given: Given, state: State, stream: Stream, least: int, most: int) -> tuple[int, int]:
    """§15.5 One exchange: the slots that change hands, or none.

    A slot is handed on by whoever has at least `least` and at most `most` more than the other.
    """
    inlined()
    inspector = below(stream, len(given.caps))
    if state.load[inspector] == 0:
        return _VACANT, _VACANT
    place = state.at[inspector] + below(stream, wide(state.load[inspector]))
    slot = wide(state.held[place])
    pool = wide(given.about[slot, POOL])
    begin = wide(given.pool_at[pool])
    other = wide(given.pools[begin + below(stream, wide(given.pool_at[pool + 1]) - begin)])
    swap = below(stream, 2) == 1
    if other == inspector or recused(given, other, slot):
        return _VACANT, _VACANT
    if not swap:
        return replace(given, state, place, other, least, most)
    if state.load[other] == 0:
        return _VACANT, _VACANT
    return change(given, state, place, state.at[other] + below(stream, wide(state.load[other])))


@bare(inner=True)
def replace(given: Given, state: State, place: int, other: int, least: int, most: int) -> tuple[int, int]:
    """§15.5 Coin 0: another takes the slot held at a place from someone with so much more."""
    inlined()
    slot = wide(state.held[place])
    inspector = wide(state.own[slot])
    load = wide(state.load[other])
    more = state.load[inspector] - load
    if more < least or more > most or load >= given.caps[other]:
        return _VACANT, _VACANT
    if beside(given, state, other, slot, slot):
        return _VACANT, _VACANT
    if clashes(given, state, other, slot) > clashes(given, state, inspector, slot):
        return _VACANT, _VACANT
    if state.at[other] + load == state.at[other + 1]:
        return _NO_ROOM, _VACANT
    state.load[inspector] -= 1
    state.held[place] = state.held[state.at[inspector] + state.load[inspector]]
    give(state, slot, other)
    return slot, _VACANT


@bare(inner=True)
def change(given: Given, state: State, place: int, other_place: int) -> tuple[int, int]:
    """§15.5 Coin 1: the slots held at two places change owners."""
    inlined()
    slot, wanted = wide(state.held[place]), wide(state.held[other_place])
    inspector, other = wide(state.own[slot]), wide(state.own[wanted])
    if not in_pool(given, inspector, wanted) or recused(given, inspector, wanted):
        return _VACANT, _VACANT
    if beside(given, state, other, slot, wanted) or beside(given, state, inspector, wanted, slot):
        return _VACANT, _VACANT
    before = clashes(given, state, inspector, slot) + clashes(given, state, other, wanted)
    if clashes(given, state, other, slot) + clashes(given, state, inspector, wanted) > before:
        return _VACANT, _VACANT
    state.own[slot], state.own[wanted] = other, inspector
    state.held[place], state.held[other_place] = wanted, slot
    return slot, wanted


@bare()
def draw(given: Given, state: State, reached: Reached, work: Work, stream: Stream, clashing: Flags) -> int:
    """§15.2 to §15.5 All of it: DRAWN; NARROW; SEARCH, with the search as it ended; CLASH, with the slots marked."""
    set_bits(given.pool_bits, given.pool_at, given.pools)
    set_bits(given.recused_bits, given.recused_at, given.recused)
    outcome = start(given, state, reached, work, stream)
    if outcome != DRAWN:
        return outcome
    outcome = repair(given, state, work.trail, stream, clashing)
    if outcome != DRAWN:
        return outcome
    mix(given, state, work.trail, stream)
    return DRAWN
