"""`status` (进度): where the work stands, and which command comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from shuangsuiji.bundle.late import LATE as LATE_MEMBER
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.decisions import PersonsRequest, Record, TargetRequest
from shuangsuiji.core.seed import EXPLICIT
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.chronicle import ended, open_requests, read_records, record_count, teams_drawn
from shuangsuiji.quarter.close import contributions
from shuangsuiji.quarter.dossier import LATE, OWN, Sealing, awaits_inspectors, overtaken, read_notice
from shuangsuiji.quarter.drop import drop_reason
from shuangsuiji.quarter.followed import FollowedDraw, FollowUp, OverdueStep, read_followed
from shuangsuiji.quarter.outdated import Outdated, read_crowded, read_outdated
from shuangsuiji.quarter.publish import RESULT_NOTICE, awaits_publication, records_published
from shuangsuiji.quarter.schedule import schedule_count
from shuangsuiji.rosters.model import ROSTERS, Kind
from shuangsuiji.store import DrawRow, ImportRow, Reader, State, Store
from shuangsuiji.store.log import first_fault

REQUIRED: Final[tuple[Kind, ...]] = ("entities", "inspectors")
"""Rosters without which nothing can be frozen; the others are optional."""

# The command that leads on from each state, and what its example needs besides `--operator`.
_COMMANDS: Final[dict[State, str]] = {
    "adopted": "freeze",
    "frozen": "seed",
    "seeded": "draw",
    "drawn": "match",
    "matched": "publish",
}
_EXAMPLE_FILES: Final[dict[Kind, str]] = {"entities": "企业名录.xlsx", "inspectors": "执法人员名录.xlsx"}
_EXAMPLE_RESULTS: Final = "检查结果.xlsx"
_EXAMPLE_SEED: Final = "0123456789abcdef" * 4


@dataclass(frozen=True, slots=True)
class Step:
    """下一步: a command (after `shuangsuiji`) and a whole line to type as an example of it."""

    command: str
    example: str


@dataclass(frozen=True, slots=True)
class RosterStatus:
    """名册现状: the import that stands, and how many records the roster has; None and 0 if there is none.

    For a review (年度审验) `current` is the last one, `size` the number of inspectors it left on the roster.
    """

    kind: Kind
    required: bool
    current: ImportRow | None
    size: int


@dataclass(frozen=True, slots=True)
class RequestStatus:
    """更换申请: its number, its reason, the drawings it waits for, who has typed them in so far."""

    number: int
    reason: str
    values: tuple[str, ...]
    typed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawStatus:
    """A draw under way: the draw, who has typed in its public values so far, and what comes next for it.

    `pending` are contributors (现场投入人) of whom nothing is recorded yet, as long as they may contribute; `requests`
    are requests for a replacement that wait for their public values.
    """

    draw: DrawRow
    typed_by: tuple[str, ...]
    pending: tuple[str, ...]
    next: Step
    requests: tuple[RequestStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class DroppedStatus:
    """弃用: a draw whose plan was given up before a freeze, and why."""

    plan: str
    mode: str
    draw: int
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """The workspace at a glance.

    `missing` are codes (`quarter.missing.*`) of what has to come before `next` can be the last step of the
    batch; `published` counts the draws that are done. `followed` are the draws that are inspected, `overdue` what
    should have been done by now, `letters` the second letters that may go out now; `unknown_year` is a year whose
    holidays nobody told, so that deadlines in it were not counted. `log_fault` is the number of the first entry of
    the operation log that was altered, None if the chain is sound. `unscheduled` are draws that have teams, published
    or not, no results and no calendar of visits; `outdated` are calendars to be made again; `dropped` are draws
    given up.
    """

    authority: str
    region: str
    operators: tuple[str, ...]
    rosters: tuple[RosterStatus, ...]
    draws: tuple[DrawStatus, ...]
    followed: tuple[FollowedDraw, ...]
    overdue: tuple[OverdueStep, ...]
    letters: tuple[OverdueStep, ...]
    unknown_year: int | None
    published: int
    next: Step
    missing: tuple[str, ...]
    log_entries: int
    log_head: str
    log_fault: int | None
    unscheduled: tuple[DrawRow, ...] = ()
    outdated: tuple[Outdated, ...] = ()
    dropped: tuple[DroppedStatus, ...] = ()


def status(store: Store, now: datetime, config: Path | None = None) -> Status:
    """The status of a workspace; changes nothing. Raises EnvironmentRefused as `Store.read`."""
    with store.read() as reader:
        workspace, operators, entries = reader.workspace(), reader.operators(), reader.log()
        rosters = tuple(_roster(reader, kind) for kind in ROSTERS)
        all_draws = reader.draws()
        latest = {draw.plan_id: draw for draw in all_draws}
        under_way = [
            draw
            for draw in all_draws
            if ((draw.state in _COMMANDS and not draw.dropped) or _unfinished(reader, draw))
            and (draw == latest[draw.plan_id] or not _came_to_nothing(reader, draw))
        ]
        draws = tuple(_draw(reader, draw, operators, several=len(under_way) > 1) for draw in under_way)
        head = reader.log_head()
        dropped = tuple(_dropped(reader, draw) for draw in all_draws if draw.dropped)
        unscheduled = tuple(draw for draw in latest.values() if _unscheduled(reader, draw))
        follow = read_followed(reader, now, config)
        today = civil_day(now)
        outdated = tuple(_outdated(reader, tuple(latest.values()), today))
    steps = _followed_steps(follow.draws, operators)
    missing = _missing(rosters, draws, steps, begun=bool(all_draws))
    following = _next(rosters, draws, steps, operators[0])
    waiting = _unvisited(unscheduled, follow.draws)
    if following.command in ("plan adopt", "results import") and waiting:
        following = _schedule(waiting[0], operators[0])
    if following.command == "plan adopt" and any(one.kind == "down" for one in follow.overdue):
        following = Step("publish down", f"shuangsuiji publish down --operator {operators[0]}")
    return Status(
        authority=workspace.authority,
        region=workspace.region,
        operators=operators,
        rosters=rosters,
        draws=draws,
        followed=follow.draws,
        overdue=follow.overdue,
        letters=follow.letters,
        unknown_year=_year(follow),
        published=sum(draw.state == "published" for draw in all_draws),
        next=following,
        missing=missing,
        unscheduled=tuple(waiting),
        outdated=outdated,
        dropped=dropped,
        log_entries=len(entries),
        log_head=head,
        log_fault=first_fault(entries),
    )


def _outdated(reader: Reader, draws: Sequence[DrawRow], today: date) -> Iterator[Outdated]:
    modes = {draw.mode for draw in draws}
    crowded = {
        mode: read_crowded(reader, (one for one in draws if one.mode == mode), today) for mode in modes
    }
    for draw in draws:
        if (one := read_outdated(reader, draw, today, crowded[draw.mode])) is not None:
            yield one


def _dropped(reader: Reader, draw: DrawRow) -> DroppedStatus:
    return DroppedStatus(draw.plan_id, draw.mode, draw.number, drop_reason(reader, draw))


def _unscheduled(reader: Reader, draw: DrawRow) -> bool:
    """Whether a draw has teams that nobody has given days yet."""
    matched = "blocks.jsonl" in draw.files and not draw.void
    return matched and not schedule_count(draw) and teams_drawn(reader, draw)


def _schedule(draw: DrawRow, operator: str) -> Step:
    words = f"shuangsuiji schedule make --plan {draw.plan_id} --operator {operator}"
    return Step("schedule make", words)


def _roster(reader: Reader, kind: Kind) -> RosterStatus:
    if kind == "review":
        standing = [one for one in reader.imports() if one.kind == kind and one.withdrawn is None]
        current = standing[-1] if standing else None
    else:
        current = reader.current_import(kind)
    size = 0 if current is None else reader.snapshot_size(current.digest)
    return RosterStatus(kind, kind in REQUIRED, current, size)


def _draw(reader: Reader, draw: DrawRow, operators: Sequence[str], *, several: bool) -> DrawStatus:
    if draw.dropped:
        example = f"shuangsuiji publish --plan {draw.plan_id} --operator {operators[0]}"
        return DrawStatus(draw, (), (), Step("publish", example))
    if "blocks.jsonl" in draw.files:
        return _after_match(reader, draw, operators, several=several)
    seal = _sealing(draw)
    notice = read_notice(reader, draw, seal) if seal else None
    pending = _pending(reader, draw, seal, notice)
    command = _sealed_command(draw, seal, notice, pending) if seal and notice else _COMMANDS[draw.state]
    occasion = seal.occasion if seal else ""
    typed_by = _typed_by(reader, draw, "", occasion)
    already = _typed_by(reader, draw, pending[0], occasion) if command == "contribute" else typed_by
    operator = next((one for one in operators if one not in already), operators[0])
    words = ["shuangsuiji", command]
    if draw.state == "drawn" and awaits_inspectors(draw):
        command = "freeze"
        words = ["shuangsuiji", "freeze", "--inspectors", "--value", "…"]
    if command == "contribute":
        words += [pending[0], "--slip", "…"]
    if command == "seed" and notice:
        words += _values(notice)
    if several:
        words += ["--plan", draw.plan_id]
    example = " ".join([*words, "--operator", operator])
    return DrawStatus(draw, typed_by, pending, Step(command, example))


def _came_to_nothing(reader: Reader, draw: DrawRow) -> bool:
    """Whether a rehearsal found no teams and nobody declared it void: the next draw of its plan has taken over."""
    return ended(reader, draw) and not (draw.void or draw.dropped)


def _unfinished(reader: Reader, draw: DrawRow) -> bool:
    """Whether a published draw has records that are not published, or requests without outcome while it stands."""
    return awaits_publication(draw) or (not draw.void and bool(open_requests(read_records(reader, draw))))


def _after_match(reader: Reader, draw: DrawRow, operators: Sequence[str], *, several: bool) -> DrawStatus:
    """A matched draw: a void that is due, its publication, then the outcomes of requests."""
    requests = (
        ()
        if draw.void
        else tuple(_request(reader, draw, one) for one in open_requests(read_records(reader, draw)))
    )
    typed: tuple[str, ...] = ()
    if not draw.void and (overtaken(draw) or not teams_drawn(reader, draw)):
        words, command, typed = ["void", "--reason", "…", "--approver", "…"], "void", ()
    elif requests and RESULT_NOTICE in draw.files and not awaits_publication(draw):
        first = requests[0]
        values = [word for one in first.values for word in _value(one)]
        words, command, typed = (
            ["replace", "outcome", str(first.number), *values],
            "replace outcome",
            first.typed_by,
        )
    else:
        words, command, typed = ["publish"], "publish", ()
    operator = next((one for one in operators if one not in typed), operators[0])
    plan = ["--plan", draw.plan_id] if several or draw.state == "published" else []
    example = " ".join(["shuangsuiji", *words, *plan, "--operator", operator])
    return DrawStatus(draw, (), (), Step(command, example), requests)


def _request(reader: Reader, draw: DrawRow, record: Record) -> RequestStatus:
    asked = record.decision
    values = asked.values if isinstance(asked, PersonsRequest | TargetRequest) else ()
    typed = tuple(dict.fromkeys(one.operator for one in reader.typings(draw, occasion=str(record.seq))))
    return RequestStatus(record.seq, record.reason, tuple(map(str, values)), typed)


def _value(announced: str) -> list[str]:
    """The option of `replace outcome` for a drawing; what it gave is the operator's to fill in."""
    if announced.startswith(f"{EXPLICIT}:"):
        return ["--explicit", _EXAMPLE_SEED]
    return ["--value", f"{announced.partition('/')[0]}=…"]


def _typed_by(reader: Reader, draw: DrawRow, subject: str, occasion: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.operator for one in reader.typings(draw, subject, occasion)))


def _sealing(draw: DrawRow) -> Sealing | None:
    """The notice whose contributions and public values are due, if any are."""
    if draw.state == "frozen":
        return OWN
    late = LATE.notice in draw.files and LATE_MEMBER not in draw.files
    return LATE if late and draw.state == "drawn" else None


def _pending(reader: Reader, draw: DrawRow, seal: Sealing | None, notice: Notice | None) -> tuple[str, ...]:
    if seal is None or notice is None:
        return ()
    if seal.published_notice not in draw.files or seal.closing in draw.files:
        return ()
    recorded = contributions(reader, draw, notice)
    return tuple(one for one in notice.contributors if one not in recorded)


def _sealed_command(draw: DrawRow, seal: Sealing, notice: Notice, pending: Sequence[str]) -> str:
    """Both notices come before any public value, and the closing between them where there are contributors."""
    if seal.published_notice not in draw.files:
        return "publish"
    if seal.closing in draw.files and seal.published_closing not in draw.files:
        return "publish"
    if notice.contributors and seal.closing not in draw.files:
        return "contribute" if pending else "close"
    return "seed"


def _values(notice: Notice) -> list[str]:
    """The options of `seed` for the drawings that were announced; what they gave is the operator's to fill in."""
    if any(one.source == EXPLICIT for one in notice.values):
        return ["--explicit", _EXAMPLE_SEED]
    return [word for one in notice.values for word in ("--value", f"{one.drawings[0]}=…")]


def _followed_steps(followed: Sequence[FollowedDraw], operators: Sequence[str]) -> list[Step]:
    """What comes next for each inspected draw that has something left; a review is another person's."""
    left = [one for one in followed if one.command]
    found = []
    for one in left:
        words = ["shuangsuiji", one.command]
        if one.command == "results import":
            words.append(_EXAMPLE_RESULTS)
        if one.command == "results review":
            words += ["--all", "--approve"]
        if len(followed) > 1 or one.command == "publish":
            words += ["--plan", one.plan]
        operator = next((name for name in operators if name not in one.entered_by), operators[0])
        found.append(Step(one.command, " ".join([*words, "--operator", operator])))
    return found


def _unvisited(draws: Sequence[DrawRow], followed: Sequence[FollowedDraw]) -> list[DrawRow]:
    """Those of the draws of which nothing was entered yet: afterwards nobody waits for a calendar."""
    begun = {(one.mode, one.draw) for one in followed if one.unchecked < one.targets}
    return [draw for draw in draws if (draw.mode, draw.number) not in begun]


def _year(follow: FollowUp) -> int | None:
    year = None if follow.unknown is None else follow.unknown.params.get("year")
    return year if isinstance(year, int) else None


def _next(
    rosters: Sequence[RosterStatus], draws: Sequence[DrawStatus], followed: Sequence[Step], operator: str
) -> Step:
    """A roster that is needed and not there, else the draw longest under way, else results, else the next plan."""
    waiting = [one for one in draws if _list_held_back(one)]
    own = [one.next for one in draws if one not in waiting]
    going_on = next(iter([*own, *followed, *(one.next for one in waiting)]), None)
    lacking = next((one.kind for one in rosters if one.required and one.current is None), None)
    if lacking and all(one.draw.state == "adopted" for one in draws):
        return Step(
            f"import {lacking}",
            f"shuangsuiji import {lacking} {_EXAMPLE_FILES[lacking]} --operator {operator}",
        )
    return going_on or Step("plan adopt", f"shuangsuiji plan adopt 抽查计划.toml --operator {operator}")


def _list_held_back(one: DrawStatus) -> bool:
    """Whether all of a draw but its list is published, so that nothing can be done before the embargo's end."""
    told = record_count(one.draw) <= records_published(one.draw)
    return one.draw.state == "matched" and RESULT_NOTICE in one.draw.files and told


def _missing(
    rosters: Sequence[RosterStatus], draws: Sequence[DrawStatus], followed: Sequence[Step], *, begun: bool
) -> tuple[str, ...]:
    """Rosters matter until the freeze, which seals them; after it a second person's typing, or an embargo's end."""
    found = []
    if all(one.draw.state == "adopted" for one in draws):
        found += [f"quarter.missing.{one.kind}" for one in rosters if one.required and one.current is None]
    if not (draws or followed):
        found.append("quarter.missing.next_plan" if begun else "quarter.missing.plan")
    if any(_sealing(one.draw) and one.typed_by for one in draws):
        found.append("quarter.missing.second_typing")
    if any(map(_list_held_back, draws)):
        found.append("quarter.missing.embargo_end")
    return tuple(found)
