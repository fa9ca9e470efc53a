"""§21 Receipts (回执): what shows to one entity where it stood. Its cut can tell the tier: confidential to its entity.

A receipt is no public artefact; `disclose` alone lets it out, and only to be handed to its entity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuangsuiji.bundle.public_bundle import Place, places_of
from shuangsuiji.bundle.signing import SecretKey, receipt_message
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.draw import TargetDraw
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.hashing import SPEC
from shuangsuiji.core.merkle import Tree
from shuangsuiji.core.plan import Task
from shuangsuiji.core.seed import Seeds
from shuangsuiji.core.strata import standing
from shuangsuiji.core.tickets import tickets

KIND: Final = "receipt"
NOT_IN_POOL: Final = "not_in_pool"
IN_NO_TIER: Final = "in_no_tier"
NOT_LISTED: Final = "not_listed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task came to for one entity: drawn or not, or the reason why it lies outside the task."""

    task: str
    drawn: bool
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: the file's bytes, whose it is, its ticket (hex), what each task came to."""

    id: str
    name: str
    ticket: str
    outcomes: tuple[Outcome, ...]
    data: bytes


class Receipts:
    """The receipts of one draw: what they share is computed once, each then costs a few hashes."""

    def __init__(self, frozen: Frozen, drawn: TargetDraw, seeds: Seeds, files: Mapping[str, Json]) -> None:
        """`files` are the values of `notice`, `seed` and `witness`."""
        self._frozen = frozen
        self._seeds = seeds
        self._common: dict[str, Json] = {
            "commitment": {"targets": frozen.targets},
            "kind": KIND,
            "spec": SPEC,
            **files,
        }
        self._whole = _Listing(range(len(frozen.registry.leaves)), frozen.registry.leaves)
        self._places = places_of(frozen)
        self._listings: dict[Place, _Listing] = {}
        self._cuts: dict[Place, bytes | None] = {}
        strata = iter(drawn.strata)
        for task, (tiers, listed) in enumerate(zip(frozen.strata.tiers, frozen.strata.listed, strict=True)):
            if listed is not None:
                self._listings[(task,)] = _Listing(listed.members, frozen.registry.leaves)
            for tier, own in enumerate(tiers):
                for number, stratum in enumerate(own.strata):
                    place = (task, tier, number)
                    self._listings[place] = _Listing(stratum.members, frozen.registry.leaves)
                    self._cuts[place] = next(strata).cut

    def make(self, position: int, key: SecretKey | None = None) -> Receipt:
        """§21 The receipt of the entity at a position of the registry, signed if there is a key."""
        entity, leaf = self._frozen.registry.entities[position], self._frozen.registry.leaves[position]
        (ticket,) = tickets(self._seeds.key("targets", "tickets"), [leaf])
        own = {place[0]: place for place in self._places[position]}
        members: list[Json] = []
        outcomes: list[Outcome] = []
        for number, task in enumerate(self._frozen.plan.tasks):
            place = own.get(number)
            if place is None:
                reason = self._outside(task, position)
                members.append({"outside": reason, "task": task.id})
                outcomes.append(Outcome(task.id, False, reason))
                continue
            cut = self._cuts.get(place)
            members.append(self._member(task.id, place, position, cut))
            outcomes.append(Outcome(task.id, len(place) == 1 or (cut is not None and ticket <= cut)))
        value: dict[str, Json] = {
            **self._common,
            "entity": entity.object(),
            "registry": self._whole.proof(position),
            "salt": self._frozen.seal.salt("entity", entity.id).hex(),
            "tasks": members,
        }
        if key is not None:
            value["signature"] = key.sign(receipt_message(value)).object()
        return Receipt(entity.id, entity.name, ticket.hex(), tuple(outcomes), canonical_json(value))

    def _member(self, task: str, place: Place, position: int, cut: bytes | None) -> Json:
        value = {**self._listings[place].proof(position), "task": task}
        if len(place) == 1:
            return value
        value |= {"tier": place[1], "stratum": place[2]}
        return value if cut is None else value | {"cut": cut.hex()}

    def _outside(self, task: Task, position: int) -> str:
        """§21 Why an entity lies nowhere in a task."""
        entity = self._frozen.registry.entities[position]
        fields = entity.fields()
        if task.source is not None:
            return NOT_LISTED
        if not task.pool.holds(fields):
            return NOT_IN_POOL
        return standing(entity, self._frozen.plan, fields) or IN_NO_TIER


class _Listing:
    """A list of leaves in their order, as a tree, with the place of each position of the registry in it."""

    def __init__(self, positions: Sequence[int], leaves: Sequence[bytes]) -> None:
        ordered = sorted(positions, key=lambda position: leaves[position])
        self._index = {position: index for index, position in enumerate(ordered)}
        self._tree = Tree([leaves[position] for position in ordered])

    def proof(self, position: int) -> dict[str, Json]:
        """§21 Index and path."""
        index = self._index[position]
        return {"index": index, "path": [one.hex() for one in self._tree.path(index)]}
