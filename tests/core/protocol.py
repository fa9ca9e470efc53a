"""A world taken through the protocol (§10 to §15), seeded by hand: what tests of draws begin with."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.seed import Announced, PublicValue, Seeds, derive_seeds
from tests.district import World, plan_value

ANNOUNCED: Final = (Announced("explicit", "1"),)
GENEROUS: Final = {f"tasks.0.tiers.{number}.quota": {"rate": "2/3"} for number in range(3)}
"""Changes to the simulator's plan that make small worlds draw several of a stratum."""


def put(value: Json, path: str, new: object) -> Json:
    """A copy of a JSON value with another one at a path such as `tasks.0.name`; None removes what is there."""
    copy: Any = deepcopy(value)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    inner = copy
    for step in way:
        inner = inner[step]
    if new is None:
        del inner[last]
    else:
        inner[last] = new
    result: Json = copy
    return result


def plan_with(changes: Mapping[str, object]) -> Plan:
    """The simulator's plan with other values at some paths."""
    value: Json = plan_value()
    for path, new in changes.items():
        value = put(value, path, new)
    return parse_plan(value)


def values(number: int = 0) -> tuple[PublicValue, ...]:
    """The explicit seed of a number."""
    return (PublicValue("explicit", "1", f"{number:064x}"),)


def frozen(world: World) -> Frozen:
    """The world, sealed as a rehearsal."""
    return freeze(world.plan, world.seal, Lists(world.entities, world.inspectors, world.recusals), ANNOUNCED)


def seeds(sealed: Frozen, number: int = 0) -> Seeds:
    """The seeds of a frozen world under the explicit seed of a number."""
    return derive_seeds(
        sealed.seal.mode, Closing(sealed.targets_commitment), sealed.inspectors_commitment, values(number)
    )
