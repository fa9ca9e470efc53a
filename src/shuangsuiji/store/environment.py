"""What the machine refuses, said in the program's own codes: disk full, no rights, locked, damaged."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from shuangsuiji.errors import EnvironmentRefused, Where

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

_BY_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
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
    `store.locked`, `store.damaged`, `store.io_error`. Whatever else happens (a violated constraint, a closed pipe)
    passes through unchanged.
    """
    try:
        yield
    except OSError as error:
        code = _BY_ERRNO.get(error.errno or 0)
        if code is None:
            raise
        where = Where(file=str(error.filename or path))
        raise EnvironmentRefused(code, where, reason=error.strerror or "") from error
    except DBAPIError as error:
        code = _BY_SQLITE.get(_primary_code(error))
        if code is None:
            raise
        raise EnvironmentRefused(code, Where(file=str(path)), reason=str(error.orig)) from error


def _primary_code(error: DBAPIError) -> int:
    # Extended result codes carry the primary one in their low byte (https://sqlite.org/rescode.html).
    extended = getattr(error.orig, "sqlite_errorcode", None)
    return extended & 0xFF if isinstance(extended, int) else 0
