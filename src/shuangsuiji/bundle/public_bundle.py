"""§20 The public bundle (公开包): leaves, places and tickets without names, and the names without leaves.

It is made from `PublicNames`, which `disclose` alone makes, so that there is none before the names are public. Nothing
in it has a leaf and a name side by side: leaves stand in the order of their own bytes, names in that of identifiers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuangsuiji.bundle import archive, members
from shuangsuiji.bundle.public import PublicNames
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import TargetDraw
from shuangsuiji.core.encoding import Json, canonical_json, json_lines
from shuangsuiji.core.selection import DrawnStratum
from shuangsuiji.errors import InputRefused

Place = tuple[int, ...]
"""Where a leaf lies: (task, tier, stratum), or (task,) among the listed; counted from 0 as the statement does."""


@dataclass(frozen=True, slots=True)
class PlacedLeaf:
    """A line of `leaves.jsonl`: a leaf (32 bytes) and its places, at most one per task, ascending."""

    leaf: bytes
    places: tuple[Place, ...]

    def object(self) -> dict[str, Json]:
        """§20 As JSON."""
        return {"in": [list(place) for place in self.places], "leaf": self.leaf.hex()}


def places_of(frozen: Frozen) -> tuple[tuple[Place, ...], ...]:
    """§20 Where each entity of the registry lies, in the registry's order."""
    places: list[list[Place]] = [[] for _ in frozen.registry.leaves]
    for task, (tiers, listed) in enumerate(zip(frozen.strata.tiers, frozen.strata.listed, strict=True)):
        for tier, own in enumerate(tiers):
            for number, stratum in enumerate(own.strata):
                for position in stratum.members:
                    places[position].append((task, tier, number))
        for position in listed.members if listed else ():
            places[position].append((task,))
    return tuple(map(tuple, places))


def placed_leaves(frozen: Frozen) -> tuple[PlacedLeaf, ...]:
    """§20 The registry's leaves, ascending, with their places."""
    both = zip(frozen.registry.leaves, places_of(frozen), strict=True)
    return tuple(PlacedLeaf(leaf, places) for leaf, places in sorted(both))


def leaf_lines(leaves: Iterable[PlacedLeaf]) -> bytes:
    """§20 `leaves.jsonl`: what the leaves of one place have in common is encoded once."""
    heads: dict[tuple[Place, ...], bytes] = {}
    lines: list[bytes] = []
    for one in leaves:
        if one.places not in heads:
            heads[one.places] = canonical_json(one.object()).partition(b'"leaf":')[0]
        lines.append(heads[one.places] + b'"leaf":"%s"}\n' % one.leaf.hex().encode())
    return b"".join(lines)


def parse_leaf(value: Json) -> PlacedLeaf:
    """§20 The line of `leaves.jsonl` that an object stands for; InputRefused `bundle.leaf` if it is none."""
    match value:
        case {"in": list() as raw, "leaf": str() as leaf, **rest}:
            places = tuple(map(_place, raw))
            tasks = [place[0] for place in places]
            if not rest and members.is_digest(leaf) and tasks == sorted(set(tasks)):
                return PlacedLeaf(bytes.fromhex(leaf), places)
    raise InputRefused("bundle.leaf")


def stratum_object(drawn: DrawnStratum) -> dict[str, Json]:
    """§20 A line of the public `strata.jsonl`: without the names of tier and cell."""
    return {name: value for name, value in drawn.object().items() if name not in ("cell", "tier")}


def strata_lines(drawn: Iterable[DrawnStratum]) -> bytes:
    """§20 The public `strata.jsonl`."""
    return json_lines(map(stratum_object, drawn))


def make(
    frozen: Frozen, drawn: TargetDraw, names: PublicNames, files: Mapping[str, bytes], result: str
) -> dict[str, bytes]:
    """§20 The members; `files`: notice, seed and witness, `result`: the result digest (hex)."""
    made = {
        "commitment.json": canonical_json({"targets": frozen.targets}),
        "leaves.jsonl": leaf_lines(placed_leaves(frozen)),
        "names.jsonl": json_lines({"id": one.id, "name": one.name} for one in names.names),
        "strata.jsonl": strata_lines(drawn.strata),
        **files,
    }
    return made | {archive.MANIFEST: archive.manifest(archive.PUBLIC, made, result)}


def _place(value: Json) -> Place:
    if isinstance(value, list) and len(value) in (1, 3):
        numbers = tuple(one for one in value if isinstance(one, int) and one >= 0)
        if len(numbers) == len(value):
            return numbers
    raise InputRefused("bundle.leaf")
