"""The rosters as they stand, from frames to the core's records (specification §8): where frames stop."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from shuangsuiji.core.commitment import Lists
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import (
    Certificate,
    Entity,
    GroupRecusal,
    Inspector,
    PairRecusal,
    Recusal,
    order_recusals,
)
from shuangsuiji.errors import InputRefused, WrongState
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.store.queries import Reader

_ROSTERS: Final = ("entities", "inspectors", "risk", "conflicts", "visits")
_IDENTITY: Final = frozenset({"id", "previous_code", "name", "status"})
"""Frame columns that a record has in any case; a plan speaks of them by these names, not by an alias."""


@dataclass(frozen=True, slots=True)
class Rosters:
    """The current snapshots (现行名册) as frames, and the imports they come from; a roster may be absent."""

    entities: pd.DataFrame
    inspectors: pd.DataFrame
    risk: pd.DataFrame | None = None
    conflicts: pd.DataFrame | None = None
    visits: pd.DataFrame | None = None
    imports: tuple[int, ...] = ()


def current_rosters(reader: Reader) -> Rosters:
    """The rosters as they stand. WrongState `quarter.roster_missing` without a registry or inspectors."""
    imports = {roster: reader.current_import(roster) for roster in _ROSTERS}
    for roster in ("entities", "inspectors"):
        if imports[roster] is None:
            raise WrongState("quarter.roster_missing", roster=roster)
    found = {roster: one for roster, one in imports.items() if one is not None}
    frames = {roster: reader.snapshot(one.digest) for roster, one in found.items()}
    return Rosters(**frames, imports=tuple(one.id for one in found.values()))


def lists(plan: Plan, rosters: Rosters, headings: HeadingMap) -> Lists:
    """What a freeze seals for a plan. InputRefused as the functions it is made of."""
    return Lists(
        entity_records(plan, rosters, headings),
        inspector_records(rosters.inspectors),
        recusals(plan, rosters, headings),
    )


def entity_records(plan: Plan, rosters: Rosters, headings: HeadingMap) -> tuple[Entity, ...]:
    """The entity records (检查对象), ascending by id.

    A plan's column, under any spelling that `headings` knows, is taken from the risk list if that has it, else from the
    registry; rows of the risk list and visits are found by the entity's id or, failing that, by its earlier code.
    InputRefused `quarter.column_missing` if neither has a heading that the plan names.
    """
    entities = rosters.entities
    columns = {alias: _column(heading, alias, rosters, headings) for alias, heading in plan.columns.items()}
    dates = _dates_by_id(rosters.visits)
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
        )
        for (identifier, previous, name, status), row in zip(identities, values, strict=True)
    ]
    return tuple(sorted(records, key=lambda one: one.id))


def inspector_records(people: pd.DataFrame) -> tuple[Inspector, ...]:
    """The inspector records (检查人员) of a people frame, ascending by id."""
    names = ("id", "name", "unit", "department", "district", "undrawable", "qualifications", "certificates")
    records = [
        Inspector(
            id=identifier,
            name=name,
            unit=unit,
            department=department,
            district=district,
            qualifications=tuple(json.loads(qualifications)),
            certificates=tuple(_certificates(json.loads(certificates))),
            undrawable=undrawable or None,
        )
        for identifier, name, unit, department, district, undrawable, qualifications, certificates in zip(
            *(people[column].tolist() for column in names), strict=True
        )
    ]
    return tuple(sorted(records, key=lambda one: one.id))


def recusals(plan: Plan, rosters: Rosters, headings: HeadingMap) -> tuple[Recusal, ...]:
    """The recusals (回避), in canonical order; one against an entity's earlier code is against its present one.

    InputRefused `quarter.recusal_column` if one names a registry column that the plan does not declare: it would be
    silently without effect.
    """
    if rosters.conflicts is None:
        return ()
    aliases = {headings.frame_column("entities", heading): alias for alias, heading in plan.columns.items()}
    codes = zip(rosters.entities["previous_code"].tolist(), rosters.entities["id"].tolist(), strict=True)
    present = {previous: identifier for previous, identifier in codes if previous}
    found: list[Recusal] = []
    names = ("inspector", "entity", "column", "value")
    for inspector, entity, column, value in zip(
        *(rosters.conflicts[name].tolist() for name in names), strict=True
    ):
        if entity:
            found.append(PairRecusal(inspector, present.get(entity, entity)))
            continue
        alias = aliases.get(headings.frame_column("entities", column))
        if alias is None:
            raise InputRefused("quarter.recusal_column", column=column, inspector=inspector)
        found.append(GroupRecusal(inspector, alias, value))
    return order_recusals(found)


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
    names = "、".join(one for one in known if one not in _IDENTITY)
    raise InputRefused("quarter.column_missing", heading=heading, alias=alias, known=names)


def _dates_by_id(visits: pd.DataFrame | None) -> dict[str, list[str]]:
    dates: dict[str, list[str]] = {}
    if visits is not None:
        for identifier, date in zip(visits["id"].tolist(), visits["date"].tolist(), strict=True):
            dates.setdefault(identifier, []).append(date)
    return dates


def _certificates(values: Iterable[Mapping[str, str]]) -> Iterator[Certificate]:
    for one in sorted(values, key=lambda value: value["number"]):
        yield Certificate(one["number"], one.get("from"), one.get("to"), one.get("cancelled"))
