"""Run by Alembic: the caller hands in the connection, inside whose transaction everything happens."""

from alembic import context

from shuangsuiji.store.models import Base

# With BEGIN emitted explicitly SQLite's changes of schema are transactional; Alembic assumes not.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
