"""Measurements: performance lives here, never in a timed test. docs/benchmarks.md says how and what."""
