"""Two names are one person's where a reader sees no difference; who differs to the eye is another."""

import pytest

from shuangsuiji.persons import first_repeated, same_name, seen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张三", "张　三"),
        ("张三", " 张 三\t"),
        ("张三", "张\u200b三"),
        ("张三", "\ufeff张三\u2060"),
        ("张三", "张\u00ad三"),
        ("张三", "张三\ufe0f"),
        ("张三", "张\u3164三"),
        ("Zhang", "ｚhang"),
        ("Zhang", "ZHANG"),
        ("市局（一）", "市局(一)"),
    ],
)
def test_what_looks_the_same_is_one_name(one: str, other: str) -> None:
    assert same_name(one, other)
    assert first_repeated(["李四", one, "王五", other]) == (one, other)


@pytest.mark.parametrize(("one", "other"), [("张三", "张叁"), ("张三", "张三（信用科）"), ("é", "e")])
def test_what_looks_different_is_not(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert first_repeated([one, other]) is None


def test_the_very_same_name_is_repeated() -> None:
    assert first_repeated(["张三", "张三"]) == ("张三", "张三")


def test_a_name_of_nothing_to_be_seen_is_blank() -> None:
    assert seen(" \u200b\u3164") == ""
