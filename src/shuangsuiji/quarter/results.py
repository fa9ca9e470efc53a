"""`results` (检查结果): what stands of a draw's results, read from the store."""

from collections.abc import Iterator

from shuangsuiji.core.plan import Plan
from shuangsuiji.core.standing import State
from shuangsuiji.followup.results import (
    Entry,
    Key,
    Review,
    Standing,
    parse_entry,
    parse_review,
    standings,
    told_at,
)
from shuangsuiji.quarter.chronicle import Chronicle, read_chronicle
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow


def read_standings(reader: Reader, draw: DrawRow, chronicle: Chronicle | None = None) -> tuple[Standing, ...]:
    """Where the results of a matched draw stand, in order of target, task of the plan, item; empty for a void one.

    Targets are those after all records: who was replaced has no result any more, who came in has. `chronicle` spares
    reading the draw a second time.
    """
    if draw.void:
        return ()
    chronicle = chronicle or read_chronicle(reader, draw)
    return standings(
        expected_results(chronicle.grounds.frozen.plan, chronicle.state),
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


def expected_results(plan: Plan, state: State) -> Iterator[Key]:
    """Of what a draw must have results: its targets ascending by id, their tasks and items in the plan's order."""
    for target in sorted(state.targets):
        own = state.targets[target].target.tasks
        for task in plan.tasks:
            if task.id in own:
                yield from ((target, task.id, item) for item in task.items)
