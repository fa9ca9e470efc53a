"""`ceremony` (抽取现场): the draw as a page for the people in the room, which follows the session."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Final

from shuangsuiji.bundle.disclose import (
    Batch,
    disclose_closing,
    disclose_commitment,
    disclose_draw,
    disclose_first_draw,
    disclose_plan,
)
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.commitment import FrozenTargets
from shuangsuiji.core.draw import draw_targets
from shuangsuiji.core.seed import PublicValue
from shuangsuiji.errors import WrongState
from shuangsuiji.plan.drawings import public_value
from shuangsuiji.publish.ceremony import (
    CONFIRMATION,
    PAGE,
    PAPERS,
    SHEET,
    STATE,
    Given,
    Room,
    Stage,
    Typed,
    confirmation,
    room_page,
    room_papers,
    room_state,
)
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.close import contributions
from shuangsuiji.quarter.dossier import (
    LATE,
    OWN,
    Sealing,
    read_closing,
    read_frozen,
    read_notice,
    read_plan,
    read_seeded,
    read_targets,
    read_texts,
)
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.quarter.publish import read_outcome
from shuangsuiji.quarter.typed import latest
from shuangsuiji.store import files, instants
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import STATES, DrawRow, State
from shuangsuiji.store.workspace import Store

_VERBS: Final = ("freeze", "close", "seed", "draw", "late-freeze", "late-close", "late-seed", "match")


@dataclass(frozen=True, slots=True)
class CeremonyResult:
    """Where the page lies, what it is about and at which state; `confirmation` once there is something to sign."""

    plan: str
    mode: str
    draw: int
    state: str
    page: Path
    confirmation: Path | None


def ceremony(
    store: Store,
    folder: Path | None = None,
    *,
    plan_id: str | None = None,
    now: datetime,
    config: Path | None = None,
) -> CeremonyResult:
    """Write the page for the only open draw (or the latest of `plan_id`) to `folder`; changes nothing else.

    By default the folder is `ceremony/<mode>-<number>` in the workspace. Raises WrongState `quarter.no_ceremony` if no
    draw is there, those of `Reader.open_draw`; InputRefused as `Lotteries.load`; EnvironmentRefused as `environment`.
    """
    with store.read() as reader:
        draw = _shown(reader, plan_id)
        papers = _published(reader, draw)
        room = read_room(
            reader, draw, now, Lotteries.load(workspace=store.layout.root, override=config).words()
        )
    target = folder or store.layout.root / "ceremony" / f"{draw.mode}-{draw.number}"
    written = {PAGE: room_page(room)}
    if room.first is not None:
        written[CONFIRMATION] = papers[SHEET] = confirmation(room)
    written |= {PAPERS: room_papers(papers), STATE: room_state(room, list(papers))}
    with environment(target):
        target.mkdir(parents=True, exist_ok=True)
        for name, data in written.items():
            files.write(target / name, data, files.PUBLIC)
    paper = target / CONFIRMATION if CONFIRMATION in written else None
    return CeremonyResult(draw.plan_id, draw.mode, draw.number, draw.state, target / PAGE, paper)


def follow(
    store: Store,
    write: Callable[[], CeremonyResult],
    going_on: Callable[[], bool],
) -> Iterator[CeremonyResult]:
    """Write the page again whenever the log has grown; `going_on` waits between two looks and says whether to go on.

    Each writing is given back. Raises as `ceremony`.
    """
    seen = ""
    for _ in takewhile(lambda _: going_on(), iter(int, 1)):
        with store.read() as reader:
            head = reader.log_head()
        if head != seen:
            seen = head
            yield write()


def _published(reader: Reader, draw: DrawRow) -> dict[str, bytes]:
    """The commit and closing notices that are public, as they were published, by name."""
    named = (
        (OWN.published_notice, "抽取承诺公告"),
        (OWN.published_closing, "收集截止公告"),
        (LATE.published_notice, "人员补封公告"),
        (LATE.published_closing, "人员补封收集截止公告"),
    )
    return {words: reader.file(draw, name) for name, words in named if name in draw.files}


def read_room(reader: Reader, draw: DrawRow, now: datetime, schedule: Mapping[str, str]) -> Room:
    """The draw as the room may see it now."""
    plan, texts = read_plan(reader, draw), read_texts(reader, draw)
    batch = Batch(plan, texts, draw.mode, draw.number, civil_day(now))
    head, times, holders = disclose_plan(batch).head, _times(reader, draw), reader.operators()
    if not _reached(draw, "frozen"):
        return Room(head, schedule, None, None, None, None, times, holders)
    frozen = read_targets(reader, draw)
    seeded = read_seeded(reader, draw, frozen) if _reached(draw, "seeded") else None
    drawn = draw_targets(frozen, seeded.seeds) if seeded and _reached(draw, "drawn") else None
    whole = read_frozen(reader, draw) if _reached(draw, "matched") else None
    late = None
    if LATE.notice in draw.files:
        values = seeded.late.values if seeded and seeded.late else ()
        late = _stage(reader, draw, batch, frozen, LATE, values, times)
    return Room(
        head=head,
        hours=schedule,
        own=_stage(reader, draw, batch, frozen, OWN, seeded.values if seeded else (), times),
        late=late,
        first=disclose_first_draw(batch, frozen, drawn) if drawn else None,
        draw=(disclose_draw(batch, whole, read_outcome(reader, draw, whole)) if whole is not None else None),
        times=times,
        holders=holders,
    )


def _stage(
    reader: Reader,
    draw: DrawRow,
    batch: Batch,
    frozen: FrozenTargets,
    seal: Sealing,
    values: tuple[PublicValue, ...],
    times: Mapping[str, datetime],
) -> Stage:
    notice = read_notice(reader, draw, seal)
    closing, closed = read_closing(reader, draw, notice, seal), times.get(seal.close_verb)
    return Stage(
        commitment=disclose_commitment(batch, frozen, notice),
        given=_given(reader, draw, notice, seal),
        closing=disclose_closing(batch, notice, closing, closed) if closing and closed else None,
        typed=tuple(
            Typed(one.operator, one.time, tuple(_values(one.values)))
            for one in latest(reader.typings(draw, "", seal.occasion))
        ),
        values=values,
        agreed_by=_agreed_by(reader, draw, seal),
    )


def _shown(reader: Reader, plan_id: str | None) -> DrawRow:
    """The draw under way, else the latest one."""
    draws = [one for one in reader.draws() if plan_id in (None, one.plan_id) and not one.dropped]
    if not draws:
        raise WrongState("quarter.no_ceremony", plan=plan_id or "")
    under_way = [one for one in draws if not _reached(one, "published")]
    return reader.open_draw(plan_id) if under_way else draws[-1]


def _given(reader: Reader, draw: DrawRow, notice: Notice, seal: Sealing) -> tuple[Given, ...]:
    recorded = contributions(reader, draw, notice)
    return tuple(
        Given(
            person,
            recorded.get(person),
            min(len(latest(reader.typings(draw, person, seal.occasion))), 2),
        )
        for person in notice.contributors
    )


def _values(values: Mapping[str, str]) -> Iterator[PublicValue]:
    return (public_value(f"{drawing}={value}") for drawing, value in values.items())


def _times(reader: Reader, draw: DrawRow) -> dict[str, datetime]:
    """The instants of this draw's verbs; of a seed that of the entry with which two persons agreed."""
    own = [
        e for e in reader.log() if (e.details.get("mode"), e.details.get("draw")) == (draw.mode, draw.number)
    ]
    return {
        entry.verb: instants.from_text(entry.time)
        for entry in own
        if entry.verb in _VERBS and "typed" not in entry.details
    }


def _agreed_by(reader: Reader, draw: DrawRow, seal: Sealing) -> tuple[str, ...]:
    for entry in reader.log():
        about = (entry.verb, entry.details.get("mode"), entry.details.get("draw"))
        found = entry.details.get("operators")
        if about == (seal.seed_verb, draw.mode, draw.number) and isinstance(found, list):
            return tuple(map(str, found))
    return ()


def _reached(draw: DrawRow, state: State) -> bool:
    return STATES.index(draw.state) >= STATES.index(state)
