"""`shuangsuiji contribute` and `shuangsuiji close`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.close import CloseResult, ContributeResult

_OUTCOMES: Final = {
    "recorded": "cli.contribute.recorded",
    "waiting": "cli.contribute.waiting",
    "differs": "cli.contribute.differs",
}


def show_contribution(result: "ContributeResult", page: Page) -> None:
    """What the typing led to, and who is still to contribute."""
    say_draw(page, "cli.contribute.done", result)
    page.gap()
    join = page.text("where.join")
    page.say(_OUTCOMES[result.outcome], person=result.person, operators=join.join(result.operators))
    if result.pending:
        page.say("cli.contribute.pending", persons=join.join(result.pending))
    if result.outcome != "recorded":  # the same slip again, typed by somebody else
        say_next(page, f"contribute {result.person} --slip … --plan {result.plan} --operator …")
    elif result.pending:
        say_next(page, f"contribute {result.pending[0]} --slip … --plan {result.plan} --operator …")
    else:
        say_next(page, f"close --plan {result.plan} --operator …")


def show_closing(result: "CloseResult", page: Page) -> None:
    """Who gave something, who did not, and the digest that enters the seed."""
    say_draw(page, "cli.close.done", result)
    page.gap()
    join, none = page.text("where.join"), page.text("cli.none")
    page.say("cli.close.given", persons=join.join(result.given) or none)
    page.say("cli.close.absent", persons=join.join(result.absent) or none)
    page.say("cli.close.digest", digest=result.closing)
    for warned in result.warnings:
        page.say("cli.plan.look", what=page.text(warned.code, **warned.params))
    if result.overtaken:
        page.say("cli.close.overtaken")
    say_next(page, "publish")


@command("contribute", exits=(0, 2, 3, 4, 6), render=show_contribution)
@click.argument("person")
@plan_option
@click.option("--slip", metavar="TEXT")
@click.option("--signed", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE")
@operator_option
def contribute(
    session: Session, person: str, plan: str | None, slip: str | None, signed: Path | None
) -> "ContributeResult":
    """`contribute` (现场投入)."""
    from shuangsuiji.quarter import close as verb

    if (slip is None) == (signed is None):
        raise click.UsageError(text("cli.contribute.one_of"))
    store = open_store(session)
    operator = acting(session, store)
    if signed is not None:
        data = signed.read_bytes()
        return verb.signed(store, person, data, signed.name, plan_id=plan, operator=operator, now=session.now)
    return verb.slip(store, person, slip or "", plan_id=plan, operator=operator, now=session.now)


@command("close", exits=(0, 2, 3, 4, 6), render=show_closing)
@plan_option
@click.option("--absent", multiple=True, metavar="NAME")
@click.option("--drawn-already", is_flag=True)
@operator_option
def close(session: Session, plan: str | None, absent: tuple[str, ...], drawn_already: bool) -> "CloseResult":
    """`close` (收集截止)."""
    from shuangsuiji.quarter import close as verb

    store = open_store(session)
    return verb.close(
        store,
        absent,
        drawn_already=drawn_already,
        plan_id=plan,
        operator=acting(session, store),
        now=session.now,
        config=session.config,
    )
