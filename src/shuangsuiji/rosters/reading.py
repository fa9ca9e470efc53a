"""The one door: files in, a checked roster out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pandas as pd

from shuangsuiji import config
from shuangsuiji.rosters.conflicts import check_conflicts
from shuangsuiji.rosters.draft import Draft
from shuangsuiji.rosters.entities import check_entities, check_list, check_risk, check_visits
from shuangsuiji.rosters.files import read_tables
from shuangsuiji.rosters.headings import HeadingMap
from shuangsuiji.rosters.model import CheckedRoster, Kind, RawTable
from shuangsuiji.rosters.people import check_inspectors
from shuangsuiji.rosters.reasons import check_reasons
from shuangsuiji.rosters.results import check_results, check_steps
from shuangsuiji.rosters.review import check_review
from shuangsuiji.rosters.words import Words


@dataclass(frozen=True, slots=True)
class Rules:
    """The two configuration files of rosters: `headings.toml` (表头对照) and `words.toml` (词表)."""

    headings: HeadingMap
    words: Words

    @classmethod
    def load(cls, *, workspace: Path | None = None, override: Path | None = None) -> Self:
        """The files that hold for a workspace (`config.locate`). Raises InputRefused `rosters.settings_*`."""
        headings, words = (
            config.locate(name, workspace=workspace, override=override)
            for name in ("headings.toml", "words.toml")
        )
        return cls(HeadingMap.load(headings), Words.load(words))


def read(
    kind: Kind,
    paths: Sequence[Path],
    rules: Rules,
    *,
    people: pd.DataFrame | None = None,
    entities: pd.DataFrame | None = None,
) -> CheckedRoster:
    """One roster out of one or several files (a workbook from each unit).

    `people` and `entities` are the frames that hold now; a review and conflicts are held against them. Bad rows
    are collected, never raised. Raises InputRefused `rosters.*` for a file that cannot be read as this roster.
    """
    return check(
        kind, read_tables(kind, paths, rules.headings, rules.words), rules, people=people, entities=entities
    )


def check(
    kind: Kind,
    tables: Sequence[RawTable],
    rules: Rules,
    *,
    people: pd.DataFrame | None = None,
    entities: pd.DataFrame | None = None,
) -> CheckedRoster:
    """A roster out of tables that were already read; pure."""
    draft = Draft(kind, tables, rules.headings, rules.words)
    match kind:
        case "review":
            return check_review(draft, people)
        case "conflicts":
            return check_conflicts(draft, people, entities)
        case "list":
            return check_list(draft, entities)
        case _:
            return _ALONE[kind](draft)


# Rosters that are held against no other.
_ALONE: Final[Mapping[Kind, Callable[[Draft], CheckedRoster]]] = {
    "entities": check_entities,
    "risk": check_risk,
    "visits": check_visits,
    "inspectors": check_inspectors,
    "reasons": check_reasons,
    "results": check_results,
    "abnormal": check_steps,
}
