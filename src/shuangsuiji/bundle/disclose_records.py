"""The part of `disclose` about the time after the draw: what of the records (§19) is public.

Public are whether a draw is void and why, numbers of visits replaced by kind, and who is on the list now. A reason for
a replacement is not: it can point at a person (病假). Nor is who took whose place: it would tell that both lie in one
stratum. Where tiers are confidential, the list therefore marks those who came in and not those who left, since one of
each would be a pair.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from shuangsuiji.bundle.public import Tally
from shuangsuiji.core.commitment import Frozen
from shuangsuiji.core.decisions import (
    PersonsOutcome,
    PersonsRequest,
    Record,
    TargetOutcome,
    TargetRequest,
    Urgent,
    Void,
)
from shuangsuiji.core.draw import Team
from shuangsuiji.core.records import Inspector
from shuangsuiji.core.standing import NOBODY, State
from shuangsuiji.core.teams import Target

REPLACED: Final = "replaced"
"""A drawn target whose place another one took."""
REPLACEMENT: Final = "replacement"
"""A target that was drawn in another's place."""

_KINDS: Final = (
    "unable",
    "unable_visits",
    "recusal",
    "recusal_visits",
    "urgent",
    "urgent_visits",
    "target",
    "open",
)


def void_reason(records: Sequence[Record]) -> str:
    """Why the draw is void; empty if it is not."""
    return next((one.reason for one in records if isinstance(one.decision, Void)), "")


def replacements(records: Sequence[Record]) -> tuple[Tally, ...]:
    """Persons replaced (次) by kind, each with the visits (户次) they left; targets replaced; requests still open."""
    requests = {one.seq: one.decision for one in records}
    found: Counter[str] = Counter()
    for record in records:
        match record.decision:
            case PersonsRequest() | TargetRequest():
                found["open"] += 1
            case PersonsOutcome(request=number, inspectors=inspectors):
                asked = requests[number]
                found["open"] -= 1
                if isinstance(asked, PersonsRequest) and inspectors:  # none: it had lapsed
                    found[asked.because] += 1
                    found[f"{asked.because}_visits"] += sum(len(place.targets) for place in asked.places)
            case TargetOutcome(target=target):
                found["open"] -= 1
                found["target"] += target != NOBODY
            case Urgent(places):
                found["urgent"] += 1
                found["urgent_visits"] += sum(len(place.targets) for place in places)
            case Void():
                pass
    return tuple(Tally(kind, "", found[kind]) for kind in _KINDS if found[kind])


def who_visits(
    frozen: Frozen, teams: Sequence[Team], state: State | None, *, paired: bool
) -> Iterator[tuple[Target, tuple[Inspector, ...], str]]:
    """The targets drawn, and those drawn in another's place, with their inspectors now and what became of them.

    Unless they may be `paired` with those who came in, targets that were replaced stand there as they were drawn: with
    the team of another target of their block.
    """
    drawn = {target.entity.id for team in teams for target in team.block.targets}
    people = {one.id: one for one in frozen.pool.inspectors}
    for team in teams:
        for target in team.block.targets:
            if state is None:
                yield target, team.inspectors, ""
            elif target.entity.id not in state.targets:
                yield target, () if paired else _of_block(team, state, people), REPLACED if paired else ""
    for standing in state.targets.values() if state is not None else ():
        now = tuple(people[one] for one in standing.team.values() if one)
        new = standing.target.entity.id not in drawn
        yield standing.target, now, REPLACEMENT if new else ""


def _of_block(team: Team, state: State, people: Mapping[str, Inspector]) -> tuple[Inspector, ...]:
    """The inspectors whom the first target of a team's block that was drawn and still stands has now."""
    mates = (state.targets.get(one.entity.id) for one in team.block.targets)
    for standing in filter(None, mates):
        return tuple(people[one] for one in standing.team.values() if one)
    return team.inspectors
