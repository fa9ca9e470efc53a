"""`results review` (审核检查结果): another person than who entered approves or returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shuangsuiji.errors import InputRefused, Listing, WrongState, first_of
from shuangsuiji.followup.results import Standing
from shuangsuiji.quarter.results import by_state, read_standings, results_draw
from shuangsuiji.store import Store

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries are reviewed: those of the batches (录入批号), those named by id; with `everything` all pending."""

    entries: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """What a review did: `count` entries (项) of `targets` (户) approved or returned for a `reason`.

    `own` are pending entries passed over because the reviewer entered them; `states` how many results stand in each
    state now.
    """

    plan: str
    mode: str
    draw: int
    approved: bool
    reason: str
    count: int
    targets: int
    own: int
    states: Mapping[str, int]


def review(
    store: Store,
    selection: Selection,
    *,
    approved: bool,
    reason: str = "",
    plan_id: str | None = None,
    operator: str,
    now: datetime,
) -> ReviewResult:
    """Approve or return results that wait for it, in one transaction.

    With `everything` the reviewer's own entries are passed over; if they are named, all is refused. Raises InputRefused
    `result.reason_needed` (to return), `result.own_entries`, `result.no_such_entries`, `result.not_pending`;
    WrongState as `results_draw`, `result.nothing_pending`.
    """
    why = reason.strip()
    if not approved and not why:
        raise InputRefused("result.reason_needed")
    with store.begin(operator, "results review", now) as transaction:
        draw = results_draw(transaction, plan_id)
        found = read_standings(transaction, draw)
        pending = {one.entry.id: one for one in found if one.state == "pending" and one.entry is not None}
        chosen = sorted(pending) if selection.everything else _named(found, pending, selection)
        own = [number for number in chosen if _operator(pending[number]) == operator]
        others = [number for number in chosen if number not in set(own)]
        if own and not (selection.everything and others):
            raise InputRefused("result.own_entries", count=len(own), operator=operator)
        if not others:
            raise WrongState("result.nothing_pending", plan=draw.plan_id)
        transaction.add_review(others, approved=approved, reason=why)
        transaction.details(
            draw=draw.number,
            mode=draw.mode,
            plan=draw.plan_id,
            approved=int(approved),
            entries=len(others),
            first=others[0],
            last=others[-1],
            reason=why,
        )
        states = by_state(read_standings(transaction, draw))
    targets = {pending[number].target for number in others}
    return ReviewResult(
        draw.plan_id, draw.mode, draw.number, approved, why, len(others), len(targets), len(own), states
    )


def _named(found: Sequence[Standing], pending: Mapping[int, Standing], selection: Selection) -> list[int]:
    """The pending entries that are named; refuses what nobody entered, and what does not wait for a review."""
    entries = {one.entry.id: one.entry for one in found if one.entry is not None}
    batches = {entry.batch for entry in entries.values()}
    unknown = [f"{number}" for number in selection.entries if number not in entries]
    unknown += [f"{number}" for number in selection.batches if number not in batches]
    if unknown:
        raise InputRefused("result.no_such_entries", numbers=Listing(unknown))
    settled = [f"{number}" for number in selection.entries if number not in pending]
    if settled:
        raise InputRefused("result.not_pending", numbers=first_of(settled, _SHOWN))
    of_batches = {
        number for number, one in pending.items() if one.entry and one.entry.batch in selection.batches
    }
    return sorted(of_batches | set(selection.entries))


def _operator(one: Standing) -> str:
    return "" if one.entry is None else one.entry.operator
