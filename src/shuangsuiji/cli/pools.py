"""The pools of a plan's places, as `plan check` and `freeze` print them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from shuangsuiji.cli.page import Page

if TYPE_CHECKING:
    from shuangsuiji.quarter.preview import PoolPreview

_POOLS: Final = ("cli.plan.slot", "cli.plan.district", "cli.plan.pool")


def show_pools(pools: "Sequence[PoolPreview]", page: Page) -> None:
    """How many persons could be drawn for each place, by district where it is bound to one."""
    rows = [
        (pool.name, page.text(f"cli.plan.rule.{pool.rule}", district=pool.district or ""), pool.size)
        for pool in pools
    ]
    page.table(_POOLS, rows)
