"""§15 The second draw: every slot an inspector, lawful, as evenly loaded as the rules allow, decided by the seed.

Not an optimum chosen by a solver but a replay: a start (§15.3), then moves that are each as likely as their
reverse (§15.4, §15.5), all driven by one stream per component.
"""

from collections.abc import Sequence

from shuangsuiji.core.encoding import u64
from shuangsuiji.core.matching.mixing import mix
from shuangsuiji.core.matching.problem import Problem, components
from shuangsuiji.core.matching.start import Hall, start
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.stream import Stream


def assign(problem: Problem, seeds: Seeds) -> Sequence[int] | Hall:
    """§15 The inspector of each slot of the problem, or the certificate (in the problem's numbers) of a shortage."""
    for number, slot in enumerate(problem.slots):
        if not slot.pool:
            return Hall((number,), ())
    owners = [0] * len(problem.slots)
    for component in components(problem):
        stream = Stream(seeds.key("inspectors", "component", u64(component.first_slot)))
        state = start(component, stream)
        if isinstance(state, Hall):
            slots = tuple(component.slots[slot] for slot in state.slots)
            return Hall(slots, tuple(component.inspectors[one] for one in state.inspectors))
        mix(state, stream)
        for number, inspector in zip(component.slots, state.own, strict=True):
            owners[number] = component.inspectors[inspector]
    return owners
