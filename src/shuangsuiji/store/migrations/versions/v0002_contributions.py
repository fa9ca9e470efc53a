"""Typings of contributions: what one person typed may be about a contributor, not only about the public values."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give typings a subject; those made before are about the public values, the empty one."""
    op.add_column("typings", sa.Column("subject", sa.Text(), nullable=False, server_default=""))
