"""`shuangsuiji status`."""

from typing import TYPE_CHECKING, Final

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import civil, counts
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.status import RequestStatus, RosterStatus, Status
    from shuangsuiji.store import DrawRow

_NAMED: Final = 3
"""How many of those overdue are named; JSON has all."""


def show(result: "Status", page: Page) -> None:
    """The workspace, its rosters, the draws under way, what is missing, the next command with an example."""
    page.say("cli.init.authority", authority=result.authority, region=result.region)
    page.say("cli.init.operators", operators=page.text("where.join").join(result.operators))
    page.gap()
    headings = ["cli.status.roster", "cli.status.size", "cli.status.import", "cli.status.since"]
    page.table(headings, [_roster(one, page) for one in result.rosters])
    page.gap()
    headings = ["cli.status.plan", "cli.status.mode", "cli.status.number", "cli.status.state"]
    draws = [one.draw for one in result.draws]
    rows = [
        (one.plan_id, page.text(f"cli.mode.{one.mode}"), one.number, page.text(_state(one))) for one in draws
    ]
    if rows:
        page.table(headings, rows)
        page.gap()
    for status in result.draws:
        for request in status.requests:
            _say_request(status.draw, request, page)
    _show_followed(result, page)
    page.say("cli.status.published", count=result.published)
    for dropped in result.dropped:
        mode = page.text(f"cli.mode.{dropped.mode}")
        page.say(
            "cli.status.dropped", mode=mode, number=dropped.draw, plan=dropped.plan, reason=dropped.reason
        )
    page.say("cli.status.log", count=result.log_entries, head=result.log_head)
    if result.log_fault is not None:
        page.say("cli.status.log_fault", entry=result.log_fault)
    page.gap()
    _show_calendars(result, page)
    for code in result.missing:
        page.say(code)
    page.say("cli.next", command=result.next.example)


def _show_calendars(result: "Status", page: Page) -> None:
    """Draws whose visits have no days yet, or days that do not hold any more."""
    for draw in result.unscheduled:
        page.say("cli.status.unscheduled", plan=draw.plan_id)
    for one in result.outdated:
        if one.replaced:
            page.say("cli.status.replaced_since", plan=one.plan)
        if one.on_leave:
            page.say("cli.status.planned_on_leave", plan=one.plan, count=one.on_leave)
        if one.crowded:
            page.say("cli.status.planned_crowded", plan=one.plan, count=one.crowded)


def _show_followed(result: "Status", page: Page) -> None:
    """Results of the draws that are inspected, and what should have been done by now."""
    for one in result.followed:
        page.say(
            "cli.status.results",
            plan=one.plan,
            mode=page.text(f"cli.mode.{one.mode}"),
            draw=one.draw,
            targets=one.targets,
            unchecked=one.unchecked,
            states=counts(page, "result.state.", one.states),
        )
    steps = [("cli.status.letter", one) for one in result.letters]
    for code, late in [*steps, *((f"cli.overdue.{one.kind}", one) for one in result.overdue)]:
        page.say(
            code,
            plan=late.plan,
            count=late.count,
            due=late.due.isoformat(),
            names=page.text("where.list").join(late.names[:_NAMED]),
            more="…" if len(late.names) > _NAMED else "",
        )
    if result.unknown_year is not None:
        page.say("cli.status.unknown_year", year=result.unknown_year)
    if result.followed or result.overdue:
        page.gap()


def _state(draw: "DrawRow") -> str:
    if draw.dropped:
        return "cli.state.dropped"
    return "cli.state.void" if draw.void else f"cli.state.{draw.state}"


def _say_request(draw: "DrawRow", request: "RequestStatus", page: Page) -> None:
    join, none = page.text("where.join"), page.text("cli.none")
    page.say(
        "cli.status.request",
        plan=draw.plan_id,
        number=request.number,
        reason=request.reason,
        values=join.join(request.values),
        typed=join.join(request.typed_by) or none,
    )


def _roster(one: "RosterStatus", page: Page) -> tuple[str, int, str, str]:
    name = page.text(f"cli.roster.{one.kind}")
    if one.current is None:
        need = page.text("cli.status.required" if one.required else "cli.status.optional")
        return name, one.size, need, ""
    return name, one.size, str(one.current.id), civil(one.current.time)


@command("status", exits=(0, 2, 6), render=show)
def status(session: Session) -> "Status":
    """`status` (进度)."""
    from shuangsuiji.quarter import status as verb

    return verb.status(open_store(session), session.now, session.config)
