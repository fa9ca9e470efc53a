"""`shuangsuiji demo`: the sample's year as a rehearsal, from rosters to the year's account, each command as typed."""

import csv
import io
import re
import shlex
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from shuangsuiji.cli import PROGRAM, run
from shuangsuiji.cli.demo_year import Places, Step, steps
from shuangsuiji.cli.framework import command
from shuangsuiji.cli.language import text
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.errors import InputRefused, Where

_FOUNDING: Final = ("whole.entities", "whole.due", "whole.checked", "whole.entered", "whole.lost")
"""What the founding report says of its year, by the keys of the account's public table."""
_PLAIN: Final = re.compile(r"[\w@%+=:,./-]+")
_PEOPLE: Final = ("review.reviewed", "review.cancelled")


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo's results lie, and the year's figures as its account has them, by key."""

    workspace: Path
    published: Path
    bundle: Path
    public: Path
    receipt: Path
    sheet: Path
    report: Path
    account: Path
    site: Path
    figures: Mapping[str, int]
    failed: tuple[str, ...]


def show(result: Demo, page: Page) -> None:
    """The founding report's figures, reproduced; what to look at now."""
    from shuangsuiji.publish.account import percent

    due, checked, entered = (result.figures[f"whole.{name}"] for name in ("due", "checked", "entered"))
    page.gap()
    page.say(
        "cli.demo.figures",
        entities=result.figures["whole.entities"],
        lost=result.figures["whole.lost"],
        check=percent(checked, due),
        entry=percent(entered, due),
        reviewed=result.figures["review.reviewed"],
        cancelled=result.figures["review.cancelled"],
    )
    page.gap()
    named = ("site", "account", "published", "bundle", "public", "receipt", "sheet", "report")
    for words in result.failed:
        page.say("cli.demo.failed", command=words)
    page.say("cli.demo.done", **{name: str(getattr(result, name)) for name in named})


@command("demo", exits=(0, 1, 2, 3, 4, 6), render=show, exit_code=lambda result: int(bool(result.failed)))
def demo(session: Session) -> Demo:
    """`demo` (演示)."""
    from shuangsuiji.quarter.dossier import keeping_frozen

    if session.workspace.exists() and any(session.workspace.iterdir()):
        raise InputRefused("cli.demo.exists", Where(file=str(session.workspace)))
    places, told = Places(session.workspace), not (session.json or session.quiet)
    at, failed = "", []
    if told:
        click.echo(f"$ export SHUANGSUIJI_WORKSPACE={_typed([str(session.workspace)])}")
    with keeping_frozen():
        for step in steps(places):
            if told and step.at != at:
                click.echo(f"\n$ export SHUANGSUIJI_AS_OF={step.at}")
            at = step.at
            if _carry_out(step, session, told=told):
                failed.append(_typed(step.words))
    return Demo(
        workspace=places.workspace,
        published=places.published,
        bundle=places.bundle,
        public=places.public,
        receipt=places.receipt,
        sheet=places.sheet,
        report=places.questions,
        account=places.account,
        site=places.site,
        figures=_figures(places.account),
        failed=tuple(failed),
    )


def _carry_out(step: Step, session: Session, *, told: bool) -> int:
    """Run one command; its line, and as much of its answer as the step shows. Its exit code."""
    common = ["--workspace", str(session.workspace), "--lang", session.lang, "--as-of", step.at]
    if not told:
        return run([*step.words, *common, "--quiet"])
    click.echo(f"$ {PROGRAM} {_typed(step.words)}")
    if not step.shown:
        code = run([*step.words, *common])
        click.echo()
        return code
    with redirect_stdout(io.StringIO()) as answer:
        code = run([*step.words, *common])
    lines = [line for line in answer.getvalue().splitlines() if line.strip()]
    more = len(lines) - step.shown
    if more > 0:
        lines[step.shown :] = [text("cli.demo.more", count=more)]
    click.echo("\n".join(lines))
    return code


def _typed(words: Iterable[str]) -> str:
    """Words as they would be typed; Chinese ones need no quotes."""
    return " ".join(word if _PLAIN.fullmatch(word) else shlex.quote(word) for word in words)


def _figures(account: Path) -> Mapping[str, int]:
    """The figures of the year's account that the founding report has too."""
    with (account / "public" / "figures.csv").open(encoding="utf-8-sig", newline="") as table:
        found = {row[0]: row[2] for row in csv.reader(table)}
    return {name: int(found[name]) for name in (*_FOUNDING, *_PEOPLE)}
