"""`shuangsuiji replace TARGET PERSON`, `replace vacant|recusal|target|outcome`: who comes in after the draw."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import OpenGroup, command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.outcome import Change, OutcomeResult, UrgentResult
    from shuangsuiji.quarter.request import Asked, RequestResult
    from shuangsuiji.store import Store

_OUTCOMES: Final = {
    "carried_out": "cli.replace.carried_out",
    "lapsed": "cli.replace.lapsed",
    "waiting": "cli.replace.waiting",
    "differs": "cli.replace.differs",
}


def show(result: "RequestResult | UrgentResult", page: Page) -> None:
    """What is asked for, or who comes in at once."""
    from shuangsuiji.quarter.outcome import UrgentResult

    if isinstance(result, UrgentResult):
        show_urgent(result, page)
    else:
        show_request(result, page)


def show_request(result: "RequestResult", page: Page) -> None:
    """What is asked for, whom it is about, and which drawings will decide."""
    say_draw(page, "cli.replace.asked", result)
    page.gap()
    join = page.text("where.join")
    page.say(
        f"cli.replace.what.{result.what}",
        number=result.number,
        person=result.person,
        targets=join.join(result.targets),
        count=len(result.targets),
    )
    page.say("cli.replace.values", values=join.join(result.values))
    values = " ".join(f"--value {one.partition('/')[0]}=…" for one in result.values)
    say_next(page, f"replace outcome {result.number} {values} --plan {result.plan} --operator …")


def show_outcome(result: "OutcomeResult", page: Page) -> None:
    """What the typing led to; once it is carried out, who comes in for whom."""
    say_draw(page, "cli.replace.typed", result)
    page.gap()
    join = page.text("where.join")
    operators, differences = join.join(result.operators), join.join(result.differences)
    page.say(_OUTCOMES[result.outcome], number=result.request, operators=operators, differences=differences)
    _show_changes(result.changes, page)
    if result.visited:
        page.say("cli.replace.visited", count=len(result.visited), targets=join.join(result.visited))
    answered = result.outcome in ("carried_out", "lapsed")
    again = f"replace outcome {result.request} --value …=… --plan {result.plan} --operator …"
    say_next(page, "status" if answered else again)


def show_urgent(result: "UrgentResult", page: Page) -> None:
    """Who comes in for whom, by the sealed order."""
    say_draw(page, "cli.replace.urgent", result)
    _show_changes(result.changes, page)
    say_next(page, "status")


def _show_changes(changes: "tuple[Change, ...]", page: Page) -> None:
    if not changes:
        return
    page.gap()
    join, none = page.text("where.join"), page.text("cli.none")
    headings = ["cli.replace.slot", "cli.replace.targets", "cli.replace.old", "cli.replace.new"]
    page.table(
        headings, [(one.slot, join.join(one.targets), one.old or none, one.new or none) for one in changes]
    )
    if not all(one.new for one in changes):
        page.say("cli.replace.nobody")


def _asking(callback: Callable[..., object]) -> Callable[..., object]:
    """The options of every request."""
    for option in (
        operator_option,
        click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE"),
        click.option("--approver", required=True, metavar="NAME"),
        click.option("--reason", required=True, metavar="TEXT"),
        plan_option,
    ):
        callback = option(callback)
    return callback


def _asked(
    session: Session, plan: str | None, reason: str, approver: str, values: tuple[str, ...]
) -> tuple["Store", "Asked"]:
    from shuangsuiji.quarter.request import Asked

    store = open_store(session)
    return store, Asked(reason, approver, values, acting(session, store), session.now, plan, session.config)


@command("replace", exits=(0, 2, 3, 4, 6), render=show)
@click.argument("words", nargs=-1, required=True, metavar="[TARGET]... PERSON")
@click.option("--all-remaining", is_flag=True)
@click.option("--urgent", is_flag=True)
@_asking
def replace(
    session: Session,
    words: tuple[str, ...],
    all_remaining: bool,
    urgent: bool,
    plan: str | None,
    reason: str,
    approver: str,
    values: tuple[str, ...],
) -> "RequestResult | UrgentResult":
    """`replace TARGET PERSON` (人员不能到场)."""
    from shuangsuiji.quarter import outcome
    from shuangsuiji.quarter import request as verb

    *targets, person = words
    if all_remaining == bool(targets):
        raise click.UsageError(text("cli.replace.which"))
    if urgent and all_remaining:
        raise click.UsageError(text("cli.replace.urgent_all"))
    if urgent and values:
        raise click.UsageError(text("cli.replace.no_value"))
    store, asked = _asked(session, plan, reason, approver, values)
    return (
        outcome.urgent(store, person, targets, asked)
        if urgent
        else verb.person(store, person, targets, asked)
    )


@command("replace vacant", exits=(0, 2, 3, 4, 6), render=show_request)
@click.argument("targets", nargs=-1)
@_asking
def vacant(
    session: Session,
    targets: tuple[str, ...],
    plan: str | None,
    reason: str,
    approver: str,
    values: tuple[str, ...],
) -> "RequestResult":
    """`replace vacant` (补空缺席位)."""
    from shuangsuiji.quarter import request as verb

    store, asked = _asked(session, plan, reason, approver, values)
    return verb.vacant(store, targets, asked)


@command("replace recusal", exits=(0, 2, 3, 4, 6), render=show_request)
@click.argument("target")
@click.argument("person")
@_asking
def recusal(
    session: Session,
    target: str,
    person: str,
    plan: str | None,
    reason: str,
    approver: str,
    values: tuple[str, ...],
) -> "RequestResult":
    """`replace recusal` (企业申请回避)."""
    from shuangsuiji.quarter import request as verb

    store, asked = _asked(session, plan, reason, approver, values)
    return verb.recusal(store, target, person, asked)


@command("replace target", exits=(0, 2, 3, 4, 6), render=show_request)
@click.argument("target")
@_asking
def target(
    session: Session, target: str, plan: str | None, reason: str, approver: str, values: tuple[str, ...]
) -> "RequestResult":
    """`replace target` (更换检查对象)."""
    from shuangsuiji.quarter import request as verb

    store, asked = _asked(session, plan, reason, approver, values)
    return verb.target(store, target, asked)


@command("replace outcome", exits=(0, 2, 3, 4, 6), render=show_outcome)
@click.argument("request", type=click.IntRange(min=1))
@plan_option
@click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE=VALUE")
@click.option("--explicit", metavar="HEX")
@click.option("--not-held", metavar="TEXT", default="")
@operator_option
def outcome(
    session: Session,
    request: int,
    plan: str | None,
    values: tuple[str, ...],
    explicit: str | None,
    not_held: str,
) -> "OutcomeResult":
    """`replace outcome` (录入随机数并更换)."""
    from shuangsuiji.quarter import outcome as verb

    if bool(values) == bool(explicit):
        raise click.UsageError(text("cli.seed.one_of"))
    store = open_store(session)
    return verb.outcome(
        store,
        request,
        values,
        explicit=explicit or "",
        not_held=not_held,
        plan_id=plan,
        operator=acting(session, store),
        now=session.now,
        config=session.config,
    )


GROUP: Final = OpenGroup(
    replace, {name: f"{__name__}:{name}" for name in ("vacant", "recusal", "target", "outcome")}
)
