"""§18 Verification of an auditor's bundle by the readable core: every step from the bundle's bytes and nothing else."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from shuangsuiji.audit.case import Case
from shuangsuiji.audit.chain import check_recorded, first_typed
from shuangsuiji.audit.changed import CHANGES
from shuangsuiji.audit.compare import same, same_lines
from shuangsuiji.audit.proceedings import Proceedings
from shuangsuiji.audit.recorded import summary
from shuangsuiji.audit.report import Brought, Recorded, Report, signer_of
from shuangsuiji.audit.steps import Facts, carry_out
from shuangsuiji.audit.timing import Follows, fixed_at, follows
from shuangsuiji.audit.witnesses import order_in_time, witness_of
from shuangsuiji.bundle import members
from shuangsuiji.bundle.late import LATE
from shuangsuiji.bundle.notice import Notice
from shuangsuiji.bundle.records import RECORDS, read_records
from shuangsuiji.core.commitment import (
    Frozen,
    Pool,
    Registry,
    Strata,
    commit_inspectors,
    commit_targets,
    seal_pool,
    seal_registry,
    stratify,
)
from shuangsuiji.core.decisions import Record
from shuangsuiji.core.draw import InspectorDraw, TargetDraw, draw_inspectors, draw_targets, result_digest
from shuangsuiji.core.eligibility import eligible
from shuangsuiji.core.encoding import Json, json_lines
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Seal
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import REAL, REHEARSAL, PublicValue, not_held
from shuangsuiji.core.standing import Grounds
from shuangsuiji.core.succession import succeed
from shuangsuiji.core.teams import make_blocks
from shuangsuiji.errors import InputRefused, Where

CrossCheck = Callable[[Frozen, InspectorDraw], Mapping[str, int]]
"""An independent check that teams are lawful and balanced; raises InputRefused, which fails the step `assignment`."""


def verify(
    path: Path,
    cross_check: CrossCheck | None = None,
    *,
    trust: frozenset[str] = frozenset(),
    signers: frozenset[str] = frozenset(),
    commitments: Sequence[str] = (),
    values: Sequence[PublicValue] = (),
) -> Report:
    """§18 Carry out all steps on the bundle at `path`, up to the first that fails.

    `trust` are fingerprints (hex) of the witnesses' keys that the auditor trusts, `signers` of keys that sign bundles;
    `commitments` (hex) and `values` are what the auditor brings from outside: the published ones, which the bundle's
    own must equal. Raises InputRefused `bundle.unreadable` if there is no such file; whatever is wrong in it is in the
    report.
    """
    report, _ = examine(
        path, cross_check, trust=trust, signers=signers, commitments=commitments, values=values
    )
    return report


def examine(
    path: Path,
    cross_check: CrossCheck | None = None,
    *,
    trust: frozenset[str] = frozenset(),
    signers: frozenset[str] = frozenset(),
    commitments: Sequence[str] = (),
    values: Sequence[PublicValue] = (),
) -> tuple[Report, Case | None]:
    """§18 As `verify`, and what was recomputed, for the ten questions; None unless all steps hold."""
    verification = _Verification(path, cross_check)
    bound = {name: (partial(step, verification), _READ[name]) for name, step in _STEPS.items()}
    steps, failure = carry_out(bound)
    if failure is not None:
        return Report(path.name, verification.mode, steps, failure), None
    typed = first_typed(verification.entries, verification.notice)
    late = verification.late
    drawn_late = verification.late_seed.values if verification.late_seed else ()
    own_hour = verification.notice.hour(one.drawing for one in verification.values)
    hours = own_hour, late.notice.hour(one.drawing for one in drawn_late) if late else ""
    witnesses = tuple(witness_of(one, trust, hours, typed) for one in verification.testimonies)
    replaced = (
        *not_held(verification.frozen.announced, verification.values),
        *not_held(verification.frozen.late, drawn_late),
    )
    report = Report(
        bundle=path.name,
        mode=verification.mode,
        steps=steps,
        failure=None,
        order=order_in_time(witnesses, verification.notice, late.notice if late else None),
        witnesses=witnesses,
        not_held=tuple(map(str, (*replaced, *verification.recorded.not_held))),
        follows=(
            *_follows(verification, verification.values, verification.notice),
            *(_follows(verification, drawn_late, late.notice) if late else ()),
        ),
        brought=(
            *(_brought_commitment(one, verification.frozen) for one in commitments),
            *(_brought_value(one, (*verification.values, *drawn_late)) for one in values),
        ),
        cross_check=verification.cross_checked,
        signer=signer_of(verification.signature, signers),
        recorded=verification.recorded,
    )
    return report, _case(verification)


def _follows(
    verification: "_Verification", values: Sequence[PublicValue], notice: Notice
) -> tuple[Follows, ...]:
    return follows(values, fixed_at(verification.entries, notice), notice)


def _case(verification: "_Verification") -> Case:
    late, late_seed = verification.late, verification.late_seed
    told = verification.files[CHANGES] + (late.changes if late else b"")
    lines = members.read_lines(CHANGES, told, lambda value: value)
    closings = [verification.closing_of_targets, *([late_seed.closing] if late_seed else [])]
    return Case(
        frozen=verification.frozen,
        drawn=verification.drawn,
        matching=verification.matching,
        entries=verification.entries,
        changes=tuple(one for one in lines if isinstance(one, Mapping)),
        notices=(verification.notice, *([late.notice] if late else [])),
        contributions=tuple(one for closing in closings for one in closing.contributions),
        values=(*verification.values, *(late_seed.values if late_seed else ())),
        result=verification.result,
        records=verification.recorded_one_by_one,
    )


def _brought_commitment(given: str, frozen: Frozen) -> Brought:
    """Either commitment may be brought: that to the inspectors commits to the other."""
    own = (frozen.targets_commitment.hex(), frozen.inspectors_commitment.hex())
    return Brought("commitment", given, given if given in own else "、".join(own))


def _brought_value(given: PublicValue, values: Sequence[PublicValue]) -> Brought:
    own = next((str(one) for one in values if one.drawing == given.drawing), "")
    return Brought("value", str(given), own)


class _Verification(Proceedings):
    """The bundle so far as it has been checked: each step adds what the next ones build on."""

    plan: Plan
    targets: Mapping[str, Json]
    inspectors: Mapping[str, Json]
    seal: Seal
    sealed: Registry
    divided: Strata
    sealed_pool: Pool
    drawn: TargetDraw
    matching: InspectorDraw
    digest_of_result: bytes
    recorded: Recorded
    recorded_one_by_one: tuple[Record, ...]

    def __init__(self, path: Path, cross_check: CrossCheck | None) -> None:
        super().__init__(path)
        self.cross_check = cross_check
        self.cross_checked: Mapping[str, int] | None = None

    def read_plan(self) -> Facts:
        self.plan = members.read_plan(self.files["plan.json"])
        return {"plan": self.plan.id, "version": self.plan.version, "tasks": len(self.plan.tasks)}

    def registry(self) -> Facts:
        self.targets = members.read_statement(self.files["commitment.json"], "targets")
        mode, number = self.targets.get("mode"), self.targets.get("draw")
        if not isinstance(mode, str) or mode not in (REAL, REHEARSAL):
            raise InputRefused("bundle.form", Where(file="commitment.json", key="targets.mode"))
        if not isinstance(number, int) or number < 1:
            raise InputRefused("bundle.form", Where(file="commitment.json", key="targets.draw"))
        self.mode = mode
        self.seal = Seal(members.read_salt(self.files["salt.json"]), mode, number)
        lines = self.files["entities.jsonl"]
        entities = members.read_entities(lines, self.plan, checked=True)
        self.sealed = seal_registry(self.seal, entities, lines.splitlines())
        _same_member(self.targets, "registry", self.sealed.object())
        return {"entities": len(entities), "root": self.sealed.root.hex()}

    def strata(self) -> Facts:
        self.divided = stratify(self.plan, self.sealed)
        _same_member(self.targets, "tasks", self.divided.object())
        bases = [base for division in self.divided.divisions for base in division.bases]
        return {
            "base": sum(base.size for base in bases),
            "quota": sum(base.quota for base in bases),
            "excluded": sum(sum(division.excluded.values()) for division in self.divided.divisions),
            "in_no_tier": sum(division.in_no_tier for division in self.divided.divisions),
        }

    def pool(self) -> Facts:
        self.inspectors = members.read_statement(self.files["commitment.json"], "inspectors")
        inspectors = members.read_inspectors(self.files["inspectors.jsonl"])
        recusals = members.read_recusals(self.files["recusals.jsonl"], self.plan)
        self.sealed_pool = seal_pool(self.seal, inspectors, recusals)
        _same_member(self.inspectors, "pool", self.sealed_pool.object())
        _same_member(self.inspectors, "recusals", self.sealed_pool.recusals_object())
        return {"inspectors": len(inspectors), "recusals": len(recusals)}

    def commitment(self) -> Facts:
        announced = members.read_announced(self.targets)
        late = members.read_announced(self.inspectors) if LATE in self.files else ()
        own = commit_targets(
            self.plan, self.seal, self.sealed, self.divided, announced, members.read_predecessor(self.targets)
        )
        self.frozen = commit_inspectors(own, self.sealed_pool, late)
        same(self.frozen.object(), self.json("commitment.json"), "commitment.json")
        return {
            "targets": self.frozen.targets_commitment.hex(),
            "inspectors": self.frozen.inspectors_commitment.hex(),
        }

    def draw(self) -> Facts:
        self.drawn = draw_targets(self.frozen, self.seeds)
        same_lines(self.drawn.strata_lines(), self.files["strata.jsonl"], "strata.jsonl")
        same_lines(self.drawn.targets_lines(), self.files["targets.jsonl"], "targets.jsonl")
        visits = sum(len(target.tasks) for target in self.drawn.targets)
        return {"strata": len(self.drawn.strata), "targets": len(self.drawn.targets), "visits": visits}

    def blocks(self) -> Facts:
        blocks = make_blocks(self.frozen, self.drawn.targets, self.seeds)
        found = list(members.read_lines("blocks.jsonl", self.files["blocks.jsonl"], _without_team))
        same_lines(json_lines(block.object() for block in blocks), json_lines(found), "blocks.jsonl")
        candidates = eligible(self.plan, self.sealed_pool.inspectors)
        places = sum(len(block.slots) for block in blocks)
        return {"blocks": len(blocks), "places": places, "eligible": len(candidates)}

    def assignment(self) -> Facts:
        self.matching = draw_inspectors(self.frozen, self.drawn.targets, self.seeds)
        same_lines(self.matching.shortages_lines(), self.files["shortages.jsonl"], "shortages.jsonl")
        same_lines(self.matching.blocks_lines(), self.files["blocks.jsonl"], "blocks.jsonl")
        if self.cross_check is not None:
            self.cross_checked = self.cross_check(self.frozen, self.matching)
        loads = Counter(one.id for team in self.matching.teams for one in team.inspectors)
        return {
            "inspectors": len(loads),
            "most": max(loads.values(), default=0),
            "relaxations": self.matching.applied,
            "attempts": len(self.matching.shortages) + self.matching.succeeded,
        }

    def digest(self) -> Facts:
        results = (self.files[name] for name in ("strata.jsonl", "targets.jsonl", "blocks.jsonl"))
        self.digest_of_result = result_digest(self.seal, *results)
        same(self.digest_of_result.hex(), self.result, "manifest.json")
        return {"result": self.result}

    def records(self) -> Facts:
        """§18 `records`."""
        records = read_records(self.files[RECORDS])
        check_recorded(self.entries, self.notice, records)
        pool = self.frozen.pool
        rules = Rules(relaxed(self.plan, self.matching.applied), pool.inspectors, pool.recusals)
        grounds = Grounds(self.frozen, self.seeds, self.matching.teams, self.digest_of_result, rules)
        state = grounds.first()
        for line, record in enumerate(records, start=1):
            try:
                state = succeed(grounds, state, record)
            except InputRefused as error:
                raise InputRefused(error.code, Where(file=RECORDS, line=line), **error.params) from None
        self.recorded, self.recorded_one_by_one = summary(records, state), tuple(records)
        return {"records": len(records), "open": len(state.open)}


def _same_member(statement: Mapping[str, Json], member: str, expected: Json) -> None:
    same({member: expected}, {member: statement.get(member, "")}, "commitment.json")


def _without_team(value: Json) -> Json:
    return {key: one for key, one in value.items() if key != "team"} if isinstance(value, Mapping) else value


_STEPS: Final[Mapping[str, Callable[[_Verification], Facts]]] = {
    "archive": _Verification.archive,
    "manifest": _Verification.manifest,
    "signature": _Verification.check_signature,
    "encoding": _Verification.encoding,
    "plan": _Verification.read_plan,
    "registry": _Verification.registry,
    "strata": _Verification.strata,
    "pool": _Verification.pool,
    "commitment": _Verification.commitment,
    "notice": _Verification.read_notice,
    "log": _Verification.log,
    "seed": _Verification.seed,
    "witness": _Verification.witness,
    "targets": _Verification.draw,
    "blocks": _Verification.blocks,
    "assignment": _Verification.assignment,
    "result": _Verification.digest,
    "records": _Verification.records,
}

_READ: Final[Mapping[str, str]] = {
    "archive": "",
    "manifest": "manifest.json",
    "signature": "signature.json",
    "encoding": "",
    "plan": "plan.json",
    "registry": "entities.jsonl",
    "strata": "plan.json",
    "pool": "inspectors.jsonl",
    "commitment": "commitment.json",
    "notice": "notice.json",
    "log": "log.jsonl",
    "seed": "seed.json",
    "witness": "witness.jsonl",
    "targets": "targets.jsonl",
    "blocks": "blocks.jsonl",
    "assignment": "blocks.jsonl",
    "result": "manifest.json",
    "records": "records.jsonl",
}
"""The member that a step reads: where a failure lies if the core, which knows of no files, found it."""
