"""Own visits (本系统的检查): the checks whose results were entered, for cool-down and yearly cap at the next freeze."""

from shuangsuiji.store.queries import Reader
from shuangsuiji.store.rows import Mode


def own_visits(reader: Reader, mode: Mode) -> tuple[tuple[str, str], ...]:
    """The entities checked in draws of a mode, with the days (ISO), each once, ascending.

    What stands counts, reviewed or not: the visit took place. So does that of a target replaced since, and of a draw
    declared void later. A target and day is one visit, however many tasks and items it was about.
    """
    return reader.standing_values(mode, "day")
