"""Codes, numbers and instants as a Chinese notice words them."""

from datetime import UTC, date, datetime

import pytest

from shuangsuiji.bundle.public import Tally
from shuangsuiji.core.plan import Count, Everything, Quota, Rate
from shuangsuiji.core.seed import SOURCES
from shuangsuiji.publish import words


def test_days_and_instants_are_those_of_china() -> None:
    assert words.day(date(2026, 3, 5)) == "2026年3月5日"
    assert words.instant(datetime(2026, 12, 31, 16, 0, 9, tzinfo=UTC)) == "2027年1月1日 00:00:09（北京时间）"


@pytest.mark.parametrize(
    ("rule", "text"),
    [(Count(12), "12户"), (Rate("0.5%"), "0.5%"), (Rate("1/20"), "1/20"), (Everything(), "全部")],
)
def test_quotas(rule: Quota, text: str) -> None:
    assert words.quota(rule) == text


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("kl8", "0102", "01 02"),
        ("ssq", "01020304050607", "01 02 03 04 05 06 07"),
        ("dlt", "01020304050607", "01 02 03 04 05 06 07"),
        ("qxc", "12345614", "1 2 3 4 5 6 14"),
        ("fc3d", "012", "0 1 2"),
        ("pl5", "01234", "0 1 2 3 4"),
        ("dice", "90", "9 0"),
        ("explicit", "5a" * 32, "5a" * 32),
    ],
)
def test_public_values_are_shown_as_they_are_announced(kind: str, value: str, shown: str) -> None:
    assert " ".join(words.drawn_value(kind, value)) == shown
    assert "".join(words.drawn_value(kind, value)) == value


def test_every_source_of_the_specification_has_a_name() -> None:
    for kind in SOURCES:
        named = words.drawing(kind, "2026001")
        assert named.startswith(SOURCES[kind].name)
        assert ("第2026001期" in named) == (kind not in ("dice", "explicit"))


def test_reasons_are_the_authors_then_the_catalogues_then_the_code() -> None:
    tallies = (Tally("not_in_business", "", 3), Tally("visited", "本年度已检查", 2), Tally("custom", "", 1))
    assert words.excluded(tallies) == "非存续状态3户，本年度已检查2户，custom1户"
    assert words.left_out((Tally("cancelled", "", 82),)) == "执法证件已注销82人"


@pytest.mark.parametrize("code", ["undrawable", "no_certificate", "cancelled", "expired"])
def test_every_reason_of_the_specification_is_worded(code: str) -> None:
    assert code not in words.left_out((Tally(code, "", 1),))


def test_a_fingerprint_is_sixteen_groups_of_four() -> None:
    groups = words.fingerprint("0123456789abcdef" * 4)
    assert len(groups) == 16
    assert {len(group) for group in groups} == {4}
