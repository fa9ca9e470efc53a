"""标记: what every private cell of the sample holds, and nothing else does.

龘 stands in no name, heading, text or notice of the program, so one search for it in whatever is published finds
every private cell that got out, as it was or as part of something else. (A few shops are registered under their
owner's name, which is private too: the public may see 个体工商户（经营者王某） instead.)
"""

from typing import Final

from shuangsuiji.sample.chance import Chance
from shuangsuiji.sample.trades import SURNAMES

MARK: Final = "龘"


def mark(column: str, serial: int) -> str:
    """A private cell other than a name: the mark, one character for its column, a number: 龘电000123."""
    return f"{MARK}{column}{serial:06}"


def marked_name(chance: Chance) -> str:
    """A private person's name: a surname and the mark. 王龘."""
    return chance.pick(SURNAMES) + MARK
