"""The batches (批次) that are counted together: of each plan the draw that stands, with its teams."""

from dataclasses import dataclass

from shuangsuiji.quarter.chronicle import ended
from shuangsuiji.quarter.dossier import read_plan
from shuangsuiji.quarter.results import is_inspected
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow, Mode


@dataclass(frozen=True, slots=True)
class Batches:
    """The draws that count, by the first day of their visits; plans without teams yet; how many draws are void."""

    counted: tuple[DrawRow, ...]
    undrawn: tuple[str, ...]
    void: int


def read_batches(
    reader: Reader, mode: Mode, *, year: int | None = None, plan_id: str | None = None
) -> Batches:
    """The batches of a mode: of a plan, of those whose visits begin in a year, or all; of several draws the last."""
    begins = {
        draw.id: read_plan(reader, draw).window_from
        for draw in reader.draws()
        if draw.mode == mode and plan_id in (None, draw.plan_id)
    }
    chosen = [
        draw
        for draw in reader.draws()
        if draw.id in begins and (year is None or begins[draw.id].startswith(f"{year:04}-"))
    ]
    latest = {draw.plan_id: draw for draw in chosen if not ended(reader, draw)}
    counted = [draw for draw in latest.values() if is_inspected(reader, draw)]
    return Batches(
        tuple(sorted(counted, key=lambda draw: (begins[draw.id], draw.number))),
        tuple(plan for plan, draw in latest.items() if draw not in counted),
        sum(draw.void for draw in chosen),
    )
