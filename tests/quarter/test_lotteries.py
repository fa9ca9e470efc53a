"""The day that an issue's number comes to: nothing whose outcome may be known is announced, or closed, unseen."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.config import shipped
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.drawings import announced, issue_of
from shuangsuiji.quarter.lotteries import Lotteries


def configured(folder: Path, *closed: str) -> Path:
    """A folder of configuration in which the lotteries are closed on these days."""
    text = (shipped("config") / "lotteries.toml").read_text(encoding="utf-8")
    head, rest = text.split("\nclosed = [\n", 1)
    _, lotteries = rest.split("\n]\n", 1)
    own = f"{head}\nclosed = {list(closed)}\n{lotteries}".replace("'", '"')
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


@pytest.mark.parametrize(
    ("value", "day"),
    [
        # The pauses as the Ministry of Finance announced them: the last drawing before, and the first one after.
        ("fc3d:2019034", "2019-02-03"),
        ("fc3d:2019035", "2019-02-11"),
        ("fc3d:2019351", "2019-12-31"),
        ("ssq:2019016", "2019-02-12"),
        ("fc3d:2021039", "2021-02-08"),
        ("fc3d:2021040", "2021-02-19"),
        ("fc3d:2022028", "2022-01-28"),
        ("fc3d:2022029", "2022-02-08"),
        ("fc3d:2023018", "2023-01-18"),
        ("fc3d:2023019", "2023-01-29"),
        ("fc3d:2024038", "2024-02-07"),
        ("fc3d:2024039", "2024-02-18"),
        ("ssq:2024151", "2024-12-31"),
        ("fc3d:2025026", "2025-01-26"),
        ("fc3d:2025027", "2025-02-06"),
        ("fc3d:2025263", "2025-09-30"),
        ("fc3d:2025264", "2025-10-05"),
    ],
)
def test_with_the_closed_days_of_the_year_the_hour_is_exact(value: str, day: str) -> None:
    shipped_with = Lotteries.load()
    assert seen(shipped_with, value, f"{day}T13:14") == "to come"
    assert seen(shipped_with, value, f"{day}T13:15") == "was"


@given(
    source=st.sampled_from(["kl8", "fc3d", "pl5", "qxc", "ssq", "dlt"]),
    number=st.integers(1, 160),
    year=st.sampled_from([2025, 2026]),
)
def test_a_notice_tells_the_hour_of_what_comes_to_one_day_and_no_other(
    source: str, number: int, year: int
) -> None:
    lotteries, now = Lotteries.load(), datetime(year, 1, 1, tzinfo=UTC)
    values = [announced(issue) for issue in (str(issue_of(source, year, number)), "dice:1")]
    hours, spans = lotteries.hours(values, now), lotteries.spans(values, now)
    assert hours.keys() | spans.keys() == {str(one.drawing) for one in lotteries.of(values, now)}
    assert not hours.keys() & spans.keys()
    for hour in hours.values():
        at = datetime.fromisoformat(hour)
        assert [
            seen(lotteries, str(values[0].drawings[0]), f"{one:%Y-%m-%dT%H:%M:%S}")
            for one in (at - timedelta(seconds=1), at)
        ] == ["to come", "was"]
    assert year == 2026 or not spans


def test_a_fallback_has_its_own_hour() -> None:
    value = announced("kl8:2025040/kl8:2025041/dice:1")
    assert Lotteries.load().hours([value], datetime(2025, 1, 1, tzinfo=UTC)) == {
        "kl8:2025040": "2025-02-19T13:30:00Z",
        "kl8:2025041": "2025-02-20T13:30:00Z",
    }


@pytest.mark.parametrize(
    ("mode", "value", "now", "expected"),
    [
        ("real", "kl8:2026040", "2026-01-05", ["quarter.warning.hour_untold"]),
        ("rehearsal", "kl8:2026040", "2026-01-05", []),
        ("real", "kl8:2026040", "2026-02-12", ["quarter.warning.perhaps_held"]),
        ("real", "kl8:2026010", "2026-01-05", []),
        ("real", "kl8:2025040", "2025-01-05", []),
        ("real", "dice:1", "2026-01-05", []),
        ("real", "kl8:2026010/kl8:2026040", "2026-01-05", ["quarter.warning.hour_untold"]),
    ],
)
def test_who_freezes_is_told_what_the_notice_cannot_say(
    mode: str, value: str, now: str, expected: list[str]
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert [one.code for one in Lotteries.load().doubts(mode, [announced(value)], at)] == expected


def test_an_office_copies_the_closed_days_of_its_own_year(tmp_path: Path) -> None:
    own = Lotteries.load(override=configured(tmp_path, "2031-01-22/2031-01-31", "2031-10-01/2031-10-04"))
    assert seen(own, "fc3d:2031022", "2031-02-01T13:14") == "to come"
    assert seen(own, "fc3d:2031022", "2031-02-01T13:15") == "was"
    assert seen(own, "fc3d:2030022", "2030-01-25T00:00") == "may be"  # another year's have not been copied


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
