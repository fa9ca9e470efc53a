"""回避: who may not inspect whom: a pair, or an inspector and all entities with a value in a registry column."""

import pandas as pd

from shuangsuiji.rosters.directory import Directory
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.entities import entity_codes
from shuangsuiji.rosters.model import CheckedRoster


def check_conflicts(
    draft: Draft, people: pd.DataFrame | None, entities: pd.DataFrame | None
) -> CheckedRoster:
    """回避名册 to frame: `inspector` (an id), `entity` or `column` with `value`, then reason, declarer, ...

    `column` is a canonical heading of the registry. With `people`, unknown inspectors are refused; with
    `entities`, a column that the registry lacks is refused, and entities that it lacks are noted (they may
    come with the next registry, and the recusal must hold then too).
    """
    inspectors, certificates = Directory.of(people).resolve(draft)
    codes = entity_codes(draft, required=False)
    groups = [
        draft.mapping.canonical("entities", cell) if cell else "" for cell in draft.cells("group_column")
    ]
    values = list(draft.cells("group_value"))
    _check_objects(draft, codes, groups, values)
    if entities is not None:
        _compare(draft, codes, groups, entities)
    left_out = {*draft.mapping.inspector_key, *draft.mapping.entity_key}
    left_out |= {draft.heading("certificate"), draft.heading("group_column"), draft.heading("group_value")}
    columns = {name: cells for name, cells in draft.columns.items() if name not in left_out}
    known = [person or number for person, number in zip(inspectors, certificates, strict=True)]
    columns |= {"inspector": known, "entity": codes, "column": groups, "value": values}
    keys = ["\x1f".join(cells) for cells in zip(*columns.values(), strict=True)]
    heading = next(key for key in draft.mapping.inspector_key if key in draft.columns)
    merged = draft.refuse_duplicates(keys, heading, columns)
    return draft.finish(draft.accepted(columns), merged)


def _check_objects(draft: Draft, codes: list[str], groups: list[str], values: list[str]) -> None:
    """Each row must have an entity, or a column and a value, and not both."""
    heading = next((key for key in draft.mapping.entity_key if key in draft.columns), "")
    for row in draft.good():
        pair, group = bool(codes[row]), (bool(groups[row]), bool(values[row]))
        if (pair and any(group)) or (not pair and not all(group)):
            draft.refuse(row, heading or draft.heading("group_value"), "rosters.recusal_object")


def _compare(draft: Draft, codes: list[str], groups: list[str], entities: pd.DataFrame) -> None:
    columns = set(entities.columns)
    known = set(entities["id"]) | set(entities["previous_code"])
    strangers = []
    for row in draft.good():
        if groups[row] and draft.mapping.frame_column("entities", groups[row]) not in columns:
            have = "、".join(sorted(columns - {"id", "previous_code", "name", "status"}))
            draft.refuse(
                row, draft.heading("group_column"), "rosters.unknown_column", column=groups[row], known=have
            )
        elif codes[row] and codes[row] not in known:
            strangers.append(row)
    if strangers:
        draft.note("rosters.note.unknown_entities", count=len(strangers), places=draft.places(strangers))
