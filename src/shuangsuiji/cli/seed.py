"""`shuangsuiji seed`."""

from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.seed import SeedResult

_OUTCOMES: Final = {
    "seeded": "cli.seed.seeded",
    "waiting": "cli.seed.waiting",
    "differs": "cli.seed.differs",
}


def show(result: "SeedResult", page: Page) -> None:
    """What the typing led to, and what is still needed."""
    say_draw(page, "cli.seed.done", result)
    page.gap()
    page.table(["cli.seed.drawing", "cli.seed.value"], list(result.values.items()))
    page.gap()
    join = page.text("where.join")
    operators, differences = join.join(result.operators), join.join(result.differences)
    page.say(_OUTCOMES[result.outcome], operators=operators, differences=differences)
    plan = f"--plan {result.plan} --operator …"
    if result.outcome == "seeded":
        say_next(page, f"{'match' if result.late else 'draw'} {plan}")
    else:
        values = " ".join(f"--value {drawing}=…" for drawing in result.values)
        say_next(page, f"seed {values} {plan}")


@command("seed", exits=(0, 2, 3, 4, 6), render=show)
@plan_option
@click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE=VALUE")
@click.option("--explicit", metavar="HEX")
@click.option("--not-held", metavar="TEXT", default="")
@click.option("--key-copy", "key_copies", multiple=True, metavar="TEXT")
@operator_option
def seed(
    session: Session,
    plan: str | None,
    values: tuple[str, ...],
    explicit: str | None,
    not_held: str,
    key_copies: tuple[str, ...],
) -> "SeedResult":
    """录入随机数."""
    from shuangsuiji.quarter import seed as verb

    if bool(values) == bool(explicit):
        raise click.UsageError(text("cli.seed.one_of"))
    store = open_store(session)
    operator = acting(session, store)
    if explicit:
        return verb.explicit(store, explicit, plan_id=plan, operator=operator, now=session.now)
    return verb.typed(
        store,
        values,
        plan_id=plan,
        key_copies=key_copies,
        not_held=not_held,
        operator=operator,
        now=session.now,
        config=session.config,
    )
