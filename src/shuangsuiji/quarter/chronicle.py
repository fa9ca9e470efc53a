"""What was recorded about a draw after its match (抽取后记录): read, and continued by one record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from shuangsuiji.bundle import members
from shuangsuiji.bundle.records import parse_record
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.decisions import (
    Decision,
    PersonsOutcome,
    PersonsRequest,
    Record,
    TargetOutcome,
    TargetRequest,
)
from shuangsuiji.core.draw import Team, result_digest
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.lawful import Rules
from shuangsuiji.core.records import Entity, Inspector
from shuangsuiji.core.relaxations import relaxed
from shuangsuiji.core.seed import REHEARSAL
from shuangsuiji.core.standing import Grounds, State
from shuangsuiji.core.succession import next_record, succeed
from shuangsuiji.core.teams import Block, Target, team_slots
from shuangsuiji.errors import InputRefused, Listing, WrongState
from shuangsuiji.quarter.dossier import read_applied, read_frozen, read_results, read_seeded
from shuangsuiji.store import instants
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction

VERB: Final = "record"
"""The verb of a record's entry in the log (specification §19)."""

_FOLDER: Final = "records/"
"""Where a draw's files have the records, each under its number."""


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A matched draw: what its records rest on, the records in order, where it stands after them."""

    draw: DrawRow
    grounds: Grounds
    records: tuple[Record, ...]
    state: State


def record_lines(reader: Reader, draw: DrawRow) -> bytes:
    """§19 `records.jsonl` of a draw."""
    return b"".join(reader.file(draw, name) + b"\n" for name in _names(draw))


def record_count(draw: DrawRow) -> int:
    """How many records a draw has."""
    return len(_names(draw))


def read_records(reader: Reader, draw: DrawRow) -> tuple[Record, ...]:
    """The records of a draw, in order, not carried out."""
    return tuple(parse_record(members.read_json(name, reader.file(draw, name))) for name in _names(draw))


def open_requests(records: Sequence[Record]) -> tuple[Record, ...]:
    """The requests that have no outcome yet."""
    answered = {
        one.decision.request for one in records if isinstance(one.decision, PersonsOutcome | TargetOutcome)
    }
    return tuple(
        one
        for one in records
        if isinstance(one.decision, PersonsRequest | TargetRequest) and one.seq not in answered
    )


def teams_drawn(reader: Reader, draw: DrawRow) -> bool:
    """Whether the blocks of a matched draw have teams."""
    lines = members.read_lines("blocks.jsonl", reader.file(draw, "blocks.jsonl"), _any)
    return all("team" in line for line in lines)


def ended(reader: Reader, draw: DrawRow) -> bool:
    """Whether a draw no longer stands in the way of another of its plan: void, given up, or a teamless rehearsal."""
    if draw.void or draw.dropped:
        return True
    matched = "blocks.jsonl" in draw.files
    return draw.mode == REHEARSAL and matched and not teams_drawn(reader, draw)


def recorded_draw(reader: Reader, plan_id: str | None) -> DrawRow:
    """The draw that a record is about: the latest of the plan; without a plan the open one, or the only one there is.

    WrongState `quarter.too_early` before the match, `quarter.void`, `quarter.which_draw`, those of `Reader.open_draw`.
    """
    draws = [one for one in reader.draws() if plan_id in (None, one.plan_id) and not one.dropped]
    open_ones = [one for one in draws if one.state != "published" and not one.void]
    found = (draws[-1:] if plan_id else open_ones or draws) or [reader.open_draw(plan_id)]
    if len(found) > 1:
        raise WrongState("quarter.which_draw", draws=Listing(dict.fromkeys(one.plan_id for one in found)))
    draw = found[0]
    if draw.void:
        raise WrongState("quarter.void", plan=draw.plan_id, number=draw.number)
    if "blocks.jsonl" not in draw.files:
        raise WrongState("quarter.too_early", plan=draw.plan_id, state=draw.state, command="match")
    return draw


def read_chronicle(reader: Reader, draw: DrawRow, frozen: Frozen | None = None) -> Chronicle:
    """A matched draw and its records, each carried out. Raises as `read_frozen`, and InputRefused as `succeed`.

    `frozen` spares reading the lists a second time.
    """
    frozen = frozen or read_frozen(reader, draw)
    seeds = read_seeded(reader, draw, frozen).seeds
    results = read_results(reader, draw)
    plan = relaxed(frozen.plan, read_applied(reader, draw))
    rules = Rules(plan, frozen.pool.inspectors, frozen.pool.recusals)
    teams = read_teams(frozen, *results[1:])
    grounds = Grounds(frozen, seeds, teams, result_digest(frozen.seal, *results), rules)
    records = read_records(reader, draw)
    state = grounds.first()
    for record in records:
        state = succeed(grounds, state, record)
    return Chronicle(draw, grounds, records, state)


def add_record(
    transaction: Transaction, chronicle: Chronicle, decision: Decision, *, reason: str, approver: str
) -> Chronicle:
    """Append a record to a draw's, and say so in the log's entry. Raises InputRefused as `succeed`."""
    grounds, state, draw = chronicle.grounds, chronicle.state, chronicle.draw
    record = next_record(
        grounds,
        state,
        decision,
        reason=reason.strip(),
        approver=approver.strip(),
        operator=transaction.operator,
        time=instants.to_text(transaction.now),
    )
    after = succeed(grounds, state, record)
    row = transaction.put_files(draw, {f"{_FOLDER}{record.seq:06}.json": canonical_json(record.object())})
    transaction.details(
        draw=draw.number,
        mode=draw.mode,
        plan=draw.plan_id,
        record=record.digest(draw.mode).hex(),
        kind=decision.kind,
        number=record.seq,
    )
    return Chronicle(row, grounds, (*chronicle.records, record), after)


def find_inspector(frozen: Frozen, text: str) -> Inspector:
    """The inspector of the pool with this id, or, if only one is called so, this name.

    InputRefused `quarter.no_such_inspector`, `quarter.namesakes`.
    """
    wanted = text.strip()
    by_id = [one for one in frozen.pool.inspectors if one.id == wanted]
    found = by_id or [one for one in frozen.pool.inspectors if one.name == wanted]
    if not found:
        raise InputRefused("quarter.no_such_inspector", person=wanted)
    if len(found) > 1:
        known = Listing(f"{one.id} ({one.unit})" for one in found)
        raise InputRefused("quarter.namesakes", person=wanted, known=known)
    return found[0]


def find_target(state: State, text: str) -> Entity:
    """The present target with this id, or, if only one is called so, this name.

    InputRefused `quarter.no_such_target`.
    """
    wanted = text.strip()
    targets = [one.target.entity for one in state.targets.values()]
    found = [one for one in targets if one.id == wanted] or [one for one in targets if one.name == wanted]
    if len(found) != 1:
        raise InputRefused("quarter.no_such_target", target=wanted)
    return found[0]


def _names(draw: DrawRow) -> list[str]:
    return sorted(name for name in draw.files if name.startswith(_FOLDER))


def read_teams(frozen: Frozen, targets: bytes, blocks: bytes) -> tuple[Team, ...]:
    """The blocks and their teams, none where none was found, from `targets.jsonl` and `blocks.jsonl`."""
    entities = {one.id: one for one in frozen.registry.entities}
    inspectors = {one.id: one for one in frozen.pool.inspectors}
    drawn: dict[str, Target] = {}
    for line in members.read_lines("targets.jsonl", targets, _any):
        drawn[line["id"]] = Target(entities[line["id"]], tuple(line["tasks"]), line.get("wave", 0))
    return tuple(
        Team(
            Block(
                number=line["block"],
                district=line["district"],
                tasks=tuple(line["tasks"]),
                targets=tuple(drawn[one] for one in line["targets"]),
                slots=team_slots(frozen.plan, line["tasks"]),
                wave=line.get("wave", 0),
            ),
            tuple(inspectors[one["inspector"]] for one in line.get("team", ())),
        )
        for line in members.read_lines("blocks.jsonl", blocks, _any)
    )


def _any(value: Any) -> Any:
    return value
