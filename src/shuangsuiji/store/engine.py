"""Connections to the workspace's SQLite database, with transactions that are exactly what is asked for.

After SQLAlchemy's documented recipe for sqlite3: the driver's own transaction control is off, and `BEGIN` is
emitted by the `begin` event. Writers take `BEGIN IMMEDIATE`, so that a second one is turned away at its first
statement, not at its commit.

In the rollback journal (docs/decisions/0006 says why no other) nobody may be reading when a writer commits. Readers
therefore copy the database, one millisecond for each megabyte, let go of the file and work on the copy: however long
they compute, they see one consistent state, cannot write, and stop nobody. Only a program that is not ours can.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

_WRITES: Final = "shuangsuiji_writes"
_COPY_IN_MEMORY: Final = 256 << 10
"""KiB of a copy kept in memory; the rest of a larger one goes to a file without name, where the machine has those."""


class HeldOpen(Exception):
    """What was to be written could not be: another program reads the database and does not finish."""


@dataclass(frozen=True, slots=True)
class Database:
    """An existing database: `place` works on the file, `copies` on a copy made when it is asked for."""

    place: Engine
    copies: Engine


def connect(database: Path, busy_timeout: float) -> Database:
    """The two ways to an existing database; `busy_timeout`: seconds to wait for another writer, or at commit a reader.

    No connection outlives its transaction, so that nothing holds the file between two commands. Nothing is
    opened yet.
    """
    uri = f"{database.resolve().as_uri()}?mode=rw"

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout, isolation_level=None)
        for pragma in ("foreign_keys = ON", "recursive_triggers = ON", "synchronous = EXTRA"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def copied() -> sqlite3.Connection:
        # A database without name is private to its connection, and gone with it.
        copy = sqlite3.connect("", isolation_level=None)
        copy.execute(f"PRAGMA cache_size = -{_COPY_IN_MEMORY}")
        source = opened()
        try:
            # The lock is had first, within the timeout: `backup` itself would ask for it for ever.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            source.backup(copy)
        finally:
            source.close()
        return copy

    return Database(_engine(opened), _engine(copied))


@contextmanager
def reading(database: Database, *, briefly: bool = False) -> Iterator[Session]:
    """A session on one consistent state of the database; it cannot write.

    `briefly`: on the file itself, for a question or two that are not worth a copy.
    """
    with Session(database.place if briefly else database.copies) as session:
        session.connection()
        yield session


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """A session with the only right to write; committed when the block ends, rolled back if it fails.

    Raises HeldOpen if others who read the file do not let it be committed.
    """
    with Session(database.place.execution_options(**{_WRITES: True})) as session:
        session.connection()
        yield session
        session.flush()
        try:
            session.commit()
        except DBAPIError as error:
            if primary_code(error) == sqlite3.SQLITE_BUSY:
                raise HeldOpen(str(error.orig)) from error
            raise


def primary_code(error: DBAPIError) -> int:
    """SQLite's own code of an error; 0 if it is none of SQLite's."""
    # Extended result codes carry the primary one in their low byte (https://sqlite.org/rescode.html).
    extended = getattr(error.orig, "sqlite_errorcode", None)
    return extended & 0xFF if isinstance(extended, int) else 0


def _engine(creator: object) -> Engine:
    engine = create_engine("sqlite+pysqlite://", creator=creator, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
