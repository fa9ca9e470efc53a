"""The engine as an implementation that the vectors can be put to.

Nothing is computed here: each method hands a case's input to the core and writes the answer as the vectors write it.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shuangsuiji.audit.chain import check_chain, check_late, find_places
from shuangsuiji.audit.changed import check_changes
from shuangsuiji.audit.detect import verify_file
from shuangsuiji.audit.report import EXIT_OF_ORDER
from shuangsuiji.audit.witnesses import order_in_time, read_testimonies, witness_of
from shuangsuiji.bundle import members, signatures
from shuangsuiji.bundle.closing import parse_closing
from shuangsuiji.bundle.notice import Notice, late_notice_of, notice_of, parse_notice, targets_notice_of
from shuangsuiji.bundle.records import read_records
from shuangsuiji.core.allocation import at_bounds, systematic_rounding
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import (
    Frozen,
    Lists,
    commit_inspectors,
    freeze_inspectors,
    freeze_targets,
    plan_digest,
    seal_pool,
    seal_registry,
    stratify,
)
from shuangsuiji.core.draw import draw_inspectors, draw_targets, result_digest
from shuangsuiji.core.eligibility import standing
from shuangsuiji.core.encoding import Json, canonical_json, json_lines, parse_json, parse_lines
from shuangsuiji.core.hashing import draw_hash, tagged_hash
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.matching import assign
from shuangsuiji.core.matching.problem import Problem, Short, Slot
from shuangsuiji.core.merkle import lead, path, root
from shuangsuiji.core.plan import ENTITY_FIELDS, INSPECTOR_FIELDS, Bounds, Plan, Rate, Task, parse_rate
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.predicates import Fields, parse_predicate
from shuangsuiji.core.records import Seal, parse_entity, parse_inspector, parse_recusal
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import (
    SOURCES,
    Announced,
    Drawing,
    LateSeed,
    PublicValue,
    Seeds,
    check_announced,
    check_values,
    derive_seeds,
)
from shuangsuiji.core.standing import Grounds, State
from shuangsuiji.core.strata import Division, NumberedTier
from shuangsuiji.core.stream import Stream
from shuangsuiji.core.succession import succeed
from shuangsuiji.core.teams import Target, make_blocks, make_problem
from shuangsuiji.core.tickets import tickets
from shuangsuiji.errors import InputRefused, ShuangsuijiError
from tests.district import plan_value
from tests.spec.protocol import Record, Refused

ANY_PLAN: Final = parse_plan(plan_value())
ANY_SEAL: Final = Seal(bytes(32), "rehearsal", 1)


@contextmanager
def refusing(failure: str) -> Iterator[None]:
    """What the core refuses inside the block, as a refusal of this class."""
    try:
        yield
    except (ShuangsuijiError, ValueError) as error:
        raise Refused(failure) from error


def unhex(digits: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in digits]


def with_columns(columns: Sequence[str], listed: Sequence[str] = ()) -> Plan:
    """A plan with these aliases and listed tasks."""
    tasks = tuple(Task(one, "名单", ANY_PLAN.tasks[0].pool, (), (), (), source="platform") for one in listed)
    return replace(ANY_PLAN, columns=dict.fromkeys(columns, "列"), tasks=tasks)


def values_from(values: Any) -> list[PublicValue]:
    """Public values in the form of `seed.json`."""
    _, read = members.read_seed(canonical_json({"closing": "", "values": values}))
    return list(read)


def announced_from(values: Any) -> tuple[Announced, ...]:
    return members.read_announced({"values": values})


def closing_from(mode: str, commitment: bytes, contributions: list[Record]) -> Closing:
    """The closing statement with these contributions, whoever the notice's contributors are."""
    value: Json = {"commitment": commitment.hex(), "contributions": contributions}
    return parse_closing(value, mode, commitment, [one["person"] for one in contributions])


def plan_from(inputs: Record) -> Plan:
    return members.read_plan(canonical_json(inputs["plan"]))


def seal_from(inputs: Record) -> Seal:
    return Seal(bytes.fromhex(inputs["salt_key"]), inputs["mode"], inputs["draw"])


def frozen_from(inputs: Record) -> Frozen:
    """The frozen draw that a case's "inputs" describe."""
    plan = plan_from(inputs)
    lists = Lists(
        members.read_entities(json_lines(inputs["entities"]), plan),
        members.read_inspectors(json_lines(inputs["inspectors"])),
        members.read_recusals(json_lines(inputs["recusals"]), plan),
    )
    predecessor, announced = members.read_predecessor(inputs), announced_from(inputs["announced"])
    targets = freeze_targets(plan, seal_from(inputs), lists.entities, announced, predecessor)
    if "late" in inputs:
        late = announced_from(inputs["late"]["announced"])
        return freeze_inspectors(targets, lists.inspectors, lists.recusals, late)
    return commit_inspectors(targets, seal_pool(targets.seal, lists.inspectors, lists.recusals))


def drawn_from(inputs: Record) -> tuple[Frozen, Seeds]:
    """The frozen draw and the seeds that a case's "inputs" describe."""
    frozen, mode = frozen_from(inputs), inputs["mode"]
    closing = closing_from(mode, frozen.targets_commitment, inputs["contributions"])
    late = late_from(mode, frozen.inspectors_commitment, inputs.get("late"))
    values = values_from(inputs["values"])
    return frozen, derive_seeds(mode, closing, frozen.inspectors_commitment, values, late)


def late_from(mode: str, commitment: bytes, late: Record | None) -> LateSeed | None:
    """What seeds inspectors sealed late."""
    if late is None:
        return None
    closing = closing_from(mode, commitment, late["contributions"])
    return LateSeed(closing, tuple(values_from(late["values"])))


def strata_of(division: Division, tiers: Sequence[NumberedTier]) -> Record:
    """A task's division as the vectors show it."""
    return {
        "id": division.task.id,
        "excluded": dict(division.excluded),
        "untiered": division.in_no_tier,
        "tiers": [
            {
                "id": tier.tier.id,
                "quota": tier.quota,
                "root": tier.root.hex(),
                "size": tier.size,
                "strata": [
                    {"cell": one.cell, "root": one.root.hex(), "size": len(one.members)}
                    for one in tier.strata
                ],
            }
            | ({} if tier.tier.bounds is None else {"bounds": tier.tier.bounds.object()})
            for tier in tiers
        ],
    }


def read(lines: bytes) -> list[Any]:
    return list(parse_lines(lines))


class Engine:
    """The engine, section by section."""

    # §2 canonical JSON

    def encode(self, *, value: Any) -> str:
        return canonical_json(value).hex()

    def decode(self, *, data: str) -> Any:
        with refusing("invalid"):
            return parse_json(bytes.fromhex(data))

    def decode_lines(self, *, data: str) -> Any:
        with refusing("invalid"):
            return read(bytes.fromhex(data))

    # §3 tagged hashes, §4 Merkle tree, §5 keystream and integers

    def tagged(self, *, mode: str, name: str, fields: Sequence[str]) -> str:
        parts = unhex(fields)
        return (draw_hash(mode, name, *parts) if mode else tagged_hash(name, *parts)).hex()

    def root(self, *, data: Sequence[str]) -> str:
        return root(unhex(data)).hex()

    def path(self, *, data: Sequence[str], index: int) -> list[str]:
        return [one.hex() for one in path(unhex(data), index)]

    def lead(self, *, leaf: str, index: int, size: int, path: Sequence[str]) -> str:
        try:
            return lead(bytes.fromhex(leaf), index, size, unhex(path)).hex()
        except ValueError:
            raise Refused("invalid") from None

    def words(self, *, key: str, count: int) -> list[str]:
        stream = Stream(bytes.fromhex(key))
        return [f"{stream.word():016x}" for _ in range(count)]

    def below(self, *, key: str, bounds: Sequence[str]) -> list[str]:
        stream = Stream(bytes.fromhex(key))
        return [str(stream.below(int(n))) for n in bounds]

    def shuffle(self, *, key: str, length: int) -> list[int]:
        items = list(range(length))
        Stream(bytes.fromhex(key)).shuffle(items)
        return items

    # §6 predicates, §7 the plan

    def predicate(self, *, kind: str, columns: Sequence[str], predicate: Any, record: Record) -> bool:
        aliases = dict.fromkeys(columns, "列")
        known = ENTITY_FIELDS | aliases.keys() if kind == "entity" else INSPECTOR_FIELDS
        with refusing("invalid"):
            condition = parse_predicate(predicate, known)
        fields: Fields = (
            parse_entity(record, aliases).fields() if kind == "entity" else parse_inspector(record).fields()
        )
        return condition.holds(fields)

    def plan(self, *, plan: Any) -> str:
        with refusing("plan"):
            return plan_digest(parse_plan(plan)).hex()

    def rate(self, *, rate: str, size: int) -> int:
        with refusing("invalid"):
            parse_rate(rate)
        return Rate(rate).of(size)

    # §8 records, salts, leaves

    def entities(self, *, columns: Sequence[str], listed: Sequence[str] = (), records: Any) -> int:
        with refusing("registry"):
            entities = members.read_entities(json_lines(records), with_columns(columns, listed))
            return len(seal_registry(ANY_SEAL, entities).leaves)

    def inspectors(self, *, records: Any) -> int:
        with refusing("pool"):
            return len(seal_pool(ANY_SEAL, members.read_inspectors(json_lines(records)), ()).inspectors)

    def recusals(self, *, columns: Sequence[str], records: Any) -> int:
        with refusing("pool"):
            return len(members.read_recusals(json_lines(records), with_columns(columns)))

    def leaves(self, *, kind: str, mode: str, draw: int, salt_key: str, records: Sequence[Record]) -> Record:
        seal = Seal(bytes.fromhex(salt_key), mode, draw)
        if kind == "entity":
            columns = {alias: "列" for record in records for alias in record["columns"]}
            leaves = [seal.entity_leaf(parse_entity(record, columns)) for record in records]
        else:
            leaves = [seal.inspector_leaf(parse_inspector(record)) for record in records]
        leaves.sort()
        salts = [seal.salt(kind, record["id"]).hex() for record in records]
        return {"salts": salts, "leaves": [leaf.hex() for leaf in leaves], "root": root(leaves).hex()}

    def recusals_digest(self, *, mode: str, draw: int, salt_key: str, recusals: list[Record]) -> str:
        columns = {one["column"]: "列" for one in recusals if "column" in one}
        parsed = [parse_recusal(one, columns) for one in recusals]
        return Seal(bytes.fromhex(salt_key), mode, draw).recusals_digest(parsed).hex()

    # §9 exclusions, tiers, strata, quotas, §10 commitments, §11 closing, public values, seed

    def strata(self, *, inputs: Record) -> list[Record]:
        plan = plan_from(inputs)
        entities = members.read_entities(json_lines(inputs["entities"]), plan)
        with refusing("strata"):
            strata = stratify(plan, seal_registry(seal_from(inputs), entities))
        return [
            strata_of(division, tiers)
            if named is None
            else {
                "id": division.task.id,
                "listed": {"root": named.root.hex(), "size": len(named.members)},
                "source": division.task.source,
            }
            for division, tiers, named in zip(strata.divisions, strata.tiers, strata.listed, strict=True)
        ]

    def commitments(self, *, inputs: Record) -> Record:
        frozen = frozen_from(inputs)
        committed = {"targets": frozen.targets_commitment, "inspectors": frozen.inspectors_commitment}
        return {
            "statements": frozen.object(),
            "commitments": {stage: value.hex() for stage, value in committed.items()},
        }

    def announced(self, *, announced: Any) -> int:
        with refusing("commitment"):
            values = announced_from(announced)
            check_announced(values)
        return len(values)

    def values(self, *, mode: str, announced: list[Record], values: Any) -> str:
        with refusing("seed"):
            given = values_from(values)
            check_values(mode, announced_from(announced), given)
        return str(math.prod(SOURCES[one.source].outcomes for one in given))

    def signature(self, *, key: str, message: str, signature: str) -> bool:
        return signatures.verify(*unhex([key, signature, message]))

    def closing(self, *, mode: str, commitment: str, contributors: list[str], closing: Any) -> str:
        with refusing("seed"):
            return parse_closing(closing, mode, bytes.fromhex(commitment), contributors).digest(mode).hex()

    def seeds(
        self,
        *,
        mode: str,
        commitments: Record,
        contributions: list[Record],
        values: list[Record],
        late: Record | None,
    ) -> Record:
        targets, inspectors = (bytes.fromhex(commitments[stage]) for stage in ("targets", "inspectors"))
        closing = closing_from(mode, targets, contributions)
        own = late_from(mode, inspectors, late)
        seeds = derive_seeds(mode, closing, inspectors, values_from(values), own)
        return {"targets": seeds.targets.hex(), "inspectors": seeds.inspectors.hex()}

    def key(self, *, mode: str, stage: str, seed: str, name: str, fields: Sequence[str]) -> str:
        return seeds_of(mode, seed).key(stage, name, *unhex(fields)).hex()

    # §12 tickets and the first draw, §13 eligible inspectors

    def tickets(self, *, key: str, leaves: Sequence[str]) -> list[str]:
        return [one.hex() for one in tickets(bytes.fromhex(key), unhex(leaves))]

    def rounding(self, *, quota: int, sizes: Sequence[int], offset: int) -> list[int]:
        return list(systematic_rounding(quota, sizes, offset))

    def bounds(self, *, quota: int, sizes: Sequence[int], least: int, most: int) -> list[int]:
        fixed = at_bounds(quota, sizes, Bounds(least, most))
        return [-1 if one is None else one for one in fixed]

    def first_draw(self, *, inputs: Record, seed: str) -> Record:
        drawn = draw_targets(frozen_from(inputs), seeds_of(inputs["mode"], seed))
        return {"strata": read(drawn.strata_lines()), "targets": read(drawn.targets_lines())}

    def left_out(self, *, window: Record, inspector: Record) -> str:
        return standing(parse_inspector(inspector), window["from"], window["to"])

    # §14 blocks, slots, pools, §15 the second draw

    def blocks(self, *, inputs: Record, targets: list[Record], seed: str) -> Record:
        frozen = frozen_from(inputs)
        entities = {one.id: one for one in frozen.registry.entities}
        drawn = [Target(entities[one["id"]], tuple(one["tasks"]), one.get("wave", 0)) for one in targets]
        blocks = make_blocks(frozen, drawn, seeds_of(inputs["mode"], seed))
        people, problem = make_problem(frozen.plan, blocks, frozen.pool)
        willing = tuple(replace(one, expert=True, undrawable=None) for one in frozen.pool.inspectors)
        everyone, whole = make_problem(frozen.plan, blocks, replace(frozen.pool, inspectors=willing))
        names = (slot for block in blocks for slot in block.slots)
        slots = [
            {
                "block": slot.block + 1,
                "slot": name,
                "pool": [people[one].id for one in slot.pool],
                "recused": [everyone[one].id for one in sorted(whole.recused[slot.block])],
            }
            for name, slot in zip(names, problem.slots, strict=True)
        ]
        return {"blocks": [block.object() for block in blocks], "slots": slots}

    def component(
        self,
        *,
        key: str,
        pools: Sequence[Sequence[int]],
        blocks: list[int],
        recused: Record,
        caps: list[int],
        incompatible: Sequence[Sequence[int]],
    ) -> Record:
        slots = tuple(Slot(block, tuple(pool)) for block, pool in zip(blocks, pools, strict=True))
        barred = tuple(frozenset(recused.get(str(block), ())) for block in range(max(blocks) + 1))
        pairs = frozenset((min(pair), max(pair)) for pair in incompatible)
        owners = assign(Problem(slots, barred, tuple(caps), pairs), lambda _: bytes.fromhex(key))
        if isinstance(owners, Short):
            return {"why": owners.why, "slots": list(owners.slots), "inspectors": list(owners.inspectors)}
        return {"own": list(owners)}

    def whole_draw(self, *, inputs: Record) -> Record:
        frozen, seeds = drawn_from(inputs)
        drawn = draw_targets(frozen, seeds)
        matching = draw_inspectors(frozen, drawn.targets, seeds)
        strata, targets, blocks = drawn.strata_lines(), drawn.targets_lines(), matching.blocks_lines()
        digest = result_digest(frozen.seal, strata, targets, blocks)
        return {
            "strata": read(strata),
            "targets": read(targets),
            "blocks": read(blocks),
            "shortages": read(matching.shortages_lines()),
            "result": digest.hex(),
        }

    # §17 log and commit notice, witness statements

    def notice(self, *, inputs: Record, stamp: Record, late: Record | None) -> Record:
        frozen = frozen_from(inputs)
        make = notice_of if late is None else targets_notice_of
        own = stamped(make, frozen, stamp, inputs["contributors"])
        if late is None:
            return {"notice": own}
        second = stamped(late_notice_of, frozen, late, inputs["late"]["contributors"])
        return {"notice": own, "late": second}

    def changes(self, *, mode: str, draw: int, salt_key: str, late: bool, changes: Any) -> str:
        with refusing("notice"):
            if not isinstance(changes, list):
                raise InputRefused("bundle.form")
            lines = json_lines(changes)
            check_changes(lines)
        return Seal(bytes.fromhex(salt_key), mode, draw).changes_digest(lines, late=late).hex()

    def log(self, *, notice: Record, late: Record | None, log: Any) -> str:
        with refusing("log"):
            check_chain(log)
            own = find_places(log, parse_notice(notice))
            if late is not None:
                check_late(own, find_places(log, parse_notice(late)))
        return tagged_hash("log", canonical_json(log[-1])).hex()

    def witness(
        self,
        *,
        notice: Record,
        closing: str,
        drawn: list[Record],
        late: Record | None,
        statements: Any,
        trust: list[str],
        seeded: Record | None,
    ) -> int:
        own, second = parse_notice(notice), None
        hours = hour_of(own, drawn), ""
        if late is not None:
            second = parse_notice(late["notice"]), bytes.fromhex(late["closing"])
            hours = hours[0], hour_of(second[0], late["drawn"])
        with refusing("witness"):
            lines = json_lines(statements)
            testimonies = read_testimonies(lines, own, bytes.fromhex(closing), second)
        witnesses = [witness_of(one, frozenset(trust), hours, seeded) for one in testimonies]
        return EXIT_OF_ORDER[order_in_time(witnesses, own, second[0] if second else None)]

    # §19 records after the seed

    def records(self, *, inputs: Record, records: Any) -> Record:
        frozen, seeds = drawn_from(inputs)
        drawn = draw_targets(frozen, seeds)
        matching = draw_inspectors(frozen, drawn.targets, seeds)
        lines = drawn.strata_lines(), drawn.targets_lines(), matching.blocks_lines()
        pool = frozen.pool
        rules = Rules(relaxed(frozen.plan, matching.applied), pool.inspectors, pool.recusals)
        grounds = Grounds(frozen, seeds, matching.teams, result_digest(frozen.seal, *lines), rules)
        state = grounds.first()
        with refusing("records"):
            for record in read_records(json_lines(records)):
                state = succeed(grounds, state, record)
        return {"void": int(state.void), "targets": list(targets_of(state))}

    # §16 to §18 the bundle

    def bundle(self, *, data: bytes, rehearsal: bool, trust: list[str], public: bytes | None) -> int:
        own = frozenset(trust)
        with tempfile.TemporaryDirectory() as folder:
            path, beside = Path(folder, "bundle"), Path(folder, "public")
            path.write_bytes(data)
            if public is not None:
                beside.write_bytes(public)
            report = verify_file(path, public=beside if public is not None else None, trust=own, signers=own)
        if report.failure is not None:
            raise Refused(report.failure.failure_class)
        return report.exit_code(rehearsal)


def seeds_of(mode: str, seed: str) -> Seeds:
    """Seeds of which both stages have this one: a case names the stage that it is about."""
    return Seeds(mode, bytes.fromhex(seed), bytes.fromhex(seed))


def stamped(make: Callable[..., Notice], frozen: Frozen, stamp: Record, contributors: list[str]) -> Record:
    """The notice with this stamp, of which a bundle's reader has to think the same."""
    with refusing("notice"):
        told = make(frozen, **stamp | {"hours": {}}, contributors=contributors).object()
        asked = {name: one for name, one in told.items() if name != "hours"}
        return parse_notice(asked | {name: one for name, one in stamp.items() if name == "hours"}).object()


def hour_of(notice: Notice, drawn: list[Record]) -> str:
    return notice.hour(Drawing(one["source"], one["issue"]) for one in drawn)


def targets_of(state: State) -> Iterator[Record]:
    """Who visits whom after the records, in the order of `blocks.jsonl`."""
    for block, targets in state.blocks.items():
        for one in targets:
            team = state.targets[one].team
            yield {
                "block": block,
                "id": one,
                "team": [{"inspector": person, "slot": slot} for slot, person in team.items()],
            }
