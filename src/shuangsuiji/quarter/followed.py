"""What is left to do of the draws that are inspected (后续进度), and what of it is overdue (逾期): for `status`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from shuangsuiji.core.seed import REAL
from shuangsuiji.errors import InputRefused
from shuangsuiji.followup.abnormal import LETTER_1, proposals, second_letter, undecided
from shuangsuiji.followup.deadlines import Situation, overdue
from shuangsuiji.followup.results import Standing, publishable
from shuangsuiji.followup.vocabulary import Vocabulary
from shuangsuiji.followup.workdays import Workdays, read_workdays
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.abnormal import read_steps
from shuangsuiji.quarter.dossier import OWN, read_notice, read_plan, read_texts
from shuangsuiji.quarter.publish import RESULT_NOTICE
from shuangsuiji.quarter.results import by_state, entity_names, inspected_draws, read_standings
from shuangsuiji.quarter.take_down import due
from shuangsuiji.store import DrawRow, Reader, instants


@dataclass(frozen=True, slots=True)
class FollowedDraw:
    """后续进度: a draw that is inspected: targets (户), those of them not inspected, results (项) by state.

    `command` is what comes next (`results import`, `results review`, `publish`), "" if nothing is left; `entered_by`
    are those whose entries wait for a review, which another person makes.
    """

    plan: str
    mode: str
    draw: int
    targets: int
    unchecked: int
    states: Mapping[str, int]
    command: str
    entered_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverdueStep:
    """逾期: what should have been done by `due` about so many targets, some of them by name.

    `kind` is one of `deadlines.KINDS`, or `result`: the draw's own result, promised by the commit notice, or `down`:
    results whose term is over, or `letter`: no second letter (第二次专用信函) was recorded as long as it could go out.
    """

    kind: str
    plan: str
    mode: str
    draw: int
    count: int
    due: date
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """All of it; `unknown` is why deadlines could not be counted (a year that no calendar knows), else None.

    `letters` are second letters that may go out now; their `due` is the last day for the first of them.
    """

    draws: tuple[FollowedDraw, ...]
    overdue: tuple[OverdueStep, ...]
    letters: tuple[OverdueStep, ...]
    unknown: InputRefused | None


def read_followed(reader: Reader, now: datetime, config: Path | None = None) -> FollowUp:
    """What is left to do of all draws of interest, and what is overdue by the statutory calendar."""
    today = civil_day(now)
    draws: list[FollowedDraw] = []
    late: list[OverdueStep] = []
    letters: list[OverdueStep] = []
    unknown: InputRefused | None = None
    inspected = inspected_draws(reader)
    waiting = [one for one in reader.draws() if one.state == "drawn" and not one.void]
    for draw in (*waiting, *inspected):
        standings = read_standings(reader, draw)
        if draw in inspected:
            draws.append(_followed(draw, standings))
            open_now, lapsed = _letters(reader, draw, standings, today, config)
            letters += open_now
            late += lapsed
        try:
            calendar = read_workdays(workspace=reader.layout.root, override=config)
            late += _overdue(reader, draw, standings, today, calendar)
        except InputRefused as refusal:  # deadlines are a help: what is not known must not stand in the way
            unknown = refusal
    late += (one for draw in reader.draws() for one in _promised(reader, draw, today))
    late += (one for draw in reader.draws() for one in _down(reader, draw, today, config))
    return FollowUp(tuple(draws), tuple(late), tuple(letters), unknown)


def _followed(draw: DrawRow, standings: tuple[Standing, ...]) -> FollowedDraw:
    states = by_state(standings)
    targets = {one.target for one in standings}
    entered = {one.target for one in standings if one.entry is not None}
    by = {one.entry.operator for one in standings if one.state == "pending" and one.entry is not None}
    return FollowedDraw(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        targets=len(targets),
        unchecked=len(targets - entered),
        states=states,
        command=_command(draw, standings, states),
        entered_by=tuple(sorted(by)),
    )


def _command(draw: DrawRow, standings: tuple[Standing, ...], states: Mapping[str, int]) -> str:
    """What was entered is reviewed, what was approved is published (once the list is), before more is entered."""
    if states["pending"]:
        return "results review"
    if draw.state == "published" and publishable(standings):
        return "publish"
    return "results import" if states["missing"] or states["returned"] else ""


def _overdue(
    reader: Reader, draw: DrawRow, standings: tuple[Standing, ...], today: date, calendar: Workdays
) -> list[OverdueStep]:
    case = Situation(
        deadlines=read_texts(reader, draw).deadlines,
        drawn=_drawn(reader, draw) if draw.state == "drawn" else None,
        ends=date.fromisoformat(read_plan(reader, draw).window_to),
        standings=standings,
        verified=tuple(undecided(read_steps(reader, draw))),
    )
    found = overdue(case, today, calendar.add_working_days)
    names = entity_names(reader, draw) if found else {}
    return [
        OverdueStep(
            kind=one.kind,
            plan=draw.plan_id,
            mode=draw.mode,
            draw=draw.number,
            count=one.count,
            due=one.due,
            names=tuple(names.get(target) or target for target in one.targets),
        )
        for one in found
    ]


def _letters(
    reader: Reader, draw: DrawRow, standings: tuple[Standing, ...], today: date, config: Path | None
) -> tuple[list[OverdueStep], list[OverdueStep]]:
    """The second letters of a draw that may go out today, and those for which it is too late, each as one step."""
    steps = read_steps(reader, draw)
    if not any(one.step == LETTER_1 for one in steps):
        return [], []
    try:
        vocabulary = Vocabulary.load(workspace=reader.layout.root, override=config)
    except InputRefused:  # of `config/results.toml`, which `abnormal step` refuses by name
        return [], []
    found = {one.target: second_letter(one, vocabulary) for one in proposals(standings, steps, vocabulary)}
    spans = {target: span for target, span in found.items() if span is not None}
    names = entity_names(reader, draw) if spans else {}

    def told(days: Mapping[str, date]) -> list[OverdueStep]:
        shown = tuple(names.get(target) or target for target in days)
        about = ("letter", draw.plan_id, draw.mode, draw.number, len(days))
        return [OverdueStep(*about, min(days.values()), shown)] if days else []

    return (
        told({target: last for target, (first, last) in spans.items() if first <= today <= last}),
        told({target: last for target, (_, last) in spans.items() if last < today}),
    )


def _promised(reader: Reader, draw: DrawRow, today: date) -> list[OverdueStep]:
    """The result of a real draw that is not published by the day that its commit notice gives; a void one's too."""
    if draw.mode != REAL or OWN.notice not in draw.files or RESULT_NOTICE in draw.files:
        return []
    deadline = date.fromisoformat(read_notice(reader, draw).deadline)
    late = OverdueStep("result", draw.plan_id, draw.mode, draw.number, 1, deadline, ())
    return [late] if deadline < today else []


def _down(reader: Reader, draw: DrawRow, today: date, config: Path | None) -> list[OverdueStep]:
    """The results of a draw whose term is over, if any still are among what was published."""
    try:
        over = due(reader, draw, today, config)
    except InputRefused:  # of `config/publication.toml`, which `publish` refuses by name
        return []
    if over is None:
        return []
    return [
        OverdueStep("down", draw.plan_id, draw.mode, draw.number, len(over.names), over.since, over.names)
    ]


def _drawn(reader: Reader, draw: DrawRow) -> date | None:
    """The day on which the targets of a draw were drawn."""
    wanted = ("draw", draw.mode, draw.number)
    for entry in reversed(reader.log()):
        if (entry.verb, entry.details.get("mode"), entry.details.get("draw")) == wanted:
            return civil_day(instants.from_text(entry.time))
    return None
