"""`shuangsuiji audit page`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session

if TYPE_CHECKING:
    from shuangsuiji.quarter.export import PageResult


def show(result: "PageResult", page: Page) -> None:
    """Where the page lies, and the digest by which an auditor knows it."""
    page.say("cli.audit.page", path=str(result.path), sha256=result.sha256)


@command("audit page", exits=(0, 2, 6), render=show)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("verifier.html"),
    metavar="FILE",
)
def write_page(session: Session, output: Path) -> "PageResult":
    """`audit page` (核验网页)."""
    from shuangsuiji.quarter import export as verb

    return verb.verifier_page(output)
