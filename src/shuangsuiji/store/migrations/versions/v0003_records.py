"""Draws may be void, and what was typed in may be about a late seal or a request instead of the draw's own notice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STAY_VOID = """
CREATE TRIGGER draws_stay_void BEFORE UPDATE ON draws
WHEN OLD.void AND NOT NEW.void
BEGIN SELECT raise(ABORT, 'a void draw stays void'); END
"""


def upgrade() -> None:
    """No draw of an older workspace is void; its typings are about the commit notice, the empty occasion."""
    op.add_column("draws", sa.Column("void", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("typings", sa.Column("occasion", sa.Text(), nullable=False, server_default=""))
    op.execute(_STAY_VOID)
