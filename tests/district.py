"""The one simulator of small worlds: builders of single records, a filled district, hypothesis strategies, frames.

A world is what one draw is made from, in the core's records (§7, §8 of the specification). `district` fills one
from a number (for runs end to end), `worlds` lets hypothesis choose and shrink one; `frames` shows either as the
canonical roster frames. Every world of both can be staffed: `STAFF` of each district is certified and recused
from nothing, and nobody's cap binds unless a test lowers it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd
from hypothesis import strategies as st

from shuangsuiji.core.closing import Closing
from shuangsuiji.core.commitment import Frozen, Lists, freeze
from shuangsuiji.core.encoding import Json, canonical_json
from shuangsuiji.core.plan import Plan
from shuangsuiji.core.plan_format import parse_plan
from shuangsuiji.core.records import (
    Certificate,
    Entity,
    GroupRecusal,
    Incompatible,
    Inspector,
    PairRecusal,
    Recusal,
    Seal,
    order_recusals,
)
from shuangsuiji.core.seed import Announced, PublicValue, Seeds, derive_seeds
from shuangsuiji.core.stream import Stream
from shuangsuiji.rosters.model import STRUCTURE

DISTRICTS: Final = ("东镇", "西乡", "")
"""Of targets and of inspectors; the last is 未注明."""
KINDS: Final = ("个体工商户", "有限责任公司", "农民专业合作社")
GRADES: Final = ("高", "中高", "中", "低", "")
STATES: Final = ("in_business", "in_business", "in_business", "revoked", "moved_out")
UNITS: Final = ("市场监督管理局", "应急管理局")
WINDOW: Final = ("2021-03-01", "2021-06-30")
HEADINGS: Final = {"district": "乡镇", "kind": "企业类型", "grade": "信用风险等级"}
"""The plan's columns: alias to canonical heading."""
STAFF: Final = 2
"""Certified, unrecused inspectors of each unit in each district of a world."""

VALID: Final = ("2019-01-01", "2023-12-31")
SEAL: Final = Seal(bytes(32), "rehearsal", 1)


@dataclass(frozen=True, slots=True)
class World:
    """What one draw is made from; entities and inspectors ascending by id."""

    plan: Plan
    entities: tuple[Entity, ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]
    seal: Seal = SEAL

    def freeze(self) -> Frozen:
        """§10 Frozen, to be seeded by an explicit value."""
        lists = Lists(self.entities, self.inspectors, self.recusals)
        return freeze(self.plan, self.seal, lists, [Announced("explicit", "1")])


def seeds(frozen: Frozen, number: int = 1) -> Seeds:
    """§11 The seeds of a frozen world from explicit value `number`."""
    value = PublicValue("explicit", "1", f"{number:064x}")
    return derive_seeds(
        frozen.seal.mode, Closing(frozen.targets_commitment), frozen.inspectors_commitment, [value]
    )


def entity(
    number: int, district: str = "东镇", kind: str = "个体工商户", grade: str = "", **others: str
) -> Entity:
    """Entity `E0001` with the three plan columns; `others`: name, status."""
    given = {"district": district, "kind": kind, "grade": grade}
    columns = {alias: value for alias, value in given.items() if value}
    name, status = others.get("name", f"{district}第{number}家"), others.get("status", "in_business")
    return Entity(f"E{number:04}", name, status, columns)


def inspector(
    number: int, district: str = "", unit: str = UNITS[0], qualifications: Sequence[str] = ()
) -> Inspector:
    """Inspector `P0001` with one certificate that covers the window; `replace` makes others of it."""
    valid = Certificate(f"P{number:04}", *VALID)
    return Inspector(f"P{number:04}", f"检查员{number}", unit, "", district, tuple(qualifications), (valid,))


def plan_value() -> dict[str, Json]:
    """A plan of two tasks (§7) as JSON, to be changed by tests: the second visits high-risk entities of the first."""
    bureau: Json = ["eq", "unit", UNITS[0]]
    high: Json = ["in", "grade", ["高", "中高"]]
    first: Json = {
        "id": "public",
        "name": "公示信息检查",
        "items": ["年度报告公示"],
        "pool": ["and"],
        "slots": ["lead", "home"],
        "tiers": [
            {"id": "high", "name": "中高风险", "where": high, "key": "district", "quota": {"rate": "50%"}},
            {
                "id": "individual",
                "name": "个体工商户",
                "where": ["eq", "kind", "个体工商户"],
                "key": "district",
                "quota": {"rate": "1/5"},
            },
            {"id": "other", "name": "其他", "where": ["and"], "quota": {"rate": "10%"}},
        ],
    }
    joint: Json = {
        "id": "safety",
        "name": "安全生产联合检查",
        "items": ["安全生产责任制"],
        "pool": high,
        "slots": ["lead", "partner"],
        "tiers": [{"id": "high", "name": "中高风险", "where": ["and"], "quota": {"rate": "25%"}}],
    }
    return {
        "authority": "某县市场监督管理局",
        "id": "990121-2021-01",
        "version": 1,
        "columns": dict(HEADINGS),
        "district": "district",
        "window": {"from": WINDOW[0], "to": WINDOW[1]},
        "exclusions": [{"reason": "visited", "visits": 1, "since": "2021-01-01"}],
        "slots": [
            {"id": "lead", "pool": bureau, "district": "any"},
            {"id": "home", "pool": ["and"], "district": "home"},
            {"id": "partner", "pool": ["eq", "unit", UNITS[1]], "district": "any"},
        ],
        "blocks": {"max_targets": 4, "max_per_inspector": 1000},
        "tasks": [first, joint],
    }


def staff() -> list[Inspector]:
    """The inspectors that every world has, numbered from 1."""
    places = [(district, unit) for district in DISTRICTS for unit in UNITS for _ in range(STAFF)]
    return [inspector(number, district, unit) for number, (district, unit) in enumerate(places, start=1)]


def district(size: int = 120, more_staff: int = 12, seed: int = 1) -> World:
    """A world of `size` entities in every state and grade, with recusals of both forms, the same for a seed."""
    stream = Stream(bytes([seed]) * 32)

    def pick(values: Sequence[str]) -> str:
        return values[stream.below(len(values))]

    entities = [
        replace(
            entity(number, pick(DISTRICTS), pick(KINDS), pick(GRADES), status=pick(STATES)),
            visits=("2021-01-15",) if stream.below(10) == 0 else (),
        )
        for number in range(1, size + 1)
    ]
    people = staff()
    first = len(people) + 1
    people += [inspector(first + place, pick(DISTRICTS), pick(UNITS)) for place in range(more_staff)]
    recusals: list[Recusal] = [
        PairRecusal(one.id, entities[stream.below(size)].id) for one in people[first - 1 :] if size
    ]
    recusals += [GroupRecusal(one.id, "district", pick(DISTRICTS[:2])) for one in people[first - 1 :: 4]]
    return World(parse_plan(plan_value()), tuple(entities), tuple(people), order_recusals(recusals))


entities: Final = st.builds(
    replace,
    st.builds(
        entity,
        st.integers(1, 9999),
        st.sampled_from(DISTRICTS),
        st.sampled_from(KINDS),
        st.sampled_from(GRADES),
        status=st.sampled_from(STATES),
    ),
    visits=st.sampled_from(((), ("2020-06-01",), ("2021-01-15", "2021-01-15"))),
)
"""Any entity, in business or not, visited or not."""

certificates: Final = st.builds(
    Certificate,
    st.integers(1, 999).map(lambda number: f"C{number:03}"),
    st.sampled_from((None, VALID[0], WINDOW[1])),
    st.sampled_from((None, VALID[1], WINDOW[0])),
    st.sampled_from((None, None, "年度审验未通过")),
)
"""Any certificate: valid on the window, on part of it, cancelled."""

inspectors: Final = st.builds(
    replace,
    st.builds(
        inspector,
        st.integers(101, 9999),
        st.sampled_from(DISTRICTS),
        st.sampled_from(UNITS),
        st.lists(st.sampled_from(("特种设备", "药品", "食品")), unique=True).map(sorted),
    ),
    certificates=st.lists(certificates, max_size=3, unique_by=lambda one: one.number).map(
        lambda some: tuple(sorted(some, key=lambda one: one.number))
    ),
    undrawable=st.sampled_from((None, None, "领导岗位")),
)
"""Any inspector beyond `staff`, eligible or not."""


@st.composite
def worlds(draw: st.DrawFn, max_entities: int = 24, max_inspectors: int = 6) -> World:
    """Any small world that can be staffed; recusals concern the inspectors beyond `staff` only."""
    some = draw(st.lists(entities, max_size=max_entities, unique_by=lambda one: one.id))
    more = draw(st.lists(inspectors, max_size=max_inspectors, unique_by=lambda one: one.id))
    people = staff() + more
    recusals: list[Recusal] = []
    if more:
        who = st.sampled_from([one.id for one in more])
        groups = st.builds(GroupRecusal, who, st.just("district"), st.sampled_from(DISTRICTS[:2]))
        kinds = st.builds(GroupRecusal, who, st.just("kind"), st.sampled_from(KINDS))
        pairs = st.builds(PairRecusal, who, st.sampled_from([one.id for one in some] or ["E0000"]))
        recusals = draw(st.lists(st.one_of(pairs, groups, kinds), max_size=6))
    value = plan_value() | {"blocks": {"max_targets": draw(st.integers(1, 6)), "max_per_inspector": 1000}}
    return World(
        parse_plan(value),
        tuple(sorted(some, key=lambda one: one.id)),
        tuple(sorted(people, key=lambda one: one.id)),
        order_recusals(recusals),
        Seal(draw(st.binary(min_size=32, max_size=32)), "rehearsal", draw(st.integers(1, 99))),
    )


def frames(world: World) -> Mapping[str, pd.DataFrame]:
    """The world as canonical roster frames by kind: entities, risk, inspectors, conflicts, visits (not review)."""
    grade = HEADINGS["grade"]
    registry = [alias for alias in HEADINGS if alias != "grade"]
    rows: dict[str, list[dict[str, str]]] = {
        "entities": [
            {"id": one.id, "previous_code": "", "name": one.name, "status": one.status}
            | {HEADINGS[alias]: one.columns.get(alias, "") for alias in registry}
            for one in world.entities
        ],
        "risk": [
            {"id": one.id, grade: one.columns["grade"]} for one in world.entities if "grade" in one.columns
        ],
        "inspectors": [_inspector_row(one) for one in world.inspectors],
        "conflicts": [_recusal_row(one) for one in world.recusals],
        "visits": [{"id": one.id, "date": day} for one in world.entities for day in one.visits],
    }
    return {kind: pd.DataFrame(rows[kind], columns=list(COLUMNS[kind]), dtype="str") for kind in rows}


COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "entities": ("id", "previous_code", "name", "status", HEADINGS["district"], HEADINGS["kind"]),
    "risk": ("id", HEADINGS["grade"]),
    "inspectors": STRUCTURE["inspectors"],
    "conflicts": STRUCTURE["conflicts"],
    "visits": ("id", "date"),
}
"""The columns of each frame, so that an empty world has them too."""


def _inspector_row(one: Inspector) -> dict[str, str]:
    record = {name: value for name, value in one.object().items() if isinstance(value, str)}
    return (
        {"undrawable": "", "leave": "", "expert": "", "most": ""}
        | record
        | ({"expert": "1"} if one.expert else {})
        | ({"most": str(one.most)} if one.most is not None else {})
        | {
            "qualifications": json.dumps(one.qualifications, ensure_ascii=False, separators=(",", ":")),
            "certificates": canonical_json(
                [certificate.object() for certificate in one.certificates]
            ).decode(),
        }
    )


def _recusal_row(one: Recusal) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS["conflicts"], "") | {"inspector": one.inspector}
    match one:
        case PairRecusal():
            return row | {"entity": one.entity}
        case GroupRecusal():
            return row | {"column": HEADINGS[one.column], "value": one.value}
        case Incompatible():
            return row | {"colleague": one.colleague}
