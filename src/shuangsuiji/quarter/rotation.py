"""Rotation (轮换): who inspected whom in the last draws."""

import json
from collections.abc import Iterator, Mapping

from shuangsuiji.core.plan import Plan
from shuangsuiji.core.seed import REAL
from shuangsuiji.core.standing import NOBODY
from shuangsuiji.quarter.chronicle import read_chronicle, record_count
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow


def met_lately(reader: Reader, plan: Plan, draws: int) -> Iterator[tuple[str, str]]:
    """The pairs (inspector, entity) of the teams of the last `draws` real draws, those of other plans alone.

    A draw counts once its inspectors are drawn, unless it is void; who was replaced since has met nobody.
    """
    for draw in _latest(reader, plan, draws):
        yield from _met(reader, draw)


def met_before(reader: Reader, plan: Plan, draws: int, before: DrawRow) -> Mapping[tuple[str, str], int]:
    """The pairs of `met_lately` with the number of the draw in which they met last, as that freeze found them."""
    return {
        pair: draw.number for draw in _latest(reader, plan, draws, before.id) for pair in _met(reader, draw)
    }


def _latest(reader: Reader, plan: Plan, draws: int, before: int | None = None) -> list[DrawRow]:
    matched = [
        draw
        for draw in reader.draws()
        if draw.mode == REAL and draw.plan_id != plan.id and not draw.void and "blocks.jsonl" in draw.files
        if before is None or draw.id < before
    ]
    return sorted(matched, key=lambda draw: draw.number)[-draws:] if draws else []


def _met(reader: Reader, draw: DrawRow) -> Iterator[tuple[str, str]]:
    if record_count(draw):
        for target, one in read_chronicle(reader, draw).state.targets.items():
            yield from ((inspector, target) for inspector in one.team.values() if inspector != NOBODY)
        return
    for block in map(json.loads, reader.file(draw, "blocks.jsonl").splitlines()):
        for member in block.get("team", []):
            yield from ((member["inspector"], target) for target in block["targets"])
