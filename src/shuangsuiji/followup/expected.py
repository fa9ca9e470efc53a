"""What results are held against: the draw's plan, its targets as they stand, who was to visit them when."""

from collections.abc import Iterable, Mapping
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

    def nearest(self, day: date, present: frozenset[str]) -> frozenset[str]:
        """Of the teams that may lawfully have been there on a day, the one that those present come nearest to.

        Of several the first: a later record excuses nobody whose place none of those present took.
        """
        teams = [team for until, team in self.teams if until is None or day <= until]
        return max(teams, key=lambda team: len(team & present))


@dataclass(frozen=True, slots=True)
class Expected:
    """What results are held against: the draw's plan and present targets, and what was entered before.

    `methods` are the plan's own (检查方式) by task, in its words; `replaced` are former targets, `aliases` other codes
    of present ones. Undecided yet: `requested` are targets that somebody asked to replace, `leaving` persons whom he
    asked to replace, by target. `standing` are the entries that stand.
    """

    plan: Plan
    methods: Mapping[str, str]
    today: date
    cases: Mapping[str, Case]
    inspectors: Mapping[str, Inspector]
    replaced: frozenset[str] = frozenset()
    requested: frozenset[str] = frozenset()
    leaving: Mapping[str, frozenset[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    other_plans: frozenset[str] = frozenset()
    standing: Mapping[Key, Entry] = field(default_factory=dict)

    def unsettled(self, targets: Iterable[str]) -> tuple[int, list[str]]:
        """Of how many of these targets persons are asked to be replaced, undecided yet, and their names.

        What took place is entered all the same: whoever comes in then has nothing left to do.
        """
        about = self.leaving.keys() & set(targets)
        persons = sorted({person for target in about for person in self.leaving[target]})
        return len(about), [self.inspectors[person].name for person in persons]
