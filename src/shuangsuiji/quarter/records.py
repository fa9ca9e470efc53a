"""From roster frames to the core's records (specification §8): where frames stop."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

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
from shuangsuiji.errors import InputRefused


def entity_records(
    plan: Plan, entities: pd.DataFrame, risk: pd.DataFrame | None, visits: pd.DataFrame | None
) -> tuple[Entity, ...]:
    """The entity records (检查对象) of a registry frame, ascending by id.

    A plan's column is taken from the risk frame if it has that heading, else from the registry; rows of the risk and
    visits frames are found by the entity's id or, failing that, by its earlier code (previous_code). InputRefused
    `quarter.column_missing` if neither frame has a heading that the plan names.
    """
    columns = {alias: _column(heading, alias, entities, risk) for alias, heading in plan.columns.items()}
    dates = _dates_by_id(visits)
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


def recusals(plan: Plan, conflicts: pd.DataFrame | None) -> tuple[Recusal, ...]:
    """The recusals (回避) of a conflicts frame, in canonical order.

    InputRefused `quarter.recusal_column` if one names a registry column that the plan does not declare: it would be
    silently without effect.
    """
    if conflicts is None:
        return ()
    aliases = {heading: alias for alias, heading in plan.columns.items()}
    rows = zip(
        *(conflicts[name].tolist() for name in ("inspector", "entity", "column", "value")), strict=True
    )
    return order_recusals(
        [_recusal(inspector, entity, column, value, aliases) for inspector, entity, column, value in rows]
    )


def _recusal(inspector: str, entity: str, column: str, value: str, aliases: Mapping[str, str]) -> Recusal:
    if entity:
        return PairRecusal(inspector, entity)
    if column not in aliases:
        raise InputRefused("quarter.recusal_column", column=column, inspector=inspector)
    return GroupRecusal(inspector, aliases[column], value)


def _column(heading: str, alias: str, entities: pd.DataFrame, risk: pd.DataFrame | None) -> Sequence[str]:
    if risk is not None and heading in risk.columns and heading != "id":
        by_id = dict(zip(risk["id"].tolist(), risk[heading].tolist(), strict=True))
        codes = zip(entities["id"].tolist(), entities["previous_code"].tolist(), strict=True)
        return [by_id.get(identifier) or by_id.get(previous, "") for identifier, previous in codes]
    if heading in entities.columns:
        return list(entities[heading].tolist())
    known = [*entities.columns, *(() if risk is None else risk.columns)]
    raise InputRefused(
        "quarter.column_missing", heading=heading, alias=alias, known="、".join(dict.fromkeys(known))
    )


def _dates_by_id(visits: pd.DataFrame | None) -> dict[str, list[str]]:
    dates: dict[str, list[str]] = {}
    if visits is not None:
        for identifier, date in zip(visits["id"].tolist(), visits["date"].tolist(), strict=True):
            dates.setdefault(identifier, []).append(date)
    return dates


def _certificates(values: Iterable[Mapping[str, str]]) -> Iterator[Certificate]:
    for one in sorted(values, key=lambda value: value["number"]):
        yield Certificate(one["number"], one.get("from"), one.get("to"), one.get("cancelled"))
