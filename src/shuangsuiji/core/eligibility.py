"""§13, §14 Which inspectors (检查人员) may be drawn at all, and for which slot (检查组席位)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from shuangsuiji.core.plan import Plan, Slot
from shuangsuiji.core.records import Inspector

UNDRAWABLE: Final = "undrawable"
NO_CERTIFICATE: Final = "no_certificate"
CANCELLED: Final = "cancelled"
EXPIRED: Final = "expired"


def standing(inspector: Inspector, begins: str, ends: str) -> str:
    """§13 The reason why an inspector is left out of a draw whose window runs from `begins` to `ends`, or ""."""
    if inspector.undrawable is not None:
        return UNDRAWABLE
    if inspector.expert:
        return ""
    if not inspector.certificates:
        return NO_CERTIFICATE
    if all(one.cancelled is not None for one in inspector.certificates):
        return CANCELLED
    if not any(one.covers(begins, ends) for one in inspector.certificates):
        return EXPIRED
    return ""


def eligible(plan: Plan, inspectors: Sequence[Inspector]) -> tuple[Inspector, ...]:
    """§13 The inspectors who can be drawn, in the order given."""
    return tuple(one for one in inspectors if not standing(one, plan.window_from, plan.window_to))


def left_out(plan: Plan, inspectors: Sequence[Inspector]) -> Mapping[str, int]:
    """§13 How many inspectors are left out, by reason."""
    reasons = Counter(standing(one, plan.window_from, plan.window_to) for one in inspectors)
    del reasons[""]
    return dict(sorted(reasons.items()))


def admits(slot: Slot, district: str, inspector: Inspector) -> bool:
    """§14 Whether an eligible inspector may take a slot in a block of the given district."""
    if inspector.expert and not slot.extra:
        return False
    match slot.district:
        case "home":
            near = inspector.district == district or inspector.district in slot.neighbours.get(district, ())
        case "away":
            near = inspector.district != district
        case _:
            near = True
    return near and slot.pool.holds(inspector.fields())


def slot_pool(slot: Slot, district: str, candidates: Sequence[Inspector]) -> tuple[int, ...]:
    """§14 The pool of a slot in a block of the given district: positions in `candidates`, the eligible ones."""
    return tuple(position for position, one in enumerate(candidates) if admits(slot, district, one))
