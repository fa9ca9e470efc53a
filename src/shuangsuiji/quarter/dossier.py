"""A draw's files (案卷) as the core's values: what every verb after the adoption begins with."""

from dataclasses import dataclass
from typing import Any, Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.closing import parse_closing
from shuangsuiji.bundle.notice import Notice, parse_notice
from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import plan_object
from shuangsuiji.core.records import Seal
from shuangsuiji.core.seed import PublicValue, Seeds, derive_seeds
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
COMMIT_NOTICE: Final = "public/commitment.html"
CLOSING: Final = "closing.json"
"""The draw's file with the closing statement, where it has contributors; in the bundle it is a part of `seed.json`."""
CLOSING_NOTICE: Final = "public/closing.html"


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


def adopted_file(reader: Reader, draw: DrawRow) -> PlanFile:
    """The plan file of the draw, as it was adopted."""
    row = reader.plan(draw.plan_id, draw.plan_version)
    return parse_plan_file(reader.plan_source(row), f"{row.plan_id}.toml")


def read_frozen(reader: Reader, draw: DrawRow) -> Frozen:
    """The frozen draw, recomputed from its files and salt key and compared with its commitment.

    WrongState `quarter.not_as_committed` if the two differ: the draw does not go on from altered files.
    """
    plan = read_plan(reader, draw)
    lists = Lists(
        members.read_entities(reader.file(draw, "entities.jsonl"), plan),
        members.read_inspectors(reader.file(draw, "inspectors.jsonl")),
        members.read_recusals(reader.file(draw, "recusals.jsonl"), plan),
    )
    committed = reader.file(draw, "commitment.json")
    targets = members.read_statement(committed, "targets")
    seal = Seal(reader.key(draw), draw.mode, draw.number)
    predecessor = members.read_predecessor(targets)
    frozen = freeze(plan, seal, lists, members.read_announced(targets), predecessor)
    if canonical_json(frozen.object()) != committed:
        raise WrongState("quarter.not_as_committed", plan=draw.plan_id)
    return frozen


def read_notice(reader: Reader, draw: DrawRow) -> Notice:
    """The commit notice of a frozen draw."""
    return parse_notice(members.read_json("notice.json", reader.file(draw, "notice.json")))


def read_declarers(reader: Reader, draw: DrawRow) -> tuple[tuple[str, int], ...]:
    """Who declared how many of the frozen recusals, the most first; an empty name is one not given."""
    if DECLARERS not in draw.files:
        return ()
    value: Any = members.read_json(DECLARERS, reader.file(draw, DECLARERS))
    return tuple((one["declarer"], one["count"]) for one in value)


def read_closing(reader: Reader, draw: DrawRow, notice: Notice) -> Closing | None:
    """The closing statement; None as long as contributors may still add to it."""
    targets = bytes.fromhex(notice.targets)
    if not notice.contributors:
        return Closing(targets)
    if CLOSING not in draw.files:
        return None
    value = members.read_json(CLOSING, reader.file(draw, CLOSING))
    return parse_closing(value, draw.mode, targets, notice.contributors)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A seeded draw's closing, public values and seeds."""

    closing: Closing
    values: tuple[PublicValue, ...]
    seeds: Seeds


def read_seeded(reader: Reader, draw: DrawRow, frozen: Frozen) -> Seeded:
    """What `seed.json` says, and the seeds that follow from it."""
    value, values = members.read_seed(reader.file(draw, "seed.json"))
    contributors = read_notice(reader, draw).contributors
    closing = parse_closing(value, draw.mode, frozen.targets_commitment, contributors)
    seeds = derive_seeds(draw.mode, closing, frozen.inspectors_commitment, values)
    return Seeded(closing, values, seeds)


def read_results(reader: Reader, draw: DrawRow) -> tuple[bytes, bytes, bytes]:
    """The result files of a matched draw: strata, targets, blocks."""
    return (
        reader.file(draw, "strata.jsonl"),
        reader.file(draw, "targets.jsonl"),
        reader.file(draw, "blocks.jsonl"),
    )
