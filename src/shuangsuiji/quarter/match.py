"""`match` (抽取检查人员): the second draw, a team for every block of targets."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.core.draw import draw_inspectors, draw_targets, result_digest, teams_lines
from shuangsuiji.quarter.dossier import draw_in_state, read_frozen, read_seeded
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The teams drawn: blocks, places filled, persons drawn; how many persons have how many blocks; result digest."""

    plan: str
    mode: str
    draw: int
    blocks: int
    places: int
    inspectors: int
    loads: Mapping[int, int]
    result: str


def match(store: Store, *, plan_id: str | None = None, operator: str, now: datetime) -> MatchResult:
    """Draw the inspectors of the only open draw (or that of `plan_id`), in one transaction.

    Raises WrongState as `draw_in_state` and `read_frozen`; Shortage (`core.shortage`) if no lawful assignment exists:
    then nothing is changed.
    """
    with store.begin(operator, "match", now) as transaction:
        row = draw_in_state(transaction, plan_id, "drawn", "draw")
        frozen = read_frozen(transaction, row)
        seeds = read_seeded(transaction, row, frozen).seeds
        drawn = draw_targets(frozen, seeds)
        teams = draw_inspectors(frozen, drawn.targets, seeds)
        lines = teams_lines(teams)
        digest = result_digest(row.mode, drawn.strata_lines(), drawn.targets_lines(), lines).hex()
        transaction.put_files(row, {"blocks.jsonl": lines})
        transaction.set_state(row, "matched")
        transaction.details(
            draw=row.number, mode=row.mode, plan=row.plan_id, blocks=len(teams), result=digest
        )
    loads = Counter(one.id for team in teams for one in team.inspectors)
    return MatchResult(
        plan=row.plan_id,
        mode=row.mode,
        draw=row.number,
        blocks=len(teams),
        places=loads.total(),
        inspectors=len(loads),
        loads=dict(sorted(Counter(loads.values()).items())),
        result=digest,
    )
