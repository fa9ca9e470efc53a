"""Of what is typed in, each person's last counts, however the name is spelled."""

from datetime import timedelta
from types import MappingProxyType

from shuangsuiji.quarter.typed import latest, others_typed
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
