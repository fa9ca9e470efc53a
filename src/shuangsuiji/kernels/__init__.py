"""Fast twins of core functions: the same bytes, many at a time; compiled by numba from plain Python loops.

- `tickets` §12 tickets of many leaves, and the smallest of them, by the loop in `ticket_loop`; `columns` leaves as
  columns of words, also mapped from a file; `lines` and `sha_unit` the hash itself
- `compiled` how a loop is compiled and cached

Nothing here is imported at start-up, and nothing is specified here: each twin equals its readable one in every byte,
which `tests/kernels` tries. An auditor never runs them.
"""
