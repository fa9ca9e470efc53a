"""执法三步: the record of criticism and education, warning and fine that stands beside a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from shuangsuiji.followup.results import Enforcement
from shuangsuiji.followup.vocabulary import Category
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.headings import Role


@dataclass(frozen=True, slots=True)
class _Step:
    """The columns of a step; `documented`: it rests on a document, whose number must be given."""

    kind: str
    day: Role
    reference: Role
    documented: bool


_STEPS: Final = (
    _Step("education", "education_day", "education_reference", documented=False),
    _Step("warning", "warning_day", "warning_reference", documented=True),
    _Step("fine", "fine_day", "fine_reference", documented=True),
)


def enforcement(
    draft: Draft,
    columns: Mapping[str, Sequence[str]],
    row: int,
    checked: date,
    today: date,
    category: Category | None,
) -> tuple[Enforcement, ...]:
    """The steps that a row records, in their order.

    Refuses a step without its day, a warning or fine without its document, a fine without its amount, days before the
    check, in the future or out of order, and any step where nothing was found.
    """
    found = []
    for step in _STEPS:
        day, reference = columns[step.day][row], columns[step.reference][row]
        amount = columns["fine_amount"][row] if step.kind == "fine" else ""
        if not (day or reference or amount):
            continue
        missing = _missing(step, day, reference, amount)
        if missing is not None:
            wanted = draft.mapping.with_role("results", missing)
            draft.refuse(row, wanted, "rosters.cell_missing", wanted=wanted)
            continue
        when = date.fromisoformat(day)
        if not checked <= when <= today:
            params = {"checked": checked.isoformat(), "today": today.isoformat()}
            draft.refuse(row, draft.heading(step.day), "result.enforcement_day", **params)
        found.append((step, Enforcement(step.kind, when, reference, int(amount or 0))))
    for (_, before), (step, after) in pairwise(found):
        if after.day < before.day:
            draft.refuse(row, draft.heading(step.day), "result.enforcement_order")
    if found and category is not None and not category.problem:
        draft.refuse(row, draft.heading("result"), "result.enforcement_unfounded", name=category.name)
    return tuple(one for _, one in found)


def _missing(step: _Step, day: str, reference: str, amount: str) -> Role | None:
    if not day:
        return step.day
    if step.documented and not reference:
        return step.reference
    return "fine_amount" if step.kind == "fine" and not amount else None
