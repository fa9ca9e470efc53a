"""The first schema: operators, the log, imports and their snapshots, plans, draws and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATES = "('adopted', 'frozen', 'seeded', 'drawn', 'matched', 'published')"

_KEPT = "BEGIN SELECT raise(ABORT, 'records are kept as they are'); END"
_LOG_GROWS = """
CREATE TRIGGER log_grows_at_its_end BEFORE INSERT ON log
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM log)
BEGIN SELECT raise(ABORT, 'the log grows at its end only'); END
"""
_IMPORTS_STAY_USED = """
CREATE TRIGGER imports_stay_used BEFORE UPDATE ON imports
WHEN OLD.used AND (NOT NEW.used OR NEW.withdrawn IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a freeze rests on this import'); END
"""


def upgrade() -> None:
    """Make all tables and the triggers that keep records what they were."""
    _workspace()
    _rosters()
    _draws()
    for statement in _guards():
        op.execute(statement)


def _workspace() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("created", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
        sa.CheckConstraint("id = 1", name="ck_workspace_single"),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operators"),
        sa.UniqueConstraint("name", name="uq_operators_name"),
    )
    op.create_table(
        "log",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_log"),
        sa.UniqueConstraint("prev", name="uq_log_prev"),
        sa.UniqueConstraint("hash", name="uq_log_hash"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_log_operator"),
    )


def _rosters() -> None:
    op.create_table(
        "snapshots",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_snapshots"),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("roster", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("time", sa.String(20), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("reports", sa.Text(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(["digest"], ["snapshots.digest"], name="fk_imports_digest"),
        sa.ForeignKeyConstraint(["source"], ["snapshots.digest"], name="fk_imports_source"),
        sa.ForeignKeyConstraint(["base"], ["imports.id"], name="fk_imports_base"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_imports_operator"),
    )
    op.create_index("ix_imports_roster", "imports", ["roster"])


def _draws() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "version", name="pk_plans"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_plans_operator"),
    )
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draws"),
        sa.UniqueConstraint("mode", "number", name="uq_draws_mode"),
        sa.ForeignKeyConstraint(
            ["plan_id", "plan_version"], ["plans.plan_id", "plans.version"], name="fk_draws_plan_id"
        ),
        sa.CheckConstraint("mode IN ('real', 'rehearsal')", name="ck_draws_mode"),
        sa.CheckConstraint(f"state IN {_STATES}", name="ck_draws_state"),
    )
    op.create_table(
        "draw_files",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("draw_id", "name", name="pk_draw_files"),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name="fk_draw_files_draw_id"),
    )
    op.create_table(
        "typings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_typings"),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name="fk_typings_draw_id"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_typings_operator"),
    )
    op.create_index("ix_typings_draw_id", "typings", ["draw_id"])


def _guards() -> list[str]:
    """Triggers: what is written once stays; the log grows at its end and nowhere else."""
    written_once = ("log", "snapshots", "plans", "draw_files", "typings")
    never_removed = ("workspace", "operators", "imports", "draws", *written_once)
    fixed = [f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {_KEPT}" for name in written_once]
    lasting = [f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {_KEPT}" for name in never_removed]
    return [*fixed, *lasting, _LOG_GROWS, _IMPORTS_STAY_USED]
