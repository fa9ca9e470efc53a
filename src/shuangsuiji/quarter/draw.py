"""`draw` (抽取检查对象): the first draw, from the frozen lists and the seed."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.core.draw import TargetDraw, draw_strata
from shuangsuiji.core.strata import Division
from shuangsuiji.kernels.tickets import selector
from shuangsuiji.quarter.dossier import draw_in_state, read_target_seeds, read_texts
from shuangsuiji.quarter.sealed import read_sealed
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class DrawnTier:
    """A tier after the draw: base (抽查基数), quota and drawn, in 户."""

    task: str
    tier: str
    name: str
    base: int
    quota: int
    drawn: int


@dataclass(frozen=True, slots=True)
class DrawResult:
    """The targets drawn: by tier in the plan's order; entities (户), and visits counted once per task (户次).

    `excluded` counts by task and reason, `in_no_tier` by task; `task_names` and `reasons` are the plan's names for
    their codes.
    """

    plan: str
    mode: str
    draw: int
    tiers: tuple[DrawnTier, ...]
    targets: int
    visits: int
    excluded: Mapping[str, Mapping[str, int]]
    in_no_tier: Mapping[str, int]
    task_names: Mapping[str, str]
    reasons: Mapping[str, str]


def draw(store: Store, *, plan_id: str | None = None, operator: str, now: datetime) -> DrawResult:
    """Draw the targets of the only open draw (or that of `plan_id`), in one transaction.

    The inspectors may still wait to be sealed. Raises WrongState as `draw_in_state` and `read_sealed`.
    """
    with store.begin(operator, "draw", now) as transaction:
        row = draw_in_state(transaction, plan_id, "seeded", "seed")
        sealed = read_sealed(transaction, row)
        seeds = read_target_seeds(transaction, row, sealed.commitment)
        # What the fast twin draws does not depend on the number of threads.
        smallest = selector(len(sealed.entities), threads=os.cpu_count() or 1)
        drawn = draw_strata(sealed.plan, sealed.strata, sealed.entities, seeds, smallest)
        sealed.check(drawn)
        reasons = read_texts(transaction, row).reasons
        transaction.put_files(
            row, {"strata.jsonl": drawn.strata_lines(), "targets.jsonl": drawn.targets_lines()}
        )
        transaction.set_state(row, "drawn")
        transaction.details(draw=row.number, mode=row.mode, plan=row.plan_id, targets=len(drawn.targets))
    return _result(row, drawn, sealed.strata.divisions, reasons)


def _result(
    row: DrawRow, drawn: TargetDraw, divisions: Sequence[Division], reasons: Mapping[str, str]
) -> DrawResult:
    drawn_by_tier = Counter[tuple[str, str]]()
    for stratum in drawn.strata:
        drawn_by_tier[stratum.task, stratum.tier] += len(stratum.drawn)
    tiers = tuple(
        DrawnTier(
            task=division.task.id,
            tier=base.tier.id,
            name=base.tier.name,
            base=base.size,
            quota=base.quota,
            drawn=drawn_by_tier[division.task.id, base.tier.id],
        )
        for division in divisions
        for base in division.bases
    )
    return DrawResult(
        plan=row.plan_id,
        mode=row.mode,
        draw=row.number,
        tiers=tiers,
        targets=len(drawn.targets),
        visits=sum(len(target.tasks) for target in drawn.targets),
        excluded={division.task.id: division.excluded for division in divisions},
        in_no_tier={division.task.id: division.in_no_tier for division in divisions},
        task_names={division.task.id: division.task.name for division in divisions},
        reasons=reasons,
    )
