"""到户人员: who was to visit a target on which day, as the records of its draw went on."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from shuangsuiji.core.decisions import PersonsRequest, Record, TargetOutcome, TargetRequest
from shuangsuiji.core.standing import NOBODY, State
from shuangsuiji.core.succession import succeed
from shuangsuiji.followup.expected import Case
from shuangsuiji.publish.words import civil_day
from shuangsuiji.quarter.chronicle import Chronicle
from shuangsuiji.store import instants
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow


def read_cases(reader: Reader, chronicle: Chronicle) -> dict[str, Case]:
    """The present targets, with the teams of each state of the draw that they were in."""
    drawn = civil_day(_match_time(reader, chronicle.draw))
    states: list[tuple[date | None, State]] = []
    since: dict[str, date] = {}
    for record, before, _ in steps(chronicle):
        states.append((day_of(record), before))
        if isinstance(record.decision, TargetOutcome) and record.decision.target:
            since[record.decision.target] = day_of(record)
    states.append((None, chronicle.state))
    return {
        target: Case(own.target.tasks, since.get(target, drawn), tuple(_teams(target, states)))
        for target, own in chronicle.state.targets.items()
    }


def steps(chronicle: Chronicle) -> Iterator[tuple[Record, State, State]]:
    """Each record of a draw, with where the draw stood before and after it."""
    state = chronicle.grounds.first()
    for record in chronicle.records:
        before, state = state, succeed(chronicle.grounds, state, record)
        yield record, before, state


def day_of(record: Record) -> date:
    """The day in China on which a record was made."""
    return civil_day(instants.from_text(record.time))


def asked_targets(state: State) -> Iterator[str]:
    """The targets that somebody asked to replace, undecided yet."""
    for number in state.open:
        decision = state.requests[number].decision
        if isinstance(decision, TargetRequest):
            yield decision.target


def leaving(state: State) -> Mapping[str, frozenset[str]]:
    """The persons whom somebody asked to replace, undecided yet, by the targets that are left to them."""
    found: dict[str, frozenset[str]] = {}
    for number in state.open:
        decision = state.requests[number].decision
        for place in decision.places if isinstance(decision, PersonsRequest) else ():
            for target in place.targets:
                person = state.targets[target].team[place.slot] if target in state.targets else NOBODY
                if person != NOBODY:
                    found[target] = found.get(target, frozenset()) | {person}
    return found


def _teams(
    target: str, states: list[tuple[date | None, State]]
) -> Iterator[tuple[date | None, frozenset[str]]]:
    """The different teams in order, each with the last day on which it held."""
    held: tuple[date | None, frozenset[str]] | None = None
    for until, one in states:
        if target not in one.targets:
            continue
        team = frozenset(one.targets[target].team.values()) - {NOBODY}
        if held is not None and held[1] != team:
            yield held
        held = until, team
    if held is not None:
        yield held


def _match_time(reader: Reader, draw: DrawRow) -> datetime:
    """When the inspectors of a matched draw were drawn."""
    return next(
        instants.from_text(entry.time)
        for entry in reversed(reader.log())
        if (entry.verb, entry.details.get("mode"), entry.details.get("draw"))
        == ("match", draw.mode, draw.number)
    )
