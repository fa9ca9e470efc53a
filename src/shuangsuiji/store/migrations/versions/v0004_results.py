"""Results of inspections, their reviews and publication; the steps of proposals for the abnormal-operations list."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("results", "reviews", "published_results", "abnormal_steps")

_KEPT = "BEGIN SELECT raise(ABORT, 'records are kept as they are'); END"
_CORRECTS_ITS_OWN = """
CREATE TRIGGER results_correct_their_own BEFORE INSERT ON results
WHEN NEW.corrects <> 0 AND NOT EXISTS (
    SELECT 1 FROM results WHERE id = NEW.corrects AND draw_id = NEW.draw_id
    AND target = NEW.target AND task = NEW.task AND item = NEW.item
)
BEGIN SELECT raise(ABORT, 'a correction names an earlier result of the same item'); END
"""
_ANOTHER_REVIEWS = """
CREATE TRIGGER reviews_by_another BEFORE INSERT ON reviews
WHEN NEW.operator = (SELECT operator FROM results WHERE id = NEW.entry_id)
BEGIN SELECT raise(ABORT, 'who entered a result does not review it'); END
"""
_APPROVED_FIRST = """
CREATE TRIGGER published_results_approved BEFORE INSERT ON published_results
WHEN NOT EXISTS (SELECT 1 FROM reviews WHERE entry_id = NEW.entry_id AND approved)
BEGIN SELECT raise(ABORT, 'only an approved result is published'); END
"""


def upgrade() -> None:
    """Make the four tables, whose rows are added and never changed."""
    _results()
    _followed()
    fixed = [f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {_KEPT}" for name in _TABLES]
    lasting = [f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {_KEPT}" for name in _TABLES]
    for statement in (*fixed, *lasting, _CORRECTS_ITS_OWN, _ANOTHER_REVIEWS, _APPROVED_FIRST):
        op.execute(statement)


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_results"),
        # One first result of an item, and each is corrected once at most: what stands is the end of a chain.
        sa.UniqueConstraint("draw_id", "target", "task", "item", "corrects", name="uq_results_draw_id"),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name="fk_results_draw_id"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_results_operator"),
    )
    op.create_table(
        "reviews",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["entry_id"], ["results.id"], name="fk_reviews_entry_id"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_reviews_operator"),
    )
    op.create_table(
        "published_results",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_published_results"),
        sa.ForeignKeyConstraint(["entry_id"], ["results.id"], name="fk_published_results_entry_id"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_published_results_operator"),
    )


def _followed() -> None:
    op.create_table(
        "abnormal_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("time", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_abnormal_steps"),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name="fk_abnormal_steps_draw_id"),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"], name="fk_abnormal_steps_operator"),
    )
    op.create_index("ix_abnormal_steps_draw_id", "abnormal_steps", ["draw_id"])
