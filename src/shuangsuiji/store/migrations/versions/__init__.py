"""The schema's revisions, in the order of their numbers."""
