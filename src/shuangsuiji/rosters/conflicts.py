"""回避: who may not inspect whom, or with whom: an entity, all entities with a value in a column, a colleague."""

import pandas as pd

from shuangsuiji.errors import Listing
from shuangsuiji.rosters.directory import Directory
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.entities import entity_codes
from shuangsuiji.rosters.model import CheckedRoster


def check_conflicts(
    draft: Draft, people: pd.DataFrame | None, entities: pd.DataFrame | None
) -> CheckedRoster:
    """回避名册 to frame: `inspector` (an id), `entity`, `column` with `value`, or `colleague`; reason, declarer, ...

    `column` is a canonical heading of the registry. With `people`, unknown inspectors are refused; with
    `entities`, a column that the registry lacks is refused, and entities that it lacks are noted (they may
    come with the next registry, and the recusal must hold then too).
    """
    directory = Directory.of(people)
    inspectors, certificates = directory.resolve(draft)
    colleagues = directory.colleagues(draft, inspectors)
    codes = entity_codes(draft, required=False)
    groups = [
        draft.mapping.canonical("entities", cell) if cell else "" for cell in draft.cells("group_column")
    ]
    values = list(draft.cells("group_value"))
    _check_objects(draft, codes, groups, values, colleagues)
    if entities is not None:
        _compare(draft, codes, groups, entities)
    left_out = {*draft.mapping.inspector_key, *draft.mapping.entity_key}
    left_out |= {draft.heading("certificate"), draft.heading("group_column"), draft.heading("group_value")}
    left_out.add(draft.heading("colleague"))
    columns = {name: cells for name, cells in draft.columns.items() if name not in left_out}
    known = [person or number for person, number in zip(inspectors, certificates, strict=True)]
    columns |= {"inspector": known, "entity": codes, "column": groups, "value": values}
    columns |= {"colleague": colleagues}
    keys = ["\x1f".join(cells) for cells in zip(*columns.values(), strict=True)]
    heading = next(key for key in draft.mapping.inspector_key if key in draft.columns)
    merged = draft.refuse_duplicates(keys, heading, columns)
    return draft.finish(draft.accepted(columns), merged)


def _check_objects(
    draft: Draft, codes: list[str], groups: list[str], values: list[str], colleagues: list[str]
) -> None:
    """Each row must have one of an entity, a column with a value, a colleague, and nothing of the others."""
    heading = next((key for key in draft.mapping.entity_key if key in draft.columns), "")
    for row in draft.good():
        group = bool(groups[row]), bool(values[row])
        one = sum((bool(codes[row]), any(group), bool(colleagues[row])))
        if one != 1 or any(group) != all(group):
            draft.refuse(row, heading or draft.heading("group_value"), "rosters.recusal_object")


def _compare(draft: Draft, codes: list[str], groups: list[str], entities: pd.DataFrame) -> None:
    columns = set(entities.columns)
    known = set(entities["id"]) | set(entities["previous_code"])
    strangers = []
    for row in draft.good():
        if groups[row] and draft.mapping.frame_column("entities", groups[row]) not in columns:
            have = Listing(sorted(columns - {"id", "previous_code", "name", "status"}))
            draft.refuse(
                row, draft.heading("group_column"), "rosters.unknown_column", column=groups[row], known=have
            )
        elif codes[row] and codes[row] not in known:
            strangers.append(row)
    if strangers:
        draft.note("rosters.note.unknown_entities", count=len(strangers), places=draft.places(strangers))
