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
NEAR = [{"district": "东镇", "from": ["西乡"]}]
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
    more(draw, value)
    return value


def more(draw: st.DrawFn, value: Any) -> None:
    """What a plan may ask for besides."""
    first, *others = value["tasks"][0]["tiers"]
    if "key" in first and draw(st.booleans()):
        first["bounds"] = draw(st.sampled_from([{"least": 0, "most": 1}, {"least": 3, "most": 3}]))
    for tier in others:
        if tier["quota"] == {"all": 1} and "key" not in tier:
            tier["waves"] = draw(st.integers(2, 1000))
    relaxations: list[Any] = [
        {"cap": 4},
        {"slot": "home", "district": "any"},
        {"slot": "lead", "pool": ["and"]},
    ]
    if value["slots"][1]["district"] == "home":
        near = [{"district": "东镇", "from": ["西乡", ""]}, {"district": "", "from": ["东镇"]}]
        relaxations.append({"slot": "home", "neighbours": near})
    if some := draw(st.lists(st.sampled_from(relaxations), max_size=3)):
        value["relaxations"] = some
    if draw(st.booleans()):
        value["slots"].append({"id": "adviser", "pool": ["and"], "district": "any", "extra": 1})
        value["tasks"][0]["slots"].append("adviser")
    if draw(st.booleans()):
        value["substitutes"] = 1
    if draw(st.booleans()):
        listed = {key: one for key, one in value["tasks"][0].items() if key != "tiers"}
        source = draw(st.sampled_from(["platform", "superior"]))
        value["tasks"].append(listed | {"id": "listed", "pool": ["and"], "source": source})
    elif value["slots"][1]["district"] == "any" and draw(st.booleans()):
        value["teams"] = draw(st.integers(1, 99))
        value["tasks"][1]["slots"] = value["tasks"][0]["slots"][::-1]


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
            ("slots.0.extra", 0, "integer", "slots[0].extra"),
            ("slots.0.extra", 2, "value", "slots[0].extra"),
            ("slots.0.extra", 1, "length", "tasks[0].slots"),
            ("tasks.0.source", "platform", "unknown", "tasks[0].tiers"),
            ("tasks.0.tiers.0.bounds", {"least": 2, "most": 1}, "integer", "tasks[0].tiers[0].bounds.most"),
            ("tasks.0.tiers.0.bounds", {"least": 0, "most": 0}, "integer", "tasks[0].tiers[0].bounds.most"),
            ("tasks.0.tiers.2.bounds", {"least": 0, "most": 1}, "bounds", "tasks[0].tiers[2].bounds"),
            ("tasks.0.tiers.2.waves", 2, "waves", "tasks[0].tiers[2].waves"),
            ("tasks.0.tiers.2.waves", 1, "integer", "tasks[0].tiers[2].waves"),
            ("tasks.0.tiers.2.waves", 1001, "value", "tasks[0].tiers[2].waves"),
            ("teams", 2, "teams", "slots[1].district"),
            ("teams", 0, "integer", "teams"),
            ("relaxations", [], "length", "relaxations"),
            ("relaxations", [{}], "relaxation", "relaxations[0]"),
            ("relaxations", [{"cap": 0}], "integer", "relaxations[0].cap"),
            ("relaxations", [{"cap": 2, "slot": "lead"}], "unknown", "relaxations[0].slot"),
            ("relaxations", [{"slot": "chief", "district": "any"}], "choice", "relaxations[0].slot"),
            ("relaxations", [{"slot": "lead", "district": "home"}], "choice", "relaxations[0].district"),
            (
                "relaxations",
                [{"slot": "lead", "pool": ["eq", "grade", "高"]}],
                "predicate",
                "relaxations[0].pool",
            ),
            ("relaxations", [{"slot": "lead", "neighbours": NEAR}], "neighbours", "relaxations[0].slot"),
            ("relaxations", [{"slot": "home", "neighbours": []}], "length", "relaxations[0].neighbours"),
            (
                "relaxations",
                [{"slot": "home", "neighbours": NEAR * 2}],
                "repeated",
                "relaxations[0].neighbours",
            ),
            ("substitutes", "1", "integer", "substitutes"),
        ],
    )
    def test_values_that_are_not_allowed(self, path: str, new: object, code: str, key: str) -> None:
        why = refusal(put(plan_value(), path, new))
        assert (why.code, why.where.key) == (f"core.plan_{code}", key)

    def test_fixed_teams_fill_the_same_slots_for_every_task(self) -> None:
        value = put(put(plan_value(), "slots.1.district", "any"), "teams", 2)
        assert refusal(value).where.key == "tasks[1].slots"
        assert parse_plan(put(value, "tasks.1.slots", ["home", "lead"])).teams == 2

    def test_a_listed_task_has_neither_tiers_nor_a_pool_of_its_own(self) -> None:
        value: Any = plan_value()
        task = value["tasks"][1]
        listed = {key: one for key, one in task.items() if key != "tiers"} | {"source": "platform"}
        why = refusal(put(plan_value(), "tasks.1", listed))
        assert (why.code, why.where.key) == ("core.plan_listed", "tasks[1].pool")
        plan = parse_plan(put(plan_value(), "tasks.1", listed | {"pool": ["and"]}))
        assert (plan.tasks[1].source, plan.tasks[1].tiers) == ("platform", ())

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
