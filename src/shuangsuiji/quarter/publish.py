"""`publish` (公示): the notices that are due, each once: the plan's, the commitment's, the closing's, the result's.

Beside the commit and the closing notice lie the files that a witness signs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Final

from shuangsuiji.bundle.disclose import (
    Batch,
    Outcome,
    disclose_closing,
    disclose_commitment,
    disclose_draw,
    disclose_dropped,
    disclose_plan,
)
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.errors import Where, WrongState
from shuangsuiji.publish import views
from shuangsuiji.publish.draw_notice import draw_content
from shuangsuiji.publish.notices import closing_content, commitment_content, dropped_content, plan_content
from shuangsuiji.publish.table import write_table
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.changes import told_changes
from shuangsuiji.quarter.chronicle import read_chronicle, record_count, teams_drawn
from shuangsuiji.quarter.dossier import (
    LATE,
    OWN,
    Sealing,
    overtaken,
    plan_notice_name,
    plan_published,
    read_applied,
    read_closing,
    read_declarers,
    read_frozen,
    read_notice,
    read_plan,
    read_seeded,
    read_targets,
    read_texts,
)
from shuangsuiji.quarter.drop import VERB, drop_reason
from shuangsuiji.quarter.inspections import awaits_inspections, due_inspections, public_results
from shuangsuiji.quarter.lotteries import Lotteries
from shuangsuiji.quarter.published import PUBLIC, VIEWS, page_files
from shuangsuiji.quarter.site_address import verifier_address
from shuangsuiji.quarter.timing import timing_of
from shuangsuiji.store import files, instants
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import STATES, DrawRow, State
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store

RESULT_NOTICE: Final = "public/result.html"
LIST_NOTICE: Final = "public/list.html"
"""The result's notice again, with the list, where an embargo kept it out of the first."""
DROPPED_NOTICE: Final = "public/dropped.html"
TABLE: Final = "public/result.csv"
WITNESSED_NOTICE: Final = "public/notice.json"
WITNESSED_CLOSING: Final = "public/closing.json"
"""What the outside witness signs, byte for byte what the bundle has."""

_TOLD: Final = "told/"
"""Marks among a draw's files: of how many records a published result tells."""


@dataclass(frozen=True, slots=True)
class Published:
    """One artefact: its name as a file of the draw, its path, size in bytes, SHA-256 (hex)."""

    name: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Times:
    """When and with which files of settings something is published, and whether drawings before it are admitted."""

    now: datetime
    config: Path | None
    drawn_already: bool


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What was published now, in order; `complete` once the list is, which an embargo (名单保密期) may delay."""

    plan: str
    mode: str
    draw: int
    artefacts: tuple[Published, ...]
    complete: bool


def publish(
    store: Store,
    *,
    drawn_already: bool = False,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
    config: Path | None = None,
) -> PublishResult:
    """Publish what is due of the only open draw (or that of `plan_id`), into new folders under `published/`.

    The plan's notice from the adoption on, the commit notice from the freeze on, the closing notice from the closing
    on, the result from the match on, its list from the end of the plan's embargo on; the result anew when records were
    made since; with the list or after it, inspection results that were approved and not told yet.

    A real draw's commitment that nobody could see before a value was drawn proves nothing: `drawn_already` says so, the
    notice tells it, and the draw can only be declared void. Raises WrongState `quarter.publish_late` if it is not said,
    `quarter.nothing_to_publish` if all that is due has been, `quarter.unmanned` for a draw without teams that is not
    void yet, and those of `Reader.open_draw`.
    """
    with files.new_folders() as make_folder, store.begin(operator, "publish", now) as transaction:
        artefacts: list[Published] = []
        candidates = _publishable(transaction, plan_id)
        for draw in candidates:
            folder = store.layout.published / f"{draw.mode}-{draw.number}"
            for stage, made in _due(transaction, draw, now, config, drawn_already):
                transaction.put_files(draw, made)
                target = folder / stage
                public = {name: data for name, data in made.items() if name.startswith(PUBLIC)}
                make_folder(target, {Path(name).name: data for name, data in public.items()})
                artefacts += [
                    _published(name, target / Path(name).name, data) for name, data in public.items()
                ]
            if artefacts:
                break
        if not artefacts:
            first = candidates[0]
            raise WrongState("quarter.nothing_to_publish", plan=first.plan_id, state=first.state)
        complete = draw.state == "published" or any(one.name == TABLE for one in artefacts)
        if draw.state != "published" and complete:
            transaction.set_state(draw, "published")
        digests = {one.name: one.sha256 for one in artefacts}
        transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id, published=digests)
    return PublishResult(draw.plan_id, draw.mode, draw.number, tuple(artefacts), complete)


def _due(
    transaction: Transaction, draw: DrawRow, now: datetime, config: Path | None, drawn_already: bool
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """The stages not yet published, with their files."""
    issued = civil_day(now)
    plan, texts = read_plan(transaction, draw), read_texts(transaction, draw)
    batch = Batch(plan, texts, draw.mode, draw.number, issued)
    plan_name = plan_notice_name(draw)
    verifier = verifier_address(workspace=transaction.layout.root, override=config)
    if draw.dropped:
        yield from _dropped(transaction, draw, batch, verifier)
        return
    if plan_name not in draw.files:
        yield f"plan-{draw.plan_version}", page_files(plan_name, plan_content(disclose_plan(batch), verifier))
    if not _reached(draw, "frozen"):
        return
    for seal in (OWN, LATE):
        yield from _sealed(transaction, draw, batch, seal, _Times(now, config, drawn_already))
    if _reached(draw, "matched"):
        yield from _results(transaction, draw, batch, verifier, config)
        # Anew, for a list that was published just now.
        yield from due_inspections(
            transaction, transaction.draw(draw.mode, draw.number), batch, verifier, config
        )


def _dropped(
    transaction: Transaction, draw: DrawRow, batch: Batch, verifier: str
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """That a plan which was published is given up."""
    if awaits_publication(draw):
        view = disclose_dropped(batch, _time_of(transaction, draw, VERB), drop_reason(transaction, draw))
        yield "dropped", page_files(DROPPED_NOTICE, dropped_content(view, verifier))


def _sealed(
    transaction: Transaction, draw: DrawRow, batch: Batch, seal: Sealing, times: "_Times"
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """The commit notice and the closing notice, or those of a late seal; beside each what a witness signs."""
    if seal.notice not in draw.files:
        return
    places = {"workspace": transaction.layout.root, "override": times.config}
    verifier, lotteries = verifier_address(**places), Lotteries.load(**places)
    notice = read_notice(transaction, draw, seal)
    if seal.published_notice not in draw.files:
        declared = [count for _, count in read_declarers(transaction, draw)]
        frozen = read_targets(transaction, draw)
        timing = timing_of(draw, notice, lotteries, times.now)
        if timing and timing.held:
            _overtake(transaction, draw, seal, notice, lotteries, times)
        view = disclose_commitment(
            batch, frozen, notice, declared, timing, told_changes(transaction, draw, seal)
        )
        content = commitment_content(view, lotteries.words(), verifier)
        witnessed = {f"{PUBLIC}{seal.notice}": transaction.file(draw, seal.notice)}
        yield PurePath(seal.published_notice).stem, page_files(seal.published_notice, content) | witnessed
    if seal.closing in draw.files and seal.published_closing not in draw.files:
        yield (
            PurePath(seal.published_closing).stem,
            _closing_files(transaction, draw, batch, seal, verifier, lotteries, times.now),
        )


def _overtake(
    transaction: Transaction,
    draw: DrawRow,
    seal: Sealing,
    notice: Notice,
    lotteries: Lotteries,
    times: "_Times",
) -> None:
    """Refuse to publish a commitment after its drawing, or remember that it was said."""
    if not times.drawn_already:
        first = lotteries.held_already(notice.values, times.now)[0]
        raise WrongState("quarter.publish_late", Where(), **first.words())
    transaction.put_files(draw, {seal.overtaken: b""})
    transaction.details(drawn_already=1)


def _results(
    transaction: Transaction, draw: DrawRow, batch: Batch, verifier: str, config: Path | None
) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """The result, its list, or both anew after records."""
    if not teams_drawn(transaction, draw) and not draw.void:
        raise WrongState("quarter.unmanned", plan=draw.plan_id, number=draw.number)
    if overtaken(draw) and not draw.void:
        raise WrongState("quarter.overtaken", plan=draw.plan_id, number=draw.number)
    count = record_count(draw)
    if RESULT_NOTICE in draw.files and TABLE in draw.files and count <= records_published(draw):
        return
    frozen = read_frozen(transaction, draw)
    view = disclose_draw(batch, frozen, read_outcome(transaction, draw, frozen))
    content = draw_content(view, verifier)
    told = public_results(transaction, draw, batch.issued, config)
    table = {} if view.list is None else {TABLE: write_table(view.list, told)}
    if RESULT_NOTICE not in draw.files:
        stage = "result"
    elif table and TABLE not in draw.files:
        stage = "list"
    elif count > records_published(draw):
        stage, table = f"result-{count}", {table_name(count): data for data in table.values()}
    else:
        return
    kept = {f"{VIEWS}{stage}.json": views.to_json(view)}
    yield stage, page_files(f"{PUBLIC}{stage}.html", content) | table | kept
    if count:
        transaction.put_files(draw, {f"{_TOLD}{count}": b""})


def latest_table(draw: DrawRow) -> str:
    """The file with the table of results as it was published last."""
    newer = table_name(records_published(draw))
    return newer if newer in draw.files else TABLE


def table_name(records: int) -> str:
    """The file with the table of results as it stands after so many records."""
    return f"public/result-{records}.csv"


def records_published(draw: DrawRow) -> int:
    """How many of a draw's records the last published result tells of."""
    told = [int(name.removeprefix(_TOLD)) for name in draw.files if name.startswith(_TOLD)]
    return max(told, default=0)


def awaits_publication(draw: DrawRow) -> bool:
    """Whether a draw that is published, void or given up has something to tell that is not public yet."""
    if draw.dropped:
        return plan_published(draw) and DROPPED_NOTICE not in draw.files
    if draw.state == "published":
        return record_count(draw) > records_published(draw)
    return draw.void


def _publishable(reader: Reader, plan_id: str | None) -> Sequence[DrawRow]:
    """The open draw and those with records or results to tell of; the first that has something due is the one.

    Where no plan is named, while there is an open draw, it comes first but for what was given up, and others only for
    inspection results. Of a plan's, a void draw whose list an embargo still holds back has nothing due, and its
    successor's turn comes.
    """
    draws = [one for one in reader.draws() if plan_id in (None, one.plan_id)]
    waiting = [one for one in draws if awaits_publication(one)]
    inspected = [one for one in draws if one not in waiting and awaits_inspections(reader, one)]
    under_way = [one for one in draws if one.state != "published" and not (one.void or one.dropped)]
    if plan_id is None and under_way:
        dropped = [one for one in waiting if one.dropped]
        return [*dropped, reader.open_draw(plan_id), *inspected]
    if under_way or not (waiting or inspected):
        return [*waiting, *inspected, reader.open_draw(plan_id)]
    return [*waiting, *inspected]


def _closing_files(
    transaction: Transaction,
    draw: DrawRow,
    batch: Batch,
    seal: Sealing,
    verifier: str,
    lotteries: Lotteries,
    now: datetime,
) -> Mapping[str, bytes]:
    notice = read_notice(transaction, draw, seal)
    closing = read_closing(transaction, draw, notice, seal) or Closing(notice.commitment)
    closed = _time_of(transaction, draw, seal.close_verb)
    timing = timing_of(draw, notice, lotteries, now, closed)
    content = closing_content(disclose_closing(batch, notice, closing, closed, timing), verifier)
    return page_files(seal.published_closing, content) | {
        f"{PUBLIC}{seal.closing}": transaction.file(draw, seal.closing)
    }


def _time_of(reader: Reader, draw: DrawRow, verb: str) -> datetime:
    """When the draw's first entry with the verb was made."""
    return next(
        instants.from_text(entry.time)
        for entry in reader.log()
        if (entry.verb, entry.details.get("mode"), entry.details.get("draw"))
        == (verb, draw.mode, draw.number)
    )


def read_outcome(reader: Reader, draw: DrawRow, frozen: Frozen) -> Outcome:
    """What a matched draw, and the records after it, came to."""
    seeded = read_seeded(reader, draw, frozen)
    chronicle = read_chronicle(reader, draw, frozen)
    return Outcome(
        closing=seeded.closing,
        values=seeded.values,
        teams=chronicle.grounds.teams,
        result=chronicle.grounds.result,
        late=seeded.late,
        records=chronicle.records,
        state=chronicle.state,
        applied=read_applied(reader, draw),
        not_held="；".join(
            reader.file(draw, one).decode() for one in (OWN.not_held, LATE.not_held) if one in draw.files
        ),
    )


def _reached(draw: DrawRow, state: State) -> bool:
    return STATES.index(draw.state) >= STATES.index(state)


def _published(name: str, path: Path, data: bytes) -> Published:
    return Published(name, path, len(data), sha256(data).hexdigest())
