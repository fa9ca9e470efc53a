"""公示规则: which measures are public with a result, and for how long results are: `config/publication.toml`."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from shuangsuiji import config
from shuangsuiji.bundle.disclose_results import Term
from shuangsuiji.errors import InputRefused, Listing
from shuangsuiji.followup.results import STEPS
from shuangsuiji.rosters.settings import Table

NAME: Final = "publication.toml"
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Publication:
    """公示规则: the measures (codes) that are public, the terms by the days from which they hold."""

    measures: tuple[str, ...]
    terms: tuple[Term, ...]


def read_publication(*, workspace: Path | None = None, override: Path | None = None) -> Publication:
    """The rules as configured. Raises InputRefused `config.missing`, `rosters.settings_*`."""
    top = Table.load(config.locate(NAME, workspace=workspace, override=override))
    top.only(("measures", "term"))
    measures = top.texts("measures")
    for one in measures:
        if one not in STEPS:
            raise InputRefused(
                "rosters.settings_choice", top.place("measures"), value=one, known=Listing(STEPS)
            )
    return Publication(measures, tuple(map(_term, top.tables("term"))))


def _term(table: Table) -> Term:
    table.only(("from", "years", "person_years"))
    try:
        begins = date.fromisoformat(table.text("from"))
    except ValueError as error:
        raise InputRefused("rosters.settings_type", table.place("from"), wanted='"2019-01-01"') from error
    return Term(begins, _years(table, "years"), _years(table, "person_years"))


def _years(table: Table, key: str) -> int:
    value = table.values.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LONGEST:
        raise InputRefused("rosters.settings_type", table.place(key), wanted="5")
    return value
