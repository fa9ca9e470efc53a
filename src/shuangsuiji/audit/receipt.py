"""§21 Verification of a receipt (回执), alone or beside a public bundle."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shuangsuiji.audit.compare import same
from shuangsuiji.audit.public import PublicVerification, brought
from shuangsuiji.audit.report import Failure, ReceiptFacts, Report, Step, TaskOutcome, signer_of
from shuangsuiji.audit.stage import TargetStage
from shuangsuiji.audit.statement import FILE, Part, is_hex, is_number, read_tasks
from shuangsuiji.audit.steps import Facts, Steps, carry_out
from shuangsuiji.audit.timing import follows
from shuangsuiji.audit.witnesses import order_in_time
from shuangsuiji.bundle import archive, members
from shuangsuiji.bundle.public_bundle import Place
from shuangsuiji.bundle.receipt import KIND, NOT_LISTED
from shuangsuiji.bundle.signing import Signature, parse_signature, receipt_message
from shuangsuiji.core.encoding import LONGEST, NotCanonical, canonical_json, json_lines, parse_json
from shuangsuiji.core.hashing import SPEC
from shuangsuiji.core.merkle import lead
from shuangsuiji.core.plan import ENTITY_FIELDS
from shuangsuiji.core.records import Entity, leaf, parse_entity
from shuangsuiji.core.seed import PublicValue, not_held
from shuangsuiji.core.tickets import tickets
from shuangsuiji.errors import InputRefused, Where

_MEMBERS: Final = frozenset(
    {"commitment", "entity", "kind", "notice", "registry", "salt", "seed", "spec", "tasks", "witness"}
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


def verify_receipt(
    path: Path,
    public: Path | None = None,
    *,
    trust: frozenset[str] = frozenset(),
    signers: frozenset[str] = frozenset(),
    commitments: Sequence[str] = (),
    values: Sequence[PublicValue] = (),
) -> Report:
    """§21 Carry out all steps on the receipt at `path`; with a public bundle beside it also the step `public`.

    The other parameters are those of `audit.verify.verify`.
    """
    verification = _Verification(path, public)
    steps, failure = carry_out(verification.steps())
    if failure is None and public is not None:
        steps, failure = verification.beside(steps)
    if failure is not None:
        return Report(path.name, verification.mode, steps, failure, kind="receipt")
    witnesses = verification.witnesses(trust)
    return Report(
        bundle=path.name,
        mode=verification.mode,
        steps=steps,
        failure=None,
        order=order_in_time(witnesses, verification.notice),
        witnesses=witnesses,
        not_held=tuple(map(str, not_held(verification.announced, verification.values))),
        follows=follows(verification.values, verification.notice.time, verification.notice),
        brought=brought(verification, commitments, values),
        kind="receipt",
        signer=signer_of(verification.signature, signers),
        receipt=verification.facts(),
    )


class _Verification(TargetStage):
    """The receipt so far as it has been checked: each step adds what the next ones build on."""

    entity: Entity
    leaf: bytes
    ticket: bytes
    places: tuple[Place, ...]

    def __init__(self, path: Path, public: Path | None) -> None:
        self.path = path
        self.public = public
        self.mode = ""
        self.value: Mapping[str, Any] = {}
        self.signature: Signature | None = None
        self.outcomes: list[TaskOutcome] = []

    def steps(self) -> Steps:
        """§21 The steps in their order."""
        own = self.path.name
        return {
            "encoding": (self.encoding, own),
            "signature": (self.check_signature, own),
            "registry": (self.registry, own),
            "strata": (self.strata, own),
            "commitment": (self.commitment, own),
            "notice": (self.read_notice, own),
            "seed": (self.seed, own),
            "witness": (self.witness, own),
            "targets": (self.targets, own),
        }

    def beside(self, steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], Failure | None]:
        """§21 The step `public`: the public bundle holds, and says the same."""
        assert self.public is not None  # noqa: S101 - only called with one
        verification = PublicVerification(self.public)
        _, failure = carry_out(verification.steps())
        if failure is not None:
            where = replace(failure.where, file=f"{self.public.name}/{failure.where.file}")
            return steps, Failure("public", failure.code, failure.params, where)
        (more, failure) = carry_out({"public": (lambda: self._compare(verification), self.path.name)})
        return (*steps, *more), failure

    def facts(self) -> ReceiptFacts:
        """What a receipt that holds shows."""
        return ReceiptFacts(self.entity.id, self.entity.name, self.ticket.hex(), tuple(self.outcomes))

    def encoding(self) -> Facts:
        """§21 `encoding`."""
        with archive.opened(self.path) as file:
            data = file.read(LONGEST + 1)
        try:
            value = parse_json(data)
        except NotCanonical as why:
            raise InputRefused("bundle.not_canonical", why=str(why)) from None
        if not isinstance(value, dict) or value.keys() - {"signature"} != _MEMBERS:
            raise InputRefused("bundle.receipt")
        if (value["kind"], value["spec"]) != (KIND, SPEC):
            raise InputRefused("bundle.receipt")
        self.value = value
        self.files = {
            FILE: canonical_json(value["commitment"]),
            "notice.json": canonical_json(value["notice"]),
            "seed.json": canonical_json(value["seed"]),
        }
        return {"lines": 1}

    def check_signature(self) -> Facts:
        """§21 `signature`."""
        if "signature" in self.value:
            message = receipt_message(self.value)
            self.signature = parse_signature(self.value["signature"], message, self.path.name)
        return {"signatures": 0 if self.signature is None else 1}

    def registry(self) -> Facts:
        """§21 `registry`."""
        self.look_up()
        record, salt = self.value["entity"], self.value["salt"]
        columns = record.get("columns") if isinstance(record, dict) else None
        if not isinstance(columns, dict) or not all(map(_is_alias, columns)) or not is_hex(salt):
            raise InputRefused("bundle.receipt")
        lists = record.get("lists", ())
        if not isinstance(lists, list | tuple) or not all(map(is_number, lists)):
            raise InputRefused("bundle.receipt", self._at("entity.lists"))
        self.entity = parse_entity(record, dict.fromkeys(columns, ""), lists)
        self.leaf = leaf(self.mode, "entity", bytes.fromhex(salt), canonical_json(self.entity.object()))
        if not isinstance(self.value["registry"], dict) or len(self.value["registry"]) != 2:
            raise InputRefused("bundle.receipt", self._at("registry"))
        self._lead(self.value["registry"], self.registry_part, "registry")
        return {"id": self.entity.id, "name": self.entity.name, "size": self.registry_part.size}

    def strata(self) -> Facts:
        """§21 `strata`."""
        self.tasks = read_tasks(self.statement)
        members_of = self.value["tasks"]
        if not isinstance(members_of, list) or len(members_of) != len(self.tasks):
            raise InputRefused("bundle.receipt", self._at("tasks"))
        listed = {task.id for task in self.tasks if task.listed is not None}
        if not set(self.entity.lists) <= listed:
            raise InputRefused("bundle.receipt", self._at("entity.lists"))
        self.places = tuple(
            place for number, one in enumerate(members_of) if (place := self._place(number, one)) is not None
        )
        return {"tasks": len(self.tasks), "inside": len(self.places)}

    def witness(self) -> Facts:
        """§21 `witness`."""
        if not isinstance(self.value["witness"], list):
            raise InputRefused("bundle.receipt", self._at("witness"))
        self.files = {**self.files, "witness.jsonl": json_lines(self.value["witness"])}
        return super().witness()

    def targets(self) -> Facts:
        """§21 `targets`."""
        (self.ticket,) = tickets(self.seeds.key("targets", "tickets"), [self.leaf])
        places = {place[0]: place for place in self.places}
        for number, task in enumerate(self.tasks):
            own, place = self.value["tasks"][number], places.get(number)
            if place is None:
                self.outcomes.append(TaskOutcome(task.id, False, own["outside"]))
                continue
            drawn = len(place) == 1 or ("cut" in own and self.ticket <= bytes.fromhex(own["cut"]))
            if len(place) == 3:
                tier = task.tiers[place[1]]
                if ("cut" in own and not tier.quota) or (tier.quota == tier.whole.size and not drawn):
                    raise InputRefused("bundle.receipt_cut", self._at(f"tasks[{number}]"))
            self.outcomes.append(TaskOutcome(task.id, drawn, ""))
        return {"ticket": self.ticket.hex(), "drawn": sum(one.drawn for one in self.outcomes)}

    def _place(self, number: int, value: Any) -> Place | None:
        """§21 Where the leaf lies in a task, its path checked; None if it lies outside."""
        key, task = f"tasks[{number}]", self.tasks[number]
        match value:
            case {"outside": str() as reason, "task": task.id, **rest} if not rest:
                listed = task.listed is not None
                named = task.id in self.entity.lists
                if _NAME.fullmatch(reason) and (reason == NOT_LISTED) == listed and not named:
                    return None
            case {"index": _, "path": _, "task": task.id, **rest} if not rest and task.listed is not None:
                if task.id in self.entity.lists:
                    self._lead(value, task.listed, key)
                    return (number,)
            case {"index": _, "path": _, "task": task.id, "tier": int() as i, "stratum": int() as j, **rest}:
                cut = rest.keys() <= {"cut"} and all(map(is_hex, rest.values()))
                if cut and 0 <= i < len(task.tiers) and 0 <= j < len(task.tiers[i].strata):
                    self._lead(value, task.tiers[i].strata[j], key)
                    return (number, i, j)
        raise InputRefused("bundle.receipt", self._at(key))

    def _lead(self, proof: Mapping[str, Any], part: Part, key: str) -> None:
        """§4 Refuse (InputRefused, `bundle.receipt_path`) a path that does not lead from the leaf to its root."""
        index, path = proof.get("index"), proof.get("path")
        if not isinstance(index, int) or not isinstance(path, list) or not all(map(is_hex, path)):
            raise InputRefused("bundle.receipt", self._at(key))
        try:
            found = lead(self.leaf, index, part.size, [bytes.fromhex(one) for one in path])
        except ValueError:
            found = b""
        if found != part.root:
            raise InputRefused("bundle.receipt_path", self._at(key))

    def _compare(self, public: PublicVerification) -> Facts:
        """§21 The receipt beside a public bundle that holds."""
        for name in (FILE, "notice.json", "seed.json"):
            same(members.read_json(name, public.files[name]), members.read_json(name, self.files[name]), name)
        line = next((one for one in public.leaves if one.leaf == self.leaf), None)
        if line is None or line.places != self.places:
            raise InputRefused("bundle.receipt_leaf", Where(file="leaves.jsonl"))
        order = [place for place in public.members_of if len(place) == 3]
        cuts = {place: one.cut for place, one in zip(order, public.drawn, strict=True)}
        for place in self.places:
            if len(place) == 3:
                cut = cuts[place]
                own = self.value["tasks"][place[0]].get("cut", "")
                same("" if cut is None else cut.hex(), own, "strata.jsonl")
        if (self.entity.id in public.names) != any(one.drawn for one in self.outcomes):
            raise InputRefused("bundle.receipt_names", Where(file="names.jsonl"))
        return {"strata": sum(len(place) == 3 for place in self.places)}

    def _at(self, key: str) -> Where:
        return Where(file=self.path.name, key=key)


def _is_alias(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name not in ENTITY_FIELDS
