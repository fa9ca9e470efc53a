"""Rotation (轮换): who inspected whom in the last draws."""

import json
from collections.abc import Iterator

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
    matched = [
        draw
        for draw in reader.draws()
        if draw.mode == REAL and draw.plan_id != plan.id and not draw.void and "blocks.jsonl" in draw.files
    ]
    latest = sorted(matched, key=lambda draw: draw.number)[-draws:] if draws else []
    for draw in latest:
        yield from _met(reader, draw)


def _met(reader: Reader, draw: DrawRow) -> Iterator[tuple[str, str]]:
    if record_count(draw):
        for target, one in read_chronicle(reader, draw).state.targets.items():
            yield from ((inspector, target) for inspector in one.team.values() if inspector != NOBODY)
        return
    for block in map(json.loads, reader.file(draw, "blocks.jsonl").splitlines()):
        for member in block.get("team", []):
            yield from ((member["inspector"], target) for target in block["targets"])
