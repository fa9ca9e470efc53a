"""`freeze --targets-only`, `freeze --inspectors` (人员补封): the two stages sealed apart, each under its own notice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shuangsuiji.bundle.changes import Change, changes_member
from shuangsuiji.bundle.notice import Notice, late_notice_of, targets_notice_of
from shuangsuiji.core.commitment import Frozen, FrozenTargets, Lists, freeze_inspectors, freeze_targets
from shuangsuiji.core.eligibility import eligible, left_out
from shuangsuiji.core.encoding import canonical_json, json_lines
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity, Seal
from shuangsuiji.errors import WrongState
from shuangsuiji.quarter import freeze_checks as checks
from shuangsuiji.quarter.announcing import announce, read_announced
from shuangsuiji.quarter.approval import check_approvers
from shuangsuiji.quarter.changes import (
    by_line,
    compare_entities,
    compare_people,
    explain,
    last_staff,
    preceding,
)
from shuangsuiji.quarter.dossier import (
    COMMITMENT,
    LATE,
    OWN,
    TARGETS_COMMITMENT,
    awaits_inspectors,
    draw_in_state,
    plan_files,
    read_plan,
    read_targets,
    read_texts,
)
from shuangsuiji.quarter.plan import gives_away
from shuangsuiji.quarter.preview import PoolPreview, Warned, preview_people, preview_tasks, warnings
from shuangsuiji.quarter.reasons import read_reasons
from shuangsuiji.quarter.records import Rosters, current_rosters, entity_records, lists, present_codes
from shuangsuiji.quarter.sealed import sealed_files
from shuangsuiji.quarter.stranded import alike
from shuangsuiji.quarter.sufficiency import Sufficiency, sufficiency
from shuangsuiji.rosters.reading import Rules
from shuangsuiji.store import instants
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class TargetsResult:
    """Targets sealed alone: draw, entities (户), commitment (hex), drawings, contributors, changes as of a freeze."""

    plan: str
    mode: str
    draw: int
    entities: int
    commitment: str
    values: tuple[str, ...]
    contributors: tuple[str, ...]
    deadline: str
    changes: Mapping[str, int]
    unexplained: Mapping[str, int]
    reasons_unused: int
    warnings: tuple[Warned, ...]
    predecessor: int | None


@dataclass(frozen=True, slots=True)
class InspectorsResult:
    """Inspectors sealed late: draw, sizes (人, 条), commitment (hex), their own drawings and contributors.

    `changes` are those of inspectors and recusals since any were sealed before, as of a freeze; pools, and whether they
    suffice for the worst draw of targets.
    """

    plan: str
    mode: str
    draw: int
    inspectors: int
    eligible: int
    left_out: Mapping[str, int]
    recusals: int
    commitment: str
    values: tuple[str, ...]
    contributors: tuple[str, ...]
    changes: Mapping[str, int]
    unexplained: Mapping[str, int]
    reasons_unused: int
    pools: tuple[PoolPreview, ...]
    sufficiency: Sufficiency
    warnings: tuple[Warned, ...]


def targets_only(
    store: Store,
    *,
    plan_id: str | None = None,
    values: Sequence[str] = (),
    contributors: Sequence[str] = (),
    reasons: Sequence[Path] = (),
    successor_of: int | None = None,
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> TargetsResult:
    """Freeze registry and plan alone; who inspects is sealed later, under a notice and public values of its own.

    Parameters and refusals are those of `freeze`; the roster of inspectors need not be there yet.
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    given = read_reasons(reasons, rules)
    with store.begin(operator, OWN.freeze_verb, now) as transaction:
        draw = draw_in_state(transaction, plan_id, "adopted", "plan adopt")
        check_approvers(draw.mode, (one.approver for one in given), operator)
        plan, texts = read_plan(transaction, draw), read_texts(transaction, draw)
        rosters = current_rosters(transaction, plan, mode=draw.mode, people=False)
        checks.check_lists(plan, rosters)
        checks.check_open_commitments(transaction, draw, plan)
        before = checks.find_predecessor(transaction, draw, plan, successor_of)
        held = Lists(entity_records(plan, rosters, rules.headings), (), ())
        seal = Seal(transaction.key(draw), draw.mode, draw.number)
        drawings = read_announced(values) or texts.values
        told = announce(transaction, draw, drawings, texts.deadline, config)
        lines = by_line(held.entities)
        frozen = freeze_targets(plan, seal, held.entities, drawings, before, lines)
        exposure = checks.measure(transaction, draw, held, frozen.strata.divisions, plan)
        changed, unused = explain(_changes(transaction, draw, plan, lines, rosters), given)
        persons = checks.contributors(contributors, texts.contributors)
        member = changes_member(changed)
        own = seal.changes_digest(member).hex(), transaction.log_head(), texts.deadline, instants.to_text(now)
        notice = targets_notice_of(frozen, *own, persons, told.hours)
        files = plan_files(plan, texts) | _files(frozen, notice, lines) | sealed_files(frozen.strata)
        transaction.put_files(draw, files | {OWN.changes: member})
        transaction.set_state(draw, "frozen")
        _tell(transaction, draw, notice, rosters)
    exposed = () if exposure.refusal is None else (gives_away(exposure),)
    tasks = preview_tasks(plan, frozen.strata.divisions, held.entities)
    return TargetsResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        entities=notice.registry_size,
        commitment=notice.targets,
        values=tuple(map(str, frozen.announced)),
        contributors=notice.contributors,
        deadline=notice.deadline,
        changes=Counter(one.kind for one in changed),
        unexplained=Counter(one.kind for one in changed if not one.reason),
        reasons_unused=len(unused),
        warnings=(*exposed, *warnings(tasks, None), *told.warnings),
        predecessor=None if before is None else before.draw,
    )


def inspectors(
    store: Store,
    *,
    plan_id: str | None = None,
    values: Sequence[str],
    contributors: Sequence[str] = (),
    reasons: Sequence[Path] = (),
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> InspectorsResult:
    """Seal inspectors and recusals of a draw whose targets are seeded, drawn or not, under drawings of their own.

    `reasons` are tables of reasons for what changed since inspectors were last sealed. Raises WrongState as
    `draw_in_state` (before the seed of the targets), `quarter.late_not_open`; InputRefused `quarter.value_form`,
    `quarter.no_team`, `core.seed_*` (`core.seed_known` for a drawing that the targets had), those of `announce`,
    of `read_reasons`, of `check_approvers`, of `records` and `late_notice_of`.
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    given = read_reasons(reasons, rules)
    with store.begin(operator, LATE.freeze_verb, now) as transaction:
        draw = _awaiting(transaction, plan_id)
        check_approvers(draw.mode, (one.approver for one in given), operator)
        targets, texts = read_targets(transaction, draw), read_texts(transaction, draw)
        plan = targets.plan
        rosters = current_rosters(transaction, plan, texts.rotation, mode=draw.mode)
        found = lists(plan, rosters, rules.headings)
        held = Lists(targets.registry.entities, found.inspectors, found.recusals)
        late = read_announced(values)
        told = announce(transaction, draw, late, texts.deadline, config)
        frozen = freeze_inspectors(targets, held.inspectors, held.recusals, late)
        checks.check_teams(plan, texts.slots, held, frozen.strata.divisions)
        staff, codes = last_staff(transaction, draw.mode), present_codes(rosters.entities)
        changed, unused = explain(compare_people(staff, plan, held, codes), given)
        member = changes_member(changed)
        digest, head = frozen.seal.changes_digest(member, late=True).hex(), transaction.log_head()
        own = digest, head, texts.deadline, instants.to_text(now)
        notice = late_notice_of(frozen, *own, checks.contributors(contributors), told.hours)
        transaction.put_files(draw, _late_files(frozen, notice) | {LATE.changes: member})
        _tell(transaction, draw, notice, rosters)
    divisions = frozen.strata.divisions
    drawable = alike(plan, divisions, held)
    return InspectorsResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        inspectors=notice.inspectors_size,
        eligible=len(eligible(plan, held.inspectors)),
        left_out=left_out(plan, held.inspectors),
        recusals=notice.recusals_size,
        commitment=notice.inspectors,
        values=tuple(map(str, late)),
        contributors=notice.contributors,
        changes=Counter(one.kind for one in changed),
        unexplained=Counter(one.kind for one in changed if not one.reason),
        reasons_unused=len(unused),
        pools=preview_people(plan, texts.slots, held, divisions, drawable).pools,
        sufficiency=sufficiency(plan, divisions, held, texts.slots, drawable),
        warnings=told.warnings,
    )


def _awaiting(reader: Reader, plan_id: str | None) -> DrawRow:
    """The open draw whose inspectors may be sealed now."""
    draw = reader.open_draw(plan_id)
    if draw.state in ("adopted", "frozen"):
        draw_in_state(reader, plan_id, "seeded", "seed")
    if not awaits_inspectors(draw):
        raise WrongState("quarter.late_not_open", plan=draw.plan_id)
    return draw


def _changes(
    reader: Reader, draw: DrawRow, plan: Plan, lines: Mapping[bytes, Entity], rosters: Rosters
) -> tuple[Change, ...]:
    """What changed among the entities; of inspectors nothing is sealed yet."""
    before = preceding(reader, draw.mode, plan, lines)
    return compare_entities(before, plan, tuple(lines.values()), present_codes(rosters.entities))


def _tell(transaction: Transaction, draw: DrawRow, notice: Notice, rosters: Rosters) -> None:
    transaction.mark_used(rosters.imports)
    transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id)
    transaction.details(commitments=notice.commitments, changes=notice.changes)
    transaction.details(imports=list(rosters.imports))


def _files(frozen: FrozenTargets, notice: Notice, lines: Iterable[bytes]) -> dict[str, bytes]:
    return {
        TARGETS_COMMITMENT: canonical_json({"targets": frozen.targets}),
        "entities.jsonl": b"".join(line + b"\n" for line in lines),
        OWN.notice: canonical_json(notice.object()),
    }


def _late_files(frozen: Frozen, notice: Notice) -> dict[str, bytes]:
    return {
        COMMITMENT: canonical_json(frozen.object()),
        "inspectors.jsonl": json_lines(one.object() for one in frozen.pool.inspectors),
        "recusals.jsonl": json_lines(one.object() for one in frozen.pool.recusals),
        LATE.notice: canonical_json(notice.object()),
    }
