"""What the lists have become since the preceding freeze (名册变动), with reasons, before they are frozen and after."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from shuangsuiji.bundle import changes as kinds
from shuangsuiji.bundle import members
from shuangsuiji.bundle.changes import EVERY, Change, read_changes
from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.eligibility import standing as person_standing
from shuangsuiji.core.encoding import canonical_json
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Entity, Inspector, Recusal
from shuangsuiji.core.strata import standing
from shuangsuiji.quarter.dossier import LATE, OWN, PLAN, TARGETS_COMMITMENT, Sealing
from shuangsuiji.quarter.frozen_lines import line_ids
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, Mode

ENTITIES: Final = "entities.jsonl"
MOST_NEW: Final = 1000
"""With more new entities than this one line gives their number: where a region is merged in, lines say nothing."""

T = TypeVar("T", Entity, Inspector)


@dataclass(frozen=True, slots=True)
class Staff:
    """Inspectors and recusals that were sealed last, together with the targets or late, and the plan of that draw."""

    plan: Plan
    inspectors: Sequence[Inspector]
    recusals: Sequence[Recusal]


@dataclass(frozen=True, slots=True)
class Before:
    """The preceding freeze: its plan and entities, and the ids of all entities that any freeze before had.

    `columns` are those, by heading and id, that the plan at hand asks for and the preceding one did not: as the latest
    freeze had them whose plan did. `staff` is None if no inspectors were sealed yet.
    """

    plan: Plan
    entities: Sequence[Entity]
    known: frozenset[str]
    columns: Mapping[str, Mapping[str, str | None]]
    staff: Staff | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one entity or inspector changed, or all of a kind (`id` is `*`), and who approved it."""

    kind: str
    id: str
    reason: str
    approver: str


def by_line(entities: Iterable[Entity]) -> dict[bytes, Entity]:
    """The entities by their canonical JSON, in their order."""
    return {canonical_json(one.object()): one for one in entities}


def preceding(reader: Reader, mode: Mode, plan: Plan, lines: Mapping[bytes, Entity]) -> Before | None:
    """The latest freeze of the mode, as the log has them, for lists sealed under `plan`; None if there is none.

    `lines` are the entities to be sealed by their canonical JSON: most are as they were, and not parsed again.
    """
    frozen = [draw for verb, draw in _sealed(reader, mode) if verb == OWN.freeze_verb]
    if not frozen:
        return None
    *earlier, last = frozen
    former = members.read_plan(reader.file(last, PLAN))
    return Before(
        plan=former,
        entities=_entities(reader.file(last, ENTITIES), former, lines),
        known=frozenset(one for draw in earlier for one in line_ids(reader.file(draw, ENTITIES))),
        columns=_columns_asked_before(
            reader, earlier, set(plan.columns.values()) - set(former.columns.values())
        ),
        staff=last_staff(reader, mode),
    )


def _entities(data: bytes, plan: Plan, known: Mapping[bytes, Entity]) -> tuple[Entity, ...]:
    """The entities of a frozen registry, ascending by id."""
    lines = data.splitlines(keepends=True)
    same = [known[line[:-1]] for line in lines if line[:-1] in known]
    other = b"".join(line for line in lines if line[:-1] not in known)
    return tuple(sorted((*same, *members.read_entities(other, plan)), key=lambda one: one.id))


def last_staff(reader: Reader, mode: Mode) -> Staff | None:
    """The inspectors that were sealed last in the mode; None if none were."""
    staffed = [
        draw
        for verb, draw in _sealed(reader, mode)
        if verb == LATE.freeze_verb or TARGETS_COMMITMENT not in draw.files
    ]
    if not staffed:
        return None
    plan = members.read_plan(reader.file(staffed[-1], PLAN))
    return Staff(
        plan,
        members.read_inspectors(reader.file(staffed[-1], "inspectors.jsonl")),
        members.read_recusals(reader.file(staffed[-1], "recusals.jsonl"), plan),
    )


def compare(before: Before | None, plan: Plan, held: Lists, codes: Mapping[str, str]) -> tuple[Change, ...]:
    """The changes from one freeze to the lists at hand; none if there was no freeze.

    `codes` are the present codes of entities that had another one before. What is neither looked at nor a change: who
    visited whom, and columns that no earlier plan had.
    """
    staff = before.staff if before else None
    return (
        *compare_entities(before, plan, held.entities, codes),
        *compare_people(staff, plan, held, codes),
    )


def compare_entities(
    before: Before | None, plan: Plan, entities: Sequence[Entity], codes: Mapping[str, str]
) -> tuple[Change, ...]:
    """As `compare`, of entities alone."""
    if before is None:
        return ()
    former = {codes.get(one.id, one.id): one for one in before.entities}
    known = {codes.get(one, one) for one in before.known}
    found = [*_entity_changes(before, former, known, plan, entities)]
    return _ordered([*found, *_changes_of_columns(before, plan, entities, codes)])


def compare_people(
    staff: Staff | None, plan: Plan, held: Lists, codes: Mapping[str, str]
) -> tuple[Change, ...]:
    """As `compare`, of inspectors and recusals alone, since any were sealed last."""
    if staff is None:
        return ()
    return _ordered([*_people_changes(staff, plan, held.inspectors), *_recusal_changes(staff, held, codes)])


def _ordered(found: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(
        sorted(found, key=lambda one: (one.kind, one.id, one.column or "", one.was or "", one.now or ""))
    )


def explain(
    changes: Sequence[Change], reasons: Iterable[Reason]
) -> tuple[tuple[Change, ...], tuple[Reason, ...]]:
    """The changes with the reasons given for them, one by one before all of a kind; the reasons that fit none."""
    given = {(one.kind, one.id): one for one in reasons}
    used: set[tuple[str, str]] = set()

    def explained(change: Change) -> Change:
        for key in ((change.kind, change.id), (change.kind, EVERY)):
            if key in given:
                used.add(key)
                return replace(change, reason=given[key].reason, approver=given[key].approver)
        return change

    done = tuple(map(explained, changes))
    return done, tuple(one for key, one in given.items() if key not in used)


def told_changes(reader: Reader, draw: DrawRow, seal: Sealing) -> tuple[Change, ...] | None:
    """The changes that were sealed with a draw's lists; None if lists of the same kind were never sealed before."""
    found = read_changes(reader.file(draw, seal.changes))
    verbs = [(verb, one.number) for verb, one in _sealed(reader, draw.mode)]
    earlier = verbs[: verbs.index((seal.freeze_verb, draw.number))]
    if seal is LATE:
        # A draw sealed before has no inspectors in its own freeze if they were sealed late.
        late = {number for verb, number in verbs if verb == LATE.freeze_verb}
        earlier = [
            (verb, number) for verb, number in earlier if verb == LATE.freeze_verb or number not in late
        ]
    return found if found or earlier else None


def _sealed(reader: Reader, mode: Mode) -> list[tuple[str, DrawRow]]:
    """The freezes of the mode, of targets and of inspectors sealed late, in the order of the log, by their verbs."""
    return [
        (entry.verb, reader.draw(mode, int(str(entry.details["draw"]))))
        for entry in reader.log()
        if entry.verb in (OWN.freeze_verb, LATE.freeze_verb) and entry.details.get("mode") == mode
    ]


def _columns_asked_before(
    reader: Reader, earlier: Sequence[DrawRow], headings: set[str]
) -> dict[str, Mapping[str, str | None]]:
    """By heading: the values, by id, of the latest freeze whose plan asked for the column.

    Only the plans are read of freezes that have none of the columns.
    """
    found: dict[str, Mapping[str, str | None]] = {}
    for draw in reversed(earlier):
        plan = members.read_plan(reader.file(draw, PLAN))
        own = {
            heading: alias for alias, heading in plan.columns.items() if heading in headings - found.keys()
        }
        if own:
            lines = [json.loads(line) for line in reader.file(draw, ENTITIES).splitlines()]
            for heading, alias in own.items():
                found[heading] = {one["id"]: one["columns"].get(alias) for one in lines}
    return found


def _entity_changes(
    before: Before, former: Mapping[str, Entity], known: set[str], plan: Plan, entities: Sequence[Entity]
) -> Iterator[Change]:
    present = {one.id: one for one in entities}
    for identifier, one in former.items():
        if identifier not in present:
            yield Change(kinds.GONE, identifier, was=one.status)
    new = [identifier for identifier in present if identifier not in former and identifier not in known]
    if len(new) > MOST_NEW:
        yield Change(kinds.NEW, EVERY, now=str(len(new)))
    else:
        yield from (Change(kinds.NEW, identifier) for identifier in new)
    aliases = _same_columns(before.plan, plan)
    for identifier, one in present.items():
        if identifier in former:
            yield from _value_changes(former[identifier], one, aliases)
            yield from _exclusion(before.plan, former[identifier], plan, one)
        elif identifier in known:
            yield Change(kinds.RETURNED, identifier, now=one.status)


def _changes_of_columns(
    before: Before, plan: Plan, entities: Sequence[Entity], codes: Mapping[str, str]
) -> Iterator[Change]:
    """What became of columns since the last freeze that asked for them, where that is not the preceding one."""
    for alias, heading in plan.columns.items():
        if heading in before.columns:
            former = {codes.get(one, one): value for one, value in before.columns[heading].items()}
            for entity in entities:
                was, value = former.get(entity.id), entity.columns.get(alias)
                if entity.id in former and was != value:
                    yield Change(kinds.COLUMN, entity.id, column=alias, was=was, now=value)


def _same_columns(before: Plan, now: Plan) -> dict[str, str]:
    """The aliases of columns that both plans have, by their heading: now to before."""
    former = {heading: alias for alias, heading in before.columns.items()}
    return {alias: former[heading] for alias, heading in now.columns.items() if heading in former}


def _value_changes(former: Entity, now: Entity, aliases: Mapping[str, str]) -> Iterator[Change]:
    if former.status != now.status:
        yield Change(kinds.STATUS, now.id, was=former.status, now=now.status)
    if former.name != now.name:
        yield Change(kinds.RENAMED, now.id, was=former.name, now=now.name)
    for alias, earlier in aliases.items():
        was, value = former.columns.get(earlier), now.columns.get(alias)
        if was != value:
            yield Change(kinds.COLUMN, now.id, column=alias, was=was, now=value)


def _exclusion(before: Plan, former: Entity, plan: Plan, now: Entity) -> Iterator[Change]:
    was = standing(former, before, former.fields())
    reason = standing(now, plan, now.fields())
    if reason and reason != was:
        yield Change(kinds.EXCLUDED, now.id, was=was or None, now=reason)
    elif was and not reason:
        yield Change(kinds.INCLUDED, now.id, was=was)


def _people_changes(before: Staff, plan: Plan, inspectors: Sequence[Inspector]) -> Iterator[Change]:
    former, present = _by_id(before.inspectors), _by_id(inspectors)
    for identifier in former.keys() - present.keys():
        yield Change(kinds.INSPECTOR_GONE, identifier, was=former[identifier].name)
    for identifier, one in present.items():
        if identifier not in former:
            yield Change(kinds.INSPECTOR_NEW, identifier, now=one.name)
            continue
        yield from _field_changes(former[identifier], one)
        was, now = _left_out(before.plan, former[identifier]), _left_out(plan, one)
        if now and now != was:
            yield Change(kinds.INSPECTOR_LEFT_OUT, identifier, was=was or None, now=now)


def _field_changes(former: Inspector, now: Inspector) -> Iterator[Change]:
    """What decides from which pools somebody is drawn, and how often."""
    fields = _told_fields(now)
    for column, was in _told_fields(former).items():
        if was != fields[column]:
            yield Change(
                kinds.INSPECTOR_CHANGED, now.id, column=column, was=was or None, now=fields[column] or None
            )


def _told_fields(one: Inspector) -> dict[str, str]:
    return {
        "unit": one.unit,
        "department": one.department,
        "district": one.district,
        "qualifications": "、".join(one.qualifications),
        "most": "" if one.most is None else str(one.most),
    }


def _left_out(plan: Plan, inspector: Inspector) -> str:
    """Why somebody is left out: in the officer's words (领导岗位), else the code of §13."""
    return inspector.undrawable or person_standing(inspector, plan.window_from, plan.window_to)


def _recusal_changes(before: Staff, held: Lists, codes: Mapping[str, str]) -> Iterator[Change]:
    former = {_recusal_text(one.object(), codes): one.inspector for one in before.recusals}
    present = {_recusal_text(one.object(), codes): one.inspector for one in held.recusals}
    for text in former.keys() - present.keys():
        yield Change(kinds.RECUSAL, former[text], was=text)
    for text in present.keys() - former.keys():
        yield Change(kinds.RECUSAL, present[text], now=text)


def _recusal_text(value: Mapping[str, object], codes: Mapping[str, str]) -> str:
    present: dict[str, object] = dict(value)
    if "entity" in present:
        present["entity"] = codes.get(str(present["entity"]), str(present["entity"]))
    return canonical_json({key: str(one) for key, one in present.items()}).decode()


def _by_id(records: Iterable[T]) -> dict[str, T]:
    return {one.id: one for one in records}
