"""§20 Verification of a public bundle (公开包): the draw of the targets from leaves without names."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from shuangsuiji.audit.compare import same, same_lines
from shuangsuiji.audit.report import Brought, Report, signer_of
from shuangsuiji.audit.stage import TargetStage
from shuangsuiji.audit.statement import FILE, Part, StatedTask, StatedTier, read_tasks, refused
from shuangsuiji.audit.steps import Facts, Opened, Steps, carry_out
from shuangsuiji.audit.timing import follows
from shuangsuiji.audit.witnesses import order_in_time
from shuangsuiji.bundle import archive, members
from shuangsuiji.bundle.public_bundle import Place, PlacedLeaf, parse_leaf, strata_lines
from shuangsuiji.core.encoding import Json
from shuangsuiji.core.merkle import root
from shuangsuiji.core.plan import Count, Tier
from shuangsuiji.core.predicates import parse_predicate
from shuangsuiji.core.seed import PublicValue, not_held
from shuangsuiji.core.selection import DrawnStratum, draw_task
from shuangsuiji.core.strata import NumberedTier, Stratum
from shuangsuiji.errors import InputRefused, Where

_ANY = parse_predicate(["and"], ())


def verify_public(
    path: Path,
    *,
    trust: frozenset[str] = frozenset(),
    signers: frozenset[str] = frozenset(),
    commitments: Sequence[str] = (),
    values: Sequence[PublicValue] = (),
) -> Report:
    """§20 Carry out all steps on the public bundle at `path`; the parameters are those of `audit.verify.verify`."""
    return PublicVerification(path).report(trust, signers, commitments, values)


class PublicVerification(Opened, TargetStage):
    """The public bundle so far as it has been checked: each step adds what the next ones build on."""

    kind = archive.PUBLIC
    leaves: tuple[PlacedLeaf, ...]
    members_of: Mapping[Place, list[int]]
    drawn: tuple[DrawnStratum, ...]

    def steps(self) -> Steps:
        """§20 The steps in their order."""
        return {
            "archive": (self.archive, ""),
            "manifest": (self.manifest, archive.MANIFEST),
            "signature": (self.check_signature, archive.SIGNATURE),
            "encoding": (self.encoding, ""),
            "registry": (self.registry, "leaves.jsonl"),
            "strata": (self.strata, "leaves.jsonl"),
            "commitment": (self.commitment, FILE),
            "notice": (self.read_notice, "notice.json"),
            "seed": (self.seed, "seed.json"),
            "witness": (self.witness, "witness.jsonl"),
            "targets": (self.targets, "strata.jsonl"),
        }

    def report(
        self,
        trust: frozenset[str],
        signers: frozenset[str],
        commitments: Sequence[str],
        values: Sequence[PublicValue],
    ) -> Report:
        """§20 What the steps came to."""
        steps, failure = carry_out(self.steps())
        if failure is not None:
            return Report(self.path.name, self.mode, steps, failure, kind="public")
        witnesses = self.witnesses(trust)
        return Report(
            bundle=self.path.name,
            mode=self.mode,
            steps=steps,
            failure=None,
            order=order_in_time(witnesses, self.notice),
            witnesses=witnesses,
            not_held=tuple(map(str, not_held(self.announced, self.values))),
            follows=follows(self.values, self.notice.time, self.notice),
            brought=brought(self, commitments, values),
            kind="public",
            signer=signer_of(self.signature, signers),
        )

    def registry(self) -> Facts:
        """§20 `registry`."""
        self.look_up()
        self.leaves = tuple(
            members.read_lines("leaves.jsonl", self.files["leaves.jsonl"], parse_leaf, checked=True)
        )
        own = [one.leaf for one in self.leaves]
        for line, (before, leaf) in enumerate(pairwise(own), start=2):
            if before >= leaf:
                raise InputRefused("bundle.leaf", Where(file="leaves.jsonl", line=line))
        found: dict[str, Json] = {"registry": Part(root(own), len(own)).object()}
        same(found, {"registry": self.registry_part.object()}, FILE)
        return {"entities": len(own), "root": self.registry_part.root.hex()}

    def strata(self) -> Facts:
        """§20 `strata`."""
        self.tasks = read_tasks(self.statement)
        places: dict[Place, list[int]] = {place: [] for place in _places(self.tasks)}
        for position, one in enumerate(self.leaves):
            for place in one.places:
                if place not in places:
                    raise InputRefused("bundle.leaf", Where(file="leaves.jsonl", line=position + 1))
                places[place].append(position)
        self.members_of = places
        for number, task in enumerate(self.tasks):
            key = f"targets.tasks[{number}]"
            if task.listed is not None:
                self._check(task.listed, [(number,)], f"{key}.listed")
            for n, tier in enumerate(task.tiers):
                own = [(number, n, m) for m in range(len(tier.strata))]
                self._check(tier.whole, own, f"{key}.tiers[{n}]")
                for part, place in zip(tier.strata, own, strict=True):
                    self._check(part, [place], f"{key}.tiers[{n}].strata[{place[2]}]")
        tiers = [tier for task in self.tasks for tier in task.tiers]
        return {"base": sum(tier.whole.size for tier in tiers), "quota": sum(tier.quota for tier in tiers)}

    def targets(self) -> Facts:
        """§20 `targets`."""
        self.drawn = tuple(one for number, _ in enumerate(self.tasks) for one in self._draw(number))
        same_lines(strata_lines(self.drawn), self.files["strata.jsonl"], "strata.jsonl")
        positions = [position for one in self.drawn for position in one.drawn]
        for number, task in enumerate(self.tasks):
            positions += self.members_of[(number,)] if task.listed is not None else ()
        names = list(members.read_lines("names.jsonl", self.files["names.jsonl"], _name))
        self.names = frozenset(names)
        if names != sorted(set(names)):
            raise InputRefused("bundle.names_order", Where(file="names.jsonl"))
        targets = len(set(positions))
        if len(names) != targets:
            raise InputRefused("bundle.names", Where(file="names.jsonl"), names=len(names), targets=targets)
        return {"strata": len(self.drawn), "targets": targets, "visits": len(positions)}

    def _check(self, part: Part, places: Sequence[Place], key: str) -> None:
        """The leaves of these places have the root and the number that the statement says."""
        own = sorted(self.leaves[position].leaf for place in places for position in self.members_of[place])
        if (root(own), len(own)) != (part.root, part.size):
            raise refused(key)

    def _draw(self, number: int) -> Sequence[DrawnStratum]:
        task = self.tasks[number]
        tiers = [self._numbered(tier, (number, n)) for n, tier in enumerate(task.tiers)]
        return tuple(draw_task(task.id, tiers, self.seeds))

    def _numbered(self, tier: StatedTier, at: tuple[int, int]) -> NumberedTier:
        """The tier as the core draws it; its name, condition and key are not known here, nor needed."""
        nameless = Tier("", "", _ANY, None, Count(tier.quota), tier.bounds)
        strata = [self._stratum(part, (*at, m)) for m, part in enumerate(tier.strata)]
        return NumberedTier(nameless, tier.whole.root, tier.whole.size, tier.quota, tuple(strata))

    def _stratum(self, part: Part, place: Place) -> Stratum:
        positions = tuple(self.members_of[place])
        return Stratum("", part.root, tuple(self.leaves[one].leaf for one in positions), positions)


def brought(
    stage: TargetStage, commitments: Sequence[str], values: Sequence[PublicValue]
) -> tuple[Brought, ...]:
    """§18 What was brought from outside beside what the file has; only C(targets) is recomputed here."""
    own = {one.drawing: str(one) for one in stage.values}
    return (
        *(_brought_commitment(stage, one) for one in commitments),
        *(Brought("value", str(one), own.get(one.drawing, "")) for one in values),
    )


def _brought_commitment(stage: TargetStage, given: str) -> Brought:
    """The notice has C(inspectors) beside it, unless the inspectors are sealed late."""
    own = (stage.targets_commitment.hex(), *filter(None, [stage.notice.inspectors]))
    return Brought("commitment", given, given if given in own else "、".join(own), noticed=given in own[1:])


def _places(tasks: Sequence[StatedTask]) -> list[Place]:
    found: list[Place] = []
    for number, task in enumerate(tasks):
        if task.listed is not None:
            found.append((number,))
        for n, tier in enumerate(task.tiers):
            found += [(number, n, m) for m in range(len(tier.strata))]
    return found


def _name(value: Json) -> str:
    """The identifier of a line of `names.jsonl`."""
    match value:
        case {"id": str() as own, "name": str(), **rest} if own and not rest:
            return own
    raise InputRefused("bundle.form", Where(file="names.jsonl"))
