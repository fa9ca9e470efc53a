"""The witness's folder (见证目录): the key, the record, the statements handed out; and what is done in it.

witness.key.json        the key, 0600; keys retired by a rotation stand beside it under their fingerprint
witness-record.jsonl    the record, 0600, append-only
statements/             every statement that was handed out, so that a record cut short shows
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Final

from shuangsuiji.bundle.members import read_json
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.signing import WITNESS, SecretKey, read_key
from shuangsuiji.bundle.witness import SignedStatement, WitnessStatement, sign_statement
from shuangsuiji.core.closing import Contribution
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.seed import REAL, REHEARSAL
from shuangsuiji.errors import EnvironmentRefused, InputRefused, Where, WrongState
from shuangsuiji.persons import same_name
from shuangsuiji.store import files, instants
from shuangsuiji.witness.documents import Document
from shuangsuiji.witness.record import Entry, Record, read_record

PAGE: Final = Path(__file__).parent / "page" / "witness.html"
"""The page for a witness without Python."""

_KEY: Final = "witness.key.json"
_RECORD: Final = "witness-record.jsonl"
_STATEMENTS: Final = "statements"


@dataclass(frozen=True, slots=True)
class KeygenResult:
    """A new key: its file, the witness's name, the fingerprint (hex) to publish; `retired` is the old key's file."""

    path: Path
    name: str
    fingerprint: str
    retired: Path | None


@dataclass(frozen=True, slots=True)
class SignResult:
    """What was seen and signed. `signed` and `path` are None where it was only looked at.

    `contributions` are a closing's. `repeated`: this very document was signed before, the statement is that one.
    `others`: the authorities that the record knew, if it did not know this one.
    """

    of: str
    notice: Notice
    contributions: tuple[Contribution, ...]
    digest: str
    signed: SignedStatement | None
    fingerprint: str
    path: Path | None
    repeated: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowResult:
    """The record, all of it verified: its statements in order, the hash (hex) of its last line."""

    statements: tuple[SignedStatement, ...]
    head: str


@dataclass(frozen=True, slots=True)
class PageResult:
    """The witness's page as written: its path, SHA-256 (hex)."""

    path: Path
    sha256: str


def keygen(folder: Path, *, name: str, secret: bytes, rotate: bool = False) -> KeygenResult:
    """Make the folder's key from 32 random bytes; `rotate` retires the one before. A record that is there goes on.

    Raises InputRefused `witness.name`, `witness.own` for the name of an authority in the record, WrongState
    `witness.key_exists`, `witness.key_none` (nothing to rotate), and OSError.
    """
    if not name.strip():
        raise InputRefused("witness.name")
    for authority in _recorded_authorities(folder):
        _refuse_own(name.strip(), authority)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, retired = folder / _KEY, None
    if path.exists() != rotate:
        raise WrongState("witness.key_none" if rotate else "witness.key_exists", Where(file=str(path)))
    if rotate:
        retired = folder / f"witness-{read_key(path, WITNESS).fingerprint[:16]}.key.json"
        path.rename(retired)
    if not (folder / _RECORD).exists():
        files.write(folder / _RECORD, b"")
    key = SecretKey(name.strip(), secret, WITNESS)
    files.write(path, key.file())
    return KeygenResult(path, key.name, key.fingerprint, retired)


def sign(
    folder: Path,
    file: Path,
    *,
    now: datetime,
    as_of: bool = False,
    rehearsal: bool = False,
    look: bool = False,
    not_held: bool = False,
    other_authority: bool = False,
) -> SignResult:
    """Sign the notice or closing in `file` at `now`; with `look`, only check and show it.

    `as_of`: `now` is no clock's, which only rehearsals may; `not_held`, `other_authority` as in `Record.check`. The
    record is on disk before there is a statement. Raises InputRefused `witness.rehearsal`, `witness.own` (an authority
    is no outside witness of its own notice), WrongState `witness.as_of`, those of `Record.read` and `Record.check`,
    EnvironmentRefused and InputRefused of the key and the record, and OSError.
    """
    key = read_key(folder / _KEY, WITNESS)
    value = read_json(str(file), file.read_bytes())
    time = instants.to_text(now)
    with _held_record(folder) as stream:
        record = _read(folder, stream)
        document = record.read(value)
        _refuse_own(key.name, document.notice.authority)
        if document.notice.mode == REHEARSAL and not rehearsal:
            raise InputRefused("witness.rehearsal", Where(file=str(file)))
        if as_of and document.notice.mode == REAL:
            raise WrongState("witness.as_of", Where(file=str(file)))
        known = record.check(document, time, not_held=not_held, other_authority=other_authority)
        others = record.others(document)
        if look:
            return _result(document, known, None, key, others=others)
        entry = known or Entry(document, sign_statement(_statement(document, key.name, time), key.secret))
        if known is None:
            _append(stream, record.line(entry))
        return _result(
            document, entry, _hand_out(folder, entry), key, repeated=known is not None, others=others
        )


def show(folder: Path) -> ShowResult:
    """The record, verified. Raises EnvironmentRefused `witness.record_missing`, InputRefused `witness.record.*`."""
    with _held_record(folder) as stream:
        record = _read(folder, stream)
    return ShowResult(tuple(one.signed for one in record.entries), record.head)


def write_page(path: Path) -> PageResult:
    """A copy of the witness's page (见证网页) at `path`. Raises OSError."""
    files.write(path, PAGE.read_bytes(), files.PUBLIC)
    return PageResult(path, files.sha256_of(path))


def _refuse_own(name: str, authority: str) -> None:
    """Refuse a witness who is the authority itself, as far as the names tell."""
    if same_name(name, authority):
        raise InputRefused("witness.own", name=name, authority=authority)


def _recorded_authorities(folder: Path) -> list[str]:
    """Whose notices the record has; of a damaged one nothing, `sign` says what is wrong with it."""
    path = folder / _RECORD
    with suppress(InputRefused):
        return (
            [one.authority for one in read_record(path.read_bytes(), str(path)).notices]
            if path.exists()
            else []
        )
    return []


def _statement(document: Document, name: str, time: str) -> WitnessStatement:
    return WitnessStatement(
        authority=document.notice.authority,
        digest=document.digest,
        draw=document.notice.draw,
        mode=document.notice.mode,
        name=name,
        of=document.of,
        time=time,
    )


def _result(
    document: Document,
    entry: Entry | None,
    path: Path | None,
    key: SecretKey,
    *,
    repeated: bool = False,
    others: tuple[str, ...] = (),
) -> SignResult:
    return SignResult(
        of=document.of,
        notice=document.notice,
        contributions=() if document.closing is None else document.closing.contributions,
        digest=document.digest,
        signed=None if entry is None else entry.signed,
        fingerprint=key.fingerprint if entry is None else entry.signed.fingerprint,
        path=path,
        repeated=repeated,
        others=others,
    )


@contextmanager
def _held_record(folder: Path) -> Iterator[FileIO]:
    """The record, open and locked: two signatures at once would not see one another."""
    path = folder / _RECORD
    if not path.is_file():
        raise EnvironmentRefused("witness.record_missing", Where(file=str(path)))
    with path.open("r+b", buffering=0) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream


def _read(folder: Path, stream: FileIO) -> Record:
    """The record, which must have every statement that was handed out. Raises InputRefused `witness.record.*`."""
    record = read_record(stream.read(), str(folder / _RECORD))
    recorded = {canonical_json(one.signed.object()) for one in record.entries}
    for path in sorted((folder / _STATEMENTS).glob("*.json")):
        if path.read_bytes() not in recorded:
            raise InputRefused("witness.record.short", Where(file=str(folder / _RECORD)), statement=path.name)
    return record


def _append(stream: FileIO, line: bytes) -> None:
    """Add a line at the end, durably; on a full disk the record is what it was."""
    end = stream.seek(0, os.SEEK_END)
    try:
        if stream.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(stream.fileno())
    except OSError:
        os.ftruncate(stream.fileno(), end)
        raise


def _hand_out(folder: Path, entry: Entry) -> Path:
    one = entry.statement
    path = folder / _STATEMENTS / f"witness-{one.mode}-{one.draw}-{one.of}-{one.digest[:8]}.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    files.write(path, canonical_json(entry.signed.object()), files.PUBLIC)
    return path
