"""`shuangsuiji ceremony`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import command, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session, clock
from shuangsuiji.cli.words import say_draw
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.ceremony import CeremonyResult

_SECONDS: Final = 1


def show(result: "CeremonyResult", page: Page) -> None:
    """Where the page lies, and the sheet to sign."""
    say_draw(page, "cli.ceremony.done", result)
    page.gap()
    page.say("cli.ceremony.page", path=str(result.page))
    if result.confirmation is not None:
        page.say("cli.ceremony.confirmation", path=str(result.confirmation))


@command("ceremony", exits=(0, 2, 3, 4, 6, 130), render=show)
@plan_option
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--follow", is_flag=True)
def ceremony(session: Session, plan: str | None, output: Path | None, follow: bool) -> "CeremonyResult":
    """`ceremony` (抽取现场); `--follow` goes on until Ctrl-C or until the draw is published."""
    from shuangsuiji.quarter import ceremony as verb

    store = open_store(session)

    def write() -> "CeremonyResult":
        return verb.ceremony(
            store, output, plan_id=plan, now=session.now if session.as_of else clock(), config=session.config
        )

    result = write()
    if follow:
        if not session.quiet:
            click.echo(str(result.page), err=True)
        for result in verb.follow(store, write, _wait):
            if result.state == "published":
                break
    return result


def _wait() -> bool:
    time.sleep(_SECONDS)
    return True
