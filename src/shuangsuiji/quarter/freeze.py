"""`freeze` (冻结): seal the rosters and the plan as they stand, before the public values exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shuangsuiji.bundle.notice import Notice, notice_of
from shuangsuiji.core.commitment import Frozen, Lists
from shuangsuiji.core.commitment import freeze as seal_lists
from shuangsuiji.core.eligibility import eligible, left_out, slot_pool
from shuangsuiji.core.encoding import canonical_json, json_lines
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Seal
from shuangsuiji.core.seed import Announced
from shuangsuiji.core.strata import Division
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.plan.drawings import announced
from shuangsuiji.quarter.dossier import draw_in_state, plan_files, read_plan, read_texts
from shuangsuiji.quarter.preview import drawable_districts
from shuangsuiji.quarter.records import Rosters, current_rosters, lists
from shuangsuiji.rosters.reading import Rules
from shuangsuiji.store import instants
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

CHANGES: Final = "changes.jsonl"
"""The draw's file with what changed in the lists since the freeze before, where there is something."""


@dataclass(frozen=True, slots=True)
class FreezeResult:
    """What was frozen: draw, sizes (户, 人), commitments (hex), the drawings that will seed the draw, contributors.

    `left_out` counts inspectors by the reason of specification §13; `eligible` are the others. A recusal without
    inspector names nobody of the pool: it has no effect, and may hold an id that has changed.
    """

    plan: str
    mode: str
    draw: int
    entities: int
    inspectors: int
    eligible: int
    left_out: Mapping[str, int]
    recusals: int
    recusals_without_inspector: int
    targets_commitment: str
    inspectors_commitment: str
    values: tuple[str, ...]
    contributors: tuple[str, ...]
    deadline: str


def freeze(
    store: Store,
    *,
    plan_id: str | None = None,
    values: Sequence[str] = (),
    contributors: Sequence[str] = (),
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> FreezeResult:
    """Freeze the rosters for the only open draw (or that of `plan_id`), in one transaction.

    `values` are the drawings to come as "source:issue", fallbacks behind slashes; `contributors` are the persons who
    may add to the seed, in the notice's order; without any, the plan's own. `config` is the directory given by
    `--config`. Raises WrongState (`quarter.too_early`, `quarter.too_late`, `quarter.roster_missing`), InputRefused
    (`quarter.value_form`, `quarter.no_team`, those of `records`, of `core.commitment.freeze`, of `notice_of`).
    """
    headings = Rules.load(workspace=store.layout.root, override=config).headings
    with store.begin(operator, "freeze", now) as transaction:
        draw = draw_in_state(transaction, plan_id, "adopted", "plan adopt")
        plan, texts = read_plan(transaction, draw), read_texts(transaction, draw)
        rosters = current_rosters(transaction, plan, texts.rotation)
        _check_lists(plan, rosters)
        drawings = tuple(map(_announced, values)) or texts.values
        seal = Seal(transaction.key(draw), draw.mode, draw.number)
        held = lists(plan, rosters, headings)
        frozen = seal_lists(plan, seal, held, drawings)
        _check_teams(plan, texts.slots, held, frozen.strata.divisions)
        persons = tuple(one.strip() for one in contributors) or texts.contributors
        notice = notice_of(frozen, transaction.log_head(), texts.deadline, instants.to_text(now), persons)
        transaction.put_files(draw, plan_files(plan, texts) | _files(frozen, notice))
        transaction.set_state(draw, "frozen")
        transaction.mark_used(rosters.imports)
        changes = tagged_hash("changes", transaction.file(draw, CHANGES) if CHANGES in draw.files else b"")
        transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id)
        transaction.details(commitments=notice.commitments, changes=changes.hex())
        transaction.details(imports=list(rosters.imports))
    return _result(draw, frozen, notice)


def _check_lists(plan: Plan, rosters: Rosters) -> None:
    """Refuse (WrongState, `quarter.list_missing`) a listed task without its list."""
    for task in plan.tasks:
        if task.source is not None and task.id not in rosters.lists:
            raise WrongState("quarter.list_missing", task=task.id)


def _check_teams(plan: Plan, names: Mapping[str, str], held: Lists, divisions: Sequence[Division]) -> None:
    """Refuse (InputRefused, `quarter.no_team`) a task that could not get a team for one target, wherever that lies.

    Its draw would have targets and never inspectors: nothing can be mended once it is sealed.
    """
    candidates = eligible(plan, held.inspectors)
    for division in divisions:
        if not any(base.quota for base in division.bases):
            continue
        slots = [slot for slot in plan.slots if slot.id in division.task.slots]
        teams = [
            [slot_pool(slot, district, candidates) for slot in slots]
            for district in drawable_districts(plan, held, (division,))
        ]
        if not any(all(pools) and len(set().union(*pools)) >= len(slots) for pools in teams):
            most, scarcest = min(
                (max(map(len, pools)), n) for n, pools in enumerate(zip(*teams, strict=True))
            )
            raise InputRefused(
                "quarter.no_team",
                task=division.task.name,
                places=len(slots),
                slot=names[slots[scarcest].id],
                count=most,
            )


def _announced(text: str) -> Announced:
    try:
        return announced(text)
    except ValueError:
        raise InputRefused("quarter.value_form", value=text) from None


def _files(frozen: Frozen, notice: Notice) -> dict[str, bytes]:
    return {
        "commitment.json": canonical_json(frozen.object()),
        "entities.jsonl": json_lines(one.object() for one in frozen.registry.entities),
        "inspectors.jsonl": json_lines(one.object() for one in frozen.pool.inspectors),
        "notice.json": canonical_json(notice.object()),
        "recusals.jsonl": json_lines(one.object() for one in frozen.pool.recusals),
    }


def _result(draw: DrawRow, frozen: Frozen, notice: Notice) -> FreezeResult:
    people = {one.id for one in frozen.pool.inspectors}
    return FreezeResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        entities=notice.registry_size,
        inspectors=notice.inspectors_size,
        eligible=len(eligible(frozen.plan, frozen.pool.inspectors)),
        left_out=left_out(frozen.plan, frozen.pool.inspectors),
        recusals=notice.recusals_size,
        recusals_without_inspector=sum(one.inspector not in people for one in frozen.pool.recusals),
        targets_commitment=notice.targets,
        inspectors_commitment=notice.inspectors,
        values=tuple(map(str, frozen.announced)),
        contributors=notice.contributors,
        deadline=notice.deadline,
    )
