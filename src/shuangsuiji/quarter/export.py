"""`export` (导出): the public table of results as CSV, and the auditor's bundle (审计包)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from shuangsuiji.bundle import archive
from shuangsuiji.core.draw import result_digest
from shuangsuiji.core.encoding import canonical_json, json_lines
from shuangsuiji.errors import WrongState
from shuangsuiji.quarter.dossier import read_results
from shuangsuiji.quarter.publish import TABLE
from shuangsuiji.quarter.witness import read_testimonies
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.log import entry_object
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store

_AT_EXPORT = frozenset({"log.jsonl", "manifest.json", "salt.json", "witness.jsonl"})


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file that was written: whose draw, its path, size in bytes, SHA-256 (hex)."""

    plan: str
    mode: str
    draw: int
    path: Path
    size: int
    sha256: str


def csv(store: Store, path: Path | None, *, plan_id: str | None = None) -> ExportResult:
    """Write the published table of results to `path`, by default in the current folder under the draw's name.

    Raises WrongState `quarter.nothing_published`, also while the plan holds the list back.
    """
    with store.read() as reader:
        draw = _latest(reader, plan_id, TABLE)
        return _write(draw, path or Path(f"{_name(draw)}.csv"), reader.file(draw, TABLE), files.PUBLIC)


def bundle(
    store: Store, path: Path | None, *, plan_id: str | None = None, operator: str, now: datetime
) -> ExportResult:
    """Write the auditor's bundle to `path`, by default under the workspace's `bundles/`; readable by its owner only.

    The export is an entry of the log, and the bundle's log ends with it. Raises WrongState `quarter.not_matched`.
    """
    with store.begin(operator, "export bundle", now) as transaction:
        draw = _latest(transaction, plan_id, "blocks.jsonl")
        transaction.details(draw=draw.number, mode=draw.mode, plan=draw.plan_id)
    with store.read() as reader:
        data = archive.write(_members(reader, draw))
    return _write(draw, path or store.layout.bundles / f"{_name(draw)}.zip", data, files.PRIVATE)


def _members(reader: Reader, draw: DrawRow) -> dict[str, bytes]:
    members = {name: reader.file(draw, name) for name in archive.MEMBERS if name not in _AT_EXPORT}
    members["log.jsonl"] = json_lines(entry_object(entry) for entry in reader.log())
    members["salt.json"] = canonical_json({"key": reader.key(draw).hex()})
    members["witness.jsonl"] = b"".join(line + b"\n" for line in sorted(read_testimonies(reader, draw)))
    digest = result_digest(draw.mode, *read_results(reader, draw)).hex()
    return members | {"manifest.json": archive.manifest(members, digest)}


def _latest(reader: Reader, plan_id: str | None, needed: str) -> DrawRow:
    """The latest draw, of one plan if it is named, that has the file needed."""
    draws = [draw for draw in reader.draws() if plan_id in (None, draw.plan_id) and needed in draw.files]
    if not draws:
        code = "quarter.nothing_published" if needed == TABLE else "quarter.not_matched"
        raise WrongState(code, plan=plan_id or "")
    return draws[-1]


def _name(draw: DrawRow) -> str:
    return f"{draw.plan_id}-{draw.mode}-{draw.number}"


def _write(draw: DrawRow, path: Path, data: bytes, mode: int) -> ExportResult:
    with environment(path):
        files.write(path, data, mode)
    return ExportResult(draw.plan_id, draw.mode, draw.number, path, len(data), sha256(data).hexdigest())
