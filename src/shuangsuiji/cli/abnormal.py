"""`shuangsuiji abnormal step|list`: from a result to the list of abnormal operations, step by step."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Group, command, operator_option, plan_option
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.refused import say_refused
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import CHINA, counts, say_draw, say_next
from shuangsuiji.cli.workspace import acting, open_store

if TYPE_CHECKING:
    from shuangsuiji.followup.abnormal import Proposal
    from shuangsuiji.quarter.abnormal import AbnormalList, StepResult

_STEPS: Final = ("proposed", "letter_1", "letter_2", "verified", "decided", "removed", "dropped")
_DAY: Final = click.DateTime(["%Y-%m-%d"])


def show_step(result: "StepResult", page: Page) -> None:
    """Of how many targets which step was recorded, refused rows, how many are where now, what follows."""
    say_draw(page, "cli.abnormal.recorded", result)
    page.gap()
    step = page.text(f"abnormal.step.{result.step}")
    page.say("cli.abnormal.done", step=step, count=result.count)
    page.say("cli.abnormal.stages", counts=counts(page, "abnormal.step.", result.stages))
    say_refused(page, result.refused, result.reports)
    if result.next_until:
        page.say("cli.abnormal.letter_2", begins=result.next_from, ends=result.next_until)
    document = " --reference …" if result.next == "decided" else ""
    following = f"abnormal step {result.next} --all{document} --plan {result.plan} --operator …"
    say_next(page, following if result.next else f"abnormal list --plan {result.plan}")


def show_list(result: "AbnormalList", page: Page) -> None:
    """How many proposals are at which stage, and each with its ground and its last step."""
    say_draw(page, "cli.abnormal.listed", result)
    page.gap()
    page.say("cli.abnormal.stages", counts=counts(page, "abnormal.step.", result.stages))
    page.gap()
    rows = [_row(one, result, page) for one in result.proposals]
    columns = ("target", "ground", "checked", "stage", "day", "reference")
    if rows:
        page.table([f"cli.abnormal.column.{name}" for name in columns], rows)


def _row(one: "Proposal", result: "AbnormalList", page: Page) -> tuple[str, ...]:
    last = one.steps[-1] if one.steps else None
    return (
        result.names.get(one.target) or one.target,
        result.grounds.get(one.ground) or page.text("cli.abnormal.no_ground"),
        one.checked.isoformat() if one.checked else "",
        page.text(f"abnormal.step.{one.stage}"),
        last.day.isoformat() if last else "",
        last.reference if last else "",
    )


@command("abnormal step", exits=(0, 2, 3, 4, 6), render=show_step)
@click.argument("step", type=click.Choice(_STEPS))
@click.argument("targets", nargs=-1, metavar="[TARGET...]")
@plan_option
@click.option("--file", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--all", "everything", is_flag=True)
@click.option("--date", type=_DAY, metavar="DATE")
@click.option("--reason", metavar="TEXT", default="")
@click.option("--reference", metavar="NUMBER", default="")
@operator_option
def step(
    session: Session,
    step: str,
    targets: tuple[str, ...],
    plan: str | None,
    files: tuple[Path, ...],
    everything: bool,
    date: "datetime | None",
    reason: str,
    reference: str,
) -> "StepResult":
    """`abnormal step` (经营异常名录的一个步骤)."""
    from shuangsuiji.followup.abnormal import NewStep
    from shuangsuiji.quarter import abnormal as verb

    if sum(map(bool, (targets, files, everything))) != 1:
        raise click.UsageError(text("cli.abnormal.which"))
    day = session.now.astimezone(CHINA).date() if date is None else date.date()
    new = NewStep(step, day, reason.strip(), reference.strip())
    store = open_store(session)
    operator = acting(session, store)
    if files:
        return verb.step_from_files(
            store,
            new,
            files,
            plan_id=plan,
            operator=operator,
            now=session.now,
            config=session.config,
            lang=session.lang,
        )
    chosen = verb.Chosen(targets, everything)
    return verb.step(
        store, new, chosen, plan_id=plan, operator=operator, now=session.now, config=session.config
    )


@command("abnormal list", exits=(0, 2, 3, 4, 6), render=show_list)
@plan_option
@click.option("--stage", type=click.Choice(("due", *_STEPS)))
def list_abnormal(session: Session, plan: str | None, stage: str | None) -> "AbnormalList":
    """`abnormal list` (经营异常名录的进度)."""
    from shuangsuiji.quarter import abnormal as verb

    return verb.list_abnormal(open_store(session), stage=stage or "", plan_id=plan, config=session.config)


_ATTRIBUTES: Final = {"step": "step", "list": "list_abnormal"}
GROUP: Final = Group("abnormal", (0, 2), {name: f"{__name__}:{made}" for name, made in _ATTRIBUTES.items()})
