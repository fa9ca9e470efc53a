"""`shuangsuiji sample district|inspectors|results`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from shuangsuiji.cli.framework import Group, command, plan_option
from shuangsuiji.cli.page import Page
from shuangsuiji.cli.session import Session
from shuangsuiji.cli.workspace import open_store

if TYPE_CHECKING:
    from shuangsuiji.quarter.sample import SampleResult

_folder = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
_seed = click.option("--seed", type=int, default=2021, metavar="N")


def show(result: "SampleResult", page: Page) -> None:
    """The files made."""
    page.say("cli.sample.done")
    page.table(["cli.file", "cli.sample.rows"], [(str(one.path), one.rows) for one in result.files])


@command("sample district", exits=(0, 2, 3, 6), render=show)
@_folder
@click.option("--size", type=int, default=48_000, metavar="N")
@_seed
def district(session: Session, folder: Path, size: int, seed: int) -> "SampleResult":
    """`sample district` (合成一个区的全部名册)."""
    from shuangsuiji.quarter import sample as verb

    return verb.district(folder, seed=seed, size=size)


@command("sample inspectors", exits=(0, 2, 3, 4, 6), render=show)
@_folder
@click.option("--column", required=True, metavar="HEADING")
@click.option("--number", type=int, default=1_064, metavar="N")
@click.option("--pairs", type=int, default=160, metavar="N")
@_seed
def inspectors(
    session: Session, folder: Path, column: str, number: int, pairs: int, seed: int
) -> "SampleResult":
    """`sample inspectors` (为已导入的名录合成检查人员和回避关系)."""
    from shuangsuiji.quarter import sample as verb

    store = open_store(session)
    return verb.people(
        store, folder, column=column, number=number, pairs=pairs, seed=seed, config=session.config
    )


@command("sample results", exits=(0, 2, 3, 4, 6), render=show)
@_folder
@click.option("--lost", type=click.IntRange(min=0), default=0, metavar="N")
@click.option("--weekly", is_flag=True)
@plan_option
@_seed
def results(
    session: Session, folder: Path, lost: int, weekly: bool, plan: str | None, seed: int
) -> "SampleResult":
    """`sample results` (合成一批检查结果，如同平台导出)."""
    from shuangsuiji.quarter import sample as verb

    return verb.results(open_store(session), folder, lost=lost, by_week=weekly, plan_id=plan, seed=seed)


_MADE: Final = ("district", "inspectors", "results")
GROUP: Final = Group("sample", (0, 2), {name: f"{__name__}:{name}" for name in _MADE})
