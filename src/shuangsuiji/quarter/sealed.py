"""The strata of a frozen draw as its first draw reads them: leaves as columns of words, mapped from a file.

So nothing is recomputed for those who are not drawn. That the leaves are those committed to is shown by the roots of
the strata, and that those drawn are those of the leaves by sealing their records anew; `match` recomputes everything.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any, Final, overload

from shuangsuiji.bundle import members
from shuangsuiji.core.commitment import FrozenTargets, Strata, commitment, plan_digest
from shuangsuiji.core.draw import TargetDraw
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.merkle import root
from shuangsuiji.core.plan import Plan, Task
from shuangsuiji.core.records import Entity, Seal
from shuangsuiji.core.strata import Base, Division, Listed, NumberedTier, Stratum
from shuangsuiji.errors import WrongState
from shuangsuiji.kernels import columns
from shuangsuiji.quarter.dossier import COMMITMENT, TARGETS_COMMITMENT, read_plan, read_targets
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow

LEAVES: Final = "sealed/leaves.npy"
"""The draw's file with the leaves of all strata and lists, one after the other; not part of the bundle."""
MEMBERS: Final = "sealed/members"
"""The same for the entities' positions in the registry, as numbers of 32 bits."""
STRATA: Final = "sealed/strata.json"
"""The same for what the strata are, and who is in none."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the first draw of a frozen batch needs; `entities` are read as they are asked for."""

    plan: Plan
    seal: Seal
    commitment: bytes
    strata: Strata
    entities: Sequence[Entity]

    def check(self, drawn: TargetDraw) -> None:
        """WrongState `quarter.not_as_committed` if a leaf drawn or listed is not that of its entity's record."""
        parts = [(one.stratum.leaves, one.stratum.members, one.drawn) for one in drawn.strata]
        parts += [
            (one.leaves, one.members, tuple(one.members)) for one in self.strata.listed if one is not None
        ]
        for leaves, own, wanted in parts:
            some = frozenset(wanted)
            for place in (place for place, one in enumerate(own) if one in some):
                if self.seal.entity_leaf(self.entities[own[place]]) != leaves[place]:
                    raise WrongState("quarter.not_as_committed", plan=self.plan.id)


def sealed_files(strata: Strata) -> dict[str, bytes]:
    """The files of a draw frozen with these strata, for `read_sealed`."""
    parts = list(_parts(strata.tiers, strata.listed))
    leaves = columns.from_leaves([leaf for one in parts for leaf in one.leaves])
    positions = array("I", chain.from_iterable(one.members for one in parts))
    tasks = map(_described, strata.divisions, strata.tiers, strata.listed)
    return {
        LEAVES: columns.to_file(leaves),
        MEMBERS: positions.tobytes(),
        STRATA: canonical_json(list(tasks)),
    }


def read_sealed(reader: Reader, draw: DrawRow) -> Sealed:
    """The targets of a frozen draw; recomputed from its lists if it was frozen by a version that kept no leaves.

    WrongState `quarter.not_as_committed` if plan or leaves are not those committed to.
    """
    if LEAVES not in draw.files:
        return _whole(read_targets(reader, draw))
    plan, seal = read_plan(reader, draw), Seal(reader.key(draw), draw.mode, draw.number)
    file = reader.file(draw, COMMITMENT if COMMITMENT in draw.files else TARGETS_COMMITMENT)
    statement: Any = members.read_statement(file, "targets")
    strata = _read_strata(reader, draw, plan, statement["tasks"])
    own = [statement[name] for name in ("plan", "mode", "draw", "tasks")]
    if own != [plan_digest(plan).hex(), seal.mode, seal.draw, strata.object()]:
        raise WrongState("quarter.not_as_committed", plan=draw.plan_id)
    lines = reader.file(draw, "entities.jsonl").split(b"\n")[:-1]
    return Sealed(plan, seal, commitment(draw.mode, statement), strata, _Rows(lines, plan))


def _whole(frozen: FrozenTargets) -> Sealed:
    return Sealed(
        frozen.plan, frozen.seal, frozen.targets_commitment, frozen.strata, frozen.registry.entities
    )


def _parts(
    tiers: Sequence[Sequence[NumberedTier]], listed: Sequence[Listed | None]
) -> Iterator[Stratum | Listed]:
    """All strata and lists, in the order of the files."""
    for own, named in zip(tiers, listed, strict=True):
        yield from (stratum for tier in own for stratum in tier.strata)
        if named is not None:
            yield named


def _described(division: Division, tiers: Sequence[NumberedTier], named: Listed | None) -> Json:
    shown: list[Json] = [
        {
            "id": tier.tier.id,
            "strata": [{"cell": one.cell, "size": len(one.members)} for one in tier.strata],
        }
        for tier in tiers
    ]
    own: dict[str, Json] = {
        "excluded": dict(division.excluded),
        "in_no_tier": division.in_no_tier,
        "tiers": shown,
    }
    return own if named is None else own | {"listed": len(named.members)}


def _read_strata(reader: Reader, draw: DrawRow, plan: Plan, stated: Any) -> Strata:
    described: Any = members.read_json(STRATA, reader.file(draw, STRATA))
    sizes = [size for one in described for size in _sizes(one)]
    positions = memoryview(reader.file(draw, MEMBERS)).cast("I")
    leaves = columns.mapped(reader.path(draw, LEAVES), sum(sizes))
    parts = iter(
        [
            (columns.Span(leaves, end - size, size), positions[end - size : end])
            for size, end in zip(sizes, accumulate(sizes), strict=True)
        ]
    )
    tiers, listed = [], []
    for task, one, said in zip(plan.tasks, described, stated, strict=True):
        tiers.append(tuple(_tiers(task, one, said, parts)))
        listed.append(None if task.source is None else _listed(*next(parts)))
    return Strata(
        tuple(map(_division, plan.tasks, described, tiers)),
        tuple(tiers),
        tuple(listed),
    )


def _sizes(described: Any) -> Iterator[int]:
    yield from (one["size"] for tier in described["tiers"] for one in tier["strata"])
    if "listed" in described:
        yield described["listed"]


def _tiers(
    task: Task, described: Any, stated: Any, parts: Iterator[tuple[columns.Span, Sequence[int]]]
) -> Iterator[NumberedTier]:
    tiers = {tier.id: tier for tier in task.tiers}
    for own, said in zip(described["tiers"], stated.get("tiers", ()), strict=True):
        strata = tuple(_stratum(one["cell"], *next(parts)) for one in own["strata"])
        size = sum(len(one.members) for one in strata)
        tier = tiers[own["id"]]
        # The tier's own root is taken from the statement: it names a stream, and the roots of the strata say the same.
        yield NumberedTier(tier, bytes.fromhex(said["root"]), size, tier.quota.of(size), strata)


def _stratum(cell: str, leaves: columns.Span, own: Sequence[int]) -> Stratum:
    return Stratum(cell, root(leaves), leaves, own)


def _listed(leaves: columns.Span, own: Sequence[int]) -> Listed:
    return Listed(root(leaves), leaves, own)


def _division(task: Task, described: Any, tiers: Sequence[NumberedTier]) -> Division:
    found = {tier.tier.id: tier for tier in tiers}
    bases = (
        Base(
            tier,
            {one.cell: one.members for one in found[tier.id].strata},
            found[tier.id].size,
            found[tier.id].quota,
        )
        if tier.id in found
        else Base(tier, {}, 0, tier.quota.of(0))
        for tier in task.tiers
    )
    return Division(task, tuple(bases), described["excluded"], described["in_no_tier"])


class _Rows(Sequence[Entity]):
    """Entities by their lines, each read when it is asked for."""

    def __init__(self, lines: Sequence[bytes], plan: Plan) -> None:
        self._lines, self._plan = lines, plan

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, place: int) -> Entity: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entity]: ...
    def __getitem__(self, place: int | slice) -> Entity | Sequence[Entity]:
        if isinstance(place, slice):
            return _Rows(self._lines[place], self._plan)
        return members.read_entities(self._lines[place] + b"\n", self._plan)[0]
