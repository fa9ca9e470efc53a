"""`shuangsuiji init`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuangsuiji.cli.framework import command
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_next

if TYPE_CHECKING:
    from shuangsuiji.quarter.init import InitResult
    from shuangsuiji.quarter.templates import TemplatesResult


@dataclass(frozen=True, slots=True)
class Started:
    """The workspace made, the templates written; either may have been asked for alone."""

    workspace: "InitResult | None"
    templates: "TemplatesResult | None"


def show(result: Started, page: Page) -> None:
    """Where the workspace is, whose, and who may act in it; the templates."""
    made = result.workspace
    if made is not None:
        page.say("cli.init.done", path=str(made.path.resolve()))
        page.say("cli.init.authority", authority=made.authority, region=made.region)
        page.say("cli.init.operators", operators=page.text("where.join").join(made.operators))
    if result.templates is not None:
        page.gap()
        page.say("cli.init.templates")
        page.lines += [f"  {path}" for path in result.templates.files]
    if made is not None:
        say_next(page, "import entities")


@command("init", exits=(0, 2, 3, 6), render=show)
@click.option("--authority", metavar="NAME")
@click.option("--region", metavar="CODE")
@click.option("--operator", "operators", multiple=True, metavar="NAME")
@click.option("--templates", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def init(
    session: Session,
    authority: str | None,
    region: str | None,
    operators: tuple[str, ...],
    templates: Path | None,
) -> Started:
    """`init` (新建工作目录, 名册模板)."""
    from shuangsuiji.quarter import init as verb

    made = None
    if authority and region and operators:
        made = verb.init(session.workspace, authority, region, operators, session.now, as_of=session.as_of)
    elif templates is None or authority or region or operators:
        raise click.UsageError(text("cli.init.needs"))
    return Started(made, None if templates is None else _templates(session, templates))


def _templates(session: Session, folder: Path) -> "TemplatesResult":
    from shuangsuiji.quarter import templates as verb

    return verb.templates(folder, workspace=session.workspace, config=session.config, lang=session.lang)
