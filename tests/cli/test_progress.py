"""Long work shows the seconds so far on a terminal, and leaves nothing behind."""

import io
import time

import pytest

from shuangsuiji.cli import language, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def wait_for(stream: io.StringIO, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in stream.getvalue() and time.monotonic() < deadline:
        time.sleep(0.005)


def fail_after(stream: io.StringIO, text: str) -> None:
    wait_for(stream, text)
    raise ZeroDivisionError


def test_the_seconds_are_shown_and_wiped_away() -> None:
    language.speak("zh")
    terminal = Terminal()
    with progress.shown(terminal, wanted=True, after=0.01, every=0.01):
        wait_for(terminal, "秒")
    assert "秒" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_the_line_is_wiped_when_the_work_fails() -> None:
    terminal = Terminal()
    with pytest.raises(ZeroDivisionError), progress.shown(terminal, wanted=True, after=0.01, every=0.01):
        fail_after(terminal, "\r")
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(("stream", "wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_nothing_is_shown_to_machines_or_when_not_wanted(stream: io.StringIO, wanted: bool) -> None:
    with progress.shown(stream, wanted=wanted, after=0.0, every=0.001):
        time.sleep(0.02)
    assert stream.getvalue() == ""


def test_short_work_shows_nothing() -> None:
    terminal = Terminal()
    with progress.shown(terminal, wanted=True):
        pass
    assert terminal.getvalue() == ""


def test_work_in_steps_says_how_far_it_is_until_it_is_done() -> None:
    terminal = Terminal()
    with progress.shown(terminal, wanted=True, after=0.01, every=0.01):
        progress.done(3, 8)
        wait_for(terminal, "3/8")
        progress.done(8, 8)
    assert "█████████░" in terminal.getvalue()
    with progress.shown(other := Terminal(), wanted=True, after=0.01, every=0.01):
        wait_for(other, "秒")
    assert "/8" not in other.getvalue()
