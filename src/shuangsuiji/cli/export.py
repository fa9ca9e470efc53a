"""`shuangsuiji export csv|notice|bundle|public`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Group, command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.export import ExportResult
    from shuangsuiji.quarter.notices import Format, NoticesResult

_output = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
_sign = click.option("--sign", type=click.Path(path_type=Path, dir_okay=False), metavar="KEYFILE")


def show(result: "ExportResult", page: Page) -> None:
    """The file written, its size and digest."""
    say_draw(page, "cli.export.done", result)
    page.gap()
    page.table(["cli.file", "cli.size"], [(str(result.path), result.size)])
    page.say("cli.export.digest", digest=result.sha256)


def show_bundle(result: "ExportResult", page: Page) -> None:
    """As `show`; a bundle is there to be verified, and to be kept from the public."""
    show(result, page)
    page.gap()
    if result.others:
        others = page.text("where.join").join(result.others)
        page.say("cli.export.others", plan=result.plan, others=others)
    page.say("cli.export.confidential")
    say_next(page, f"audit verify {result.path}{' --rehearsal' if result.mode == 'rehearsal' else ''}")


@command("export csv", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@_output
def csv(session: Session, plan: str | None, output: Path | None) -> "ExportResult":
    """`export csv` (导出公示表)."""
    from shuangsuiji.quarter import export as verb

    return verb.csv(open_store(session), output, plan_id=plan, now=session.now, config=session.config)


def show_notices(result: "NoticesResult", page: Page) -> None:
    """The files written, and what could not be printed as it is."""
    say_draw(page, "cli.export.done", result)
    page.gap()
    page.table(["cli.file", "cli.size"], [(str(one.path), one.size) for one in result.files])
    if result.unprintable:
        page.gap()
        page.say("cli.export.unprintable", characters=" ".join(result.unprintable))


@command("export notice", exits=(0, 2, 3, 4, 6), render=show_notices)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--format", "form", type=click.Choice(("pdf", "xlsx", "csv", "html")), default="pdf")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PATH")
@plan_option
def notice(
    session: Session, names: tuple[str, ...], form: "Format", output: Path | None, plan: str | None
) -> "NoticesResult":
    """`export notice` (导出公告)."""
    from shuangsuiji.quarter import notices as verb

    return verb.notices(
        open_store(session),
        output,
        form,
        names=names,
        plan_id=plan,
        now=session.now,
        config=session.config,
    )


def show_public(result: "ExportResult", page: Page) -> None:
    """As `show`; a public bundle is there for everyone."""
    show(result, page)
    page.gap()
    page.say("cli.export.public")
    say_next(page, f"audit verify {result.path}{' --rehearsal' if result.mode == 'rehearsal' else ''}")


@command("export bundle", exits=(0, 2, 3, 4, 6), render=show_bundle)
@plan_option
@_output
@_sign
@operator_option
def bundle(session: Session, plan: str | None, output: Path | None, sign: Path | None) -> "ExportResult":
    """`export bundle` (导出审计包)."""
    from shuangsuiji.quarter import export as verb

    store = open_store(session)
    operator = acting(session, store)
    return verb.bundle(store, output, plan_id=plan, sign=sign, operator=operator, now=session.now)


@command("export public", exits=(0, 2, 3, 4, 6), render=show_public)
@plan_option
@_output
@_sign
@operator_option
def public(session: Session, plan: str | None, output: Path | None, sign: Path | None) -> "ExportResult":
    """`export public` (导出公开包)."""
    from shuangsuiji.quarter import export as verb

    store = open_store(session)
    operator = acting(session, store)
    return verb.public(store, output, plan_id=plan, sign=sign, operator=operator, now=session.now)


GROUP: Final = Group(
    "export",
    (0, 2),
    {
        "csv": f"{__name__}:csv",
        "notice": f"{__name__}:notice",
        "bundle": f"{__name__}:bundle",
        "public": f"{__name__}:public",
    },
)
