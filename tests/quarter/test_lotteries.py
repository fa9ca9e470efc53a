"""The day that an issue's number comes to: nothing whose outcome may be known is announced, or closed, unseen."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.config import shipped
from shuangsuiji.core.seed import REAL, REHEARSAL
from shuangsuiji.errors import InputRefused
from shuangsuiji.plan.drawings import announced, issue_of, own_form
from shuangsuiji.quarter.announcing import check_deadline, doubts, refuse
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
    ("value", "now", "expected"),
    [
        ("kl8:2026040", "2026-01-05", ["hour_untold"]),
        ("kl8:2026040", "2026-02-12", ["perhaps_held"]),
        ("kl8:2026010", "2026-01-05", []),
        ("kl8:2025040", "2025-01-05", []),
        ("dice:1", "2026-01-05", []),
        ("kl8:2026010/kl8:2026040", "2026-01-05", ["hour_untold"]),
        ("kl8:2026049", "2026-01-05", ["hour_untold"]),  # at the latest on the last day of the term
        ("kl8:2026050", "2026-01-05", ["hour_untold", "after_deadline"]),
    ],
)
def test_who_freezes_is_told_what_the_notice_cannot_say(value: str, now: str, expected: list[str]) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    told = doubts([announced(value)], "2026-02-28", at, Lotteries.load())
    assert [one.code.removeprefix("quarter.warning.") for one in told] == expected


def announceable(value: str, now: str = "2026-01-05") -> str:
    """The code of the refusal to announce a value in a real draw, "" if there is none."""
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    try:
        refuse(REAL, [announced(value)], at, Lotteries.load())
    except InputRefused as refusal:
        refuse(REHEARSAL, [announced(value)], at, Lotteries.load())
        return refusal.code
    return ""


@pytest.mark.parametrize("source", ["kl8", "fc3d", "ssq", "pl5", "qxc", "dlt"])
@given(written=st.text("0123456789", min_size=1, max_size=12), fallback=st.booleans())
def test_what_is_announced_says_its_year_and_number(source: str, written: str, fallback: bool) -> None:
    """A short form says no year: the office could call it this issue or that, whichever suits."""
    value = f"{source}:{written}"
    own = len(written) == len(issue_of(source, 2026, 1).issue)
    first = "kl8:2026010" if source == "fc3d" else "fc3d:2026010"
    code = announceable(f"{first}/{value}" if fallback else value)
    assert (code == "plan.issue_form") is not own


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("kl8:26040", "plan.issue_form"),
        ("kl8:2026040/kl8:26041", "core.seed_alike"),
        ("kl8:20270760", "plan.issue_form"),
        ("kl8:2027400", "quarter.issue_never"),
        ("kl8:2027000", "quarter.issue_never"),
        ("kl8:2027366", "quarter.issue_never"),  # no leap year
        ("ssq:2027158", "quarter.issue_never"),
        ("kl8:2027365", "quarter.issue_unsure"),
        ("kl8:2027349", "quarter.issue_unsure"),  # seventeen days of pause at most
        ("kl8:2027348", ""),
        ("kl8:2027040/kl8:2027400", "quarter.issue_never"),
        ("kl8:2026076/kl8:2026075", "quarter.fallback_early"),
        ("kl8:2026076/kl8:2026077/kl8:2026077", "core.seed_twice"),
        ("kl8:2026076/kl8:2026078/kl8:2026077", "quarter.fallback_early"),
        ("kl8:2026076/dice:1/kl8:2026077", "core.seed_made"),
        ("kl8:2026010/fc3d:2026010", "quarter.fallback_early"),  # a quarter of an hour before
        ("fc3d:2026010/kl8:2026010", ""),
        ("kl8:2026348/kl8:2027001", ""),
        ("kl8:2026076/kl8:2026077/dice:1", ""),
        ("explicit:1", ""),  # refused by the core
    ],
)
def test_what_never_comes_or_leaves_a_choice_is_not_announced(value: str, code: str) -> None:
    assert announceable(value) == code


@given(number=st.integers(1, 366), year=st.integers(2025, 2028))
def test_an_issue_that_is_announced_comes_whatever_the_pauses_are(number: int, year: int) -> None:
    value = str(issue_of("kl8", year, number))
    code, days = announceable(value, "2025-01-01"), 366 if year == 2028 else 365
    pauses = [14] if year == 2025 else [0, 11, 14, 17]  # 2025's are known
    comes = [number <= days - pause for pause in pauses]
    assert code == ("" if all(comes) else "quarter.issue_unsure" if any(comes) else "quarter.issue_never")


@pytest.mark.parametrize("source", ["kl8", "fc3d", "ssq", "pl5", "qxc", "dlt"])
def test_the_issue_shown_as_an_example_could_be_announced_but_for_its_day(source: str) -> None:
    for day in (date(2027, 1, 1), date(2027, 3, 15), date(2028, 12, 31)):
        example = Lotteries.load().example(source, day)
        assert own_form(example)
        assert Lotteries.load().due(example, day) is not None


@pytest.mark.parametrize(
    ("value", "passes"),
    [
        ("kl8:2026059", True),  # at the earliest on 28 February, the last day of the term
        ("kl8:2026060", False),
        ("kl8:2026040/kl8:2026060", True),
        ("dice:1", True),
    ],
)
def test_no_drawing_comes_after_the_result_is_due(value: str, passes: bool) -> None:
    with nullcontext() if passes else pytest.raises(InputRefused, match=r"quarter\.after_deadline"):
        check_deadline([announced(value)], "2026-02-28", date(2026, 1, 5), Lotteries.load())


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
