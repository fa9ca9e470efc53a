"""§12, §15.7 Both draws of a frozen batch from its seeds, and the lines and the digest of their result."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.encoding import Json, json_lines
from shuangsuiji.core.hashing import draw_hash
from shuangsuiji.core.matching import assign
from shuangsuiji.core.matching.problem import Problem
from shuangsuiji.core.matching.start import Hall
from shuangsuiji.core.records import Inspector
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.selection import DrawnStratum, draw_task
from shuangsuiji.core.teams import Block, Target, make_blocks, make_problem
from shuangsuiji.errors import Shortage


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
    """A block and its team (检查组): an inspector for each of the block's slots, in order."""

    block: Block
    inspectors: tuple[Inspector, ...]

    def object(self) -> dict[str, Json]:
        """§15.7 Its line of `blocks.jsonl`."""
        team: list[Json] = [
            {"inspector": one.id, "slot": slot}
            for slot, one in zip(self.block.slots, self.inspectors, strict=True)
        ]
        return self.block.object() | {"team": team}


def draw_targets(frozen: Frozen, seeds: Seeds) -> TargetDraw:
    """§12 The first draw."""
    strata = tuple(
        stratum
        for task, tiers in zip(frozen.plan.tasks, frozen.strata.tiers, strict=True)
        for stratum in draw_task(task.id, tiers, seeds)
    )
    tasks: dict[int, list[str]] = {}
    for stratum in strata:
        for position in stratum.drawn:
            tasks.setdefault(position, []).append(stratum.task)
    entities = frozen.registry.entities
    return TargetDraw(strata, tuple(Target(entities[at], tuple(tasks[at])) for at in sorted(tasks)))


def draw_inspectors(frozen: Frozen, targets: Sequence[Target], seeds: Seeds) -> tuple[Team, ...]:
    """§15 The second draw (抽取检查人员) for the targets of the first.

    Raises Shortage (`core.shortage`) with the certificate of §15.6 if no lawful assignment exists.
    """
    blocks = make_blocks(frozen, targets, seeds)
    candidates, problem = make_problem(frozen.plan, blocks, frozen.pool)
    owners = assign(problem, seeds)
    if isinstance(owners, Hall):
        raise _shortage(problem, blocks, owners)
    drawn = iter(owners)
    return tuple(Team(block, tuple(candidates[next(drawn)] for _ in block.slots)) for block in blocks)


def teams_lines(teams: Sequence[Team]) -> bytes:
    """§15.7 `blocks.jsonl`."""
    return json_lines(team.object() for team in teams)


def result_digest(mode: str, strata: bytes, targets: bytes, blocks: bytes) -> bytes:
    """§15.7 The 32-byte digest of a draw's result files."""
    return draw_hash(mode, "result", strata, targets, blocks)


def _shortage(problem: Problem, blocks: Sequence[Block], hall: Hall) -> Shortage:
    places = [(block.district, slot) for block in blocks for slot in block.slots]
    kinds = sorted({places[number] for number in hall.slots})
    short = [problem.slots[number] for number in hall.slots]
    able = {one for slot in short for one in slot.pool if one not in problem.recused[slot.block]}
    return Shortage(
        "core.shortage",
        places=len(short),
        inspectors=len(able),
        cap=problem.cap,
        kinds="、".join(f"{district}/{slot}" if district else slot for district, slot in kinds[:5]),
    )
