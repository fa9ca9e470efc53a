"""§15.4, §15.5 Mixing: symmetric moves among the lawful, equally balanced assignments.

Every move is as likely as its reverse, so the uniform distribution is stationary; rotations reach all assignments.
"""

from typing import Final

from shuangsuiji.core.matching.state import VACANT, State
from shuangsuiji.core.stream import Stream

EVEN: Final = range(1, 2)
"""By how much the load of someone who hands on a slot may exceed the other's, if balance is to be kept."""
_EXCHANGES_PER_SLOT = 16
_FIRST_CAP = 8
_LEAST_ROTATIONS = 16
_LEAST_RELAYS = 4096


def mix(state: State, stream: Stream) -> None:
    """§15.4, §15.5 All rotations, then all exchanges."""
    slots, inspectors = len(state.own), len(state.held)
    cap = _FIRST_CAP
    while True:
        relays = max(4 * slots, _LEAST_RELAYS)
        for _ in range(max(_LEAST_ROTATIONS, -(-relays // cap))):
            rotate(state, stream, cap)
        if cap >= 4 * (slots + inspectors):
            break
        cap *= 2
    for _ in range(_EXCHANGES_PER_SLOT * slots):
        exchange(state, stream)


def rotate(state: State, stream: Stream, cap: int) -> tuple[int, ...]:
    """§15.4 One rotation of at most `cap` tries: a vacancy wanders until someone can keep it, or all is undone.

    Returns the slots that change hands.
    """
    own, held, component = state.own, state.held, state.component
    recused, caps, rivals = component.recused, component.caps, component.rivals
    first = stream.below(len(held))
    if not held[first]:
        return ()
    place = stream.below(len(held[first]))
    origin = slot = held[first][place]
    state.drop(origin)
    left_with = len(held[first])
    trail: list[tuple[int, int, int]] = []
    for _ in range(cap):
        pool = state.pool(slot)
        inspector = pool[stream.below(len(pool))]
        load = len(held[inspector])
        choices = load + (load == left_with and load < caps[inspector])
        if choices == 0:
            continue
        choice = stream.below(choices)
        given_up = held[inspector][choice] if choice < load else VACANT
        if inspector in recused[slot] or state.beside(inspector, slot, given_up):
            continue
        if rivals and state.clashes(inspector, slot):
            continue
        if given_up == VACANT:
            state.give(slot, inspector)
            return (*(moved for moved, _, _ in trail), slot)
        held[inspector][choice] = slot
        own[slot], own[given_up] = inspector, VACANT
        trail.append((slot, inspector, choice))
        slot = given_up
    for before, inspector, choice in reversed(trail):
        own[before] = VACANT
        held[inspector][choice] = slot
        own[slot] = inspector
        slot = before
    own[origin] = first
    held[first].append(origin)
    held[first][place], held[first][-1] = held[first][-1], held[first][place]
    return ()


def exchange(state: State, stream: Stream, gaps: range = EVEN) -> tuple[int, ...]:
    """§15.5 One exchange: hand a slot to someone with one fewer, or swap two slots; the slots that change hands.

    Where incompatible inspectors are apart it keeps them apart; where they are not (§15.3, repair) it adds no clash and
    slots may be handed on at other `gaps` between two loads.
    """
    held = state.held
    inspector = stream.below(len(held))
    if not held[inspector]:
        return ()
    slot = held[inspector][stream.below(len(held[inspector]))]
    pool = state.pool(slot)
    other = pool[stream.below(len(pool))]
    swap = stream.below(2)
    if other == inspector or other in state.component.recused[slot]:
        return ()
    if not swap:
        return _replace(state, slot, other, gaps)
    if not held[other]:
        return ()
    return _swap(state, slot, held[other][stream.below(len(held[other]))])


def _replace(state: State, slot: int, other: int, gaps: range) -> tuple[int, ...]:
    inspector = state.own[slot]
    fewer = len(state.held[inspector]) - len(state.held[other]) in gaps
    if not fewer or not state.has_room(other) or state.beside(other, slot):
        return ()
    if state.clashes(other, slot) > state.clashes(inspector, slot):
        return ()
    state.drop(slot)
    state.give(slot, other)
    return (slot,)


def _swap(state: State, slot: int, wanted: int) -> tuple[int, ...]:
    own, held = state.own, state.held
    inspector, other = own[slot], own[wanted]
    if not state.in_pool(inspector, wanted) or inspector in state.component.recused[wanted]:
        return ()
    if state.beside(other, slot, wanted) or state.beside(inspector, wanted, slot):
        return ()
    before = state.clashes(inspector, slot) + state.clashes(other, wanted)
    if state.clashes(other, slot) + state.clashes(inspector, wanted) > before:
        return ()
    place, other_place = held[inspector].index(slot), held[other].index(wanted)
    own[slot], own[wanted] = other, inspector
    held[inspector][place], held[other][other_place] = wanted, slot
    return slot, wanted
