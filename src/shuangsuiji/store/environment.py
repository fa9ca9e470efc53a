"""What the machine refuses, said in the program's own codes: disk full, no rights, locked, damaged."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from shuangsuiji.errors import EnvironmentRefused, Where
from shuangsuiji.store import turn
from shuangsuiji.store.engine import HeldOpen, primary_code

_BY_ERRNO: Final = {
    errno.ENOSPC: "store.disk_full",
    errno.EDQUOT: "store.disk_full",
    errno.EFBIG: "store.disk_full",
    errno.EACCES: "store.no_rights",
    errno.EPERM: "store.no_rights",
    errno.EROFS: "store.no_rights",
    errno.EIO: "store.io_error",
    errno.ENOTDIR: "store.not_a_directory",
    errno.ENOENT: "store.no_folder",
    errno.EISDIR: "store.not_a_file",
    errno.ENODEV: "store.not_a_file",
}

_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_BY_SQLITE: Final = {
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.no_rights",
    sqlite3.SQLITE_CANTOPEN: "store.no_rights",
    sqlite3.SQLITE_PERM: "store.no_rights",
    sqlite3.SQLITE_IOERR: "store.io_error",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
}


@contextmanager
def environment(path: Path) -> Iterator[None]:
    """Raise EnvironmentRefused for what the machine refuses inside; `path` is what the work was about.

    Codes: `store.disk_full`, `store.no_rights`, `store.not_a_directory`, `store.no_folder`, `store.not_a_file`,
    `store.locked`, `store.locked_by`, `store.held_open`, `store.damaged`, `store.io_error`. Whatever else happens (a
    violated constraint, a closed pipe) passes through unchanged.
    """
    try:
        yield
    except OSError as error:
        code = _BY_ERRNO.get(error.errno or 0)
        if code is None:
            raise
        where = Where(file=str(error.filename or path))
        raise EnvironmentRefused(code, where, reason=error.strerror or "") from error
    except HeldOpen as error:
        raise EnvironmentRefused("store.held_open", Where(file=str(path)), reason=str(error)) from error
    except DBAPIError as error:
        found = primary_code(error)
        if found in _BUSY:
            raise _locked(path, str(error.orig)) from error
        code = _BY_SQLITE.get(found)
        if code is None:
            raise
        raise EnvironmentRefused(code, Where(file=str(path)), reason=str(error.orig)) from error


def _locked(database: Path, reason: str) -> EnvironmentRefused:
    where = Where(file=str(database))
    other = turn.holder(database)
    if other is None:
        return EnvironmentRefused("store.locked", where, reason=reason)
    return EnvironmentRefused("store.locked_by", where, **asdict(other))
