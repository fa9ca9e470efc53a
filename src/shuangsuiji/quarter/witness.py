"""`witness record` (登记见证): what an outside witness stated about the notice or the closing, for the bundle."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from shuangsuiji.bundle.notice import Notice, notice_digest
from shuangsuiji.bundle.witness import (
    LATE_CLOSING,
    LATE_NOTICE,
    NOTICE,
    ReceiptStatement,
    SignedStatement,
    Testimony,
    WitnessStatement,
    check_testimony,
    parse_testimony,
)
from shuangsuiji.core.encoding import NotCanonical, canonical_json, parse_json
from shuangsuiji.errors import InputRefused, Where, WrongState
from shuangsuiji.persons import same_name
from shuangsuiji.publish.words import BEIJING
from shuangsuiji.quarter.dossier import LATE, read_closing, read_notice, sealing_by
from shuangsuiji.store import instants
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store

_FOLDER: Final = "witness/"
"""Where a draw's files have the statements, each under the SHA-256 of its line."""


@dataclass(frozen=True, slots=True)
class RecordResult:
    """The statement recorded: of the "notice" or the "closing", by whom, when (UTC); fingerprint or receipt."""

    plan: str
    mode: str
    draw: int
    of: str
    name: str
    time: str
    fingerprint: str
    receipt: str


def statement(
    store: Store, data: bytes, file: str = "", *, plan_id: str | None = None, operator: str, now: datetime
) -> RecordResult:
    """Record the signed statement in a file's bytes, for the draw of the plan (default: the only open one).

    Raises InputRefused (`bundle.not_canonical`, `bundle.witness`, `bundle.witness_*`) for a file that is no statement
    about this draw, `quarter.witness_own`, WrongState as `receipt`.
    """
    where = Where(file=file)
    try:
        testimony = parse_testimony(parse_json(data))
    except NotCanonical as why:
        raise InputRefused("bundle.not_canonical", where, why=str(why)) from None
    except InputRefused as error:
        raise InputRefused(error.code, where, **error.params) from None
    with store.begin(operator, "witness record", now) as transaction:
        draw = _witnessed(transaction, plan_id)
        return _record(transaction, draw, read_notice(transaction, draw), testimony)


def receipt(
    store: Store,
    where_seen: str,
    *,
    name: str,
    time: datetime,
    of: str = NOTICE,
    plan_id: str | None = None,
    operator: str,
    now: datetime,
) -> RecordResult:
    """Record a stamped receipt (盖章回执): who stamped what when, and where it can be seen.

    Raises WrongState (`quarter.nothing_to_witness`, `quarter.not_closed`, `quarter.witnessed`), InputRefused
    (`bundle.witness` for a blank name or place, `quarter.witness_early`, `quarter.witness_future`,
    `quarter.witness_own`: the authority is no outside witness of its own notice).
    """
    if time > now:
        raise InputRefused("quarter.witness_future", name=name.strip(), time=_clock(time))
    with store.begin(operator, "witness record", now) as transaction:
        draw = _witnessed(transaction, plan_id)
        notice = read_notice(transaction, draw)
        stated = WitnessStatement(
            authority=notice.authority,
            digest=_digest(transaction, draw, notice, of).hex(),
            draw=draw.number,
            mode=draw.mode,
            name=name.strip(),
            of=of,
            time=instants.to_text(time),
        )
        testimony = parse_testimony(ReceiptStatement(stated, where_seen.strip()).object())
        return _record(transaction, draw, notice, testimony)


def read_testimonies(reader: Reader, draw: DrawRow) -> list[bytes]:
    """The statements recorded, each as its line of `witness.jsonl` without the line feed."""
    return [reader.file(draw, name) for name in draw.files if name.startswith(_FOLDER)]


def _witnessed(reader: Reader, plan_id: str | None) -> DrawRow:
    """The latest frozen draw of the plan, published or not; without a plan the only open one."""
    if plan_id is None:
        draw = reader.open_draw()
    else:
        draws = [one for one in reader.draws() if one.plan_id == plan_id]
        draw = draws[-1] if draws else reader.open_draw(plan_id)
    if "notice.json" not in draw.files:
        raise WrongState("quarter.nothing_to_witness", plan=draw.plan_id)
    return draw


def _digest(reader: Reader, draw: DrawRow, notice: Notice, of: str) -> bytes:
    if of in (LATE_NOTICE, LATE_CLOSING):
        if LATE.notice not in draw.files:
            raise WrongState("quarter.nothing_to_witness", plan=draw.plan_id)
        notice = read_notice(reader, draw, LATE)
    if of in (NOTICE, LATE_NOTICE):
        return notice_digest(notice)
    closing = read_closing(reader, draw, notice, sealing_by(notice))
    if closing is None:
        raise WrongState("quarter.not_closed", plan=draw.plan_id)
    return closing.digest(draw.mode)


def _clock(time: datetime) -> str:
    """An instant as the officer's clock shows it (Beijing time)."""
    return f"{time.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def _late(reader: Reader, draw: DrawRow) -> tuple[Notice, bytes | None] | None:
    """The late notice and its closing digest, as far as there are any."""
    if LATE.notice not in draw.files:
        return None
    notice = read_notice(reader, draw, LATE)
    closing = read_closing(reader, draw, notice, LATE)
    return notice, closing.digest(draw.mode) if closing else None


def _record(transaction: Transaction, draw: DrawRow, notice: Notice, testimony: Testimony) -> RecordResult:
    closing = read_closing(transaction, draw, notice)
    digest = closing.digest(draw.mode) if closing else None
    one, late = testimony.statement, _late(transaction, draw)
    try:
        check_testimony(testimony, notice, digest, late)
    except InputRefused as error:
        if error.code != "bundle.witness_early":
            raise
        seen, begun = (_clock(instants.from_text(str(error.params[name]))) for name in ("time", "notice"))
        raise InputRefused("quarter.witness_early", name=one.name, time=seen, notice=begun) from None
    if same_name(one.name, notice.authority):
        raise InputRefused("quarter.witness_own", name=one.name, authority=notice.authority)
    line = canonical_json(testimony.object())
    name = f"{_FOLDER}{sha256(line).hexdigest()}.json"
    if name in draw.files:
        raise WrongState("quarter.witnessed", name=one.name)
    transaction.put_files(draw, {name: line})
    transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id, of=one.of, name=one.name)
    mark = testimony.fingerprint if isinstance(testimony, SignedStatement) else ""
    seen = testimony.receipt if isinstance(testimony, ReceiptStatement) else ""
    return RecordResult(draw.plan_id, draw.mode, draw.number, one.of, one.name, one.time, mark, seen)
