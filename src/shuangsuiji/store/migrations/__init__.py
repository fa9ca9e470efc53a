"""Alembic's environment; revisions stand in `versions`, one file each, never edited once released."""
