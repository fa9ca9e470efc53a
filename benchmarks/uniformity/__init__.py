"""How close to equally likely the lawful assignments are: families small enough to enumerate, and a county."""
