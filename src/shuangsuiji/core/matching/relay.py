"""§15.2 Relay search: the shortest chain of hand-overs that vacates a slot, breadth-first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.core.matching.state import VACANT, State

_ROOT: Final = -1
_HELD: Final = -2


@dataclass(slots=True)
class Relay:
    """§15.2 What a search found.

    `end` is the inspector who takes a slot and gives none up, or None; `take[j]` the slot that j takes; `via[s]` how
    slot s came to be vacated: a root, held by an inspector reached, or for the slot of that number; `seen` all
    inspectors reached.
    """

    end: int | None
    take: dict[int, int]
    via: dict[int, int]
    seen: set[int]


def search(state: State, roots: Sequence[int], goal: int | None, pruned: Collection[int]) -> Relay:
    """§15.2 Look for a relay from one of `roots` to an inspector of load at most `goal` (None: any) with room.

    Inspectors in `pruned` take no part.
    """
    own, component = state.own, state.component
    relay = Relay(
        None, {}, dict.fromkeys(roots, _ROOT), {*pruned, *(own[s] for s in roots if own[s] != VACANT)}
    )
    rest: dict[int, Sequence[int]] = {}
    queue = list(roots)
    for slot in queue:
        queue += _moves_within_block(state, relay, slot, pruned)
        barred = component.recused[slot] | {own[slot], *(own[mate] for mate in component.mates[slot])}
        pool, left = component.pool_of[slot], list[int]()
        for inspector in rest.get(pool, component.pools[pool]):
            if inspector in relay.seen:
                continue
            if inspector in barred:
                left.append(inspector)
                continue
            relay.seen.add(inspector)
            relay.take[inspector] = slot
            load = len(state.held[inspector])
            if load < component.caps[inspector] and (goal is None or load <= goal):
                relay.end = inspector
                return relay
            vacated = [other for other in state.held[inspector] if other not in relay.via]
            relay.via.update(dict.fromkeys(vacated, _HELD))
            queue += vacated
        rest[pool] = left
    return relay


def _moves_within_block(state: State, relay: Relay, slot: int, pruned: Collection[int]) -> list[int]:
    """§15.2 The mates of a slot whose owners could move to it, each leaving a vacancy of its own to fill."""
    vacated = []
    for mate in state.component.mates[slot]:
        inspector = state.own[mate]
        lawful = (
            inspector != VACANT
            and state.in_pool(inspector, slot)
            and inspector not in state.component.recused[slot]
            and inspector not in pruned
        )
        if lawful and mate not in relay.via:
            relay.via[mate] = slot
            vacated.append(mate)
    return vacated


def flip(state: State, relay: Relay) -> None:
    """§15.2 Carry out a relay that was found, from its end back to a root."""
    if relay.end is None:
        raise ValueError("nothing was found")
    inspector, slot = relay.end, relay.take[relay.end]
    while True:
        owner, via = state.own[slot], relay.via[slot]
        if owner != VACANT:
            state.drop(slot)
        state.give(slot, inspector)
        if via == _ROOT:
            return
        inspector = owner
        slot = relay.take[owner] if via == _HELD else via
