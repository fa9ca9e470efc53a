"""§6 Predicates."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.encoding import Json
from shuangsuiji.core.predicates import Predicate, parse_predicate

FIELDS = ("grade", "unit", "quals", "missing")
words = st.sampled_from(["", "a", "ab", "b", "高", "中高", "2021-01-02", "2021-1-2", "\uffff", "\U00010000"])
records = st.fixed_dictionaries(
    {}, optional={"grade": words, "unit": words, "quals": st.lists(words, max_size=3).map(tuple)}
)
fields = st.sampled_from(FIELDS)
comparisons: st.SearchStrategy[Json] = st.one_of(
    st.tuples(st.sampled_from(["eq", "prefix", "ge", "le"]), fields, words).map(list),
    st.tuples(st.just("in"), fields, st.lists(words, min_size=1, max_size=3)).map(list),
)
predicates: st.SearchStrategy[Json] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        inner.map(lambda one: ["not", one]),
        st.lists(inner, max_size=3).map(lambda some: ["and", *some]),
        st.lists(inner, max_size=3).map(lambda some: ["or", *some]),
    ),
    max_leaves=6,
)


def compile_(source: Json) -> Predicate:
    return parse_predicate(source, FIELDS)


def true_of(source: Json, record: Mapping[str, str | tuple[str, ...]]) -> bool:
    """The table of §6, read aloud; text is compared by its UTF-8 bytes."""
    assert isinstance(source, list)
    name, *rest = source
    if name in {"and", "or", "not"}:
        answers = [true_of(one, record) for one in rest]
        return {"and": False not in answers, "or": True in answers, "not": answers[:1] == [False]}[str(name)]
    field, operand = rest
    value = record.get(str(field), ())
    elements = [value] if isinstance(value, str) else value
    if isinstance(operand, list):
        return bool(set(elements) & set(operand))
    given_bytes = str(operand).encode()
    encoded = [one.encode() for one in elements]
    match name:
        case "eq":
            return given_bytes in encoded
        case "prefix":
            return any(one[: len(given_bytes)] == given_bytes for one in encoded)
        case "ge":
            return any(one >= given_bytes for one in encoded)
        case _:
            return any(one <= given_bytes for one in encoded)


def nested(depth: int) -> Json:
    source: Json = ["and"]
    for _ in range(depth - 1):
        source = ["not", source]
    return source


class TestPredicates:
    """§6 A predicate is evaluated on a record: a mapping from field names to strings or arrays of strings."""

    @given(predicates, records)
    def test_it_holds_where_the_table_says(
        self, source: Json, record: Mapping[str, str | tuple[str, ...]]
    ) -> None:
        assert compile_(source).holds(record) == true_of(source, record)

    @given(predicates)
    def test_it_remembers_what_it_was_written_as(self, source: Json) -> None:
        assert compile_(source).source == source

    def test_a_missing_field_is_equal_to_nothing_not_even_to_the_empty_text(self) -> None:
        assert not compile_(["eq", "missing", ""]).holds({})
        assert not compile_(["prefix", "missing", ""]).holds({})
        assert compile_(["prefix", "grade", ""]).holds({"grade": ""})
        assert not compile_(["le", "quals", "z"]).holds({"quals": ()})

    @pytest.mark.parametrize(
        "source",
        [
            "and",
            [],
            [["and"]],
            ["xor", ["and"]],
            ["not"],
            ["not", ["and"], ["and"]],
            ["and", "or"],
            ["eq", "grade"],
            ["eq", "grade", "a", "b"],
            ["eq", "grade", ["a"]],
            ["eq", "unknown", "a"],
            ["eq", ["grade"], "a"],
            ["ge", "grade", 1],
            ["in", "grade", "a"],
            ["in", "grade", []],
            ["in", "grade", ["a", 1]],
            nested(33),
        ],
        ids=str,
    )
    def test_anything_else_is_none(self, source: Json) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            compile_(source)

    def test_the_deepest_nesting(self) -> None:
        assert not compile_(nested(32)).holds({})
