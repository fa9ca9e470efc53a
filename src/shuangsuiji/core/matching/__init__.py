"""§15 The second draw: every slot an inspector, lawful, as evenly loaded as the rules allow, decided by the seed.

Not an optimum chosen by a solver but a replay: a start (§15.3), then moves that are each as likely as their
reverse (§15.4, §15.5), all driven by one stream per component.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from shuangsuiji.core.matching.mixing import mix
from shuangsuiji.core.matching.problem import Component, Problem, Short, components
from shuangsuiji.core.matching.repair import repair
from shuangsuiji.core.matching.start import start
from shuangsuiji.core.matching.widening import widened
from shuangsuiji.core.stream import Stream

Run: TypeAlias = Callable[[Component, bytes], tuple[int, ...] | Short]
"""What `run` does, or a fast twin of it."""
Runs: TypeAlias = Callable[[Sequence[Component], Sequence[bytes]], Iterable[tuple[int, ...] | Short]]
"""What `runs` does, or a fast twin of it."""


def run(component: Component, key: bytes) -> tuple[int, ...] | Short:
    """§15.2 to §15.5 The inspector of each slot of a component, in its own numbers, drawn by the stream of this key."""
    stream = Stream(key)
    state = start(component, stream)
    if isinstance(state, Short):
        return state
    if (short := repair(state, stream)) is not None:
        return short
    mix(state, stream)
    return tuple(state.own)


def runs(components: Sequence[Component], keys: Sequence[bytes]) -> Iterable[tuple[int, ...] | Short]:
    """§15.1 `run` for each component with its key, in order; none has to do with another."""
    return map(run, components, keys)


def assign(problem: Problem, key_of: Callable[[int], bytes], runs: Runs = runs) -> tuple[int, ...] | Short:
    """§15.1 The inspector of each slot of the problem, or the shortage that counts (§15.6), in the problem's numbers.

    `key_of` gives the key of a component's stream from the number of its first slot.
    """
    for number, slot in enumerate(problem.slots):
        if not slot.pool:
            return Short("pool", (number,))
    owners = [0] * len(problem.slots)
    parts = components(widened(problem))
    keys = [key_of(part.first_slot) for part in parts]
    for component, drawn in zip(parts, runs(parts, keys), strict=True):
        if isinstance(drawn, Short):
            slots = tuple(component.slots[slot] for slot in drawn.slots)
            return Short(drawn.why, slots, tuple(component.inspectors[one] for one in drawn.inspectors))
        for number, inspector in zip(component.slots, drawn, strict=True):
            owners[number] = component.inspectors[inspector]
    return tuple(owners)
