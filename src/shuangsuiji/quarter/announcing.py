"""What a real draw may announce: drawings to come that anybody can look up, a fallback after its first choice.

A rehearsal may announce anything. Refused is what would leave a choice open to whoever knows an outcome, or a draw
without a seed: an issue that could be read in two ways, one that never comes, one whose outcome is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from shuangsuiji.core.seed import REAL, SOURCES, Announced, Drawing, check_announced
from shuangsuiji.errors import InputRefused, Where
from shuangsuiji.plan.drawings import announced, check_to_come, own_form, year_digits
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.lotteries import Due, Lotteries
from shuangsuiji.quarter.preview import Warned
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Told:
    """Of what a freeze announces: the hours for its notice (§17), and what to look at."""

    hours: Mapping[str, str]
    warnings: tuple[Warned, ...]


def read_announced(values: Sequence[str]) -> tuple[Announced, ...]:
    """Drawings to come as typed, `kl8:2026318/kl8:2026319`. InputRefused `quarter.value_form`."""
    return tuple(map(_announced, values))


def announce(
    transaction: Transaction,
    draw: DrawRow,
    values: Sequence[Announced],
    deadline: str,
    override: Path | None,
) -> Told:
    """What a freeze announces: refused as `refuse` does, its spans told in the freeze's entry of the log.

    The result is to be public by the day of the `deadline`: also refused (InputRefused, `quarter.after_deadline`) is a
    drawing of a real draw that comes after it.
    """
    now, lotteries = transaction.now, Lotteries.load(workspace=transaction.layout.root, override=override)
    refuse(draw.mode, values, now, lotteries)
    warned: tuple[Warned, ...] = ()
    if draw.mode == REAL:
        check_deadline(values, deadline, civil_day(now), lotteries)
        warned = tuple(doubts(values, deadline, now, lotteries))
    transaction.details(due=lotteries.spans(values, now))
    return Told(lotteries.hours(values, now), warned)


def refuse(mode: str, values: Sequence[Announced], now: datetime, lotteries: Lotteries) -> None:
    """Refuse (InputRefused) a real draw, or a request after it, what it may not announce now.

    Besides what `check_issues` does: `plan.issue_past`, `quarter.held_already` for a drawing that was held.
    """
    if mode != REAL:
        return
    check_announced(values)
    day = civil_day(now)
    _check_form(values, day, lotteries)
    check_to_come(values, day)
    for one in lotteries.held_already(values, now):
        raise InputRefused("quarter.held_already", Where(), **one.words())
    check_issues(values, day, lotteries)


def check_issues(values: Sequence[Announced], day: date, lotteries: Lotteries) -> None:
    """Refuse (InputRefused) what no real draw may announce, whatever the hour; `day` tells of which century it speaks.

    `plan.issue_form`: an issue not written as its lottery does, fallbacks included, which says no year, and would be
    somebody's to read; `quarter.issue_never`, `quarter.issue_unsure`: a number that its year does not, or may not,
    reach; `quarter.fallback_early`: a fallback that is not drawn after what it takes the place of.
    """
    _check_form(values, day, lotteries)
    for value in values:
        known = [due for one in value.drawings if (due := _due(one, day, lotteries)) is not None]
        for before, after in pairwise(known):
            if after.earliest <= before.earliest or after.latest <= before.latest:
                raise InputRefused(
                    "quarter.fallback_early",
                    Where(),
                    fallback=str(after.drawing),
                    drawing=str(before.drawing),
                )


def check_deadline(values: Sequence[Announced], deadline: str, day: date, lotteries: Lotteries) -> None:
    """Refuse (InputRefused, `quarter.after_deadline`) what is drawn after the day by which the result is public.

    A fallback is not looked at: it is there for what nobody foresees.
    """
    for value in values:
        due = lotteries.due(value.drawings[0], day)
        if due is not None and civil_day(due.earliest).isoformat() > deadline:
            raise InputRefused("quarter.after_deadline", Where(), deadline=deadline, **due.words())


def doubts(
    values: Sequence[Announced], deadline: str, now: datetime, lotteries: Lotteries
) -> Iterator[Warned]:
    """What may have been held, of what the notice can tell no hour (§17), what may come after the deadline."""
    for one in lotteries.of(values, now):
        if one.perhaps_held(now):
            yield Warned("quarter.warning.perhaps_held", one.words())
        elif one.hour is None:
            yield Warned("quarter.warning.hour_untold", one.words())
        if civil_day(one.latest).isoformat() > deadline:
            yield Warned("quarter.warning.after_deadline", {"deadline": deadline, **one.words()})


def _due(drawing: Drawing, day: date, lotteries: Lotteries) -> Due | None:
    """When a drawing takes place, None for what is thrown in the room. Refuses an issue that may never come."""
    if drawing.source not in lotteries.held:
        return None
    due = lotteries.due(drawing, day)
    if due is None:
        raise InputRefused("quarter.issue_never", drawing=str(drawing), name=SOURCES[drawing.source].name)
    if due.unsure:
        raise InputRefused("quarter.issue_unsure", drawing=str(drawing), name=SOURCES[drawing.source].name)
    return due


def _check_form(values: Sequence[Announced], day: date, lotteries: Lotteries) -> None:
    for drawing in (one for value in values for one in value.drawings):
        if not own_form(drawing):
            raise InputRefused(
                "plan.issue_form",
                drawing=str(drawing),
                name=SOURCES[drawing.source].name,
                digits=year_digits(drawing.source),
                example=str(lotteries.example(drawing.source, day)),
            )


def _announced(text: str) -> Announced:
    try:
        return announced(text)
    except ValueError:
        raise InputRefused("quarter.value_form", value=text) from None
