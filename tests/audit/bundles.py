"""Auditor's bundles made from worlds through the core, whole or with one thing changed in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shuangsuiji.bundle import archive, public_bundle
from shuangsuiji.bundle.notice import Notice, notice_of
from shuangsuiji.bundle.public import PublicName, PublicNames
from shuangsuiji.bundle.receipt import Receipts
from shuangsuiji.bundle.witness import Testimony
from shuangsuiji.core.closing import Closing, Contribution
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.draw import TargetDraw, draw_inspectors, draw_targets, result_digest
from shuangsuiji.core.encoding import NotCanonical, canonical_json, json_lines, parse_json, parse_lines
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.records import Seal
from shuangsuiji.core.seed import REHEARSAL, Announced, PublicValue, Seeds, derive_seeds
from tests.district import World

Members = dict[str, bytes]
Entry = dict[str, Any]

FREEZE_TIME: Final = "2021-02-20T02:30:00Z"
BEFORE: Final[Entry] = {"verb": "init", "details": {}, "operator": "张三", "time": "2021-02-01T08:00:00Z"}
KL8: Final = PublicValue("kl8", "2021051", "".join(f"{number:02}" for number in range(2, 42, 2)))
BY_HAND: Final = PublicValue("explicit", "1", "5" * 64)


def chained(entries: Sequence[Entry]) -> list[Entry]:
    """§17 The entries as a log: numbered, each with the hash of the one before."""
    log: list[Entry] = []
    head = "0" * 64
    for number, entry in enumerate(entries, start=1):
        log.append(entry | {"seq": number, "prev": head})
        head = tagged_hash("log", canonical_json(log[-1])).hex()
    return log


@dataclass(frozen=True, slots=True)
class Session:
    """What happened around a draw: announcement, changes, contributions, statements, the log up to the freeze.

    `contribute` takes mode and C(targets), `witness` notice and closing digest; without `announced` the value's own
    drawing is. `hours` are those that the notice announces.
    """

    value: PublicValue = BY_HAND
    announced: Announced | None = None
    before: Sequence[Entry] = (BEFORE,)
    changes: bytes = b""
    contribute: Callable[[str, bytes], tuple[Contribution, ...]] = lambda *_: ()
    witness: Callable[[Notice, bytes], Sequence[Testimony]] = lambda *_: ()
    hours: Mapping[str, str] = field(default_factory=dict)


ALONE: Final = Session()


def members(world: World, session: Session = ALONE) -> Members:
    """§16 The members of the bundle of a world's draw, seeded by one public value."""
    mode, value = world.seal.mode, session.value
    lists = Lists(world.entities, world.inspectors, world.recusals)
    announced = session.announced or Announced(value.source, value.issue)
    frozen = freeze(world.plan, world.seal, lists, [announced])
    closing = Closing(frozen.targets_commitment, session.contribute(mode, frozen.targets_commitment))
    seeds = derive_seeds(mode, closing, frozen.inspectors_commitment, [value])
    drawn = draw_targets(frozen, seeds)
    matching = draw_inspectors(frozen, drawn.targets, seeds)
    start = chained(session.before)
    head = tagged_hash("log", canonical_json(start[-1])).hex()
    persons = [one.person for one in closing.contributions]
    changes = frozen.seal.changes_digest(session.changes).hex()
    notice = notice_of(frozen, changes, head, "2021-03-31", FREEZE_TIME, persons, session.hours)
    later = _entries(world, notice, closing)
    testimonies = session.witness(notice, closing.digest(mode))
    made = {
        "blocks.jsonl": matching.blocks_lines(),
        "changes.jsonl": session.changes,
        "commitment.json": canonical_json(frozen.object()),
        "entities.jsonl": json_lines(one.object() for one in world.entities),
        "inspectors.jsonl": json_lines(one.object() for one in world.inspectors),
        "log.jsonl": json_lines(chained([*session.before, *later])),
        "notice.json": canonical_json(notice.object()),
        "plan.json": canonical_json(plan_object(world.plan)),
        "records.jsonl": b"",
        "recusals.jsonl": json_lines(one.object() for one in world.recusals),
        "salt.json": canonical_json({"key": world.seal.key.hex()}),
        "seed.json": canonical_json({"closing": closing.object(), "values": [value.object()]}),
        "shortages.jsonl": matching.shortages_lines(),
        "strata.jsonl": drawn.strata_lines(),
        "targets.jsonl": drawn.targets_lines(),
        "witness.jsonl": b"".join(sorted(json_lines([one.object()]) for one in testimonies)),
    }
    return with_manifest(made)


def _entries(world: World, notice: Notice, closing: Closing) -> list[Entry]:
    """The log from the freeze on; a closing stands there only where there are contributors."""
    mode = world.seal.mode
    this: Entry = {"draw": world.seal.draw, "mode": mode}
    sealed: Entry = {"commitments": notice.commitments, "changes": notice.changes}
    closed: Entry = {"closing": closing.digest(mode).hex()}
    steps = [
        ("freeze", sealed, FREEZE_TIME),
        *([("close", closed, "2021-02-20T03:00:00Z")] if notice.contributors else []),
        ("seed", {}, "2021-02-21T13:40:00Z"),
        ("draw", {}, "2021-02-21T13:41:00Z"),
        ("match", {}, "2021-02-21T13:42:00Z"),
    ]
    return [
        {"verb": verb, "details": this | more, "operator": "李四", "time": time} for verb, more, time in steps
    ]


def edited(whole: Members, name: str, edit: Callable[[Any], object]) -> Members:
    """The members with one of them changed in place by `edit`: the value of a .json, the list of lines of a .jsonl."""
    lines = name.endswith(".jsonl")
    value: Any = list(parse_lines(whole[name])) if lines else parse_json(whole[name])
    edit(value)
    return replaced(whole, name, json_lines(value) if lines else canonical_json(value))


def replaced(whole: Members, name: str, data: bytes) -> Members:
    """The members with other bytes for one of them, and the manifest made anew unless it is that one."""
    changed = whole | {name: data}
    return changed if name == "manifest.json" else with_manifest(changed)


def with_manifest(some: Mapping[str, bytes]) -> Members:
    """The members with the manifest that belongs to them: who tampers with a bundle writes that anew, too."""
    results = (some[name] for name in ("strata.jsonl", "targets.jsonl", "blocks.jsonl"))
    digest = result_digest(_seal(some), *results).hex()
    return dict(some) | {"manifest.json": archive.manifest(archive.AUDITOR, some, digest)}


def _seal(some: Mapping[str, bytes]) -> Seal:
    """The seal that salt and statement tell of; any other, if they were so tampered with that they tell of none."""
    try:
        salt: Any = parse_json(some["salt.json"])
        statements: Any = parse_json(some["commitment.json"])
        said = statements["targets"]
        seal = Seal(bytes.fromhex(salt["key"]), said["mode"], said["draw"])
        seal.result_salt()
    except (NotCanonical, AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return Seal(bytes(32), REHEARSAL, 1)
    return seal


@dataclass(frozen=True, slots=True)
class Draw:
    """A world's draw with all that public bundles and receipts are made from."""

    frozen: Frozen
    drawn: TargetDraw
    seeds: Seeds
    whole: Members


def draw_of(world: World, session: Session = ALONE) -> Draw:
    """The draw that `members` bundles."""
    whole = members(world, session)
    lists = Lists(world.entities, world.inspectors, world.recusals)
    value = session.value
    frozen = freeze(
        world.plan, world.seal, lists, [session.announced or Announced(value.source, value.issue)]
    )
    given = session.contribute(world.seal.mode, frozen.targets_commitment)
    closing = Closing(frozen.targets_commitment, given)
    seeds = derive_seeds(world.seal.mode, closing, frozen.inspectors_commitment, [value])
    return Draw(frozen, draw_targets(frozen, seeds), seeds, whole)


def public_members(draw: Draw) -> Members:
    """§20 The members of the public bundle."""
    ordered = sorted((one.entity for one in draw.drawn.targets), key=lambda one: one.id)
    names = PublicNames(tuple(PublicName(one.id, one.name) for one in ordered))
    files = {name: draw.whole[name] for name in ("notice.json", "seed.json", "witness.jsonl")}
    return public_bundle.make(draw.frozen, draw.drawn, names, files, "ab" * 32)


def public_manifest(some: Mapping[str, bytes]) -> Members:
    """The members of a public bundle with the manifest that belongs to them."""
    return dict(some) | {"manifest.json": archive.manifest(archive.PUBLIC, some, "ab" * 32)}


def receipts(draw: Draw) -> Receipts:
    """§21 What makes the draw's receipts."""
    files: dict[str, Any] = {
        "notice": parse_json(draw.whole["notice.json"]),
        "seed": parse_json(draw.whole["seed.json"]),
        "witness": list(parse_lines(draw.whole["witness.jsonl"])),
    }
    return Receipts(draw.frozen, draw.drawn, draw.seeds, files)
