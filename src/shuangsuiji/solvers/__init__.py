"""Solvers (OR-Tools) that propose and cross-check; nothing of the protocol rests on them, the core never sees them."""
