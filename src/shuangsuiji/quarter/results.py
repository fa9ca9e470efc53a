"""`results list` (检查结果一览), and what every verb about results begins with: of which draw, and where they stand."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shuangsuiji.core.decisions import TargetOutcome, TargetRequest
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.seed import REAL
from shuangsuiji.errors import InputRefused, Listing, WrongState
from shuangsuiji.followup.results import (
    STATES,
    Entry,
    Key,
    Review,
    Standing,
    parse_entry,
    parse_review,
    standings,
    told_at,
)
from shuangsuiji.followup.vocabulary import Vocabulary, find_word, known_words
from shuangsuiji.quarter.chronicle import read_records, recorded_draw, teams_drawn
from shuangsuiji.quarter.dossier import read_plan
from shuangsuiji.quarter.frozen_lines import lines_of
from shuangsuiji.store import Store
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow


@dataclass(frozen=True, slots=True)
class Filter:
    """筛选: what `results list` shows; an empty field does not choose.

    `state` is one of `STATES`, `category` a code or name, `task` an id, `target` an id, `batch` (录入批号) 0 for all.
    """

    state: str = ""
    category: str = ""
    task: str = ""
    target: str = ""
    batch: int = 0


@dataclass(frozen=True, slots=True)
class ListResult:
    """The results of a draw: how many (项) by state and, of those entered, by category's name; those that were chosen.

    `targets` are 户, `unchecked` those of them without any entry (未检查). `names` are targets' names by id, `persons`
    inspectors' by id, `tasks` tasks' by id, `words` the names of categories by code.
    """

    plan: str
    mode: str
    draw: int
    targets: int
    unchecked: int
    states: Mapping[str, int]
    categories: Mapping[str, int]
    chosen: tuple[Standing, ...]
    names: Mapping[str, str]
    persons: Mapping[str, str]
    tasks: Mapping[str, str]
    words: Mapping[str, str]


def list_results(
    store: Store, chosen: Filter, *, plan_id: str | None = None, config: Path | None = None
) -> ListResult:
    """Where the results of a draw stand; changes nothing.

    Raises WrongState as `results_draw`; InputRefused `result.unknown_category` for a category to choose that is none,
    `rosters.settings_*`.
    """
    vocabulary = Vocabulary.load(workspace=store.layout.root, override=config)
    category = _category(vocabulary, chosen.category)
    with store.read() as reader:
        draw = results_draw(reader, plan_id)
        plan, found = read_plan(reader, draw), read_standings(reader, draw)
        names, persons = entity_names(reader, draw), person_names(reader, draw)
    entered = [one.entry for one in found if one.entry is not None]
    targets = {one.target for one in found}
    shown = tuple(one for one in found if _chosen(one, chosen, category))
    words = {code: one.name for code, one in vocabulary.categories.items()}
    counted = Counter(words.get(one.category, one.category) for one in entered)
    return ListResult(
        plan=draw.plan_id,
        mode=draw.mode,
        draw=draw.number,
        targets=len(targets),
        unchecked=len(targets - {one.target for one in entered}),
        states=by_state(found),
        categories=dict(counted.most_common()),
        chosen=shown,
        names={one.target: names.get(one.target, "") for one in shown},
        persons={person: persons[person] for one in shown if one.entry for person in one.entry.persons},
        tasks={task.id: task.name for task in plan.tasks},
        words=words,
    )


def by_state(found: Sequence[Standing]) -> dict[str, int]:
    """How many results (项) stand in each state, those that none is in with 0."""
    counted = Counter(one.state for one in found)
    return {state: counted[state] for state in STATES}


def read_standings(reader: Reader, draw: DrawRow) -> tuple[Standing, ...]:
    """Where the results of a draw stand, in order of target, task of the plan, item.

    None before the match, where no teams were found, and of a void draw. Targets are those after all records: who was
    replaced has no result any more, who came in has.
    """
    if not is_inspected(reader, draw):
        return ()
    plan = read_plan(reader, draw)
    return standings(
        expected_results(plan, present_targets(reader, draw)),
        read_entries(reader, draw),
        read_reviews(reader, draw),
        told_at(reader.published_entries(draw)),
    )


def read_entries(reader: Reader, draw: DrawRow) -> tuple[Entry, ...]:
    """All entries of a draw in the order of their ids, those that were corrected too."""
    return tuple(map(parse_entry, reader.entries(draw)))


def read_reviews(reader: Reader, draw: DrawRow) -> tuple[Review, ...]:
    """All reviews of a draw's entries."""
    return tuple(map(parse_review, reader.reviews(draw)))


def standing_entries(entries: Sequence[Entry]) -> dict[Key, Entry]:
    """The entries that stand: of each item the last."""
    return {one.key: one for one in entries}


def expected_results(plan: Plan, targets: Mapping[str, Sequence[str]]) -> Iterator[Key]:
    """Of what a draw must have results: targets ascending by id, their tasks and items in the plan's order."""
    for target in sorted(targets):
        for task in plan.tasks:
            if task.id in targets[target]:
                yield from ((target, task.id, item) for item in task.items)


def present_targets(reader: Reader, draw: DrawRow) -> dict[str, tuple[str, ...]]:
    """The targets of a matched draw after all records, with the ids of their tasks."""
    found = {line["id"]: tuple(line["tasks"]) for line in _lines(reader, draw, "targets.jsonl")}
    asked: dict[int, str] = {}
    for record in read_records(reader, draw):
        match record.decision:
            case TargetRequest() as request:
                asked[record.seq] = request.target
            case TargetOutcome() as came if came.target:
                found[came.target] = found.pop(asked[came.request])
    return found


def is_inspected(reader: Reader, draw: DrawRow) -> bool:
    """Whether a draw's targets are inspected: it has teams and is not void."""
    return "blocks.jsonl" in draw.files and not draw.void and teams_drawn(reader, draw)


def inspected_draws(reader: Reader) -> list[DrawRow]:
    """The draws whose results are of interest: all real ones; without any, the latest rehearsal of each plan."""
    draws = [draw for draw in reader.draws() if is_inspected(reader, draw)]
    real = [draw for draw in draws if draw.mode == REAL]
    return real or list({draw.plan_id: draw for draw in draws}.values())


def results_draw(reader: Reader, plan_id: str | None) -> DrawRow:
    """The draw that a verb about results means: the latest of the plan; without one the only one that has work left.

    WrongState: `quarter.void`, `quarter.too_early`, `quarter.unmanned` and those of `recorded_draw` where there is
    none, `quarter.which_draw` where there are several.
    """
    if plan_id is not None:
        found = [one for one in reader.draws() if one.plan_id == plan_id and is_inspected(reader, one)][-1:]
    else:
        found = inspected_draws(reader)
        found = _with_work_left(reader, found) if len(found) > 1 else found
    if not found:
        draw = recorded_draw(reader, plan_id)
        raise WrongState("quarter.unmanned", plan=draw.plan_id, number=draw.number)
    return _the_only(found)


def scheduled_draw(reader: Reader, plan_id: str | None) -> DrawRow:
    """The draw that a verb about the calendar means: the latest of the plan; without one the only one to be visited.

    That is the one with teams that is not published yet, else the one that has results left. WrongState as
    `recorded_draw`.
    """
    found = inspected_draws(reader) if plan_id is None else []
    if not found:
        return recorded_draw(reader, plan_id)
    unpublished = [one for one in found if one.state != "published"]
    return _the_only(unpublished or (_with_work_left(reader, found) if len(found) > 1 else found))


def _with_work_left(reader: Reader, draws: list[DrawRow]) -> list[DrawRow]:
    """Those of some draws that have results to enter, to review or to publish; if none has, all."""
    left = [one for one in draws if any(each.state != "published" for each in read_standings(reader, one))]
    return left or draws


def _the_only(draws: Sequence[DrawRow]) -> DrawRow:
    if len(draws) > 1:
        raise WrongState("quarter.which_draw", draws=Listing(dict.fromkeys(one.plan_id for one in draws)))
    return draws[0]


def _chosen(one: Standing, chosen: Filter, category: str) -> bool:
    entry = one.entry
    return (
        (not chosen.state or one.state == chosen.state)
        and (not chosen.task or one.task == chosen.task)
        and (not chosen.target or one.target == chosen.target)
        and (not category or (entry is not None and entry.category == category))
        and (not chosen.batch or (entry is not None and entry.batch == chosen.batch))
    )


def _category(vocabulary: Vocabulary, written: str) -> str:
    if not written:
        return ""
    found = find_word(vocabulary.categories, written)
    if found is None:
        known = known_words(vocabulary.categories.values())
        raise InputRefused("result.unknown_category", value=written, known=known)
    return found.code


def entity_names(reader: Reader, draw: DrawRow) -> dict[str, str]:
    """The names of a matched draw's targets by id: of those who were drawn, and of those who took their places."""
    drawn = {line["id"] for line in _lines(reader, draw, "targets.jsonl")}
    return names_of(reader, draw, drawn.union(present_targets(reader, draw)))


def names_of(reader: Reader, draw: DrawRow, entities: Collection[str]) -> dict[str, str]:
    """The names of some of a draw's frozen entities by id."""
    lines = lines_of(reader.file(draw, "entities.jsonl"), entities).splitlines()
    return {one["id"]: one["name"] for one in map(json.loads, lines)}


def person_names(reader: Reader, draw: DrawRow) -> dict[str, str]:
    """The names of a draw's inspectors by id."""
    return {line["id"]: line["name"] for line in _lines(reader, draw, "inspectors.jsonl")}


def _lines(reader: Reader, draw: DrawRow, name: str) -> Iterator[Mapping[str, Any]]:
    """The lines of one of the draw's own files, whose digest the store has checked."""
    return map(json.loads, reader.file(draw, name).splitlines())
