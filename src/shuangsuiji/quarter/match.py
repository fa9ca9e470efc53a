"""`match` (抽取检查人员): the second draw, a team for every block of targets."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from shuangsuiji.audit.loads import Crowd, crowds
from shuangsuiji.core.draw import draw_inspectors, draw_targets, result_digest
from shuangsuiji.errors import WrongState
from shuangsuiji.kernels import matching
from shuangsuiji.kernels.tickets import selector
from shuangsuiji.quarter.dossier import SHORTAGES, draw_in_state, read_frozen, read_seeded, read_texts
from shuangsuiji.quarter.shortages import Lacking, Relaxed, applied, lacking
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The teams drawn: blocks, places filled, persons drawn; how many persons have how many blocks; result digest.

    `uneven` tells who carries how much and why, where loads differ by more than one, but not of `fixed` teams; `slots`
    are the slots' names.
    `relaxed` are the relaxations applied, `shortages` the attempts that failed before; if it has not `succeeded`, all
    did, and the draw can only be declared void.
    """

    plan: str
    mode: str
    draw: int
    succeeded: bool
    blocks: int
    places: int
    inspectors: int
    loads: Mapping[int, int]
    uneven: tuple[Crowd, ...]
    fixed: bool
    slots: Mapping[str, str]
    relaxed: tuple[Relaxed, ...]
    shortages: tuple[Lacking, ...]
    result: str


def match(
    store: Store,
    *,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
    tell: matching.Progress | None = None,
) -> MatchResult:
    """Draw the inspectors of the only open draw (or that of `plan_id`), in one transaction.

    `tell` is told, component by component, how many of how many places are filled.

    A shortage that the plan's relaxations do not end is a result too: the blocks have no teams. Raises WrongState as
    `draw_in_state` and `read_frozen`; `quarter.late_unseeded` where the inspectors were sealed late and their own
    public values are not in yet.
    """
    with store.begin(operator, "match", now) as transaction:
        row = draw_in_state(transaction, plan_id, "drawn", "draw")
        frozen = read_frozen(transaction, row)
        seeds = read_seeded(transaction, row, frozen).seeds
        if not seeds.inspectors:
            raise WrongState("quarter.late_unseeded", plan=row.plan_id)
        texts = read_texts(transaction, row)
        targets = draw_targets(frozen, seeds, selector(len(frozen.registry.entities)))
        # What the fast twin draws does not depend on the number of threads.
        runs = partial(matching.runs, threads=os.cpu_count() or 1, progress=tell)
        drawn = draw_inspectors(frozen, targets.targets, seeds, runs)
        blocks = drawn.blocks_lines()
        digest = result_digest(frozen.seal, targets.strata_lines(), targets.targets_lines(), blocks).hex()
        transaction.put_files(row, {"blocks.jsonl": blocks, SHORTAGES: drawn.shortages_lines()})
        transaction.set_state(row, "matched")
        transaction.details(draw=row.number, mode=row.mode, plan=row.plan_id, blocks=len(drawn.teams))
        transaction.details(relaxations=drawn.applied, shortages=len(drawn.shortages), result=digest)
    loads = Counter(one.id for team in drawn.teams for one in team.inspectors)
    return MatchResult(
        plan=row.plan_id,
        mode=row.mode,
        draw=row.number,
        succeeded=drawn.succeeded,
        blocks=len(drawn.teams),
        places=sum(len(team.block.slots) for team in drawn.teams),
        inspectors=len(loads),
        loads=dict(sorted(Counter(loads.values()).items())),
        uneven=crowds(frozen, drawn),
        fixed=frozen.plan.teams is not None,
        slots=texts.slots,
        relaxed=applied(frozen.plan, drawn, texts),
        shortages=lacking(frozen, drawn, texts.slots),
        result=digest,
    )
