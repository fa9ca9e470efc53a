"""§17 The commit notice is read back as it was written, and nothing else passes for one."""

from typing import Any

import pytest

from shuangsuiji.bundle.notice import parse_notice
from shuangsuiji.core.encoding import canonical_json, parse_json
from shuangsuiji.errors import InputRefused
from tests.publish.world import drawn

NOTICE = drawn("real").notice


def value() -> Any:
    return parse_json(canonical_json(NOTICE.object()))


def test_what_is_written_is_read_back() -> None:
    assert parse_notice(value()) == NOTICE


def test_it_has_the_members_of_the_specification() -> None:
    assert sorted(value()) == [
        "authority", "changes", "commitments", "contributors", "deadline", "draw", "head", "mode", "plan", "sizes",
        "spec", "time", "values",
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


@pytest.mark.parametrize("inside", ["sizes", "commitments"])
def test_a_member_too_many_is_refused(inside: str) -> None:
    assert refused(value() | {"more": "x"})
    assert refused(value() | {inside: value()[inside] | {"more": "x"}})


def refused(notice: Any) -> bool:
    with pytest.raises(InputRefused) as caught:
        parse_notice(notice)
    return caught.value.code == "bundle.notice"
