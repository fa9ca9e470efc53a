"""`shuangsuiji status`."""

from typing import TYPE_CHECKING

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import civil
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.status import RequestStatus, RosterStatus, Status
    from shuangsuiji.store import DrawRow


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
    page.say("cli.status.published", count=result.published)
    page.say("cli.status.log", count=result.log_entries, head=result.log_head)
    if result.log_fault is not None:
        page.say("cli.status.log_fault", entry=result.log_fault)
    page.gap()
    for draw in result.unscheduled:
        page.say("cli.status.unscheduled", plan=draw.plan_id)
    for code in result.missing:
        page.say(code)
    page.say("cli.next", command=result.next.example)


def _state(draw: "DrawRow") -> str:
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

    return verb.status(open_store(session))
