"""`shuangsuiji audit verify|fairness`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji import messages
from shuangsuiji.cli.framework import Group, command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.errors import InputRefused

if TYPE_CHECKING:
    from shuangsuiji.audit.report import Failure, Report
    from shuangsuiji.audit.verify import CrossCheck


@dataclass(frozen=True, slots=True)
class Verification:
    """A report and what it means to this auditor, who did or did not expect a rehearsal."""

    report: "Report"
    exit_code: int


def show(result: Verification, page: Page) -> None:
    """Step by step recomputed, consistent or on trust; where it failed; the verdict."""
    report = result.report
    page.say("cli.audit.bundle", bundle=report.bundle)
    page.gap()
    rows = [
        _row(page, step.answer, step.name, page.text(f"cli.audit.facts.{step.name}", **step.facts))
        for step in report.steps
    ]
    if report.failure is not None:
        rows.append(_row(page, "failed", report.failure.failure_class, ""))
    page.table(["cli.audit.answer.heading", "cli.audit.name.heading", "cli.audit.facts.heading"], rows)
    page.gap()
    for step in report.steps:
        if step.name == "commitment":
            page.say("cli.freeze.targets", digest=step.facts["targets"])
            page.say("cli.freeze.people", digest=step.facts["inspectors"])
    if report.cross_check is not None:
        page.say("cli.audit.cross_check", **report.cross_check)
    page.gap()
    if report.failure is None:
        _show_trusted(page)
    else:
        _show_failure(report.failure, page)
    page.gap()
    page.say(f"cli.audit.verdict.{result.exit_code}")


def _row(page: Page, answer: str, step: str, facts: str) -> tuple[str, str, str]:
    return page.text(f"cli.audit.answer.{answer}"), page.text(f"cli.audit.name.{step}"), facts


def _show_trusted(page: Page) -> None:
    from shuangsuiji.audit.report import TRUSTED

    for name in TRUSTED:
        what = page.text(f"cli.audit.trusted.{name}")
        page.say("cli.audit.on_trust", answer=page.text("cli.audit.answer.trusted"), what=what)


def _show_failure(failure: "Failure", page: Page) -> None:
    error = InputRefused(failure.code, failure.where, **failure.params)
    page.lines += messages.render(error, page.lang).splitlines()


@command(
    "audit verify", exits=(0, 1, 2, 3, 6, 10, 11), render=show, exit_code=lambda result: result.exit_code
)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--rehearsal", is_flag=True)
@click.option("--cross-check", is_flag=True)
def verify(session: Session, bundle: Path, rehearsal: bool, cross_check: bool) -> Verification:
    """`audit verify` (核验审计包)."""
    from shuangsuiji.audit import verify as verb

    report = verb.verify(bundle, _solver() if cross_check else None)
    return Verification(report, report.exit_code(rehearsal))


def _solver() -> "CrossCheck":
    """The independent solver, loaded only when asked for."""
    from shuangsuiji.audit.cross_check import cross_check

    return cross_check


GROUP: Final = Group(
    "audit", (0, 2), {"verify": f"{__name__}:verify", "fairness": "shuangsuiji.cli.fairness:fairness"}
)
