"""§14 Blocks (检查任务包) and their slots: what the inspector draw has to fill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuangsuiji.core.allocation import cut
from shuangsuiji.core.commitment import Frozen, Pool
from shuangsuiji.core.eligibility import eligible, slot_pool
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.matching.problem import Problem, Slot
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity, GroupRecusal, Incompatible, Inspector, PairRecusal, Recusal
from shuangsuiji.core.seed import Seeds


@dataclass(frozen=True, slots=True)
class Target:
    """A drawn entity (检查对象): its record, the tasks that drew it in the plan's order, its wave (批; 0: none)."""

    entity: Entity
    tasks: tuple[str, ...]
    wave: int = 0

    def object(self) -> dict[str, Json]:
        """§12 Its line of `targets.jsonl`."""
        value: dict[str, Json] = {"id": self.entity.id, "tasks": list(self.tasks)}
        return value | {"wave": self.wave} if self.wave else value


@dataclass(frozen=True, slots=True)
class Block:
    """The targets that one team visits: one district, one set of tasks, one wave; the slots of its team, by id."""

    number: int
    district: str
    tasks: tuple[str, ...]
    targets: tuple[Target, ...]
    slots: tuple[str, ...]
    wave: int = 0

    def object(self) -> dict[str, Json]:
        """§15.7 Its line of `blocks.jsonl`, but for the team."""
        value: dict[str, Json] = {
            "block": self.number,
            "district": self.district,
            "targets": [target.entity.id for target in self.targets],
            "tasks": list(self.tasks),
        }
        return value | {"wave": self.wave} if self.wave else value


def make_blocks(frozen: Frozen, targets: Sequence[Target], seeds: Seeds) -> tuple[Block, ...]:
    """§14 The blocks of a target draw, numbered from 1."""
    plan = frozen.plan
    groups: dict[bytes, list[Target]] = {}
    for target in targets:
        name = canonical_json([_district(plan, target), list(target.tasks), target.wave])
        groups.setdefault(name, []).append(target)
    blocks: list[Block] = []
    for name in sorted(groups):
        group = sorted(groups[name], key=lambda target: _block_order(frozen, target, seeds))
        first = group[0]
        district, slots = _district(plan, first), team_slots(plan, first.tasks)
        for part in cut(group, -(-len(group) // plan.max_targets)):
            blocks.append(Block(len(blocks) + 1, district, first.tasks, tuple(part), slots, first.wave))
    return tuple(blocks)


def make_problem(plan: Plan, blocks: Sequence[Block], pool: Pool) -> tuple[tuple[Inspector, ...], Problem]:
    """§14 The inspectors who can be drawn and the matching problem over their positions (§15).

    The plan is the one in force (`relaxed`).
    """
    candidates = eligible(plan, pool.inspectors)
    by_id = {slot.id: slot for slot in plan.slots}
    pools: dict[tuple[str, str], tuple[int, ...]] = {}
    slots: list[Slot] = []
    for position, block in enumerate(blocks):
        for slot_id in block.slots:
            slot = by_id[slot_id]
            kind = (slot_id, "" if slot.district == "any" else block.district)
            if kind not in pools:
                pools[kind] = slot_pool(slot, block.district, candidates)
            slots.append(Slot(position, pools[kind]))
    positions = {one.id: position for position, one in enumerate(candidates)}
    recused = _Recused(pool.recusals, positions)
    sets = tuple(frozenset(recused.from_targets(block.targets)) for block in blocks)
    cap = plan.max_per_inspector
    caps = tuple(cap if one.most is None else min(one.most, cap) for one in candidates)
    return candidates, Problem(tuple(slots), sets, caps, _incompatible(pool.recusals, positions))


def _district(plan: Plan, target: Target) -> str:
    return "" if plan.district is None else target.entity.columns.get(plan.district, "")


def _block_order(frozen: Frozen, target: Target, seeds: Seeds) -> tuple[bytes, str]:
    own_salt = frozen.seal.salt("entity", target.entity.id)
    return seeds.key("inspectors", "block-order", own_salt), target.entity.id


def team_slots(plan: Plan, tasks: Sequence[str]) -> tuple[str, ...]:
    """§14 The slots that some of these tasks name, in the plan's order."""
    wanted = {slot for task in plan.tasks if task.id in tasks for slot in task.slots}
    return tuple(slot.id for slot in plan.slots if slot.id in wanted)


def _incompatible(recusals: Sequence[Recusal], positions: Mapping[str, int]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (positions[one.colleague], positions[one.inspector])
        for one in recusals
        if isinstance(one, Incompatible) and one.colleague in positions and one.inspector in positions
    )


class _Recused:
    """Recusals looked up by entity id and by column value, as positions of inspectors who can be drawn."""

    def __init__(self, recusals: Sequence[Recusal], positions: Mapping[str, int]) -> None:
        self._pairs: dict[str, set[int]] = {}
        self._groups: dict[tuple[str, str], set[int]] = {}
        for one in recusals:
            position = positions.get(one.inspector)
            if position is None:
                continue
            match one:
                case PairRecusal(_, entity):
                    self._pairs.setdefault(entity, set()).add(position)
                case GroupRecusal(_, column, value):
                    self._groups.setdefault((column, value), set()).add(position)
                case Incompatible():
                    pass
        self._columns = {column for column, _ in self._groups}

    def from_targets(self, targets: Sequence[Target]) -> Iterator[int]:
        for target in targets:
            yield from self._pairs.get(target.entity.id, ())
            for column in self._columns:
                value = target.entity.columns.get(column)
                if value is not None:
                    yield from self._groups.get((column, value), ())
