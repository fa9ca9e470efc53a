"""The pools of a plan's places, as `plan check` and `freeze` print them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from shuangsuiji.cli.page import Page

if TYPE_CHECKING:
    from shuangsuiji.quarter.preview import PoolPreview
    from shuangsuiji.quarter.stranded import TeamPreview

_POOLS: Final = (
    "cli.plan.slot",
    "cli.plan.district",
    "cli.plan.pool",
    "cli.plan.least",
    "cli.plan.lawful.scarce",
)
_TEAMS: Final = (
    "cli.plan.lawful.slots",
    "cli.plan.lawful.of_district",
    "cli.plan.lawful.targets",
    "cli.plan.lawful.teams",
    "cli.plan.lawful.scarce",
)


def show_pools(pools: "Sequence[PoolPreview]", page: Page) -> None:
    """How many persons could be drawn for each place, by district where it is bound to one; the scarce labelled.

    The fewest are those whom recusals leave to some target; the label is theirs.
    """
    from shuangsuiji.bundle.pools import label

    rows = [
        (
            pool.name,
            page.text(f"cli.plan.rule.{pool.rule}", district=pool.district or ""),
            pool.size,
            pool.least,
            _scarce(label(pool.least), page),
        )
        for pool in pools
    ]
    page.table(_POOLS, rows)


def show_teams(teams: "Sequence[TeamPreview]", names: Mapping[str, str], page: Page) -> None:
    """How many lawful teams there are for the target that has the fewest, by places and district."""
    if not teams:
        return
    page.gap()
    page.say("cli.plan.lawful.teams_said")
    join = page.text("where.join")
    rows = [
        (
            join.join(names[slot] for slot in one.slots),
            one.district or page.text("cli.plan.no_value"),
            one.targets,
            "—" if one.least is None else one.least,
            page.text("cli.plan.lawful.none") if one.label == "nobody" else _scarce(one.label, page),
        )
        for one in teams
    ]
    page.table(_TEAMS, rows)


def _scarce(code: str, page: Page) -> str:
    return page.text(f"publish.scarce.{code}") if code else ""
