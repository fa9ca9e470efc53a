"""`shuangsuiji demo`: a whole batch as a rehearsal on the sample district, each command shown as it would be typed."""

import csv
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from shuangsuiji.cli import PROGRAM, run
from shuangsuiji.cli.framework import command
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.errors import InputRefused, Where

_OPERATOR: Final = "演示员"
_SEED: Final = "20210401" * 8
_ROSTERS: Final = {
    "entities": ("entities-enterprises.csv", "entities-individuals.csv"),
    "risk": ("risk.csv",),
    "inspectors": ("inspectors.csv",),
    "review": ("review.csv",),
    "conflicts": ("conflicts.csv",),
    "visits": ("visits.csv",),
}


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo's results lie: public notices, bundles, one business's receipt, the ten questions."""

    workspace: Path

    @property
    def published(self) -> Path:
        """The public notices."""
        return self.workspace / "published"

    @property
    def bundle(self) -> Path:
        """The auditor's bundle (审计包)."""
        return self.workspace / "bundles" / "demo.zip"

    @property
    def public(self) -> Path:
        """The public bundle (公开包)."""
        return self.workspace / "bundles" / "public.zip"

    @property
    def receipt(self) -> Path:
        """The receipt (回执) of the first business of the published list."""
        return self.workspace / "bundles" / "receipt.json"

    @property
    def report(self) -> Path:
        """The auditor's ten questions (审计十问), one page."""
        return self.workspace / "bundles" / "report.html"


def show(result: Demo, page: Page) -> None:
    """What to look at now."""
    page.gap()
    named = ("published", "bundle", "public", "receipt", "report")
    page.say("cli.demo.done", **{name: str(getattr(result, name)) for name in named})


@command("demo", exits=(0, 2, 3, 6), render=show)
def demo(session: Session) -> Demo:
    """`demo` (演示)."""
    if session.workspace.exists() and any(session.workspace.iterdir()):
        raise InputRefused("cli.demo.exists", Where(file=str(session.workspace)))
    result = Demo(session.workspace)
    common = ["--workspace", str(session.workspace), "--lang", session.lang]
    for words in _batch(result):
        if not session.json:
            click.echo(f"\n$ {PROGRAM} {shlex.join(words)}")
        run([*words, *common, *(["--quiet"] if session.quiet or session.json else [])])
    return result


def _first_drawn(published: Path) -> str:
    """The code of the first business in the published table."""
    (table,) = published.glob("*/*/result.csv")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.DictReader(lines))["统一社会信用代码/注册号"]


def _batch(result: Demo) -> Iterator[list[str]]:
    """The commands of one batch, from an empty directory to a verified bundle."""
    from shuangsuiji.config import shipped

    sample, plan = shipped("sample_data"), shipped("config") / "plans" / "founding-2021.toml"
    yield ["init", "--authority", "拟安县市场监督管理局", "--region", "990121", "--operator", _OPERATOR]
    for roster, files in _ROSTERS.items():
        yield ["import", roster, *(str(sample / name) for name in files)]
    yield ["plan", "check", str(plan)]
    yield ["plan", "adopt", str(plan), "--rehearsal"]
    yield ["freeze", "--value", "explicit:1"]
    yield ["publish"]
    yield ["seed", "--explicit", _SEED]
    yield ["draw"]
    yield ["match"]
    yield ["publish"]
    yield ["export", "bundle", "--output", str(result.bundle)]
    yield ["audit", "verify", str(result.bundle), "--rehearsal", "--cross-check"]
    yield ["audit", "report", str(result.bundle), "--rehearsal", "--output", str(result.report)]
    yield ["export", "public", "--output", str(result.public)]
    yield ["audit", "prove", "--entity", _first_drawn(result.published), "--output", str(result.receipt)]
    receipt = [str(result.receipt), "--public", str(result.public)]
    yield ["audit", "verify", *receipt, "--rehearsal"]
    yield ["status"]
