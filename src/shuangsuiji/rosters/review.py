"""年度审验: the yearly review, which cancels certificates with a reason."""

from collections.abc import Mapping

import pandas as pd

from shuangsuiji.rosters import frames
from shuangsuiji.rosters.certificates import Certificate, dump, load
from shuangsuiji.rosters.directory import Directory
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.model import CheckedRoster
from shuangsuiji.rosters.normal import squeeze


def check_review(draft: Draft, people: pd.DataFrame | None) -> CheckedRoster:
    """年度审验 to frame: `certificate`, `inspector` (an empty certificate = all of that person), `decision`, `reason`.

    With `people`, certificates and persons that are not among them are refused, and both columns are filled.
    """
    directory = Directory.of(people)
    inspectors, certificates = directory.resolve(draft)
    decisions = _decisions(draft)
    reasons = list(draft.cells("reason"))
    for row in draft.good():
        if decisions[row] == "cancel" and not reasons[row]:
            wanted = draft.heading("reason") or "原因"
            draft.refuse(row, draft.heading("reason"), "rosters.cell_missing", wanted=wanted)
    left_out = {draft.heading(role) for role in ("certificate", "decision", "reason")}
    left_out |= {*draft.mapping.inspector_key}
    columns = {name: cells for name, cells in draft.columns.items() if name not in left_out}
    columns |= {
        "certificate": certificates,
        "inspector": inspectors,
        "decision": decisions,
        "reason": reasons,
    }
    keys = [f"{person}\n{number}" for person, number in zip(inspectors, certificates, strict=True)]
    heading = draft.heading("certificate") or draft.mapping.inspector_key[0]
    merged = draft.refuse_duplicates(keys, heading, columns)
    return draft.finish(draft.accepted(columns), merged)


def apply_review(people: pd.DataFrame, review: pd.DataFrame) -> pd.DataFrame:
    """The people frame with the reviewed certificates cancelled.

    A certificate that the roster already gives as cancelled keeps that reason; a decision to keep changes
    nothing, so that of two decisions the cancelling one holds. Certificates that nobody has are passed over.
    """
    cancelled = review[review["decision"] == "cancel"]
    by_number: dict[str, str] = {}
    by_person: dict[str, str] = {}
    for number, person, reason in zip(
        cancelled["certificate"], cancelled["inspector"], cancelled["reason"], strict=True
    ):
        if number:
            by_number[number] = reason
        else:
            by_person[person] = reason
    cells = [
        dump(_after(one, by_person.get(person, ""), by_number) for one in load(cell))
        for person, cell in zip(people["id"], people["certificates"], strict=True)
    ]
    return frames.sort(people.assign(certificates=pd.Series(cells, dtype="str", index=people.index)))


def _after(one: Certificate, all_of_person: str, by_number: Mapping[str, str]) -> Certificate:
    reason = one.cancelled or by_number.get(one.number, "") or all_of_person
    return Certificate(one.number, one.valid_from, one.valid_to, reason)


def _decisions(draft: Draft) -> list[str]:
    heading, cells = draft.heading("decision"), draft.cells("decision")
    found = [draft.words.decision.get(squeeze(cell), "") for cell in cells]
    for row in draft.good():
        if not found[row]:
            draft.refuse(row, heading, "rosters.unknown_word", known=draft.words.known["decision"])
    return found
