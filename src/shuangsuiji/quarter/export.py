"""`export` (导出): the public table of results as CSV, the auditor's bundle (审计包), the public bundle (公开包)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from shuangsuiji.bundle import archive
from shuangsuiji.bundle.disclose import Batch, disclose_names
from shuangsuiji.bundle.members import read_recusals, read_statement
from shuangsuiji.bundle.public_bundle import make
from shuangsuiji.bundle.signing import SIGNING, SecretKey, bundle_message, read_key
from shuangsuiji.bundle.witness import CLOSING, NOTICE, parse_testimony
from shuangsuiji.core.draw import draw_targets, result_digest
from shuangsuiji.core.encoding import canonical_json, json_lines, parse_json
from shuangsuiji.core.records import Seal
from shuangsuiji.errors import Where, WrongState
from shuangsuiji.publish.table import write_table
from shuangsuiji.publish.verifier import PAGE
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.chronicle import record_lines
from shuangsuiji.quarter.dossier import (
    COMMITMENT,
    read_frozen,
    read_plan,
    read_results,
    read_seeded,
    read_texts,
)
from shuangsuiji.quarter.inspections import public_results
from shuangsuiji.quarter.publish import TABLE, latest_table
from shuangsuiji.quarter.published import last_list, result_views
from shuangsuiji.quarter.witness import read_testimonies
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.log import entry_object
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction
from shuangsuiji.store.workspace import Store

_EMPTY_UNLESS_MADE = ("changes.jsonl", "shortages.jsonl")
"""Members of which a draw has a file only if there is something in them."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file that was written: whose draw, its path, size in bytes, SHA-256 (hex).

    `others` are the plans of draws that it could have been of too, where none was named: it is of the latest.
    """

    plan: str
    mode: str
    draw: int
    path: Path
    size: int
    sha256: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageResult:
    """The browser verifier handed out: where it was written, and its SHA-256 (hex)."""

    path: Path
    sha256: str


def verifier_page(path: Path) -> PageResult:
    """A copy of the browser verifier (核验网页) at `path`. Raises EnvironmentRefused as `environment`."""
    with environment(path):
        files.write(path, PAGE.read_bytes(), files.PUBLIC)
    return PageResult(path, files.sha256_of(path))


def csv(
    store: Store, path: Path | None, *, plan_id: str | None = None, now: datetime, config: Path | None = None
) -> ExportResult:
    """Write the published table of results to `path`, by default in the current folder under the draw's name.

    What came down after its term is not in it. Raises WrongState `quarter.nothing_published`, also while the plan holds
    the list back; InputRefused `config.missing`, `rosters.settings_*`.
    """
    with store.read() as reader:
        draw = latest(reader, plan_id, TABLE)
        told = public_results(reader, draw, civil_day(now), config)
        listing = last_list(result_views(reader, draw)) if told else None
        data = write_table(listing, told) if listing else reader.file(draw, latest_table(draw))
    target = path or Path(f"{draw_name(draw)}.csv")
    with environment(target):
        files.write(target, data, files.PUBLIC)
    return _result(draw, target, data)


def bundle(
    store: Store,
    path: Path | None,
    *,
    plan_id: str | None = None,
    sign: Path | None = None,
    operator: str,
    now: datetime,
) -> ExportResult:
    """Write the auditor's bundle to `path`, by default under the workspace's `bundles/`; readable by its owner only.

    The export is an entry of the log, and the bundle's log ends with it: both are made, or neither. `sign` is the key
    file of who makes it. Raises WrongState `quarter.not_matched`, those of `check_salt_key` and of `read_key`;
    EnvironmentRefused as `environment`.
    """
    key = read_key(sign, SIGNING) if sign else None
    with store.read() as reader:
        draw = latest(reader, plan_id, "blocks.jsonl")
        drawn = [one.plan_id for one in reader.draws() if "blocks.jsonl" in one.files]
    others = tuple(dict.fromkeys(one for one in drawn if one != draw.plan_id)) if plan_id is None else ()
    target = path or store.layout.bundles / f"{draw_name(draw)}.zip"
    # The file takes its name when the entry is committed, which it is when the file is written.
    with environment(target):
        if path is None:  # a backup may have lost an empty folder
            store.layout.bundles.mkdir(files.PRIVATE_FOLDER, exist_ok=True)
        with (
            files.replacing(target, files.PRIVATE) as stream,
            store.begin(operator, "export bundle", now) as transaction,
        ):
            check_salt_key(transaction, draw)
            transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id)
            data = archive.write(archive.AUDITOR, signed(_members(transaction, draw), key))
            with environment(target):
                stream.write(data)
                stream.flush()
    return replace(_result(draw, target, data), others=others)


def public(
    store: Store,
    path: Path | None,
    *,
    plan_id: str | None = None,
    sign: Path | None = None,
    operator: str,
    now: datetime,
) -> ExportResult:
    """Write the public bundle (§20) to `path`, by default in the current folder under the draw's name.

    It names those drawn, so it is made when their names are published and not before. Raises InputRefused
    `bundle.list_held_back` with the date, `bundle.tasks_overlap` where places would tell a class; WrongState
    `quarter.not_matched`, `quarter.nothing_published`; and as `bundle`.
    """
    key = read_key(sign, SIGNING) if sign else None
    with store.begin(operator, "export public", now) as transaction:
        draw = latest(transaction, plan_id, "blocks.jsonl")
        batch = read_batch(transaction, draw, now)
        batch.check_names_public()
        if TABLE not in draw.files:
            raise WrongState("quarter.nothing_published", plan=draw.plan_id)
        data = public_archive(transaction, draw, batch, key)
        transaction.details(
            draw=draw.number, mode=draw.mode, plan=draw.plan_id, sha256=sha256(data).hexdigest()
        )
        target = path or Path(f"{draw_name(draw)}-public.zip")
        with environment(target):
            files.write(target, data, files.PUBLIC)
    return _result(draw, target, data)


def public_archive(reader: Reader, draw: DrawRow, batch: Batch, key: SecretKey | None = None) -> bytes:
    """The public bundle of a draw whose list is published. Raises as `public`."""
    check_salt_key(reader, draw)
    frozen = read_frozen(reader, draw)
    drawn = draw_targets(frozen, read_seeded(reader, draw, frozen).seeds)
    own = {name: reader.file(draw, name) for name in ("notice.json", "seed.json")}
    own["witness.jsonl"] = b"".join(line + b"\n" for line in public_testimonies(reader, draw))
    result = result_digest(frozen.seal, *read_results(reader, draw)).hex()
    members = make(frozen, drawn, disclose_names(batch, frozen, drawn), own, result)
    return archive.write(archive.PUBLIC, signed(members, key))


def read_batch(reader: Reader, draw: DrawRow, now: datetime) -> Batch:
    """What `disclose` decides about, as of now."""
    plan, texts = read_plan(reader, draw), read_texts(reader, draw)
    return Batch(plan, texts, draw.mode, draw.number, civil_day(now))


def public_testimonies(reader: Reader, draw: DrawRow) -> list[bytes]:
    """The statements of a public bundle, as lines in order: of the notice and of its closing."""
    lines = sorted(read_testimonies(reader, draw))
    return [line for line in lines if parse_testimony(parse_json(line)).statement.of in (NOTICE, CLOSING)]


def check_salt_key(reader: Reader, draw: DrawRow) -> None:
    """Refuse what no leaf can be made with: a draw's salt key that is gone, open to others, or another draw's.

    WrongState `quarter.salt_key_lost`, `quarter.salt_key_other`; those of `Reader.key`.
    """
    path = reader.layout.key(draw.mode, draw.number)
    if not path.is_file():
        raise WrongState("quarter.salt_key_lost", Where(file=str(path)))
    seal = Seal(reader.key(draw), draw.mode, draw.number)
    said = read_statement(reader.file(draw, COMMITMENT), "inspectors")["recusals"]
    recusals = read_recusals(reader.file(draw, "recusals.jsonl"), read_plan(reader, draw))
    if said != {"digest": seal.recusals_digest(recusals).hex(), "size": len(recusals)}:
        raise WrongState("quarter.salt_key_other", Where(file=str(path)))


def signed(members: Mapping[str, bytes], key: SecretKey | None) -> dict[str, bytes]:
    """The members with the signature of their manifest, if there is a key."""
    if key is None:
        return dict(members)
    signature = key.sign(bundle_message(members[archive.MANIFEST]))
    return {**members, archive.SIGNATURE: canonical_json(signature.object())}


def _members(transaction: Transaction, draw: DrawRow) -> dict[str, bytes]:
    own = archive.AUDITOR.members
    members = {name: transaction.file(draw, name) for name in own if name in draw.files}
    members |= {name: b"" for name in _EMPTY_UNLESS_MADE if name not in draw.files}
    log = [*transaction.log(), transaction.entry()]
    members["log.jsonl"] = json_lines(entry_object(entry) for entry in log)
    members["records.jsonl"] = record_lines(transaction, draw)
    members["salt.json"] = canonical_json({"key": transaction.key(draw).hex()})
    members["witness.jsonl"] = b"".join(line + b"\n" for line in sorted(read_testimonies(transaction, draw)))
    seal = Seal(transaction.key(draw), draw.mode, draw.number)
    digest = result_digest(seal, *read_results(transaction, draw)).hex()
    return members | {"manifest.json": archive.manifest(archive.AUDITOR, members, digest)}


def latest(reader: Reader, plan_id: str | None, needed: str) -> DrawRow:
    """The latest draw, of one plan if it is named, that has the file needed."""
    draws = [draw for draw in reader.draws() if plan_id in (None, draw.plan_id) and needed in draw.files]
    if not draws:
        code = "quarter.nothing_published" if needed == TABLE else "quarter.not_matched"
        raise WrongState(code, plan=plan_id or "")
    return draws[-1]


def draw_name(draw: DrawRow) -> str:
    """A name for files about a draw."""
    return f"{draw.plan_id}-{draw.mode}-{draw.number}"


def _result(draw: DrawRow, path: Path, data: bytes) -> ExportResult:
    return ExportResult(draw.plan_id, draw.mode, draw.number, path, len(data), sha256(data).hexdigest())
