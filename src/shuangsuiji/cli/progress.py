"""A sign of life for what takes longer than two seconds: the seconds so far, on a terminal's stderr.

A bar would need the core to report on itself from inside; the core is pure, and its stages differ too much in length
for a share of them to say anything. So the clock is shown instead, and wiped away at the end. Work that repeats the
same step many times says how far it is (`done`).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from shuangsuiji.cli import language

PATIENCE: Final = 2.0
"""Seconds before anything is shown."""

_WIPE: Final = "\r\x1b[K"
_BAR: Final = 24


class _Share:
    """How much of the work is done, for the ticker's thread to read; empty where nobody says."""

    text = ""


_share: Final = _Share()


def done(steps: int, of: int) -> None:
    """Say how many of the steps are done."""
    filled = _BAR * steps // of
    _share.text = f"{'█' * filled}{'░' * (_BAR - filled)} {steps}/{of}  " if steps < of else ""


def solving(steps: int, of: int, cost: int, bound: int) -> None:
    """Say how far a solver is: the steps, and how far above the bound what it has found costs."""
    done(steps, of)
    if _share.text:
        gap = 1000 * (cost - bound) // max(1, cost)
        _share.text += language.text("cli.solving", cost=cost, bound=bound, gap=f"{gap // 10}.{gap % 10}")


@contextmanager
def shown(stream: TextIO, *, wanted: bool, after: float = PATIENCE, every: float = 1.0) -> Iterator[None]:
    """Show on `stream` how long the block has been running, once it runs longer than `after` seconds.

    Nothing is shown unless `wanted` and `stream` is a terminal.
    """
    if not (wanted and stream.isatty()):
        yield
        return
    ended = threading.Event()
    _share.text = ""
    # The context, and with it the language, is this thread's own: the text is looked up here.
    template = language.text("cli.working", seconds="{seconds}")
    ticker = threading.Thread(target=_tick, args=(stream, template, ended, after, every), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        ended.set()
        ticker.join()


def _tick(stream: TextIO, template: str, ended: threading.Event, after: float, every: float) -> None:
    seconds = after
    if ended.wait(after):
        return
    while True:
        stream.write(_WIPE + _share.text + template.format(seconds=int(seconds)))
        stream.flush()
        if ended.wait(every):
            break
        seconds += every
    stream.write(_WIPE)
    stream.flush()
