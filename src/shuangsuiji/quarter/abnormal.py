"""`abnormal step|list` (经营异常名录): the steps from a result to the list, and where each target is on the way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from shuangsuiji.errors import NOWHERE, InputRefused, Listing, RefusedRow, WrongState
from shuangsuiji.followup.abnormal import (
    DECIDED,
    DROPPED,
    DUE,
    REMOVED,
    STEPS,
    AbnormalStep,
    NewStep,
    Proposal,
    content,
    fault,
    parse_step,
    proposals,
    second_letter,
)
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.messages import Lang
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.refusals import refusal_reports
from shuangsuiji.quarter.results import entity_names, read_standings, results_draw
from shuangsuiji.rosters import CheckedRoster, Rules
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.headings import Role
from shuangsuiji.rosters.results import draft_of, step_columns
from shuangsuiji.store import DrawRow, Reader, Store, Transaction

_LAST: Final = frozenset({DECIDED, REMOVED, DROPPED})
"""Nothing follows by itself: who was listed stays so until there is a reason, who was dropped until a new result."""
_CELLS: Mapping[str, Role] = {"day": "step_day", "reason": "step_reason", "reference": "step_reference"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which targets a step is about: those named (ids or names), or with `everything` all whose turn it is."""

    targets: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step recorded about `count` targets (户), with their names by id; `refused` rows of a file, and the reports.

    `next` is the step that usually follows, "" if none does; of a second letter it may be recorded of all of them from
    `next_from` to `next_until`, else "". `stages` are how many are at each stage now.
    """

    plan: str
    mode: str
    draw: int
    step: str
    count: int
    names: Mapping[str, str]
    next: str
    stages: Mapping[str, int]
    next_from: str = ""
    next_until: str = ""
    rows_read: int = 0
    refused: tuple[RefusedRow, ...] = ()
    reports: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class AbnormalList:
    """The proposals of a draw, with the names of their targets and of the grounds."""

    plan: str
    mode: str
    draw: int
    stages: Mapping[str, int]
    proposals: tuple[Proposal, ...]
    names: Mapping[str, str]
    grounds: Mapping[str, str]


def list_abnormal(
    store: Store, *, stage: str = "", plan_id: str | None = None, config: Path | None = None
) -> AbnormalList:
    """Where the proposals of a draw are, those at `stage` alone if it is given; changes nothing.

    Raises WrongState as `results_draw`; InputRefused `rosters.settings_*`.
    """
    vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
    with store.read() as reader:
        draw = results_draw(reader, plan_id)
        found = read_proposals(reader, draw, vocabulary)
        names = entity_names(reader, draw)
    return AbnormalList(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        stages=by_stage(found),
        proposals=tuple(one for one in found if stage in ("", one.stage)),
        names={one.target: names.get(one.target, "") for one in found},
        grounds={code: one.name for code, one in vocabulary.grounds.items()},
    )


def step(
    store: Store,
    new: NewStep,
    chosen: Chosen,
    *,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> StepResult:
    """Record one step about all chosen targets, or about none.

    Raises InputRefused `abnormal.*` with the first target at fault, `abnormal.nobody`, `abnormal.no_proposal`;
    WrongState as `results_draw`.
    """
    vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
    with store.begin(operator, "abnormal step", now) as transaction:
        draw = results_draw(transaction, plan_id)
        standing = read_standings(transaction, draw)
        found = proposals(standing, read_steps(transaction, draw), vocabulary)
        names = entity_names(transaction, draw)
        wanted = _all(found, new) if chosen.everything else _named(found, names, chosen.targets)
        for one in wanted:
            wrong = fault(one, new, civil_day(now), vocabulary)
            if wrong is not None:
                raise InputRefused(wrong.code, NOWHERE, target=_called(one, names), **wrong.params)
        steps = {one.target: (one, new) for one in wanted}
        _record(transaction, draw, new.step, steps, vocabulary)
        found = proposals(standing, read_steps(transaction, draw), vocabulary)
    return _result(draw, new.step, steps, found, names, vocabulary)


def step_from_files(
    store: Store,
    new: NewStep,
    paths: Sequence[Path],
    *,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
    config: Path | None = None,
    lang: Lang = "zh",
) -> StepResult:
    """Record one step about the targets of a table, each with its own day, reason and document where it has them.

    Rows at fault are refused with a report, the others are recorded. Raises InputRefused `rosters.*`,
    `quarter.nothing_accepted`; WrongState as `results_draw`.
    """
    rules = Rules.load(workspace=store.layout.root, override=config)
    vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
    draft = draft_of("abnormal", paths, rules)
    with store.read() as reader:
        reader.check_operator(operator)
        draw = results_draw(reader, plan_id)
        standing = read_standings(reader, draw)
        found = {one.target: one for one in proposals(standing, read_steps(reader, draw), vocabulary)}
        head = reader.log_head()
        names = entity_names(reader, draw)
    roster, steps = _rows(draft, found, names, new, civil_day(now), vocabulary)
    reports = refusal_reports(store, roster, now, lang)
    if not steps:
        written = Listing(map(str, store.leave_reports(reports)))
        count, rows = len(roster.originals), roster.rows_read
        raise InputRefused("quarter.nothing_accepted", count=count, rows=rows, report=written)
    with store.begin(operator, "abnormal step", now) as transaction:
        if transaction.log_head() != head:
            raise WrongState("result.changed_meanwhile")
        _record(transaction, draw, new.step, steps, vocabulary)
        after = proposals(standing, read_steps(transaction, draw), vocabulary)
        for name, data in reports.items():
            transaction.write_report(name, data)
    return replace(
        _result(draw, new.step, steps, after, names, vocabulary),
        rows_read=roster.rows_read,
        refused=roster.refused,
        reports=tuple(map(store.layout.report, reports)),
    )


def read_steps(reader: Reader, draw: DrawRow) -> tuple[AbnormalStep, ...]:
    """All steps of a draw's proposals, in the order in which they were recorded."""
    return tuple(map(parse_step, reader.abnormal(draw)))


def read_proposals(reader: Reader, draw: DrawRow, vocabulary: Vocabulary) -> tuple[Proposal, ...]:
    """The proposals of a draw as they stand, due ones too, ascending by target."""
    return proposals(read_standings(reader, draw), read_steps(reader, draw), vocabulary)


def by_stage(found: Sequence[Proposal]) -> dict[str, int]:
    """How many proposals are at each stage, those that none is at left out."""
    counted = Counter(one.stage for one in found)
    return {stage: counted[stage] for stage in (DUE, *STEPS) if counted[stage]}


def _all(found: Sequence[Proposal], new: NewStep) -> list[Proposal]:
    """All whose turn it is. What could end proposals at several stages must name them."""
    wanted = [one for one in found if new.step in one.allowed]
    if not wanted:
        raise InputRefused("abnormal.nobody", step=new.step)
    stages = {one.stage for one in wanted}
    if new.step == DROPPED and len(stages) > 1:
        raise InputRefused("abnormal.several_stages", stages=Listing(sorted(stages)))
    return wanted


def _named(found: Sequence[Proposal], names: Mapping[str, str], targets: Sequence[str]) -> list[Proposal]:
    by_target = {one.target: one for one in found}
    wanted: list[Proposal] = []
    for written in targets:
        meant = [written.strip()] if written.strip() in by_target else []
        meant = meant or [one for one in by_target if names.get(one) == written.strip()]
        if len(meant) != 1:
            raise InputRefused("abnormal.no_proposal", target=written)
        wanted.append(by_target[meant[0]])
    return wanted


def _rows(
    draft: Draft,
    found: Mapping[str, Proposal],
    names: Mapping[str, str],
    new: NewStep,
    today: date,
    vocabulary: Vocabulary,
) -> tuple[CheckedRoster, dict[str, tuple[Proposal, NewStep]]]:
    """The rows that may be recorded, by target; the others refused."""
    columns = step_columns(draft)
    code = draft.mapping.entity_key[0]
    merged = draft.refuse_duplicates(columns["id"], code, columns)
    steps: dict[str, tuple[Proposal, NewStep]] = {}
    for row in draft.good():
        target = columns["id"][row]
        one = found.get(target)
        if one is None:
            draft.refuse(row, code, "abnormal.not_proposed")
            continue
        day = columns["day"][row]
        own = NewStep(
            new.step,
            date.fromisoformat(day) if day else new.day,
            columns["reason"][row] or new.reason,
            columns["reference"][row] or new.reference,
        )
        wrong = fault(one, own, today, vocabulary)
        if wrong is None:
            steps[target] = (one, own)
        else:
            heading = draft.heading(_CELLS[wrong.about]) if wrong.about else code
            draft.refuse(row, heading, wrong.code, target=_called(one, names), **wrong.params)
    return draft.finish(draft.accepted(columns), merged), steps


def _record(
    transaction: Transaction,
    draw: DrawRow,
    step: str,
    steps: Mapping[str, tuple[Proposal, NewStep]],
    vocabulary: Vocabulary,
) -> None:
    for target in sorted(steps):
        one, new = steps[target]
        transaction.add_abnormal(draw, [target], step, new.day.isoformat(), content(new, one, vocabulary))
    transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id, step=step, targets=len(steps))


def _result(
    draw: DrawRow,
    step: str,
    steps: Mapping[str, tuple[Proposal, NewStep]],
    after: Sequence[Proposal],
    names: Mapping[str, str],
    vocabulary: Vocabulary,
) -> StepResult:
    found = {one.target: one for one in after}
    following = [next(iter(found[one].allowed), "") for one in steps]
    spans = [span for span in (second_letter(found[one], vocabulary) for one in steps) if span]
    return StepResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        step=step,
        count=len(steps),
        names={one: names.get(one, "") for one in sorted(steps)},
        next="" if step in _LAST else following[0],
        stages=by_stage(after),
        next_from=max(first for first, _ in spans).isoformat() if spans else "",
        next_until=min(last for _, last in spans).isoformat() if spans else "",
    )


def _called(one: Proposal, names: Mapping[str, str]) -> str:
    """A target as people call it: its name, else its id."""
    return names.get(one.target) or one.target
