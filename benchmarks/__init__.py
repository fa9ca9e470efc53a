"""Measurements: performance lives here, never in a timed test."""
