"""`audit fairness` (公平性模拟): the frozen batch of a draw under many seeds; the workspace is only read."""

from dataclasses import dataclass
from pathlib import Path

from shuangsuiji import messages
from shuangsuiji.audit.fairness import Fairness, Tell, simulate
from shuangsuiji.audit.fairness_plot import plot
from shuangsuiji.errors import WrongState
from shuangsuiji.messages import Lang
from shuangsuiji.quarter.dossier import read_frozen, read_texts
from shuangsuiji.store import files
from shuangsuiji.store.environment import environment
from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import DrawRow
from shuangsuiji.store.workspace import Store


@dataclass(frozen=True, slots=True)
class FairnessResult:
    """Whose frozen batch was simulated, what came of it, and where the picture lies, if one was asked for."""

    plan: str
    mode: str
    draw: int
    fairness: Fairness
    picture: Path | None


def fairness(
    store: Store, *, plan_id: str | None = None, seeds: int, picture: Path | None, lang: Lang, tell: Tell
) -> FairnessResult:
    """Simulate the frozen open draw, of one plan if it is named; if none is open, the last one.

    Changes nothing but `picture`, an SVG in the language `lang`. `tell` is told after each seed. Raises WrongState
    `quarter.not_frozen` if nothing has been frozen, and as `read_frozen`.
    """
    with store.read() as reader:
        draw = _frozen_draw(reader, plan_id)
        frozen, slots = read_frozen(reader, draw), read_texts(reader, draw).slots
    found = simulate(frozen, slots, seeds, tell)
    if picture is not None:
        mode = messages.text(f"audit.plot.mode.{draw.mode}", lang)
        title = messages.text("audit.plot.title", lang, plan=draw.plan_id, mode=mode, draw=draw.number)
        with environment(picture):
            files.write(picture, plot(found, title, lang))
    return FairnessResult(draw.plan_id, draw.mode, draw.number, found, picture)


def _frozen_draw(reader: Reader, plan_id: str | None) -> DrawRow:
    draws = [
        one for one in reader.draws() if plan_id in (None, one.plan_id) and "commitment.json" in one.files
    ]
    if not draws:
        raise WrongState("quarter.not_frozen", plan=plan_id or "")
    opened = [one for one in draws if one.state != "published"]
    return (opened or draws)[-1]
