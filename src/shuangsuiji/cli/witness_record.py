"""`shuangsuiji witness record`: the authority's own part of the witness's work."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import CHINA, civil, say_draw
from shuangsuiji.cli.workspace import acting, open_store
from shuangsuiji.errors import InputRefused

if TYPE_CHECKING:
    from shuangsuiji.quarter.witness import RecordResult

_TIMES: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")


def show(result: "RecordResult", page: Page) -> None:
    """Who has seen what when, and by what it is shown."""
    say_draw(page, "cli.record.done", result)
    page.gap()
    seen = page.text(f"cli.audit.of.{result.of}")
    time = civil(datetime.fromisoformat(result.time))
    if result.fingerprint:
        page.say("cli.record.signed", name=result.name, time=time, of=seen, fingerprint=result.fingerprint)
    else:
        page.say("cli.record.receipt", name=result.name, time=time, of=seen, receipt=result.receipt)


@command("witness record", exits=(0, 2, 3, 4, 6), render=show)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--receipt", metavar="TEXT")
@click.option("--name", metavar="NAME")
@click.option("--time", metavar="TIME")
@click.option(
    "--of", type=click.Choice(["notice", "closing", "late-notice", "late-closing"]), default="notice"
)
@plan_option
@operator_option
def record(
    session: Session,
    file: Path | None,
    receipt: str | None,
    name: str | None,
    time: str | None,
    of: str,
    plan: str | None,
) -> "RecordResult":
    """`witness record` (登记见证)."""
    from shuangsuiji.quarter import witness as verb

    stamped = (receipt, name, time)
    if (file is not None and any(stamped)) or (file is None and not all(stamped)):
        raise click.UsageError(text("cli.record.one_of"))
    store = open_store(session)
    operator = acting(session, store)
    if file is not None:
        return verb.statement(
            store, file.read_bytes(), file.name, plan_id=plan, operator=operator, now=session.now
        )
    return verb.receipt(
        store,
        receipt or "",
        name=name or "",
        time=_instant(time or ""),
        of=of,
        plan_id=plan,
        operator=operator,
        now=session.now,
    )


def _instant(written: str) -> datetime:
    """Beijing time as it stands on a stamp."""
    for form in _TIMES:
        try:
            return datetime.strptime(written.strip(), form).replace(tzinfo=CHINA)
        except ValueError:
            continue
    raise InputRefused("quarter.witness_time", value=written)
