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
        "authority", "commitments", "deadline", "draw", "head", "mode", "plan", "sizes", "spec", "time", "values",
    ]  # fmt: skip
    assert value()["spec"] == "v1"


@pytest.mark.parametrize("name", sorted(NOTICE.object()))
def test_a_member_missing_or_of_another_type_is_refused(name: str) -> None:
    without = value()
    del without[name]
    assert refused(without)
    for other in (1.5, {"more": 1}, ["x"]):
        assert refused(value() | {name: other})


@pytest.mark.parametrize("inside", ["sizes", "commitments"])
def test_a_member_too_many_is_refused(inside: str) -> None:
    assert refused(value() | {"more": "x"})
    assert refused(value() | {inside: value()[inside] | {"more": "x"}})


def refused(notice: Any) -> bool:
    with pytest.raises(InputRefused) as caught:
        parse_notice(notice)
    return caught.value.code == "bundle.notice"
