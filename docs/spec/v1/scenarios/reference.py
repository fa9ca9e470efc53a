"""verify.py, section by section, as the test vectors ask for it: one method for each file of vectors.

A method takes the members of a case's "in" as keywords and returns its "out"; byte strings are hex throughout. It
raises Refused with the failure class ("invalid" where a section has none of its own).
"""

from collections.abc import Callable, Sequence
from typing import Any

from docs.spec.v1 import verify
from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.paths import path

Record = verify.Record


class Refused(Exception):
    """The input is not as the specification says; `failure` is the class that the vectors expect."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


def refusing(failure: str, call: Callable[..., Any], *arguments: Any) -> Any:
    """The call's value, its refusal as one of this class."""
    try:
        return call(*arguments)
    except verify.SpecError as error:
        raise Refused(failure) from error


def unhex(digits: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(part) for part in digits]


def draw_from(inputs: Record) -> verify.Draw:
    """The draw that a case's "inputs" describe."""
    given = {name: value for name, value in inputs.items() if name not in ("draw", "salt_key")}
    return verify.Draw(number=inputs["draw"], salt_key=bytes.fromhex(inputs["salt_key"]), **given)


def inputs_of(draw: verify.Draw) -> Record:
    """The reverse of draw_from."""
    given = {name: value for name, value in vars(draw).items() if name not in ("number", "salt_key")}
    given = {name: value for name, value in given.items() if value is not None}
    return given | {"draw": draw.number, "salt_key": draw.salt_key.hex()}


class Reference:
    """verify.py as an implementation that the vectors can be put to."""

    # §2 canonical JSON

    def encode(self, *, value: Any) -> str:
        return verify.encode(value).hex()

    def decode(self, *, data: str) -> Any:
        return refusing("invalid", verify.decode, bytes.fromhex(data))

    def decode_lines(self, *, data: str) -> Any:
        return refusing("invalid", verify.decode_lines, bytes.fromhex(data))

    # §3 tagged hashes, §4 Merkle tree

    def tagged(self, *, mode: str, name: str, fields: Sequence[str]) -> str:
        """Mode "" stands for T, the others for D."""
        parts = unhex(fields)
        return (verify.tagged_in(mode, name, *parts) if mode else verify.tagged(name, *parts)).hex()

    def root(self, *, data: Sequence[str]) -> str:
        return verify.root(unhex(data)).hex()

    def path(self, *, data: Sequence[str], index: int) -> list[str]:
        return [part.hex() for part in path(unhex(data), index)]

    def lead(self, *, leaf: str, index: int, size: int, path: Sequence[str]) -> str:
        """The root that the path leads to, whatever the root is."""
        return bytes(refusing("invalid", verify.lead, bytes.fromhex(leaf), index, size, unhex(path))).hex()

    # §5 keystream and integers

    def words(self, *, key: str, count: int) -> list[str]:
        words = verify.Stream(bytes.fromhex(key)).words
        return [verify.u64(next(words)).hex() for _ in range(count)]

    def below(self, *, key: str, bounds: Sequence[str]) -> list[str]:
        """Bounds and values in decimal; all from one stream."""
        stream = verify.Stream(bytes.fromhex(key))
        return [str(stream.below(int(n))) for n in bounds]

    def shuffle(self, *, key: str, length: int) -> list[int]:
        items = list(range(length))
        verify.Stream(bytes.fromhex(key)).shuffle(items)
        return items

    # §6 predicates

    def predicate(self, *, kind: str, columns: Sequence[str], predicate: Any, record: Record) -> bool:
        """Kind "entity" or "inspector"; the predicate is refused if it is invalid over the kind's fields."""
        if kind == "entity":
            known, fields = (*verify.ENTITY_FIELDS, *columns), verify.entity_fields(record)
        else:
            known, fields = verify.INSPECTOR_FIELDS, {f: record[f] for f in verify.INSPECTOR_FIELDS}
        if not verify.is_predicate(known, predicate):
            raise Refused("invalid")
        return verify.holds(predicate, fields)

    # §7 the plan

    def plan(self, *, plan: Any) -> str:
        """The digest of a valid plan."""
        refusing("plan", verify.check_plan, plan)
        return verify.tagged("plan", verify.encode(plan)).hex()

    def rate(self, *, rate: str, size: int) -> int:
        """The quota of a tier of this size."""
        if not verify.is_rate(rate):
            raise Refused("invalid")
        return verify.quota_of({"rate": rate}, size)

    # §8 records, salts, leaves

    def entities(self, *, columns: Sequence[str], listed: Sequence[str], records: Any) -> int:
        """How many, if all are valid and in order; `listed` are the ids of the plan's listed tasks."""
        shape = verify.entity_shape(columns, listed)
        refusing("registry", verify.check_list, records, shape, lambda entity: entity["id"])
        return len(records)

    def inspectors(self, *, records: Any) -> int:
        refusing("pool", verify.check_list, records, verify.INSPECTOR, lambda person: person["id"])
        return len(records)

    def recusals(self, *, columns: Sequence[str], records: Any) -> int:
        refusing("pool", verify.check_recusals, records, columns)
        return len(records)

    def leaves(self, *, kind: str, mode: str, draw: int, salt_key: str, records: Sequence[Record]) -> Record:
        """Salts in the order of the records, leaves ascending, and their root."""
        some = world.draw_of(mode=mode, number=draw, salt_key=bytes.fromhex(salt_key))
        sealed = verify.seal(some, kind, records)
        salts = [verify.salt(some, kind, record["id"]).hex() for record in records]
        leaves = [leaf.hex() for leaf, _ in sealed.sealed]
        return {"salts": salts, "leaves": leaves, "root": sealed.root.hex()}

    def recusals_digest(self, *, mode: str, draw: int, salt_key: str, recusals: list[Record]) -> str:
        key = bytes.fromhex(salt_key)
        some = world.draw_of(mode=mode, number=draw, salt_key=key, recusals=recusals)
        return verify.recusals_digest(some).hex()

    # §9 exclusions, tiers, strata, quotas

    def strata(self, *, inputs: Record) -> list[Record]:
        """Per task: the excluded by reason, how many are in no tier, the non-empty tiers as numbered; or the listed."""
        draw = draw_from(inputs)
        registry = verify.seal(draw, "entity", draw.entities)
        return [task_record(task) for task in refusing("strata", verify.stratify, draw.plan, registry)]

    # §10 commitments

    def commitments(self, *, inputs: Record) -> Record:
        """Both statements and commitments."""
        derived = world.derive(draw_from(inputs))
        committed = {stage: value.hex() for stage, value in derived["committed"].items()}
        return {"statements": derived["statements"], "commitments": committed}

    # §11 closing, public values, seed

    def announced(self, *, announced: Any) -> int:
        refusing("commitment", verify.check_announced, announced)
        return len(announced)

    def values(self, *, mode: str, announced: list[Record], values: Any) -> str:
        """The product of the outcomes, in decimal."""
        return str(refusing("seed", verify.check_values, mode, announced, values))

    def signature(self, *, key: str, message: str, signature: str) -> bool:
        """Whether it is the key's signature of the message."""
        try:
            verify.check_signature({"key": key, "signature": signature}, bytes.fromhex(message))
        except verify.SpecError:
            return False
        return True

    def closing(self, *, mode: str, commitment: str, contributors: list[str], closing: Any) -> str:
        """The digest of a valid closing statement of these contributors; `commitment` is that of the targets."""
        committed, contributions = bytes.fromhex(commitment), verify.dig(closing, "contributions")
        refusing("seed", verify.check_contributions, mode, committed, contributors, contributions)
        refusing("seed", verify.same, {"commitment": commitment, "contributions": contributions}, closing)
        return verify.closing_digest(mode, closing).hex()

    def seeds(
        self, *, mode: str, commitments: Record, contributions: list[Record], values: list[Record], late: Record | None
    ) -> Record:
        """Of inspectors sealed late, `late` has the contributions and values."""
        seeds: Record = {}
        for stage in ("targets", "inspectors"):
            sealed_late = stage == "inspectors" and late is not None
            given = late if late and sealed_late else {"contributions": contributions, "values": values}
            committed = bytes.fromhex(commitments[stage if sealed_late else "targets"])
            closing = {"commitment": committed.hex(), "contributions": given["contributions"]}
            own = {stage: bytes.fromhex(commitments[stage])}
            closed = verify.closing_digest(mode, closing)
            seeds |= verify.make_seeds(mode, own, closed, given["values"])
        return {stage: seed.value.hex() for stage, seed in seeds.items()}

    def key(self, *, mode: str, stage: str, seed: str, name: str, fields: Sequence[str]) -> str:
        return verify.Seed(mode, stage, bytes.fromhex(seed)).key(name, *unhex(fields)).hex()

    # §12 tickets and the first draw

    def tickets(self, *, key: str, leaves: Sequence[str]) -> list[str]:
        return [verify.ticket(bytes.fromhex(key), leaf).hex() for leaf in unhex(leaves)]

    def rounding(self, *, quota: int, sizes: Sequence[int], offset: int) -> list[int]:
        return verify.systematic(quota, sizes, offset)

    def bounds(self, *, quota: int, sizes: Sequence[int], least: int, most: int) -> list[int]:
        """Of each stratum the quota that its bounds fix, or -1 if it divides what is left."""
        fixed = verify.by_bounds(quota, sizes, {"least": least, "most": most})
        return [-1 if one is None else one for one in fixed]

    def first_draw(self, *, inputs: Record, seed: str) -> Record:
        """The lines of strata.jsonl and targets.jsonl under this seed("targets")."""
        draw = draw_from(inputs)
        tasks = verify.stratify(draw.plan, verify.seal(draw, "entity", draw.entities))
        seeds = verify.Seed(draw.mode, "targets", bytes.fromhex(seed))
        strata, targets = verify.first_draw(tasks, seeds)
        return {"strata": strata, "targets": targets}

    # §13 eligible inspectors

    def left_out(self, *, window: Record, inspector: Record) -> str:
        """The reason, or "" for an eligible inspector."""
        return verify.left_out(inspector, window)

    # §14 blocks, slots, pools

    def blocks(self, *, inputs: Record, targets: list[Record], seed: str) -> Record:
        """Blocks without teams, and all slots, under this seed("inspectors")."""
        draw = draw_from(inputs)
        blocks = verify.make_blocks(draw, targets, verify.Seed(draw.mode, "inspectors", bytes.fromhex(seed)))
        known = {person["id"] for person in draw.inspectors}
        slots = [
            {"block": slot.block, "slot": slot.id, "pool": list(slot.pool), "recused": sorted(slot.recused & known)}
            for slot in verify.make_slots(draw, blocks)
        ]
        return {"blocks": blocks, "slots": slots}

    # §15 the second draw

    def component(
        self,
        *,
        key: str,
        pools: Sequence[Sequence[int]],
        blocks: list[int],
        recused: Record,
        caps: list[int],
        incompatible: Sequence[tuple[int, int]],
    ) -> Record:
        """`recused` by block number in decimal, `caps` by inspector. {"own": ...}, or the shortage: {"why": ...,
        "slots": ..., "inspectors": ...}."""
        slots = [
            verify.Slot(block, "", tuple(pool), frozenset(recused.get(str(block), ())))
            for pool, block in zip(pools, blocks, strict=True)
        ]
        pairs = [(a, b) for a, b in incompatible]
        try:
            return {"own": verify.assign(slots, dict(enumerate(caps)), pairs, lambda _: bytes.fromhex(key))}
        except verify.Shortage as short:
            return {"why": short.why, "slots": short.slots, "inspectors": short.inspectors}

    def whole_draw(self, *, inputs: Record) -> Record:
        """The lines of strata.jsonl, targets.jsonl, blocks.jsonl, shortages.jsonl, and the result digest."""
        draw = draw_from(inputs)
        derived = world.derive(draw)
        lines = {name: derived[name] for name in ("strata", "targets", "blocks", "shortages")}
        members = {f"{name}.jsonl": verify.encode_lines(rows) for name, rows in lines.items()}
        return lines | {"result": verify.result_digest(draw, members).hex()}

    # §16 changes, §17 log and commit notice, witness statements

    def changes(self, *, mode: str, draw: int, salt_key: str, late: bool, changes: Any) -> str:
        """The changes digest, of the notice or the late notice, of lines in their form and order."""
        some = world.draw_of(mode=mode, number=draw, salt_key=bytes.fromhex(salt_key))
        return str(refusing("notice", verify.changes_digest, some, "late-" if late else "", changes))

    def notice(self, *, inputs: Record, stamp: Record, late: Record | None) -> Record:
        """{"notice": ...}, and, of inspectors sealed late, {"late": ...}; `stamp` and `late` have of each the changes
        digest, and what nothing determines: deadline, head, hours, time."""
        draw = draw_from(inputs)
        committed = world.derive(draw)["committed"]
        stamps = zip(("notice", "late"), draw.rounds, (stamp, late), strict=False)
        return {name: self._stamped(draw, one, committed, at) for name, one, at in stamps if at}

    def _stamped(self, draw: verify.Draw, sealed: verify.Round, committed: Record, stamp: Record) -> Any:
        given = stamp | {"contributors": sealed.contributors}
        return refusing("notice", verify.make_notice, draw, sealed, committed, stamp["changes"], given)

    def log(self, *, notice: Record, late: Record | None, log: Any) -> str:
        """The head, if the places of freezes and closings are as the notices ask."""
        refusing("log", verify.check_log, log, [notice, late] if late else [notice])
        return verify.chain(log)[1]

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
        """The exit code of a real draw with these statements; `closing` is the closing digest, `drawn` the drawings
        that gave the values, `late` has notice, closing digest and drawings of a late seal; `seeded` the times of the
        first entries `seed` and `late-seed`, or it is null where there is no log."""
        sealed = [{"notice": notice, "closing": closing, "drawn": drawn}, *([late] if late else [])]
        notices, closings = [one["notice"] for one in sealed], unhex([one["closing"] for one in sealed])
        hours = [verify.first_hour(one["notice"], one["drawn"]) for one in sealed]
        refusing("witness", verify.check_witness, statements, verify.to_be_seen(notices, closings))
        placed = None if seeded is None else {verb: {"time": time} for verb, time in seeded.items()}
        return verify.ORDERS[verify.order_in_time(notices, hours, statements, trust, placed)[0]]

    # §19 records after the seed

    def records(self, *, inputs: Record, records: Any) -> Record:
        """Whether the draw is void, and the teams of all targets after the records; their log is left aside."""
        draw = draw_from(inputs)
        derived = world.derive(draw)
        lines = {f"{name}.jsonl": verify.encode_lines(derived[name]) for name in ("strata", "targets", "blocks")}
        short, seed = len(derived["shortages"]), derived["seeds"]["inspectors"]
        state = verify.Succession(draw, derived["tasks"], derived["blocks"], short, seed)
        result = verify.result_digest(draw, lines).hex()
        refusing("records", verify.check_records, records, state, result)
        targets = [
            {"block": block["block"], "id": target, "team": team_record(block, state.team[target])}
            for block in state.blocks.values()
            for target in block["targets"]
        ]
        return {"targets": targets, "void": int(bool(state.void))}

    # §16 to §18, §20, §21 bundles and receipts

    def bundle(self, *, data: bytes, rehearsal: bool, trust: list[str], public: bytes | None) -> int:
        """The exit code; refused with the failure class where it is 1. `public`: the bundle beside a receipt."""
        report = verify.verify(data, rehearsal, trust, public)
        if "failure" in report:
            raise Refused(report["failure"]["class"])
        return int(report["exit"])


def team_record(block: Record, team: Record) -> list[Record]:
    """One target's team, in the order of the block's slots; "" where there is nobody."""
    slots = [place["slot"] for place in block.get("team", [])]
    return [{"inspector": team[slot], "slot": slot} for slot in slots]


def task_record(task: verify.Task) -> Record:
    """A task's strata as the vectors give them."""
    if task.listed:
        return {"id": task.id, "listed": task.listed.statement(), "source": task.source}
    excluded = {reason: number for reason, number in task.outside.items() if reason.isascii()}
    tiers = []
    for tier in task.tiers:
        cells = [{"cell": stratum.name} | stratum.statement() for stratum in tier.strata]
        tiers.append({"id": tier.name} | tier.statement() | {"strata": cells})
    untiered = sum(task.outside.values()) - sum(excluded.values())
    return {"id": task.id, "excluded": excluded, "untiered": untiered, "tiers": tiers}
