"""The schema's version in the database, and the way from an older one to this program's."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from shuangsuiji.errors import EnvironmentRefused, Where
from shuangsuiji.store.engine import Database, reading, writing

if TYPE_CHECKING:  # Alembic is needed, and loaded, only when a schema is made or migrated
    from alembic.config import Config

HEAD: Final = "0004"
"""The newest revision in `migrations/versions`."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
VERSIONS: Final = _MIGRATIONS / "versions"


def prepare(engine: Database, database: Path, head: str = HEAD, versions: Path = VERSIONS) -> None:
    """Bring the database to schema `head`; nothing happens if it has it already.

    A migration is one transaction: done or not. `versions` is the folder of the migrations. Raises
    EnvironmentRefused `store.newer` for a schema that the migrations do not know, `store.no_workspace` for a
    database of something else.
    """
    with reading(engine, briefly=True) as session:
        current = _current(session.connection())
    if current == head:
        return
    if current is None:
        raise EnvironmentRefused("store.no_workspace", Where(file=str(database.parent)))
    if current not in revisions(versions):
        raise EnvironmentRefused("store.newer", Where(file=str(database.parent)), version=current, known=head)
    with writing(engine) as session:
        upgrade(session.connection(), versions)


def upgrade(connection: Connection, versions: Path = VERSIONS) -> None:
    """Run the migrations that the database lacks, within the connection's transaction."""
    from alembic import command

    configuration = _configuration(versions)
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def revisions(versions: Path = VERSIONS) -> tuple[str, ...]:
    """The known revisions, newest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_configuration(versions))
    return tuple(script.revision for script in scripts.walk_revisions())


def _configuration(versions: Path) -> "Config":
    from alembic.config import Config

    configuration = Config()
    options = {"script_location": str(_MIGRATIONS)}
    if versions != VERSIONS:
        options |= {"version_locations": str(versions), "path_separator": "newline"}
    for name, value in options.items():
        configuration.set_main_option(name, value.replace("%", "%%"))  # else read as an interpolation
    return configuration


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
