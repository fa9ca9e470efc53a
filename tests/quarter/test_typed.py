"""Of what is typed in, each person's last counts, however the name is spelled."""

from datetime import timedelta
from types import MappingProxyType

import pytest

from shuangsuiji import messages
from shuangsuiji.core.seed import SOURCES, Announced, PublicValue
from shuangsuiji.errors import InputRefused
from shuangsuiji.quarter.typed import check_typed, latest, others_typed
from shuangsuiji.store.rows import Typing
from tests.quarter.workspace import NOW


def typings(*typed: tuple[str, str]) -> list[Typing]:
    """Each by whom and what, a minute apart."""
    return [
        Typing(operator, NOW + timedelta(minutes=at), MappingProxyType({"slip": text}))
        for at, (operator, text) in enumerate(typed)
    ]


def test_the_last_of_each_counts_in_the_order_of_typing() -> None:
    found = latest(typings(("张三", "春"), ("李四", "夏"), ("张三", "秋")))
    assert [(one.operator, one.values["slip"]) for one in found] == [("李四", "夏"), ("张三", "秋")]


def test_nobody_is_somebody_else_by_a_space() -> None:
    typed = typings(("张三", "春"), ("张　三", "春"), ("李四", "夏"))
    assert [one.operator for one in latest(typed)] == ["张　三", "李四"]
    assert [one.operator for one in others_typed(typed, "张\u200b三")] == ["李四"]


FORMS = {
    "kl8": (("".join(f"{number:02}" for number in range(1, 21)), " "), "40"),
    "fc3d": (("052", " "), "3 位"),
    "pl5": (("05213", ","), "5 位"),
    "qxc": (("12345607", " "), "8 位"),
    "ssq": (("01020304050607", "+"), "14 位"),
    "dlt": (("01020304050102", "　"), "14 位"),
    "dice": (("0123456789" * 2, "、"), "20 位"),
}


def wrong(source: str, value: str) -> InputRefused:
    """The refusal of a value typed for the drawing that was announced."""
    with pytest.raises(InputRefused) as caught:
        check_typed("rehearsal", [Announced(source, "1")], [PublicValue(source, "1", value)])
    return caught.value


@pytest.mark.parametrize("source", FORMS)
def test_a_value_of_wrong_form_is_answered_with_the_form_of_its_own_lottery(source: str) -> None:
    (value, sign), length = FORMS[source]
    check_typed("rehearsal", [Announced(source, "1")], [PublicValue(source, "1", value)])
    others = {SOURCES[one].name for one in SOURCES if one != source}
    for lang in messages.LANGUAGES:
        told = messages.render(wrong(source, value[:-1]), lang)
        assert not any(name in told for name in others)
    assert length in messages.render(wrong(source, value[:-1]), "zh")
    spaced = wrong(source, f"{value[:2]}{sign}{value[2:]}")
    assert (spaced.code, spaced.params["digits"]) == ("quarter.value_spaced", value)
    assert "空格" in messages.render(spaced, "zh")


def test_a_seed_by_hand_is_no_digits_between_signs() -> None:
    assert wrong("explicit", "0" * 63).code == "quarter.value_of.explicit"
