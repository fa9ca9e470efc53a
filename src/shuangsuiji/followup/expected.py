"""What results are held against: the draw's plan, its targets as they stand, who was to visit them when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shuangsuiji.core.plan import Plan
from shuangsuiji.core.records import Inspector
from shuangsuiji.followup.results import Entry, Key


@dataclass(frozen=True, slots=True)
class Case:
    """一户: a target as it stands after all records, and who was to visit it when.

    `since` is the day of the draw, or of the record by which the target came in. `teams` are the inspectors of each
    state of the draw, in order, with the last day of that state (None: it still holds).
    """

    tasks: tuple[str, ...]
    since: date
    teams: tuple[tuple[date | None, frozenset[str]], ...]

    def lawful(self, day: date) -> frozenset[str]:
        """Who may have been there on a day: those assigned then, and those whom a later record put in their place."""
        return frozenset().union(*(team for until, team in self.teams if until is None or day <= until))

    @property
    def ever(self) -> frozenset[str]:
        """Who was assigned at any time."""
        return frozenset().union(*(team for _, team in self.teams))

    def assigned(self, day: date) -> frozenset[str]:
        """The team as it stood at the end of a day."""
        return next(team for until, team in self.teams if until is None or day < until)


@dataclass(frozen=True, slots=True)
class Expected:
    """What results are held against: the draw's plan and present targets, and what was entered before.

    `methods` are the plan's own (检查方式) by task, in its words; `replaced` are former targets, `aliases` other codes
    of present ones; `requested` are targets that somebody asked to replace, undecided yet; `standing` are the entries
    that stand.
    """

    plan: Plan
    methods: Mapping[str, str]
    today: date
    cases: Mapping[str, Case]
    inspectors: Mapping[str, Inspector]
    replaced: frozenset[str] = frozenset()
    requested: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    other_plans: frozenset[str] = frozenset()
    standing: Mapping[Key, Entry] = field(default_factory=dict)
