"""检查人员: one record per person out of rows that may hold one certificate each.

Rows that share an ID number, a staff number or a certificate are one person. What a person can have only once
(ID number, staff number, name, unit, department, district) must then agree, else all rows of the person are
refused; what may differ from row to row (qualifications, remarks) is joined.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from stdnum.cn import ric

from shuangsuiji.errors import Listing
from shuangsuiji.rosters.certificates import Certificate, dump, dump_list
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.headings import Role
from shuangsuiji.rosters.limits import experts, leaves, mosts
from shuangsuiji.rosters.model import CheckedRoster
from shuangsuiji.rosters.normal import clean_code, iso_date, period, squeeze
from shuangsuiji.rosters.words import JOIN

_SINGLE: Final[tuple[Role, ...]] = ("identity", "person_name", "unit", "department", "district", "most")
_ID_LENGTH: Final = 18
_OPEN: Final = ("", "")

T = TypeVar("T")


def check_inspectors(draft: Draft) -> CheckedRoster:
    """人员名册 to the people frame (one row per person)."""
    for role in ("person_name", "unit"):
        _refuse_blank(draft, role)
    _note_identity_numbers(draft)
    lacking = draft.files_without(draft.heading("valid_to"))
    if lacking:
        draft.note("rosters.note.no_validity_column", files=lacking)
    certificates = [_certificates(draft, row) for row in range(draft.size)]
    cells = {
        "undrawable": _undrawable(draft),
        "expert": experts(draft),
        "most": mosts(draft),
        "leave": leaves(draft),
    }
    keys = _keys(draft, certificates)
    people = _unite(draft, certificates)
    people = [rows for rows in people if _agree(draft, rows, certificates)]
    ids = [min(_first_key(keys, rows)) for rows in people]
    people, ids = _distinct(draft, people, ids)
    columns = _columns(draft, people, ids, certificates, cells)
    return draft.finish(columns, sum(len(rows) - 1 for rows in people))


def _refuse_blank(draft: Draft, role: Role) -> None:
    heading = draft.heading(role)
    for row, cell in enumerate(draft.cells(role)):
        if not cell:
            draft.refuse(row, heading, "rosters.cell_missing", wanted=heading)


def _note_identity_numbers(draft: Draft) -> None:
    """A wrong check digit of an ID number is noted by place only: the number is private and decides no draw."""
    cells = draft.cells("identity")
    wrong = [row for row, cell in enumerate(cells) if len(cell) == _ID_LENGTH and not ric.is_valid(cell)]
    if wrong:
        draft.note("rosters.note.identity_check", count=len(wrong), places=draft.places(wrong))


def _certificates(draft: Draft, row: int) -> list[Certificate]:
    """The certificates of one row; refuses the row if they cannot be read."""
    heading = draft.heading("certificate")
    numbers = [clean_code(part) for part in draft.words.split(draft.cells("certificate")[row])]
    if not numbers:
        return []
    if len(set(numbers)) < len(numbers):
        draft.refuse(row, heading, "rosters.certificate_repeated")
        return []
    cancelled = _cancelled(draft, row)
    periods = _periods(draft, row, len(numbers))
    if not periods:
        return []
    return [Certificate(number, *span, cancelled) for number, span in zip(numbers, periods, strict=True)]


def _periods(draft: Draft, row: int, count: int) -> list[tuple[str, str]]:
    """有效期 (from, to) of the row's certificates, one for all or one for each; empty if refused."""
    to_heading, from_heading = draft.heading("valid_to"), draft.heading("valid_from")
    ends = [period(part, draft.words.open_ended) for part in draft.words.split(draft.cells("valid_to")[row])]
    starts = [iso_date(part) for part in draft.words.split(draft.cells("valid_from")[row])]
    if not ends and draft.has(row, to_heading):
        draft.refuse(row, to_heading, "rosters.validity_missing")
        return []
    for heading, found in ((to_heading, ends), (from_heading, starts)):
        if None in found:
            draft.refuse(row, heading, "rosters.validity")
            return []
        if len(found) not in {0, 1, count}:
            draft.refuse(row, heading, "rosters.validity_count", got=len(found), expected=count)
            return []
    joined = [
        ((end or _OPEN)[0] or start or "", (end or _OPEN)[1])
        for end, start in zip(_spread(ends, count), _spread(starts, count), strict=True)
    ]
    if any(start and end and start > end for start, end in joined):
        draft.refuse(row, to_heading, "rosters.validity_reversed")
        return []
    return joined


def _spread(found: list[T], count: int) -> list[T | None]:
    """One value stands for all, none for none."""
    return [*found] if len(found) == count else [found[0] if found else None] * count


def _cancelled(draft: Draft, row: int) -> str:
    """Why the row's certificates do not count, by 执法证状态; empty if they do."""
    cell = draft.cells("certificate_status")[row]
    meaning = draft.words.certificate.get(squeeze(cell), "" if not cell else None)
    if meaning is None:
        known = draft.words.known["certificate"]
        draft.refuse(row, draft.heading("certificate_status"), "rosters.unknown_word", known=known)
    return meaning or ""


def _undrawable(draft: Draft) -> list[str]:
    """Per row why the person may not be drawn, from 不可抽取原因 and 在岗状态; empty if they may."""
    heading = draft.heading("duty_status")
    reasons = []
    for row, (reason, duty) in enumerate(
        zip(draft.cells("undrawable"), draft.cells("duty_status"), strict=True)
    ):
        plain = squeeze(reason)
        stated = "" if not plain or plain in draft.words.no_reason else reason
        meaning = draft.words.duty.get(squeeze(duty), "" if not duty else None)
        if meaning is None:
            draft.refuse(row, heading, "rosters.unknown_word", known=draft.words.known["duty"])
        reasons.append(stated or meaning or "")
    return reasons


def _keys(draft: Draft, certificates: Sequence[Sequence[Certificate]]) -> list[list[list[str]]]:
    """Per row and key column, in order of preference, the keys that the row gives."""
    certificate = draft.heading("certificate")
    columns = [heading for heading in draft.mapping.inspector_key if heading in draft.columns]
    keys = [
        [
            [one.number for one in certificates[row]]
            if heading == certificate
            else [cell for cell in [draft.columns[heading][row]] if cell]
            for heading in columns
        ]
        for row in range(draft.size)
    ]
    for row in draft.good():
        if not any(keys[row]):
            draft.refuse(row, columns[0], "rosters.person_key_missing", wanted=Listing(columns))
    return keys


def _first_key(keys: Sequence[Sequence[Sequence[str]]], rows: Iterable[int]) -> list[str]:
    """The values of the most preferred key column that any of a person's rows fills."""
    per_column = zip(*(keys[row] for row in rows), strict=True)
    return next(found for column in per_column if (found := [key for keys in column for key in keys]))


def _unite(draft: Draft, certificates: Sequence[Sequence[Certificate]]) -> list[list[int]]:
    """The good rows by person: the connected components of shared ID, staff and certificate numbers."""
    leader = list(range(draft.size))

    def find(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    single = [draft.heading("identity"), *_single_keys(draft)]
    first: dict[tuple[str, str], int] = {}
    for row in draft.good():
        marks = [(heading, draft.columns[heading][row]) for heading in single if heading]
        marks += [("", one.number) for one in certificates[row]]
        for mark in marks:
            if mark[1]:
                leader[find(row)] = find(first.setdefault(mark, row))
    people: dict[int, list[int]] = {}
    for row in draft.good():
        people.setdefault(find(row), []).append(row)
    return list(people.values())


def _single_keys(draft: Draft) -> list[str]:
    """The key columns of which a person has one value (the staff number), unlike certificates."""
    certificate = draft.heading("certificate")
    return [key for key in draft.mapping.inspector_key if key in draft.columns and key != certificate]


def _agree(draft: Draft, rows: Sequence[int], certificates: Sequence[Sequence[Certificate]]) -> bool:
    """Whether a person's rows agree; if not, all of them are refused, each naming the others."""
    headings = [draft.heading(role) for role in _SINGLE] + _single_keys(draft)
    clash = next(
        (
            heading
            for heading in headings
            if heading and len({draft.columns[heading][row] for row in rows} - {""}) > 1
        ),
        "",
    )
    if not clash and len(rows) > 1:
        found = {one for row in rows for one in certificates[row]}
        clash = draft.heading("certificate") if len({one.number for one in found}) < len(found) else ""
    if not clash:
        return True
    for row in rows:
        others = draft.places(other for other in rows if other != row)
        draft.refuse(row, clash, "rosters.person_conflict", column=clash, others=others)
    return False


def _distinct(
    draft: Draft, people: Sequence[list[int]], ids: Sequence[str]
) -> tuple[list[list[int]], list[str]]:
    """The people whose id is nobody else's (a staff number may equal another's certificate number)."""
    holders: dict[str, list[list[int]]] = {}
    for rows, key in zip(people, ids, strict=True):
        holders.setdefault(key, []).append(rows)
    for persons in (persons for persons in holders.values() if len(persons) > 1):
        everyone = [row for rows in persons for row in rows]
        for row in everyone:
            others = draft.places(other for other in everyone if other != row)
            heading = next(key for key in draft.mapping.inspector_key if key in draft.columns)
            draft.refuse(row, heading, "rosters.duplicate", others=others)
    kept = [(rows, key) for key, persons in holders.items() if len(persons) == 1 for rows in persons]
    return [rows for rows, _ in kept], [key for _, key in kept]


def _columns(
    draft: Draft,
    people: Sequence[Sequence[int]],
    ids: list[str],
    certificates: Sequence[Sequence[Certificate]],
    read: Mapping[str, Sequence[str]],
) -> Mapping[str, list[str]]:
    """The people frame's columns, one cell per person; `read` are cells that were read into those of the frame."""

    def joined(cells: Sequence[str]) -> list[str]:
        return [JOIN.join(sorted({cells[row] for row in rows} - {""})) for rows in people]

    used: list[Role] = [
        *("person_name", "unit", "department", "district", "undrawable", "qualifications"),
        *("certificate", "valid_from", "valid_to", "certificate_status"),
        *("expert", "most", "leave_from", "leave_to"),
    ]
    left_out = {draft.heading(role) for role in used} | {draft.mapping.inspector_key[0]}
    columns = {name: joined(cells) for name, cells in draft.columns.items() if name not in left_out}
    qualifications = [draft.words.split(cell) for cell in draft.cells("qualifications")]
    columns |= {name: joined(cells) for name, cells in read.items()}
    return columns | {
        "id": ids,
        "name": joined(draft.cells("person_name")),
        "unit": joined(draft.cells("unit")),
        "department": joined(draft.cells("department")),
        "district": joined(draft.cells("district")),
        "qualifications": [dump_list(one for row in rows for one in qualifications[row]) for rows in people],
        "certificates": [dump({one for row in rows for one in certificates[row]}) for rows in people],
    }
