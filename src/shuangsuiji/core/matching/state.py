"""§15.1 The state of the draw in one component: who owns each slot, and what each inspector holds, in order."""

from typing import Final

from shuangsuiji.core.matching.problem import Component, Pool

VACANT: Final = -1
"""In `own`: no inspector."""


class State:
    """§15.1 `own[s]`, the inspector of slot s or VACANT; `held[j]`, the list of j's slots, whose order matters."""

    __slots__ = ("component", "held", "members", "own")

    def __init__(self, component: Component) -> None:
        self.component = component
        self.own = [VACANT] * len(component.slots)
        self.held: list[list[int]] = [[] for _ in component.inspectors]
        self.members = [frozenset(pool) for pool in component.pools]

    def pool(self, slot: int) -> Pool:
        """§14 The pool of a slot."""
        return self.component.pools[self.component.pool_of[slot]]

    def in_pool(self, inspector: int, slot: int) -> bool:
        """§14 Whether an inspector is in the pool of a slot."""
        return inspector in self.members[self.component.pool_of[slot]]

    def has_room(self, inspector: int) -> bool:
        """§15 Whether an inspector's load is under the cap."""
        return len(self.held[inspector]) < self.component.caps[inspector]

    def beside(self, inspector: int, slot: int, leaving: int = VACANT) -> bool:
        """§15 Whether an inspector owns another slot of the slot's block than the one that he is leaving."""
        own = self.own
        return any(own[mate] == inspector and mate != leaving for mate in self.component.mates[slot])

    def clashes(self, inspector: int, slot: int) -> int:
        """§15.1 How many mates of the slot have one incompatible with an inspector."""
        rivals = self.component.rivals
        if not rivals or not rivals[inspector]:
            return 0
        barred, own = rivals[inspector], self.own
        return sum(own[mate] in barred for mate in self.component.mates[slot])

    def give(self, slot: int, inspector: int) -> None:
        """§15.1 A vacant slot gets an inspector."""
        self.own[slot] = inspector
        self.held[inspector].append(slot)

    def drop(self, slot: int) -> None:
        """§15.1 A slot becomes vacant; the last of its owner's slots takes its place in the list."""
        held = self.held[self.own[slot]]
        place = held.index(slot)
        last = held.pop()
        if last != slot:
            held[place] = last
        self.own[slot] = VACANT
