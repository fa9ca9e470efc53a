"""`draw` (抽取检查对象): the first draw, from the frozen lists and the seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.core.draw import TargetDraw, draw_targets
from shuangsuiji.quarter.dossier import draw_in_state, read_frozen, read_seeds
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
    """The targets drawn: by tier in the plan's order; entities (户), and visits counted once per task (户次)."""

    plan: str
    mode: str
    draw: int
    tiers: tuple[DrawnTier, ...]
    targets: int
    visits: int
    excluded: Mapping[str, Mapping[str, int]]
    in_no_tier: Mapping[str, int]


def draw(store: Store, *, plan_id: str | None = None, operator: str, now: datetime) -> DrawResult:
    """Draw the targets of the only open draw (or that of `plan_id`), in one transaction.

    Raises WrongState as `draw_in_state` and `read_frozen`.
    """
    with store.begin(operator, "draw", now) as transaction:
        row = draw_in_state(transaction, plan_id, "seeded", "seed")
        frozen = read_frozen(transaction, row)
        _, seeds = read_seeds(transaction, row, frozen)
        drawn = draw_targets(frozen, seeds)
        transaction.put_files(
            row, {"strata.jsonl": drawn.strata_lines(), "targets.jsonl": drawn.targets_lines()}
        )
        transaction.set_state(row, "drawn")
        transaction.details(draw=row.number, mode=row.mode, plan=row.plan_id, targets=len(drawn.targets))
    excluded = {division.task.id: division.excluded for division in frozen.strata.divisions}
    in_no_tier = {division.task.id: division.in_no_tier for division in frozen.strata.divisions}
    tiers = tuple(
        DrawnTier(
            division.task.id,
            base.tier.id,
            base.tier.name,
            base.size,
            base.quota,
            _drawn(drawn, division.task.id, base.tier.id),
        )
        for division in frozen.strata.divisions
        for base in division.bases
    )
    return _result(row, drawn, tiers, excluded, in_no_tier)


def _drawn(drawn: TargetDraw, task: str, tier: str) -> int:
    return sum(len(one.drawn) for one in drawn.strata if (one.task, one.tier) == (task, tier))


def _result(
    row: DrawRow,
    drawn: TargetDraw,
    tiers: tuple[DrawnTier, ...],
    excluded: Mapping[str, Mapping[str, int]],
    in_no_tier: Mapping[str, int],
) -> DrawResult:
    return DrawResult(
        plan=row.plan_id,
        mode=row.mode,
        draw=row.number,
        tiers=tiers,
        targets=len(drawn.targets),
        visits=sum(len(target.tasks) for target in drawn.targets),
        excluded=excluded,
        in_no_tier=in_no_tier,
    )
