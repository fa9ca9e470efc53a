"""Connections to the workspace's SQLite database, with transactions that are exactly what is asked for.

After SQLAlchemy's documented recipe for sqlite3: the driver's own transaction control is off, and `BEGIN` is
emitted by the `begin` event. Writers take `BEGIN IMMEDIATE`, so that a second one is turned away at its first
statement, not at its commit; readers see one consistent state and cannot write at all.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

_WRITES: Final = "shuangsuiji_writes"


def connect(database: Path, busy_timeout: float) -> Engine:
    """An engine on an existing database; `busy_timeout`: seconds to wait for another writer.

    No connection outlives its transaction, so that nothing holds the file between two commands. Nothing is
    opened yet.
    """
    uri = f"{database.resolve().as_uri()}?mode=rw"

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout, isolation_level=None)
        for pragma in ("foreign_keys = ON", "recursive_triggers = ON", "synchronous = EXTRA"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=opened, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session on one consistent state of the database; it cannot write."""
    with Session(engine) as session:
        session.connection()
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session with the only right to write; committed when the block ends, rolled back if it fails."""
    with Session(engine.execution_options(**{_WRITES: True})) as session, session.begin():
        session.connection()
        yield session


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
