"""`shuangsuiji audit report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.audit import brought_values, digests, show_brought, show_failure, solver
from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session

if TYPE_CHECKING:
    from shuangsuiji.audit.randomness import Randomness
    from shuangsuiji.quarter.audit_report import ReportResult

_PERSONS: Final = ("slot", "district", "places", "least", "most", "label")
_TEAMS: Final = ("slots", "district", "blocks", "teams", "label")


def show(result: "ReportResult", page: Page) -> None:
    """The ten questions with their answers; where the verification failed instead, if it did."""
    from shuangsuiji.quarter.audit_report import sentence

    if result.report.failure is not None:
        show_failure(result.report.failure, page)
    for one in result.answers:
        page.gap()
        question, answer = (
            page.text(f"audit.question.{one.question}"),
            page.text(f"cli.audit.answer.{one.answer}"),
        )
        page.say("cli.audit.question", question=question, answer=answer)
        for line in one.lines:
            page.say("cli.audit.sentence", sentence=sentence(line, page.lang))
    if result.randomness is not None:
        _show_randomness(result.randomness, page)
    page.gap()
    show_brought(result.report, page)
    page.say(f"cli.audit.verdict.{result.exit_code}")
    if result.page is not None:
        page.say("cli.audit.report_page", path=str(result.page))


def _show_randomness(found: "Randomness", page: Page) -> None:
    """Lawful persons, and teams, of each kind of place in each district, with the labels of the scarce."""
    page.gap()
    page.say("cli.audit.lawful_persons")
    persons = [
        (one.slot, one.district or "—", one.places, one.least, one.most, _label(one.label, page))
        for one in found.persons
    ]
    page.table([f"cli.audit.lawful.{name}" for name in _PERSONS], persons)
    if not found.teams:
        return
    page.gap()
    page.say("cli.audit.lawful_fixed" if found.fixed else "cli.audit.lawful_teams")
    join = page.text("where.join")
    teams = [
        (join.join(one.slots), one.district or "—", one.blocks, one.least, _label(one.label, page))
        for one in found.teams
    ]
    page.table([f"cli.audit.lawful.{name}" for name in _TEAMS], teams)


def _label(label: str, page: Page) -> str:
    return page.text(f"publish.scarce.{label}") if label else ""


@command(
    "audit report",
    exits=(0, 1, 2, 3, 6, 10, 11, 12, 13),
    render=show,
    exit_code=lambda result: result.exit_code,
)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--rehearsal", is_flag=True)
@click.option("--cross-check", is_flag=True)
@click.option("--trust", multiple=True, metavar="FINGERPRINT", callback=digests)
@click.option("--signer", "signers", multiple=True, metavar="FINGERPRINT", callback=digests)
@click.option("--commitment", "commitments", multiple=True, metavar="HEX", callback=digests)
@click.option("--value", "values", multiple=True, metavar="SOURCE:ISSUE=VALUE")
def report(
    session: Session,
    bundle: Path,
    output: Path | None,
    rehearsal: bool,
    cross_check: bool,
    trust: tuple[str, ...],
    signers: tuple[str, ...],
    commitments: tuple[str, ...],
    values: tuple[str, ...],
) -> "ReportResult":
    """`audit report` (审计十问)."""
    from shuangsuiji.quarter import audit_report as verb

    return verb.audit_report(
        bundle,
        output,
        rehearsal=rehearsal,
        cross_check=solver() if cross_check else None,
        trust=frozenset(trust),
        signers=frozenset(signers),
        commitments=commitments,
        values=brought_values(values),
        lang=session.lang,
    )
