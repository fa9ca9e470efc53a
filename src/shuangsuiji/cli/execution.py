"""`shuangsuiji audit execution`."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import click

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import civil
from shuangsuiji.cli.workspace import open_store
from shuangsuiji.followup.figures import percent

if TYPE_CHECKING:
    from shuangsuiji.audit.executed import Attendance, Execution, Turnover

_SHOWN: Final = 12
"""Rows of a table on the screen; JSON has them all."""


def show(result: "Execution", page: Page) -> None:
    """The figures, then each kind of finding; in one line what was looked for and is not there."""
    page.say(
        "cli.execution.done",
        batches=len(result.batches),
        due=result.due,
        done=result.done,
        places=result.places,
        kept=result.kept,
        scheduled=result.scheduled,
        moved=len(result.moved),
    )
    if result.declared:
        page.say("cli.execution.declared", count=result.declared)
    if result.replaced_places:
        share = percent(Fraction(result.replaced_places, result.drawn_places))
        page.say(
            "cli.execution.turnover", replaced=result.replaced_places, drawn=result.drawn_places, share=share
        )
    clean = [page.text(f"cli.execution.{name}.name") for name in _TABLES if not getattr(result, name)]
    if not result.tried:
        clean.remove(page.text("cli.execution.silent.name"))
    for name, (columns, row) in _TABLES.items():
        found = getattr(result, name)
        if found:
            page.gap()
            page.say(f"cli.execution.{name}.found", count=len(found))
            page.table(
                [f"cli.execution.{column}" for column in columns], [row(one) for one in found[:_SHOWN]]
            )
            if len(found) > _SHOWN:
                page.say("cli.execution.more", count=len(found) - _SHOWN)
        if name == "silent" and found:
            page.say(
                "cli.execution.rate",
                reviewed=result.reviewed,
                problems=result.problems,
                tried=result.tried,
                by_chance=_tenths(result.by_chance),
                count=len(found),
            )
    page.gap()
    if clean:
        page.say("cli.execution.clean", names=page.text("where.join").join(clean))
    if not result.tried:
        page.say("cli.execution.untried", reviewed=result.reviewed)
    page.say("cli.execution.word")


def _attendance(one: "Attendance") -> Sequence[str | int]:
    return one.plan, one.target, one.day.isoformat(), f"{one.name} {one.person}".strip(), one.unit


def _turnover(one: "Turnover") -> Sequence[str | int]:
    return one.drawn, one.replaced, percent(one.rate), one.unable, one.recusal, one.urgent


def _tenths(number: Fraction) -> str:
    """A number of visits or units that would be found on average, to one place."""
    tenths = round(number * 10)
    return f"{tenths // 10}.{tenths % 10}"


_ATTENDANCE: Final = (("plan", "target", "day", "person", "unit"), _attendance)
_TURNOVER: Final = ("drawn", "replaced", "rate_of", "unable", "recusal", "urgent")
_TABLES: Final[dict[str, tuple[Sequence[str], Callable[[Any], Sequence[str | int]]]]] = {
    "absent": _ATTENDANCE,
    "strangers": _ATTENDANCE,
    "overtaken": (
        ("plan", "target", "day", "person", "asked", "came"),
        lambda one: (
            one.plan,
            one.target,
            one.day.isoformat(),
            f"{one.name} {one.person}".strip(),
            one.asked.isoformat(),
            one.came.isoformat() if one.came else "-",
        ),
    ),
    "alone": (
        ("plan", "target", "day", "present"),
        lambda one: (one.plan, one.target, one.day.isoformat(), len(one.persons)),
    ),
    "crowded": (
        ("person", "unit", "day", "visits", "districts"),
        lambda one: (
            f"{one.name} {one.person}".strip(),
            one.unit,
            one.day.isoformat(),
            len(one.visits),
            "、".join(one.districts),
        ),
    ),
    "on_leave": _ATTENDANCE,
    "uncertified": _ATTENDANCE,
    "moved": (
        ("plan", "target", "planned", "day"),
        lambda one: (one.plan, one.target, one.planned.isoformat(), one.day.isoformat()),
    ),
    "late": (
        ("plan", "target", "day", "entered", "working_days", "operator"),
        lambda one: (
            one.plan,
            one.target,
            one.day.isoformat(),
            civil(one.entered),
            one.days,
            one.operator,
        ),
    ),
    "bulk": (
        ("plan", "entered", "operator", "goes", "visits", "days", "from", "to"),
        lambda one: (
            one.plan,
            civil(one.entered),
            one.operator,
            one.goes,
            one.visits,
            one.days,
            one.first.isoformat(),
            one.last.isoformat(),
        ),
    ),
    "units": (
        ("unit", *_TURNOVER),
        lambda one: (one.unit, *_turnover(one)),
    ),
    "persons": (
        ("person", "unit", *_TURNOVER),
        lambda one: (
            f"{one.name} {one.key}",
            one.unit,
            *_turnover(one),
        ),
    ),
    "silent": (
        ("unit", "visits", "expected", "chance"),
        lambda one: (one.unit, one.visits, _tenths(one.expected), percent(one.chance)),
    ),
}


@command("audit execution", exits=(0, 2, 3, 4, 6), render=show)
@click.option("--plan", metavar="ID")
@click.option("--year", type=click.IntRange(1, 9999), metavar="YYYY")
@click.option("--rehearsal", is_flag=True)
@click.option("--late", type=click.IntRange(0), default=5, metavar="DAYS")
@click.option("--bulk", type=click.IntRange(1), default=5, metavar="DAYS")
@click.option("--a-day", type=click.IntRange(1), metavar="VISITS")
@click.option("--least", type=click.IntRange(1), default=10, metavar="VISITS")
def execution(
    session: Session,
    plan: str | None,
    year: int | None,
    rehearsal: bool,
    late: int,
    bulk: int,
    a_day: int | None,
    least: int,
) -> "Execution":
    """`audit execution` (执行核查)."""
    from shuangsuiji.audit.executed import Limits
    from shuangsuiji.quarter import execution as verb

    limits = Limits(late=late, bulk=bulk, a_day=a_day, least=least)
    return verb.execution(
        open_store(session),
        plan_id=plan,
        year=year,
        rehearsal=rehearsal,
        limits=limits,
        config=session.config,
    )
