"""§7 The plan."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsuiji.core.commitment import plan_digest
from shuangsuiji.core.encoding import Json, canonical_json, parse_json
from shuangsuiji.core.plan import Rate, parse_rate
from shuangsuiji.core.plan_format import parse_plan, plan_object
from shuangsuiji.errors import InputRefused
from tests.core.protocol import put
from tests.district import plan_value

exclusions = st.lists(
    st.sampled_from(
        [
            {"reason": "visited", "visits": 2, "since": "2021-01-01"},
            {"reason": "case", "where": ["eq", "grade", "高"]},
        ]
    ),
    max_size=3,
)
quotas = st.sampled_from([{"count": 0}, {"count": 7}, {"rate": "5%"}, {"rate": "1/3"}, {"all": 1}])


@st.composite
def plans(draw: st.DrawFn) -> Any:
    """Valid `plan.json` objects."""
    value: Any = plan_value()
    value["exclusions"] = draw(exclusions)
    value["blocks"] = {"max_targets": draw(st.integers(1, 99)), "max_per_inspector": draw(st.integers(1, 99))}
    value["slots"][1]["district"] = draw(st.sampled_from(["any", "home", "away"]))
    value["columns"]["visits"] = "来访"  # an alias may be called as a member of the record
    value["tasks"][0]["tiers"][2]["where"] = ["prefix", "visits", draw(st.sampled_from(["", "是"]))]
    for task in value["tasks"]:
        for tier in task["tiers"]:
            tier["quota"] = draw(quotas)
            tier.pop("key", None)
            if draw(st.booleans()):
                tier["key"] = "kind"
    if draw(st.booleans()):
        del value["district"]
    return value


def objects(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a plan with a fixed set of keys, by its path."""
    if isinstance(value, dict):
        if path != "columns":
            yield path, value
        for key, inner in value.items():
            yield from objects(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from objects(inner, f"{path}.{number}")


def dotted(path: str) -> str:
    """`tasks.0.tiers` as the engine names it: `tasks[0].tiers`."""
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split(".")).lstrip(".")


def refusal(value: Json) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        parse_plan(value)
    return caught.value


class TestPlan:
    """§7 `plan.json` is one canonical JSON object. Every key is required unless marked opt; others make it invalid."""

    @given(plans())
    def test_what_is_written_is_read_back(self, value: Json) -> None:
        plan = parse_plan(value)
        assert plan_object(plan) == value
        assert parse_plan(parse_json(canonical_json(plan_object(plan)))) == plan

    @given(plans(), plans())
    def test_another_plan_has_another_digest(self, value: Json, other: Json) -> None:
        assert (plan_digest(parse_plan(value)) == plan_digest(parse_plan(other))) == (value == other)

    def test_every_key_is_required_but_the_optional_ones(self) -> None:
        for path, inner in objects(plan_value()):
            for key in inner:
                if (path, key) == ("", "district") or key == "key":
                    continue
                why = refusal(put(plan_value(), f"{path}.{key}".lstrip("."), None))
                alone = path.endswith("quota")
                assert why.code == ("core.plan_quota" if alone else "core.plan_missing")
                assert why.where.key == dotted(path if alone else f"{path}.{key}")

    def test_other_keys_make_it_invalid(self) -> None:
        for path, _ in objects(plan_value()):
            why = refusal(put(plan_value(), f"{path}.note".lstrip("."), "x"))
            assert why.code in {"core.plan_unknown", "core.plan_quota"}
            assert why.where.key.startswith(dotted(path))

    @pytest.mark.parametrize(
        ("path", "new", "code", "key"),
        [
            ("authority", "", "value", "authority"),
            ("id", "a_b", "value", "id"),
            ("id", "a" * 65, "value", "id"),
            ("id", "计划-1", "value", "id"),
            ("version", 0, "integer", "version"),
            ("version", "1", "integer", "version"),
            ("columns", [], "object", "columns"),
            ("columns", {"name": "名称"}, "value", "columns.name"),
            ("columns", {"Grade": "等级"}, "value", "columns.Grade"),
            ("columns.grade", "", "value", "columns.grade"),
            ("district", "town", "choice", "district"),
            ("window.from", "2021-3-1", "date", "window.from"),
            ("window.from", "2021-07-01", "window", "window"),
            ("exclusions.0.visits", 0, "integer", "exclusions[0].visits"),
            ("exclusions.0.since", "2021-02-30", "date", "exclusions[0].since"),
            ("exclusions.0.reason", "not_in_business", "value", "exclusions[0].reason"),
            ("slots", [], "length", "slots"),
            (
                "slots",
                [{"id": f"s{n}", "pool": ["and"], "district": "any"} for n in range(17)],
                "length",
                "slots",
            ),
            ("slots.1.id", "lead", "repeated", "slots"),
            ("slots.0.district", "near", "choice", "slots[0].district"),
            ("slots.0.pool", ["eq", "grade", "高"], "predicate", "slots[0].pool"),
            ("blocks.max_targets", 0, "integer", "blocks.max_targets"),
            ("blocks.max_per_inspector", 0, "integer", "blocks.max_per_inspector"),
            ("tasks", [], "length", "tasks"),
            ("tasks.1.id", "public", "repeated", "tasks"),
            ("tasks.0.name", "", "value", "tasks[0].name"),
            ("tasks.0.slots", ["lead"], "length", "tasks[0].slots"),
            ("tasks.0.slots", ["lead", "lead"], "repeated", "tasks[0].slots"),
            ("tasks.0.slots", ["lead", "chief"], "choice", "tasks[0].slots[1]"),
            ("tasks.0.items", [], "length", "tasks[0].items"),
            ("tasks.0.items", [""], "value", "tasks[0].items[0]"),
            ("tasks.0.pool", ["eq", "unit", "某局"], "predicate", "tasks[0].pool"),
            ("tasks.0.tiers", [], "length", "tasks[0].tiers"),
            ("tasks.0.tiers", "high", "array", "tasks[0].tiers"),
            ("tasks.0.tiers.0.id", "other", "repeated", "tasks[0].tiers"),
            ("tasks.0.tiers.0.key", "town", "choice", "tasks[0].tiers[0].key"),
            ("tasks.0.tiers.0.quota", {"count": -1}, "integer", "tasks[0].tiers[0].quota.count"),
            ("tasks.0.tiers.0.quota", {"all": 2}, "value", "tasks[0].tiers[0].quota.all"),
            ("tasks.0.tiers.0.quota", {"rate": "101%"}, "rate", "tasks[0].tiers[0].quota.rate"),
            ("tasks.0.tiers.0.quota", {"count": 1, "rate": "1%"}, "quota", "tasks[0].tiers[0].quota"),
        ],
    )
    def test_values_that_are_not_allowed(self, path: str, new: object, code: str, key: str) -> None:
        why = refusal(put(plan_value(), path, new))
        assert (why.code, why.where.key) == (f"core.plan_{code}", key)

    def test_a_plan_is_an_object(self) -> None:
        assert refusal([]).code == "core.plan_object"


class TestRates:
    """§7 p% with at most 3 digits before and 6 after the point, or a/b with 0 <= a <= b <= 10^9; at most 1."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("0%", Fraction(0)),
            ("5%", Fraction(1, 20)),
            ("5.0%", Fraction(1, 20)),
            ("0.25%", Fraction(1, 400)),
            ("0.000001%", Fraction(1, 10**8)),
            ("100%", Fraction(1)),
            ("0/1", Fraction(0)),
            ("1/3", Fraction(1, 3)),
            ("1000000000/1000000000", Fraction(1)),
        ],
    )
    def test_the_value_is_exact(self, text: str, value: Fraction) -> None:
        assert parse_rate(text) == value

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "5",
                "%",
                ".5%",
                "05%",
                "5.%",
                "0.0000001%",
                "100.000001%",
                "101%",
                "1000%",
                "-1%",
                "5 %",
                "５%",
            ),
            *(
                "1/0",
                "0/0",
                "01/2",
                "1/02",
                "2/1",
                "1/1000000001",
                "1/10000000000",
                "1.0/2",
                "-1/2",
                "1/2 ",
                "1//2",
            ),
        ],
    )
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
            parse_rate(text)

    @given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 10**9))
    def test_the_quota_is_rounded_up_exactly(self, a: int, b: int, size: int) -> None:
        a = min(a, b)
        quota = Rate(f"{a}/{b}").of(size)
        assert (quota - 1) * b < a * size <= quota * b
        assert 0 <= quota <= size
