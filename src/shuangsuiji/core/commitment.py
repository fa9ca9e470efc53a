"""§10 What is sealed before a seed can exist (冻结承诺): lists and plan as two statements and their commitments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import SPEC, SUITE, draw_hash, tagged_hash
from shuangsuiji.core.merkle import root
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.records import Entity, Inspector, Recusal, Seal
from shuangsuiji.core.seed import Announced, check_announced
from shuangsuiji.core.strata import Division, NumberedTier, check_quotas, divide, number
from shuangsuiji.errors import InputRefused


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists as frozen: entities and inspectors ascending by id, recusals in canonical order."""

    entities: tuple[Entity, ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen draw (冻结): everything that decides its result but the seed.

    `tiers[k]` are the numbered tiers of the plan's task k; `targets` and `inspectors` the two statements of §10.
    """

    plan: Plan
    seal: Seal
    lists: Lists
    divisions: tuple[Division, ...]
    tiers: tuple[tuple[NumberedTier, ...], ...]
    targets: dict[str, Json]
    inspectors: dict[str, Json]

    @property
    def targets_commitment(self) -> bytes:
        """§10 C(targets), 32 bytes."""
        return commitment(self.seal.mode, self.targets)

    @property
    def inspectors_commitment(self) -> bytes:
        """§10 C(inspectors), 32 bytes."""
        return commitment(self.seal.mode, self.inspectors)


def commitment(mode: str, statement: dict[str, Json]) -> bytes:
    """§10 The commitment of a statement, whose member `stage` names it."""
    return draw_hash(mode, f"commitment/{statement['stage']}", canonical_json(statement))


def plan_digest(plan: Plan) -> bytes:
    """§7 The plan's digest, 32 bytes."""
    return tagged_hash("plan", canonical_json(plan_object(plan)))


def freeze(plan: Plan, seal: Seal, lists: Lists, announced: Sequence[Announced]) -> Frozen:
    """§10 Seal the lists and the plan, naming the drawings that will seed the draw.

    InputRefused if a list is out of order or repeats an id (`core.order`), a count exceeds its base
    (`core.quota_above_base`), or the drawings cannot seed a draw of this mode (`core.seed_*`).
    """
    check_announced(seal.mode, announced)
    _check_ascending("entities", (one.id for one in lists.entities))
    _check_ascending("inspectors", (one.id for one in lists.inspectors))
    divisions = divide(plan, lists.entities)
    check_quotas(divisions)
    leaves = [seal.entity_leaf(one) for one in lists.entities]
    tiers = tuple(number(division, leaves) for division in divisions)
    common: dict[str, Json] = {
        "authority": plan.authority,
        "draw": seal.draw,
        "mode": seal.mode,
        "plan": plan_digest(plan).hex(),
        "spec": SPEC,
        "suite": SUITE,
        "values": [one.object() for one in announced],
    }
    numbered: list[Json] = [
        {"id": task.id, "tiers": [_tier_object(tier) for tier in own]}
        for task, own in zip(plan.tasks, tiers, strict=True)
    ]
    targets = common | {
        "registry": {"root": root(sorted(leaves)).hex(), "size": len(leaves)},
        "stage": "targets",
        "tasks": numbered,
    }
    pool = [seal.inspector_leaf(one) for one in lists.inspectors]
    inspectors = common | {
        "pool": {"root": root(sorted(pool)).hex(), "size": len(pool)},
        "recusals": {"digest": seal.recusals_digest(lists.recusals).hex(), "size": len(lists.recusals)},
        "stage": "inspectors",
        "targets": commitment(seal.mode, targets).hex(),
    }
    return Frozen(plan, seal, lists, divisions, tiers, targets, inspectors)


def commitment_object(frozen: Frozen) -> dict[str, Json]:
    """§10 The object of `commitment.json`."""
    return {"inspectors": frozen.inspectors, "targets": frozen.targets}


def _tier_object(tier: NumberedTier) -> Json:
    strata: list[Json] = [{"root": one.root.hex(), "size": len(one.members)} for one in tier.strata]
    return {"quota": tier.quota, "root": tier.root.hex(), "size": tier.size, "strata": strata}


def _check_ascending(which: str, ids: Iterable[str]) -> None:
    before = ""
    for one in ids:
        if one <= before:
            raise InputRefused("core.order", list=which, id=one)
        before = one
