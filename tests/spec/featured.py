"""Good rehearsals among the vectors that have, together, at least one of everything an auditor's bundle may have."""

FEATURED = (
    *("rehearsal-witnessed", "late", "listed", "experts", "teams", "incompatible", "shortage", "relaxed"),
    *("successor", "changes", "not-relaxed", "records-of-every-kind"),
)
