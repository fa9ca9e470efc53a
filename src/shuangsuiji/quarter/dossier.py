"""A draw's files (案卷) as the core's values: what every verb after the adoption begins with."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.closing import parse_closing
from shuangsuiji.bundle.late import LATE as LATE_MEMBER
from shuangsuiji.bundle.late import split_late
from shuangsuiji.bundle.notice import Notice, parse_notice
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, FrozenTargets, commit_inspectors, freeze_targets, seal_pool
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.records import Seal
from shuangsuiji.core.seed import Announced, LateSeed, PublicValue, Seeds, derive_seeds, target_seeds
from shuangsuiji.errors import WrongState
from shuangsuiji.plan.reader import PlanFile, parse_plan_file
from shuangsuiji.plan.texts import Texts, parse_texts, texts_object
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import STATES, DrawRow, State

PLAN: Final = "plan.json"
TEXTS: Final = "texts.json"
"""The draw's file with the plan's texts, which is not part of the bundle."""
DECLARERS: Final = "declarers.json"
"""The draw's file with who declared how many recusals, which is not part of the bundle."""
COMMITMENT: Final = "commitment.json"
TARGETS_COMMITMENT: Final = "commitment-targets.json"
"""The draw's file with the targets statement alone, where the inspectors are sealed late."""
SHORTAGES: Final = "shortages.jsonl"
COMMIT_NOTICE: Final = "public/commitment.html"
CLOSING: Final = "closing.json"
"""The draw's file with the closing statement, where it has contributors; in the bundle it is a part of `seed.json`."""
CLOSING_NOTICE: Final = "public/closing.html"


@dataclass(frozen=True, slots=True)
class Sealing:
    """封存: a notice with its changes and what follows it, by the names of the draw's files and the verbs in the log.

    `occasion` is that of its typings; `overtaken` is there if drawings had been held when the commitment was
    published, or contributions were closed, `not_held` where a fallback gave a value: why the drawing before it was not
    held. A draw has its own; inspectors sealed late (人员补封) have another.
    """

    occasion: str
    changes: str
    notice: str
    closing: str
    overtaken: str
    not_held: str
    published_notice: str
    published_closing: str
    freeze_verb: str
    close_verb: str
    seed_verb: str


OWN: Final = Sealing(
    "",
    "changes.jsonl",
    "notice.json",
    CLOSING,
    "overtaken.json",
    "not-held.txt",
    COMMIT_NOTICE,
    CLOSING_NOTICE,
    "freeze",
    "close",
    "seed",
)
LATE: Final = Sealing(
    "late",
    "late-changes.jsonl",
    "late-notice.json",
    "late-closing.json",
    "late-overtaken.json",
    "late-not-held.txt",
    "public/late-commitment.html",
    "public/late-closing.html",
    "late-freeze",
    "late-close",
    "late-seed",
)


def sealing_of(reader: Reader, plan_id: str | None) -> tuple[DrawRow, Sealing]:
    """The open draw whose contributions and public values are due, and of which notice.

    That is the late one from its seal to its seed, and the draw's own before. WrongState as `draw_in_state`.
    """
    draw = reader.open_draw(plan_id)
    if LATE.notice in draw.files and LATE_MEMBER not in draw.files:
        return draw, LATE
    return draw_in_state(reader, plan_id, "frozen", "freeze"), OWN


def sealing_by(notice: Notice) -> Sealing:
    """Which of the two a notice is of."""
    return LATE if notice.covers == "inspectors" else OWN


def overtaken(draw: DrawRow) -> bool:
    """Whether a drawing came before the commit notice or the closing (开奖在先): such a draw can only be void."""
    return not {OWN.overtaken, LATE.overtaken}.isdisjoint(draw.files)


def awaits_inspectors(draw: DrawRow) -> bool:
    """Whether only the targets of a draw are sealed so far."""
    return TARGETS_COMMITMENT in draw.files and COMMITMENT not in draw.files


def draw_in_state(reader: Reader, plan_id: str | None, wanted: State, command: str) -> DrawRow:
    """The open draw that a verb is about, which must be in the state the verb begins from.

    WrongState: those of `Reader.open_draw`; `quarter.too_early` and `quarter.too_late` by its state; `command` is the
    command that leads to the state wanted.
    """
    draw = reader.open_draw(plan_id)
    if draw.state == wanted:
        return draw
    early = STATES.index(draw.state) < STATES.index(wanted)
    if early:
        raise WrongState("quarter.too_early", plan=draw.plan_id, state=draw.state, command=command)
    raise WrongState("quarter.too_late", plan=draw.plan_id, state=draw.state)


def read_plan(reader: Reader, draw: DrawRow) -> Plan:
    """The committed part of the draw's plan: as it was frozen, before the freeze as it was adopted."""
    if PLAN in draw.files:
        return members.read_plan(reader.file(draw, PLAN))
    return adopted_file(reader, draw).plan


def read_texts(reader: Reader, draw: DrawRow) -> Texts:
    """The plan's texts, which are outside the commitment; as `read_plan`."""
    if TEXTS in draw.files:
        return parse_texts(members.read_json(TEXTS, reader.file(draw, TEXTS)))
    return adopted_file(reader, draw).texts


def plan_files(plan: Plan, texts: Texts) -> dict[str, bytes]:
    """The plan as files of the draw that is frozen with it."""
    return {PLAN: canonical_json(plan_object(plan)), TEXTS: canonical_json(texts_object(texts))}


def plan_notice_name(draw: DrawRow) -> str:
    """The file with the plan's notice: each version adopted before the freeze has one."""
    return f"public/plan-{draw.plan_version}.html"


def plan_published(draw: DrawRow) -> bool:
    """Whether the notice of any version of its plan was published."""
    return any(name.startswith("public/plan-") for name in draw.files)


def adopted_file(reader: Reader, draw: DrawRow) -> PlanFile:
    """The plan file of the draw, as it was adopted."""
    row = reader.plan(draw.plan_id, draw.plan_version)
    return parse_plan_file(reader.plan_source(row), f"{row.plan_id}.toml")


def read_targets(reader: Reader, draw: DrawRow) -> FrozenTargets:
    """The frozen targets, recomputed as `read_frozen` does; the inspectors may still wait to be sealed."""
    if COMMITMENT in draw.files:
        return read_frozen(reader, draw)
    own = _recompute(reader, draw, TARGETS_COMMITMENT)
    if canonical_json({"targets": own.targets}) != reader.file(draw, TARGETS_COMMITMENT):
        raise WrongState("quarter.not_as_committed", plan=draw.plan_id)
    return own


_MOST_KEPT: Final = 4
_kept: ContextVar[dict[tuple[object, ...], Frozen] | None] = ContextVar("kept", default=None)


@contextmanager
def keeping_frozen() -> Iterator[None]:
    """Within the block a frozen draw is recomputed once for the same files: for a process of many commands.

    What is on disk is read, and held against its digests, each time. The last few draws are kept, a year's batches.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def read_frozen(reader: Reader, draw: DrawRow) -> Frozen:
    """The frozen draw, recomputed from its files and salt key and compared with its commitment.

    WrongState `quarter.not_as_committed` if the two differ: the draw does not go on from altered files;
    `quarter.inspectors_unsealed` as long as only the targets are sealed.
    """
    kept = _kept.get()
    if kept is None or COMMITMENT not in draw.files:
        return _read_frozen(reader, draw)
    key = _digests(reader, draw)
    if key not in kept:
        keep_frozen(reader, draw, _read_frozen(reader, draw))
    return kept[key]


def keep_frozen(reader: Reader, draw: DrawRow, frozen: Frozen) -> None:
    """Within `keeping_frozen`: what the draw's files, as they are now, were made from, or recompute to."""
    kept = _kept.get()
    if kept is not None:
        while len(kept) >= _MOST_KEPT:
            del kept[next(iter(kept))]
        kept[_digests(reader, draw)] = frozen


def _digests(reader: Reader, draw: DrawRow) -> tuple[object, ...]:
    """What a frozen draw is recomputed from."""
    names = (PLAN, COMMITMENT, "entities.jsonl", "inspectors.jsonl", "recusals.jsonl", LATE.notice)
    digests = [sha256(reader.file(draw, name)).digest() for name in names if name in draw.files]
    return (reader.layout.root, draw.mode, draw.number, reader.key(draw), *digests)


def _read_frozen(reader: Reader, draw: DrawRow) -> Frozen:
    if COMMITMENT not in draw.files and TARGETS_COMMITMENT in draw.files:
        raise WrongState("quarter.inspectors_unsealed", plan=draw.plan_id)
    own = _recompute(reader, draw, COMMITMENT)
    committed = reader.file(draw, COMMITMENT)
    inspectors = members.read_inspectors(reader.file(draw, "inspectors.jsonl"))
    recusals = members.read_recusals(reader.file(draw, "recusals.jsonl"), own.plan)
    late: tuple[Announced, ...] = ()
    if LATE.notice in draw.files:
        late = members.read_announced(members.read_statement(committed, "inspectors"))
    frozen = commit_inspectors(own, seal_pool(own.seal, inspectors, recusals), late)
    if canonical_json(frozen.object()) != committed:
        raise WrongState("quarter.not_as_committed", plan=draw.plan_id)
    return frozen


def _recompute(reader: Reader, draw: DrawRow, name: str) -> FrozenTargets:
    plan = read_plan(reader, draw)
    targets = members.read_statement(reader.file(draw, name), "targets")
    seal = Seal(reader.key(draw), draw.mode, draw.number)
    lines = reader.file(draw, "entities.jsonl")
    # Lines that are not canonical would not have the leaves that were committed to.
    entities = members.read_entities(lines, plan, checked=True)
    announced, before = members.read_announced(targets), members.read_predecessor(targets)
    return freeze_targets(plan, seal, entities, announced, before, lines.splitlines())


def read_notice(reader: Reader, draw: DrawRow, seal: Sealing = OWN) -> Notice:
    """The commit notice of a frozen draw, or the late one."""
    return parse_notice(members.read_json(seal.notice, reader.file(draw, seal.notice)))


def read_declarers(reader: Reader, draw: DrawRow) -> tuple[tuple[str, int], ...]:
    """Who declared how many of the frozen recusals, the most first; an empty name is one not given."""
    if DECLARERS not in draw.files:
        return ()
    value: Any = members.read_json(DECLARERS, reader.file(draw, DECLARERS))
    return tuple((one["declarer"], one["count"]) for one in value)


def read_closing(reader: Reader, draw: DrawRow, notice: Notice, seal: Sealing = OWN) -> Closing | None:
    """The closing statement of a notice; None as long as contributors may still add to it."""
    if not notice.contributors:
        return Closing(notice.commitment)
    if seal.closing not in draw.files:
        return None
    value = members.read_json(seal.closing, reader.file(draw, seal.closing))
    return parse_closing(value, draw.mode, notice.commitment, notice.contributors)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A seeded draw's closing, public values and seeds; `late` seeded inspectors that were sealed late."""

    closing: Closing
    values: tuple[PublicValue, ...]
    seeds: Seeds
    late: LateSeed | None = None


def read_seeded(reader: Reader, draw: DrawRow, frozen: FrozenTargets) -> Seeded:
    """What `seed.json` and `late.json` say, and the seeds that follow: the targets' alone where there are no others."""
    closing, values = _closed(reader, draw, frozen.targets_commitment)
    late = _late_seed(reader, draw)
    if not isinstance(frozen, Frozen) or (frozen.late and late is None):
        return Seeded(closing, values, target_seeds(draw.mode, closing, values))
    seeds = derive_seeds(draw.mode, closing, frozen.inspectors_commitment, values, late)
    return Seeded(closing, values, seeds, late)


def read_target_seeds(reader: Reader, draw: DrawRow, commitment: bytes) -> Seeds:
    """The seed of the targets with this C(targets) (32 bytes), whether or not there are others."""
    return target_seeds(draw.mode, *_closed(reader, draw, commitment))


def _closed(reader: Reader, draw: DrawRow, commitment: bytes) -> tuple[Closing, tuple[PublicValue, ...]]:
    value, values = members.read_seed(reader.file(draw, "seed.json"))
    contributors = read_notice(reader, draw).contributors
    return parse_closing(value, draw.mode, commitment, contributors), values


def _late_seed(reader: Reader, draw: DrawRow) -> LateSeed | None:
    if LATE_MEMBER not in draw.files:
        return None
    late = split_late(members.read_json(LATE_MEMBER, reader.file(draw, LATE_MEMBER)))
    value, values = members.parse_seed(LATE_MEMBER, late.seed)
    notice = read_notice(reader, draw, LATE)
    return LateSeed(parse_closing(value, draw.mode, notice.commitment, notice.contributors), values)


def read_applied(reader: Reader, draw: DrawRow) -> int:
    """How many attempts at a matched draw's teams were short (§15.6): so many relaxations, if any are, are in force."""
    return len(reader.file(draw, SHORTAGES).splitlines()) if SHORTAGES in draw.files else 0


def read_results(reader: Reader, draw: DrawRow) -> tuple[bytes, bytes, bytes]:
    """The result files of a matched draw: strata, targets, blocks."""
    return (
        reader.file(draw, "strata.jsonl"),
        reader.file(draw, "targets.jsonl"),
        reader.file(draw, "blocks.jsonl"),
    )
