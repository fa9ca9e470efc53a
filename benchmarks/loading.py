"""How long a process takes before the first compiled loop can run."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.cases import Load, Teams
from benchmarks.jobs import Job


def _ours(_: Load) -> Job[bool]:
    return Job(
        compiled_anew,
        lambda compiled: "compiled" if compiled else "was in the compiler's cache already",
        once=True,
    )


def compiled_anew() -> bool:
    """Both kinds of loops, each at its smallest; whether something had to be compiled."""
    from shuangsuiji.core.matching.problem import components
    from shuangsuiji.kernels import columns, hashes, matching, matching_loops, tickets

    tickets.first_words(bytes(32), columns.from_leaves([bytes(32)]))
    list(matching.runs(components(Teams(20, 10).problem), [bytes(32)], worth=0))
    loops: tuple[Any, ...] = (hashes.tickets, matching_loops.draw)
    return any(loop.stats.cache_misses for loop in loops)


LOADS: Final[Mapping[str, Callable[[Load], Job[bool]]]] = {"shuangsuiji": _ours}
