"""The workspace (工作目录) as a whole: made, opened, read, changed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from shuangsuiji.errors import EnvironmentRefused, InputRefused, Listing, Where
from shuangsuiji.persons import first_repeated
from shuangsuiji.store import engine as connections
from shuangsuiji.store import files, models, schema, turn
from shuangsuiji.store.environment import environment
from shuangsuiji.store.layout import DATABASE, OPEN_FOLDERS, PRIVATE_FOLDERS, Layout
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.transaction import Transaction

BUSY_TIMEOUT: Final = 30.0
"""Seconds to wait for another command that writes, before `store.locked_by`."""

_UNFINISHED: Final = f".{DATABASE}.new"


@dataclass(frozen=True, slots=True)
class Store:
    """An open workspace. It holds no connection: each `read` or `begin` opens one and closes it."""

    layout: Layout
    _database: connections.Database
    _as_of: bool = False

    @classmethod
    def open(cls, path: Path, *, busy_timeout: float = BUSY_TIMEOUT, as_of: bool = False) -> "Store":
        """Open an existing workspace, migrating it if an older program made it.

        `as_of`: the times that `begin` will be given are no clock's (演练时刻); entries then say so. A workspace
        with a real draw is not opened so (WrongState `store.as_of`), and one with such entries takes no real draw.
        Raises EnvironmentRefused: `store.no_workspace`, `store.newer` (made by a newer program), and those of
        `environment`.
        """
        layout = Layout(path)
        with environment(layout.database):
            if not layout.database.is_file():
                raise EnvironmentRefused("store.no_workspace", Where(file=str(path)))
            database = connections.connect(layout.database, busy_timeout)
            schema.prepare(database, layout.database)
            if as_of:
                with connections.reading(database, briefly=True) as session:
                    Reader(session, layout).check_rehearsing()
        return cls(layout, database, as_of)

    @classmethod
    def create(
        cls,
        path: Path,
        authority: str,
        region: str,
        operators: Sequence[str],
        now: datetime,
        *,
        as_of: bool = False,
    ) -> "Store":
        """Make a workspace in a new or empty directory; the first operator's `init` is the log's first entry.

        `as_of` as for `open`. Raises InputRefused `store.exists`, `store.not_empty`, `store.no_operators`,
        `store.operators_repeated` (names that a reader cannot tell apart are one), and EnvironmentRefused as
        `environment`. On failure nothing is left that was not there before.
        """
        if not operators:
            raise InputRefused("store.no_operators")
        if first_repeated(operators) is not None:
            raise InputRefused("store.operators_repeated", operators=Listing(operators))
        layout = Layout(path)
        with environment(path):
            _check_empty(layout)
            with _made_folders(layout):
                _make_database(layout, authority, region, operators, now, as_of)
        return cls.open(path, as_of=as_of)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Queries on the workspace as it stands now; however long the block takes, it stops no writer."""
        with environment(self.layout.database), connections.reading(self._database) as session:
            yield Reader(session, self.layout)

    @contextmanager
    def begin(self, operator: str, verb: str, now: datetime) -> Iterator[Transaction]:
        """The only writer until the block ends; then all is committed with one log entry, or nothing is.

        `now` has a time zone. Raises InputRefused `store.operator_unknown`, EnvironmentRefused
        `store.locked_by` with who it is, or `store.locked`, if another writer does not finish in time,
        `store.held_open` if another program reads the database all the while, `store.log_damaged`, and those of
        `environment`.
        """
        written: list[Path] = []
        with (
            environment(self.layout.database),
            _made_folders(self.layout),  # a backup may have lost empty ones
            self._orphans_removed(written),
            turn.note(self.layout.database) as take,
            connections.writing(self._database) as session,
        ):
            transaction = Transaction(session, self.layout, operator, verb, now, written, self._as_of)
            transaction.start()
            take(operator, verb)
            yield transaction
            transaction.finish()

    def leave_reports(self, reports: Mapping[str, bytes]) -> tuple[Path, ...]:
        """Write reports of work that changed nothing else, all or none, by file name. Raises as `environment`."""
        paths = tuple(map(self.layout.report, reports))
        with environment(self.layout.reports), _made_folders(self.layout):
            try:
                for path, data in zip(paths, reports.values(), strict=True):
                    files.write(path, data)
            except BaseException:
                for path in paths:
                    path.unlink(missing_ok=True)
                raise
        return paths

    @contextmanager
    def _orphans_removed(self, written: list[Path]) -> Iterator[None]:
        """Remove what a failed transaction wrote, unless the database does point to it.

        Asked under the right to write, so that no other transaction is about to point to the same content. If
        that cannot be had the files stay: nothing points to them, and the same content would be written again
        as it is.
        """
        try:
            yield
        except BaseException:
            if written:
                with suppress(DBAPIError, OSError), connections.writing(self._database) as session:
                    for path in set(written) - Reader(session, self.layout).known_files():
                        path.unlink(missing_ok=True)
            raise


def _check_empty(layout: Layout) -> None:
    if layout.database.exists():
        raise InputRefused("store.exists", Where(file=str(layout.root)))
    if not layout.root.exists():
        return
    ours = {*PRIVATE_FOLDERS, *OPEN_FOLDERS}
    for found in sorted(layout.root.iterdir()):
        unfinished = found.name in ours and found.is_dir() and not any(found.iterdir())
        if not (unfinished or found.name.startswith(_UNFINISHED)):
            raise InputRefused("store.not_empty", Where(file=str(layout.root)), found=found.name)


@contextmanager
def _made_folders(layout: Layout) -> Iterator[None]:
    """Make those of the workspace's folders that are missing; remove them again if the block fails."""
    missing = [folder for folder in (layout.root, *layout.root.parents) if not folder.exists()]
    wanted = [(folder, 0o777) for folder in reversed(missing)]
    wanted += [(layout.root / name, files.PRIVATE_FOLDER) for name in PRIVATE_FOLDERS]
    wanted += [(layout.root / name, 0o777) for name in OPEN_FOLDERS]
    made: list[Path] = []
    try:
        for folder, mode in wanted:
            if not folder.is_dir():
                folder.mkdir(mode)
                made.append(folder)
        yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _make_database(
    layout: Layout, authority: str, region: str, operators: Sequence[str], now: datetime, as_of: bool
) -> None:
    """Make the database under another name and rename it: a workspace exists when it is whole."""
    unfinished = layout.root / _UNFINISHED
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(files.PRIVATE)
        with connections.writing(connections.connect(unfinished, BUSY_TIMEOUT)) as session:
            schema.upgrade(session.connection())
            session.add(models.Workspace(id=1, authority=authority, region=region, created=now))
            session.add_all(
                models.Operator(id=place, name=name) for place, name in enumerate(operators, start=1)
            )
            session.flush()
            transaction = Transaction(session, layout, operators[0], "init", now, [], as_of)
            transaction.details(authority=authority, region=region, operators=list(operators))
            transaction.finish()
        unfinished.replace(layout.database)
        files.sync_directory(layout.root)
    except BaseException:
        for path in layout.root.glob(f"{_UNFINISHED}*"):
            path.unlink()
        raise
