"""§15.3 The start: a random greedy filling, relays for the slots it blocks, balance; it heeds no incompatibility."""

from shuangsuiji.core.matching.problem import Component, Short
from shuangsuiji.core.matching.relay import flip, search
from shuangsuiji.core.matching.state import State
from shuangsuiji.core.stream import Stream


def start(component: Component, stream: Stream) -> State | Short:
    """§15.3 The least sum of squares that the rules, but for incompatibility, allow; or the certificate of §15.6."""
    state = State(component)
    order = list(range(len(component.slots)))
    stream.shuffle(order)
    for slot in _fill(state, order, stream):
        relay = search(state, [slot], None, ())
        if relay.end is None:
            return Short("search", tuple(sorted(relay.via)), tuple(sorted(relay.seen)))
        flip(state, relay)
    _balance(state)
    return state


def _fill(state: State, order: list[int], stream: Stream) -> list[int]:
    """§15.3 Give each slot one of its least loaded lawful inspectors; return the slots that have none."""
    blocked = []
    for slot in order:
        recused = state.component.recused[slot]
        least, ties = len(order), list[int]()
        for inspector in state.pool(slot):
            load = len(state.held[inspector])
            if load > least or not state.has_room(inspector):
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
