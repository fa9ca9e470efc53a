"""`shuangsuiji audit verify`, and the group of all that audits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji import messages
from shuangsuiji.cli.framework import Group, command
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.words import civil
from shuangsuiji.errors import InputRefused

if TYPE_CHECKING:
    from shuangsuiji.audit.report import Failure, ReceiptFacts, Report, Signer
    from shuangsuiji.audit.verify import CrossCheck
    from shuangsuiji.audit.witnesses import Witness
    from shuangsuiji.core.seed import PublicValue


@dataclass(frozen=True, slots=True)
class Verification:
    """A report and what it means to this auditor, who did or did not expect a rehearsal."""

    report: "Report"
    exit_code: int


def show(result: Verification, page: Page) -> None:
    """Step by step recomputed, consistent or on trust; where it failed; the verdict."""
    report = result.report
    page.say(f"cli.audit.file.{report.kind}", bundle=report.bundle)
    page.gap()
    rows = [
        _row(page, step.answer, step.name, page.text(_facts_code(report.kind, step.name), **step.facts))
        for step in report.steps
    ]
    if report.failure is not None:
        rows.append(_row(page, "failed", report.failure.failure_class, ""))
    page.table(["cli.audit.answer.heading", "cli.audit.name.heading", "cli.audit.facts.heading"], rows)
    page.gap()
    for step in report.steps:
        if step.name == "commitment":
            page.say("cli.freeze.targets", digest=step.facts["targets"])
            if "inspectors" in step.facts:
                page.say("cli.freeze.people", digest=step.facts["inspectors"])
    if report.cross_check is not None:
        code = "cross_check_apart" if report.cross_check["more"] else "cross_check"
        page.say(f"cli.audit.{code}", **report.cross_check)
    page.gap()
    if report.failure is None:
        _show_trusted(report, page)
    else:
        show_failure(report.failure, page)
    page.gap()
    page.say(f"cli.audit.verdict.{result.exit_code}")


def _facts_code(kind: str, step: str) -> str:
    """What a step says, where a kind of file says it in a way of its own."""
    own = f"cli.audit.facts_of.{kind}.{step}"
    return own if messages.known(own) else f"cli.audit.facts.{step}"


def _row(page: Page, answer: str, step: str, facts: str) -> tuple[str, str, str]:
    return page.text(f"cli.audit.answer.{answer}"), page.text(f"cli.audit.name.{step}"), facts


def _show_trusted(report: "Report", page: Page) -> None:
    """What a bundle does not prove, who witnessed it, and what was brought from outside."""
    from shuangsuiji.audit.report import TRUSTED

    if report.recorded is not None and report.recorded.void:
        page.say("cli.audit.void", reason=report.recorded.reason)
    if report.receipt is not None:
        _show_receipt(report.receipt, page)
    beside = any(step.name == "public" for step in report.steps)
    for name in (one for one in TRUSTED[report.kind] if not (one == "cuts" and beside)):
        what = page.text(f"cli.audit.trusted.{name}")
        page.say("cli.audit.on_trust", answer=page.text("cli.audit.answer.trusted"), what=what)
    _show_signer(report.signer, page)
    for one in report.follows:
        time = civil(datetime.fromisoformat(one.time))
        if one.hour:
            hour = civil(datetime.fromisoformat(one.hour))
            page.say("cli.audit.held_at", drawing=one.drawing, time=time, hour=hour)
        else:
            page.say("cli.audit.follows", drawing=one.drawing, time=time)
    for drawing in report.not_held:
        page.say("cli.audit.not_held", drawing=drawing)
    for witness in report.witnesses:
        _show_witness(witness, page)
    if report.order is not None:
        page.say(f"cli.audit.order.{report.order}")
    show_brought(report, page)


def show_brought(report: "Report", page: Page) -> None:
    """What the auditor brought from outside, and whether the bundle has the same."""
    for brought in report.brought:
        what = page.text(f"cli.audit.brought.{brought.what}")
        if brought.agrees:
            page.say(
                f"cli.audit.agrees{'_noticed' if brought.noticed else ''}", what=what, given=brought.given
            )
        else:
            own = brought.bundle or page.text("cli.none")
            page.say("cli.audit.disagrees", what=what, given=brought.given, bundle=own)


def _show_receipt(receipt: "ReceiptFacts", page: Page) -> None:
    """Whose receipt it is, and what each task came to."""
    page.say("cli.audit.receipt_of", id=receipt.id, name=receipt.name)
    page.say("cli.audit.ticket", ticket=receipt.ticket)
    for one in receipt.outcomes:
        if one.outside:
            code = f"cli.audit.outside.{one.outside}"
            reason = page.text(code) if messages.known(code) else one.outside
            page.say("cli.audit.task_outside", task=one.task, reason=reason)
        else:
            page.say("cli.audit.task_drawn" if one.drawn else "cli.audit.task_not_drawn", task=one.task)
    page.gap()


def _show_signer(signer: "Signer | None", page: Page) -> None:
    if signer is None:
        page.say("cli.audit.signer.unsigned")
    else:
        known = "cli.audit.signer.trusted" if signer.trusted else "cli.audit.signer.unknown"
        page.say(known, fingerprint=signer.fingerprint)


def _show_witness(one: "Witness", page: Page) -> None:
    common = {
        "name": one.name,
        "time": civil(datetime.fromisoformat(one.time)),
        "of": page.text(f"cli.audit.of.{one.of}"),
    }
    if one.receipt:
        page.say("cli.audit.receipt", **common, receipt=one.receipt)
    else:
        trust = page.text("cli.audit.key.trusted" if one.trusted else "cli.audit.key.unknown")
        page.say("cli.audit.signed", **common, fingerprint=one.fingerprint, trust=trust)
    if one.hour:
        page.say("cli.audit.hour_statement", hour=civil(datetime.fromisoformat(one.hour)))
    elif one.after:
        page.say("cli.audit.late_statement", after=civil(datetime.fromisoformat(one.after)))
    elif not one.counts:
        page.say("cli.audit.unplaced_statement")
    if one.own:
        page.say("cli.audit.own_statement")


def show_failure(failure: "Failure", page: Page) -> None:
    """What is wrong, where, and what to do."""
    error = InputRefused(failure.code, failure.where, **failure.params)
    page.lines += messages.render(error, page.lang).splitlines()


def digests(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Digests as they are printed: upper or lower case, in groups or not."""
    digests = tuple("".join(value.split()).lower() for value in values)
    for value in digests:
        if not re.fullmatch(r"[0-9a-f]{64}", value):
            raise click.BadParameter(text("cli.audit.digest_form", value=value), ctx, param)
    return digests


@command(
    "audit verify",
    exits=(0, 1, 2, 3, 6, 10, 11, 12, 13),
    render=show,
    exit_code=lambda result: result.exit_code,
)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--public", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.option("--rehearsal", is_flag=True)
@click.option("--cross-check", is_flag=True)
@click.option("--trust", multiple=True, metavar="FINGERPRINT", callback=digests)
@click.option("--signer", "signers", multiple=True, metavar="FINGERPRINT", callback=digests)
@click.option("--commitment", "commitments", multiple=True, metavar="HEX", callback=digests)
@click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE=VALUE")
def verify(
    session: Session,
    bundle: Path,
    public: Path | None,
    rehearsal: bool,
    cross_check: bool,
    trust: tuple[str, ...],
    signers: tuple[str, ...],
    commitments: tuple[str, ...],
    values: tuple[str, ...],
) -> Verification:
    """`audit verify` (核验审计包、公开包、回执)."""
    from shuangsuiji.audit import detect as verb

    try:
        report = verb.verify_file(
            bundle,
            solver() if cross_check else None,
            public=public,
            trust=frozenset(trust),
            signers=frozenset(signers),
            commitments=commitments,
            values=brought_values(values),
        )
    except InputRefused as error:
        if error.code in verb.USAGE:
            raise click.UsageError(messages.render(error, session.lang)) from None
        raise
    return Verification(report, report.exit_code(rehearsal))


def brought_values(values: Iterable[str]) -> tuple["PublicValue", ...]:
    """What an auditor brings as `--value`. Raises InputRefused `quarter.value_form`."""
    from shuangsuiji.plan.drawings import public_value

    found = []
    for written in values:
        try:
            found.append(public_value(written))
        except ValueError:
            raise InputRefused("quarter.value_form", value=written) from None
    return tuple(found)


def solver() -> "CrossCheck":
    """The independent solver, loaded only when asked for."""
    from shuangsuiji.audit.cross_check import cross_check

    return cross_check


GROUP: Final = Group(
    "audit",
    (0, 2),
    {
        "verify": f"{__name__}:verify",
        "report": "shuangsuiji.cli.audit_report:report",
        "prove": "shuangsuiji.cli.prove:prove",
        "page": "shuangsuiji.cli.audit_page:write_page",
        "fairness": "shuangsuiji.cli.fairness:fairness",
        "execution": "shuangsuiji.cli.execution:execution",
    },
)
