"""`shuangsuiji publish`, `publish down` and `publish site`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli import progress
from shuangsuiji.cli.framework import CommandGroup, command, operator_option, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.notices import Format
    from shuangsuiji.quarter.publish import PublishResult
    from shuangsuiji.quarter.site import SiteResult
    from shuangsuiji.quarter.take_down import DownResult


def show(result: "PublishResult", page: Page) -> None:
    """The files published, and where they lie."""
    say_draw(page, "cli.publish.done", result)
    page.gap()
    page.table(["cli.file", "cli.size"], [(str(one.path), one.size) for one in result.artefacts])
    for one in result.artefacts:
        if one.path.suffix == ".json":
            page.gap()
            page.say("cli.publish.witness", path=str(one.path))
    if result.complete:
        say_next(page, f"export bundle --plan {result.plan}")
        page.say("cli.publish.then", plan=result.plan)
    else:
        page.gap()
        page.say("cli.publish.more")


@command("publish", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@click.option("--drawn-already", is_flag=True)
@operator_option
def publish(session: Session, plan: str | None, drawn_already: bool) -> "PublishResult":
    """`publish` (公示)."""
    from shuangsuiji.quarter import publish as verb

    store = open_store(session)
    return verb.publish(
        store,
        drawn_already=drawn_already,
        plan_id=plan,
        operator=acting(session, store),
        now=session.now,
        config=session.config,
    )


def show_down(result: "DownResult", page: Page) -> None:
    """Of how many what came down, the files that changed, and what else may hold it."""
    page.say("cli.publish.down.done")
    for one in result.draws:
        page.gap()
        mode = page.text(f"cli.mode.{one.mode}")
        page.say("cli.publish.down.targets", plan=one.plan, mode=mode, draw=one.draw, count=one.targets)
        rows = [(str(path), page.text("cli.publish.down.replaced")) for path in one.replaced]
        rows += [(str(path), page.text("cli.publish.down.removed")) for path in one.removed]
        page.table(["cli.file", "cli.publish.down.done_to_it"], rows)
    page.gap()
    page.say("cli.publish.down.then")


@command("publish down", exits=(0, 2, 3, 4, 6), render=show_down)
@plan_option
@operator_option
def down(session: Session, plan: str | None) -> "DownResult":
    """`publish down` (撤下到期结果)."""
    from shuangsuiji.quarter import take_down as verb

    store = open_store(session)
    return verb.take_down_published(
        store, plan_id=plan, operator=acting(session, store), now=session.now, config=session.config
    )


def show_site(result: "SiteResult", page: Page) -> None:
    """Where the site lies, and what it consists of."""
    page.say("cli.publish.site.done", path=str(result.path))
    page.gap()
    if result.rehearsal:
        page.say("cli.publish.site.rehearsal")
    page.say("cli.publish.site.counts", draws=result.draws, files=result.files, size=result.size)
    page.say("cli.publish.site.digest", digest=result.sha256)
    page.gap()
    page.say("cli.publish.site.open", path=str(result.path / "index.html"))


@command("publish site", exits=(0, 2, 3, 4, 6), render=show_site)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--rehearsals", is_flag=True)
@click.option("--no-bundles", is_flag=True)
@click.option("--format", "formats", type=click.Choice(("pdf", "xlsx")), multiple=True)
@operator_option
def site(
    session: Session,
    folder: Path,
    rehearsals: bool,
    no_bundles: bool,
    formats: "tuple[Format, ...]",
) -> "SiteResult":
    """`publish site` (公示网站)."""
    from shuangsuiji.quarter import site as verb

    store = open_store(session)
    return verb.site(
        store,
        folder,
        rehearsals=rehearsals,
        bundles=not no_bundles,
        formats=formats,
        override=session.config,
        operator=acting(session, store),
        now=session.now,
        tell=progress.done,
    )


GROUP: Final = CommandGroup(publish, {name: f"{__name__}:{name}" for name in ("site", "down")})
