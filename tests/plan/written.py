"""Any plan of the specification, and how an officer may have written it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from shuangsuiji.core.encoding import LARGEST, Json
from shuangsuiji.core.plan import ENTITY_FIELDS, INSPECTOR_FIELDS, Plan
from shuangsuiji.core.plan_format import parse_plan, plan_object

TEXTS: Final = st.text(min_size=1, max_size=8)
NUMBERS: Final = st.from_regex(r"[A-Za-z0-9-]{1,8}", fullmatch=True)
SHORT_NAMES: Final = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
DATES: Final = st.dates().map(lambda day: day.isoformat())
RATES: Final = st.one_of(
    st.integers(0, 100).map("{}%".format),
    st.from_regex(r"(0|[1-9][0-9]?)\.[0-9]{1,6}%", fullmatch=True),
    st.tuples(st.integers(0, 9), st.integers(9, 99)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
)
QUOTAS: Final = st.one_of(
    st.fixed_dictionaries({"count": st.integers(0, LARGEST)}),
    st.fixed_dictionaries({"rate": RATES}),
    st.just({"all": 1}),
)


def conditions(fields: frozenset[str]) -> st.SearchStrategy[Any]:
    """Predicates of §6 over the given fields."""
    field = st.sampled_from(sorted(fields))
    several = st.lists(st.text(max_size=4), min_size=1, max_size=3)
    simple = st.one_of(
        st.tuples(st.sampled_from(("eq", "prefix", "ge", "le")), field, st.text(max_size=4)),
        st.tuples(st.just("in"), field, several),
    ).map(list)
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner).map(list),
            st.tuples(st.sampled_from(("and", "or")), st.lists(inner, max_size=2)).map(
                lambda pair: [pair[0], *pair[1]]
            ),
        ),
        max_leaves=3,
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan of §7, small."""
    aliases = draw(
        st.lists(SHORT_NAMES.filter(lambda one: one not in ENTITY_FIELDS), max_size=3, unique=True)
    )
    condition = conditions(ENTITY_FIELDS | set(aliases))
    slots = draw(st.lists(SHORT_NAMES, min_size=3, max_size=4, unique=True))
    teams = draw(st.booleans())
    begins, ends = sorted((draw(DATES), draw(DATES)))

    def named(ids: list[str], **others: st.SearchStrategy[Any]) -> list[Any]:
        return [draw(st.fixed_dictionaries({"id": st.just(one), **others})) for one in ids]

    def ids() -> list[str]:
        found: list[str] = draw(st.lists(NUMBERS, min_size=1, max_size=2, unique=True))
        return found

    tasks = named(
        ids(),
        name=TEXTS,
        pool=condition,
        slots=st.just(slots[:2]) if teams else st.lists(st.sampled_from(slots[:-1]), min_size=2, unique=True),
        items=st.lists(TEXTS, min_size=1, max_size=2),
    )
    for task in tasks:
        if draw(st.booleans()):
            task |= {"pool": ["and"], "source": draw(st.sampled_from(("platform", "superior")))}
        else:
            tiers = [draw(_tiers(one, condition, aliases)) for one in ids()]
            task["tiers"] = tiers
    reasons = SHORT_NAMES.filter(lambda one: one != "not_in_business")
    by_visits = {"reason": reasons, "visits": st.integers(1, LARGEST), "since": DATES}
    rules = st.one_of(
        st.fixed_dictionaries({"reason": reasons, "where": condition}), st.fixed_dictionaries(by_visits)
    )
    value: dict[str, Json] = {
        "authority": draw(TEXTS),
        "id": draw(NUMBERS),
        "version": draw(st.integers(1, LARGEST)),
        "columns": {alias: draw(TEXTS) for alias in aliases},
        "window": {"from": begins, "to": ends},
        "exclusions": draw(st.lists(rules, max_size=2)),
        "slots": named(
            slots,
            pool=conditions(INSPECTOR_FIELDS),
            district=st.just("any") if teams else st.sampled_from(("any", "home", "away")),
        ),
        "blocks": {"max_targets": draw(st.integers(1, 99)), "max_per_inspector": draw(st.integers(1, 99))},
        "tasks": tasks,
    }
    if draw(st.booleans()) and aliases:
        value["district"] = aliases[0]
    draw(_additions(value, teams))
    return parse_plan(value)


@st.composite
def _tiers(draw: st.DrawFn, number: str, condition: st.SearchStrategy[Any], aliases: list[str]) -> Any:
    """A tier, divided or not, with bounds or waves where it may have them."""
    tier = {"id": number, "name": draw(TEXTS), "where": draw(condition), "quota": draw(QUOTAS)}
    if draw(st.booleans()) and aliases:
        tier["key"] = draw(st.sampled_from(aliases))
        if draw(st.booleans()):
            least = draw(st.integers(0, 9))
            tier["bounds"] = {"least": least, "most": least + draw(st.integers(1, 9))}
    elif "all" in tier["quota"] and draw(st.booleans()):
        tier["waves"] = draw(st.integers(2, 1000))
    return tier


@st.composite
def _additions(draw: st.DrawFn, value: dict[str, Any], teams: bool) -> None:
    """Puts into a plan what it may ask besides."""
    if teams:
        value["teams"] = draw(st.integers(1, 99))
    if draw(st.booleans()):
        value["slots"][-1]["extra"] = 1
    if draw(st.booleans()):
        value["substitutes"] = 1
    if relaxations := draw(st.lists(_relaxations(value["slots"]), max_size=3)):
        value["relaxations"] = relaxations


def _relaxations(slots: list[Any]) -> st.SearchStrategy[Any]:
    """Relaxations of §15.6 for the given slots."""
    slot = st.sampled_from([one["id"] for one in slots])
    forms = [
        st.fixed_dictionaries({"cap": st.integers(1, 99)}),
        st.fixed_dictionaries({"slot": slot, "district": st.just("any")}),
        st.fixed_dictionaries({"slot": slot, "pool": conditions(INSPECTOR_FIELDS)}),
    ]
    if home := [one["id"] for one in slots if one["district"] == "home"]:
        neighbours = st.fixed_dictionaries(
            {"district": TEXTS, "from": st.lists(TEXTS, min_size=1, max_size=2)}
        )
        several = st.lists(neighbours, min_size=1, max_size=2, unique_by=lambda one: one["district"])
        forms.append(st.fixed_dictionaries({"slot": st.sampled_from(home), "neighbours": several}))
    return st.one_of(forms)


@dataclass(frozen=True)
class Style:
    """How a plan is written down: arrays over several lines, dates bare, second keys at the task, remarks, CRLF."""

    long: bool = False
    bare_dates: bool = False
    task_keys: bool = False
    remarks: bool = False
    newline: str = "\n"


STYLES: Final = st.builds(
    Style, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from(("\n", "\r\n"))
)


def written(plan: Plan, style: Style) -> str:
    """A plan as TOML, with the texts that a plan file needs besides."""
    value: Any = plan_object(plan)
    parts = [
        _table(
            "[plan]",
            {key: value[key] for key in ("id", "version", "authority", "district") if key in value},
            style,
        ),
        f'title = "{plan.id}"',
        f"window = {{ from = {_date(plan.window_from, style)}, to = {_date(plan.window_to, style)} }}",
        _table("[publish]", {}, style),
        f"deadline = {_date('2021-04-30', style)}",
        _table("[columns]", value["columns"], style),
        _table("[blocks]", value["blocks"] | _more_of_blocks(value), style),
    ]
    parts += [
        _table("[[exclusion]]", {**rule, "name": rule["reason"]}, style) for rule in value["exclusions"]
    ]
    for slot in value["slots"]:
        extra = {"extra": True} if slot.pop("extra", 0) else {}
        parts.append(_table("[[slot]]", {**slot, **extra, "name": "席位"}, style))
    for relaxation in value.get("relaxations", []):
        if "neighbours" in relaxation:
            pairs = {one["district"]: one["from"] for one in relaxation["neighbours"]}
            relaxation["neighbours"] = pairs
        parts.append(_table("[[relaxation]]", relaxation, style))
    for task in value["tasks"]:
        if "source" in task:
            written_source = {"platform": "平台抽取", "superior": "上级派发"}[task.pop("source")]
            del task["pool"]
            parts.append(_table("[[task]]", {**task, "kind": "定向", "list_source": written_source}, style))
            continue
        tiers = task.pop("tiers")
        common = tiers[0].get("key", "") if style.task_keys else ""
        parts.append(
            _table("[[task]]", {**task, "kind": "定向", **({"key": common} if common else {})}, style)
        )
        for tier in tiers:
            quota, own = tier.pop("quota"), tier.pop("key", "")
            pairs = {**tier, **({"all": True} if "all" in quota else quota)}
            parts.append(_table("[[task.tier]]", pairs | ({"key": own} if own != common else {}), style))
    return style.newline.join("\n".join(parts).split("\n"))


def _more_of_blocks(value: Mapping[str, Any]) -> dict[str, Any]:
    teams = {"teams": value["teams"]} if "teams" in value else {}
    return teams | ({"substitutes": True} if "substitutes" in value else {})


def _table(header: str, pairs: Mapping[str, Any], style: Style) -> str:
    remark = '  # [[ "' if style.remarks else ""
    lines = [f"\n{header}{remark}"]
    lines += [f"{key} = {_value(value, style)}{remark}" for key, value in pairs.items()]
    return "\n".join(lines)


def _value(value: Any, style: Style) -> str:
    if isinstance(value, list):
        items = [_value(one, style) for one in value]
        if style.long and items:
            return "[\n  " + ",  # ]\n  ".join(items) + ",\n]"
        return f"[{', '.join(items)}]"
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{_value(key, style)} = {_value(one, style)}" for key, one in value.items())
            + " }"
        )
    if isinstance(value, bool):
        return str(value).lower()
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _date(day: str, style: Style) -> str:
    return day if style.bare_dates else f'"{day}"'
