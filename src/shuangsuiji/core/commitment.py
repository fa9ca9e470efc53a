"""§10 What is sealed before a seed can exist (冻结承诺): lists and plan as two statements and their commitments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import SPEC, SUITE, draw_hash, tagged_hash
from shuangsuiji.core.merkle import root
from shuangsuiji.core.plan import Plan, Task
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.records import Entity, Inspector, Recusal, Seal
from shuangsuiji.core.seed import Announced, check_announced, check_fresh, check_seedable
from shuangsuiji.core.strata import Division, Listed, NumberedTier, check_quotas, divide, listed, number
from shuangsuiji.errors import InputRefused


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists as frozen: entities and inspectors ascending by id, recusals in canonical order."""

    entities: tuple[Entity, ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """The sealed registry: the leaf of each entity, in the entities' order, and the root over all."""

    entities: tuple[Entity, ...]
    leaves: tuple[bytes, ...]
    root: bytes

    def object(self) -> dict[str, Json]:
        """§10 The statement's `registry`."""
        return {"root": self.root.hex(), "size": len(self.leaves)}


@dataclass(frozen=True, slots=True)
class Strata:
    """The registry divided: for each task of the plan its division and its numbered tiers, or its list."""

    divisions: tuple[Division, ...]
    tiers: tuple[tuple[NumberedTier, ...], ...]
    listed: tuple[Listed | None, ...]

    def object(self) -> list[Json]:
        """§10 The statement's `tasks`."""
        return [
            _task_object(division.task, own, named)
            for division, own, named in zip(self.divisions, self.tiers, self.listed, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Pool:
    """The sealed pool of inspectors and its recusals: root and digest."""

    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]
    root: bytes
    digest: bytes

    def object(self) -> dict[str, Json]:
        """§10 The statement's `pool`."""
        return {"root": self.root.hex(), "size": len(self.inspectors)}

    def recusals_object(self) -> dict[str, Json]:
        """§10 The statement's `recusals`."""
        return {"digest": self.digest.hex(), "size": len(self.recusals)}


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The draw, declared void, whose place this one takes (被接续的抽取): its number and C(targets)."""

    draw: int
    commitment: bytes

    def object(self) -> dict[str, Json]:
        """§10 The statement's `predecessor`."""
        return {"commitment": self.commitment.hex(), "draw": self.draw}


@dataclass(frozen=True, slots=True)
class FrozenTargets:
    """The stage of the targets, frozen (冻结): what decides whom the first draw draws, but the seed.

    `announced` are the drawings to come, `targets` is the statement of §10.
    """

    plan: Plan
    seal: Seal
    registry: Registry
    strata: Strata
    announced: tuple[Announced, ...]
    targets: dict[str, Json]

    @property
    def targets_commitment(self) -> bytes:
        """§10 C(targets), 32 bytes."""
        return commitment(self.seal.mode, self.targets)


@dataclass(frozen=True, slots=True)
class Frozen(FrozenTargets):
    """A frozen draw: everything that decides its result but the seed.

    `inspectors` is the second statement of §10; `late` are the drawings of the inspectors alone if they were sealed
    late (人员补封), and empty if both stages were sealed together.
    """

    pool: Pool
    inspectors: dict[str, Json]
    late: tuple[Announced, ...] = ()

    @property
    def inspectors_commitment(self) -> bytes:
        """§10 C(inspectors), 32 bytes."""
        return commitment(self.seal.mode, self.inspectors)

    def object(self) -> dict[str, Json]:
        """§10 The object of `commitment.json`."""
        return {"inspectors": self.inspectors, "targets": self.targets}


def freeze(
    plan: Plan,
    seal: Seal,
    lists: Lists,
    announced: Sequence[Announced],
    predecessor: Predecessor | None = None,
    records: Iterable[bytes] | None = None,
) -> Frozen:
    """§10 Seal the lists and the plan, naming the drawings that will seed the draw; `records` as for `seal_registry`.

    InputRefused as the four steps it is made of, and `core.seed_*` if the drawings can never seed a draw of this mode.
    """
    targets = freeze_targets(plan, seal, lists.entities, announced, predecessor, records)
    return commit_inspectors(targets, seal_pool(seal, lists.inspectors, lists.recusals))


def freeze_targets(
    plan: Plan,
    seal: Seal,
    entities: tuple[Entity, ...],
    announced: Sequence[Announced],
    predecessor: Predecessor | None = None,
    records: Iterable[bytes] | None = None,
) -> FrozenTargets:
    """§10 Seal registry and plan alone; the inspectors are sealed late. `records` and InputRefused as `freeze`."""
    check_announced(announced)
    check_seedable(seal.mode, announced)
    registry = seal_registry(seal, entities, records)
    return commit_targets(plan, seal, registry, stratify(plan, registry), announced, predecessor)


def freeze_inspectors(
    targets: FrozenTargets,
    inspectors: tuple[Inspector, ...],
    recusals: tuple[Recusal, ...],
    late: Sequence[Announced],
) -> Frozen:
    """§10 Seal the inspectors late, under drawings of their own. InputRefused as `freeze`, and `core.seed_known`."""
    check_announced(late)
    check_seedable(targets.seal.mode, late)
    return commit_inspectors(targets, seal_pool(targets.seal, inspectors, recusals), late)


def seal_registry(
    seal: Seal, entities: tuple[Entity, ...], records: Iterable[bytes] | None = None
) -> Registry:
    """§8 Leaves and root of the registry. InputRefused `core.order` if ids do not ascend strictly.

    `records` are the canonical JSON of the entities, in their order, where it is at hand.
    """
    _check_ascending("entities", (one.id for one in entities))
    if records is None:
        leaves = tuple(map(seal.entity_leaf, entities))
    else:
        leaves = tuple(seal.entity_leaf(*pair) for pair in zip(entities, records, strict=True))
    return Registry(entities, leaves, root(sorted(leaves)))


def stratify(plan: Plan, registry: Registry) -> Strata:
    """§9 The registry divided. InputRefused as `check_quotas`."""
    divisions = divide(plan, registry.entities)
    check_quotas(divisions)
    return Strata(
        divisions,
        tuple(number(division, registry.leaves) for division in divisions),
        tuple(listed(task, registry.entities, registry.leaves) for task in plan.tasks),
    )


def seal_pool(seal: Seal, inspectors: tuple[Inspector, ...], recusals: tuple[Recusal, ...]) -> Pool:
    """§8 Root of the pool, digest of the recusals. InputRefused `core.order` if ids do not ascend strictly."""
    _check_ascending("inspectors", (one.id for one in inspectors))
    leaves = sorted(map(seal.inspector_leaf, inspectors))
    return Pool(inspectors, recusals, root(leaves), seal.recusals_digest(recusals))


def commit(
    plan: Plan,
    seal: Seal,
    registry: Registry,
    strata: Strata,
    pool: Pool,
    announced: Sequence[Announced],
    predecessor: Predecessor | None = None,
) -> Frozen:
    """§10 The two statements of stages sealed together. InputRefused as `commit_targets`."""
    return commit_inspectors(commit_targets(plan, seal, registry, strata, announced, predecessor), pool)


def commit_targets(
    plan: Plan,
    seal: Seal,
    registry: Registry,
    strata: Strata,
    announced: Sequence[Announced],
    predecessor: Predecessor | None = None,
) -> FrozenTargets:
    """§10 The targets statement.

    InputRefused `core.seed_*` if the drawings are not as §10 and §11 want them, `core.predecessor` if the draw whose
    place this one takes is not an earlier one.
    """
    check_announced(announced)
    if predecessor is not None and not 1 <= predecessor.draw < seal.draw:
        raise InputRefused("core.predecessor", draw=seal.draw, predecessor=predecessor.draw)
    targets = _common(plan, seal, announced) | {
        "registry": registry.object(),
        "stage": "targets",
        "tasks": strata.object(),
    }
    if predecessor is not None:
        targets["predecessor"] = predecessor.object()
    return FrozenTargets(plan, seal, registry, strata, tuple(announced), targets)


def commit_inspectors(targets: FrozenTargets, pool: Pool, late: Sequence[Announced] = ()) -> Frozen:
    """§10 The inspectors statement: sealed together with the targets, or late, under drawings of their own.

    InputRefused `core.seed_*` if those of a late seal are not as §10 and §11 want them.
    """
    if late:
        check_fresh(late, targets.announced)
    statement = _common(targets.plan, targets.seal, late or targets.announced) | {
        "pool": pool.object(),
        "recusals": pool.recusals_object(),
        "stage": "inspectors",
        "targets": targets.targets_commitment.hex(),
    }
    return Frozen(
        plan=targets.plan,
        seal=targets.seal,
        registry=targets.registry,
        strata=targets.strata,
        announced=targets.announced,
        targets=targets.targets,
        pool=pool,
        inspectors=statement,
        late=tuple(late),
    )


def commitment(mode: str, statement: dict[str, Json]) -> bytes:
    """§10 The commitment of a statement, whose member `stage` names it."""
    return draw_hash(mode, f"commitment/{statement['stage']}", canonical_json(statement))


def plan_digest(plan: Plan) -> bytes:
    """§7 The plan's digest, 32 bytes."""
    return tagged_hash("plan", canonical_json(plan_object(plan)))


def _common(plan: Plan, seal: Seal, announced: Sequence[Announced]) -> dict[str, Json]:
    return {
        "authority": plan.authority,
        "draw": seal.draw,
        "mode": seal.mode,
        "plan": plan_digest(plan).hex(),
        "spec": SPEC,
        "suite": SUITE,
        "values": [one.object() for one in announced],
    }


def _task_object(task: Task, tiers: Sequence[NumberedTier], named: Listed | None) -> Json:
    if named is None or task.source is None:
        return {"id": task.id, "tiers": [_tier_object(tier) for tier in tiers]}
    members: Json = {"root": named.root.hex(), "size": len(named.members)}
    return {"id": task.id, "listed": members, "source": task.source}


def _tier_object(tier: NumberedTier) -> Json:
    strata: list[Json] = [{"root": one.root.hex(), "size": len(one.members)} for one in tier.strata]
    value: dict[str, Json] = {
        "quota": tier.quota,
        "root": tier.root.hex(),
        "size": tier.size,
        "strata": strata,
    }
    return value if tier.tier.bounds is None else value | {"bounds": tier.tier.bounds.object()}


def _check_ascending(which: str, ids: Iterable[str]) -> None:
    before = ""
    for one in ids:
        if one <= before:
            raise InputRefused("core.order", list=which, id=one)
        before = one
