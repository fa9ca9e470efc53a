"""Visit days (检查日) that a plan cannot mean: told before it is frozen with them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from shuangsuiji.core.plan import Plan
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.followup.visit_days import visit_days
from shuangsuiji.followup.workdays import read_workdays
from shuangsuiji.plan.texts import Texts
from shuangsuiji.quarter.preview import Warned


def doubtful_visits(
    plan: Plan, texts: Texts, workspace: Path | None = None, config: Path | None = None
) -> Iterator[Warned]:
    """A warning where no day is left for visits, a named day is no working day, or the year's holidays are unknown."""
    workdays = read_workdays(workspace=workspace, override=config)
    window = (date.fromisoformat(plan.window_from), date.fromisoformat(plan.window_to))
    rules = texts.visits
    try:
        if not visit_days(rules, window, workdays):
            yield Warned("plan.warning.no_visit_day", {"first": plan.window_from, "last": plan.window_to})
        named = {*rules.days, *(day for _, day in rules.appointed)}
        resting = sorted(day for day in named if not workdays.is_working(date.fromisoformat(day)))
    except InputRefused as why:
        yield Warned("plan.warning.year_unknown", {"year": why.params["year"], "file": why.where.file})
        return
    if resting:
        yield Warned("plan.warning.no_working_day", {"days": Listing(resting)})
