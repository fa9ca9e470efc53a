"""Whole draws, made up by hypothesis: the inputs of `whole_draw`, with whatever a plan may ask for."""

from typing import Final

from hypothesis import strategies as st

from docs.spec.v1.scenarios import world
from docs.spec.v1.scenarios.cases import key_of
from docs.spec.v1.scenarios.reference import inputs_of
from tests.spec.protocol import Record

TOWNS: Final = ("东镇", "西镇", "南镇", "")
GRADES: Final = ("A", "B", "C", "D")
ANYBODY: Final = ["and"]
FIRE: Final = ["eq", "department", "消防"]
LEADS: Final = ["eq", "qualifications", "组长"]
VALID: Final = [{"number": "豫001"}]

towns = st.sampled_from(TOWNS)


@st.composite
def entities(draw: st.DrawFn) -> list[Record]:
    """Up to twenty entities, some on the list of task L."""
    found = []
    for number in range(draw(st.integers(0, 20))):
        more: Record = {"status": "revoked"} if draw(st.integers(0, 9)) == 0 else {}
        record = world.entity(f"91-{number:02}", "甲", draw(st.sampled_from(GRADES)), draw(towns), more)
        found.append(record | ({"lists": ["L"]} if draw(st.integers(0, 3)) == 0 else {}))
    return found


@st.composite
def people(draw: st.DrawFn) -> list[Record]:
    """A few inspectors: leads, members of two departments, experts without certificate, some with an own cap."""
    found = []
    for number in range(draw(st.integers(3, 12))):
        expert = draw(st.integers(0, 5)) == 0
        record = world.person(
            f"P{number:02}",
            draw(st.sampled_from(["市场监管", "消防"])),
            draw(towns),
            ["组长"] if draw(st.booleans()) else [],
            [] if expert else VALID,
        )
        record |= {"expert": 1} if expert else {}
        found.append(record | ({"most": draw(st.integers(0, 3))} if draw(st.integers(0, 4)) == 0 else {}))
    return found


@st.composite
def recusals(draw: st.DrawFn, persons: list[Record]) -> list[Record]:
    """Of all three kinds, in canonical order."""
    ids = st.sampled_from([one["id"] for one in persons])
    entity = st.builds(lambda who, at: {"entity": f"91-{at:02}", "inspector": who}, ids, st.integers(0, 20))
    column = st.builds(
        lambda who, at: {"column": "town", "inspector": who, "value": at}, ids, towns.filter(bool)
    )
    couple = st.builds(
        lambda one, other: {"colleague": min(one, other), "inspector": max(one, other)}, ids, ids
    ).filter(lambda one: one["colleague"] != one["inspector"])
    found = draw(st.lists(st.one_of(entity, column, couple, couple), max_size=4))
    return [dict(one) for one in sorted({tuple(sorted(one.items())) for one in found})]


@st.composite
def slots(draw: st.DrawFn, *, fixed: bool) -> list[Record]:
    """A lead, a member, one of the fire brigade or an expert."""
    district = st.just("any") if fixed else st.sampled_from(["any", "any", "home", "away"])
    lead = draw(st.sampled_from([ANYBODY, LEADS]))
    return [
        {"id": "lead", "pool": lead, "district": draw(district)},
        {"id": "member", "pool": ANYBODY, "district": draw(district)},
        {"id": "more", "pool": FIRE, "district": draw(district)}
        | ({"extra": 1} if draw(st.booleans()) else {}),
    ]


@st.composite
def relaxations(draw: st.DrawFn, places: list[Record]) -> list[Record]:
    """Some of each form, in any order, repeated."""
    slot = st.sampled_from([one["id"] for one in places])
    forms = [
        st.builds(lambda cap: {"cap": cap}, st.integers(1, 9)),
        st.builds(lambda one: {"slot": one, "district": "any"}, slot),
        st.builds(lambda one: {"slot": one, "pool": ANYBODY}, slot),
    ]
    if homes := [one["id"] for one in places if one["district"] == "home"]:
        near = st.builds(
            lambda at, some: {"district": at, "from": some}, towns, st.lists(towns, min_size=1, max_size=2)
        )
        lists = st.lists(near, min_size=1, max_size=2, unique_by=lambda one: one["district"])
        forms.append(
            st.builds(lambda one, some: {"slot": one, "neighbours": some}, st.sampled_from(homes), lists)
        )
    return draw(st.lists(st.one_of(forms), max_size=4))


@st.composite
def tiers(draw: st.DrawFn) -> list[Record]:
    """One inspected whole, perhaps in waves; one divided by towns, perhaps with bounds."""
    whole: Record = {"id": "high", "name": "高", "where": ["ge", "grade", "C"], "quota": {"all": 1}}
    if draw(st.booleans()):
        whole["waves"] = draw(st.integers(2, 4))
    rest: Record = {"id": "rest", "name": "其他", "where": ["and"], "key": "town", "quota": {"rate": "1/2"}}
    if draw(st.booleans()):
        least = draw(st.integers(0, 2))
        rest["bounds"] = {"least": least, "most": max(1, least) + draw(st.integers(0, 4))}
    return [whole, rest]


@st.composite
def draws(draw: st.DrawFn) -> Record:
    """The inputs of a whole draw."""
    fixed = draw(st.integers(0, 3)) == 0
    places, persons = draw(slots(fixed=fixed)), draw(people())
    names = ["lead", "member", "more"] if fixed or draw(st.booleans()) else ["lead", "member"]
    if sum("extra" not in one for one in places if one["id"] in names) < 2:
        names = ["lead", "member", "more"]
    task: Record = {"name": "甲", "pool": ANYBODY, "items": ["公示信息"]}
    other = names[::-1] if fixed else ["lead", "member"]
    plan = world.plan() | {
        "exclusions": [],
        "slots": places,
        "blocks": {"max_targets": draw(st.integers(1, 5)), "max_per_inspector": draw(st.integers(1, 5))},
        "tasks": [
            task | {"id": "A", "slots": names, "tiers": draw(tiers())},
            task | {"id": "L", "slots": other, "source": draw(st.sampled_from(["platform", "superior"]))},
        ],
    }
    if fixed:
        plan["teams"] = draw(st.integers(1, 3))
    if given := draw(relaxations(places)):
        plan["relaxations"] = given
    return inputs_of(
        world.draw_of(
            salt_key=key_of(draw(st.integers(0, 99))),
            plan=plan,
            entities=draw(entities()),
            inspectors=persons,
            recusals=draw(recusals(persons)),
        )
    )
