"""Rotation (轮换): who inspected whom in the last draws."""

import json
from collections.abc import Iterator

from shuangsuiji.core.plan import Plan
from shuangsuiji.core.seed import REAL
from shuangsuiji.store.queries import Reader


def met_lately(reader: Reader, plan: Plan, draws: int) -> Iterator[tuple[str, str]]:
    """The pairs (inspector, entity) of the teams of the last `draws` real draws, those of other plans alone.

    A draw counts once its inspectors are drawn.
    """
    matched = [
        draw
        for draw in reader.draws()
        if draw.mode == REAL and draw.plan_id != plan.id and "blocks.jsonl" in draw.files
    ]
    latest = sorted(matched, key=lambda draw: draw.number)[-draws:] if draws else []
    for draw in latest:
        for block in map(json.loads, reader.file(draw, "blocks.jsonl").splitlines()):
            for member in block.get("team", []):
                yield from ((member["inspector"], target) for target in block["targets"])
