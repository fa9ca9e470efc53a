"""§14, §15 What is lawful, asked of one place and one person: what a replacement (§19) has to know of the rules."""

from collections.abc import Iterable
from typing import Final

from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity, GroupRecusal, Incompatible, Inspector, PairRecusal, Recusal
from shuangsuiji.core.teams import Block


class Rules:
    """Pools, caps and recusals of a draw, by ids; `plan` has the relaxations in force that the draw applied."""

    def __init__(self, plan: Plan, inspectors: Iterable[Inspector], recusals: Iterable[Recusal]) -> None:
        self._plan: Final = plan
        self._slots: Final = {slot.id: slot for slot in plan.slots}
        self._eligible: Final = eligible(plan, tuple(inspectors))
        self._caps: Final = {one.id: _cap(one, plan.max_per_inspector) for one in self._eligible}
        self._pools: Final[dict[tuple[str, str], tuple[str, ...]]] = {}
        self._by_entity: Final[dict[str, set[str]]] = {}
        self._by_value: Final[dict[tuple[str, str], set[str]]] = {}
        self._apart: Final[dict[str, set[str]]] = {}
        for one in recusals:
            match one:
                case PairRecusal(inspector, entity):
                    self._by_entity.setdefault(entity, set()).add(inspector)
                case GroupRecusal(inspector, column, value):
                    self._by_value.setdefault((column, value), set()).add(inspector)
                case Incompatible(inspector, colleague):
                    self._apart.setdefault(inspector, set()).add(colleague)
                    self._apart.setdefault(colleague, set()).add(inspector)

    def pool(self, block: Block, slot: str) -> tuple[str, ...]:
        """§14 The pool of a slot in a block, ascending."""
        kind = (slot, block.district)
        if kind not in self._pools:
            positions = slot_pool(self._slots[slot], block.district, self._eligible)
            self._pools[kind] = tuple(sorted(self._eligible[one].id for one in positions))
        return self._pools[kind]

    def cap(self, inspector: str) -> int:
        """§15 The most slots that an eligible inspector takes."""
        return self._caps[inspector]

    def recused(self, entity: Entity) -> frozenset[str]:
        """§14 The inspectors who may not visit the entity."""
        found = set(self._by_entity.get(entity.id, ()))
        for alias, value in entity.columns.items():
            found |= self._by_value.get((alias, value), frozenset())
        return frozenset(found)

    def apart(self, inspector: str) -> frozenset[str]:
        """§8 The inspectors who are incompatible with this one."""
        return frozenset(self._apart.get(inspector, ()))

    def district(self, entity: Entity) -> str:
        """§14 The entity's district, "" if it has none."""
        return "" if self._plan.district is None else entity.columns.get(self._plan.district, "")


def _cap(inspector: Inspector, most: int) -> int:
    return most if inspector.most is None else min(most, inspector.most)
