"""§12, §15.6, §15.7 Both draws of a frozen batch from its seeds, and the lines and the digest of their result."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuangsuiji.core.commitment import Frozen, FrozenTargets, Pool, Strata
from shuangsuiji.core.eligibility import eligible
from shuangsuiji.core.encoding import Json, json_lines, u64
from shuangsuiji.core.fixed_teams import assign_teams
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.matching import Runs, assign, runs
from shuangsuiji.core.matching.problem import Short
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity, Inspector, Seal
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.selection import DrawnStratum, Smallest, draw_task, smallest, waves
from shuangsuiji.core.teams import Block, Target, make_blocks, make_problem


@dataclass(frozen=True, slots=True)
class TargetDraw:
    """The first draw (抽取检查对象): strata in order; targets ascending by id."""

    strata: tuple[DrawnStratum, ...]
    targets: tuple[Target, ...]

    def strata_lines(self) -> bytes:
        """§12 `strata.jsonl`."""
        return json_lines(one.object() for one in self.strata)

    def targets_lines(self) -> bytes:
        """§12 `targets.jsonl`."""
        return json_lines(one.object() for one in self.targets)


@dataclass(frozen=True, slots=True)
class Team:
    """A block and its team (检查组): an inspector for each of the block's slots, in order; none if none was found."""

    block: Block
    inspectors: tuple[Inspector, ...]

    def object(self) -> dict[str, Json]:
        """§15.7 Its line of `blocks.jsonl`."""
        if not self.inspectors:
            return self.block.object()
        team: list[Json] = [
            {"inspector": one.id, "slot": slot}
            for slot, one in zip(self.block.slots, self.inspectors, strict=True)
        ]
        return self.block.object() | {"team": team}


@dataclass(frozen=True, slots=True)
class ShortageLine:
    """An attempt at the second draw that found no inspectors for these slots (人员不足), and why."""

    relaxations: int
    why: str
    slots: tuple[int, ...]
    inspectors: tuple[str, ...]

    def object(self) -> dict[str, Json]:
        """§15.6 Its line of `shortages.jsonl`."""
        return {
            "inspectors": list(self.inspectors),
            "relaxations": self.relaxations,
            "slots": list(self.slots),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class InspectorDraw:
    """The second draw (抽取检查人员): a team for every block, the attempts that failed, the relaxations applied."""

    teams: tuple[Team, ...]
    shortages: tuple[ShortageLine, ...]
    applied: int

    @property
    def succeeded(self) -> bool:
        """§15.6 Whether some attempt found a team for every block."""
        return len(self.shortages) == self.applied

    def blocks_lines(self) -> bytes:
        """§15.7 `blocks.jsonl`."""
        return json_lines(one.object() for one in self.teams)

    def shortages_lines(self) -> bytes:
        """§15.6 `shortages.jsonl`."""
        return json_lines(one.object() for one in self.shortages)


def draw_targets(frozen: FrozenTargets, seeds: Seeds, smallest: Smallest = smallest) -> TargetDraw:
    """§12 The first draw."""
    return draw_strata(frozen.plan, frozen.strata, frozen.registry.entities, seeds, smallest)


def draw_strata(
    plan: Plan, divided: Strata, entities: Sequence[Entity], seeds: Seeds, smallest: Smallest = smallest
) -> TargetDraw:
    """§12 The first draw from the strata of a registry; of its entities only those drawn are looked at."""
    strata: list[DrawnStratum] = []
    tasks: dict[int, list[str]] = {}
    wave_of: dict[int, int] = {}
    for task, tiers, listed in zip(plan.tasks, divided.tiers, divided.listed, strict=True):
        own = tuple(draw_task(task.id, tiers, seeds, smallest))
        strata += own
        members = [at for stratum in own for at in stratum.drawn] if listed is None else listed.members
        for at in members:
            tasks.setdefault(at, []).append(task.id)
        for at, wave in waves(task, own):
            wave_of[at] = min(wave, wave_of.get(at, wave))
    targets = tuple(Target(entities[at], tuple(tasks[at]), wave_of.get(at, 0)) for at in sorted(tasks))
    return TargetDraw(tuple(strata), targets)


def draw_inspectors(
    frozen: Frozen, targets: Sequence[Target], seeds: Seeds, runs: Runs = runs
) -> InspectorDraw:
    """§15.6 The second draw for the targets of the first, with as few relaxations as it needs.

    If even all of them do not suffice, the blocks have no teams.
    """
    blocks = make_blocks(frozen, targets, seeds)
    candidates = eligible(frozen.plan, frozen.pool.inspectors)
    shortages: list[ShortageLine] = []
    for applied in range(len(frozen.plan.relaxations) + 1):
        drawn = _attempt(relaxed(frozen.plan, applied), blocks, frozen.pool, seeds, runs)
        if not isinstance(drawn, Short):
            teams = tuple(
                Team(block, tuple(candidates[one] for one in team))
                for block, team in zip(blocks, drawn, strict=True)
            )
            return InspectorDraw(teams, tuple(shortages), applied)
        ids = tuple(candidates[one].id for one in drawn.inspectors)
        shortages.append(ShortageLine(applied, drawn.why, drawn.slots, ids))
    return InspectorDraw(
        tuple(Team(block, ()) for block in blocks), tuple(shortages), len(frozen.plan.relaxations)
    )


def result_digest(seal: Seal, strata: bytes, targets: bytes, blocks: bytes) -> bytes:
    """§15.7 The 32-byte digest of a draw's result files."""
    return draw_hash(seal.mode, "result", seal.result_salt(), strata, targets, blocks)


def _attempt(
    plan: Plan, blocks: Sequence[Block], pool: Pool, seeds: Seeds, runs: Runs
) -> Sequence[tuple[int, ...]] | Short:
    if plan.teams is not None:
        return assign_teams(plan, blocks, pool, plan.teams, seeds, runs)
    _, problem = make_problem(plan, blocks, pool)
    owners = assign(problem, lambda first: seeds.key("inspectors", "component", u64(first)), runs)
    if isinstance(owners, Short):
        return owners
    drawn = iter(owners)
    return [tuple(next(drawn) for _ in block.slots) for block in blocks]
