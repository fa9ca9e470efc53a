"""§15.6 Relaxations (放宽措施): what a plan gives up, in its order, where the inspectors do not suffice."""

from dataclasses import replace

from shuangsuiji.core.plan import AnyDistrict, Neighbours, OtherPool, Plan, RaiseCap


def relaxed(plan: Plan, count: int) -> Plan:
    """§15.6 The plan as the second draw follows it when the first `count` relaxations are in force.

    A later relaxation takes the place of an earlier one of the same form and slot.
    """
    cap, slots = plan.max_per_inspector, {slot.id: slot for slot in plan.slots}
    for relaxation in plan.relaxations[:count]:
        match relaxation:
            case RaiseCap(most):
                cap = max(plan.max_per_inspector, most)
            case AnyDistrict(slot):
                slots[slot] = replace(slots[slot], district="any")
            case Neighbours(slot, districts):
                slots[slot] = replace(slots[slot], neighbours=districts)
            case OtherPool(slot, pool):
                slots[slot] = replace(slots[slot], pool=pool)
    return replace(plan, max_per_inspector=cap, slots=tuple(slots.values()))
