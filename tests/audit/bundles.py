"""Auditor's bundles made from worlds through the core, whole or with one thing changed in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shuangsuiji.bundle import archive
from shuangsuiji.bundle.notice import notice_of
from shuangsuiji.core.commitment import Lists, freeze
from shuangsuiji.core.draw import draw_inspectors, draw_targets, result_digest, teams_lines
from shuangsuiji.core.encoding import canonical_json, json_lines, parse_json, parse_lines
from shuangsuiji.core.hashing import tagged_hash
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.seed import REHEARSAL, PublicValue, closing_object, derive_seeds
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


def members(world: World, value: PublicValue = BY_HAND, before: Sequence[Entry] = (BEFORE,)) -> Members:
    """§16 The members of the bundle of a world's draw, seeded by one public value; the log up to its freeze."""
    lists = Lists(world.entities, world.inspectors, world.recusals)
    frozen = freeze(world.plan, world.seal, lists, [value.drawing])
    committed = (frozen.targets_commitment, frozen.inspectors_commitment)
    seeds = derive_seeds(world.seal.mode, *committed, [value])
    drawn = draw_targets(frozen, seeds)
    results = {
        "strata.jsonl": drawn.strata_lines(),
        "targets.jsonl": drawn.targets_lines(),
        "blocks.jsonl": teams_lines(draw_inspectors(frozen, drawn.targets, seeds)),
    }
    start = chained(before)
    head = tagged_hash("log", canonical_json(start[-1])).hex()
    notice = notice_of(frozen, head, "2021-03-31", FREEZE_TIME)
    this: Entry = {"draw": world.seal.draw, "mode": world.seal.mode}
    sealed: Entry = {"commitments": {"inspectors": notice.inspectors, "targets": notice.targets}}
    later = [
        {"verb": verb, "details": this | more, "operator": "李四", "time": time}
        for verb, more, time in (
            ("freeze", sealed, FREEZE_TIME),
            ("seed", {}, "2021-02-21T13:40:00Z"),
            ("draw", {}, "2021-02-21T13:41:00Z"),
            ("match", {}, "2021-02-21T13:42:00Z"),
        )
    ]
    made = results | {
        "commitment.json": canonical_json(frozen.object()),
        "entities.jsonl": json_lines(one.object() for one in world.entities),
        "inspectors.jsonl": json_lines(one.object() for one in world.inspectors),
        "log.jsonl": json_lines(chained([*before, *later])),
        "notice.json": canonical_json(notice.object()),
        "plan.json": canonical_json(plan_object(world.plan)),
        "recusals.jsonl": json_lines(one.object() for one in world.recusals),
        "salt.json": canonical_json({"key": world.seal.key.hex()}),
        "seed.json": canonical_json({"closing": closing_object(committed[0]), "values": [value.object()]}),
    }
    return with_manifest(made, world.seal.mode)


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


def with_manifest(some: Mapping[str, bytes], mode: str = REHEARSAL) -> Members:
    """The members with the manifest that belongs to them: who tampers with a bundle writes that anew, too."""
    results = (some[name] for name in ("strata.jsonl", "targets.jsonl", "blocks.jsonl"))
    return dict(some) | {"manifest.json": archive.manifest(some, result_digest(mode, *results).hex())}
