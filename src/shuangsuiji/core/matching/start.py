"""§15.3, §15.6 The start: a random greedy filling, relays for the slots it blocks, then balance."""

from dataclasses import dataclass

from shuangsuiji.core.matching.problem import Component
from shuangsuiji.core.matching.relay import flip, search
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.stream import Stream


@dataclass(frozen=True, slots=True)
class Hall:
    """§15.6 Why it cannot be done: these slots can be taken only by these inspectors (the component's numbers)."""

    slots: tuple[int, ...]
    inspectors: tuple[int, ...]


def start(component: Component, stream: Stream) -> State | Hall:
    """§15.3 A lawful assignment with the least sum of squares of loads, or the certificate that none is lawful."""
    state = State(component)
    order = list(range(len(component.slots)))
    stream.shuffle(order)
    for slot in _fill(state, order, stream):
        relay = search(state, [slot], None, ())
        if relay.end is None:
            return Hall(tuple(sorted(relay.via)), tuple(sorted(relay.seen)))
        flip(state, relay)
    _balance(state)
    return state


def _fill(state: State, order: list[int], stream: Stream) -> list[int]:
    """§15.3 Give each slot one of its least loaded lawful inspectors; return the slots that have none."""
    blocked = []
    for slot in order:
        recused = state.component.recused[slot]
        least, ties = state.component.cap, list[int]()
        for inspector in state.pool(slot):
            load = len(state.held[inspector])
            if load > least or load >= state.component.cap:
                continue
            if inspector in recused or state.beside(inspector, slot):
                continue
            if load < least:
                least, ties = load, []
            ties.append(inspector)
        if ties:
            state.give(slot, ties[stream.below(len(ties))])
        else:
            blocked.append(slot)
    return blocked


def _balance(state: State) -> None:
    """§15.3 Relay from the most loaded to those with at least two fewer until no such relay is left.

    Harvey, Ladner, Lovasz and Tamir, Semi-matchings for bipartite graphs and load balancing (2006): the sum of
    squares is least when no cost-reducing path is left.
    """
    pruned: set[int] = set()
    level = max(map(len, state.held))
    while level >= 2:
        roots = [
            slot
            for inspector, held in enumerate(state.held)
            if len(held) == level and inspector not in pruned
            for slot in held
        ]
        relay = search(state, roots, level - 2, pruned)
        if relay.end is None:
            pruned |= relay.seen
            level -= 1
        else:
            flip(state, relay)
