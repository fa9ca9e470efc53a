"""The day that an issue's number comes to: nothing whose outcome may be known is announced, or closed, unseen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shuangsuiji.config import shipped
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.drawings import announced
from shuangsuiji.quarter.lotteries import Lotteries


def configured(folder: Path, *closed: str) -> Path:
    """A folder of configuration in which the lotteries are closed on these days."""
    text = (shipped("config") / "lotteries.toml").read_text(encoding="utf-8")
    own = text.replace("\nclosed = []\n", f"\nclosed = {list(closed)}\n".replace("'", '"'))
    assert (own != text) == bool(closed)
    (folder / "lotteries.toml").write_text(own, encoding="utf-8")
    return folder


def seen(lotteries: Lotteries, value: str, instant: str) -> str:
    """Whether a value "was", "may be" or is "to come" at an instant (UTC)."""
    now, values = datetime.fromisoformat(instant).replace(tzinfo=UTC), [announced(value)]
    if lotteries.held_already(values, now):
        return "was"
    return "may be" if [*lotteries.perhaps_held(values, now)] else "to come"


@pytest.mark.parametrize(
    ("value", "instant", "expected"),
    [
        ("kl8:2026010", "2026-01-10T13:29", "to come"),  # 21:29 in China
        ("kl8:2026010", "2026-01-10T13:30", "was"),
        ("kl8:2026100", "2026-04-10T13:29", "to come"),
        ("kl8:2026100", "2026-04-10T13:30", "may be"),  # the lotteries may have been closed for ten days
        ("kl8:2026100", "2026-04-20T13:29", "may be"),
        ("kl8:2026100", "2026-04-20T13:30", "was"),
        ("kl8:2026330", "2026-12-12T00:00", "may be"),  # and for seven more in October
        ("kl8:2026330", "2026-12-14T00:00", "was"),
        ("kl8:2027001", "2026-12-31T00:00", "to come"),
        ("kl8:2026366", "2027-06-01T00:00", "to come"),  # no such issue
        ("ssq:2026001", "2026-01-01T13:14", "to come"),  # drawn on Tuesdays, Thursdays and Sundays
        ("ssq:2026001", "2026-01-01T13:15", "was"),
        ("ssq:2026030", "2026-03-10T14:00", "may be"),
        ("ssq:2026030", "2026-03-22T14:00", "was"),
        ("dlt:26001", "2026-01-03T13:25", "was"),
        ("kl8:26010", "2026-06-01T00:00", "to come"),  # not the lottery's own form: no day
        ("dice:1", "2026-06-01T00:00", "to come"),
        ("kl8:2026300/kl8:2026001", "2026-06-01T00:00", "was"),
    ],
)
def test_the_number_of_an_issue_says_when_it_is_drawn(value: str, instant: str, expected: str) -> None:
    assert seen(Lotteries.load(), value, instant) == expected


def test_with_the_closed_days_of_the_year_the_hour_is_exact(tmp_path: Path) -> None:
    # The pauses of 2019, as the Ministry of Finance announced them: seven days each.
    own = Lotteries.load(override=configured(tmp_path, "2019-02-04/2019-02-10", "2019-10-01/2019-10-07"))
    cases = (
        ("fc3d:2019034", "02-03"),
        ("fc3d:2019035", "02-11"),
        ("fc3d:2019351", "12-31"),
        ("ssq:2019016", "02-12"),
    )
    for value, day in cases:
        assert seen(own, value, f"2019-{day}T13:14") == "to come", value
        assert seen(own, value, f"2019-{day}T13:15") == "was", value
    assert seen(own, "fc3d:2020034", "2020-02-05T00:00") == "may be"


@pytest.mark.parametrize("closed", [["2019-02-10/2019-02-04"], ["2019-02-04"], ["2019-02-30/2019-03-01"]])
def test_closed_days_of_another_form_are_refused(tmp_path: Path, closed: Sequence[str]) -> None:
    with pytest.raises(InputRefused, match=r"rosters\.settings_type"):
        Lotteries.load(override=configured(tmp_path, *closed))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('hour = "21:30"', 'hour = "9点半"', "rosters.settings_type"),
        ('days = ["二", "五", "日"]', 'days = ["二", "八"]', "rosters.settings_choice"),
        ("[qxc]", "[qx]", "rosters.settings_unknown_key"),
    ],
)
def test_a_mistake_in_the_hours_is_named(tmp_path: Path, old: str, new: str, code: str) -> None:
    text = (shipped("config") / "lotteries.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "lotteries.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputRefused, match=code.replace(".", r"\.")):
        Lotteries.load(override=tmp_path)
