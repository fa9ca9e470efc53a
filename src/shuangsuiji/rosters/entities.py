"""检查对象: the registry, the risk grades and the visits made elsewhere, all keyed by an entity's code."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from shuangsuiji.rosters.codes import REGISTRATION_LENGTH, registration_check_holds, verdicts
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.model import CheckedRoster
from shuangsuiji.rosters.normal import iso_date, squeeze

_ANONYMOUS: Final = "个体工商户(经营者{}某)"
_UNKNOWN_OWNER: Final = "个体工商户(经营者未注明)"
_STARS: Final = frozenset("*＊")
_CODE: Final = re.compile(
    r"[1-9]", re.ASCII
)  # what every registration number has and nothing written for none
_ANYTHING: Final = re.compile(r"")


def check_entities(draft: Draft) -> CheckedRoster:
    """登记名册 to frame: `id`, `previous_code`, `name`, `status`, then the file's other columns."""
    ids = entity_codes(draft)
    columns = dict(draft.columns)
    columns.pop(draft.mapping.entity_key[0], None)
    for heading in (
        draft.heading("registration_number"),
        draft.heading("entity_name"),
        draft.heading("status"),
    ):
        columns.pop(heading, None)
    columns |= {
        "id": ids,
        "previous_code": _previous(draft, ids),
        "name": _names(draft, ids),
        "status": _statuses(draft),
    }
    merged = draft.refuse_duplicates(ids, _key_heading(draft), columns)
    _refuse_two_codes(draft, ids, columns["previous_code"])
    return draft.finish(draft.accepted(columns), merged)


def check_risk(draft: Draft) -> CheckedRoster:
    """信用风险 to frame: `id`, then the file's other columns."""
    ids = entity_codes(draft)
    columns = {name: cells for name, cells in draft.columns.items() if name not in draft.mapping.entity_key}
    columns["id"] = ids
    merged = draft.refuse_duplicates(ids, _key_heading(draft), columns)
    return draft.finish(draft.accepted(columns), merged)


def check_visits(draft: Draft) -> CheckedRoster:
    """外来检查记录 to frame: `id`, `date`, then the file's other columns. One entity may have many visits."""
    ids = entity_codes(draft)
    heading = draft.heading("visit_date")
    dates = draft.cells("visit_date")
    for row in draft.good():
        if iso_date(dates[row]) is None:
            draft.refuse(row, heading, "rosters.date")
    left_out = {*draft.mapping.entity_key, heading}
    columns = {name: cells for name, cells in draft.columns.items() if name not in left_out}
    columns |= {"id": ids, "date": dates}
    whole_rows = ["\x1f".join(cells) for cells in zip(*columns.values(), strict=True)]
    merged = draft.refuse_duplicates(whole_rows, heading, columns)
    return draft.finish(draft.accepted(columns), merged)


def check_list(draft: Draft, entities: pd.DataFrame | None) -> CheckedRoster:
    """派发名单 to frame: the `id` of each entity in the registry, under its present code; whatever else was given.

    Refuses codes that the registry lacks: only what is registered can be inspected.
    """
    codes = entity_codes(draft)
    if entities is not None:
        present = dict(zip(entities["previous_code"], entities["id"], strict=True))
        known = set(entities["id"])
        codes = [code if code in known else present.get(code, code) for code in codes]
        for row in draft.good():
            if codes[row] not in known:
                draft.refuse(row, _key_heading(draft), "rosters.unknown_entity")
    columns = {name: cells for name, cells in draft.columns.items() if name not in draft.mapping.entity_key}
    columns |= {"id": codes}
    merged = draft.refuse_duplicates(codes, _key_heading(draft), {"id": codes})
    return draft.finish(draft.accepted(columns), merged)


def entity_codes(draft: Draft, *, required: bool = True) -> list[str]:
    """Each row's entity code: the first key column that is filled. Wrong and (if `required`) missing are refused.

    A wrong check digit of a 15-digit number is only noted (`codes.registration_check_holds`).
    """
    keys = [key for key in draft.mapping.entity_key if key in draft.columns]
    if not keys:
        return [""] * draft.size
    codes = list(draft.columns[keys[0]])
    under = [keys[0]] * draft.size
    for key in keys[1:]:
        for row, cell in enumerate(draft.columns[key]):
            if cell and not codes[row]:
                codes[row], under[row] = cell, key
    if required:
        for row in draft.good():
            if not codes[row]:
                draft.refuse(row, keys[0], "rosters.code_missing")
    if draft.mapping.entity_rule == "registration":
        _check_registration(draft, codes, under)
    return codes


def _key_heading(draft: Draft) -> str:
    return next(key for key in draft.mapping.entity_key if key in draft.columns)


def _check_registration(draft: Draft, codes: Sequence[str], under: Sequence[str]) -> None:
    unlike = []
    rows = [row for row in draft.good() if codes[row]]
    for row, verdict in zip(rows, verdicts([codes[row] for row in rows]), strict=True):
        if verdict:
            draft.refuse(row, under[row], verdict, length=len(codes[row]))
        elif len(codes[row]) == REGISTRATION_LENGTH and not registration_check_holds(codes[row]):
            unlike.append(row)
    if unlike:
        draft.note("rosters.note.registration_check", count=len(unlike), places=draft.places(unlike))


def _previous(draft: Draft, ids: Sequence[str]) -> list[str]:
    """原注册号: the older code of an entity whose id is another one; 无, / or 0 says that there is none."""
    said = _CODE if draft.mapping.entity_rule == "registration" else _ANYTHING
    return [
        cell if cell != code and said.search(cell) else ""
        for cell, code in zip(draft.cells("registration_number"), ids, strict=True)
    ]


def _refuse_two_codes(draft: Draft, ids: Sequence[str], previous: Sequence[str]) -> None:
    """One entity under its old and its new code, or two that claim one old code: neither row wins."""
    if not any(previous):
        return
    owners: dict[str, list[int]] = {}
    for row in draft.good():
        for code in {ids[row], previous[row]} - {""}:
            owners.setdefault(code, []).append(row)
    heading = draft.heading("registration_number")
    for code, rows in owners.items():
        if len(rows) > 1:
            for row in rows:
                others = draft.places(other for other in rows if other != row)
                draft.refuse(row, heading, "rosters.two_codes", number=code, others=others)


def _statuses(draft: Draft) -> list[str]:
    """登记状态 as a `model.Status`; without the column all count as in business, and a note says so."""
    heading = draft.heading("status")
    lacking = draft.files_without(heading)
    if lacking:
        draft.note("rosters.note.no_status_column", files=lacking)
    if not heading:
        return ["in_business"] * draft.size
    cells = draft.columns[heading]
    meaning: Mapping[str, str] = {cell: draft.words.status.get(squeeze(cell), "") for cell in set(cells)}
    found = [meaning[cell] for cell in cells]
    for row in draft.good():
        if not draft.has(row, heading):
            found[row] = "in_business"
        elif not cells[row]:
            draft.refuse(row, heading, "rosters.cell_missing", wanted=heading)
        elif not found[row]:
            draft.refuse(row, heading, "rosters.unknown_status", known=draft.words.known["status"])
    return found


def _names(draft: Draft, ids: Sequence[str]) -> list[str]:
    """Names; those of individual businesses that would tell only the owner's become 个体工商户(经营者张某)."""
    names = list(draft.cells("entity_name"))
    owners, types = draft.cells("owner"), draft.cells("entity_type")
    anonymous = 0
    for row in draft.good():
        hollow = not names[row] or _STARS.issuperset(names[row])
        if not hollow and names[row] != owners[row]:
            continue
        if _is_individual(draft, ids[row], types[row]):
            surname = draft.words.surname(owners[row].strip("".join(_STARS)))
            names[row] = _ANONYMOUS.format(surname) if surname else _UNKNOWN_OWNER
            anonymous += 1
        elif hollow:
            draft.refuse(row, draft.heading("entity_name"), "rosters.name_missing")
    if anonymous:
        draft.note("rosters.note.anonymous_names", count=anonymous)
    return names


def _is_individual(draft: Draft, code: str, kind: str) -> bool:
    """个体工商户, by its code's prefix or by the type written beside it."""
    return code.startswith(draft.words.individual_prefixes) or any(
        word in kind for word in draft.words.individual_types
    )
