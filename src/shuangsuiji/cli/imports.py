"""`shuangsuiji import …`: one command per kind of roster, and `import withdraw`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Command, Group, command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.refused import say_refused
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.imports import ImportResult, WithdrawResult
    from shuangsuiji.rosters.model import Kind


def show(result: "ImportResult", page: Page) -> None:
    """Rows read, accepted, refused; the roster as it is now; notes; the first refused rows and the report."""
    roster = page.text(f"cli.roster.{result.kind}")
    accepted = result.rows_read - result.refused_rows - result.merged
    page.say("cli.import.done", roster=roster, id=result.id, files=page.text("where.join").join(result.files))
    page.say(
        "cli.import.rows",
        read=result.rows_read,
        accepted=accepted,
        merged=result.merged,
        refused=result.refused_rows,
    )
    page.say("cli.import.records", size=result.size, new=result.new, gone=result.gone)
    if result.renumbered:
        page.say("cli.import.renumbered", count=result.renumbered)
    if result.review is not None:
        counts = result.review
        page.say("cli.import.review", before=counts.before, cancelled=counts.cancelled, left=counts.left)
    for note in result.notes:
        page.say(note.code, **note.params)
    say_refused(page, result.refused, result.reports)


def show_withdrawn(result: "WithdrawResult", page: Page) -> None:
    """What was withdrawn and what is current instead."""
    roster = page.text(f"cli.roster.{result.kind}")
    page.say("cli.import.withdrawn", roster=roster, id=result.id, reason=result.reason)
    if result.current is None:
        page.say("cli.import.empty")
    else:
        page.say("cli.import.current", id=result.current.id)


def _import_command(kind: "Kind") -> Command:
    @command(f"import {kind}", exits=(0, 2, 3, 4, 6), render=show)
    @click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
    @click.option("--strict", is_flag=True)
    @click.option("--accept-gone", is_flag=True)
    @operator_option
    def import_roster(
        session: Session, files: tuple[Path, ...], strict: bool, accept_gone: bool
    ) -> "ImportResult":
        from shuangsuiji.quarter import imports as verb

        store = open_store(session)
        return verb.import_roster(
            store,
            kind,
            files,
            strict=strict,
            accept_gone=accept_gone,
            operator=acting(session, store),
            now=session.now,
            config=session.config,
            lang=session.lang,
        )

    return import_roster


@command("import list", exits=(0, 2, 3, 4, 6), render=show)
@click.argument("task", metavar="TASK")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@plan_option
@click.option("--strict", is_flag=True)
@click.option("--accept-gone", is_flag=True)
@operator_option
def import_list(
    session: Session, task: str, files: tuple[Path, ...], plan: str | None, strict: bool, accept_gone: bool
) -> "ImportResult":
    """`import list` (导入平台抽取、上级派发的名单)."""
    from shuangsuiji.quarter import imports as verb

    store = open_store(session)
    return verb.import_roster(
        store,
        "list",
        files,
        task=verb.ListedTask(task, plan),
        strict=strict,
        accept_gone=accept_gone,
        operator=acting(session, store),
        now=session.now,
        config=session.config,
        lang=session.lang,
    )


@command("import withdraw", exits=(0, 2, 3, 4, 6), render=show_withdrawn)
@click.argument("import_id", type=int, metavar="ID")
@click.option("--reason", required=True, metavar="TEXT")
@operator_option
def withdraw(session: Session, import_id: int, reason: str) -> "WithdrawResult":
    """`import withdraw` (撤回导入)."""
    from shuangsuiji.quarter import imports as verb

    store = open_store(session)
    return verb.withdraw(store, import_id, reason, operator=acting(session, store), now=session.now)


entities = _import_command("entities")
risk = _import_command("risk")
inspectors = _import_command("inspectors")
review = _import_command("review")
conflicts = _import_command("conflicts")
visits = _import_command("visits")

_NAMES: Final = ("entities", "risk", "inspectors", "review", "conflicts", "visits")
_ATTRIBUTES: Final = dict(zip(_NAMES, _NAMES, strict=True)) | {"list": "import_list", "withdraw": "withdraw"}
GROUP: Final = Group("import", (0, 2), {name: f"{__name__}:{made}" for name, made in _ATTRIBUTES.items()})
