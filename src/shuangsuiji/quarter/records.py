"""The rosters as they stand, from frames to the core's records (specification §8): where frames stop."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import (
    Certificate,
    Entity,
    GroupRecusal,
    Incompatible,
    Inspector,
    PairRecusal,
    Recusal,
    order_recusals,
)
from shuangsuiji.core.seed import REAL
from shuangsuiji.errors import InputRefused, Listing, WrongState
from shuangsuiji.quarter.leaves import covers
from shuangsuiji.quarter.rotation import met_lately
from shuangsuiji.quarter.visits import own_visits
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import Mode

_ROSTERS: Final = ("entities", "inspectors", "risk", "conflicts", "visits")
ON_LEAVE: Final = "休假"
"""Why a person is not drawn whose leave covers all days of the plan's visits."""
_PEOPLE: Final = frozenset({"inspectors", "conflicts"})
_IDENTITY: Final = frozenset({"id", "previous_code", "name", "status"})
"""Frame columns that a record has in any case; a plan speaks of them by these names, not by an alias."""


@dataclass(frozen=True, slots=True)
class Rosters:
    """The current snapshots (现行名册) as frames, and the imports they come from; a roster may be absent.

    `lists` are the lists of listed tasks, by task id; `met` are the pairs (inspector, entity) that a rotation keeps
    apart; `own` are the visits of this workspace's own draws (entity, date).
    """

    entities: pd.DataFrame
    inspectors: pd.DataFrame
    risk: pd.DataFrame | None = None
    conflicts: pd.DataFrame | None = None
    visits: pd.DataFrame | None = None
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    met: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str], ...] = ()
    imports: tuple[int, ...] = ()


def list_roster(plan_id: str, task_id: str) -> str:
    """The name under which the list of a task is kept: another plan's task of that id has a list of its own."""
    return f"list:{plan_id}:{task_id}"


def current_rosters(
    reader: Reader, plan: Plan, rotation: int = 0, *, mode: Mode = REAL, people: bool = True
) -> Rosters:
    """The rosters as they stand, for a plan that keeps apart who met in the last `rotation` real draws.

    Visits are those imported and those of own draws of the `mode`.
    Without `people` those of the targets alone: inspectors and recusals are empty. WrongState `quarter.roster_missing`
    without a registry or, with `people`, without inspectors.
    """
    wanted = [roster for roster in _ROSTERS if people or roster not in _PEOPLE]
    imports = {roster: reader.current_import(roster) for roster in wanted}
    for roster in ("entities", "inspectors"):
        if roster in imports and imports[roster] is None:
            raise WrongState("quarter.roster_missing", roster=roster)
    found = {roster: one for roster, one in imports.items() if one is not None}
    frames = {roster: reader.snapshot(one.digest) for roster, one in found.items()}
    if not people:
        frames["inspectors"] = pd.DataFrame()
    listed = {
        task.id: reader.current_import(list_roster(plan.id, task.id)) for task in plan.tasks if task.source
    }
    given = {task: one for task, one in listed.items() if one is not None}
    return Rosters(
        **frames,
        lists={task: reader.snapshot(one.digest) for task, one in given.items()},
        met=tuple(met_lately(reader, plan, rotation)),
        own=own_visits(reader, mode),
        imports=tuple(one.id for one in (*found.values(), *given.values())),
    )


def lists(plan: Plan, rosters: Rosters, headings: HeadingMap) -> Lists:
    """What a freeze seals for a plan. InputRefused as the functions it is made of."""
    return Lists(
        entity_records(plan, rosters, headings),
        inspector_records(rosters.inspectors, (plan.window_from, plan.window_to)),
        recusals(plan, rosters, headings),
    )


def entity_records(plan: Plan, rosters: Rosters, headings: HeadingMap) -> tuple[Entity, ...]:
    """The entity records (检查对象), ascending by id.

    A plan's column, under any spelling that `headings` knows, is taken from the risk list if that has it, else from the
    registry; rows of the risk list and visits are found by the entity's id or, failing that, by its earlier code.
    InputRefused `quarter.column_missing` if neither has a heading that the plan names; `quarter.list_stranger` if a
    list names an entity that the registry has no more.
    """
    entities = rosters.entities
    columns = {alias: _column(heading, alias, rosters, headings) for alias, heading in plan.columns.items()}
    dates = _dates_by_id(rosters)
    named = _lists_by_id(rosters)
    identities = zip(
        *(entities[name].tolist() for name in ("id", "previous_code", "name", "status")), strict=True
    )
    values = zip(*columns.values(), strict=True) if columns else ((),) * len(entities)
    records = [
        Entity(
            id=identifier,
            name=name,
            status=status,
            columns={alias: value for alias, value in zip(columns, row, strict=True) if value},
            visits=tuple(sorted(dates.get(identifier, []) + (dates.get(previous, []) if previous else []))),
            lists=tuple(sorted(named.get(identifier, ()))),
        )
        for (identifier, previous, name, status), row in zip(identities, values, strict=True)
    ]
    return tuple(sorted(records, key=lambda one: one.id))


def inspector_records(people: pd.DataFrame, window: tuple[str, str]) -> tuple[Inspector, ...]:
    """The inspector records (检查人员) of a people frame, ascending by id.

    Who is on leave on all days of the `window` cannot be drawn.
    """
    names = ("id", "name", "unit", "department", "district", "undrawable", "qualifications", "certificates")
    more = (_cells(people, name) for name in ("expert", "most", "leave"))
    records = [
        Inspector(
            id=identifier,
            name=name,
            unit=unit,
            department=department,
            district=district,
            qualifications=tuple(json.loads(qualifications)),
            certificates=tuple(_certificates(json.loads(certificates))),
            undrawable=undrawable or (ON_LEAVE if covers(leave, *window) else None),
            expert=bool(expert),
            most=int(most) if most else None,
        )
        for (
            identifier, name, unit, department, district, undrawable, qualifications, certificates,
            expert, most, leave,
        ) in zip(*(people[column].tolist() for column in names), *more, strict=True)
    ]  # fmt: skip
    return tuple(sorted(records, key=lambda one: one.id))


def _cells(frame: pd.DataFrame, name: str) -> list[str]:
    """The cells of a column that a snapshot of an earlier version may lack."""
    return list(frame[name].tolist()) if name in frame.columns else [""] * len(frame)


def recusals(plan: Plan, rosters: Rosters, headings: HeadingMap) -> tuple[Recusal, ...]:
    """The recusals (回避), those of the rotation too, in canonical order, against the entities' present codes.

    InputRefused `quarter.recusal_column` if one names a registry column that the plan does not declare: it would be
    silently without effect.
    """
    present = present_codes(rosters.entities)
    found: list[Recusal] = [
        PairRecusal(inspector, present.get(entity, entity)) for inspector, entity in rosters.met
    ]
    if rosters.conflicts is None:
        return order_recusals(found)
    aliases = {headings.frame_column("entities", heading): alias for alias, heading in plan.columns.items()}
    names = ("inspector", "entity", "column", "value", "colleague")
    for inspector, entity, column, value, colleague in zip(
        *(_cells(rosters.conflicts, name) for name in names), strict=True
    ):
        if colleague:
            found.append(Incompatible(max(inspector, colleague), min(inspector, colleague)))
            continue
        if entity:
            found.append(PairRecusal(inspector, present.get(entity, entity)))
            continue
        alias = aliases.get(headings.frame_column("entities", column))
        if alias is None:
            raise InputRefused("quarter.recusal_column", column=column, inspector=inspector)
        found.append(GroupRecusal(inspector, alias, value))
    return order_recusals(found)


def present_codes(entities: pd.DataFrame) -> dict[str, str]:
    """The present code of each entity that had another one before."""
    codes = zip(entities["previous_code"].tolist(), entities["id"].tolist(), strict=True)
    return {previous: identifier for previous, identifier in codes if previous}


def _column(heading: str, alias: str, rosters: Rosters, headings: HeadingMap) -> Sequence[str]:
    entities, risk = rosters.entities, rosters.risk
    name = headings.frame_column("risk", heading)
    if risk is not None and name in risk.columns and name not in _IDENTITY:
        by_id = dict(zip(risk["id"].tolist(), risk[name].tolist(), strict=True))
        codes = zip(entities["id"].tolist(), entities["previous_code"].tolist(), strict=True)
        return [by_id.get(identifier) or by_id.get(previous, "") for identifier, previous in codes]
    name = headings.frame_column("entities", heading)
    if name in entities.columns and name not in _IDENTITY:
        return list(entities[name].tolist())
    known = dict.fromkeys([*entities.columns, *(() if risk is None else risk.columns)])
    names = Listing(one for one in known if one not in _IDENTITY)
    raise InputRefused("quarter.column_missing", heading=heading, alias=alias, known=names)


def _dates_by_id(rosters: Rosters) -> dict[str, list[str]]:
    """The days of visits by code: those imported, and own ones that no import has."""
    dates: dict[str, list[str]] = {}
    visits = rosters.visits
    if visits is not None:
        for identifier, date in zip(visits["id"].tolist(), visits["date"].tolist(), strict=True):
            dates.setdefault(identifier, []).append(date)
    for identifier, date in rosters.own:
        if date not in (own := dates.setdefault(identifier, [])):
            own.append(date)
    return dates


def _lists_by_id(rosters: Rosters) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    present = present_codes(rosters.entities)
    known = set(present.values()) | set(rosters.entities["id"].tolist())
    for task, frame in rosters.lists.items():
        for identifier in frame["id"].tolist():
            now = present.get(identifier, identifier)
            if now not in known:
                raise InputRefused("quarter.list_stranger", task=task, entity=identifier)
            named.setdefault(now, []).append(task)
    return named


def _certificates(values: Iterable[Mapping[str, str]]) -> Iterator[Certificate]:
    for one in sorted(values, key=lambda value: value["number"]):
        yield Certificate(one["number"], one.get("from"), one.get("to"), one.get("cancelled"))
