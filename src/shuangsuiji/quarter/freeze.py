"""`freeze` (冻结): seal the rosters and the plan as they stand, before the public values exist."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shuangsuiji.bundle.changes import Change, changes_member
from shuangsuiji.bundle.notice import Notice, notice_of
from shuangsuiji.core.commitment import Frozen, Lists, Predecessor
from shuangsuiji.core.commitment import freeze as seal_lists
from shuangsuiji.core.encoding import Json, canonical_json, json_lines
from shuangsuiji.core.records import Seal
from shuangsuiji.plan.texts import Texts
from shuangsuiji.quarter import freeze_checks as checks
from shuangsuiji.quarter.announcing import announce, read_announced
from shuangsuiji.quarter.approval import check_approvers
from shuangsuiji.quarter.changes import Reason, by_line, compare, explain, preceding
from shuangsuiji.quarter.dossier import (
    DECLARERS,
    OWN,
    draw_in_state,
    keep_frozen,
    plan_files,
    read_plan,
    read_texts,
)
from shuangsuiji.quarter.plan import gives_away
from shuangsuiji.quarter.preview import (
    PeoplePreview,
    PoolPreview,
    Warned,
    preview_people,
    preview_tasks,
    warnings,
)
from shuangsuiji.quarter.reasons import read_reasons
from shuangsuiji.quarter.records import Rosters, current_rosters, lists, present_codes
from shuangsuiji.quarter.sealed import sealed_files
from shuangsuiji.quarter.stranded import Alike, alike
from shuangsuiji.quarter.sufficiency import Sufficiency, sufficiency
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.rosters.reading import Rules
from shuangsuiji.store import instants
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class FreezeResult:
    """What was frozen: draw, sizes (户, 人), commitments (hex), the drawings that will seed the draw, contributors.

    `left_out` counts inspectors by the reason of specification §13; `eligible` are the others. A recusal without
    inspector names nobody of the pool: it has no effect, and may hold an id that has changed. `rotation` of the
    recusals come from earlier draws; `declarers` counts the others by who declared them, the most first.

    `changes` counts what changed since the preceding freeze, by kind, `unexplained` what no reason was given for;
    `reasons_unused` reasons fit no change. `pools` are those of each kind of place, `sufficiency` says whether they
    suffice for the worst draw of targets, `warnings` what to look at; `predecessor` is the number of the void draw
    whose place this one takes, None if there is none.
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
    rotation: int
    declarers: Mapping[str, int]
    changes: Mapping[str, int]
    unexplained: Mapping[str, int]
    reasons_unused: int
    pools: tuple[PoolPreview, ...]
    sufficiency: Sufficiency
    warnings: tuple[Warned, ...]
    predecessor: int | None


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What one freeze has made, for its files and its result."""

    frozen: Frozen
    notice: Notice
    held: Lists
    lines: tuple[bytes, ...]
    rosters: Rosters
    changes: tuple[Change, ...]
    member: bytes
    unused: tuple[Reason, ...]
    declarers: tuple[tuple[str, int], ...]
    drawable: tuple[Alike, ...]
    people: PeoplePreview
    warned: tuple[Warned, ...]
    predecessor: Predecessor | None


def freeze(
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
) -> FreezeResult:
    """Freeze the rosters for the only open draw (or that of `plan_id`), in one transaction.

    `values` are the drawings to come as "source:issue", fallbacks behind slashes; `contributors` are the persons who
    may add to the seed, in the notice's order; without any, the plan's own. `reasons` are tables of reasons for what
    changed since the preceding freeze; `successor_of` is the number of the void draw that this one takes the place of.
    `config` is the directory given by `--config`. Raises WrongState (`quarter.too_early`, `quarter.too_late`,
    `quarter.roster_missing`, those of `freeze_checks`), InputRefused (`quarter.value_form`, `quarter.no_team`,
    `plan.posterior.*`, those of `announce`, of `read_reasons`, of `check_approvers`, of `records`, of
    `core.commitment.freeze`, of `notice_of`).
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    given = read_reasons(reasons, rules)
    with store.begin(operator, "freeze", now) as transaction:
        draw = draw_in_state(transaction, plan_id, "adopted", "plan adopt")
        check_approvers(draw.mode, (one.approver for one in given), operator)
        plan, texts = read_plan(transaction, draw), read_texts(transaction, draw)
        rosters = current_rosters(transaction, plan, texts.rotation, mode=draw.mode)
        checks.check_lists(plan, rosters)
        checks.check_open_commitments(transaction, draw, plan)
        predecessor = checks.find_predecessor(transaction, draw, plan, successor_of)
        drawings = read_announced(values) or texts.values
        told = announce(transaction, draw, drawings, texts.deadline, config)
        held = lists(plan, rosters, rules.headings)
        seal = Seal(transaction.key(draw), draw.mode, draw.number)
        lines = by_line(held.entities)
        frozen = seal_lists(plan, seal, held, drawings, predecessor, lines)
        before = preceding(transaction, draw.mode, plan, lines)
        changed, unused = explain(compare(before, plan, held, present_codes(rosters.entities)), given)
        member = changes_member(changed)
        own = seal.changes_digest(member).hex(), transaction.log_head(), texts.deadline, instants.to_text(now)
        drawable, people, warned = _look_at(transaction, draw, frozen, held, texts)
        sealed = _Sealed(
            frozen=frozen,
            notice=notice_of(frozen, *own, checks.contributors(contributors, texts.contributors), told.hours),
            held=held,
            lines=tuple(lines),
            rosters=rosters,
            changes=changed,
            member=member,
            unused=unused,
            declarers=_declarers(rosters, rules.headings),
            drawable=drawable,
            people=people,
            warned=(*warned, *told.warnings),
            predecessor=predecessor,
        )
        _record(transaction, draw, sealed, texts)
    return _result(draw, sealed, texts)


def _look_at(
    transaction: Transaction, draw: DrawRow, frozen: Frozen, held: Lists, texts: Texts
) -> tuple[tuple[Alike, ...], PeoplePreview, tuple[Warned, ...]]:
    """Refuse what could not be mended any more; who could be drawn, and for whom; what is perhaps not meant."""
    plan, divisions = frozen.plan, frozen.strata.divisions
    checks.check_teams(plan, texts.slots, held, divisions)
    exposure = checks.measure(transaction, draw, held, divisions, plan)
    drawable = alike(plan, divisions, held)
    people = preview_people(plan, texts.slots, held, divisions, drawable)
    tasks = preview_tasks(plan, divisions, held.entities)
    exposed = () if exposure.refusal is None else (gives_away(exposure),)
    return drawable, people, (*exposed, *warnings(tasks, people))


def _record(transaction: Transaction, draw: DrawRow, sealed: _Sealed, texts: Texts) -> None:
    files = plan_files(sealed.frozen.plan, texts) | _files(sealed)
    declared: list[Json] = [{"count": count, "declarer": name} for name, count in sealed.declarers]
    files |= {OWN.changes: sealed.member, DECLARERS: canonical_json(declared)}
    files |= sealed_files(sealed.frozen.strata)
    keep_frozen(transaction, transaction.put_files(draw, files), sealed.frozen)
    transaction.set_state(draw, "frozen")
    transaction.mark_used(sealed.rosters.imports)
    transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id)
    transaction.details(commitments=sealed.notice.commitments, changes=sealed.notice.changes)
    transaction.details(imports=list(sealed.rosters.imports))


def _declarers(rosters: Rosters, headings: HeadingMap) -> tuple[tuple[str, int], ...]:
    """Who declared how many recusals, the most first; an empty name is one not given."""
    if rosters.conflicts is None:
        return ()
    heading = headings.with_role("conflicts", "declarer")
    known = heading in rosters.conflicts.columns
    cells = rosters.conflicts[heading].tolist() if known else [""] * len(rosters.conflicts)
    return tuple(sorted(Counter(cells).items(), key=lambda pair: (-pair[1], pair[0])))


def _files(sealed: _Sealed) -> dict[str, bytes]:
    frozen, notice = sealed.frozen, sealed.notice
    return {
        "commitment.json": canonical_json(frozen.object()),
        "entities.jsonl": b"".join(line + b"\n" for line in sealed.lines),
        "inspectors.jsonl": json_lines(one.object() for one in frozen.pool.inspectors),
        "notice.json": canonical_json(notice.object()),
        "recusals.jsonl": json_lines(one.object() for one in frozen.pool.recusals),
    }


def _result(draw: DrawRow, sealed: _Sealed, texts: Texts) -> FreezeResult:
    frozen, notice, inspectors = sealed.frozen, sealed.notice, sealed.frozen.pool.inspectors
    people = {one.id for one in inspectors}
    return FreezeResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        entities=notice.registry_size,
        inspectors=notice.inspectors_size,
        eligible=sealed.people.eligible,
        left_out=sealed.people.left_out,
        recusals=notice.recusals_size,
        recusals_without_inspector=sum(one.inspector not in people for one in frozen.pool.recusals),
        targets_commitment=notice.targets,
        inspectors_commitment=notice.inspectors,
        values=tuple(map(str, frozen.announced)),
        contributors=notice.contributors,
        deadline=notice.deadline,
        rotation=len(set(sealed.rosters.met)),
        declarers=dict(sealed.declarers),
        changes=Counter(one.kind for one in sealed.changes),
        unexplained=Counter(one.kind for one in sealed.changes if not one.reason),
        reasons_unused=len(sealed.unused),
        pools=sealed.people.pools,
        sufficiency=sufficiency(
            frozen.plan, frozen.strata.divisions, sealed.held, texts.slots, sealed.drawable
        ),
        warnings=sealed.warned,
        predecessor=None if sealed.predecessor is None else sealed.predecessor.draw,
    )
