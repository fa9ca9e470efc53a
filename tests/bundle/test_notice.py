"""§17 The commit notice is read back as it was written, and nothing else passes for one."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.bundle.notice import parse_notice
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.core.seed import Drawing
from shuangsuiji.errors import InputRefused
from tests.publish.world import drawn

NOTICE = drawn("real").notice


def instant(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")


def value() -> Any:
    return parse_json(canonical_json(NOTICE.object()))


def test_what_is_written_is_read_back() -> None:
    assert parse_notice(value()) == NOTICE


def test_it_has_the_members_of_the_specification() -> None:
    assert sorted(value()) == [
        "authority", "changes", "commitments", "contributors", "deadline", "draw", "head", "hours", "mode", "plan",
        "sizes", "spec", "time", "values",
    ]  # fmt: skip
    assert value()["spec"] == "v1"


@pytest.mark.parametrize("name", sorted(NOTICE.object()))
def test_a_member_missing_or_of_another_type_is_refused(name: str) -> None:
    without = value()
    del without[name]
    assert refused(without)
    for other in (1.5, {"more": 1}, [1]):
        assert refused(value() | {name: other})


@pytest.mark.parametrize("names", [[""], ["王代表", "王代表"], "王代表"])
def test_contributors_are_distinct_and_named(names: Any) -> None:
    assert refused(value() | {"contributors": names})
    assert parse_notice(value() | {"contributors": ["王代表", "李代表"]}).contributors == ("王代表", "李代表")


@pytest.mark.parametrize("fallback", [[], "kl8:1", [{"issue": "1"}], [{"issue": 1, "source": "kl8"}]])
def test_a_fallback_of_another_form_is_refused(fallback: Any) -> None:
    announced = value()["values"][0]
    assert refused(value() | {"values": [announced | {"fallback": fallback}]})
    right = value() | {"values": [announced | {"fallback": [{"issue": "1", "source": "dice"}]}]}
    assert parse_notice(right).object() == right


HOUR = "2021-02-21T13:30:00Z"
ANNOUNCED = [
    {"fallback": [{"issue": "2021052", "source": "kl8"}], "issue": "2021051", "source": "kl8"},
    {"issue": "051", "source": "fc3d"},
    {"issue": "1", "source": "dice"},
]
NAMES = ["kl8:2021051", "kl8:2021052", "fc3d:051"]


@given(hours=st.dictionaries(st.sampled_from(NAMES), st.datetimes().map(instant)))
def test_hours_are_told_of_announced_drawings_and_fallbacks(hours: dict[str, str]) -> None:
    told = value() | {"values": ANNOUNCED, "hours": hours}
    assert parse_notice(told).object() == told


@given(name=st.text("kl8fc3d:0251"), hours=st.dictionaries(st.sampled_from(NAMES), st.just(HOUR)))
def test_an_hour_of_any_other_drawing_is_refused(name: str, hours: dict[str, str]) -> None:
    told = value() | {"values": ANNOUNCED, "hours": hours | {name: HOUR}}
    assert refused(told) is (name not in NAMES)


@pytest.mark.parametrize("name", ["dice:1", "explicit:1", "kl8:2021053", "kl8", "fc3d:51", "fc3d:0051", ""])
def test_an_hour_of_dice_or_of_a_drawing_not_announced_is_refused(name: str) -> None:
    assert refused(value() | {"values": ANNOUNCED, "hours": {name: HOUR}})


@pytest.mark.parametrize(
    "hour",
    [
        "",
        "2021-02-21",
        "2021-02-30T13:30:00Z",
        "2021-02-21T24:00:00Z",
        f"{HOUR}\n",
        "2021-02-21T21:30:00+08:00",
        [HOUR],
    ],
)
def test_an_hour_that_is_no_instant_is_refused(hour: Any) -> None:
    assert refused(value() | {"values": ANNOUNCED, "hours": {"kl8:2021051": hour}})


@given(
    hours=st.dictionaries(st.sampled_from(NAMES), st.datetimes().map(instant)),
    drawn=st.sets(st.sampled_from(NAMES)),
)
def test_the_hour_of_a_round_is_the_first_of_the_drawings_that_gave_its_values(
    hours: dict[str, str], drawn: set[str]
) -> None:
    notice = parse_notice(value() | {"values": ANNOUNCED, "hours": hours})
    told = sorted(hours[name] for name in drawn if name in hours)
    assert notice.hour(Drawing(*name.split(":")) for name in drawn) == (told[0] if told else "")


@pytest.mark.parametrize("inside", ["sizes", "commitments"])
def test_a_member_too_many_is_refused(inside: str) -> None:
    assert refused(value() | {"more": "x"})
    assert refused(value() | {inside: value()[inside] | {"more": "x"}})


def refused(notice: Any) -> bool:
    with pytest.raises(InputRefused) as caught:
        parse_notice(notice)
    return caught.value.code == "bundle.notice"
